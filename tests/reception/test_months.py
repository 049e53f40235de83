"""The month report: figures known by heart, the identity over any history, frozen once, later edits as corrections."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from db.store import Store, open_store, writing
from lobbydesk.commands import clocks
from lobbydesk.home import store_path
from reception import (
    about_staff,
    acceptance,
    api_months,
    case_flow,
    clock_care,
    events,
    kinds,
    month_apart,
    month_content,
    month_definitions,
    month_figures,
    month_reports,
    official_days,
    queue,
    visits,
)
from reception.month_content import Item, Section
from reception.permissions import BOX, KIOSK, TOKEN_HOLDER, Actor, Role
from reception.refusal import Refused
from reception.rules import clock as times
from reception.rules import flow, month_days, small_cells
from reception.rules.flow import Flow
from reception.rules.spans_of_time import Spread, spread
from tests.conftest import Clock, actor
from tests.reception.life import Life, utc
from tests.reception.test_complaints import Complaints
from tests.reception.test_incidents import Incidents
from tests.reception.test_races import Gate, race
from tests.reception.test_repair_figures import ACTS, Centre
from tests.test_plans import heard, walks

# The third working day after November, by the clock of Shanghai.
FREEZES = utc("2026-12-02T16:00:30")


def like(counts: list[int]) -> Iterator[list[int]]:
    """Yield other parts of the same total: something moved from one to another, to swap them too."""
    for one, other in permutations(range(len(counts)), 2):
        for moved in range(1, counts[one] + 1):
            made = list(counts)
            made[one], made[other] = made[one] - moved, made[other] + moved
            yield made


@given(counts=st.lists(st.one_of(st.integers(0, 6), st.integers(0, 30)), min_size=2, max_size=7))
@example([10, 1, 1]).via("a sum of as many as are hidden")
@example([4, 4, 20]).via("a sum of four times as many")
@example([1, 1, 0])
@example([3, 0])
@example([4, 9, 9, 30])
def test_nothing_hidden_is_told_by_the_total_not_even_to_whom_knows_the_rule(counts: list[int]) -> None:
    shown = small_cells.hide(counts)
    assert all(cell is None or cell == count for count, cell in zip(counts, shown, strict=True))
    assert not any(cell is not None and 0 < cell < small_cells.FEWEST for cell in shown)
    alike = [one for one in like(counts) if small_cells.hide(one) == shown]
    for at, cell in enumerate(shown):
        assert cell is not None or any(one[at] != counts[at] for one in alike), "another table would look the same"
    if all(count == 0 or count >= small_cells.FEWEST for count in counts):
        assert shown == counts


def test_counts_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="counts_invalid"):
        small_cells.hide([3, -1])


@given(st.lists(st.floats(0, 600), min_size=1, max_size=60))
def test_nine_of_ten_did_not_wait_longer(minutes: list[float]) -> None:
    found = spread(minutes)
    assert found.p90 is not None and found.longest is not None and found.median is not None
    assert sum(round(one) <= found.p90 for one in minutes) * 10 >= 9 * len(minutes)
    assert found.median <= found.p90 <= found.longest == round(max(minutes))


def test_how_spans_lie() -> None:
    assert spread([]) == Spread(None, None, None, None)
    assert spread(range(1, 11)) == Spread(6, 6, 9, 10)
    assert spread([3]) == Spread(3, 3, 3, 3)


@pytest.mark.parametrize(
    ("month", "day"),
    [
        ("2026-08", date(2026, 9, 3)),
        # Before it the holiday; the 10th is a Saturday on which one works.
        ("2026-09", date(2026, 10, 10)),
        ("2026-10", date(2026, 11, 4)),
        ("2026-11", date(2026, 12, 3)),
        ("2025-12", date(2026, 1, 6)),
    ],
)
def test_the_third_working_day(month: str, day: date) -> None:
    assert month_days.freezes_on(month, official_days.official_calendar()) == day


def items(sections: tuple[Section, ...]) -> dict[str, Item]:
    return month_content.items(sections)


def counted(store: Store, month: str, clock: Clock) -> dict[str, Item]:
    of = case_flow.month(store, month, now=clock())
    return items(month_figures.of_month(store, of, now=clock()))


def flows(sections: dict[str, Item], table: str) -> dict[str, Flow]:
    rows: dict[str, dict[str, int]] = {}
    for key, item in sections.items():
        if key.startswith(f"{table}/"):
            _section, _table, row, column = key.split("/")
            assert item.value is not None
            rows.setdefault(row, {})[column] = item.value
    return {row: Flow(**cells) for row, cells in rows.items()}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(st.tuples(ACTS, st.integers(0, 500), st.integers(0, 9)), min_size=10, max_size=50))
def test_the_months_add_up_and_join_over_any_history(seeded: Path, history: list[tuple[str, int, int]]) -> None:
    """K3, 19: for each kind it adds up, and what a month carries is what the next one begins with."""
    with TemporaryDirectory() as folder:
        copytree(seeded, Path(folder) / "home")
        store = open_store(store_path(Path(folder) / "home"))
        centre = Centre(store, Clock(datetime(2026, 10, 20, 2, tzinfo=UTC)))
        for what, pick, days in history:
            centre.do(what, pick, days)
        last = case_flow.month(store, "", now=centre.clock())
        before: dict[str, Flow] = {}
        code = "2026-10"
        while code <= last.code:
            found = counted(store, code, centre.clock)
            kinds_of_month = flows(found, "cases/flow")
            assert set(kinds_of_month) == set(kinds.KINDS)
            assert all(one.holds for one in kinds_of_month.values())
            assert all(one.opening == before[kind].carried for kind, one in kinds_of_month.items() if before)
            for division in ("category", "liability", "urgency"):
                parts = flows(found, f"repairs/{division}")
                assert sum(parts.values(), flow.NOTHING) == kinds_of_month["repair"]
            # What the report says of complaints is what their flow says.
            assert found["complaints/complaints"].value == kinds_of_month["complaint"].received
            before, code = kinds_of_month, f"{month_days.first_of_next(code):%Y-%m}"
        store.close()


def test_what_does_not_add_up_is_neither_shown_nor_frozen(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, "of_one", lambda *_: Flow(0, 1, 0, 0, 0))
    Life(store, clock).register()
    with pytest.raises(ArithmeticError, match="repair"):
        counted(store, "", clock)
    clock.at = FREEZES
    with pytest.raises(ArithmeticError):
        month_reports.watch(store, by=BOX, now=clock())
    assert store.value("SELECT count(*) FROM month_reports") == 0


class Queue:
    """Visitors who come and are served at a counter."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock, self.desk, self.made = store, clock, actor(store, Role.RECEPTIONIST), 0

    def come(self, line: str = "general", by: Actor = KIOSK) -> None:
        self.made += 1
        visits.check_in(self.store, line=line, nonce=f"q{self.made}", by=by, now=self.clock())

    def serve(self, *, wait: float, take: float) -> None:
        """Call the next after some minutes, and be done with him after some."""
        self.clock.forward(minutes=wait)
        called = queue.call_next(self.store, counter="1", by=self.desk, now=self.clock())
        assert called is not None
        queue.start(self.store, counter="1", holding=called.no, by=self.desk, now=self.clock())
        self.clock.forward(minutes=take)
        queue.complete(self.store, counter="1", holding=called.no, by=self.desk, now=self.clock())


