"""The visit day itself: arrivals, the order, calls to the room alone, talks, and nobody left in between."""

import contextlib
import sqlite3
import threading
from datetime import timedelta
from typing import Any

import pytest

from db.store import Store, open_store, writing
from reception import (
    absence,
    booking_facts,
    booking_steps,
    bookings,
    cases,
    closing,
    departures,
    hand_numbers,
    lines,
    practice,
    queue,
    session_arrivals,
    session_calls,
    session_figures,
    session_guests,
    session_talks,
    session_view,
    sign_ends,
    standing,
    tickets,
    transfers,
    visit_day_figures,
    visit_day_session,
    visit_days,
    visits,
)
from reception.booking_owners import Proof
from reception.permissions import BOX, KIOSK, Role
from reception.refusal import Refused
from tests.conftest import Clock, actor
from tests.reception.session_life import OPENS, SessionLife


@pytest.fixture
def made(store: Store, clock: Clock) -> SessionLife:
    return SessionLife(store, clock, guests=4)


def code_of(act: Any, *args: Any, **form: Any) -> str:
    with pytest.raises(Refused) as refused:
        act(*args, **form)
    return refused.value.code


def test_the_guest_line_is_no_counters_line(made: SessionLife) -> None:
    line, room = lines.guest_line(made.store), lines.session_room(made.store)
    assert (line.prefix, room.name.zh) == ("H", "接待室")
    assert line.code not in {one.code for one in (*lines.lines(made.store), *lines.in_private(made.store))}
    assert room.no not in {one.no for one in lines.counters(made.store)} | set(lines.skills(made.store))
    assert all(line.code not in of for of in lines.skills(made.store).values())
    assert line.code not in standing.newcomers(made.store, ["general"], now=made.now)
    assert code_of(lines.find_line, made.store, line.code) == "line_unknown"
    assert code_of(lines.find_counter, made.store, room.no) == "counter_unknown"
    # Also where a counter was given it by hand, or serves everything.
    with writing(made.store):
        made.store.execute("INSERT INTO counter_lines (counter, line) VALUES ('1', ?)", [line.code])
    assert line.code not in lines.skills(made.store)["1"]


def test_nobody_takes_a_number_of_it_but_by_checking_in(made: SessionLife) -> None:
    made.at("10:00")
    for by in (KIOSK, made.desk):
        assert (
            code_of(visits.check_in, made.store, line="visit-guest", nonce="n1", by=by, now=made.now) == "line_unknown"
        )
    slip = {"line": "visit-guest", "first": "H001", "nonce": "n2"}
    assert code_of(hand_numbers.enter, made.store, **slip, by=made.desk, now=made.now) == "line_unknown"
    assert "visit-guest" not in hand_numbers.last_numbers(made.store, made.now)


def test_arrivals_early_on_time_late_and_what_the_page_says(made: SessionLife) -> None:
    first, second, third, fourth = made.guests
    made.at("09:30")
    assert made.scan(first) != first.token and booking_facts.details(made.store, first).arrival == "early"
    made.at("10:06")
    made.check_in(second)
    made.at("10:46")
    made.check_in(third)
    assert [booking_facts.details(made.store, one).arrival for one in (second, third)] == ["on_time", "late"]
    # On time up to the very minute, both ways.
    made.at("10:35")
    assert made.again(first).state == "checked_in" and made.waiting == ["H001", "H002", "H003"]
    unsigned = made.guests[3]
    assert unsigned.state == "admitted"
    assert made.scan(fourth) != fourth.token


def test_the_page_of_a_booking_says_what_the_wall_says_of_his_number(store: Store, clock: Clock) -> None:
    made = SessionLife(store, clock, guests=1)
    made.at("09:55")
    guest = made.guests[0]
    no = made.check_in(guest).no

    def said() -> tuple[str, str]:
        note = session_view.note(store, made.again(guest), now=made.now)
        assert note is not None
        return note.code, note.words.zh

    assert said()[0] == "here"
    made.call()
    assert said() == ("called", f"{no} 轮到您了，请现在到接待室")
    session_calls.miss(store, holding=no, by=made.desk, now=made.now)
    assert said()[0] == "missed" and "扫码" in said()[1]
    made.scan(guest)
    assert said()[0] == "here"


