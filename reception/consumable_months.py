"""The months that consumables are planned and counted by: the present one, what was, and the next few."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from db.store import Store
from reception import events
from reception.case_filters import day_begins
from reception.refusal import Refused
from reception.rules import clock
from reception.rules.visit_days import month_after
from reception.site import site

FIRST_YEAR: Final = 2020
# The plan of the next months can be made ahead.
AHEAD: Final = 3
A_MOMENT: Final = timedelta(milliseconds=1)
_MONTH: Final = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the site: days `first` to `last` (ISO), moments `begin` <= t < `end` as the store writes times.

    `earlier` and `later` are the months beside it, '' where there is none to look at. `current`: it still runs.
    """

    code: str
    first: str
    last: str
    begin: str
    end: str
    earlier: str
    later: str
    current: bool


def month(store: Store, code: str, *, now: datetime) -> Month:
    """Return a month (`2026-11`); without a code the one that runs. Refuses `month_invalid`, also too far ahead."""
    zone = site(store).zone
    today = clock.local_day(events.moment(store, now), zone)
    running = f"{today:%Y-%m}"
    match = _MONTH.fullmatch(code or running)
    if match is None or int(match[1]) < FIRST_YEAR or match[0] > _named(today, AHEAD):
        raise Refused("month_invalid")
    first = date(int(match[1]), int(match[2]), 1)
    following = date(*month_after(first.year, first.month, 1), 1)
    earlier, later = _named(first, -1), _named(first, 1)
    return Month(
        match[0],
        first.isoformat(),
        (following - timedelta(days=1)).isoformat(),
        day_begins(first, zone),
        day_begins(following, zone),
        earlier if int(earlier[:4]) >= FIRST_YEAR else "",
        later if later <= _named(today, AHEAD) else "",
        match[0] == running,
    )


def _named(day: date, later: int) -> str:
    year, number = month_after(day.year, day.month, later)
    return f"{year:04}-{number:02}"
