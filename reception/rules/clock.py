"""Effective time that never runs back, and times as the store writes them (domain.md K3.16)."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

TOLERANCE: Final = timedelta(minutes=2)

_TEXT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")


def effective(now: datetime, last_event_at: datetime | None) -> datetime:
    """The time an act is written at, in UTC: `now`, but never before the last event (K3.16).

    Refuses a datetime without zone (`time_naive`).
    """
    at = _utc(now)
    return at if last_event_at is None else max(at, _utc(last_event_at))


def is_behind(now: datetime, last_event_at: datetime | None, tolerance: timedelta = TOLERANCE) -> bool:
    """Whether the clock stands more than `tolerance` before the last event, to be said aloud (K3.16).

    Refuses a datetime without zone (`time_naive`).
    """
    at = _utc(now)
    return last_event_at is not None and _utc(last_event_at) - at > tolerance


def to_text(at: datetime) -> str:
    """A time as 'YYYY-MM-DDTHH:MM:SS.mmmZ': UTC, fixed width, so that texts sort as times do.

    Cut to the millisecond, never rounded up: a stored time is never later than the act. Refuses a
    datetime without zone (`time_naive`).
    """
    return _utc(at).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def from_text(text: str) -> datetime:
    """The UTC datetime that `to_text` wrote. Refuses any other form (`time_invalid`)."""
    if not _TEXT.fullmatch(text):
        raise ValueError("time_invalid")
    try:
        return datetime.fromisoformat(text)
    except ValueError:  # the right form, but no such day or hour
        raise ValueError("time_invalid") from None


def local_day(at_utc: datetime, zone: ZoneInfo) -> date:
    """The calendar day at the site at that instant: what numbers and working days count by.

    Refuses a datetime without zone (`time_naive`).
    """
    return _utc(at_utc).astimezone(zone).date()


def _utc(at: datetime) -> datetime:
    # Two datetimes of one zone compare by wall clock, wrongly in the hour put back: compare in UTC only.
    if at.utcoffset() is None:
        raise ValueError("time_naive")
    return at.astimezone(UTC)
