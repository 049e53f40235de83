"""A clock that ran past a visit day, and what is taken back once it was put right."""

from datetime import datetime

from db.store import Store
from lobbydesk.commands.clocks import keep
from reception import (
    clock_care,
    closing,
    session_view,
    visit_day_summaries,
)
from reception.permissions import BOX
from tests.conftest import Clock
from tests.reception.session_life import SessionLife


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
    assert store.value("SELECT state FROM room_bookings WHERE visit_day_id = ?", [day.day.id]) == "booked"
    # And they are received on their day as if nothing had been.
    day.at("09:55")
    for one in day.guests:
        assert day.check_in(one).no
        assert day.receive().state == "supervised"
    day.at("12:01")
    keep(store, now=day.now)
    assert day.day.state == "held"
    assert store.value("SELECT held_at FROM visit_days WHERE id = ?", [day.day.id]) < "2026-12-04T05"


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
    (talk,) = store.rows("SELECT * FROM visit_day_meetings")
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
    assert store.value("SELECT held_at FROM visit_days WHERE id = ?", [day.day.id]) < "2026-12-04T06"


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
