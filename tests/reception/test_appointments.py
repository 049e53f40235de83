"""The life of an appointment: booked, told, changed with a reason, checked in by its time, missed; none privately."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from db import paper_care, spool
from db.store import Store, open_store
from lobbydesk.home import store_path
from reception import (
    acknowledgements,
    appointment_arrivals,
    appointment_day,
    appointment_facts,
    appointment_slips,
    appointments,
    case_care,
    case_views,
    cases,
    closing,
    events,
    feedback,
    in_building,
    queue,
    standing,
    tellings,
    tickets,
)
from reception.cases import Case
from reception.permissions import BOX, KIOSK, Role
from reception.refusal import Refused
from reception.rules.appointment_states import STEPS, TERMINAL
from reception.rules.order import Group
from reception.site import configure
from tests.conftest import Clock, actor
from tests.reception.test_races import Gate, race
from tests.reception.visitors import Visitors

HOURS = {"hours_work": "08:30-12:00,13:30-17:30", "hours_rest": ""}


@pytest.fixture
def made(store: Store, clock: Clock) -> Visitors:
    return Visitors(store, clock)


def state(store: Store, case: Case) -> str:
    return str(store.value("SELECT state FROM cases WHERE id = ?", [case.id]))


def told(store: Store, made: Visitors, who: Any = None) -> list[str]:
    return [one.what for one in tellings.mine(store, by=who or made.host)]


def test_the_desk_books_the_host_agrees_and_the_visitor_is_received(store: Store, made: Visitors, clock: Clock) -> None:
    case = made.book(slip="1")
    assert case.no.startswith("YY") and case.state == "booked"
    assert (case.owner_id, case.department) == (made.host.id, "maintenance")
    (telling,) = tellings.mine(store, by=made.host)
    assert (telling.what, telling.name) == ("booked", "钱多多"), "the host sees his own visitor whole"
    acknowledgements.acknowledge(store, telling_id=str(telling.id), **made.by(made.host))
    assert state(store, case) == "confirmed" and told(store, made) == []
    clock.at = datetime(2026, 11, 23, 2, 55, tzinfo=UTC)
    ticket = appointment_arrivals.arrive(store, no=case.no, by=made.desk, now=clock())
    assert ticket.due_at == "2026-11-23T03:00:00.000Z" and state(store, case) == "arrived"
    assert told(store, made) == ["arrived"]
    assert cases.whole(store, case.id).visit_id == ticket.visit_id
    queue.call_next(store, counter="1", line=None, holding=None, by=made.desk, now=clock())
    queue.complete(store, counter="1", holding=ticket.no, **made.also)
    (guest,) = in_building.guests(store, by=made.desk, now=clock())
    assert (guest.no, guest.where.zh) == (ticket.no, "工程维修部"), "he is inside until he leaves"
    appointments.finish(store, no=case.no, note="方案通过", **made.by(made.host))
    assert state(store, case) == "done" and told(store, made) == []


def test_whom_his_host_fetched_out_of_the_lobby_is_called_no_more(store: Store, made: Visitors, clock: Clock) -> None:
    case = made.book()
    ticket = appointment_arrivals.arrive(store, no=case.no, **made.also)
    appointments.finish(store, no=case.no, **made.by(made.host))
    assert queue.call_next(store, counter="1", by=made.desk, now=clock()) is None
    assert tickets.by_id(store, ticket.id).state == "cancelled"
    assert in_building.people(store, by=made.desk, now=clock()) == []


def test_who_books_himself_has_agreed_and_nobody_is_told(store: Store, made: Visitors) -> None:
    case = made.book(host="", **made.by(made.host))
    assert case.state == "confirmed"
    assert store.value("SELECT count(*) FROM tellings") == 0
    with pytest.raises(Refused, match="appointment_not_yours"):
        made.book(host="wanglin", expected_at="14:00", **made.by(made.host))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"host": "zhaogang"}, "host_unknown"),
        ({"host": "nobody"}, "host_unknown"),
        ({"purpose": " "}, "purpose_missing"),
        ({"name": ""}, "name_missing"),
        ({"phone": ""}, "phone_missing"),
        ({"expected_at": "soon"}, "expected_time_invalid"),
        ({"expected_at": "9:00"}, "expected_time_past"),
        ({"expected_at": "2027-11-24T10:00"}, "expected_time_too_far"),
        ({"expected_at": "12:15"}, "expected_time_closed"),
        ({"expected_at": "17:25"}, "expected_time_closed"),
        ({"expected_at": "2026-11-28T10:00"}, "expected_time_closed"),
        ({"source": "kiosk"}, "choice_unknown"),
        ({"bring": "11010519491231002X"}, "id_number"),
    ],
)
def test_what_is_not_booked(store: Store, made: Visitors, said: dict[str, str], code: str) -> None:
    configure(store, **HOURS)
    before = list(store.connection.iterdump())
    with pytest.raises(Refused, match=code):
        made.book(**said)
    assert list(store.connection.iterdump()) == before


def test_the_time_of_a_host_is_taken_once(store: Store, made: Visitors) -> None:
    first = made.book()
    for near in ("10:45", "11:29"):
        with pytest.raises(Refused, match="host_busy"):
            made.book(expected_at=near)
    made.book(expected_at="11:30")
    made.book(host="chenjing")
    appointments.cancel(store, no=first.no, reason="有事", channel="phone", **made.also)
    made.book()
    with pytest.raises(sqlite3.IntegrityError):
        store.execute("UPDATE appointments SET live = 1 WHERE case_id = ?", [first.id])


def test_a_change_has_its_reason_and_is_told_to_everybody(store: Store, made: Visitors) -> None:
    case = made.book(slip="1")
    for said in ({"reason": ""}, {"channel": "thought"}, {"expected_at": "11:00"}, {"expected_at": ""}):
        form: dict[str, Any] = {"expected_at": "15:00", "reason": "开会", "channel": "phone", **said, **made.also}
        with pytest.raises(Refused):
            appointments.change(store, no=case.no, **form)
    changed = appointments.change(
        store, no=case.no, expected_at="15:00", host="sunlei", reason="开会", channel="phone", slip="1", **made.also
    )
    assert changed.state == "rescheduled"
    assert told(store, made) == ["handed_on"], "the host before, of the last word alone"
    leader = actor(store, Role.TEAM_LEADER)
    assert told(store, made, leader) == ["changed"]
    (notice,) = feedback.of_case(store, case.id)
    assert notice.text == "您的预约改为 11月23日（周一）15:00，由孙磊接待，地点：服务中心前台。原因：开会"
    (change,) = appointment_facts.changes(store, case.id)
    assert (change.was_at, change.was_host, change.reason) == ("2026-11-23T03:00:00.000Z", "赵强", "开会")
    editions = paper_care.of_ref(store, cases.ref(case))
    assert [(one.part, one.state) for one in editions] == [("", "void"), ("2", "queued")]
    with pytest.raises(Refused, match="paper_outdated"):
        appointment_slips.rebuild(store, changed, "appointment_slip", "")
    assert appointment_slips.slip(store, changed).edition == 2


def test_the_store_refuses_a_private_change(store: Store, made: Visitors) -> None:
    case = made.book()
    with pytest.raises(sqlite3.IntegrityError, match="privately"):
        store.execute("UPDATE appointments SET expected_at = '2026-11-23T07:00:00.000Z' WHERE case_id = ?", [case.id])
    store.execute(
        "INSERT INTO appointment_changes SELECT case_id, 2, expected_at, host_id, '开会', ?, 1 FROM appointments",
        ["2026-11-23T03:00:00.000Z"],
    )
    with pytest.raises(sqlite3.IntegrityError, match="not told"):
        store.execute("UPDATE appointments SET expected_at = '2026-11-23T07:00:00.000Z', edition = 2")
    with pytest.raises(sqlite3.IntegrityError, match="without an answer"):
        store.execute("UPDATE cases SET state = 'cancelled', closed_at = 'x' WHERE id = ?", [case.id])


def test_an_old_word_confirms_no_new_time(store: Store, made: Visitors) -> None:
    case = made.book()
    (booked,) = tellings.mine(store, by=made.host)
    appointments.change(store, no=case.no, expected_at="15:00", reason="开会", channel="phone", **made.also)
    acknowledgements.acknowledge(store, telling_id=str(booked.id), **made.by(made.host))
    assert state(store, case) == "rescheduled" and told(store, made) == ["changed"]
    (changed,) = tellings.mine(store, by=made.host)
    acknowledgements.acknowledge(store, telling_id=str(changed.id), **made.also)
    assert state(store, case) == "confirmed", "the desk told him by telephone"
    seen = tellings.of_case(store, case.id, by=made.desk)[-1]
    assert seen.seen_by == made.desk.name


def test_a_telling_is_nobody_else_s(store: Store, made: Visitors) -> None:
    made.book()
    (telling,) = tellings.mine(store, by=made.host)
    for who in (made.manager, actor(store, Role.TEAM_LEADER)):
        assert tellings.mine(store, by=who) == []
        with pytest.raises(Refused, match="telling_unknown"):
            acknowledgements.acknowledge(store, telling_id=str(telling.id), **made.by(who))


@pytest.mark.parametrize(
    ("minutes", "group"), [(-40, Group.ORDINARY), (-9, Group.BOOKED), (14, Group.BOOKED), (16, Group.PRIORITY)]
)
def test_the_slip_at_the_kiosk_gives_a_number_by_its_time(
    store: Store, made: Visitors, clock: Clock, minutes: int, group: Group
) -> None:
    case = made.book(expected_at="11:30")
    clock.at = datetime(2026, 11, 23, 3, 30, tzinfo=UTC) + timedelta(minutes=minutes)
    page = appointment_arrivals.shown(store, token=case.token.lower(), by=KIOSK, now=clock())
    assert page is not None
    ticket = tickets.by_token(store, page)
    assert dict(standing.in_order(store, now=clock()))[ticket.id] is group
    again = appointment_arrivals.shown(store, token=case.token, by=KIOSK, now=clock.forward(minutes=1))
    assert again == page, "held to it once more it is the same number"
    assert store.value("SELECT count(*) FROM tickets") == 1


def test_another_day_and_what_is_over_say_so_kindly(store: Store, made: Visitors, clock: Clock) -> None:
    case = made.book(expected_at="明天 10:00")
    assert appointment_arrivals.shown(store, token=case.token, by=KIOSK, now=clock()) == case.token
    view = case_views.progress(store, case, now=clock())
    assert (
        view is not None
        and view.note is not None
        and "不是今天" in view.note.zh
        and "11月24日（周二）10:00" in view.sentence.zh
    )
    appointments.cancel(store, no=case.no, reason="有事", channel="phone", **made.also)
    assert appointment_arrivals.shown(store, token=case.token, by=KIOSK, now=clock.forward(days=1)) == case.token
    over = case_views.progress(store, cases.whole(store, case.id), now=clock())
    assert over is not None and "已取消" in over.sentence.zh
    assert store.value("SELECT count(*) FROM tickets") == 0
    assert appointment_arrivals.shown(store, token="A" * 26, by=KIOSK, now=clock()) is None


def test_a_closed_centre_takes_nobody_at_the_kiosk_and_the_desk_decides(
    store: Store, made: Visitors, clock: Clock
) -> None:
    configure(store, **HOURS)
    case = made.book(expected_at="13:30")
    clock.at = datetime(2026, 11, 23, 5, 20, tzinfo=UTC)
    with pytest.raises(Refused, match="appointment_closed_now"):
        appointment_arrivals.shown(store, token=case.token, by=KIOSK, now=clock())
    assert appointment_arrivals.arrive(store, no=case.no, by=made.desk, now=clock()).state == "waiting"


def test_a_missed_call_and_the_slip_again(store: Store, made: Visitors, clock: Clock) -> None:
    from reception import absence

    case = made.book()
    ticket = appointment_arrivals.arrive(store, no=case.no, **made.also)
    queue.call_next(store, counter="1", line=None, holding=None, **made.also)
    absence.miss(store, counter="1", holding=ticket.no, **made.also)
    assert appointment_arrivals.shown(store, token=case.token, by=KIOSK, now=clock.forward(minutes=1)) == ticket.token
    assert tickets.by_id(store, ticket.id).state == "waiting"


def test_at_the_desk_by_number_or_the_end_of_the_telephone(store: Store, made: Visitors) -> None:
    case = made.book()
    made.book(host="chenjing", phone="13800002222", expected_at="11:00")
    tomorrow = made.book(host="sunlei", phone="13800003333", expected_at="明天 10:00")
    with pytest.raises(Refused, match="appointment_several_today"):
        appointment_arrivals.arrive_by(store, who="2222", **made.also)
    for who in ("3333", "9999", tomorrow.no, ""):
        with pytest.raises(Refused, match="appointment_none_today"):
            appointment_arrivals.arrive_by(store, who=who, **made.also)
    ticket = appointment_arrivals.arrive_by(store, who=case.no.lower(), **made.also)
    assert ticket.no == appointment_facts.details(store, case).ticket_no
    # One of the two is here: the end of the telephone says which is to come.
    appointment_arrivals.arrive_by(store, who="2222", **made.also)
    assert store.value("SELECT count(*) FROM tickets") == 2


def test_who_did_not_come_is_missed_at_the_close_and_his_host_calls_him(
    store: Store, made: Visitors, clock: Clock
) -> None:
    configure(store, **HOURS)
    case, here, later = made.book(), made.book(host="chenjing"), made.book(host="sunlei", expected_at="明天 10:00")
    appointment_arrivals.arrive(store, no=here.no, **made.also)
    clock.at = datetime(2026, 11, 23, 3, 10, tzinfo=UTC)
    head = actor(store, Role.SERVICE_HEAD)
    closing.close_day(store, day=closing.today(store, now=clock()), by=head, now=clock())
    assert state(store, case) == "booked", "not late yet when the head ended the day"
    clock.at = datetime(2026, 11, 23, 10, 31, tzinfo=UTC)
    closing.close_due(store, by=BOX, now=clock())
    assert [state(store, one) for one in (case, here, later)] == ["no_show", "done", "booked"]
    assert told(store, made) == ["missed"]
    before = events.last_at(store)
    closing.close_due(store, by=BOX, now=clock.forward(minutes=1))
    assert events.last_at(store) == before, "closed again, nothing happens"
    with pytest.raises(Refused, match="nothing_changed"):
        appointments.change(store, no=case.no, host="sunlei", reason="改期", channel="phone", **made.by(made.manager))
    clock.at += timedelta(hours=14)
    again = appointments.change(
        store, no=case.no, expected_at="今天 14:00", reason="改期", channel="phone", **made.by(made.host)
    )
    assert (again.state, again.closed_at) == ("confirmed", None)
    clock.at = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    assert appointment_arrivals.arrive(store, no=case.no, by=made.desk, now=clock()).state == "waiting"


def test_only_its_host_and_the_desk_touch_an_appointment(store: Store, made: Visitors) -> None:
    case = made.book()
    leader = actor(store, Role.TEAM_LEADER)
    acts: list[tuple[Any, dict[str, Any]]] = [
        (appointments.cancel, {"reason": "x", "channel": "phone"}),
        (appointments.change, {"expected_at": "15:00", "reason": "x", "channel": "phone"}),
        (appointments.finish, {}),
    ]
    for act, said in acts:
        with pytest.raises(Refused, match="appointment_not_yours"):
            act(store, no=case.no, **said, **made.by(leader))


def test_another_holder_of_the_case_is_no_host(store: Store, made: Visitors) -> None:
    case = made.book()
    leader, head = actor(store, Role.TEAM_LEADER), actor(store, Role.SERVICE_HEAD)
    case_care.assign(store, no=case.no, owner="sunlei", **made.by(head))
    with pytest.raises(Refused, match="appointment_not_yours"):
        appointments.cancel(store, no=case.no, reason="x", channel="phone", **made.by(leader))
    (telling,) = tellings.mine(store, by=made.host)
    acknowledgements.acknowledge(store, telling_id=str(telling.id), **made.by(made.host))
    assert state(store, case) == "confirmed"
    appointment_arrivals.arrive(store, no=case.no, **made.also)
    assert (told(store, made), told(store, made, leader)) == (["arrived"], [])


def test_the_list_of_a_day_is_each_reader_s_own(store: Store, made: Visitors, clock: Clock) -> None:
    case, other = made.book(), made.book(host="wanglin")
    on = appointment_day.day(store, "", now=clock())

    def seen(who: Any, **asked: Any) -> list[tuple[str, str]]:
        return [(one.no, one.name) for one in appointment_day.of_day(store, on, by=who, now=clock(), **asked)]

    assert seen(made.host) == [(case.no, "钱多多")], "of his department alone"
    assert seen(made.desk) == [(case.no, "钱**"), (other.no, "钱多多")]
    assert seen(made.desk, mine=True) == [(other.no, "钱多多")]
    assert appointment_day.to_come_today(store, by=made.desk, now=clock()) == 2
    (row, _) = appointment_day.rows(store, appointment_day.of_day(store, on, by=made.desk, now=clock()))
    assert row["phone"] == "139****2222" and row["time"] == "2026-11-23 11:00"


def test_the_slip_says_no_telephone_of_the_host_and_no_name(store: Store, made: Visitors) -> None:
    case = made.book(bring="图纸", slip="1")
    job = spool.claim(store, "front", "2026-11-23T02:30:00.000Z")
    assert job is not None and "13911112222" not in job.facts and "钱多多" not in job.facts
    slip = appointment_slips.slip(store, case)
    assert (slip.name, slip.phone, slip.bring, slip.host) == ("钱**", "139****2222", "图纸", "赵强")


def _scan(store: Store, gate: Gate, token: str, now: datetime) -> str | None:
    gate.wait()
    return appointment_arrivals.shown(store, token=token, by=KIOSK, now=now)


def test_two_kiosks_scan_one_slip_and_there_is_one_ticket(
    home: Path, store: Store, made: Visitors, clock: Clock
) -> None:
    case = made.book()
    store.close()
    pages = race(home, *[(_scan, case.token, clock())] * 6)
    assert len(set(pages)) == 1 and pages[0] is not None, pages
    after = open_store(store_path(home))
    assert after.value("SELECT count(*) FROM tickets") == 1
    assert after.value("SELECT count(*) FROM tellings WHERE what = 'arrived'") == 1
    after.close()


def test_the_life_is_whole() -> None:
    reached = {step.after for step in STEPS.values()} | {"booked"}
    left = set().union(*(step.before for step in STEPS.values()))
    assert reached == set(appointment_facts.STATES)
    assert reached - left == set(TERMINAL) - {"no_show"}
