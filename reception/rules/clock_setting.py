"""What may be set on the box's clock by hand, and what wants a second look (`domain.md` K3, 16)."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from reception.rules import clock

# Before the first there was no such box; by the second this one is scrap.
EARLIEST: Final = datetime(2026, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2099, 12, 31, tzinfo=UTC)
# Nobody leaves a lobby shut so long without knowing it: whoever sets the time further ahead says so once more.
FAR: Final = timedelta(days=14)
# A wish is carried out at once or not at all: later nobody knows what became of the clock meanwhile.
WANTED_FOR: Final = timedelta(minutes=2)


def wanted(day: str, at: str, zone: ZoneInfo) -> datetime:
    """Return the moment of `2026-11-28` and `10:05` at the site, in UTC.

    Refuses (ValueError) `date_invalid`, `time_invalid`, and `clock_out_of_range` outside 2026 to 2099.
    """
    try:
        on = date.fromisoformat(day.strip())
    except ValueError:
        raise ValueError("date_invalid") from None
    try:
        hour = time.fromisoformat(at.strip())
    except ValueError:
        raise ValueError("time_invalid") from None
    # Years at the ends of the calendar have no moment in UTC.
    if not EARLIEST.year <= on.year <= LATEST.year or hour.tzinfo is not None:
        raise ValueError("clock_out_of_range" if hour.tzinfo is None else "time_invalid")
    found = datetime.combine(on, hour, zone).astimezone(UTC)
    if not possible(found):
        raise ValueError("clock_out_of_range")
    return found


def possible(at: datetime) -> bool:
    """Tell whether a box of ours may stand at this time."""
    return EARLIEST <= at <= LATEST


def doubt(at: datetime, last_event_at: datetime | None) -> str:
    """Return why setting this time wants a second look: `clock_back` before the last event, `clock_far`; else ''."""
    if last_event_at is None:
        return ""
    if clock.is_behind(at, last_event_at):
        return "clock_back"
    return "clock_far" if at - last_event_at > FAR else ""


def still_wanted(asked: datetime, now: datetime) -> bool:
    """Tell whether a wish of then may be carried out now, both read from the same clock."""
    return timedelta() <= now - asked <= WANTED_FOR
