"""Tests of the visit-day calendar: every vector of domain.md K6 and the counts of J9."""

from collections import Counter
from datetime import date, time, timedelta

import pytest
from chinese_calendar import constants
from hypothesis import given, settings
from hypothesis import strategies as st

from reception.official_days import official_calendar
from reception.rules.visit_days import (
    RollPolicy,
    VisitDay,
    next_visit_day,
    nominal,
    rolled,
    slack_places,
    slots,
    visit_day,
    year_of_days,
)
from reception.rules.working_days import Calendar, DayKind

OFFICIAL = dict.fromkeys(constants.holidays, DayKind.REST) | dict.fromkeys(constants.workdays, DayKind.WORK)
CALENDAR = Calendar(OFFICIAL, frozenset(range(2004, 2027)))

WORKDAY, NOT_WEEKEND, SAME_WEEKDAY = RollPolicy
FIRST_FRIDAYS = [(year, month) for year in range(2008, 2027) for month in range(1, 13)]


@pytest.mark.parametrize(
    ("named", "workday", "not_weekend", "same_weekday"),
    [
        ("2024-04-05", "2024-04-07", "2024-04-08", "2024-04-12"),
        ("2024-10-04", "2024-10-08", "2024-10-08", "2024-10-11"),
        ("2025-04-04", "2025-04-07", "2025-04-07", "2025-04-11"),
        ("2025-10-03", "2025-10-09", "2025-10-09", "2025-10-10"),
        ("2026-01-02", "2026-01-04", "2026-01-05", "2026-01-09"),
        ("2026-05-01", "2026-05-06", "2026-05-06", "2026-05-08"),
        ("2026-10-02", "2026-10-08", "2026-10-08", "2026-10-09"),
    ],
)
def test_official_vectors(named: str, workday: str, not_weekend: str, same_weekday: str) -> None:
    on = date.fromisoformat(named)
    expected = zip((WORKDAY, NOT_WEEKEND, SAME_WEEKDAY), (workday, not_weekend, same_weekday), strict=True)
    for policy, actual in expected:
        assert visit_day(on.year, on.month, CALENDAR, policy) == VisitDay(
            nominal_on=on, actual_on=date.fromisoformat(actual), provisional=False, moved=True
        )


@pytest.mark.parametrize(
    ("named", "workday", "same_weekday"),
    [
        (date(2027, 1, 1), date(2027, 1, 4), date(2027, 1, 8)),
        (date(2027, 2, 5), date(2027, 2, 5), date(2027, 2, 5)),  # 除夕, not knowable without data
        (date(2027, 10, 1), date(2027, 10, 4), date(2027, 10, 8)),
    ],
)
def test_vectors_without_official_data_are_provisional(named: date, workday: date, same_weekday: date) -> None:
    for policy, actual in ((WORKDAY, workday), (NOT_WEEKEND, workday), (SAME_WEEKDAY, same_weekday)):
        found = visit_day(named.year, named.month, CALENDAR, policy)
        assert found == VisitDay(named, actual, provisional=True, moved=actual != named)


def test_spring_festival_given_as_data_moves_the_day() -> None:
    table = OFFICIAL | {date(2027, 2, 5) + timedelta(days=n): DayKind.REST for n in range(7)}
    found = visit_day(2027, 2, Calendar(table, CALENDAR.official_years))
    assert found == VisitDay(date(2027, 2, 5), date(2027, 2, 12), provisional=True, moved=True)


def test_make_up_saturdays_and_sundays_are_passed_over_when_no_weekend_is_wanted() -> None:
    table = {
        date(2026, 11, 6): DayKind.REST,
        date(2026, 11, 7): DayKind.WORK,
        date(2026, 11, 8): DayKind.WORK,
    }
    calendar = Calendar(table, frozenset({2026}))
    assert visit_day(2026, 11, calendar).actual_on == date(2026, 11, 7)
    assert visit_day(2026, 11, calendar, NOT_WEEKEND).actual_on == date(2026, 11, 9)


def test_an_ordinary_month_stays_and_is_fixed() -> None:
    assert visit_day(2026, 12, CALENDAR) == VisitDay(date(2026, 12, 4), date(2026, 12, 4), False, False)


@pytest.mark.parametrize("official", [{2026}, {2027}])
def test_a_roll_over_new_year_is_provisional_unless_both_years_are_known(official: set[int]) -> None:
    shut = {date(2026, 12, 31): DayKind.REST, date(2027, 1, 1): DayKind.REST}
    rule = {"nth": 5, "weekday": 3}  # Thursday 2026-12-31
    found = visit_day(2026, 12, Calendar(shut, frozenset(official)), **rule)  # type: ignore[arg-type]
    assert (found.nominal_on, found.actual_on) == (date(2026, 12, 31), date(2027, 1, 4))
    assert found.provisional
    assert not visit_day(2026, 12, Calendar(shut, frozenset({2026, 2027})), **rule).provisional  # type: ignore[arg-type]


