"""The month figures: the identity over any history, months of the site, every figure on a history known by heart."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.store import Store, open_store, writing
from lobbydesk.home import store_path
from reception import (
    acceptance,
    case_care,
    case_flow,
    case_links,
    cases,
    complaints,
    follow_ups,
    kinds,
    order_steps,
    repair_figures,
    work_orders,
)
from reception.cases import Case
from reception.permissions import BOX, MAY, Role
from reception.refusal import Refused
from reception.repair_figures import Report
from reception.repair_rates import Figure
from reception.rules import clock as times
from reception.rules import flow
from reception.rules.flow import BEGIN, END, Flow
from tests.conftest import Clock, actor
from tests.reception.life import NAME, PHONE, Life, deadline, utc
from tests.reception.test_case_lists import check, fifty_thousand
from tests.test_plans import heard

SHANGHAI = ZoneInfo("Asia/Shanghai")
MOMENTS = st.integers(0, 60).map(lambda day: f"{day:02d}")


@given(
    turns=st.lists(st.tuples(MOMENTS, st.sampled_from([BEGIN, END])), max_size=12),
    came=MOMENTS,
    months=st.lists(MOMENTS, min_size=2, max_size=6),
)
def test_the_identity_holds_for_any_life_and_months_join(
    turns: list[tuple[str, int]], came: str, months: list[str]
) -> None:
    borders = sorted(months)
    found = [flow.of_one([(came, BEGIN), *turns], *pair) for pair in pairwise(borders)]
    assert all(one.holds for one in found)
    assert all(one.carried == two.opening for one, two in pairwise(found))
    assert sum(one.received for one in found) <= 1
    assert flow.of_one([(came, BEGIN), *turns], "", "~").opening == 0


def test_a_life_with_no_beginning_is_none() -> None:
    for turns in ([], [("01", END)]):
        with pytest.raises(ValueError, match="turns_invalid"):
            flow.of_one(turns, "00", "99")


def test_a_border_belongs_to_the_month_that_begins() -> None:
    life = [("10", BEGIN), ("20", END), ("20", BEGIN), ("30", END)]
    assert flow.of_one(life, "10", "20") == Flow(0, 1, 0, 0, 1)
    assert flow.of_one(life, "20", "30") == Flow(1, 0, 1, 1, 1)
    assert flow.of_one(life, "30", "40") == Flow(1, 0, 0, 1, 0)


OTHER_ACTS = ["register", "register", "complain", "rework", "dissatisfied", "cancel", "merge", "send_back"]
ACTS = st.sampled_from(["advance"] * 8 + OTHER_ACTS)


class Centre:
    """A centre whose history goes on by random acts; an act that cannot be done changes nothing."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.made, self.store, self.clock = Life(store, clock), store, clock
        self.snapshots: dict[str, dict[str, int]] = {}

    def open_now(self) -> dict[str, int]:
        """Return how many of each kind are open, by themselves: not by their history."""
        found = self.store.counts("SELECT kind, count(*) FROM cases WHERE closed_at IS NULL GROUP BY kind")
        return {kind: found.get(kind, 0) for kind in kinds.KINDS}

    def do(self, what: str, pick: int, days: int) -> None:
        """Let some days pass, keeping what was open at each turn of the month, and do one act."""
        self.pass_by(timedelta(days=days, hours=pick % 24))
        numbers = [row[0] for row in self.store.rows("SELECT no FROM cases ORDER BY id")]
        case = numbers[pick % len(numbers)] if numbers else ""
        try:
            self.act(what, case, numbers[(pick // 7) % len(numbers)] if numbers else "")
        except Refused:
            assert not self.store.in_transaction

    def pass_by(self, span: timedelta) -> None:
        until = self.clock() + span
        while True:
            this = case_flow.month(self.store, "", now=self.clock())
            if times.from_text(this.end) > until:
                break
            self.clock.at = times.from_text(this.end)
            self.snapshots[this.end] = self.open_now()
        self.clock.at = until

    def act(self, what: str, no: str, other: str) -> None:
        made, now = self.made, self.clock()
        if what == "register":
            made.register()
        elif what == "complain":
            said: dict[str, Any] = {"name": NAME, "phone": PHONE, "category": "noise", "facts": "吵", "wish": ""}
            complaints.register(self.store, nonce=f"c{now.isoformat()}", by=made.desk, now=now, **said)
        elif not no:
            return
        elif what == "advance":
            self.advance(cases.find(self.store, no, by=made.head), now)
        elif what == "dissatisfied":
            follow_ups.answer_on_paper(self.store, no=no, score="1", by=made.desk, now=now)
        elif what == "rework":
            acceptance.rework(self.store, no=no, reason="又漏了", by=made.head, now=now)
        elif what == "cancel":
            said = {"reason": "owner_wish", "channel": "phone", "text": "取消"}
            acceptance.cancel(self.store, no=no, by=made.desk, now=now, **said)
        elif what == "merge":
            case_links.merge(self.store, no=no, into=other, by=made.desk, now=now)
        elif what == "send_back":
            order = work_orders.live(self.store, cases.find(self.store, no, by=made.head).id)
            if order:
                order_steps.send_back(self.store, order_no=order.no, reason="no_time", by=made.desk, now=now)

    def advance(self, case: cases.Case, now: datetime) -> None:
        """Do what must happen next with a repair."""
        order = work_orders.live(self.store, case.id)
        if case.state == "dispatched" and order:
            self.made.sign(case, order.no)
        elif case.state == "signed":
            self.made.tell(case)
            said = {"no": case.no, "method": "phone", "reached": "1", "score": "5"}
            follow_ups.record(self.store, by=self.made.head, now=self.clock(), **said)
        elif case.state == "followed_up":
            case_care.close(self.store, no=case.no, by=self.made.head, now=now)
        else:
            work_orders.dispatch(self.store, no=case.no, worker="zhaogang", by=self.made.desk, now=now)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(st.tuples(ACTS, st.integers(0, 500), st.integers(0, 9)), min_size=10, max_size=60))
def test_the_identity_holds_and_every_month_carries_what_was_open(
    seeded: Path, history: list[tuple[str, int, int]]
) -> None:
    """K3, 19: against what stood open at each turn of the month, counted there and then."""
    with TemporaryDirectory() as folder:
        copytree(seeded, Path(folder) / "home")
        store = open_store(store_path(Path(folder) / "home"))
        centre = Centre(store, Clock(datetime(2026, 10, 20, 2, tzinfo=UTC)))
        for what, pick, days in history:
            centre.do(what, pick, days)
        month, codes = case_flow.month(store, "", now=centre.clock()), []
        assert month.end > times.to_text(centre.clock())
        centre.snapshots[month.end] = centre.open_now()
        while month.code >= "2026-10":
            codes.append(month.code)
            for kind in kinds.KINDS:
                parts = case_flow.divided(store, kind, month, by=BOX)
                whole = parts[""][""]
                assert whole.holds, (month, kind, whole)
                assert whole.carried == centre.snapshots[month.end][kind]
                assert whole.opening == centre.snapshots.get(month.begin, {}).get(kind, 0)
                for name in case_flow.DIVISIONS.get(kind, ()):
                    assert all(part.holds for part in parts[name].values())
                    assert sum(parts[name].values(), flow.NOTHING) == whole
            month = case_flow.month(store, month.earlier, now=centre.clock())
        reopened = store.value(
            "SELECT count(*) FROM events JOIN case_states AS was ON was.kind = 'repair' AND was.state = from_state"
            " JOIN case_states AS became ON became.kind = 'repair' AND became.state = to_state"
            " WHERE subject = 'case' AND was.terminal = 1 AND became.terminal = 0"
        )
        counted = [
            case_flow.divided(store, "repair", case_flow.month(store, code, now=centre.clock()), by=BOX)
            for code in codes
        ]
        assert sum(one[""][""].reopened for one in counted) == reopened
        store.close()


@pytest.fixture
def made(store: Store, clock: Clock) -> Life:
    """Life to take where a test wants them."""
    return Life(store, clock)


def figures(report: Report) -> dict[str, Figure]:
    return {figure.code: figure for _, of in report.sections for figure in of}


def november(store: Store, made: Life) -> dict[str, Figure]:
    return figures(repair_figures.report(store, month="2026-11", by=made.head, now=made.clock()))


def test_months_are_of_the_site(store: Store) -> None:
    this = case_flow.month(store, "", now=utc("2026-11-30T16:30:00"))
    assert (this.code, this.begin, this.earlier, this.later, this.current) == (
        "2026-12",
        "2026-11-30T16:00:00.000Z",
        "2026-11",
        None,
        True,
    )
    before = case_flow.month(store, "2026-11", now=utc("2026-11-30T16:30:00"))
    assert (before.end, before.later, before.current) == (this.begin, "2026-12", False)
    for code in ("2026-13", "2026-1", "1999-01", "November", "2027-01", "２０２６-11", "2026-11\n"):
        with pytest.raises(Refused, match="month_invalid"):
            case_flow.month(store, code, now=utc("2026-11-30T16:30:00"))


def test_a_case_that_was_opened_again_counts_as_reopened(store: Store, clock: Clock, made: Life) -> None:
    case = made.register()
    made.sign(case, made.dispatch(case))
    made.tell(case)
    follow_ups.record(store, no=case.no, method="phone", reached="1", score="5", by=made.head, now=made.now)
    case_care.close(store, no=case.no, by=made.head, now=made.now)
    clock.at = utc("2026-12-10T02:00:00")
    acceptance.rework(store, no=case.no, reason="又漏了", by=made.head, now=made.now)
    month = {
        code: case_flow.by_kind(store, case_flow.month(store, code, now=clock()), by=BOX)["repair"]
        for code in ("2026-11", "2026-12")
    }
    assert month == {"2026-11": Flow(0, 1, 0, 1, 0), "2026-12": Flow(0, 0, 1, 0, 1)}


def test_on_time_counts_what_was_due_in_the_month(store: Store, clock: Clock, made: Life) -> None:
    due = clock() + timedelta(hours=1)
    met, late, missed, to_come, ended, before = (made.register() for _ in range(6))
    deadline(store, met, due, stopped=due)
    deadline(store, late, due, stopped=due + timedelta(milliseconds=1))
    deadline(store, missed, due)
    deadline(store, to_come, clock() + timedelta(days=3))
    deadline(store, ended, due, stopped=due + timedelta(hours=1), void=1)
    deadline(store, before, due - timedelta(days=31), stopped=due)
    clock.forward(hours=2)
    rate = november(store, made)["on_time_response"]
    assert (rate.value, rate.whole) == (1, 3)
    assert rate.shown.en == "33.3% (1/3)"
    assert november(store, made)["on_time_follow_up"].shown.zh == "—"


def test_completion(store: Store, clock: Clock, made: Life) -> None:
    done, again, open_, cancelled = (made.register() for _ in range(4))
    for case in (done, again):
        made.sign(case, made.dispatch(case))
    acceptance.cancel(
        store, no=cancelled.no, reason="owner_wish", channel="phone", text="取消", by=made.desk, now=made.now
    )
    assert november(store, made)["completion"].shown.en == "66.7% (2/3)"
    for case in (again, done):
        acceptance.rework(store, no=case.no, reason="又漏了", by=made.head, now=made.now)
    found = november(store, made)["completion"]
    assert (found.value, found.whole) == (0, 3)
    assert open_.no


def rework_rate(
    store: Store, made: Life, clock: Clock, month: str = "2026-11", department: str = ""
) -> tuple[int | None, int | None]:
    """Return how many were reworked, and of how many."""
    report = repair_figures.report(store, month=month, department=department, by=made.head, now=clock())
    found = next(one for _, of in report.sections for one in of if one.code == "rework")
    return found.value, found.whole


def file(store: Store, made: Life, case: Case) -> None:
    """File a repair that was signed."""
    made.tell(case)
    follow_ups.record(store, no=case.no, method="phone", reached="1", score="5", by=made.head, now=made.now)
    case_care.close(store, no=case.no, by=made.head, now=made.now)


def test_rework_is_of_what_was_filed_in_the_month(store: Store, clock: Clock, made: Life) -> None:
    """K10: orders reworked within 30 days, of what was closed."""

    def rework(case: Case) -> None:
        acceptance.rework(store, no=case.no, reason="又漏了", by=made.head, now=clock())

    def work(case: Case) -> None:
        made.sign(case, made.dispatch(case))

    good, before, beyond, within, unfiled = (made.register() for _ in range(5))
    for case in (good, before, beyond, within, unfiled):
        work(case)
    for case in (before, unfiled):
        rework(case)
    work(before)
    for case in (good, before, beyond, within):
        file(store, made, case)
    assert rework_rate(store, made, clock) == (1, 4)
    assert rework_rate(store, made, clock, department="maintenance") == (1, 4)
    assert rework_rate(store, made, clock, department="cleaning") == (0, 0)
    # Opened again after they were filed: one on the thirtieth day, one some seconds after it.
    finished = store.value("SELECT finished_at FROM work_orders WHERE case_id = ?", [within.id])
    clock.at = times.from_text(finished) + timedelta(days=30)
    rework(within)
    rework(beyond)
    assert rework_rate(store, made, clock) == (2, 4) and rework_rate(store, made, clock, "2026-12") == (0, 0)
    # What becomes of them after that is a matter of the months in which they are filed again.
    for case in (within, beyond):
        work(case)
        file(store, made, case)
    rework(beyond)
    assert rework_rate(store, made, clock) == (2, 4) and rework_rate(store, made, clock, "2026-12") == (2, 2)


def test_an_order_is_not_reworked_by_what_it_came_from(store: Store, clock: Clock, made: Life) -> None:
    case = made.register()
    made.sign(case, made.dispatch(case))
    clock.forward(days=31)
    acceptance.rework(store, no=case.no, reason="又漏了", by=made.head, now=made.now)
    # Its slip gives minutes: as if it was finished before the rework that it came from.
    order, minute = made.dispatch(case), clock().astimezone(SHANGHAI).strftime("%H:%M")
    order_steps.arrive(store, order_no=order, at_time=minute, by=made.desk, now=made.now)
    order_steps.finish(store, order_no=order, work_done="修好", at_time=minute, by=made.desk, now=made.now)
    acceptance.sign(store, order_no=order, how="paper", by=made.desk, now=made.now)
    file(store, made, case)
    assert rework_rate(store, made, clock, "2026-12") == (0, 1)


def test_times_gross_and_net_of_pauses(store: Store, clock: Clock, made: Life) -> None:
    begin = clock()
    case = made.register()
    order = made.dispatch(case)
    order_steps.accept(store, order_no=order, by=made.desk, now=made.now)
    clock.at = begin + timedelta(minutes=20)
    order_steps.suspend(store, order_no=order, reason="material", by=made.desk, now=clock())
    clock.forward(minutes=60)
    order_steps.resume(store, order_no=order, by=made.desk, now=clock())
    clock.at = begin + timedelta(minutes=100)
    made.bear(case.no, "common")
    order_steps.arrive(store, order_no=order, by=made.desk, now=clock())
    clock.forward(minutes=10)
    order_steps.suspend(store, order_no=order, reason="owner", by=made.desk, now=clock())
    clock.forward(minutes=30)
    order_steps.resume(store, order_no=order, by=made.desk, now=clock())
    clock.forward(minutes=20)
    order_steps.finish(store, order_no=order, work_done="修好", by=made.desk, now=clock())
    made.register()
    found = november(store, made)
    values = {code: found[code].value for code in ("arrive_gross", "arrive_net", "finish_gross", "finish_net")}
    assert values == {"arrive_gross": 100, "arrive_net": 40, "finish_gross": 160, "finish_net": 70}
    assert found["finish_gross"].shown.zh == "2小时40分" and found["arrive_net"].shown.en == "40 min"


def test_follow_up_and_satisfaction(store: Store, clock: Clock, made: Life) -> None:
    heard_well, heard_ill, unreached, untouched, own = (made.register() for _ in range(5))
    for case in (heard_well, heard_ill, unreached, untouched, own):
        made.sign(case, made.dispatch(case))
    follow_ups.record(store, no=heard_well.no, method="phone", reached="1", score="4", by=made.head, now=made.now)
    follow_ups.record(store, no=heard_ill.no, method="phone", reached="1", score="2", by=made.head, now=made.now)
    follow_ups.record(store, no=unreached.no, method="phone", reached="0", by=made.head, now=made.now)
    # His own word goes before what a colleague heard.
    follow_ups.answer_on_paper(store, no=own.no, score="3", by=made.desk, now=made.now)
    follow_ups.record(store, no=own.no, method="phone", reached="1", score="5", by=made.head, now=made.now)
    found = november(store, made)
    assert (found["followed_up"].value, found["followed_up"].whole) == (3, 5)
    assert found["unreached"].value == 1
    assert (found["satisfied"].value, found["satisfied"].whole) == (1, 3)
    assert found["unanswered"].value == 2
    # Done again: the second acceptance is asked after anew.
    made.sign(heard_ill, made.dispatch(heard_ill))
    follow_ups.record(store, no=heard_ill.no, method="phone", reached="1", score="5", by=made.head, now=made.now)
    found = november(store, made)
    assert (found["satisfied"].value, found["satisfied"].whole) == (2, 4)
    assert found["followed_up"].whole == 6


def test_money_in_fen(store: Store, clock: Clock, made: Life) -> None:
    case = made.register()
    made.bear(case.no, "paid")
    at = times.to_text(clock())
    with writing(store):
        store.execute(
            "INSERT INTO quotations (id, case_id, version, made_at, made_by) VALUES (1, ?, 1, ?, ?)",
            [case.id, at, made.desk.id],
        )
        for kind, fen in (("labour", 8000), ("material", 2550)):
            store.execute(
                "INSERT INTO quotation_lines (quotation_id, kind, name, unit, quantity, price_fen, amount_fen)"
                " VALUES (1, ?, '-', '次', 100, ?, ?)",
                [kind, fen, fen],
            )
        store.execute(
            "UPDATE quotations SET state = 'agreed', answered_at = ?, answered_how = 'face', answer_seen_by = ?",
            [at, made.desk.id],
        )
        store.execute(
            "INSERT INTO charges (id, case_id, quotation_id, total_fen, at, by_id) VALUES (1, ?, 1, 10550, ?, ?)",
            [case.id, at, made.desk.id],
        )
        for no, kind, fen in (("YS1", "payment", 10000), ("YS2", "refund", 500)):
            store.execute(
                "INSERT INTO payments (charge_id, no, kind, amount_fen, method, reason, at, by_id)"
                " VALUES (1, ?, ?, ?, 'cash', '-', ?, ?)",
                [no, kind, fen, at, made.desk.id],
            )
    found = november(store, made)
    names = ("paid_orders", "labour", "material", "total", "refunded", "unpaid")
    assert [found[name].value for name in names] == [1, 8000, 2550, 10550, 500, 550]
    assert found["total"].shown.zh == "¥105.50"


def test_a_head_of_department_reads_his_own_figures(store: Store, clock: Clock, made: Life) -> None:
    made.register()
    theirs = made.register()
    with writing(store):
        store.execute("UPDATE cases SET department = 'security' WHERE id = ?", [theirs.id])
    deadline(store, theirs, clock())
    clock.forward(hours=1)
    head = actor(store, Role.DEPARTMENT_HEAD)
    for asked in ("", "security"):
        report = repair_figures.report(store, department=asked, by=head, now=clock())
        assert report.department == "maintenance"
        assert next(part.flow for part in report.kinds) == Flow(0, 1, 0, 0, 1)
        assert figures(report)["completion"].whole == 1
        assert not figures(report)["on_time_response"].whole
    assert next(part.flow for part in repair_figures.report(store, by=made.head, now=clock()).kinds).carried == 2
    with pytest.raises(Refused, match="department_unknown"):
        repair_figures.report(store, department="nowhere", by=made.head, now=clock())


def test_every_figure_says_how_it_is_counted(store: Store, clock: Clock, made: Life) -> None:
    report = repair_figures.report(store, by=made.head, now=clock())
    assert all(figure.hint.zh and figure.hint.en for _, of in report.sections for figure in of)
    table = repair_figures.rows(report)
    assert all(list(row) == [key for key, _ in repair_figures.columns()] and row["definition"] for row in table)
    assert MAY["see_figures"] == {Role.SERVICE_HEAD, Role.DEPARTMENT_HEAD, Role.TEAM_LEADER, Role.MANAGER}


def test_a_month_does_not_walk_through_all_that_ever_was(store: Store, clock: Clock, made: Life) -> None:
    fifty_thousand(store)
    case = made.register()
    made.sign(case, made.dispatch(case))
    acceptance.rework(store, no=case.no, reason="又漏了", by=made.head, now=made.now)
    with heard(store) as said:
        repair_figures.report(store, month="2026-11", by=made.head, now=clock())
    assert len(said) > 10
    check(store, said, "figures")