def test_a_month_of_visits_known_by_heart(store: Store, clock: Clock) -> None:
    made = Queue(store, clock)
    for wait, take in ((2, 5), (4, 10), (12, 6)):
        made.come()
        made.serve(wait=wait, take=take)
    # Half past midnight on the first of December in Shanghai is another month.
    made.come("repair", by=made.desk)
    clock.at = utc("2026-11-30T16:30:00")
    made.come("complaint")
    found = counted(store, "2026-11", clock)
    told = {key.removeprefix("visits/"): (one.value, one.whole) for key, one in found.items() if key[:6] == "visits"}
    assert told["visits"] == (4, None) and told["served"] == (3, 4)
    assert [told[f"wait_{what}"][0] for what in ("average", "median", "p90", "longest")] == [6, 4, 12, 12]
    assert (told["service_average"][0], told["service_median"][0], told["stay_average"][0]) == (7, 6, 13)
    assert told["by_day/visits/23"] == (4, None)
    # Three and one: neither is shown, and the hours tell it as little.
    assert not [key for key in told if key.startswith(("by_purpose", "by_hour"))]
    assert counted(store, "2026-12", clock)["visits/visits"].value == 1


def test_every_definition_is_used_and_every_figure_has_one(store: Store, clock: Clock) -> None:
    of = case_flow.month(store, "", now=clock())
    made = Complaints(store, clock)
    made.receive()
    Queue(store, clock).come()
    sections = month_figures.of_month(store, of, now=clock())
    codes = {one.code for section in sections for one in section.figures}
    assert month_definitions.FIGURES.keys() <= codes
    used = {one.code for section in sections for one in section.tables}
    assert month_definitions.TABLES.keys() <= used
    for key, item in items(sections).items():
        assert item.hint.zh and item.hint.en and item.name.zh and item.name.en, key
        assert item.unit in {"count", "rate", "minutes", "fen", "tenths"}
    assert len(items(sections)) == sum(
        len(one.figures) + sum(len(table.rows) * len(table.columns) for table in one.tables) for one in sections
    ), "a key stands for one figure"