def test_first_fridays_2008_to_2026_as_counted_in_j9() -> None:
    days = [visit_day(year, month, CALENDAR) for year, month in FIRST_FRIDAYS]
    moved = [day for day in days if day.moved]
    assert (len(days), len(moved)) == (228, 45)
    assert Counter(day.nominal_on.month for day in moved) == {10: 19, 5: 9, 4: 6, 1: 6, 2: 2, 6: 2, 9: 1}
    assert max(day.actual_on - day.nominal_on for day in moved) == timedelta(days=7)
    assert sum(day.actual_on.weekday() >= 5 for day in moved) == 14


@pytest.mark.parametrize("policy", RollPolicy)
def test_never_on_a_closed_day_and_one_in_each_month(policy: RollPolicy) -> None:
    days = [visit_day(year, month, CALENDAR, policy) for year, month in FIRST_FRIDAYS]
    assert all(CALENDAR.is_open(day.actual_on) for day in days)
    assert [(day.actual_on.year, day.actual_on.month) for day in days] == FIRST_FRIDAYS


@settings(deadline=None)
@given(
    year=st.integers(2004, 2030),
    month=st.integers(1, 12),
    nth=st.integers(1, 4),
    weekday=st.integers(0, 6),
)
def test_nominal_is_the_nth_such_weekday(year: int, month: int, nth: int, weekday: int) -> None:
    days = [date(year, month, day) for day in range(1, 29)]
    assert nominal(year, month, nth, weekday) == [day for day in days if day.weekday() == weekday][nth - 1]


def test_rules_that_name_no_day_are_refused() -> None:
    for nth, weekday in ((0, 4), (6, 4), (1, 7), (1, -1)):
        with pytest.raises(ValueError, match="visit_rule_invalid"):
            nominal(2026, 1, nth, weekday)
    assert nominal(2026, 1, 5) == date(2026, 1, 30)
    with pytest.raises(ValueError, match="no_such_day"):
        nominal(2026, 2, 5)


def test_a_policy_no_day_can_satisfy_is_refused() -> None:
    no_saturday_works = Calendar({}, frozenset({2026, 2027}))
    with pytest.raises(ValueError, match="no_open_day"):
        visit_day(2026, 3, no_saturday_works, SAME_WEEKDAY, weekday=5)


def test_next_visit_day_within_and_across_months() -> None:
    september, october = date(2026, 9, 4), date(2026, 10, 8)
    assert next_visit_day(date(2026, 9, 3), CALENDAR).actual_on == september
    assert next_visit_day(september, CALENDAR).actual_on == october
    assert next_visit_day(september, CALENDAR, inclusive=True).actual_on == september
    # Past the nominal date, before the date it moved to.
    assert next_visit_day(date(2026, 10, 5), CALENDAR).nominal_on == date(2026, 10, 2)
    assert next_visit_day(date(2026, 12, 4), CALENDAR).nominal_on == date(2027, 1, 1)
    assert next_visit_day(date(2026, 10, 8), CALENDAR, SAME_WEEKDAY).actual_on == date(2026, 10, 9)


def test_next_visit_day_finds_one_rolled_in_from_the_month_before() -> None:
    table = {date(2026, 9, 30): DayKind.REST} | {date(2026, 10, n): DayKind.REST for n in range(1, 8)}
    found = next_visit_day(date(2026, 10, 1), Calendar(table, frozenset({2026})), nth=5, weekday=2)
    assert (found.nominal_on, found.actual_on) == (date(2026, 9, 30), date(2026, 10, 8))


def test_next_visit_day_passes_over_months_without_a_fifth_friday() -> None:
    assert next_visit_day(date(2026, 1, 30), CALENDAR, nth=5).nominal_on == date(2026, 5, 29)


@pytest.mark.parametrize("rule", [(9, 4), (5, 9)])
def test_next_visit_day_refuses_a_rule_that_is_none(rule: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="visit_rule_invalid"):
        next_visit_day(date(2026, 1, 1), CALENDAR, nth=rule[0], weekday=rule[1])


