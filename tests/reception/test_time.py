"""Time in the lobby: 999 and 1000, midnight while waiting, the clock put back, leap days, zones, a jump far ahead."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from db.store import Store
from reception import absence, clock_care, closing, opening, queue, sequences, visits
from reception.permissions import BOX, KIOSK, Actor, Role
from reception.refusal import Refused
from reception.site import configure
from reception.tickets import Ticket
from tests.conftest import Clock, actor


def take(store: Store, clock: Clock, nonce: str, line: str = "general") -> Ticket:
    """Take a number."""
    return visits.check_in(store, line=line, nonce=nonce, by=KIOSK, now=clock())


def test_after_999_comes_1000_and_nothing_wraps(store: Store, clock: Clock, receptionist: Actor) -> None:
    sequences.reach(store, "ticket:A:2026-11-23", 998)
    assert [take(store, clock, nonce).no for nonce in "abc"] == ["A999", "A1000", "A1001"]
    called = [queue.call_next(store, counter="1", by=receptionist, now=clock()) for _ in range(3)]
    assert [ticket.no for ticket in called if ticket] == ["A999", "A1000", "A1001"]


def test_midnight_while_waiting(store: Store, clock: Clock, receptionist: Actor) -> None:
    clock.at = datetime(2026, 11, 23, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
    late = take(store, clock, "late")
    clock.forward(minutes=2)
    early = take(store, clock, "early")
    # The new day counts anew; who waits is called by his own number, before who came after midnight.
    assert (late.no, early.no) == ("A001", "A001")
    first = queue.call_next(store, counter="1", by=receptionist, now=clock())
    assert first is not None and first.id == late.id
    assert absence.shown(store, late.token, by=KIOSK, now=clock()).arrived_at
    second = queue.call_next(store, counter="1", by=receptionist, now=clock())
    assert second is not None and second.id == early.id


def test_the_clock_put_back_an_hour(store: Store, clock: Clock, receptionist: Actor) -> None:
    first = take(store, clock, "first")
    clock.forward(hours=-1)
    second = take(store, clock, "second")
    assert [first.no, second.no] == ["A001", "A002"]
    assert second.issued_at >= first.issued_at
    called = [queue.call_next(store, counter="1", by=receptionist, now=clock()) for _ in range(2)]
    assert [ticket.id for ticket in called if ticket] == [first.id, second.id]
    # And no second call is refused for ever because the last one lies in the future.
    assert closing.today(store, now=clock()).isoformat() == "2026-11-23"


def test_a_leap_day(store: Store, clock: Clock) -> None:
    clock.at = datetime(2028, 2, 28, 16, 30, tzinfo=UTC)  # 00:30 on 29 February in Shanghai
    ticket = take(store, clock, "leap")
    assert store.value("SELECT day_on FROM tickets WHERE id = ?", [ticket.id]) == "2028-02-29"
    clock.forward(days=1)
    assert take(store, clock, "after").no == "A001"
    assert closing.close_due(store, by=BOX, now=clock() + timedelta(hours=14))[0].isoformat() == "2028-02-29"


@pytest.mark.parametrize(
    ("zone", "day"), [("Asia/Shanghai", "2026-11-24"), ("UTC", "2026-11-23"), ("America/New_York", "2026-11-23")]
)
def test_the_day_is_the_site_s_own(store: Store, clock: Clock, zone: str, day: str) -> None:
    configure(store, timezone=zone)
    clock.at = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    ticket = take(store, clock, "n")
    assert store.value("SELECT day_on FROM tickets WHERE id = ?", [ticket.id]) == day


def test_hours_through_the_change_of_the_clocks(store: Store, clock: Clock) -> None:
    configure(store, timezone="Europe/Berlin", hours_work="08:30-17:30", hours_rest="08:30-17:30")
    for at, is_open in (
        (datetime(2026, 10, 24, 6, 45, tzinfo=UTC), True),  # summer time: 08:45
        (datetime(2026, 10, 25, 6, 45, tzinfo=UTC), False),  # winter time: 07:45
        (datetime(2026, 10, 25, 7, 45, tzinfo=UTC), True),
    ):
        clock.at = at
        assert opening.opening(store, now=clock()).is_open is is_open, at


def test_a_jump_to_2035_and_the_way_out(
    store: Store, clock: Clock, receptionist: Actor, kiosk: FlaskClient, desk: FlaskClient
) -> None:
    take(store, clock, "before")
    right = clock()
    clock.at = datetime(2035, 6, 1, 2, 0, tzinfo=UTC)
    assert take(store, clock, "wrong year").no == "A001"
    clock.at = right + timedelta(minutes=5)
    # Back in its right year the box goes on: numbers, calls and pages work, and both screens say what is wrong.
    ticket = take(store, clock, "mended")
    assert ticket.no == "A002" and ticket.issued_at.startswith("2035")
    assert kiosk.get("/health").get_json()["clock"] == "behind"
    assert kiosk.get("/").status_code == 200
    assert queue.call_next(store, counter="1", by=receptionist, now=clock()) is not None
    # The way out: somebody says that the clock is right now, and everything goes on from there.
    with pytest.raises(Refused, match="not_permitted"):
        clock_care.correct(store, by=receptionist, now=clock())
    manager = actor(store, Role.MANAGER)
    clock_care.correct(store, by=manager, now=clock())
    assert kiosk.get("/health").get_json()["clock"] == "ready"
    after = take(store, clock, "after")
    assert after.no == "A002" and after.issued_at.startswith("2026-11-23")
    with pytest.raises(Refused, match="clock_not_ahead"):
        clock_care.correct(store, by=manager, now=clock())
    # Who took a number while it was wrong is not forgotten: he waits behind those before him, before those after him.
    order = [queue.call_next(store, counter="1", by=receptionist, now=clock()) for _ in range(3)]
    assert [one.id for one in order if one][-1] == after.id and ticket.id in [one.id for one in order if one]
    take(store, clock, "still open")
    assert closing.close_due(store, by=BOX, now=clock() + timedelta(days=2)) == [date(2026, 11, 23)]
    assert store.value("SELECT count(*) FROM tickets WHERE ended_at IS NULL") == 0
