"""Taking over what a centre has in files: checked to the last line first, then all of it or nothing."""

import csv
import hashlib
import io
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.store import Store
from reception import events, nonces, spreadsheets
from reception.import_fields import CELL_ERRORS, normal
from reception.import_kinds import KINDS, Kind
from reception.import_steps import SAME, BadCell, Deed, Step
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.spreadsheets import Grid, Line
from reception.wording import Words

FORMS = ("xlsx", "csv")


@dataclass(frozen=True, slots=True)
class BadLine:
    """What is wrong with a line: its number as the spreadsheet shows it, the column, and a code."""

    row: int
    column: Words
    code: str


@dataclass(frozen=True, slots=True)
class Report:
    """What an import would do. `missing` columns or any `bad` line forbid it; `unknown` ones are only named."""

    kind: Kind
    lines: int
    added: int
    changed: int
    same: int
    bad: tuple[BadLine, ...]
    missing: tuple[Words, ...]
    unknown: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether the file can be imported as it is."""
        return not self.bad and not self.missing

    @property
    def bad_rows(self) -> int:
        """How many lines have something wrong."""
        return len({one.row for one in self.bad})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did."""

    id: int
    kind: str
    added: int
    changed: int
    same: int


def find_kind(code: str) -> Kind:
    """Return a kind. Refuses `import_unknown`."""
    if code not in KINDS:
        raise Refused("import_unknown")
    return KINDS[code]


def digest(data: bytes) -> str:
    """Return what tells one file from another."""
    return hashlib.sha256(data).hexdigest()


def dry_run(store: Store, *, kind: str, data: bytes, by: Actor, now: datetime) -> Report:
    """Return what importing this file would do, with every line that forbids it; nothing is written.

    Refuses `import_unknown` and what `spreadsheets.read` refuses.
    """
    permit(by, "import_data")
    chosen = find_kind(kind)
    return _plan(store, chosen, digest(data), spreadsheets.read(data), now)[0]


def apply(store: Store, *, kind: str, data: bytes, nonce: str, by: Actor, now: datetime) -> Outcome:
    """Import a file, all of it or nothing. The same nonce, or the same file again, changes nothing more.

    Refuses `import_unknown`, `columns_missing`, `import_has_errors`, `owner_missing` (nobody there may hold repairs)
    and what `nonces` and `spreadsheets.read` refuse.
    """
    permit(by, "import_data")
    chosen, sha256 = find_kind(kind), digest(data)
    nonces.clean(nonce)
    grid = spreadsheets.read(data)

    def make(at: datetime) -> int:
        report, steps = _plan(store, chosen, sha256, grid, now)
        if not report.ok:
            raise Refused("columns_missing" if report.missing else "import_has_errors")
        deed = Deed(_note(store, report, sha256, by, at), by, at)
        for step in steps:
            step.write(deed)
        counts: dict[str, Any] = {"added": report.added, "changed": report.changed, "same": report.same}
        events.record(store, "import", "import", deed.import_id, by=by, at=at, kind=kind, **counts)
        if chosen.after is not None:
            chosen.after(store, deed)
        store.touch("site", "cases")
        return deed.import_id

    content = {"kind": kind, "sha256": sha256}
    outcome = _outcome(store, nonces.once(store, nonce, "import", content, now=now, make=make))
    assert outcome is not None
    return outcome


def done(store: Store, *, kind: str, sha256: str, nonce: str, by: Actor) -> Outcome | None:
    """Return what this very import did before, or None. Refuses `nonce_reused`."""
    permit(by, "import_data")
    nonces.clean(nonce)
    earlier = nonces.find(store, nonce, "import", {"kind": kind, "sha256": sha256})
    return _outcome(store, earlier)


def _outcome(store: Store, import_id: int | None) -> Outcome | None:
    row = store.row("SELECT id, kind, added, changed, same FROM imports WHERE id = ?", [import_id])
    return None if row is None else Outcome(*row)


def past(store: Store, *, by: Actor, limit: int = 10) -> list[dict[str, Any]]:
    """Return the last imports, newest first, with the words of their kind and who did them."""
    permit(by, "import_data")
    rows = store.rows(
        "SELECT imports.*, staff.name AS by_name FROM imports LEFT JOIN staff ON staff.id = imports.by_id"
        " ORDER BY imports.id DESC LIMIT ?",
        [limit],
    )
    return [{**dict(row), "name": KINDS[row["kind"]].name} for row in rows]


