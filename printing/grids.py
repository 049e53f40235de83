"""Text set in columns: labels beside their values, numbers under numbers, frames to write in. Strings only, no bytes.

Widths are columns of the printer's grid (`glyphs.CELL` dots each); no line is wider than the columns asked for.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from printing import glyphs
from reception.wording import Words

# The arms of a frame's character, as glyphs names them, to the character.
PIECES = {frozenset(arms): piece for piece, arms in glyphs.ARMS.items()}
INDENT = 2
WORD = re.compile(r"[!-~]*")
NAME_LEAST = 10  # columns: a narrower first cell of a table goes on lines of its own


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a frame: its cells' texts, their shares of the width (equal ones if none), and its height.

    `height` in rows of text; a row whose text needs more gets more. What is left is there to write in.
    """

    cells: tuple[str, ...]
    shares: tuple[int, ...] = ()
    height: int = 1
    bold: bool = False
    align: str = "left"


def fields(rows: Sequence[tuple[str, str | Words]], columns: int) -> list[list[str]]:
    """Return the lines of each label with its value, all values beginning in one column.

    A value in both languages stands on one line where it fits, else each language on its own. A value goes below
    its label, where it has the whole width, if beside it would run to more than two lines, or to two that would
    be one below, or if a word of it (an address) would be broken there. Beside a label that is longer than half
    the paper a short value follows at once.
    """
    gap = 1 if columns < 40 else 2
    column = min(max((glyphs.text_width(label) for label, _ in rows), default=0) + gap, columns // 2)
    return [_field(label, value, column, columns) for label, value in rows]


def _field(label: str, value: str | Words, column: int, columns: int) -> list[str]:
    room = columns - column
    beside, below = _value(value, room), _value(value, columns - INDENT)
    broken = isinstance(value, str) and (len(below) == 1 < len(beside) or max(map(len, WORD.findall(value))) > room)
    if glyphs.text_width(label) >= column:
        at_once = f"{label} {value if isinstance(value, str) else ' '.join(value)}"
        if glyphs.text_width(at_once) <= columns:
            return [at_once]
    if broken or len(beside) > 2 or glyphs.text_width(label) >= column:
        return [label, *(" " * INDENT + line for line in below)]
    return [glyphs.pad(label, column) + beside[0], *(" " * column + line for line in beside[1:])]


def _value(value: str | Words, room: int) -> list[str]:
    if isinstance(value, str):
        return glyphs.wrap(value, room)
    one = " ".join(value)
    if glyphs.text_width(one) <= room:
        return [one]
    return glyphs.wrap(value.zh, room) + glyphs.wrap(value.en, room)


def table(rows: Sequence[Sequence[str]], columns: int) -> list[str]:
    """Return rows of one name and then numbers, the numbers flush right under each other.

    Every row has as many cells; an empty cell is left white. A sign between numbers (×, =) is a cell. Where the
    numbers leave no room for a name it stands above them.
    """
    widths = [max(map(glyphs.text_width, cells)) for cells in list(zip(*rows, strict=True))[1:]]
    room = columns - sum(widths) - len(widths)
    lines = []
    for name, *cells in rows:
        numbers = "".join(" " + glyphs.pad(cell, width, "right") for cell, width in zip(cells, widths, strict=True))
        if room >= NAME_LEAST:
            *above, last = glyphs.wrap(name, room)
            lines += [*above, glyphs.pad(last, room) + numbers]
        else:
            lines += [*glyphs.wrap(name, columns), glyphs.pad(numbers, columns, "right")]
    return lines


def frame(rows: Sequence[Row], columns: int) -> list[tuple[str, bool]]:
    """Return the lines of a frame `columns` wide (the odd one left out), and whether each is bold.

    Its pieces are two columns wide, as Chinese ROMs have them.
    """
    squares = columns // 2
    bars = [_bars(row, squares) for row in rows]
    lines = [(_edge(set(), bars[0], squares), False)]
    for row, here, below in zip(rows, bars, [*bars[1:], []], strict=True):
        lines += [(line, row.bold) for line in _content(row, here)]
        lines.append((_edge(set(here), below, squares), False))
    return lines


def _bars(row: Row, squares: int) -> list[int]:
    """Return at which squares a row has its vertical bars: one more than cells."""
    shares = row.shares or (1,) * len(row.cells)
    room = squares - len(row.cells) - 1
    ends = [room * sum(shares[: number + 1]) // sum(shares) for number in range(len(shares))]
    return [0, *(end + number + 1 for number, end in enumerate(ends))]


def _content(row: Row, bars: list[int]) -> list[str]:
    rooms = [2 * (right - left - 1) for left, right in pairwise(bars)]
    cells = [glyphs.wrap(text, room) for text, room in zip(row.cells, rooms, strict=True)]
    height = max(row.height, *map(len, cells))
    lines = []
    for number in range(height):
        texts = [cell[number] if number < len(cell) else "" for cell in cells]
        padded = (glyphs.pad(text, room, row.align) for text, room in zip(texts, rooms, strict=True))
        lines.append("│" + "│".join(padded) + "│")
    return lines


def _edge(above: set[int], below: Sequence[int], squares: int) -> str:
    def piece(square: int) -> str:
        arms = {"l"} if square else set()
        arms |= {"r"} if square < squares - 1 else set()
        arms |= {"u"} if square in above else set()
        arms |= {"d"} if square in below else set()
        return PIECES[frozenset(arms)]

    return "".join(map(piece, range(squares)))
