"""The clocks of cases: what starts, stops, moves and pauses them; who may change a deadline; what is handed up."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from db.store import Store, writing
from reception import case_clocks, clock_care, clocks, complaints, due, events, repairs, site
from reception.case_clocks import CaseClock
from reception.cases import Case
from reception.clock_table import CLOCKS
from reception.permissions import BOX, Actor, Role
from reception.refusal import Refused
from reception.rules import clock as times
from reception.rules.deadlines import Stage
from reception.settings import BY_KEY
from tests.conftest import Clock, actor
from tests.reception.test_races import Gate, race

HOURS = {"hours_work": "08:30-12:00,13:30-17:30", "hours_rest": ""}


@pytest.fixture(autouse=True)
def office_hours(store: Store) -> None:
    """The demo is open at any hour; here it is a centre."""
    site.configure(store, **HOURS)


def repair(store: Store, clock: Clock, urgency: str = "ordinary", nonce: str = "r") -> Case:
    return repairs.register(
        store,
        nonce=nonce,
        name="张建国",
        phone="13800005678",
        unit="1-1-101",
        category="water",
        content="水管漏水",
        convenient_time="下午",
        urgency=urgency,
        by=actor(store, Role.RECEPTIONIST),
        now=clock(),
    )


def complaint(store: Store, clock: Clock, nonce: str = "c") -> Case:
    return complaints.register(
        store,
        nonce=nonce,
        name="李秀英",
        phone="13800005678",
        category="noise",
        facts="楼上装修",
        by=actor(store, Role.RECEPTIONIST),
        now=clock(),
    )


def happens(
    store: Store, case: Case, what: str, now: datetime, state: str = "", anew: bool = False, **detail: Any
) -> None:
    """Let an act of the core happen to a case, as far as its clocks are concerned."""
    with writing(store):
        if state:
            store.execute(
                "UPDATE cases SET round = round + :anew, state = :state, closed_at = iif((SELECT terminal"
                " FROM case_states WHERE kind = cases.kind AND state = :state), :at, NULL) WHERE id = :id",
                {"state": state, "anew": anew, "at": times.to_text(now), "id": case.id},
            )
        clocks.moved(store, case.id, case.kind, what, by=actor(store, Role.RECEPTIONIST), at=now, **detail)


def order(store: Store, case: Case, appointed: str | None, now: datetime) -> None:
    """Give a repair a live work order."""
    store.execute("UPDATE work_orders SET state = 'returned', state_reason = 'x' WHERE case_id = ?", [case.id])
    count = store.value("SELECT count(*) FROM work_orders")
    store.execute(
        "INSERT INTO work_orders (case_id, no, token, department, appointed_at, dispatched_at, dispatched_by)"
        " VALUES (?, ?, ?, 'maintenance', ?, ?, 1)",
        [case.id, f"GD20261123-{count + 1:03d}", f"{count:026d}", appointed, times.to_text(now)],
    )


def of(store: Store, case: Case, code: str, now: datetime) -> CaseClock:
    found = [one for one in case_clocks.of_case(store, case.id, now=now) if one.code == code]
    assert found, f"no clock {code}"
    return found[0]


def running(store: Store, case: Case) -> set[str]:
    return {
        row[0] for row in store.rows("SELECT clock FROM clocks WHERE case_id = ? AND stopped_at IS NULL", [case.id])
    }


def at(text: str) -> str:
    """Return a time of Shanghai as the store writes it."""
    return times.to_text(datetime.fromisoformat(f"{text}+08:00"))


def test_the_table_is_whole() -> None:
    settings = {one.setting for one in CLOCKS.values()}
    assert all(BY_KEY[setting].kind == "number" for setting in settings)
    for code, one in CLOCKS.items():
        assert one.code == code and one.name.zh and one.name.en and one.starts and one.stops
        assert not one.starts & one.stops


def test_an_urgent_repair_is_on_site_in_half_an_hour_at_any_hour(store: Store, clock: Clock) -> None:
    case = repair(store, clock, "urgent")
    assert running(store, case) == {"on_site_urgent"}
    assert of(store, case, "on_site_urgent", clock()).due_at == at("2026-11-23T10:54")
    happens(store, case, "dispatch", clock.forward(minutes=5), "dispatched")
    happens(store, case, "accept", clock.forward(minutes=5), "accepted")
    happens(store, case, "arrive", clock.forward(minutes=21), "on_site")
    found = of(store, case, "on_site_urgent", clock.forward(minutes=60))
    assert (found.stage, found.late, found.gross, found.net, found.void) == (None, 1, 31, 31, False)


def test_half_a_minute_late_is_not_in_time(store: Store, clock: Clock) -> None:
    case = repair(store, clock, "urgent")
    happens(store, case, "arrive", clock.forward(minutes=30, seconds=30), "on_site")
    assert of(store, case, "on_site_urgent", clock()).late == 1


@pytest.mark.parametrize("stop", ["accept", "feedback"])
@pytest.mark.parametrize("urgency", ["ordinary", "planned"])
def test_an_ordinary_repair_is_answered_in_four_open_hours(store: Store, clock: Clock, urgency: str, stop: str) -> None:
    case = repair(store, clock, urgency)
    assert running(store, case) == {"response"}
    # From 10:24: 96 minutes to noon, 144 after the break.
    assert of(store, case, "response", clock()).due_at == at("2026-11-23T15:54")
    happens(store, case, "dispatch", clock.forward(minutes=96), "dispatched")
    happens(store, case, stop, clock.forward(minutes=90), "accepted" if stop == "accept" else "")
    found = of(store, case, "response", clock())
    # On the wall from 10:24 to 13:30; of it 96 minutes count.
    assert (found.late, found.gross, found.net) == (0, 186, 96)


def test_a_length_is_a_setting(store: Store, clock: Clock) -> None:
    site.configure(store, urgent_on_site_minutes=15)
    assert of(store, repair(store, clock, "urgent"), "on_site_urgent", clock()).due_at == at("2026-11-23T10:39")


def test_a_calendar_without_open_hours_keeps_nobody_out(store: Store, clock: Clock) -> None:
    site.configure(store, hours_work="", hours_rest="")
    found = of(store, repair(store, clock), "response", clock())
    assert found.due_at == at("2026-11-23T14:24")
    assert "按全天计" in found.history[0].reason.zh


def test_what_is_learnt_later_starts_its_clock_and_ends_the_other(store: Store, clock: Clock) -> None:
    case = repair(store, clock)
    store.execute("UPDATE repairs SET urgency = 'urgent' WHERE case_id = ?", [case.id])
    happens(store, case, "amend", clock.forward(minutes=10))
    assert running(store, case) == {"on_site_urgent"}
    assert of(store, case, "on_site_urgent", clock()).due_at == at("2026-11-23T11:04")
    assert of(store, case, "response", clock()).void


def correct(store: Store, case: Case, urgency: str, now: datetime, reason: str = "业主说水已漫到楼下") -> None:
    blank = dict.fromkeys(("name", "phone", "unit", "category", "content", "place", "convenient_time"), "")
    by = actor(store, Role.RECEPTIONIST)
    repairs.amend(store, no=case.no, **blank, urgency=urgency, reason=reason, by=by, now=now)


def test_another_urgency_asks_for_a_reason_and_begins_its_clock_with_it(store: Store, clock: Clock) -> None:
    case = repair(store, clock)
    with pytest.raises(Refused, match="reason_missing"):
        correct(store, case, "urgent", clock.forward(minutes=10), reason=" ")
    with pytest.raises(Refused, match="urgency_unknown"):
        correct(store, case, "at once", clock())
    assert running(store, case) == {"response"}
    correct(store, case, "urgent", clock())
    assert running(store, case) == {"on_site_urgent"}
    assert of(store, case, "response", clock()).void
    found = of(store, case, "on_site_urgent", clock())
    assert [(one.due_at, one.reason.zh, one.by_name) for one in found.history] == [
        (at("2026-11-23T11:04"), "业主说水已漫到楼下", "王琳")
    ]
    note = store.value("SELECT text FROM case_notes WHERE case_id = ?", [case.id])
    assert note == "一般 → 急修：业主说水已漫到楼下"


def test_correcting_to_and_fro_gains_no_time_and_each_deadline_has_its_row(store: Store, clock: Clock) -> None:
    case = repair(store, clock)
    first = of(store, case, "response", clock()).due_at
    correct(store, case, "urgent", clock.forward(minutes=10))
    correct(store, case, "ordinary", clock.forward(minutes=10), reason="看错了")
    found = of(store, case, "response", clock())
    assert (found.due_at, found.void, running(store, case)) == (first, False, {"response"})
    assert [one.reason.zh for one in found.history] == ["开始计时", "看错了"]
    correct(store, case, "urgent", clock.forward(minutes=30))
    assert of(store, case, "on_site_urgent", clock()).late == 10
    # By appointment, as by the way: the same clock runs on, and nothing was set.
    correct(store, case, "ordinary", clock(), reason="又看错了")
    rows = store.value("SELECT count(*) FROM deadlines WHERE case_id = ?", [case.id])
    correct(store, case, "planned", clock(), reason="约了下周")
    assert store.value("SELECT count(*) FROM deadlines WHERE case_id = ?", [case.id]) == rows


def test_a_repair_taken_on_may_still_turn_urgent_and_one_on_site_no_more(store: Store, clock: Clock) -> None:
    case = repair(store, clock)
    happens(store, case, "accept", clock.forward(minutes=5), "accepted")
    correct(store, case, "urgent", clock.forward(minutes=5))
    assert running(store, case) == {"on_site_urgent"}
    # Somebody answered long ago.
    correct(store, case, "ordinary", clock.forward(minutes=5))
    assert running(store, case) == set() and not of(store, case, "response", clock()).void
    for state in ("on_site", "suspended", "finished"):
        happens(store, case, "arrive", clock.forward(minutes=5), state)
        with pytest.raises(Refused, match="urgency_settled"):
            correct(store, case, "urgent", clock())


def test_an_agreed_time_and_another_one(store: Store, clock: Clock) -> None:
    case = repair(store, clock, "planned")
    order(store, case, at("2026-11-24T14:00"), clock())
    happens(store, case, "dispatch", clock(), "dispatched")
    assert of(store, case, "on_site", clock()).due_at == at("2026-11-24T14:15")
    happens(store, case, "accept", clock.forward(minutes=1), "accepted")
    happens(store, case, "reschedule", clock.forward(minutes=1), appointed_at=at("2026-11-25T09:00"))
    found = of(store, case, "on_site", clock())
    assert [(one.due_at, one.reason.zh) for one in found.history] == [
        (at("2026-11-24T14:15"), "开始计时"),
        (at("2026-11-25T09:15"), "改约"),
    ]
    assert found.due_at == at("2026-11-25T09:15") and found.history[1].by_name == "王琳"


def test_without_an_agreed_time_nothing_runs_by_it(store: Store, clock: Clock) -> None:
    case = repair(store, clock)
    order(store, case, None, clock())
    happens(store, case, "dispatch", clock(), "dispatched")
    assert running(store, case) == {"response"}


def test_who_came_and_sent_it_back_is_awaited_again(store: Store, clock: Clock) -> None:
    case = repair(store, clock, "planned")
    order(store, case, at("2026-11-23T14:00"), clock())
    happens(store, case, "dispatch", clock(), "dispatched")
    happens(store, case, "arrive", clock.forward(hours=3), "on_site")
    assert "on_site" not in running(store, case)
    happens(store, case, "send_back", clock.forward(minutes=5), "returned")
    order(store, case, at("2026-11-24T09:00"), clock())
    happens(store, case, "dispatch", clock.forward(minutes=5), "dispatched")
    assert of(store, case, "on_site", clock()).due_at == at("2026-11-24T09:15")


def test_a_complaint_is_heard_within_a_day_and_answered_within_three_working_days(store: Store, clock: Clock) -> None:
    case = complaint(store, clock)
    assert of(store, case, "complaint_first_feedback", clock()).due_at == at("2026-11-24T10:24")
    assert of(store, case, "complaint_reply", clock()).due_at == at("2026-11-26T17:30")
    happens(store, case, "feedback", clock.forward(hours=25))
    assert of(store, case, "complaint_first_feedback", clock()).late == 60
    assert running(store, case) == {"complaint_reply"}
    happens(store, case, "reply", clock.forward(hours=1))
    assert running(store, case) == {"follow_up"}
    happens(store, case, "follow_up", clock.forward(hours=1))
    assert running(store, case) == set()


def test_a_reply_is_due_on_its_day_also_where_the_centre_never_closes(store: Store, clock: Clock) -> None:
    site.configure(store, hours_work="00:00-24:00", hours_rest="00:00-24:00")
    clock.forward(days=4)
    case = complaint(store, clock)
    found = of(store, case, "complaint_reply", clock())
    # Friday the 27th and three working days: Wednesday, and no minute of Thursday.
    assert found.due_at == "2026-12-02T15:59:59.999Z"
    assert [one.due_at for one in found.history] == [found.due_at]


def test_a_signed_repair_is_followed_up_within_three_days(store: Store, clock: Clock) -> None:
    case = repair(store, clock)
    happens(store, case, "sign", clock.forward(hours=1))
    assert of(store, case, "follow_up", clock()).due_at == at("2026-11-26T11:24")


def test_what_is_done_twice_is_done_once(store: Store, clock: Clock) -> None:
    case = repair(store, clock)
    order(store, case, at("2026-11-24T14:00"), clock())
    for _ in range(2):
        happens(store, case, "open_repair", clock.forward(minutes=1))
        happens(store, case, "described", clock.forward(minutes=1))
        happens(store, case, "dispatch", clock.forward(minutes=1), "dispatched")
    assert store.value("SELECT count(*) FROM deadlines") == store.value("SELECT count(*) FROM clocks") == 2
    happens(store, case, "accept", clock.forward(minutes=1), "accepted")
    stopped = of(store, case, "response", clock()).stopped_at
    happens(store, case, "feedback", clock.forward(minutes=1))
    happens(store, case, "open_repair", clock.forward(minutes=1))
    assert of(store, case, "response", clock()).stopped_at == stopped
    for _ in range(2):
        happens(store, case, "suspend", clock.forward(minutes=1), "suspended", reason="material")
    for _ in range(2):
        happens(store, case, "resume", clock.forward(minutes=1), "accepted")
    assert store.value("SELECT count(*) FROM case_pauses") == 1
    assert len(of(store, case, "on_site", clock()).history) == 2


@pytest.mark.parametrize("state", ["cancelled", "merged"])
def test_the_end_of_a_case_ends_its_clocks_and_says_nothing_of_being_on_time(
    store: Store, clock: Clock, state: str
) -> None:
    case = repair(store, clock)
    store.execute(
        "INSERT INTO feedback_notices (case_id, round, about, channel, receiver, text, at, by_id)"
        " VALUES (?, 0, 'result', 'phone', 'x', 'x', ?, 1)",
        [case.id, times.to_text(clock())],
    )
    happens(store, case, "suspend", clock.forward(minutes=1), "suspended")
    happens(store, case, "cancel", clock.forward(minutes=1), state)
    assert running(store, case) == set()
    assert of(store, case, "response", clock()).void
    assert store.value("SELECT count(*) FROM case_pauses WHERE until_at IS NULL") == 0


def test_rework_starts_anew_what_it_starts(store: Store, clock: Clock) -> None:
    case = repair(store, clock)
    happens(store, case, "accept", clock.forward(minutes=5), "accepted")
    happens(store, case, "sign", clock.forward(minutes=5))
    assert running(store, case) == {"follow_up"}
    happens(store, case, "rework", clock.forward(minutes=5), "rework", anew=True)
    assert running(store, case) == {"response"}
    found = [(one.code, one.round, one.void) for one in case_clocks.of_case(store, case.id, now=clock())]
    assert sorted(found) == [("follow_up", 0, True), ("response", 0, False), ("response", 1, False)]
    happens(store, case, "sign", clock.forward(minutes=5))
    assert ("follow_up", 1) in {(one.code, one.round) for one in case_clocks.of_case(store, case.id, now=clock())}


# Pauses.


def test_a_suspension_moves_the_deadlines_and_only_what_counts_of_it(store: Store, clock: Clock) -> None:
    case = repair(store, clock)
    order(store, case, at("2026-11-24T14:00"), clock())
    happens(store, case, "dispatch", clock(), "dispatched")
    before = of(store, case, "response", clock())
    happens(store, case, "suspend", clock.forward(minutes=36), "suspended", reason="owner", note="业主出差")
    assert of(store, case, "response", clock.forward(hours=23)).stage is Stage.PAUSED
    # 204 minutes are left at 11:00, and from 10:00 the next day on: 120 to noon, 84 after the break.
    happens(store, case, "resume", clock(), "accepted")
    found = of(store, case, "response", clock())
    assert before.due_at == at("2026-11-23T15:54")
    assert found.due_at == at("2026-11-24T14:54")
    assert [one.reason.zh for one in found.history] == ["开始计时", "挂起时间顺延"]
    assert (found.gross, found.net) == (36 + 23 * 60, 36)
    assert of(store, case, "on_site", clock()).due_at == at("2026-11-25T13:15")
    row = store.row("SELECT reason, note, from_at, until_at FROM case_pauses")
    assert row is not None
    assert tuple(row) == ("owner", "业主出差", at("2026-11-23T11:00"), at("2026-11-24T10:00"))


def test_a_clock_that_was_late_before_the_suspension_stays_late(store: Store, clock: Clock) -> None:
    case = repair(store, clock, "urgent")
    happens(store, case, "suspend", clock.forward(minutes=40), "suspended")
    assert of(store, case, "on_site_urgent", clock.forward(hours=5)).stage is Stage.OVERDUE
    happens(store, case, "resume", clock(), "accepted")
    found = of(store, case, "on_site_urgent", clock())
    assert (found.stage, found.late) == (Stage.OVERDUE, 10)


def test_a_time_agreed_during_the_suspension_holds(store: Store, clock: Clock) -> None:
    case = repair(store, clock)
    order(store, case, at("2026-11-23T14:00"), clock())
    happens(store, case, "dispatch", clock(), "dispatched")
    happens(store, case, "suspend", clock.forward(minutes=5), "suspended")
    happens(store, case, "reschedule", clock.forward(minutes=5), appointed_at=at("2026-11-25T09:00"))
    happens(store, case, "resume", clock.forward(hours=30), "accepted")
    assert of(store, case, "on_site", clock()).due_at == at("2026-11-25T09:15")


# Never silently.


def test_no_deadline_changes_without_its_reason(store: Store, clock: Clock) -> None:
    case = repair(store, clock)
    with pytest.raises(sqlite3.IntegrityError, match="changed silently"):
        store.execute("UPDATE clocks SET due_at = ? WHERE case_id = ?", [at("2027-01-01T00:00"), case.id])
    with pytest.raises(sqlite3.IntegrityError, match="without its reason"):
        store.execute(
            "INSERT INTO clocks (case_id, clock, round, started_at, due_at) VALUES (?, 'on_site', 0, ?, ?)",
            [case.id, at("2026-11-23T10:24"), at("2026-11-23T10:54")],
        )
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        store.execute("UPDATE deadlines SET reason = 'x'")


def change(store: Store, case: Case, by: Actor, now: datetime, due_at: str = "2026-11-24T10:00", **also: str) -> None:
    case_clocks.change(store, no=case.no, clock="response", due_at=due_at, reason="业主要求", by=by, now=now, **also)


def test_a_head_moves_a_deadline_with_a_reason(store: Store, clock: Clock) -> None:
    case = repair(store, clock)
    head = actor(store, Role.DEPARTMENT_HEAD)
    change(store, case, head, clock.forward(minutes=5))
    found = of(store, case, "response", clock())
    assert found.due_at == at("2026-11-24T10:00")
    assert (found.history[-1].reason.zh, found.history[-1].by_name) == ("业主要求", "赵强")
    last = events.history(store, "case", case.id)[-1]
    assert (last["what"], last["by_id"]) == ("change_deadline", head.id)
    assert "业主" not in str(last["detail"])


@pytest.mark.parametrize(
    ("due_at", "code"),
    [
        ("", "deadline_invalid"),
        ("2026-11-24", "deadline_invalid"),
        ("2026-11-24T10:00+08:00", "deadline_invalid"),
        ("9999-12-31T23:59", "deadline_too_far"),
        ("0001-01-01T00:00", "deadline_not_ahead"),
        ("2026-11-23T10:24", "deadline_not_ahead"),
        ("2028-01-01T00:00", "deadline_too_far"),
        ("next week\x00", "deadline_invalid"),
    ],
)
def test_a_deadline_that_cannot_be(store: Store, clock: Clock, due_at: str, code: str) -> None:
    case = repair(store, clock)
    with pytest.raises(Refused) as refused:
        change(store, case, actor(store, Role.MANAGER), clock(), due_at)
    assert refused.value.code in {code, "deadline_invalid" if due_at.startswith(("0001", "9999")) else code}
    assert len(of(store, case, "response", clock()).history) == 1


def test_a_change_needs_a_reason_a_role_a_reach_and_a_fresh_look(store: Store, clock: Clock) -> None:
    case, other = repair(store, clock), complaint(store, clock)
    manager = actor(store, Role.MANAGER)
    with pytest.raises(Refused, match="reason_missing"):
        case_clocks.change(
            store, no=case.no, clock="response", due_at="2026-11-24T10:00", reason=" ", by=manager, now=clock()
        )
    with pytest.raises(Refused, match="not_permitted"):
        change(store, case, actor(store, Role.RECEPTIONIST), clock())
    with pytest.raises(Refused, match="case_unknown"):
        case_clocks.change(
            store,
            no=other.no,
            clock="complaint_reply",
            due_at="2026-11-24T10:00",
            reason="x",
            by=actor(store, Role.DEPARTMENT_HEAD),
            now=clock(),
        )
    was = of(store, case, "response", clock()).due_at
    change(store, case, manager, clock(), was=was)
    with pytest.raises(Refused, match="changed_meanwhile"):
        change(store, case, manager, clock(), "2026-11-25T10:00", was=was)
    happens(store, case, "accept", clock.forward(minutes=1), "accepted")
    with pytest.raises(Refused, match="clock_unknown"):
        change(store, case, manager, clock())


# Due lists.


def test_the_due_list_by_person_and_department(store: Store, clock: Clock) -> None:
    first, second = repair(store, clock, "urgent"), complaint(store, clock)
    receptionist, manager = actor(store, Role.RECEPTIONIST), actor(store, Role.MANAGER)
    worker = actor(store, Role.WORKER)
    everything = due.due_list(store, by=manager, now=clock())
    assert [one.code for one in everything] == ["on_site_urgent", "complaint_first_feedback", "complaint_reply"]
    assert {one.name for one in everything} == {"张**", "李**"}
    assert due.due_list(store, by=receptionist, now=clock(), owner=receptionist.id)[0].name == "张建国"
    of_service = due.due_list(store, by=manager, now=clock(), department="service")
    assert {one.case_no for one in of_service} == {second.no}
    assert due.due_list(store, by=manager, now=clock(), owner=worker.id) == []
    order(store, first, None, clock())
    store.execute("UPDATE work_orders SET worker_id = ? WHERE case_id = ?", [worker.id, first.id])
    assert [one.case_no for one in due.due_list(store, by=manager, now=clock(), owner=worker.id)] == [first.no]
    assert (worker.id, "赵刚") in due.people_of(store, by=manager)


@pytest.mark.parametrize("role", [Role.DEPARTMENT_HEAD, Role.TEAM_LEADER])
def test_a_head_of_department_sees_only_his_own(store: Store, clock: Clock, role: Role) -> None:
    case = repair(store, clock, "urgent")
    complaint(store, clock)
    head = actor(store, role)
    now = clock.forward(days=10)
    for asked in (None, "service", "maintenance"):
        found = due.due_list(store, by=head, now=now, department=asked)
        assert {one.case_no for one in found} == (set() if asked == "service" else {case.no})
    assert due.overdue_count(store, by=head, now=now) == 1
    assert due.overdue_count(store, by=actor(store, Role.MANAGER), now=now) == 3


@pytest.mark.parametrize("role", [Role.WORKER, Role.ADMINISTRATOR, Role.KIOSK])
def test_others_see_no_due_list(store: Store, clock: Clock, role: Role) -> None:
    with pytest.raises(Refused, match="not_permitted"):
        due.due_list(store, by=actor(store, role), now=clock())


# Handed up.


def test_an_overdue_clock_is_handed_up_once(store: Store, clock: Clock) -> None:
    case, other = repair(store, clock, "urgent"), complaint(store, clock)
    assert due.escalate_due(store, by=BOX, now=clock.forward(minutes=30)) == 0
    assert due.escalate_due(store, by=BOX, now=clock.forward(minutes=1)) == 1
    assert due.escalate_due(store, by=BOX, now=clock.forward(minutes=1)) == 0
    head, service = actor(store, Role.DEPARTMENT_HEAD), actor(store, Role.SERVICE_HEAD)
    assert [one.case_no for one in due.due_list(store, by=head, now=clock(), escalated_to=head.id)] == [case.no]
    # Service has no head of department in the demo: the head of service it is.
    assert due.escalate_due(store, by=BOX, now=clock.forward(days=1)) == 1
    found = due.due_list(store, by=service, now=clock(), escalated_to=service.id)
    assert [(one.case_no, one.code) for one in found] == [(other.no, "complaint_first_feedback")]
    assert [one["what"] for one in events.history(store, "case", case.id)][-1] == "escalate"
    happens(store, case, "arrive", clock(), "on_site")
    assert due.due_list(store, by=head, now=clock(), escalated_to=head.id) == []


@pytest.mark.parametrize("came_once", [True, False])
def test_another_time_that_is_missed_too_is_handed_up_again(store: Store, clock: Clock, came_once: bool) -> None:
    case, head = repair(store, clock), actor(store, Role.DEPARTMENT_HEAD)
    order(store, case, at("2026-11-23T14:00"), clock())
    happens(store, case, "dispatch", clock(), "dispatched")
    missed = datetime.fromisoformat("2026-11-23T16:00+08:00")

    def handed_up(now: datetime) -> list[str]:
        due.escalate_due(store, by=BOX, now=now)
        found = due.due_list(store, by=head, now=now, escalated_to=head.id)
        return [one.code for one in found if one.code == "on_site"]

    assert handed_up(missed) == ["on_site"]
    if came_once:
        happens(store, case, "arrive", missed, "on_site")
    again = missed + timedelta(minutes=1)
    order(store, case, at("2026-11-24T09:00"), again)
    happens(store, case, "dispatch", again, "dispatched")
    # Not yet due: nothing stands handed up; once it is missed as well, its head hears of it.
    assert handed_up(again) == []
    assert handed_up(again + timedelta(days=1)) == ["on_site"]
    ran = store.rows("SELECT started_at FROM clock_runs WHERE clock = 'on_site'")
    assert len(ran) == came_once


def test_without_any_head_it_waits(store: Store, clock: Clock) -> None:
    repair(store, clock, "urgent")
    now = clock.forward(hours=1)
    store.execute("UPDATE staff SET active = 0 WHERE role IN ('department_head', 'service_head', 'manager')")
    assert due.escalate_due(store, by=BOX, now=now) == 0
    store.execute("UPDATE staff SET active = 1 WHERE role = 'manager'")
    assert due.escalate_due(store, by=BOX, now=now) == 1
    assert store.value("SELECT to_id FROM escalations") == actor(store, Role.MANAGER).id


def test_what_is_suspended_is_not_handed_up(store: Store, clock: Clock) -> None:
    case = repair(store, clock, "urgent")
    happens(store, case, "suspend", clock.forward(minutes=5), "suspended")
    assert due.escalate_due(store, by=BOX, now=clock.forward(hours=5)) == 0
    happens(store, case, "resume", clock(), "accepted")
    assert due.escalate_due(store, by=BOX, now=clock.forward(minutes=25)) == 0
    assert due.escalate_due(store, by=BOX, now=clock.forward(minutes=1)) == 1


def test_while_the_clock_of_the_box_is_wrong_nothing_is_handed_up(store: Store, clock: Clock) -> None:
    repair(store, clock, "urgent")
    with writing(store):
        events.record(store, "x", "site", 0, by=BOX, at=clock() + timedelta(days=30))
    assert due.escalate_due(store, by=BOX, now=clock()) == 0


def test_what_a_clock_that_ran_ahead_started_is_counted_anew(store: Store, clock: Clock) -> None:
    right = clock()
    clock.forward(days=30)
    case = repair(store, clock, "urgent")
    clock_care.correct(store, by=actor(store, Role.MANAGER), now=right)
    found = of(store, case, "on_site_urgent", right)
    assert (found.started_at, found.due_at) == (at("2026-11-23T10:24"), at("2026-11-23T10:54"))
    assert found.history[-1].reason.zh == "主机时间校正，重新计时"
    assert due.escalate_due(store, by=BOX, now=right + timedelta(minutes=31)) == 1


def test_only_the_box_hands_up(store: Store, clock: Clock) -> None:
    with pytest.raises(Refused, match="not_permitted"):
        due.escalate_due(store, by=actor(store, Role.MANAGER), now=clock())


LATER = datetime.fromisoformat("2026-11-25T12:00+08:00")


def hand_up(store: Store, gate: Gate, guarded: bool) -> int:
    """Hand up in a process of its own; without its guard every clock is found again."""
    if not guarded:
        mock.patch("reception.due._NOT_YET", "1").start()
    gate.wait()
    return due.escalate_due(store, by=BOX, now=LATER)


def test_two_processes_hand_each_up_once(store: Store, home: Path, clock: Clock) -> None:
    for number in range(10):
        repair(store, clock, "urgent", nonce=f"r{number}")
    counts = race(home, (hand_up, True), (hand_up, True))
    assert sorted(counts) == [0, 10]
    assert store.value("SELECT count(*) FROM events WHERE what = 'escalate'") == 10


def test_without_the_guard_the_store_itself_refuses_the_second(store: Store, home: Path, clock: Clock) -> None:
    repair(store, clock, "urgent")
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        race(home, (hand_up, False), (hand_up, False))
    assert store.value("SELECT count(*) FROM events WHERE what = 'escalate'") == 1
