"""All that is kept of a person, laid out by the inventory: to read, to print, to take along."""

import base64
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from sqlite3 import Row
from typing import Any, Final

from db.store import Store
from reception import person_words, photos
from reception.consents import CHANNELS, GROUNDS
from reception.kinds import KINDS
from reception.person_reach import Reach
from reception.person_rows import Found
from reception.personal import MATTERS, PEOPLE, Kept
from reception.privacy_notices import label_of
from reception.wording import Words

# A bearer's key, who of the staff it was, and what only ties rows together: his neither to read nor to carry away.
_NOT_HIS: Final = ("token", "phone_tail", "_id", "_by")

# The key in a code that a paper bears.
_KEY: Final = re.compile("[A-Z2-7]{26}")


@dataclass(frozen=True, slots=True)
class Cell:
    """A value and what it is called; `kind`: `time`, `words` (as `words` has them), `photo`, `case` (number), or ''."""

    label: Words
    text: str
    kind: str = ""
    words: Words | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What a table keeps of him: a row of cells each."""

    table: str
    title: Words
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def tables(self) -> list[list[tuple[Cell, ...]]]:
        """The rows, those with the same heads together."""
        return [list(rows) for _heads, rows in groupby(self.rows, lambda row: [cell.label for cell in row])]


def _rows(store: Store, table: str, kept: Kept, found: Found, reach: Reach) -> list[Row]:
    """Return the rows of a table that are his, and that the reader may know."""
    keys = {
        "cases": json.dumps(reach.cases),
        "visits": json.dumps(reach.visits),
        "ids": json.dumps(list(reach.visits) if table == "visits" else found.rows.get(table, [])),
        "hidden": json.dumps(sorted(reach.hidden)),
    }
    mine = [f"{kept.case} IN (SELECT value FROM json_each(:cases))"] if kept.case else []  # noqa: S608
    mine += [f"{kept.visit} IN (SELECT value FROM json_each(:visits))"] if kept.visit else []  # noqa: S608
    mine += [f"{table}.rowid IN (SELECT value FROM json_each(:ids))"] if table in PEOPLE else []  # noqa: S608
    open_ = f" AND coalesce({kept.case}, 0) NOT IN (SELECT value FROM json_each(:hidden))" if kept.case else ""  # noqa: S608
    home = f"{table}.{kept.home}" if kept.home else "NULL"
    return store.rows(
        f"SELECT {table}.*, (SELECT building || '-' || unit || '-' || room FROM units WHERE units.id = {home}"  # noqa: S608
        f" AND building <> '') AS home FROM {table} WHERE ({' OR '.join(mine)}){open_} ORDER BY 1",
        keys,
    )


def _tables(store: Store, found: Found, reach: Reach) -> Iterator[tuple[str, Kept, list[Row]]]:
    for table, kept in (PEOPLE | MATTERS).items():
        rows = _rows(store, table, kept, found, reach)
        if rows:
            yield table, kept, rows


def parts(store: Store, found: Found, reach: Reach, grounds: Sequence[Row]) -> tuple[Part, ...]:
    """Return what is kept of him that this reader may know, table by table, and the `grounds` that it stands on."""
    numbers = _numbers(store, reach.cases)
    made = [
        Part(table, person_words.TABLES[table], tuple(_cells(row, kept, numbers) for row in rows))
        for table, kept, rows in _tables(store, found, reach)
    ]
    made += [Part("consents", person_words.TABLES["consents"], tuple(map(_ground_cells, grounds)))]
    # A table in which nothing of him stands but that there was something.
    return tuple(
        Part(part.table, part.title, tuple(row for row in part.rows if row)) for part in made if any(part.rows)
    )


def known(found: Found, reach: Reach) -> dict[str, list[int]]:
    """Return his rows (ids by table) that this reader may know of."""
    ids = found.rows | {"cases": list(reach.cases), "visits": list(reach.visits)}
    # An agent is not who the matter belongs to, and of a sealed matter not even the ground is told.
    return ids | {"case_agents": [one for one in ids.get("case_agents", []) if one not in reach.hidden]}


def grounds(store: Store, found: Found, reach: Reach) -> list[Row]:
    """Return on what ground his rows, as far as the reader may know them, came to stand here.

    With them who sent and who took what was handed over in his matters: they are named there alone.
    """
    ids = known(found, reach) | {"handovers": list(reach.cases)}
    pairs = [[table, one] for table, rows in ids.items() for one in rows]
    return store.rows(
        "SELECT subject, notice, channel, ground, purposes, at, withdrawn_at FROM consents JOIN json_each(?)"
        " ON subject = value ->> 0 AND subject_id = value ->> 1 ORDER BY consents.id",
        [json.dumps(pairs)],
    )


def agreed(grounds: Iterable[Row]) -> bool:
    """Tell whether something stands on his consent."""
    return any(row["ground"] == "consent" and row["withdrawn_at"] is None for row in grounds)


def _ground_cells(row: Row) -> tuple[Cell, ...]:
    columns = person_words.COLUMNS
    return (
        Cell(columns["at"], row["at"], "time"),
        Cell(columns["kind"], "", "words", person_words.TABLES[row["subject"]]),
        Cell(columns["notice"], label_of(row["notice"])),
        Cell(columns["channel"], "", "words", CHANNELS[row["channel"]]),
        Cell(columns["ground"], "", "words", GROUNDS[row["ground"]]),
        Cell(columns["withdrawn_at"], row["withdrawn_at"] or "", "time" if row["withdrawn_at"] else ""),
    )


def _numbers(store: Store, cases: Iterable[int]) -> dict[int, str]:
    rows = store.rows(
        "SELECT id, no FROM cases WHERE id IN (SELECT value FROM json_each(?))", [json.dumps(list(cases))]
    )
    return {row[0]: row[1] for row in rows}


def _cells(row: Row, kept: Kept, numbers: dict[int, str]) -> tuple[Cell, ...]:
    known, columns = set(row.keys()), person_words.COLUMNS
    cells = []
    if "kind" in known and row["kind"] in KINDS and kept.case == "id":
        kind = KINDS[row["kind"]]
        cells += [Cell(columns["no"], row["no"], "case")]
        cells += [
            Cell(columns["kind"], "", "words", kind.name),
            Cell(columns["state"], "", "words", kind.states[row["state"]]),
        ]
    elif "case_id" in known and row["case_id"] in numbers:
        cells += [Cell(columns["no"], numbers[row["case_id"]], "case")]
    when = next(
        (row[name] for name in ("at", "received_at", "arrived_at", "moved_out_at") if name in known and row[name]), None
    )
    cells += [Cell(columns["at"], when, "time")] if when else []
    who = [name for name in f"{kept.name} {kept.phone}".split() if name != "phone_tail"]
    said = [(name, row[name]) for name in [*who, *kept.words.split()] if row[name] and row[name] not in kept.codes]
    told = [Cell(columns[name], str(value)) for name, value in said]
    told += [Cell(columns["home"], row["home"])] if row["home"] else []
    told += [Cell(columns["content"], str(row["id"]), "photo")] if kept.picture else []
    return (*cells, *told) if told else ()


def papers(store: Store, reach: Reach) -> int:
    """Return how many papers of his the spool still holds the words of."""
    return len(_papers(store, reach))


def _papers(store: Store, reach: Reach) -> list[Row]:
    return store.rows(
        "SELECT kind, state, queued_at, facts FROM print_jobs WHERE facts <> '{}' AND (ref IN ("
        "SELECT 'case:' || value FROM json_each(:cases)) OR ref IN (SELECT 'ticket:' || id FROM tickets"
        " WHERE visit_id IN (SELECT value FROM json_each(:visits)))) ORDER BY id",
        {"cases": json.dumps(reach.cases), "visits": json.dumps(reach.visits)},
    )


def everything(store: Store, found: Found, reach: Reach) -> dict[str, Any]:
    """Return the same for a file: every column that is his, codes too, pictures in base64, papers as they wait."""
    tables = {
        table: [
            {name: row[name] for name in row.keys() if not name.endswith(_NOT_HIS) and name != "id"}  # noqa: SIM118
            | ({"jpeg": _picture(store, row["file"])} if kept.picture else {})
            for row in rows
        ]
        for table, kept, rows in _tables(store, found, reach)
    }
    waiting = [dict(row) | {"facts": json.loads(_KEY.sub("…", row["facts"]))} for row in _papers(store, reach)]
    return {"kept": tables, "grounds": [dict(row) for row in grounds(store, found, reach)], "papers": waiting}


def _picture(store: Store, name: str) -> str | None:
    path = photos.folder(store) / name
    return base64.b64encode(path.read_bytes()).decode() if path.is_file() else None