def test_complaints_of_a_month(store: Store, clock: Clock) -> None:
    made = Complaints(store, clock)
    first = made.replied()
    made.receive()
    made.receive(category="fees", severity="serious")
    found = counted(store, "", clock)
    rates = {key.removeprefix("complaints/"): (one.value, one.whole) for key, one in found.items()}
    assert rates["complaints"] == (3, None)
    assert rates["complaints_repeated"] == (1, 3), "the second of the same home and class"
    assert rates["complaints_valid"] == (None, None), "one was looked into, and two were not"
    assert first.no
    assert not [key for key in rates if key.startswith(("complaint_class", "complaint_finding"))]


def test_hours_do_not_add_up_to_a_line_that_is_hidden(store: Store, clock: Clock) -> None:
    """Of lines of 1, 6 and 7 two are hidden: the hours of the 6 would tell the 6, and with it the 1."""
    made = Queue(store, clock)
    for line, visits_of in (("general", 6), ("repair", 1), ("complaint", 7)):
        for _ in range(visits_of):
            made.come(line, by=made.desk)
    found = {key: one.value for key, one in counted(store, "", clock).items()}
    assert [found[f"visits/by_purpose/{line}/count"] for line in ("general", "repair", "complaint")] == [None, None, 7]
    hours = {key.split("/")[2]: value for key, value in found.items() if key.startswith("visits/by_hour")}
    assert hours == {"general": None, "repair": None, "complaint": 7}


def test_the_rate_of_findings_is_shown_where_all_of_them_are(store: Store, clock: Clock) -> None:
    made = Complaints(store, clock)
    for _ in range(5):
        made.replied()
    rate = "complaints/complaints_valid"
    assert (counted(store, "", clock)[rate].value, counted(store, "", clock)[rate].whole) == (5, 5)
    made.receive()
    assert counted(store, "", clock)[rate][2:4] == (None, None)


PRINTED = "UPDATE print_jobs SET state = 'printed', sending_at = queued_at, ended_at = queued_at"


def test_the_paper_that_was_printed_stands_beside_the_rolls_that_were_changed(store: Store, clock: Clock) -> None:
    Queue(store, clock).come()
    with writing(store):
        store.execute(PRINTED + ", length_mm = 75400")
    found = counted(store, "", clock)
    said = [found[f"paper/{one}"].shown.zh for one in ("rolls", "paper_metres", "paper_rolls")]
    assert said == ["0", "75", "1.5"]
    assert counted(store, "2026-10", clock)["paper/paper_metres"].value == 0


