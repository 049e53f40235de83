"""The tables of the month report under their definitions, and without what would tell of a person (domain.md K10)."""

from collections.abc import Sequence

from reception.month_content import Cell, Row, Table
from reception.month_definitions import TABLES
from reception.rules import small_cells
from reception.wording import Words


def table(
    code: str,
    columns: list[tuple[str, Words]],
    rows: Sequence[tuple[str, Words, Sequence[Cell]]],
    *,
    drawn: str,
    few: bool = False,
) -> Table:
    """Return a table under its definition. `few`: of persons, with what is hidden; all of it hidden has no rows."""
    name, hint = TABLES[code]
    if few and all(cell is None for _code, _name, cells in rows for cell in cells):
        rows = []
    made = tuple(Row(row, words, tuple(cells)) for row, words, cells in rows)
    return Table(code, name, hint, tuple(columns), made, drawn, few)


def parts(code: str, column: list[tuple[str, Words]], rows: list[tuple[str, Words, int]], *, drawn: str) -> Table:
    """Return a table of what persons make up a total, without parts that are too few (`rules.small_cells`)."""
    shown = small_cells.hide([count for _code, _name, count in rows])
    cells = [(row, words, [cell]) for (row, words, _count), cell in zip(rows, shown, strict=True)]
    return table(code, column, cells, drawn=drawn, few=True)
