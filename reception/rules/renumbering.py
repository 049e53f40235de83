"""Numbers after a restore: how far a series goes forward, so that none is given twice (domain.md K4)."""

import re
from datetime import date, timedelta
from typing import Final

# More than a lobby gives of one series between two hourly backups, and still three figures: A038, then A538.
JUMP: Final = 500
# More than it gives in a day; from A999 on the number has four figures (`numbers.ticket_no`).
LONG_JUMP: Final = 1000
LONG: Final = timedelta(hours=4)

_DAY: Final = re.compile(r".+:([0-9]{4})-?([0-9]{2})-?([0-9]{2})")
_MONTH: Final = re.compile(r".+:([0-9]{4})([0-9]{2})")
_YEAR: Final = re.compile(r".+:([0-9]{4})")
# Visit days are booked by their month, at most so long before.
_AHEAD: Final = timedelta(days=366)


def jump(lost: timedelta) -> int:
    """By how much every series goes forward when the work of this long is lost: 500, from four hours on 1,000."""
    return LONG_JUMP if lost >= LONG else JUMP


def opens_on(series: str) -> date | None:
    """The first local day on which a number of this series can have been taken; None for one that was always open.

    Read from its name: `ticket:A:2026-11-28` and `BX:20261128` are of that day, `incident_archive:2026` of that year,
    and `JF:202612` of a month that is booked up to a year ahead.
    """
    try:
        if match := _DAY.fullmatch(series):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _MONTH.fullmatch(series):
            return date(int(match[1]), int(match[2]), 1) - _AHEAD
        if match := _YEAR.fullmatch(series):
            return date(int(match[1]), 1, 1)
    except ValueError:  # figures that are no date
        return None
    return None
