"""The calls that displays show and speak: by their growing id, so that none is missed and none comes twice."""

from collections.abc import Collection
from dataclasses import dataclass
from sqlite3 import Row

from db.store import Store
from reception.wording import Words

RECENT = 6


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a number to a counter; never a name."""

    id: int
    ticket_no: str
    counter: str
    place: Words
    line: str
    at: str


SELECT = (
    "SELECT calls.id, tickets.no, calls.counter, counters.name, counters.name_en, calls.line, calls.at"
    " FROM calls JOIN tickets ON tickets.id = calls.ticket_id JOIN counters ON counters.no = calls.counter"
)


def _from_row(row: Row) -> Call:
    place = Words(row["name"], row["name_en"])
    return Call(row["id"], row["no"], row["counter"], place, row["line"], row["at"])


def last_id(store: Store) -> int:
    """Return the id of the last call; 0 before the first."""
    return store.value("SELECT max(id) FROM calls") or 0


def since(store: Store, after: int, lines: Collection[str]) -> list[Call]:
    """Return the calls after `after` to be spoken, oldest first: those whose visitor is still expected at the counter.

    A display that was away says nothing of who has been served meanwhile, and nothing twice of who was called again.
    """
    rows = store.rows(
        f"{SELECT} WHERE calls.id > ? AND calls.undone_at IS NULL AND tickets.state = 'called'"  # noqa: S608
        " AND tickets.counter = calls.counter AND calls.id = (SELECT max(newer.id) FROM calls AS newer"
        " WHERE newer.ticket_id = calls.ticket_id) ORDER BY calls.id",
        [after],
    )
    # No more than there are counters: each holds one called ticket.
    return [_from_row(row) for row in rows if row["line"] in lines]


def find(store: Store, call_id: int) -> Call | None:
    """Return a call, or None."""
    row = store.row(f"{SELECT} WHERE calls.id = ?", [call_id])
    return None if row is None else _from_row(row)


def recent(store: Store, lines: Collection[str]) -> list[Call]:
    """Return the last calls of numbers that are not at a counter any more, each number once, the newest first."""
    rows = store.rows(
        f"{SELECT} WHERE calls.undone_at IS NULL AND calls.recall = 0 AND tickets.state NOT IN ('called', 'serving')"
        " ORDER BY calls.id DESC LIMIT 40"
    )
    found: dict[str, Call] = {}
    for row in rows:
        if row["line"] in lines:
            found.setdefault(row["no"], _from_row(row))
    return list(found.values())[:RECENT]
