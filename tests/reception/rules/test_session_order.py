"""Who is received when on the visit day: arrivals at the edges, the order, and expected times, as values."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reception.rules import session_order as rules
from reception.rules.session_order import Guest

TEN = datetime(2026, 12, 4, 2, 0, tzinfo=UTC)
EARLY, LATE = timedelta(minutes=10), timedelta(minutes=15)


def at(minutes: float) -> datetime:
    return TEN + timedelta(minutes=minutes)


def arrival(minutes: float, *, walk_in: bool = False, starts: datetime | None = TEN) -> str:
    return rules.arrival(at(minutes), starts, early=EARLY, late=LATE, walk_in=walk_in)


def test_on_time_is_from_ten_before_to_fifteen_after() -> None:
    assert [arrival(minutes) for minutes in (-10.1, -10, 0, 15, 15.1)] == [
        "early", "on_time", "on_time", "on_time", "late",
    ]  # fmt: skip
    assert arrival(0, walk_in=True) == arrival(0, starts=None) == "walk_in"


def here(number: int, slot: float | None, came: float, how: str = "on_time", missed: int = 0) -> Guest:
    return Guest(number, None if slot is None else at(slot), 15, at(came), how, missed)


def order(*guests: Guest) -> list[int]:
    return [one.id for one in rules.order(guests)]


def test_by_slot_then_late_and_walk_ins_by_arrival_then_who_was_missed() -> None:
    late, walk_in, second, first = here(1, 0, 20, "late"), here(2, None, 5, "walk_in"), here(3, 15, 1), here(4, 0, 2)
    assert order(late, walk_in, second, first) == [4, 3, 2, 1]
    assert order(here(5, 0, 0, missed=1), late, second) == [3, 1, 5]
    # A walk-in who was given a seat comes after those who booked, all the same.
    assert order(here(6, 0, 3, "walk_in"), here(7, 30, 4)) == [7, 6]


def expected(free: float, *guests: Guest) -> dict[int, float]:
    found = rules.expected(guests, free_at=at(free), late=LATE)
    return {one: (moment - TEN).total_seconds() / 60 for one, moment in found}


def test_nobody_is_expected_before_his_slot_and_an_overrun_moves_all() -> None:
    two = (here(1, 15, 0), here(2, 30, 0))
    assert expected(0, *two) == {1: 15, 2: 30}
    assert expected(24, *two) == {1: 24, 2: 39}


def test_who_has_no_time_fills_what_is_free_before_the_next() -> None:
    walk_in = here(9, None, 0, "walk_in")
    to_come = Guest(1, at(15), 15)
    assert expected(0, walk_in, to_come) == {9: 0, 1: 15}
    assert expected(5, walk_in, to_come) == {1: 15, 9: 30}
    # Whoever booked and is here goes first, also before his time.
    assert expected(0, walk_in, here(1, 15, 0)) == {1: 15, 9: 30}


def test_who_is_still_to_come_counts_until_he_is_late() -> None:
    coming = Guest(1, at(0), 15)
    assert expected(15, coming, here(2, 15, 0)) == {1: 15, 2: 30}
    assert expected(16, coming, here(2, 15, 0)) == {2: 16}


GUESTS = st.lists(
    st.builds(
        Guest,
        id=st.integers(1, 10**6),
        starts=st.one_of(st.none(), st.integers(0, 120).map(at)),
        minutes=st.integers(5, 40),
        arrived=st.one_of(st.none(), st.integers(-30, 120).map(at)),
        arrival=st.sampled_from(["early", "on_time", "late", "walk_in"]),
        missed=st.integers(0, 2),
    ),
    max_size=9,
    unique_by=lambda one: one.id,
)


@given(guests=GUESTS, free=st.integers(-30, 150))
def test_one_after_the_other_and_nobody_who_is_here_is_forgotten(guests: list[Guest], free: int) -> None:
    found = list(rules.expected(guests, free_at=at(free), late=LATE))
    by_id = {one.id: one for one in guests}
    assert {one.id for one in guests if one.arrived is not None} <= {one for one, _ in found}
    until = at(free)
    for number, moment in found:
        one = by_id[number]
        assert moment >= until and (one.starts is None or moment >= one.starts)
        until = moment + timedelta(minutes=one.minutes)
    in_order = [one.id for one in rules.order(guests)]
    assert sorted(in_order) == sorted(one.id for one in guests if one.arrived is not None)
