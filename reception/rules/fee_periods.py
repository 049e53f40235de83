"""The months that a fee is for: as lists write them, and as papers show them (domain.md SYS-39)."""

import re
from typing import Final, NamedTuple

_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_MONTH: Final = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})月?")
# What Excel makes of `2026-11`: the first day of it.
_FIRST_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-0?1")
_QUARTER: Final = re.compile(r"([0-9]{4})年?(?:Q|第)([1-4])(?:季度?)?", re.IGNORECASE)
_YEAR: Final = re.compile(r"([0-9]{4})年?(?:全年)?")
_BETWEEN: Final = re.compile(r"至|到|~|—+|–|--|(?<=月)-")
FIRST_YEAR, LAST_YEAR, MOST_MONTHS = 1950, 2100, 36


class Period(NamedTuple):
    """The first and the last month, each counted from year 0, twelve a year: November 2026 is 2026 * 12 + 10."""

    first: int
    last: int

    @property
    def months(self) -> int:
        """How many months it is."""
        return self.last - self.first + 1

    @property
    def text(self) -> str:
        """The months as they are written: `2026-11`, `2026-10 – 2026-12`."""
        one, other = _written(self.first), _written(self.last)
        return one if one == other else f"{one} – {other}"

    def meets(self, other: "Period") -> bool:
        """Whether some month belongs to both."""
        return self.first <= other.last and other.first <= self.last


def parse(text: str) -> Period:
    """The months of a period as typed: `2026-11`, `2026年11月`, `2026-10至2026-12`, `2026Q4`, `2026年`.

    Refuses what is none, one that ends before it begins, and one of more than three years (`fee_period_invalid`).
    """
    clean = "".join(text.translate(_FULL_WIDTH).split())
    if match := _QUARTER.fullmatch(clean):
        begin = _month(match[1], str(3 * int(match[2]) - 2))
        return Period(begin, begin + 2)
    if match := _YEAR.fullmatch(clean):
        begin = _month(match[1], "1")
        return Period(begin, begin + 11)
    ends = [_one(part) for part in _BETWEEN.split(clean)] if len(clean) > 10 else [_one(clean)]
    if len(ends) > 2 or not 0 <= ends[-1] - ends[0] < MOST_MONTHS:
        raise ValueError("fee_period_invalid")
    return Period(ends[0], ends[-1])


def _one(text: str) -> int:
    match = _MONTH.fullmatch(text) or _FIRST_DAY.fullmatch(text)
    if match is None:
        raise ValueError("fee_period_invalid")
    return _month(match[1], match[2])


def _month(year: str, month: str) -> int:
    if not (FIRST_YEAR <= int(year) <= LAST_YEAR and 1 <= int(month) <= 12):
        raise ValueError("fee_period_invalid")
    return int(year) * 12 + int(month) - 1


def _written(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02d}"
