"""Ways that were tried around what the visit day promises, each of which led somewhere once."""

import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from db.store import Store, writing
from lobbydesk.commands.clocks import keep
from reception import (
    booking_facts,
    booking_steps,
    booking_view,
    cases,
    clock_care,
    closing,
    oversight,
    session_view,
    signing,
    tables,
    visit_day,
    visit_day_calendar,
    visit_day_promises,
    visit_day_session,
    visit_day_summaries,
    visit_days,
)
from reception.cases import Case
from reception.permissions import BOX, Actor
from reception.refusal import Refused
from reception.rules import clock as times
from reception.table_columns import TABLES
from tests.conftest import Clock
from tests.reception.session_life import SessionLife
from tests.reception.sign_life import BY_THEN, SignLife


@pytest.fixture
def made(store: Store, clock: Clock) -> SignLife:
    return SignLife(store, clock)


def refused(code: str, act: Callable[..., Any], *arguments: Any, **named: Any) -> None:
    with pytest.raises(Refused) as said:
        act(*arguments, **named)
    assert said.value.code == code


def test_what_was_withdrawn_while_it_was_signed_stays_withdrawn(made: SignLife) -> None:
    case = made.reviewed()
    booking_steps.withdraw(made.store, no=case.no, reason="自行解决", by=made.desk, now=made.now)
    assert [one.case.no for one in signing.mine(made.store, by=made.maintenance, now=made.now)] == []
    tables.save(
        made.store,
        table=TABLES["sign_steps"],
        key="service_head",
        values={"position": "2"},
        by=made.manager,
        now=made.now,
    )
    assert cases.whole(made.store, case.id).state == "withdrawn"


def test_who_walked_in_and_comes_another_day_needs_every_signature(made: SignLife) -> None:
    made.book()
    made.clock.at = made.clock.at.replace(month=12, day=4, hour=2, minute=5)
    walked = visit_day.book_walk_in(
        made.store, nonce="w1", name="张建国", phone="13800005678", unit="2-2-302", matter="车位", by=made.desk,
        now=made.now,
    )  # fmt: skip
    with writing(made.store):
        made.store.execute("UPDATE visit_day_bookings SET ownership = 'register'")
    later = visit_days.coming(made.store, after=made.clock.at.date())[0]
    form = {"opinion": "同意", "department": "maintenance", "deadline_on": BY_THEN}
    case = booking_steps.change(
        made.store, no=walked.no, day=later.actual_on.isoformat(), starts="", reason="改天来", by=made.desk,
        now=made.now,
    )  # fmt: skip
    assert case.state == "under_review"
    refused("not_a_walk_in", signing.admit_walk_in, made.store, no=case.no, **form, by=made.manager, now=made.now)
    assert made.signed(made.reviewed(case)).state == "admitted"


def test_the_store_admits_nobody_past_the_review(made: SignLife) -> None:
    case = made.under_review()
    at = times.to_text(made.now)
    with pytest.raises(sqlite3.IntegrityError, match="every signature"), writing(made.store):
        made.store.execute(
            "INSERT INTO endorsements (case_id, wording, round, step, position, state, opinion, handling_department,"
            " deadline_on, signed_for, signed_by, signed_at, asked_at)"
            " VALUES (?, 1, 1, 'manager', 4, 'agreed', '同意', 'maintenance', ?, ?, ?, ?, ?)",
            [case.id, BY_THEN, made.manager.id, made.manager.id, at, at],
        )
        cases.move(made.store, case, "admitted", "admit", by=made.manager, at=made.now)


def known(made: SignLife, case: Case) -> Case:
    with writing(made.store):
        made.store.execute("UPDATE visit_day_bookings SET ownership = 'register' WHERE case_id = ?", [case.id])
    return cases.whole(made.store, case.id)


def before_slots(made: SignLife) -> list[Case]:
    """Return two bookings of one home, and one of another, as an upgrade finds them: of a day that has no slots."""
    first, second, other = made.book(), made.book(), made.book()
    with writing(made.store):
        made.store.execute("DELETE FROM visit_day_slots WHERE visit_day_id = 1")
        made.store.execute("UPDATE visit_day_bookings SET waiting_at = '2026-11-23T02:00:00.000Z'")
        made.store.execute("UPDATE cases SET state = 'booked' WHERE kind = 'visit-day'")
        made.store.execute(
            "UPDATE visit_day_bookings SET live = 0, unit_id = (SELECT unit_id FROM visit_day_bookings"
            " WHERE case_id = ?) WHERE case_id = ?",
            [first.id, second.id],
        )
        made.store.execute("UPDATE visit_day_bookings SET waiting_at = NULL WHERE live = 0")
        made.store.execute(
            "UPDATE cases SET unit_id = (SELECT unit_id FROM visit_day_bookings WHERE case_id = cases.id) WHERE id = ?",
            [second.id],
        )
    return [first, second, other]


