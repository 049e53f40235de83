"""Times as people type them at the site: `14:05` of today, `明天 9:30`, `11-24 14:05`, a date and time of a picker."""

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_PICKED: Final = re.compile(r"(20[0-9]{2}-[0-9]{2}-[0-9]{2})[T ]([0-9]{1,2}):([0-9]{2})")
_OF_YEAR: Final = re.compile(r"([0-9]{1,2})[-/月]([0-9]{1,2})日?\s+([0-9]{1,2}):([0-9]{2})")
_SPOKEN: Final = re.compile(
    r"(前天|昨天|今天|明天|后天|yesterday|today|tomorrow)?\s*(上午|早上|中午|下午|晚上|am|pm)?\s*([0-9]{1,2})\s*(?:[:点时]\s*([0-9]{1,2}|半)?)分?",
    re.IGNORECASE,
)
_DAYS: Final = {"前天": -2, "昨天": -1, "yesterday": -1, "今天": 0, "today": 0, "明天": 1, "tomorrow": 1, "后天": 2}
_AFTER_NOON: Final = frozenset({"下午", "晚上", "pm"})


def parse(text: str, *, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the moment, in UTC, that was typed: a date and time, a day that was named, or a time of today.

    Refuses `time_invalid` for anything else, and for a moment that the site's clock skips or shows twice.
    """
    clean = text.translate(_FULL_WIDTH).strip()
    today = now.astimezone(zone).date()
    picked, of_year, spoken = _PICKED.fullmatch(clean), _OF_YEAR.fullmatch(clean), _SPOKEN.fullmatch(clean)
    try:
        if picked:
            return from_picker(clean, zone=zone)
        if of_year:
            month, day = int(of_year[1]), int(of_year[2])
            return _moment(_nearest(month, day, today), int(of_year[3]), int(of_year[4]), zone)
        if spoken:
            hour, minute = int(spoken[3]), 30 if spoken[4] == "半" else int(spoken[4] or 0)
            if (spoken[2] or "").lower() in _AFTER_NOON and hour < 12:
                hour += 12
            return _moment(today + timedelta(days=_DAYS.get((spoken[1] or "今天").lower(), 0)), hour, minute, zone)
    except (ValueError, OverflowError):
        pass
    raise ValueError("time_invalid")


def from_picker(text: str, *, zone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, of a date and time as a picker gives them: `2026-11-24T10:00`.

    Refuses `time_invalid` for anything else, and for a moment that the site's clock skips.
    """
    picked = _PICKED.fullmatch(text)
    try:
        if picked:
            return _moment(date.fromisoformat(picked[1]), int(picked[2]), int(picked[3]), zone)
    except (ValueError, OverflowError):
        pass
    raise ValueError("time_invalid")


def _nearest(month: int, day: int, today: date) -> date:
    """Return the day of that name nearest to today: in January, `12-30` is of the year that just ended."""
    years = (today.year - 1, today.year, today.year + 1)
    found = [date(year, month, day) for year in years if (month, day) != (2, 29) or calendar.isleap(year)]
    return min(found, key=lambda one: abs(one - today))


def written(at: datetime, *, zone: ZoneInfo) -> str:
    """Return a moment as forms and papers show it: `2026-11-23 14:05`."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _moment(day: date, hour: int, minute: int, zone: ZoneInfo) -> datetime:
    local = datetime.combine(day, time(hour, minute), zone)
    at = local.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ValueError("time_invalid")
    return at