@pytest.mark.parametrize("state", ["booked", "under_review"])
def test_not_admitted_not_today_over_the_page_says_it(store: Store, clock: Clock, state: str) -> None:
    made = SessionLife(store, clock, guests=1)
    unsigned = made.book()
    with writing(store):
        if state != made.again(unsigned).state:
            store.execute("UPDATE cases SET state = ? WHERE id = ?", [state, unsigned.id])
    guest = made.guests[0]
    assert made.scan(guest) == guest.token and made.again(guest).state == "admitted"
    assert code_of(made.check_in, guest) == "visit_other_day"
    note = session_view.note(store, made.again(guest), now=made.now)
    assert note is not None and note.code == "other_day" and "12月4日（周五）来" in note.words.zh
    # Never as if it were fixed while it is not (K3, 12): at the scanner neither, nor on the agenda's strip.
    with writing(store):
        store.execute("UPDATE visit_days SET provisional = 1")
    note = session_view.note(store, made.again(guest), now=made.now)
    assert note is not None and "（暂定）" in note.words.zh and "(provisional)" in note.words.en
    assert "（暂定）" in made.day.said.zh
    made.at("10:00")
    assert made.scan(unsigned) == unsigned.token and code_of(made.check_in, unsigned) == "visit_not_admitted"
    note = session_view.note(store, made.again(unsigned), now=made.now)
    assert note is not None and note.code == "not_admitted"
    made.at("12:01")
    assert made.tick() == (1, 1)
    assert made.again(guest).state == "no_show" and code_of(made.check_in, guest) == "step_not_now"
    assert made.scan(guest) == guest.token


def test_twice_is_once_and_a_withdrawn_guest_is_called_by_nobody(made: SessionLife) -> None:
    made.at("10:00")
    first, second = made.guests[:2]
    ticket = made.check_in(first)
    assert made.check_in(first).id == ticket.id and made.scan(first) == ticket.token
    made.check_in(second)
    booking_steps.withdraw(made.store, no=first.no, reason="不来了", by=made.desk, now=made.now)
    assert made.waiting == ["H002"]
    called = made.call()
    assert called is not None and called.no == "H002"
    assert tickets.by_id(made.store, ticket.id).state == "cancelled"


def test_every_door_of_the_queue_is_closed_to_guests_for_every_role(made: SessionLife) -> None:
    made.at("10:00")
    ticket = made.check_in(made.guests[0])
    other = made.check_in(made.guests[1])
    store = made.store
    everybody = [role for role in Role if role not in {Role.KIOSK, Role.TOKEN_HOLDER, Role.BOX}]
    for role in everybody:
        by, now = actor(store, role), made.now
        doors: list[tuple[Any, dict[str, str]]] = [
            (queue.call_next, {"counter": "1"}),
            (queue.call_next, {"counter": "1", "line": "visit-guest"}),
            (queue.call_next, {"counter": "session"}),
            (queue.call_one, {"counter": "1", "ticket_no": "H001", "reason": "manager"}),
            (queue.call_one, {"counter": "session", "ticket_no": "H001", "reason": "manager"}),
            (absence.restore, {"ticket_no": "H001"}),
            (absence.unpark, {"ticket_no": "H001"}),
            (absence.cancel, {"token": ticket.token}),
            (absence.postpone, {"token": ticket.token}),
            (absence.prioritise, {"token": ticket.token}),
            (departures.leave, {"ticket_no": "H001"}),
        ]
        for door, form in doors:
            with contextlib.suppress(Refused):
                door(store, **form, by=by, now=now)
            assert tickets.by_id(store, ticket.id).state == "waiting", (role, form)
            assert made.holding == ""
    made.call()
    for role in everybody:
        by, now = actor(store, role), made.now
        held = {"counter": "session", "holding": "H001", "by": by, "now": now}
        for act, more in (
            (queue.recall, {}),
            (queue.start, {}),
            (queue.complete, {}),
            (queue.undo_call, {}),
            (absence.miss, {}),
            (absence.park, {"reason": "wish"}),
            (transfers.to_line, {"line": "general"}),
            (transfers.to_counter, {"target": "1"}),
            (departures.send_to_host, {"host": "maintenance"}),
        ):
            assert code_of(act, store, **held, **more) in {"no_longer_held", "not_permitted"}, (act, role)
        assert tickets.by_id(store, ticket.id).state == "called"
    assert other.state == "waiting"