def sample(kind: str, form: str, *, english: bool = False) -> bytes:
    """Return a file to start from, `csv` or `xlsx`: the heads and two lines. Refuses `import_unknown`."""
    chosen = find_kind(kind)
    if form not in FORMS:
        raise Refused("import_unknown")
    heads = [one.words[english] for one in chosen.fields]
    rows = [[one.examples[at] for one in chosen.fields] for at in (0, 1)]
    if form == "xlsx":
        return spreadsheets.write(chosen.name[english], heads, rows)
    out = io.StringIO(newline="")
    csv.writer(out).writerows([heads, *rows])
    # With its mark, or Excel takes UTF-8 for the system's own encoding.
    return out.getvalue().encode("utf-8-sig")


def _note(store: Store, report: Report, sha256: str, by: Actor, at: datetime) -> int:
    return store.insert(
        "INSERT INTO imports (kind, sha256, added, changed, same, at, by_role, by_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [report.kind.code, sha256, report.added, report.changed, report.same, clock.to_text(at), by.role, by.id],
    )


def _plan(store: Store, kind: Kind, sha256: str, grid: Grid, now: datetime) -> tuple[Report, list[Step]]:
    grid = _with_header(kind, grid)
    columns, unknown, twice = _columns(kind, grid)
    missing = tuple(one.words for one in kind.fields if one.required and one.name not in columns)
    bad = [BadLine(grid.header_row, words, "column_twice") for words in twice]
    steps: list[Step] = []
    if not missing and not twice:
        judge = kind.judge(store, frozenset(columns), now)
        if kind.once and store.value("SELECT 1 FROM imports WHERE kind = ? AND sha256 = ?", [kind.code, sha256]):
            judge = _taken
        first_rows: dict[Any, int] = {}
        good: list[tuple[int, dict[str, Any]]] = []
        for line in grid.lines:
            values, wrong = _values(kind, columns, line)
            if not wrong and first_rows.setdefault(kind.key(values), line.row) != line.row:
                wrong = [BadLine(line.row, kind.field(kind.identity[-1]).words, "line_twice")]
            if not wrong:
                try:
                    steps.append(judge(values))
                    good.append((line.row, values))
                except BadCell as cell:
                    wrong = [BadLine(line.row, kind.field(cell.field).words, cell.code)]
            bad += wrong
        if kind.together is not None:
            bad += [BadLine(row, kind.field(name).words, code) for row, name, code in kind.together(store, good)]
    counts = Counter(step.verdict for step in steps)
    report = Report(
        kind, len(grid.lines), counts["added"], counts["changed"], counts["same"], tuple(bad), missing, unknown
    )
    return report, steps


def _taken(values: dict[str, Any]) -> Step:
    """Judge a line of a file that was taken over, all of it, before."""
    return SAME


def _with_header(kind: Kind, grid: Grid) -> Grid:
    """Return the table with the heads of its kind where its first line is one like the others: a plain list."""
    names = [field.name for field in kind.fields]
    places = {name: at for at, name in enumerate(names) if at < len(grid.header)}
    first = Line(grid.header_row, grid.header)
    if not kind.headless or _values(kind, places, first)[1]:
        return grid
    return Grid(grid.header_row, tuple((names + [""] * len(grid.header))[: len(grid.header)]), (first, *grid.lines))


def _columns(kind: Kind, grid: Grid) -> tuple[dict[str, int], tuple[str, ...], list[Words]]:
    """Return where each column stands, the heads that are none of ours, and the columns that stand twice."""
    by_head = {head: field for field in reversed(kind.fields) for head in field.heads}
    columns: dict[str, int] = {}
    unknown, twice = [], []
    for at, head in enumerate(grid.header):
        field = by_head.get(normal(head))
        if field is None:
            unknown += [head[:40]] if head else []
        elif field.name in columns:
            twice.append(field.words)
        else:
            columns[field.name] = at
    return columns, tuple(unknown), twice


def _values(kind: Kind, columns: dict[str, int], line: Line) -> tuple[dict[str, Any], list[BadLine]]:
    values: dict[str, Any] = {}
    wrong = []
    for field in kind.fields:
        cell = line.cells[columns[field.name]] if field.name in columns else ""
        try:
            if cell in CELL_ERRORS:
                raise ValueError("cell_error")
            value = field.parse(cell) if cell else None
            # Of a text only what cannot be seen may have been left over.
            values[field.name] = None if value == "" else value
            if field.required and values[field.name] is None:
                raise ValueError("cell_missing")
        except ValueError as error:
            wrong.append(BadLine(line.row, field.words, str(error)))
    return values, wrong
