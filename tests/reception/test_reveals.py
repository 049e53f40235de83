"""Looks at whole names: each with a reason, none asked of who serves the visitor, all read by the manager."""

import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from db.store import Store, writing
from reception import (
    cases,
    evacuation,
    home_files,
    in_building,
    known_faults,
    queue,
    repairs,
    reveals,
    sign_records,
    tickets,
    visit_form,
    visits,
)
from reception.cases import Case
from reception.complaints import register as complain
from reception.permissions import KIOSK, Actor, Role
from reception.refusal import Refused
from reception.reveals import Reason
from reception.visits import check_in
from tests.conftest import Clock, actor
from tests.reception.sign_life import SignLife

NAME, PHONE, HOME = "张建国", "13800005678", "1-1-101"


def look(store: Store, clock: Clock, case: Case, why: Reason, role: Role = Role.SERVICE_HEAD) -> Case:
    return cases.reveal(store, case.no, why=why, by=actor(store, role), now=clock.forward(seconds=30))


@pytest.fixture
def case(store: Store, clock: Clock) -> Case:
    return repairs.register(
        store,
        nonce="r",
        category="water",
        urgency="urgent",
        content="厨房漏水",
        by=actor(store, Role.RECEPTIONIST),
        now=clock(),
        name=NAME,
        phone=PHONE,
        unit=HOME,
    )


@pytest.mark.parametrize(
    ("why", "code"),
    [
        (Reason(), "reveal_reason_missing"),
        (Reason("curious"), "reveal_reason_missing"),
        (Reason("other"), "reveal_words_missing"),
        (Reason("other", "  "), "reveal_words_missing"),
        (Reason("other", "x" * 81), "text_too_long"),
        (Reason("other", "110101199003074477"), "id_number"),
    ],
)
def test_nobody_looks_without_a_reason(store: Store, clock: Clock, case: Case, why: Reason, code: str) -> None:
    with pytest.raises(Refused, match=code):
        look(store, clock, case, why)
    assert store.value("SELECT count(*) FROM events WHERE what = 'reveal'") == 0