def test_what_was_booked_before_there_were_slots_has_a_time_after_the_upgrade(made: SignLife) -> None:
    first, second, other = before_slots(made)
    visit_day_calendar.tick(made.store, by=BOX, now=made.now)
    assert [booking_facts.details(made.store, one).starts for one in (first, second, other)] == ["10:00", "", "10:15"]
    assert cases.whole(made.store, first.id).state == "under_review"
    assert made.signed(made.reviewed(known(made, first))).state == "admitted"
    # A home has one place of a day now; its second matter can be brought another day, or taken back.
    said = booking_view.progress(made.store, cases.whole(made.store, second.id), now=made.now)
    assert said.note is not None and "另选一天" in said.note.zh and booking_view.CHANGE in said.can
    form = {"starts": "", "reason": "业主另约", "by": made.desk}
    refused("household_booked", booking_steps.change, made.store, no=second.no, day="2026-12-04",
            **form | {"starts": "11:00"}, now=made.now)  # fmt: skip
    later = visit_days.coming(made.store, after=booking_facts.details(made.store, first).day.actual_on)[0]
    moved = booking_steps.change(made.store, no=second.no, day=later.actual_on.isoformat(), **form, now=made.now)
    assert (moved.state, booking_facts.details(made.store, moved).live) == ("under_review", True)


def test_the_second_booking_of_a_home_from_before_the_upgrade_is_taken_back_like_any(made: SignLife) -> None:
    _, second, _ = before_slots(made)
    visit_day_calendar.tick(made.store, by=BOX, now=made.now)
    assert (
        booking_steps.withdraw(made.store, no=second.no, reason="重复", by=made.desk, now=made.now).state == "withdrawn"
    )


def test_who_waited_in_vain_is_not_told_that_he_moves_up(made: SignLife) -> None:
    waits = [made.book() for _ in range(9)][-1]
    before = booking_view.progress(made.store, waits, now=made.now)
    assert before.note is not None and "递补" in before.note.zh
    made.clock.at = made.clock.at.replace(month=12, day=4, hour=5)
    visit_day_session.tick(made.store, by=BOX, now=made.now)
    after = booking_view.progress(made.store, waits, now=made.now)
    assert "已结束" in after.sentence.zh and after.note is not None and "另选时间" in after.note.zh
    assert booking_view.page(made.store, waits, now=made.now).in_line == 0


def test_a_day_of_before_the_upgrade_broke_no_rule(made: SignLife) -> None:
    before_slots(made)
    made.clock.at = made.clock.at.replace(month=12, day=7)
    visit_day_session.tick(made.store, by=BOX, now=made.now)
    assert oversight.watch(made.store, by=BOX, now=made.now) == 0


def put_right(day: SessionLife, right: datetime) -> None:
    """The clock is set back, the box looks, and a person says that it is right now."""
    day.clock.at = right
    keep(day.store, now=day.now)
    clock_care.correct(day.store, by=day.manager, now=day.now)
    keep(day.store, now=day.now)


def test_a_clock_that_ran_past_a_visit_day_takes_nobodys_place(store: Store, clock: Clock) -> None:
    day = SessionLife(store, clock, guests=2)
    waits = day.book()
    clock.forward(days=2)
    keep(store, now=day.now)
    right = clock.at
    clock.forward(days=12)
    for _ in range(3):
        keep(store, now=day.now)
    assert day.day.state == "held" and day.again(day.guests[0]).state == "no_show"
    put_right(day, right)
    assert day.day.state == "published"
    assert [day.again(one).state for one in (*day.guests, waits)] == ["admitted", "admitted", "under_review"]
    assert store.value("SELECT count(*) FROM oversight_findings") == 0
    assert store.row("SELECT state FROM room_bookings WHERE visit_day_id = ?", [day.day.id])["state"] == "booked"
    # And they are received on their day as if nothing had been.
    day.at("09:55")
    for one in day.guests:
        assert day.check_in(one).no
        assert day.receive().state == "supervised"
    day.at("12:01")
    keep(store, now=day.now)
    assert day.day.state == "held"
    assert store.row("SELECT held_at FROM visit_days WHERE id = ?", [day.day.id])["held_at"] < "2026-12-04T05"


