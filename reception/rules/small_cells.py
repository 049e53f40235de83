"""Small cells (domain.md K10): what so few people make up is not broken down further.

A total that stands beside its parts would tell the one part that is left out. So a row or a column in which a single
cell is hidden hides another one with it.
"""

from collections.abc import Sequence
from typing import Final

FEWEST: Final = 5


def hide(rows: Sequence[Sequence[int]], fewest: int = FEWEST) -> list[list[int | None]]:
    """Return a table of counts with None for each cell that is not shown: 1 to `fewest` - 1, and what would tell it.

    Nothing (0) is shown: it is about nobody. The totals of rows and columns may stand beside it. Refuses
    `counts_invalid`: rows of unlike length, or a count below nothing.
    """
    if any(len(row) != len(rows[0]) or min(row, default=0) < 0 for row in rows):
        raise ValueError("counts_invalid")
    hidden = {(y, x) for y, row in enumerate(rows) for x, count in enumerate(row) if 0 < count < fewest}
    lines = [[(y, x) for x in range(len(row))] for y, row in enumerate(rows)]
    lines += [list(column) for column in zip(*lines, strict=True)]
    alone = True
    while alone:
        alone = False
        for line in lines:
            shown = [cell for cell in line if cell not in hidden]
            if len(line) - len(shown) == 1 and shown:
                # The least that tells it: of the others one that counts something, the smallest of these.
                hidden.add(min(shown, key=lambda cell: (rows[cell[0]][cell[1]] == 0, rows[cell[0]][cell[1]])))
                alone = True
    return [[None if (y, x) in hidden else count for x, count in enumerate(row)] for y, row in enumerate(rows)]