def test_no_counter_visitor_is_sent_to_the_room_or_the_line(made: SessionLife) -> None:
    made.at("10:00")
    visits.check_in(made.store, line="visit-day", nonce="j", by=KIOSK, now=made.now)
    held = queue.call_next(made.store, counter="1", by=made.desk, now=made.now)
    assert held is not None and held.no == "J001", "who comes to book shares no queue with the guests"
    form = {"counter": "1", "holding": "J001", "by": made.desk, "now": made.now}
    assert code_of(transfers.to_line, made.store, line="visit-guest", **form) == "line_unknown"
    assert code_of(transfers.to_counter, made.store, target="session", **form) == "counter_unknown"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE tickets SET state = 'called', counter = '1' WHERE no = 'H001'",
        "UPDATE tickets SET for_counter = '1' WHERE no = 'H001'",
        "UPDATE tickets SET line = 'general' WHERE no = 'H001'",
        "UPDATE tickets SET line = 'visit-guest' WHERE no = 'J001'",
        "UPDATE tickets SET state = 'called', counter = 'session' WHERE no = 'J001'",
        "UPDATE tickets SET for_counter = 'session' WHERE no = 'J001'",
    ],
)
def test_the_store_itself_keeps_guests_and_counters_apart(made: SessionLife, change: str) -> None:
    made.at("10:00")
    made.check_in(made.guests[0])
    visits.check_in(made.store, line="visit-day", nonce="j", by=KIOSK, now=made.now)
    with pytest.raises(sqlite3.IntegrityError, match="from its session alone"), writing(made.store):
        made.store.execute(change)


def test_the_order_is_by_slot_and_late_ones_come_after(made: SessionLife) -> None:
    first, second, third, fourth = made.guests
    made.at("10:20")
    for case in (first, third, second, fourth):
        made.check_in(case)
    # 10:00 came late; the others by their slots, whoever came first.
    assert made.waiting == ["H003", "H002", "H004", "H001"]
    assert code_of(made.call, "H001") == "pick_reason_unknown"
    late = tickets.by_token(made.store, made.store.value("SELECT token FROM tickets WHERE no = 'H001'"))
    assert standing.place(made.store, late, now=made.now).ahead == 3
    chosen = made.call("H001", "host_decides")
    assert chosen is not None and chosen.no == "H001"
    assert session_figures.of_day(made.store, made.day.id).out_of_order == 1


