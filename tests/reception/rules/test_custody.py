"""Which rounds a home in custody wants, at the edges of weeks and years; and its part of the fee, to the fen."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reception.rules.custody import DAY, Rain, Span, monday, months, part, wanted, weeks

MON = date(2026, 11, 23)
DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))


@pytest.mark.parametrize(
    ("first", "ended", "today", "found"),
    [
        # Begun on a Monday: that week is whole. On a Tuesday: the next one is the first.
        (MON, None, MON, ["2026-11-23"]),
        (MON + DAY, None, MON + DAY, []),
        (MON + DAY, None, MON + 6 * DAY, []),
        (MON + DAY, None, MON + 7 * DAY, ["2026-11-30"]),
        # The last day of a week and the first of the next one.
        (MON, None, MON + 6 * DAY, ["2026-11-23"]),
        (MON, None, MON + 7 * DAY, ["2026-11-30", "2026-11-23"]),
        # Over the end of a year: the week of 28 December 2026 is one week.
        (date(2026, 12, 21), None, date(2027, 1, 3), ["2026-12-28", "2026-12-21"]),
        (date(2026, 12, 21), None, date(2027, 1, 4), ["2027-01-04", "2026-12-28", "2026-12-21"]),
        # Ended within a week: the last readings were a look. On a Sunday: the week was whole.
        (MON, MON + 12 * DAY, MON + 40 * DAY, ["2026-11-23"]),
        (MON, MON + 13 * DAY, MON + 40 * DAY, ["2026-11-30", "2026-11-23"]),
        # Begins later than today; a clock that was set back.
        (MON + 30 * DAY, None, MON, []),
    ],
)
def test_weeks(first: date, ended: date | None, today: date, found: list[str]) -> None:
    assert [one.isoformat() for one in weeks(first, ended, today)] == found


@given(DAYS, st.integers(0, 400), st.integers(0, 400))
def test_a_long_standstill_loses_no_week(first: date, later: int, more: int) -> None:
    """Whether the box ran every day or stood for a year: what is wanted follows from the days alone."""
    today = first + timedelta(days=later)
    found = weeks(first, None, today)
    assert found == [one for one in weeks(first, None, today + timedelta(days=more)) if one <= today]
    assert all(one.weekday() == 0 and one >= first and one <= today for one in found)
    # No more than thirteen days lie between two looks: the begin, and a round somewhere in each week.
    assert not found or (found[-1] - first).days < 7
    assert [one + timedelta(days=7) for one in found[1:]] == found[:-1]


def marks(first: date, ended: date | None, today: date, *rains: Rain) -> dict[str, str]:
    """Return the rounds around rain that are wanted: mark -> how each stands where nobody made it."""
    return {one.mark: one.standing(today) for one in wanted(first, ended, today, rains) if one.kind != "week"}


def test_rain() -> None:
    first = MON - 30 * DAY
    declared = Rain(1, MON + 2 * DAY)
    assert marks(first, None, MON, declared) == {"before-1": "due"}
    assert marks(first, None, MON + 2 * DAY, declared) == {"before-1": "due"}, "until its day"
    assert marks(first, None, MON + 3 * DAY, declared) == {"before-1": "missed"}
    over = Rain(1, MON + 2 * DAY, True, MON + 3 * DAY)
    assert marks(first, None, MON + 3 * DAY, over) == {"before-1": "missed", "after-1": "due"}
    assert marks(first, None, MON + 4 * DAY, over)["after-1"] == "due", "within a day"
    assert marks(first, None, MON + 5 * DAY, over)["after-1"] == "late"
    assert marks(first, None, MON + 10 * DAY, over)["after-1"] == "late"
    assert marks(first, None, MON + 11 * DAY, over)["after-1"] == "missed"
    assert marks(first, None, MON, Rain(1, MON, True, MON)) == {"before-1": "missed", "after-1": "due"}
    assert marks(first, None, MON, Rain(1, MON + DAY, False, MON)) == {}, "called off"
    # Begun while it rained: only afterwards. Begun after it: nothing. Ended before it: nothing.
    assert marks(MON + 3 * DAY, None, MON + 3 * DAY, over) == {"after-1": "due"}
    assert marks(MON + 4 * DAY, None, MON + 4 * DAY, over) == {}
    assert marks(first, MON + DAY, MON + 4 * DAY, over) == {}
    # Given back within the day after it: the last readings were a look.
    assert marks(first, MON + 4 * DAY, MON + 20 * DAY, over) == {"before-1": "missed"}
    assert marks(first, MON + 5 * DAY, MON + 20 * DAY, over) == {"before-1": "missed", "after-1": "missed"}


def test_the_monday_of_a_week() -> None:
    assert {monday(MON + back * DAY) for back in range(7)} == {MON}
    assert monday(date(2027, 1, 1)) == date(2026, 12, 28)


NOV = months(2026 * 12 + 10, 2026 * 12 + 10)


@pytest.mark.parametrize(
    ("fen", "spans", "inside", "asked"),
    [
        (10000, [(1, 30, 70)], 30, 7000),
        (10000, [], 0, 10000),
        (10000, [(16, 30, 70)], 15, 8500),
        (10000, [(30, 30, 70)], 1, 9900),
        # Two custodies in one month, the second begun on the day on which the first ended: the day counts once.
        (10000, [(1, 10, 70), (10, 20, 50)], 20, 7333),
        (1, [(1, 30, 70)], 30, 1),
        (1, [(1, 30, 50)], 30, 1),  # half a fen is up
        (1, [(1, 30, 49)], 30, 0),
        (999_999_999, [(1, 30, 70)], 30, 699_999_999),
    ],
)
def test_part_of_a_fee(fen: int, spans: list[tuple[int, int, int]], inside: int, asked: int) -> None:
    found = [Span(date(2026, 11, one), date(2026, 11, other), share) for one, other, share in spans]
    assert part(fen, *NOV, found) == part(fen, *NOV, reversed(found))
    assert (part(fen, *NOV, found).days, part(fen, *NOV, found).inside, part(fen, *NOV, found).fen) == (
        30, inside, asked,
    )  # fmt: skip


def test_months_over_the_end_of_a_year_and_in_february() -> None:
    assert months(2026 * 12 + 9, 2027 * 12) == (date(2026, 10, 1), date(2027, 1, 31))
    assert months(2028 * 12 + 1, 2028 * 12 + 1) == (date(2028, 2, 1), date(2028, 2, 29))


@given(st.integers(1, 999_999_999), DAYS, st.integers(0, 1100), DAYS, st.integers(0, 3660), st.integers(1, 100))
def test_nobody_is_asked_more_than_the_whole_or_less_than_the_share(
    fen: int, begin: date, days: int, since: date, lasts: int, share: int
) -> None:
    found = part(fen, begin, begin + timedelta(days=days), [Span(since, since + timedelta(days=lasts), share)])
    assert 0 <= found.inside <= found.days == days + 1
    assert fen * share - 50 <= found.fen * 100 <= fen * 100
    assert found.inside or found.fen == fen
