"""Moments as one says them to an owner: 今天 14:00, tomorrow 09:30, 11月24日 14:00; days by their date."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

_NAMED: Final = {0: ("今天", "today"), 1: ("明天", "tomorrow")}
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS: Final = tuple("一二三四五六日")
WEEKDAYS_EN: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day(on: date) -> tuple[str, str]:
    """A day by its date, in Chinese and English: 11月24日（周二）, Tue 24 Nov."""
    return (
        f"{on.month}月{on.day}日（周{WEEKDAYS[on.weekday()]}）",
        f"{WEEKDAYS_EN[on.weekday()]} {on.day} {_MONTHS[on.month - 1]}",
    )


def moment(at: datetime, *, zone: ZoneInfo, now: datetime | None) -> tuple[str, str]:
    """A moment in Chinese and English; today and tomorrow by name, or with `now` None always by date.

    By date is for what is read later: a message of yesterday that says "today" sends somebody home a day late.
    """
    local = at.astimezone(zone)
    ahead = (local.date() - now.astimezone(zone).date()).days if now else -1
    zh, en = _NAMED.get(ahead, (f"{local.month}月{local.day}日", f"{local.day} {_MONTHS[local.month - 1]}"))
    return f"{zh} {local:%H:%M}", f"{en} {local:%H:%M}"
