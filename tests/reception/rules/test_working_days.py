"""Tests of open days and working-day counts, against the official notices of 2004-2026."""

from datetime import UTC, date, datetime, timedelta

import holidays
import pytest
from chinese_calendar import constants
from hypothesis import given, settings
from hypothesis import strategies as st

from reception.rules.working_days import Calendar, DayKind

YEARS = range(2004, 2027)

OFFICIAL = dict.fromkeys(constants.holidays, DayKind.REST) | dict.fromkeys(constants.workdays, DayKind.WORK)
CALENDAR = Calendar(OFFICIAL, frozenset(YEARS))

# Saturday 2005-12-31 was a make-up workday by the notice for 2006 (国办发明电〔2005〕35号): holidays 0.109 is
# right, chinesecalendar 1.11.0 lacks it. No visit day and no vector comes near it.
KNOWN_DIFFERENCES = {date(2005, 12, 31): (False, True)}

any_day = st.dates(date(2004, 1, 10), date(2027, 12, 31))


def all_days() -> list[date]:
    first, last = date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_two_independent_sources_agree_on_every_day_but_the_known_ones() -> None:
    other = holidays.country_holidays("CN", years=YEARS)
    found = {
        day: (CALENDAR.is_open(day), other.is_working_day(day))
        for day in all_days()
        if CALENDAR.is_open(day) != other.is_working_day(day)
    }
    assert found == KNOWN_DIFFERENCES


def test_make_up_workdays_and_rest_in_lieu() -> None:
    assert CALENDAR.is_open(date(2026, 1, 4))  # Sunday, made up
    assert not CALENDAR.is_open(date(2026, 1, 2))  # Friday, in lieu
    assert not CALENDAR.is_open(date(2026, 1, 11))  # plain Sunday
    assert CALENDAR.is_open(date(2026, 1, 12))  # plain Monday


def test_a_year_without_notice_rests_only_on_fixed_statutory_days() -> None:
    closed = {
        (day.month, day.day)
        for day in (date(2027, 1, 1) + timedelta(days=n) for n in range(365))
        if day.weekday() < 5 and not CALENDAR.is_open(day)
    }
    # 2 May, 2 and 3 October 2027 fall on a weekend and rest anyway; so does 1 May.
    assert closed == {(1, 1), (10, 1)}
    assert not any(CALENDAR.is_open(date(2028, month, day)) for month, day in [(5, 1), (5, 2), (10, 2), (10, 3)])
    assert CALENDAR.is_provisional(date(2027, 1, 1))
    assert not CALENDAR.is_provisional(date(2026, 12, 31))


def test_given_days_win_over_the_fixed_statutory_ones() -> None:
    override = Calendar({date(2027, 1, 1): DayKind.WORK, date(2027, 2, 5): DayKind.REST}, frozenset())
    assert override.is_open(date(2027, 1, 1))
    assert not override.is_open(date(2027, 2, 5))
    assert override.is_provisional(date(2027, 2, 5))  # an override is not a notice


def test_an_official_year_follows_its_table_alone() -> None:
    assert Calendar({}, frozenset({2027})).is_open(date(2027, 1, 1))


def test_a_datetime_is_refused() -> None:
    with pytest.raises(ValueError, match="day_invalid"):
        CALENDAR.is_open(datetime(2026, 10, 1, 9, tzinfo=UTC))


def test_the_table_is_copied() -> None:
    table = {date(2026, 10, 1): DayKind.REST}
    calendar = Calendar(table, frozenset({2026}))
    table.clear()
    assert not calendar.is_open(date(2026, 10, 1))
    assert calendar == Calendar({date(2026, 10, 1): DayKind.REST}, frozenset({2026}))
    assert hash(calendar) == hash(Calendar({}, frozenset({2026})))


@pytest.mark.parametrize(
    ("handled", "due"),
    [  # K8, two working days
        (date(2026, 9, 18), date(2026, 9, 21)),
        (date(2026, 9, 30), date(2026, 10, 9)),
        (date(2026, 10, 9), date(2026, 10, 12)),
    ],
)
def test_two_working_days(handled: date, due: date) -> None:
    assert CALENDAR.add_working_days(handled, 2) == due


def test_counting_from_a_closed_day_and_counting_none() -> None:
    assert CALENDAR.add_working_days(date(2026, 10, 3), 1) == date(2026, 10, 8)
    assert CALENDAR.add_working_days(date(2026, 10, 3), 0) == date(2026, 10, 8)
    assert CALENDAR.add_working_days(date(2026, 10, 8), 0) == date(2026, 10, 8)
    assert CALENDAR.next_open(date(2026, 10, 1)) == date(2026, 10, 8)


def test_counting_back_from_a_visit_day() -> None:
    held = date(2026, 10, 8)
    assert CALENDAR.working_days_before(held, 1) == date(2026, 9, 30)
    assert CALENDAR.working_days_before(held, 3) == date(2026, 9, 28)
    assert CALENDAR.working_days_before(date(2026, 10, 3), 0) == date(2026, 9, 30)


@pytest.mark.parametrize("count", [CALENDAR.add_working_days, CALENDAR.working_days_before])
def test_negative_counts_are_refused(count: object) -> None:
    assert callable(count)
    with pytest.raises(ValueError, match="count_invalid"):
        count(date(2026, 1, 5), -1)


def test_a_table_without_open_days_is_refused_not_searched_for_ever() -> None:
    shut = Calendar({date(2026, 1, 1) + timedelta(days=n): DayKind.REST for n in range(800)}, frozenset({2026}))
    with pytest.raises(ValueError, match="no_open_day"):
        shut.next_open(date(2026, 1, 1))


@settings(deadline=None)
@given(start=any_day, count=st.integers(1, 40))
def test_exactly_count_open_days_are_passed(start: date, count: int) -> None:
    end = CALENDAR.add_working_days(start, count)
    passed = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(map(CALENDAR.is_open, passed)) == count
    assert CALENDAR.is_open(end)
    # Back again: the open day `start` itself, or the last one before it.
    assert CALENDAR.working_days_before(end, count) == CALENDAR.working_days_before(start, 0)