def test_what_is_sealed_is_in_no_shared_figure_and_told_to_whom_it_is_open(store: Store, clock: Clock) -> None:
    made, manager = Complaints(store, clock), actor(store, Role.MANAGER)
    case = made.receive()
    with writing(store):
        store.execute(PRINTED)
    before = counted(store, "", clock)
    assert (before["complaints/complaints"].value, before["paper/papers"].value) == (1, 1)
    head = actor(store, Role.SERVICE_HEAD)
    about_staff.seal(
        store, no=case.no, hears="service_head", accused=("zhaoqiang",), by=head, now=clock.forward(minutes=1)
    )
    found = counted(store, "", clock)
    assert found["complaints/complaints"].value == 0
    assert found["cases/flow/complaint/received"].value == 0
    assert found["paper/papers"].value == 0, "its receipt is not counted either"

    def apart(by: Actor) -> dict[str, int | None]:
        section = month_apart.of_month(store, by=by, now=clock())
        return {one.code: one.value for one in section.figures}

    assert apart(manager)["sealed_complaints"] == 1
    with pytest.raises(Refused, match="not_permitted"):
        apart(made.desk)


def test_what_is_sealed_after_the_freeze_makes_no_correction(store: Store, clock: Clock) -> None:
    """A head whom it is about would read of it, and of which class; other figures are corrected as ever."""
    made, manager, accused = Complaints(store, clock), actor(store, Role.MANAGER), actor(store, Role.SERVICE_HEAD)
    cases_made = [made.receive() for _ in range(6)]
    clock.at = FREEZES
    month_reports.watch(store, by=BOX, now=clock())
    login: str = store.value("SELECT login FROM staff WHERE id = ?", [accused.id])
    about_staff.seal(store, no=cases_made[0].no, hears="manager", accused=(login,), by=manager,
                     now=clock.forward(minutes=1))  # fmt: skip
    assert month_reports.check(store, month="2026-11", by=accused, now=clock.forward(minutes=1)) == 0
    # Nor does what becomes of it, or of another.
    with writing(store):
        store.execute("UPDATE complaints SET category = 'fees'")
    assert month_reports.check(store, month="2026-11", by=accused, now=clock.forward(minutes=1)) == 0
    assert api_months.month(store, "2026-11", by=TOKEN_HOLDER)["corrections"] == []  # type: ignore[index]
    Life(store, clock).register()
    with writing(store):
        store.execute("UPDATE cases SET received_at = '2026-11-25T02:00:00.000Z' WHERE kind = 'repair'")
    month_reports.check(store, month="2026-11", by=accused, now=clock.forward(minutes=1))
    found = month_reports.of_month(store, month="2026-11", by=accused, now=clock()).corrections
    assert found and all(one.key.startswith("repairs/") for one in found)


def test_incidents_are_counted_for_their_readers_and_not_broken_down_below_five(store: Store, clock: Clock) -> None:
    made = Incidents(store, clock)
    for _ in range(5):
        made.filed("A")
    made.handled("B")

    def apart() -> dict[str, int | None]:
        return {one.code: one.value for one in month_apart.of_month(store, by=made.manager, now=made.clock()).figures}

    assert (apart()["incidents"], apart()["incidents_in_time"]) == (6, 5) and "incidents_0" not in apart()
    for _ in range(4):
        made.handled("B")
    assert [apart()[f"incidents_{number}"] for number in range(3)] == [5, 5, 0]
    sections = month_figures.of_month(store, case_flow.month(store, "", now=made.clock()), now=made.clock())
    assert "incident" not in month_content.to_json(sections)


@pytest.fixture
def november(store: Store, clock: Clock) -> Life:
    """A November with a repair; it is not over yet."""
    made = Life(store, clock)
    made.register()
    return made


def report(store: Store, clock: Clock, month: str = "2026-11") -> month_reports.Report:
    return month_reports.of_month(store, month=month, by=actor(store, Role.MANAGER), now=clock())


