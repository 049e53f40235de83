"""Numbers of identity cards, which no text of ours may hold (domain.md K3, 15): found by their check digit."""

import re
from datetime import date
from typing import Final

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# People break it into groups.
_GAPS: Final = re.compile(r"(?<=[0-9])[\s·.\-]+(?=[0-9Xx])")
_EIGHTEEN: Final = re.compile(r"(?<![0-9])(?=([0-9]{17}[0-9Xx])(?![0-9]))")


def holds_one(text: str) -> bool:
    """Whether the number of an identity card stands in a text, with gaps or in full-width figures too (GB 11643)."""
    closed = _GAPS.sub("", text.translate(_FULL_WIDTH))
    return any(_is_one(match[1].upper()) for match in _EIGHTEEN.finditer(closed))


def free_of(text: str) -> str:
    """The text, if none stands in it. Refuses `id_number`."""
    if holds_one(text):
        raise ValueError("id_number")
    return text


def _is_one(number: str) -> bool:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return born.year >= 1850 and _CHECKS[total % 11] == number[17]
