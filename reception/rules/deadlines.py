"""How a deadline follows from its start: around the clock, in opening hours, in working days, by an agreed time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from reception.rules import hours
from reception.rules.hours import Span
from reception.rules.working_days import LONGEST_CLOSURE_DAYS, ONE_DAY, Calendar

_MIDNIGHT: Final = 24 * 60
_MOMENT: Final = timedelta(milliseconds=1)


class Time(StrEnum):
    """The kinds of time that clocks count in (domain.md K8)."""

    WALL = "wall"
    OPEN = "open"
    WORKING_DAYS = "working_days"
    AGREED = "agreed"


class Stage(StrEnum):
    """How a clock stands: `paused` counts nothing, `warn` is the last part of the span."""

    RUNNING = "running"
    WARN = "warn"
    OVERDUE = "overdue"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Timetable:
    """When a centre is open: the hours of working days, those of rest days, and which is which."""

    calendar: Calendar
    work: tuple[Span, ...]
    rest: tuple[Span, ...]
    zone: ZoneInfo

    def spans(self, day: date) -> tuple[Span, ...]:
        """The opening hours of a day, in minutes from midnight."""
        return self.work if self.calendar.is_open(day) else self.rest

    def close_of_business(self, day: date) -> datetime:
        """The last moment, in UTC, of the business of a working day; of the day itself without hours (民法典 203).

        Where business goes on until midnight it is the last one before: 24:00 would be read as the day that follows.
        """
        end = self.work[-1].end if self.work else _MIDNIGHT
        closes = hours.moment(day, end, self.zone).astimezone(UTC)
        return closes - _MOMENT if end >= _MIDNIGHT else closes

    def open_from(self, start: datetime) -> Iterator[tuple[datetime, datetime] | None]:
        """Yield the open stretches after `start`, in UTC and in order, and None after each day.

        An hour that the clock skips has no minutes, one shown twice has two hours' worth; stretches never overlap.
        """
        at = start.astimezone(UTC)
        # A day before: where clocks go back over midnight, yesterday's hours reach into today.
        day = start.astimezone(self.zone).date() - ONE_DAY
        while True:
            for span in self.spans(day):
                begin = max(at, hours.moment(day, span.begin, self.zone).astimezone(UTC))
                end = hours.moment(day, span.end, self.zone).astimezone(UTC)
                if end > begin:
                    yield begin, end
                    at = end
            yield None
            day += ONE_DAY


def deadline(time: Time, start: datetime, amount: int, timetable: Timetable) -> datetime:
    """Return when `amount` is up, in UTC: minutes, or working days for WORKING_DAYS; AGREED starts at the agreed time.

    Refuses `amount_invalid` (negative, or no working day) and `no_open_hour`.
    """
    if amount < (1 if time is Time.WORKING_DAYS else 0):
        raise ValueError("amount_invalid")
    match time:
        case Time.OPEN:
            return _after_open(start, timedelta(minutes=amount), timetable)
        case Time.WORKING_DAYS:
            return _after_working_days(start, amount, timetable)
        case _:
            return start.astimezone(UTC) + timedelta(minutes=amount)


def _after_open(start: datetime, length: timedelta, timetable: Timetable) -> datetime:
    """Return the first moment by which the centre was open so long since `start`."""
    left, closed_days = length, 0
    if not left:
        return start.astimezone(UTC)
    for stretch in timetable.open_from(start):
        if stretch is None:
            closed_days += 1
            # The search began a day before.
            if closed_days > LONGEST_CLOSURE_DAYS + 1:
                raise ValueError("no_open_hour")
            continue
        closed_days = 0
        begin, end = stretch
        if left <= end - begin:
            return begin + left
        left -= end - begin
    raise AssertionError("days do not end")


def _after_working_days(start: datetime, count: int, timetable: Timetable) -> datetime:
    """Return the close of business of the `count`-th working day after the day of `start` (民法典 201, 203)."""
    try:
        day = timetable.calendar.add_working_days(start.astimezone(timetable.zone).date(), count)
    except ValueError:
        raise ValueError("no_open_hour") from None
    return timetable.close_of_business(day)


def open_time(begin: datetime, end: datetime, timetable: Timetable) -> timedelta:
    """Return how long the centre was open between two moments; nothing when the second is not later."""
    total, days = timedelta(0), 0
    for stretch in timetable.open_from(begin):
        if stretch is None:
            days += 1
            # Days in hand: the search began a day before, and ends with a day that began after `end`.
            if days > (end - begin) / ONE_DAY + 3:
                return total
            continue
        if stretch[0] >= end:
            return total
        total += min(end.astimezone(UTC), stretch[1]) - stretch[0]
    raise AssertionError("days do not end")


def counted(time: Time, begin: datetime, end: datetime, timetable: Timetable) -> timedelta:
    """Return the time between two moments as a clock of this kind counts it: open time, or time on the wall."""
    if end <= begin:
        return timedelta(0)
    return open_time(begin, end, timetable) if time is Time.OPEN else end - begin


def extended(time: Time, due: datetime, begin: datetime, end: datetime, timetable: Timetable) -> datetime:
    """Return a deadline moved by a pause, so that what was left at its begin is left at its end.

    Of a clock in opening hours only the open time of the pause counts; of one in working days the closes of business
    that it covers. A pause that ends before it begins moves nothing. Refuses `no_open_hour`.
    """
    if end <= begin:
        return due.astimezone(UTC)
    if time is Time.OPEN:
        return _after_open(due, open_time(begin, end, timetable), timetable)
    if time is not Time.WORKING_DAYS:
        return due.astimezone(UTC) + (end - begin)
    covered = _closes(begin, end, timetable)
    # One kept as 24:00 before is of the day that ended with it, not of the day that begins.
    return _after_working_days(due - _MOMENT, covered, timetable) if covered else due.astimezone(UTC)


def _closes(begin: datetime, end: datetime, timetable: Timetable) -> int:
    day, last = begin.astimezone(timetable.zone).date(), end.astimezone(timetable.zone).date()
    found = 0
    while day <= last:
        found += timetable.calendar.is_open(day) and begin < timetable.close_of_business(day) <= end
        day += ONE_DAY
    return found


def stage(time: Time, started: datetime, due: datetime, now: datetime, percent: int, timetable: Timetable) -> Stage:
    """Return how a clock that counts stands at a moment: it warns in the last `percent` of its span."""
    if now > due:
        return Stage.OVERDUE
    left, span = counted(time, now, due, timetable), counted(time, started, due, timetable)
    return Stage.WARN if left * 100 <= span * percent else Stage.RUNNING
