"""Moments of the store as papers and sentences say them: the day with its weekday, and the hour, at the site."""

from zoneinfo import ZoneInfo

from reception.rules import clock, said_times
from reception.wording import Words


def day_and_hour(text: str, *, zone: ZoneInfo) -> tuple[Words, str]:
    """Return the day of a moment in both languages, and its hour: `11月24日（周二）`, `10:00`."""
    local = clock.from_text(text).astimezone(zone)
    return Words(*said_times.day(local.date())), f"{local:%H:%M}"


def moment(text: str, *, zone: ZoneInfo) -> Words:
    """Return a moment by its date in both languages: `11月24日（周二）10:00`."""
    day, hour = day_and_hour(text, zone=zone)
    return Words(f"{day.zh}{hour}", f"{day.en}, {hour}")
