"""What a measurement hands back, and the one table that shows it."""

import math
import statistics
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, what came out, what is aimed at (all as they are shown)."""

    name: str
    measured: str
    aim: str


def ratio(parts: Sequence[float], wholes: Sequence[float]) -> float:
    """Return the median of the rounds' own ratios: a disturbance spoils the round it falls into, and no other."""
    return statistics.median(part / whole for part, whole in zip(parts, wholes, strict=True))


def rank(values: Iterable[float], share: float) -> float:
    """Return the value that `share` (0 to 1) of the values do not exceed: 0.5 the median, 0.99 the p99."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def spread(seconds: Sequence[float]) -> str:
    """Return the median and the p99 of some times, in milliseconds."""
    return f"median {rank(seconds, 0.5) * 1000:.1f} ms, p99 {rank(seconds, 0.99) * 1000:.1f} ms"


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table whose columns also line up as plain text."""
    lines = [("name", "measured", "aim"), *((row.name, row.measured, row.aim) for row in rows)]
    widths = [max(_width(line[column]) for line in lines) for column in range(3)]
    shown = [_line(line, widths) for line in lines]
    rule = "|".join("-" * (width + 2) for width in widths)
    return "\n".join([shown[0], f"|{rule}|", *shown[1:]])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
