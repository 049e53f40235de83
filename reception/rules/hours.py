"""When the centre is open: hours of working days and of rest days, written as `08:30-12:00,13:30-17:30`."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

_SPAN: Final = re.compile(r"([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})")
_DAY: Final = 24 * 60


class Span(NamedTuple):
    """A span of a day, in minutes from midnight; 24:00 is 1440."""

    begin: int
    end: int


def parse(text: str) -> tuple[Span, ...]:
    """Return the spans of a day in order; none for ''. Refuses `hours_invalid`: bad form, overlapping, or backwards."""
    spans: list[Span] = []
    for part in (part.strip() for part in text.replace("，", ",").split(",") if part.strip()):
        match = _SPAN.fullmatch(part)
        if match is None:
            raise ValueError("hours_invalid")
        begin, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
        if int(match[2]) > 59 or int(match[4]) > 59 or not begin < end <= _DAY or (spans and begin < spans[-1].end):
            raise ValueError("hours_invalid")
        spans.append(Span(begin, end))
    return tuple(spans)


def minute_of(local: datetime) -> int:
    """Return the minute of the day of a local time."""
    return local.hour * 60 + local.minute


def current(spans: Sequence[Span], minute: int) -> Span | None:
    """Return the span that the minute lies in, or None."""
    return next((span for span in spans if span.begin <= minute < span.end), None)


def takes_tickets(spans: Sequence[Span], minute: int, last_minutes: int) -> bool:
    """Whether a number may be taken: inside a span, and not within `last_minutes` before the last one ends."""
    span = current(spans, minute)
    if span is None:
        return False
    return span is not spans[-1] or minute < span.end - last_minutes or span.end == _DAY


def stretched(spans: Sequence[Span], minute: int, minutes: int) -> int | None:
    """Return how long a wait of so many minutes really is from `minute` on, breaks included; None past the last span.

    A wait that begins outside every span begins with the next.
    """
    left, at = minutes, minute
    for span in spans:
        if span.end <= at:
            continue
        at = max(at, span.begin)
        if left <= span.end - at:
            return at + left - minute
        left -= span.end - at
        at = span.end
    # Around the clock the day has no end.
    return minutes if spans and spans[-1].end == _DAY else None


def next_begin(spans: Sequence[Span], minute: int) -> int | None:
    """Return the minute at which the next span of this day begins, or None."""
    return next((span.begin for span in spans if span.begin > minute), None)


def moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return a minute of a local day as a moment; 1440 is the next midnight."""
    if minute >= _DAY:
        return datetime.combine(day + timedelta(days=1), time(0), zone)
    return datetime.combine(day, time(minute // 60, minute % 60), zone)


def written(spans: Sequence[Span]) -> str:
    """Return the spans as people read them: `08:30–12:00、13:30–17:30`; '' for none."""
    return "、".join(f"{_clock(span.begin)}–{_clock(span.end)}" for span in spans)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
