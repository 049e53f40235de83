"""When the manager's visit day (接访日) falls, and into which slots it is cut."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from reception.rules.working_days import LONGEST_CLOSURE_DAYS, ONE_DAY, Calendar

FRIDAY: Final = 4

_SATURDAY: Final = 5
_WEEK: Final = timedelta(days=7)
_MOST_SLOTS: Final = 48


class RollPolicy(StrEnum):
    """How a visit day moves off a closed day; the source says only 顺延 (RUL-02, K6, part I trap 4)."""

    NEXT_WORKDAY = "next_workday"  # the literal reading, after 民法典 203; may be a make-up Saturday or Sunday
    NEXT_WORKDAY_NOT_WEEKEND = "next_workday_not_weekend"
    NEXT_SAME_WEEKDAY = "next_same_weekday"


@dataclass(frozen=True)
class VisitDay:
    """One visit day: the date its rule names, the date it is held, and how sure that is.

    `provisional` is true while a year between the two dates has no official data: such a date must
    never be shown as fixed (K3.12).
    """

    nominal_on: date
    actual_on: date
    provisional: bool
    moved: bool


def nominal(year: int, month: int, nth: int = 1, weekday: int = FRIDAY) -> date:
    """The `nth` `weekday` (Monday 0) of a month: the first Friday unless told (RUL-01, K6).

    Refuses a rule that is none (`visit_rule_invalid`: nth outside 1-5, weekday outside 0-6) and a fifth
    weekday in a month that has four (`no_such_day`).
    """
    if not (1 <= nth <= 5 and 0 <= weekday <= 6):
        raise ValueError("visit_rule_invalid")
    first = date(year, month, 1)
    day = first + timedelta(days=(weekday - first.weekday()) % 7) + (nth - 1) * _WEEK
    if day.month != month:
        raise ValueError("no_such_day")
    return day


def visit_day(
    year: int,
    month: int,
    calendar: Calendar,
    policy: RollPolicy = RollPolicy.NEXT_WORKDAY,
    nth: int = 1,
    weekday: int = FRIDAY,
) -> VisitDay:
    """The visit day of one month, rolled forward off closed days (RUL-02, K6).

    Refuses what `nominal` refuses, and a calendar with no fitting day within a year (`no_open_day`).
    """
    return rolled(nominal(year, month, nth, weekday), calendar, policy)


def year_of_days(
    year: int,
    calendar: Calendar,
    policy: RollPolicy = RollPolicy.NEXT_WORKDAY,
    nth: int = 1,
    weekday: int = FRIDAY,
) -> list[VisitDay]:
    """The visit days that a rule names in a year, in order; months without such a weekday are passed over."""
    return [
        visit_day(year, month, calendar, policy, nth, weekday)
        for month in range(1, 13)
        if exists(year, month, nth, weekday)
    ]


def rolled(
    named: date,
    calendar: Calendar,
    policy: RollPolicy = RollPolicy.NEXT_WORKDAY,
    *,
    after: date = date.min,
    taken: frozenset[date] = frozenset(),
) -> VisitDay:
    """The visit day of a date that is named: on it where it is open, else on the earliest day that the policy allows.

    Never on or before `after`, nor on a day that is `taken`. Refuses a calendar with no fitting day within a year
    (`no_open_day`).
    """
    actual = _roll(named, calendar, policy, after, taken)
    # Every day touched lies between the two, and a roll stays under a year: the two ends cover all years.
    provisional = calendar.is_provisional(named) or calendar.is_provisional(actual)
    return VisitDay(nominal_on=named, actual_on=actual, provisional=provisional, moved=actual != named)


def next_visit_day(
    after: date,
    calendar: Calendar,
    policy: RollPolicy = RollPolicy.NEXT_WORKDAY,
    nth: int = 1,
    weekday: int = FRIDAY,
    *,
    inclusive: bool = False,
) -> VisitDay:
    """The first visit day actually held after `after`, or on it when `inclusive` (K6).

    Months without an `nth` weekday are passed over. Refuses as `visit_day` does.
    """
    # From the month before: its day may have rolled across the end of the month.
    year, month = month_after(after.year, after.month, -1)
    while True:
        if exists(year, month, nth, weekday):
            found = visit_day(year, month, calendar, policy, nth, weekday)
            if found.actual_on > after or (inclusive and found.actual_on == after):
                return found
        year, month = month_after(year, month, 1)


def slots(opens: time = time(10, 0), closes: time = time(12, 0), minutes: int = 15) -> tuple[time, ...]:
    """The starting times of the slots of a session: eight of 15 minutes from 10:00 (RUL-03, K6).

    The last one ends no later than `closes`; a remainder shorter than a slot is left out. Refuses hours
    that hold no slot (`slots_invalid`).
    """
    any_day = date(2000, 1, 1)
    start, end = datetime.combine(any_day, opens), datetime.combine(any_day, closes)
    length = timedelta(minutes=minutes)
    if minutes < 1 or start + length > end:
        raise ValueError("slots_invalid")
    return tuple((start + n * length).time() for n in range((end - start) // length))


def slack_places(text: str) -> frozenset[int]:
    """The places of the slots that are kept free, from `4,8`: the fourth and the eighth of a session.

    Refuses whatever is no list of places from 1 to 48 (`slack_invalid`).
    """
    parts = [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]
    if not all(part.isascii() and part.isdigit() and len(part) < 3 and 1 <= int(part) <= _MOST_SLOTS for part in parts):
        raise ValueError("slack_invalid")
    return frozenset(int(part) for part in parts)


def _roll(day: date, calendar: Calendar, policy: RollPolicy, after: date, taken: frozenset[date]) -> date:
    step = _WEEK if policy is RollPolicy.NEXT_SAME_WEEKDAY else ONE_DAY
    weekdays_only = policy is RollPolicy.NEXT_WORKDAY_NOT_WEEKEND
    last = day + timedelta(days=LONGEST_CLOSURE_DAYS)
    while day < last:
        fits = day > after and day not in taken and not (weekdays_only and day.weekday() >= _SATURDAY)
        if fits and calendar.is_open(day):
            return day
        day += step
    raise ValueError("no_open_day")


def exists(year: int, month: int, nth: int, weekday: int) -> bool:
    """False only for a fifth weekday the month has not; any other fault of the rule is still refused."""
    if nth != 5:
        return True
    fourth = nominal(year, month, 4, weekday)
    return (fourth + _WEEK).month == month


def months(year: int, month: int, count: int) -> list[tuple[int, int]]:
    """Return so many months from one on, as (year, month)."""
    return [month_after(year, month, later) for later in range(count)]


def month_after(year: int, month: int, months: int) -> tuple[int, int]:
    """Return the month that is so many months later (or earlier)."""
    count = year * 12 + month - 1 + months
    return count // 12, count % 12 + 1
