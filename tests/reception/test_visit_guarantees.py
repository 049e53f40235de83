"""Ways that were tried around what the visit day promises, each of which led somewhere once."""

import sqlite3

import pytest

from db.store import Store, writing
from reception import (
    booking_steps,
    booking_view,
    bookings,
    cases,
    closing,
    signing,
    tables,
    visit_day_calendar,
    visit_day_promises,
    visit_day_session,
    visit_days,
)
from reception.permissions import BOX, Actor
from reception.rules import clock as times
from reception.table_columns import TABLES
from tests.conftest import Clock
from tests.reception.refusing import refused
from tests.reception.session_life import SessionLife
from tests.reception.sign_life import BY_THEN, SignLife


@pytest.fixture
def made(store: Store, clock: Clock) -> SignLife:
    return SignLife(store, clock)


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
    walked = bookings.book_walk_in(
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


def test_who_waited_in_vain_is_not_told_that_he_moves_up(made: SignLife) -> None:
    waits = [made.book() for _ in range(9)][-1]
    before = booking_view.progress(made.store, waits, now=made.now)
    assert before.note is not None and "递补" in before.note.zh
    made.clock.at = made.clock.at.replace(month=12, day=4, hour=5)
    visit_day_session.tick(made.store, by=BOX, now=made.now)
    after = booking_view.progress(made.store, waits, now=made.now)
    assert "已结束" in after.sentence.zh and after.note is not None and "另选时间" in after.note.zh
    assert booking_view.page(made.store, waits, now=made.now).in_line == 0


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