def test_a_clock_that_ran_past_a_talk_lets_it_go_on(store: Store, clock: Clock) -> None:
    day = SessionLife(store, clock, guests=4)
    day.at("09:55")
    first, second, third, fourth = day.guests
    for one in (first, second, third):
        day.check_in(one)
    day.call()
    day.begin()
    right = day.at("10:05")
    clock.forward(days=1)
    keep(store, now=day.now)
    assert day.day.state == "held" and day.again(fourth).state == "no_show"
    put_right(day, right)
    assert day.day.state == "open" and day.again(fourth).state == "admitted"
    talk = store.row("SELECT * FROM visit_day_meetings")
    assert (talk["ended_at"], talk["began_at"] < talk["planned_end_at"]) == (None, True)
    day.decide(first)
    day.end()
    assert [day.receive().state for _ in range(2)] == ["supervised"] * 2
    assert day.check_in(fourth).no and day.receive().no == fourth.no


def test_who_summed_up_a_day_by_a_wrong_clock_keeps_nobody_from_it(store: Store, clock: Clock) -> None:
    day = SessionLife(store, clock, guests=1)
    right = clock.forward(days=1)
    clock.forward(days=12)
    keep(store, now=day.now)
    visit_day_summaries.write(store, day_id=day.day.id, remarks="无", by=day.head, now=day.now)
    put_right(day, right)
    assert (day.day.state, day.again(day.guests[0]).state) == ("published", "admitted")
    day.at("13:00")
    keep(store, now=day.now)
    assert visit_day_summaries.write(store, day_id=day.day.id, remarks="无", by=day.head, now=day.now)


def test_a_day_that_is_over_by_the_right_time_too_stays_held(store: Store, clock: Clock) -> None:
    day = SessionLife(store, clock, guests=1)
    right = day.at("13:00")
    clock.forward(days=1)
    keep(store, now=day.now)
    put_right(day, right)
    assert day.day.state == "held" and day.again(day.guests[0]).state == "no_show"
    assert store.row("SELECT held_at FROM visit_days WHERE id = ?", [day.day.id])["held_at"] < "2026-12-04T06"


def test_a_day_that_is_closed_by_hand_leaves_the_guests_of_its_session_alone(store: Store, clock: Clock) -> None:
    day = SessionLife(store, clock, guests=3)
    day.at("09:55")
    first, second, third = day.guests
    day.check_in(first)
    day.check_in(second)
    day.call()
    day.begin()
    closing.close_day(store, day=clock().date(), by=day.manager, now=day.now)
    assert day.day.state == "open" and day.waiting
    day.decide(first)
    day.end()
    assert day.receive().no == second.no
    day.check_in(third)
    day.at("12:30")
    closing.close_day(store, day=clock().date(), by=day.manager, now=day.now)
    assert day.day.state == "held" and not day.waiting
    assert day.again(third).state == "checked_in", "here and not received: left over"


def test_a_guest_whose_number_a_wrong_clock_ended_gets_another(store: Store, clock: Clock) -> None:
    day = SessionLife(store, clock, guests=1)
    right = day.at("09:55")
    (guest,) = day.guests
    before = day.check_in(guest)
    clock.forward(days=1)
    closing.close_day(store, day=right.date(), by=BOX, now=day.now)
    put_right(day, right)
    assert (day.again(guest).state, day.waiting) == ("checked_in", [])
    assert [one.no for one in session_view.board(store, day.day, now=day.now).coming] == [guest.no]
    after = day.check_in(guest)
    assert after.no != before.no and day.waiting == [after.no] and day.check_in(guest).no == after.no
    assert day.receive().state == "supervised"


def test_a_head_reads_the_promises_of_his_own_department_alone(store: Store, clock: Clock) -> None:
    day, heads = SessionLife(store, clock, guests=2), SignLife(store, clock)
    day.at("09:55")
    for one, department in zip(day.guests, ("maintenance", "security"), strict=True):
        day.check_in(one)
        day.call()
        day.begin()
        day.decide(one, department=department)
        day.end()

    def read(by: Actor) -> list[str]:
        return [one.case_no for one in visit_day_promises.of_day(store, day.day.id, by=by, now=day.now)]

    first, second = (one.no for one in day.guests)
    assert read(day.manager) == read(day.head) == [first, second]
    assert (read(day.maintenance), read(heads.security)) == ([first], [second])
    visit_day_calendar.name_deputy(
        store, day_id=day.day.id, staff_id=str(day.maintenance.id), reason="经理外出", by=day.manager, now=day.now
    )
    assert read(day.maintenance) == [first, second], "he received that day"
