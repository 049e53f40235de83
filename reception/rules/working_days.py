"""Which days the service centre is open, and how far away the n-th working day is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

ONE_DAY: Final = timedelta(days=1)

# Longer than any closure on record (Spring 2020 was weeks): past it the table is wrong, and a search
# that never ended would hang the desk.
LONGEST_CLOSURE_DAYS: Final = 366

_SATURDAY: Final = 5

# 全国年节及纪念日放假办法 (2024-11-10): the statutory days with a fixed date in the solar calendar, as
# (month, day). Lunar and solar-term days (除夕, 清明, 端午, 中秋 …) come only from data.
_FIXED_STATUTORY: Final = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


class DayKind(StrEnum):
    """What a table says of one day: the office works, or rests."""

    WORK = "work"
    REST = "rest"


@dataclass(frozen=True)
class Calendar:
    """The open and closed days of a site (domain.md K6).

    `days` holds exceptions only: rest days on weekdays, make-up workdays (调休) on weekends, and the
    manager's overrides, which the caller has already laid over the official ones. `official_years` are
    the years whose State Council notice is in `days`.
    """

    days: Mapping[date, DayKind] = field(hash=False)  # a mapping has no hash; equality still compares it
    official_years: frozenset[int]

    def __post_init__(self) -> None:
        # A private copy: a table edited afterwards must not change answers already given.
        object.__setattr__(self, "days", MappingProxyType(dict(self.days)))

    def is_open(self, day: date) -> bool:
        """Whether the office works on `day`: the exception table, else Monday to Friday (K6).

        In a year without official data the fixed statutory holidays rest as well, because they are
        certain before any notice; the answer is still provisional. Refuses a datetime, which would
        miss the table in silence.
        """
        if isinstance(day, datetime):
            raise ValueError("day_invalid")
        kind = self.days.get(day)
        if kind is not None:
            return kind is DayKind.WORK
        if self.is_provisional(day) and (day.month, day.day) in _FIXED_STATUTORY:
            return False
        return day.weekday() < _SATURDAY

    def is_provisional(self, day: date) -> bool:
        """Whether the year of `day` has no official data yet, so that the answer may change (K6)."""
        return day.year not in self.official_years

    def next_open(self, day: date) -> date:
        """The first open day from `day` on, `day` itself included (民法典 203).

        Refuses a table with no open day within a year (`no_open_day`).
        """
        return self._step_to_open(day, ONE_DAY)

    def add_working_days(self, start: date, count: int) -> date:
        """The `count`-th working day after `start`; `start` is day 0 and is not counted (民法典 201).

        A count of 0 gives the first open day from `start` on (民法典 203). Refuses a negative count
        (`count_invalid`) and a table without open days (`no_open_day`).
        """
        if count < 0:
            raise ValueError("count_invalid")
        day = self.next_open(start) if count == 0 else start
        for _ in range(count):
            day = self._step_to_open(day + ONE_DAY, ONE_DAY)
        return day

    def working_days_before(self, end: date, count: int) -> date:
        """The `count`-th working day before `end`, which is not counted (K6: booking closes 3 before).

        A count of 0 gives the last open day up to `end`. Refuses as `add_working_days` does.
        """
        if count < 0:
            raise ValueError("count_invalid")
        day = self._step_to_open(end, -ONE_DAY) if count == 0 else end
        for _ in range(count):
            day = self._step_to_open(day - ONE_DAY, -ONE_DAY)
        return day

    def _step_to_open(self, day: date, step: timedelta) -> date:
        for _ in range(LONGEST_CLOSURE_DAYS):
            if self.is_open(day):
                return day
            day += step
        raise ValueError("no_open_day")
