"""What a month report is made of: sections with figures and tables, each beside its definition; and as JSON, frozen.

What is frozen carries its names and its sentences with it: a definition that changes later changes no old report.
"""

import json
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from reception.repair_rates import Figure
from reception.wording import Words

# A cell of a table: how many; None: not shown (`rules.small_cells`).
Cell = int | None
# It says the same of every such cell: one hidden for another's sake may well be 7.
HIDDEN: Final = Words("隐去", "hidden")
LEGEND: Final = Words(
    "隐去：少于 5，或为保护个人另行隐去。", "hidden: fewer than 5, or left out as well for the sake of a person."
)
FLOW, BARS, GRID, PLAIN = "flow", "bars", "grid", "plain"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its code, its name, a cell a column."""

    code: str
    name: Words
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Figures by something: `columns` as (code, name). `drawn`: flow, bars, grid or plain, how a page shows it.

    `few`: whether cells of few people are left out.
    """

    code: str
    name: Words
    hint: Words
    columns: tuple[tuple[str, Words], ...]
    rows: tuple[Row, ...]
    drawn: str = PLAIN
    few: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A subject of the report. `notes`: lines that are no figures, such as the dates of the visit days."""

    code: str
    name: Words
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[Words, ...] = ()


class Item(NamedTuple):
    """One figure or cell by itself, under a key that stays the same from month to month."""

    section: Words
    name: Words
    value: int | None
    whole: int | None
    unit: str
    hint: Words
    few: bool

    @property
    def shown(self) -> Words:
        """The figure as readers see it."""
        if self.few and self.value is None:
            return HIDDEN
        return Figure("", self.name, self.value, self.unit, self.hint, self.whole).shown


def items(sections: tuple[Section, ...]) -> dict[str, Item]:
    """Return every figure and cell of a report by its key: `section/figure`, `section/table/row/column`."""
    found: dict[str, Item] = {}
    for section in sections:
        for one in section.figures:
            key = f"{section.code}/{one.code}"
            found[key] = Item(section.name, one.name, one.value, one.whole, one.unit, one.hint, few=False)
        for table in section.tables:
            for row in table.rows:
                for (code, column), value in zip(table.columns, row.cells, strict=True):
                    name = Words(
                        f"{table.name.zh}：{row.name.zh}，{column.zh}", f"{table.name.en}: {row.name.en}, {column.en}"
                    )
                    key = f"{section.code}/{table.code}/{row.code}/{code}"
                    found[key] = Item(section.name, name, value, None, "count", table.hint, table.few)
    return found


def to_json(sections: tuple[Section, ...]) -> str:
    """Return sections as JSON, to be frozen."""
    told = [
        {
            "code": section.code,
            "name": section.name,
            "figures": [
                {name: getattr(one, name) for name in ("code", "name", "value", "unit", "hint", "whole")}
                for one in section.figures
            ],
            "tables": [
                {
                    "code": table.code,
                    "name": table.name,
                    "hint": table.hint,
                    "columns": table.columns,
                    "rows": [[row.code, row.name, row.cells] for row in table.rows],
                    "drawn": table.drawn,
                    "few": table.few,
                }
                for table in section.tables
            ],
            "notes": section.notes,
        }
        for section in sections
    ]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> tuple[Section, ...]:
    """Return the sections that were frozen."""
    return tuple(_section(one) for one in json.loads(text))


def _section(told: dict[str, Any]) -> Section:
    return Section(
        told["code"],
        Words(*told["name"]),
        tuple(
            Figure(one["code"], Words(*one["name"]), one["value"], one["unit"], Words(*one["hint"]), one["whole"])
            for one in told["figures"]
        ),
        tuple(_table(one) for one in told["tables"]),
        tuple(Words(*note) for note in told["notes"]),
    )


def _table(told: dict[str, Any]) -> Table:
    return Table(
        told["code"],
        Words(*told["name"]),
        Words(*told["hint"]),
        tuple((code, Words(*name)) for code, name in told["columns"]),
        tuple(Row(code, Words(*name), tuple(cells)) for code, name, cells in told["rows"]),
        told["drawn"],
        told["few"],
    )
