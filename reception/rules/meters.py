"""Meters of a home: readings as people type them, and what was used between two (domain.md SYS-36, SYS-37, RUL-26)."""

import re
from typing import Final

from reception.rules import money

KINDS: Final = ("water", "electric", "gas")
UNITS: Final = {"water": "m³", "electric": "kWh", "gas": "m³"}
LARGEST: Final = 99_999_999  # hundredths: the widest meter in a home has six digits before the point
_READING: Final = re.compile(r"([0-9]{1,6})(?:\.([0-9]{1,2}))?")


def parse_reading(text: str) -> int:
    """The hundredths of a unit that a meter shows: '345' is 34500, '345.6' is 34560. Refuses `reading_invalid`."""
    match = _READING.fullmatch(money.as_typed(text))
    if match is None:
        raise ValueError("reading_invalid")
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))


def used(first: int, later: int) -> int:
    """What was used between two readings. A meter does not run back: refuses `reading_below`."""
    if later < first:
        raise ValueError("reading_below")
    return later - first
