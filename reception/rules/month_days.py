"""When a month is over for its report: on the third working day after its end (domain.md K10)."""

from datetime import date, timedelta
from typing import Final

from reception.rules.visit_days import month_after
from reception.rules.working_days import Calendar

FREEZES_AFTER: Final = 3


def first_of_next(month: str) -> date:
    """Return the first day after a month (`2026-11`)."""
    return date(*month_after(int(month[:4]), int(month[5:]), 1), 1)


def length(month: str) -> int:
    """Return how many days a month (`2026-11`) has."""
    return (first_of_next(month) - timedelta(days=1)).day


def freezes_on(month: str, calendar: Calendar) -> date:
    """Return the day on which a month (`2026-11`) is frozen: the third working day after its last day.

    Of September 2026 it is 10 October, a Saturday on which one works: before it lies the holiday.
    """
    return calendar.add_working_days(first_of_next(month) - timedelta(days=1), FREEZES_AFTER)