def test_frozen_on_the_third_working_day_by_the_timer(store: Store, clock: Clock, november: Life) -> None:
    assert (report(store, clock).state, report(store, clock).freezes_on) == ("running", date(2026, 12, 3))
    clock.at = FREEZES - timedelta(minutes=1)
    assert not [line for line in clocks.keep(store, now=clock()) if "month" in line]
    assert report(store, clock).state == "draft"
    with pytest.raises(Refused, match="month_not_over"):
        month_reports.freeze(store, month="2026-11", by=BOX, now=clock())
    clock.at = FREEZES
    assert "month 2026-11: frozen" in clocks.keep(store, now=clock())
    assert not [line for line in clocks.keep(store, now=clock.forward(minutes=1)) if "month" in line]
    found = report(store, clock)
    assert (found.state, found.corrections) == ("frozen", ())
    assert items(found.sections)["cases/flow/repair/carried"].value == 1
    assert [month for month, _at in month_reports.to_issue(store, by=actor(store, Role.SERVICE_HEAD))] == ["2026-11"]
    assert [one["what"] for one in events.history(store, "month", 202611)] == ["freeze_month"]


def test_a_box_that_was_off_catches_up_month_by_month(store: Store, clock: Clock, november: Life) -> None:
    clock.at = utc("2027-02-20T02:00:00")
    said = [line for _ in range(4) for line in month_reports.watch(store, by=BOX, now=clock.forward(minutes=1))]
    assert said == ["month 2026-11: frozen", "month 2026-12: frozen", "month 2027-01: frozen"]
    # More than a year later, not all that lies between.
    clock.at = utc("2029-02-20T02:00:00")
    assert month_reports.watch(store, by=BOX, now=clock()) == ["month 2028-02: frozen"]


def test_later_edits_stand_beside_what_was_frozen(store: Store, clock: Clock, november: Life) -> None:
    no: str = store.value("SELECT no FROM cases")
    clock.at = FREEZES
    month_reports.watch(store, by=BOX, now=clock())
    frozen = report(store, clock).sections
    # The owner's wish came in November, and is entered now: by the records nothing of November changes.
    acceptance.cancel(store, no=no, reason="owner_wish", channel="phone", text="取消", by=november.desk,
                      now=clock.forward(minutes=5))  # fmt: skip
    urgency = {"urgency": "urgent", "reason": "听错了"}
    assert urgency and report(store, clock).sections == frozen
    assert month_reports.watch(store, by=BOX, now=clock.forward(hours=2)) == [], "once a day"
    assert [line for line in month_reports.watch(store, by=BOX, now=clock.forward(days=1)) if "corrections" in line]
    found = report(store, clock)
    assert found.sections == frozen
    changed = {one.key: (one.was.en, one.became.en, one.at) for one in found.corrections}
    assert changed["repairs/completion"] == ("0.0% (0/1)", "—", times.to_text(clock()))
    assert "cases/flow/repair/carried" not in changed, "it was open at the end of November"
    # Nothing else changed: nothing more is said.
    count = len(found.corrections)
    month_reports.check(store, month="2026-11", by=actor(store, Role.MANAGER), now=clock.forward(minutes=1))
    assert len(report(store, clock).corrections) == count


def test_a_row_that_came_later_and_a_definition_that_changed(store: Store, clock: Clock, november: Life) -> None:
    clock.at = FREEZES
    month_reports.watch(store, by=BOX, now=clock())
    figures: str = store.value("SELECT figures FROM month_reports")
    known = month_content.items(month_content.from_json(figures))
    now = dict(known)
    now["complaints/complaint_class/noise/count"] = known["visits/visits"]._replace(value=5)
    now["new/figure"] = known["visits/visits"]._replace(value=3)
    # Of a class that nobody had complained of, in a table that was there; a figure that came with new software is none.
    known["complaints/complaint_class/fees/count"] = now["complaints/complaint_class/fees/count"] = known[
        "visits/visits"
    ]._replace(value=7)
    now["visits/visits"] = known["visits/visits"]._replace(value=9, hint=month_content.HIDDEN)
    assert month_reports._differences(known, now) == [("complaints/complaint_class/noise/count", (0, None), (5, None))]