@settings(deadline=None)
@given(
    after=st.dates(date(2008, 1, 1), date(2027, 11, 30)),
    policy=st.sampled_from(RollPolicy),
    nth=st.integers(1, 3),
    inclusive=st.booleans(),
)
def test_next_visit_day_is_the_earliest_of_all(after: date, policy: RollPolicy, nth: int, inclusive: bool) -> None:
    held = [
        visit_day(year, month, CALENDAR, policy, nth)
        for year in (after.year - 1, after.year, after.year + 1)
        for month in range(1, 13)
    ]
    since = after if inclusive else after + timedelta(days=1)
    expected = min((day for day in held if day.actual_on >= since), key=lambda day: day.actual_on)
    assert next_visit_day(after, CALENDAR, policy, nth, inclusive=inclusive) == expected


def test_eight_slots_and_the_last_ends_at_twelve() -> None:
    quarters = [time(hour, minute) for hour in (10, 11) for minute in (0, 15, 30, 45)]
    assert slots() == tuple(quarters)


def test_a_remainder_is_left_out_and_hours_without_a_slot_refused() -> None:
    assert slots(time(10), time(11, 10), 30) == (time(10), time(10, 30))
    for opens, closes, minutes in (
        (time(10), time(10, 14), 15),
        (time(12), time(10), 15),
        (time(10), time(12), 0),
    ):
        with pytest.raises(ValueError, match="slots_invalid"):
            slots(opens, closes, minutes)


@pytest.mark.parametrize("policy", RollPolicy)
@pytest.mark.parametrize("rule", [(1, 4), (3, 4), (2, 1)])
def test_every_day_from_2008_to_2035(policy: RollPolicy, rule: tuple[int, int]) -> None:
    calendar = official_calendar()
    assert calendar == CALENDAR
    days = [day for year in range(2008, 2036) for day in year_of_days(year, calendar, policy, *rule)]
    assert len(days) == 28 * 12
    # Never two in a month by one rule, in the order of their months.
    assert len({(day.actual_on.year, day.actual_on.month) for day in days}) == len(days)
    assert days == sorted(days, key=lambda day: day.actual_on)
    for day in days:
        assert calendar.is_open(day.actual_on)
        assert day.provisional == (not {day.nominal_on.year, day.actual_on.year} <= set(range(2004, 2027)))
        assert day.moved == (day.actual_on != day.nominal_on)
        assert_earliest(day, calendar, policy)


def assert_earliest(day: VisitDay, calendar: Calendar, policy: RollPolicy) -> None:
    """Every day before it that the policy allows is closed, counted here anew and not by the rule itself."""
    between = [day.nominal_on + timedelta(days=n) for n in range((day.actual_on - day.nominal_on).days)]
    if policy is SAME_WEEKDAY:
        assert day.actual_on.weekday() == day.nominal_on.weekday()
        between = [one for one in between if one.weekday() == day.nominal_on.weekday()]
    if policy is NOT_WEEKEND:
        assert day.actual_on.weekday() < 5
        between = [one for one in between if one.weekday() < 5]
    assert not any(calendar.is_open(one) for one in between)


@settings(deadline=None)
@given(
    shut=st.sets(st.integers(0, 40)),
    worked=st.sets(st.integers(0, 40)),
    known=st.booleans(),
    policy=st.sampled_from(RollPolicy),
    taken=st.sets(st.integers(0, 40), max_size=4),
    start=st.dates(date(2024, 1, 1), date(2034, 12, 31)).filter(lambda day: day.weekday() < 5),
    later=st.integers(-3, 20),
)
def test_whatever_a_calendar_holds_it_is_the_earliest_that_may_be(
    shut: set[int], worked: set[int], known: bool, policy: RollPolicy, taken: set[int], start: date, later: int
) -> None:
    table = {start + timedelta(days=n): DayKind.WORK for n in worked} | {
        start + timedelta(days=n): DayKind.REST for n in shut
    }
    calendar = Calendar(table, frozenset({start.year, start.year + 1} if known else ()))
    others, after = frozenset(start + timedelta(days=n) for n in taken), start + timedelta(days=later)
    found = rolled(start, calendar, policy, after=after, taken=others)
    step = 7 if policy is SAME_WEEKDAY else 1
    fitting = [
        day
        for day in (start + timedelta(days=n) for n in range(0, 200, step))
        if calendar.is_open(day)
        and day > after
        and day not in others
        and not (policy is NOT_WEEKEND and day.weekday() >= 5)
    ]
    assert found.actual_on == fitting[0]
    assert found.provisional == (not known)


def test_places_of_slack_slots() -> None:
    assert slack_places("") == frozenset()
    assert slack_places(" 8，4 ,4") == {4, 8}
    for wrong in ("0", "49", "a", "4-8", "-1", "４", "100"):
        with pytest.raises(ValueError, match="slack_invalid"):
            slack_places(wrong)
