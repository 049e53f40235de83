"""Tickets (号票): what one is, and how it is found by its code, its number or its counter."""

from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row
from typing import Any
from zoneinfo import ZoneInfo

from db.store import Store
from reception.permissions import Actor
from reception.refusal import Refused
from reception.rules import clock
from reception.rules.numbers import canonical_token
from reception.wording import Words

COLUMNS = (
    "tickets.id, tickets.visit_id, tickets.token, tickets.no, tickets.line, lines.name AS line_name,"
    " lines.name_en AS line_name_en, tickets.state, tickets.counter, tickets.served_by, tickets.issued_at,"
    " tickets.rank_at, tickets.rank_tie, tickets.calls, tickets.misses, tickets.called_at, tickets.started_at,"
    " tickets.priority, tickets.due_at, tickets.for_counter, tickets.postponed, tickets.arrived_at,"
    " tickets.park_reason, lines.hears, lines.session"
)
SELECT = f"SELECT {COLUMNS} FROM tickets JOIN lines ON lines.code = tickets.line"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as it stands. Times are UTC text; `counter` is the last one that called it.

    `hears` is the one role that this visitor is for; None for everybody who serves. `session`: of the visit day.
    """

    id: int
    visit_id: int
    token: str
    no: str
    line: str
    line_name: Words
    state: str
    counter: str | None
    served_by: int | None
    issued_at: str
    rank_at: str
    rank_tie: int
    calls: int
    misses: int
    called_at: str | None
    started_at: str | None
    priority: bool
    due_at: str | None
    for_counter: str | None
    postponed: bool
    arrived_at: str | None
    park_reason: str | None
    hears: str | None
    session: bool

    def open_to(self, by: Actor) -> bool:
        """Whether this ticket exists for a reader: whoever is received in private is known to the one who hears him."""
        return self.hears is None or self.hears == by.hears_as


def from_row(row: Row | dict[str, Any]) -> Ticket:
    """Return the ticket of a row that has the columns `COLUMNS`."""
    values = dict(row)
    values["line_name"] = Words(values["line_name"], values.pop("line_name_en"))
    for flag in ("priority", "postponed", "session"):
        values[flag] = bool(values[flag])
    return Ticket(**values)


def ref(ticket_id: int) -> str:
    """Return the reference under which a ticket's papers stand in the spool."""
    return f"ticket:{ticket_id}"


def by_id(store: Store, ticket_id: int) -> Ticket:
    """Return a ticket that is known to exist."""
    row = store.row(f"{SELECT} WHERE tickets.id = ?", [ticket_id])
    assert row is not None
    return from_row(row)


def by_token(store: Store, text: str) -> Ticket:
    """Return the ticket of a code, in either case. Refuses `code_unknown`."""
    token = canonical_token(text)
    row = None if token is None else store.row(f"{SELECT} WHERE tickets.token = ?", [token])
    if row is None:
        raise Refused("code_unknown")
    return from_row(row)


def by_no(store: Store, no: str, *, by: Actor) -> Ticket:
    """Return the newest ticket of this number (numbers begin anew each day). Refuses `ticket_unknown`."""
    row = store.row(f"{SELECT} WHERE tickets.no = ? ORDER BY tickets.id DESC LIMIT 1", [no.strip().upper()])
    ticket = None if row is None else from_row(row)
    if ticket is None or not ticket.open_to(by):
        raise Refused("ticket_unknown")
    return ticket


def of_today(store: Store, no: str, *, by: Actor, now: datetime, zone: ZoneInfo) -> Ticket | None:
    """Return today's ticket of this number, or None."""
    day = clock.local_day(now, zone).isoformat()
    row = store.row(f"{SELECT} WHERE tickets.no = ? AND tickets.day_on = ?", [no.strip().upper(), day])
    ticket = None if row is None else from_row(row)
    return ticket if ticket is not None and ticket.open_to(by) else None


def at_counter(store: Store, counter: str) -> Ticket | None:
    """Return the ticket that the counter holds (called or serving), or None."""
    row = store.row(f"{SELECT} WHERE tickets.counter = ? AND tickets.state IN ('called', 'serving')", [counter])
    return None if row is None else from_row(row)


def waiting(store: Store, line: str | None = None) -> list[Ticket]:
    """Return the waiting tickets, who came first, first (`standing.in_order` says who is called first)."""
    return [
        from_row(row)
        for row in store.rows(
            f"{SELECT} WHERE tickets.state = 'waiting' AND (:line IS NULL OR tickets.line = :line)"
            " ORDER BY tickets.rank_at, tickets.rank_tie, tickets.id",
            {"line": line},
        )
    ]


def set_aside(store: Store) -> list[Ticket]:
    """Return the tickets that were missed or parked, oldest first."""
    return [
        from_row(row) for row in store.rows(f"{SELECT} WHERE tickets.state IN ('missed', 'parked') ORDER BY tickets.id")
    ]


def current(store: Store) -> list[Ticket]:
    """Return the tickets at the counters, the newest call first."""
    return [
        from_row(row)
        for row in store.rows(
            f"{SELECT} WHERE tickets.state IN ('called', 'serving')"
            " ORDER BY tickets.state = 'serving', tickets.called_at DESC, tickets.id DESC"
        )
    ]
