"""What a case is about stands in the lists, in their tables and in the day's log, whatever its kind."""

from collections.abc import Callable

import pytest

from db.store import Store
from reception import case_filters, case_lists, tables, work_log
from reception.case_filters import CATEGORISED, Filter
from reception.cases import Case
from reception.permissions import Role
from reception.procedure_tables import TEMPLATES
from tests.conftest import Clock, actor
from tests.reception.passes import Passes
from tests.reception.procedure_life import Procedures
from tests.reception.tour_life import Tours
from tests.reception.visitors import Visitors

Make = Callable[[Store, Clock], Case]
MADE: dict[str, tuple[Make, str, str]] = {
    "procedure": (lambda store, clock: Procedures(store, clock).begin(), "move-in", "入住办理"),
    "goods": (lambda store, clock: Passes(store, clock).apply(), "0", "搬出物品"),
    "moving": (lambda store, clock: Passes(store, clock).apply(moving="1"), "1", "搬家"),
    "tour": (lambda store, clock: Tours(store, clock).register(), "1", "一类"),
    "to staff": (lambda store, clock: Visitors(store, clock).receive(), "staff", "给工作人员"),
    "to a home": (lambda store, clock: Visitors(store, clock).receive(to="", unit="1-1-102"), "home", "给住户"),
}


@pytest.mark.parametrize(("make", "code", "words"), MADE.values(), ids=MADE)
def test_it_stands_in_the_list_and_in_the_log(store: Store, clock: Clock, make: Make, code: str, words: str) -> None:
    case, by = make(store, clock), actor(store, Role.MANAGER)
    (entry,) = case_lists.found(store, Filter(kind=case.kind, category=code), by=by, now=clock()).entries
    assert entry.category and (entry.case.no, entry.category.zh) == (case.no, words)
    assert case_lists.rows(store, [entry])[0]["category"] == entry.category
    others = set(case_filters.categories(store, case.kind)) - {code}
    assert others
    for other in others:
        wanted = case_filters.parse(store, {"kind": [case.kind], "category": [other]})
        assert not case_lists.found(store, wanted, by=by, now=clock()).entries, other
    (line,) = [one for one in work_log.day(store, by=by, now=clock()).lines if one.no == case.no]
    assert line.matter.zh == words


def test_every_kind_that_is_divided_has_words_for_it(store: Store) -> None:
    assert all(case_filters.categories(store, kind) for kind in CATEGORISED)


def test_a_procedure_of_an_old_day_and_of_a_matter_out_of_use_is_told_too(store: Store, clock: Clock) -> None:
    """Its event said `template` then, and an event never changes; a matter may be only listed by now."""
    case, by = Procedures(store, clock).begin(), actor(store, Role.MANAGER)
    store.execute("DROP TRIGGER events_no_update")
    store.execute(
        "UPDATE events SET detail = json_object('template', 'move-in') WHERE subject = 'case' AND subject_id = ?",
        [case.id],
    )
    tables.save(
        store, table=TEMPLATES, key="move-in", by=actor(store, Role.ADMINISTRATOR), now=clock(),
        values={"code": "move-in", "name": "入住", "name_en": "Moving in", "serves": "none", "effect": "move_in"},
    )  # fmt: skip
    (line,) = [one for one in work_log.day(store, by=by, now=clock()).lines if one.no == case.no]
    (entry,) = case_lists.found(store, Filter(kind=case.kind), by=by, now=clock()).entries
    assert line.matter.zh == "入住" and entry.category and entry.category.zh == "入住"