def test_two_recorders_who_press_together_call_one_guest(made: SessionLife) -> None:
    made.at("10:00")
    for case in made.guests[:2]:
        made.check_in(case)
    barrier, found = threading.Barrier(2), []
    now = made.now

    def press(role: Role) -> None:
        own = open_store(made.store.path)
        try:
            by = actor(own, role)
            barrier.wait()
            ticket = session_calls.call(own, holding="", by=by, now=now)
            found.append(ticket.no if ticket else "")
        finally:
            own.close()

    threads = [threading.Thread(target=press, args=[role]) for role in (Role.RECEPTIONIST, Role.ASSISTANT)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == ["H001", "H001"] and made.waiting == ["H002"]


def test_a_check_in_and_a_withdrawal_together_leave_one_of_them(made: SessionLife) -> None:
    made.at("10:00")
    barrier, codes, now, case = threading.Barrier(2), [], made.now, made.guests[0]

    def press(act: Any) -> None:
        own = open_store(made.store.path)
        try:
            barrier.wait()
            act(own)
            codes.append("")
        except Refused as refused:
            codes.append(refused.code)
        finally:
            own.close()

    acts = (
        lambda own: session_arrivals.check_in(own, no=case.no, by=made.desk, now=now),
        lambda own: booking_steps.withdraw(own, no=case.no, reason="不来了", by=made.desk, now=now),
    )
    threads = [threading.Thread(target=press, args=[act]) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    # Whoever was first: withdrawn in the end, and no number waits.
    assert made.again(case).state == "withdrawn" and made.waiting == []
    assert not made.store.value("SELECT 1 FROM tickets WHERE state = 'waiting' AND line = 'visit-guest'")


def test_a_talk_from_call_to_end(made: SessionLife) -> None:
    made.at("10:00")
    case = made.guests[0]
    made.check_in(case)
    made.check_in(made.guests[1])
    made.call()
    assert code_of(made.call) == "room_busy"
    assert made.call(holding="H009") is not None, "what the page believed is no longer so: it is told who is there"
    assert code_of(made.end) == "talk_not_begun"
    assert made.begin().state == "met" and code_of(made.begin) == "already_serving"
    assert code_of(made.end) == "talk_undecided"
    session_talks.extend(made.store, holding="H001", minutes="10", by=made.manager, now=made.now)
    assert code_of(session_talks.extend, made.store, holding="H001", minutes="7", by=made.desk, now=made.now) == (
        "minutes_unknown"
    )
    made.decide(case)
    assert made.end().state == "completed" and made.again(case).state == "supervised"
    assert made.holding == "" and made.waiting == ["H002"]
    figures = session_figures.of_day(made.store, made.day.id)
    assert (figures.extended, figures.extended_minutes) == (1, 10)
    assert figures.arrivals == {"on_time": 1, "early": 1} and figures.came == 2


def test_one_talk_at_a_time_says_the_store(made: SessionLife) -> None:
    made.at("10:00")
    made.check_in(made.guests[0])
    made.call()
    made.begin()
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"), writing(made.store):
        made.store.execute(
            "INSERT INTO visit_day_meetings (case_id, visit_day_id, host_id, recorder_id, began_at, planned_end_at)"
            " SELECT ?, visit_day_id, host_id, recorder_id, began_at, planned_end_at FROM visit_day_meetings",
            [made.guests[1].id],
        )


def test_who_is_not_there_goes_behind_and_is_a_no_show_in_the_end(made: SessionLife) -> None:
    made.at("10:00")
    for case in made.guests[:2]:
        made.check_in(case)
    made.call()
    assert code_of(session_calls.recall, made.store, holding="H001", by=made.desk, now=made.now) == "recall_too_soon"
    made.clock.forward(seconds=30)
    assert session_calls.recall(made.store, holding="H001", by=made.desk, now=made.now).calls == 2
    session_calls.miss(made.store, holding="H001", by=made.desk, now=made.now)
    assert made.waiting == ["H002"]
    session_calls.back(made.store, ticket_no="H001", by=made.desk, now=made.now)
    assert made.waiting == ["H002", "H001"], "behind the others, whatever his slot"
    made.receive()
    made.call()
    session_calls.miss(made.store, holding="H001", by=made.desk, now=made.now)
    made.at("12:30")
    assert made.tick() == (0, 1)
    states = [made.again(case).state for case in made.guests]
    assert states == ["no_show", "supervised", "no_show", "no_show"]
    # When he was to come stays written down.
    assert booking_facts.details(made.store, made.guests[2]).starts == "10:30"


def test_who_walked_in_is_signed_by_the_manager_and_comes_after_those_on_time(made: SessionLife) -> None:
    made.at("10:05")
    form = {"nonce": "walk", "name": "李秀英", "phone": "13800001234", "unit": "1-1-301", "matter": "噪声"}
    case = bookings.book_walk_in(made.store, **form, proof=Proof("papers"), by=made.desk, now=made.now)
    assert code_of(made.check_in, case) == "visit_not_admitted"
    seen = session_view.board(made.store, made.day, now=made.now)
    assert [one.no for one in seen.unsigned] == [case.no]
    sign_ends.admit_walk_in(
        made.store, no=case.no, opinion="接待", department="maintenance", deadline_on="2026-12-18", by=made.manager,
        now=made.now,
    )  # fmt: skip
    assert made.check_in(case).no == "H001"
    made.check_in(made.guests[1])
    assert made.waiting == ["H002", "H001"]
    assert session_figures.of_day(made.store, made.day.id).arrivals == {"walk_in": 1, "on_time": 1}


def test_a_call_by_mistake_is_taken_back_and_costs_nobody_his_place(made: SessionLife) -> None:
    made.at("10:00")
    for case in made.guests[:2]:
        made.check_in(case)
    made.call("H002", "not_ready")
    session_calls.undo(made.store, holding="H002", by=made.desk, now=made.now)
    assert made.waiting == ["H001", "H002"] and made.holding == ""
    assert session_figures.of_day(made.store, made.day.id).out_of_order == 0
    made.call()
    made.clock.forward(seconds=11)
    undo = {"holding": "H001", "by": made.desk, "now": made.now}
    assert code_of(session_calls.undo, made.store, **undo) == "call_not_taken_back"


def test_the_session_is_not_ended_over_the_heads_of_those_still_to_come(made: SessionLife) -> None:
    made.at("09:40")
    made.check_in(made.guests[0])
    made.receive()
    with writing(made.store):
        for case in made.guests[1:]:
            made.store.execute("UPDATE cases SET state = 'under_review' WHERE id = ?", [case.id])
    assert code_of(visit_day_session.hold, made.store, by=made.desk, now=made.now) == "session_early", "not yet begun"
    with writing(made.store):
        for case in made.guests[1:]:
            made.store.execute("UPDATE cases SET state = 'admitted' WHERE id = ?", [case.id])
    made.guests.pop(0)
    made.at("10:00")
    assert code_of(visit_day_session.hold, made.store, by=made.desk, now=made.now) == "session_early"
    for case in made.guests:
        made.check_in(case)
        made.receive()
    assert visit_day_session.hold(made.store, by=made.desk, now=made.now).state == "held"


def test_a_missed_guest_who_scans_waits_again_however_often(made: SessionLife) -> None:
    made.at("10:00")
    ticket = made.check_in(made.guests[0])
    for _ in range(4):
        made.call()
        session_calls.miss(made.store, holding="H001", by=made.desk, now=made.now)
        assert made.scan(made.guests[0]) == ticket.token and made.waiting == ["H001"]


def test_a_slip_held_to_two_scanners_at_once_is_one_ticket(made: SessionLife) -> None:
    made.at("10:00")
    barrier, found, now, case = threading.Barrier(2), [], made.now, made.guests[0]

    def press() -> None:
        own = open_store(made.store.path)
        try:
            barrier.wait()
            found.append(session_arrivals.shown(own, token=case.token, by=KIOSK, now=now))
        finally:
            own.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 2 and len(set(found)) == 1 and made.waiting == ["H001"]


def test_the_day_opens_on_its_morning_and_nobody_is_left_in_between(made: SessionLife) -> None:
    made.at("07:00")
    assert made.tick() == (1, 0) and made.tick() == (0, 0) and made.day.state == "open"
    made.at("10:00")
    for case in made.guests[:3]:
        made.check_in(case)
    made.call()
    made.begin()
    made.at("12:20")
    assert made.tick() == (0, 0), "somebody is in the room, and two wait: it goes on"
    assert code_of(visit_day_session.hold, made.store, by=made.desk, now=made.now) == "session_busy"
    closing.close_day(made.store, day=OPENS.date(), by=BOX, now=made.at("20:00"))
    assert made.day.state == "held" and made.again(made.guests[3]).state == "no_show"
    left = visit_day_session.left_over(made.store, by=made.head)
    assert [(one.no, one.state) for one in left] == [
        (made.guests[0].no, "met"), (made.guests[1].no, "checked_in"), (made.guests[2].no, "checked_in"),
    ]  # fmt: skip
    talk = made.store.row("SELECT planned_end_at, ended_at FROM visit_day_meetings")
    assert talk is not None and talk["ended_at"] == talk["planned_end_at"], "it did not go on until the evening"
    # What is left is settled afterwards, and leaves the list.
    made.decide(made.guests[0])
    hand_over(made, made.guests[1])
    rebook(made, made.guests[2])
    assert visit_day_session.left_over(made.store, by=made.head) == []


def test_a_day_closed_by_hand_before_its_owners_came_stays_theirs(made: SessionLife) -> None:
    closing.close_day(made.store, day=OPENS.date(), by=BOX, now=made.at("08:30"))
    assert made.again(made.guests[0]).state == "admitted" and made.day.state != "held"
    made.at("10:00")
    assert made.check_in(made.guests[0]).no == "H001"


WHOLE = {"opinion": "x", "department": "maintenance", "due_on": "2026-12-18", "signed": "paper"}


def hand_over(made: SessionLife, case: cases.Case) -> cases.Case:
    form = {"opinion": "由工程部约时间面谈", "department": "maintenance", "due_on": "2026-12-18", "signed": "absent"}
    return session_talks.hand_over(made.store, no=case.no, nonce=f"over{case.id}", **form, by=made.desk, now=made.now)


def rebook(made: SessionLife, case: cases.Case) -> cases.Case:
    return session_talks.rebook(
        made.store, no=case.no, day=later_day(made), starts="", reason="时间不够", by=made.desk, now=made.now
    )


def later_day(made: SessionLife) -> str:
    found: str = made.store.value(
        "SELECT actual_on FROM visit_days WHERE actual_on > '2026-12-04' ORDER BY actual_on LIMIT 1"
    )
    return found


def test_no_time_another_day_or_a_department(made: SessionLife) -> None:
    made.at("11:50")
    for case in made.guests[:2]:
        made.check_in(case)
    assert code_of(hand_over, made, made.guests[2]) == "step_not_now"
    assert hand_over(made, made.guests[0]).state == "supervised"
    found = rebook(made, made.guests[1])
    assert found.state == "admitted" and made.waiting == []
    booking = booking_facts.details(made.store, found)
    assert booking.visit_day_on == later_day(made) and booking.ticket_id is None and booking.arrival is None
    # Their numbers ended with it: no page says that they wait.
    ended = made.store.rows("SELECT state FROM tickets WHERE no IN ('H001', 'H002')")
    assert [row[0] for row in ended] == ["cancelled", "cancelled"]
    counts = visit_day_figures.of_day(made.store, made.day, by=made.head, at=made.now)["counts"]
    assert (counts["rebooked"], counts["handed_over"], counts["met"]) == (1, 1, 0)
    for field in ("department", "due_on", "opinion"):
        made.check_in(made.guests[2]) if made.again(made.guests[2]).state == "admitted" else None
        with pytest.raises(Refused):
            session_talks.hand_over(
                made.store, no=made.guests[2].no, nonce=f"n{field}",
                **(WHOLE | {field: ""}), by=made.desk, now=made.now,
            )  # fmt: skip
    assert made.waiting == ["H003"], "what was refused changed nothing"


def test_overrun_is_seen_by_those_who_wait(made: SessionLife) -> None:
    made.at("10:00")
    for case in made.guests[:3]:
        made.check_in(case)
    made.call()
    made.begin()
    made.at("10:20")
    seen = session_view.board(made.store, made.day, now=made.now)
    zone = OPENS.tzinfo
    times = [one.expected_at.astimezone(zone).strftime("%H:%M") for one in seen.waiting if one.expected_at]
    assert times == ["02:20", "02:35"] and [one.behind for one in seen.waiting] == [5, 5]
    session_talks.extend(made.store, holding="H001", minutes="15", by=made.desk, now=made.now)
    assert [one.behind for one in session_view.board(made.store, made.day, now=made.now).waiting] == [20, 20]
    ticket = tickets.by_token(made.store, made.store.value("SELECT token FROM tickets WHERE no = 'H003'"))
    mine = session_view.of_ticket(made.store, ticket, now=made.now)
    assert mine is not None and mine.behind == 20
    assert standing.place(made.store, ticket, now=made.now).ahead == 1
    assert not seen.warns and session_view.board(made.store, made.day, now=made.at("11:50")).warns


def test_who_does_not_sit_in_the_session_calls_nobody(made: SessionLife) -> None:
    made.at("10:00")
    made.check_in(made.guests[0])
    form: dict[str, Any] = {"holding": "", "by": made.maintenance, "now": made.now}
    assert code_of(session_calls.call, made.store, **form) == "not_of_session"
    with writing(made.store):
        made.store.execute(
            "UPDATE visit_days SET deputy_id = ?, deputy_reason = '出差' WHERE id = ?",
            [made.maintenance.id, made.day.id],
        )
    ticket = session_calls.call(made.store, **form)
    assert ticket is not None and ticket.no == "H001", "the deputy leads, whatever his department"
    session_talks.begin(made.store, holding="H001", by=made.maintenance, now=made.now)
    found = session_view.current(made.store, made.day, by=made.maintenance, now=made.now)
    assert found is not None and found.case.name == "张建国"
    looks = "SELECT count(*) FROM events WHERE what = 'see_guest'"
    session_view.current(made.store, made.day, by=made.maintenance, now=made.now)
    assert made.store.value(looks) == 1, "written down once for each who saw him"


def test_there_is_no_session_on_another_day(made: SessionLife) -> None:
    assert code_of(session_calls.call, made.store, holding="", by=made.desk, now=made.now) == "visit_day_none_today"
    made.at("12:01")
    made.tick()
    assert code_of(session_calls.call, made.store, holding="", by=made.desk, now=made.now) == "session_over"


def test_practice_knows_no_guests(made: SessionLife, tmp_path: Any) -> None:
    # Also where one other line is left.
    with writing(made.store):
        made.store.execute("UPDATE lines SET active = 0 WHERE code NOT IN ('general', 'visit-guest')")
    path = tmp_path / "practice" / "store.db"
    practice.build(made.store, path, by=made.desk, now=made.now)
    copy = open_store(path)
    try:
        assert lines.guest_line(copy).prefix == "H" and lines.session_room(copy).no == "session"
        assert not copy.value("SELECT 1 FROM tickets JOIN lines ON lines.code = line WHERE session = 1")
    finally:
        copy.close()


def test_the_day_log_counts_the_queue_alone(made: SessionLife) -> None:
    made.at("10:00")
    made.check_in(made.guests[0])
    visits.check_in(made.store, line="visit-day", nonce="j", by=KIOSK, now=made.now)
    facts = closing.close_day(made.store, day=OPENS.date(), by=BOX, now=made.at("20:00"))
    assert facts["tickets"] == 1 and facts["by_line"] == {"visit-day": 1}


def test_limits_are_the_centres(made: SessionLife) -> None:
    assert session_guests.limits(made.store) == (timedelta(minutes=10), timedelta(minutes=15))
    assert visit_days.on(made.store, OPENS.date()) is not None
