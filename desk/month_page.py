"""What the page of a month report shows: each table drawn as its kind asks, each figure beside its correction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desk import charts
from reception.month_content import BARS, FLOW, GRID, HIDDEN, LEGEND, Section, Table, items
from reception.month_reports import Report
from reception.month_trend import Trend
from reception.repair_rates import Figure
from reception.wording import Words
from web.languages import words

NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as the page has it. `corrected`: what it became, where later edits changed it; `told`: its definition is
    not the one of the figure above it.
    """

    figure: Figure
    corrected: Words | None
    told: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """A table as the page has it: `kind` (flow, columns, bars, grid, nothing), chart of columns, rows (name, cells).

    `legend`: what the mark of a cell says that is not shown; None where all are.
    """

    table: Table
    kind: str
    chart: charts.Columns | None
    rows: list[tuple[Words, list[dict[str, Any]]]]
    legend: Words | None


@dataclass(frozen=True, slots=True)
class Part:
    """A section as the page has it."""

    section: Section
    figures: list[Shown]
    tables: list[Drawn]


def parts(report: Report) -> list[Part]:
    """Return the sections of a report, ready to be drawn; the newest correction of a figure beside it."""
    newest = {one.key: one.became for one in report.corrections}
    return [part(section, newest) for section in report.sections]


def part(section: Section, corrected: Mapping[str, Words]) -> Part:
    """Return a section, ready to be drawn."""
    figures = [
        Shown(
            one,
            corrected.get(f"{section.code}/{one.code}"),
            at == 0 or section.figures[at - 1].hint != one.hint,
        )
        for at, one in enumerate(section.figures)
    ]
    return Part(
        section, figures, [_drawn(table) for table in section.tables if table.few or (table.rows and table.columns)]
    )


def _drawn(table: Table) -> Drawn:
    counts = [cell for row in table.rows for cell in row.cells if cell is not None]
    most = max(counts, default=0)
    rows = [
        (
            row.name,
            [
                {
                    "shown": words(HIDDEN) if cell is None else str(cell),
                    "level": charts.level(cell, most),
                    "share": charts.share(cell or 0, most),
                }
                for cell in row.cells
            ],
        )
        for row in table.rows
    ]
    kind, chart = table.drawn if table.rows else NOTHING, None
    if table.drawn == BARS and len(table.columns) > 1:
        kind = "columns"
        labels = [words(name) for _code, name in table.columns]
        chart = charts.columns(list(zip(labels, [cell or 0 for cell in table.rows[0].cells], strict=True)))
    assert kind in {FLOW, BARS, GRID, NOTHING, "columns"}
    hidden = any(cell is None for row in table.rows for cell in row.cells)
    return Drawn(table, kind, chart, rows, LEGEND if hidden else None)


def trends(found: tuple[Trend, ...]) -> list[tuple[Trend, charts.Lines]]:
    """Return each trend with its chart."""
    return [
        (
            one,
            charts.lines([month[2:] for month in one.months], [(words(line.name), line.values) for line in one.lines]),
        )
        for one in found
    ]


def table_rows(report: Report, apart: Section) -> list[list[object]]:
    """Return a report as rows of a spreadsheet: section, figure, as shown, number, out of, definition, corrected."""
    newest = {one.key: one.became for one in report.corrections}
    every = items(report.sections) | items((apart,))
    return [
        [
            words(one.section),
            words(one.name),
            words(one.shown),
            "" if one.value is None else one.value,
            "" if one.whole is None else one.whole,
            words(one.hint),
            words(newest[key]) if key in newest else "",
        ]
        for key, one in every.items()
    ]
