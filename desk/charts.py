"""Charts as figures of geometry, drawn as SVG by `_charts.html`: bars and lines, in whole units, without a script.

No colour tells anything alone: every bar has its number, every line its name, and a table with the same figures stands
beside each chart for whoever hears the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 720
HEIGHT: Final = 190
# A bar is not wider, however few there are.
WIDEST: Final = 60
# Room for the scale on the left, for the labels below, for the numbers above.
LEFT, BELOW, ABOVE = 40, 24, 18


@dataclass(frozen=True, slots=True)
class Bar:
    """A column: where it stands, its label below, its number above ('' where the columns are too narrow for it)."""

    x: float
    y: float
    width: float
    height: float
    label: str
    shown: str


@dataclass(frozen=True, slots=True)
class Columns:
    """A chart of columns. `ticks`: (y, number) of the scale."""

    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, int], ...]
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class Path:
    """A line: its parts (a gap where nothing was counted) as points for SVG, its dots with their numbers, its name."""

    name: str
    parts: tuple[str, ...]
    dots: tuple[tuple[float, float, str], ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """A chart of lines. `labels`: (x, text) below."""

    paths: tuple[Path, ...]
    labels: tuple[tuple[float, str], ...]
    ticks: tuple[tuple[float, int], ...]
    width: int = WIDTH
    height: int = HEIGHT


def columns(labelled: Sequence[tuple[str, int]]) -> Columns:
    """Return a chart of columns for (label, count), left to right. Labels are left out where they would touch."""
    top = _top([count for _label, count in labelled])
    step = (WIDTH - LEFT) / max(1, len(labelled))
    wide = min(step * 0.72, WIDEST)
    thin = max(1, -(-len(labelled) // 24))
    bars = tuple(
        Bar(
            x=round(LEFT + (at + 0.5) * step - wide / 2, 1),
            y=_y(count, top),
            width=round(wide, 1),
            height=round(HEIGHT - BELOW - _y(count, top), 1),
            label=label if at % thin == 0 else "",
            shown=str(count) if count and step >= 18 else "",
        )
        for at, (label, count) in enumerate(labelled)
    )
    return Columns(bars, _ticks(top))


def lines(labels: Sequence[str], series: Sequence[tuple[str, Sequence[int | None]]]) -> Lines:
    """Return a chart of lines: `series` as (name, a value a label); None is a gap."""
    top = _top([value for _name, values in series for value in values if value is not None])
    step = (WIDTH - LEFT) / max(1, len(labels))
    places = [round(LEFT + (at + 0.5) * step, 1) for at in range(len(labels))]
    paths = []
    for name, values in series:
        parts: list[list[str]] = [[]]
        dots = []
        for x, value in zip(places, values, strict=True):
            if value is None:
                parts.append([])
                continue
            parts[-1].append(f"{x},{_y(value, top)}")
            dots.append((x, _y(value, top), str(value)))
        paths.append(Path(name, tuple(" ".join(part) for part in parts if len(part) > 1), tuple(dots)))
    return Lines(tuple(paths), tuple(zip(places, labels, strict=True)), _ticks(top))


def share(count: int, most: int) -> float:
    """Return how long the bar of a list is, in a hundred."""
    return round(100 * count / most, 1) if most else 0.0


def level(count: int | None, most: int) -> int:
    """Return how dark a cell is, 0 (nothing, or not shown) to 4 (the most)."""
    return 0 if not count or not most else max(1, -(-4 * count // most))


def _top(counts: Sequence[int]) -> int:
    """Return the end of a scale: 1, 2 or 5 times a power of ten times four, not below the largest count."""
    most, step = max(counts, default=0), 1
    while True:
        for times in (1, 2, 5):
            if times * step * 4 >= most:
                return times * step * 4
        step *= 10


def _ticks(top: int) -> tuple[tuple[float, int], ...]:
    return tuple((_y(top * part // 4, top), top * part // 4) for part in range(5))


def _y(count: int, top: int) -> float:
    return round(HEIGHT - BELOW - (HEIGHT - BELOW - ABOVE) * count / top, 1)