def freeze_once(store: Store, gate: Gate, now: datetime) -> int:
    """Freeze November; return how often it is frozen."""
    month_reports.freeze(store, month="2026-11", by=BOX, now=now)
    found: int = store.value("SELECT count(*) FROM month_reports")
    return found


def issue_once(store: Store, gate: Gate, number: int, now: datetime) -> str:
    """Issue November; return what became of it."""
    by = actor(store, (Role.SERVICE_HEAD, Role.MANAGER)[number % 2])
    try:
        month_reports.issue(store, month="2026-11", analysis=f"分析{number}", by=by, now=now)
    except Refused as refused:
        return refused.code
    return "issued"


def test_two_at_once_freeze_it_once_and_issue_it_once(home: Path, store: Store, clock: Clock, november: Life) -> None:
    clock.at = FREEZES
    assert race(home, *[(freeze_once, clock()) for _ in range(4)]) == [1] * 4
    assert len(events.history(store, "month", 202611)) == 1
    answers = race(home, *[(issue_once, number, clock()) for number in range(6)])
    assert sorted(answers) == ["issued", *["month_issued"] * 5]
    found = report(store, clock)
    assert found.state == "issued" and found.analysis.startswith("分析") and found.issued_by


def test_what_is_refused(store: Store, clock: Clock, november: Life) -> None:
    manager = actor(store, Role.MANAGER)
    said: dict[str, Any] = {"by": manager, "now": clock()}
    for month, code in (("2026-13", "month_invalid"), ("2026-11", "month_not_frozen")):
        with pytest.raises(Refused, match=code):
            month_reports.issue(store, month=month, analysis="", **said)
        with pytest.raises(Refused, match=code):
            month_reports.check(store, month=month, **said)
    clock.at = FREEZES
    month_reports.watch(store, by=BOX, now=clock())
    with pytest.raises(Refused, match="text_too_long"):
        month_reports.issue(store, month="2026-11", analysis="字" * 2001, by=manager, now=clock())
    assert report(store, clock).state == "frozen"


def test_the_store_lets_nobody_change_or_remove_a_frozen_month(store: Store, clock: Clock, november: Life) -> None:
    clock.at = FREEZES
    month_reports.watch(store, by=BOX, now=clock())
    month_reports.issue(store, month="2026-11", analysis="", by=actor(store, Role.MANAGER), now=clock())
    for change in (
        "UPDATE month_reports SET figures = '[]'",
        "UPDATE month_reports SET analysis = 'x'",
        "UPDATE month_reports SET issued_at = NULL, issued_by = NULL",
        "DELETE FROM month_reports",
    ):
        with pytest.raises(sqlite3.IntegrityError), writing(store):
            store.execute(change)


def test_what_a_clock_that_ran_ahead_froze_goes_when_it_is_right_again(
    store: Store, clock: Clock, november: Life
) -> None:
    right = clock()
    clock.forward(days=400)
    month_reports.watch(store, by=BOX, now=clock())
    assert store.value("SELECT count(*) FROM month_reports") == 1
    clock_care.correct(store, by=actor(store, Role.MANAGER), now=right + timedelta(minutes=1))
    assert store.value("SELECT count(*) FROM month_reports") == 0
    clock.at = FREEZES
    assert month_reports.watch(store, by=BOX, now=clock()) == ["month 2026-11: frozen"]


def test_no_month_is_counted_from_all_history(store: Store, clock: Clock, november: Life) -> None:
    Complaints(store, clock).receive()
    Queue(store, clock).come()
    with heard(store) as said:
        clock.at = FREEZES
        month_reports.watch(store, by=BOX, now=clock())
        report(store, clock)
        month_reports.check(store, month="2026-11", by=BOX, now=clock.forward(hours=1))
        month_apart.of_month(store, month="2026-11", by=actor(store, Role.MANAGER), now=clock())
    assert len(said) > 60
    assert walks(store, said) == []
