"""The times of rooms: quarters of a day at the site, and the stretches that a row of their table is made of."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

QUARTER: Final = 15
HOUR: Final = 60
DAY: Final = 24 * HOUR

_TIME: Final = re.compile(r"([01][0-9]|2[0-4]):(00|15|30|45)")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a row, in minutes of the day on the quarter; `place` counts the booking it shows, None: free."""

    begin: int
    end: int
    place: int | None = None

    @property
    def quarters(self) -> int:
        """How many columns of the table it takes."""
        return (self.end - self.begin) // QUARTER


def parse(text: str) -> int:
    """Return the minute of the day of `10:15`; `24:00` is the midnight after. Refuses `room_time_invalid`: off the
    quarter, or no time.
    """
    match = _TIME.fullmatch(text.strip())
    minute = int(match[1]) * HOUR + int(match[2]) if match else DAY + 1
    if minute > DAY:
        raise ValueError("room_time_invalid")
    return minute


def parse_span(from_: str, to: str) -> tuple[int, int]:
    """Return both ends of a meeting, which is at most a day long: one that ends at `00:00` ends at midnight.

    Refuses `room_time_invalid`, and `room_time_reversed` for an end that is not after the beginning.
    """
    begin, end = parse(from_), parse(to) or DAY
    if begin >= end:
        raise ValueError("room_time_reversed")
    return begin, end


def written(minute: int) -> str:
    """Return a minute of the day as people write it, `10:15`."""
    return f"{minute // HOUR:02d}:{minute % HOUR:02d}"


def hours_shown(rows: Iterable[Sequence[tuple[int, int]]], least: tuple[int, int]) -> tuple[int, int]:
    """Return from which full hour to which the table goes: so that everything in its rows is in it, and `least` too.

    As wide as it is drawn: a minute's meeting takes a quarter, and pushes on what follows at once.
    """
    begin, end = least
    for spans in rows:
        at = 0
        for since, until in spans:
            at = _drawn(at, since, until)[1]
        begin, end = min([begin, *(since for since, _ in spans)]), max(end, at)
    return begin // HOUR * HOUR, min(-(-end // HOUR) * HOUR, DAY)


def stretches(spans: Sequence[tuple[int, int]], begin: int, end: int) -> list[Stretch]:
    """Return a row from `begin` to `end` (full hours): the bookings in order, and between them what is free, cut at
    full hours.

    A meeting that ended off the quarter is drawn to the next one, and each is at least a quarter wide: what follows
    at once is drawn after it.
    """
    row: list[Stretch] = []
    at = begin
    for place, (since, until) in enumerate(spans):
        first, last = _drawn(at, since, until)
        last = min(last, end)
        if first >= last:
            # In the last quarter before midnight there is no column left; the table of the week names it.
            continue
        row += _free(at, first)
        row.append(Stretch(first, last, place))
        at = last
    return row + _free(at, end)


def _drawn(at: int, since: int, until: int) -> tuple[int, int]:
    """Return from when to when a booking is drawn, where the row is drawn up to `at`."""
    first = max(at, _up(since))
    return first, max(first + QUARTER, _up(until))


def _up(minute: int) -> int:
    return -(-minute // QUARTER) * QUARTER


def _free(begin: int, end: int) -> list[Stretch]:
    found = []
    while begin < end:
        until = min(end, (begin // HOUR + 1) * HOUR)
        found.append(Stretch(begin, until))
        begin = until
    return found