def test_the_reason_stands_in_the_event_as_a_code_and_its_words_apart(store: Store, clock: Clock, case: Case) -> None:
    assert look(store, clock, case, Reason("other", "邻居家漏水，找他关阀门")).phone == PHONE
    (event,) = store.rows("SELECT detail FROM events WHERE what = 'reveal'")
    assert '"other"' in event["detail"] and "邻居" not in event["detail"]
    manager = actor(store, Role.MANAGER)
    (seen,) = reveals.listed(store, person="", since="", until="", by=manager, now=clock())
    assert (seen.no, seen.words, seen.reason) == (case.no, "邻居家漏水，找他关阀门", reveals.REASONS["other"])
    for change in ("DELETE FROM reveals", "UPDATE reveals SET reason = 'asked', words = ''"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            store.execute(change)


def test_who_serves_the_visitor_sees_his_case_whole_and_is_asked_nothing(
    store: Store, clock: Clock, case: Case
) -> None:
    # A colleague, who does not hold it.
    helper = actor(store, Role.ASSISTANT)
    ticket = check_in(store, line="repair", nonce="t", phone=PHONE, by=KIOSK, now=clock.forward(minutes=1))
    assert not cases.find(store, case.no, by=helper).whole
    called = queue.call_next(store, counter="1", by=helper, now=clock.forward(minutes=1))
    assert called is not None and called.no == ticket.no
    assert cases.find(store, case.no, by=helper).phone == PHONE
    assert not cases.find(store, case.no, by=actor(store, Role.SERVICE_HEAD)).whole
    assert look(store, clock, case, Reason(), Role.ASSISTANT).whole
    assert store.value("SELECT count(*) FROM reveals") == 0
    store.execute("UPDATE tickets SET state = 'completed', ended_at = issued_at WHERE id = ?", [ticket.id])
    assert tickets.by_id(store, ticket.id).state == "completed"
    assert not cases.find(store, case.no, by=helper).whole


def test_who_looks_too_often_is_shown_to_the_manager(store: Store, clock: Clock, case: Case) -> None:
    manager = actor(store, Role.MANAGER)
    for number in range(reveals.UNUSUAL + 1):
        assert not reveals.unusual(store, since="", until="", by=manager, now=clock()), number
        look(store, clock, case, Reason("asked"))
    (one,) = reveals.unusual(store, since="", until="", by=manager, now=clock())
    assert one.count == reveals.UNUSUAL + 1


@pytest.mark.parametrize(
    ("since", "until", "code"),
    [("x", "", "date_invalid"), ("2026-12-02", "2026-12-01", "dates_reversed"), ("", "9999-12-31", "date_invalid")],
)
def test_a_period_that_is_none_is_refused(store: Store, clock: Clock, since: str, until: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        reveals.listed(store, person="", since=since, until=until, by=actor(store, Role.MANAGER), now=clock())


# Every act that shows whole names elsewhere: what it records, and how it is done to `no`, a booking, or else.
ACTS: dict[str, tuple[str, Callable[..., Any]]] = {
    "case": ("reveal", lambda s, no, **asked: cases.reveal(s, no, **asked)),
    "sign form": ("reveal", lambda s, no, **asked: sign_records.reveal(s, no=no, **asked)),
    "visit form": ("reveal", lambda s, no, **asked: visit_form.reveal(s, no=no, **asked)),
    "home": ("reveal_home", lambda s, no, **asked: home_files.reveal(s, HOME, **asked)),
    "fault": ("reveal_fault", lambda s, no, **asked: known_faults.reveal(s, fault_id="1", **asked)),
    "inside": ("reveal_inside", lambda s, no, **asked: in_building.reveal(s, **asked)),
}


@pytest.mark.parametrize("act", ACTS)
def test_each_act_that_shows_a_name_asks_why_and_is_listed(store: Store, clock: Clock, act: str) -> None:
    made = SignLife(store, clock)
    no = made.book().no
    fault = {"area": "building", "building": "3", "cause": "water", "what": "爆管", "expected_at": "2026-12-30T16:00"}
    known_faults.declare(store, nonce="f", **fault, by=made.desk, now=made.now)
    what, look_at = ACTS[act]
    for why, code in ((Reason(), "reveal_reason_missing"), (Reason("other"), "reveal_words_missing")):
        with pytest.raises(Refused, match=code):
            look_at(store, no, why=why, by=made.head, now=made.now)
    assert store.value("SELECT count(*) FROM events WHERE what = ?", [what]) == 0
    look_at(store, no, why=Reason("oversight"), by=made.head, now=made.now)
    (seen,) = reveals.listed(store, person="", since="", until="", by=made.manager, now=made.now)
    assert (seen.what, seen.reason) == (reveals.WHATS[what], reveals.REASONS["oversight"])


def test_a_roll_for_the_fire_asks_nothing_and_is_listed(store: Store, clock: Clock) -> None:
    manager = actor(store, Role.MANAGER)
    evacuation.print_roll(store, nonce="e", by=actor(store, Role.RECEPTIONIST), now=clock())
    (seen,) = reveals.listed(store, person="", since="", until="", by=manager, now=clock())
    assert (seen.what, seen.reason) == (reveals.WHATS["print_evacuation"], reveals.REASONS["danger"])


def test_a_look_at_what_is_sealed_is_listed_to_nobody_whom_it_is_sealed_from(store: Store, clock: Clock) -> None:
    manager, admin = actor(store, Role.MANAGER), actor(store, Role.ADMINISTRATOR)
    sealed = complain(
        store, nonce="s", name=NAME, phone=PHONE, category="service", facts="收了红包", hears="manager", by=manager,
        now=clock(),
    )  # fmt: skip
    with writing(store):
        for _ in range(reveals.UNUSUAL + 1):
            reveals.record(store, "reveal", "case", sealed.id, why=Reason("oversight"), by=manager, at=clock())

    def told(by: Actor, at: datetime) -> tuple[int, int]:
        asked: dict[str, Any] = {"since": "", "until": "", "by": by, "now": at}
        return len(reveals.listed(store, person="", **asked)), len(reveals.unusual(store, **asked))

    assert (told(manager, clock()), told(admin, clock())) == ((reveals.UNUSUAL + 1, 1), (0, 0))


def test_a_telephone_that_he_typed_himself_opens_no_other_matter(store: Store, clock: Clock, case: Case) -> None:
    helper = actor(store, Role.ASSISTANT)
    ticket = check_in(store, line="repair", nonce="t", by=KIOSK, now=clock.forward(minutes=1))
    queue.call_next(store, counter="1", by=helper, now=clock.forward(minutes=1))
    with writing(store):
        person = visits.particulars(store, name=NAME, phone=PHONE, by=helper)
        visits.remember(store, ticket.visit_id, person, by=helper, at=clock())
    assert visits.visitor(store, tickets.by_id(store, ticket.id), by=helper).phone == PHONE
    assert not cases.find(store, case.no, by=helper).whole
    # The visitor typed it himself: nothing changes when he is asked again.
    store.execute("UPDATE visits SET phone_by = NULL")
    with writing(store):
        visits.remember(store, ticket.visit_id, person, by=helper, at=clock())
    assert cases.find(store, case.no, by=helper).whole


def test_a_number_that_no_store_keeps_is_nobody_s(store: Store, clock: Clock) -> None:
    by = actor(store, Role.MANAGER)
    assert reveals.listed(store, person="9" * 30, since="", until="", by=by, now=clock()) == []
