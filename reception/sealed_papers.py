"""Papers about what is sealed: nobody finds them in the spool who may not know of the case or the visitor."""

from collections.abc import Iterable

from db import paper_care, spool
from db.paper_care import Entry
from db.store import Store
from reception import seals, tickets
from reception.permissions import Actor, permit
from reception.tickets import Ticket


def is_open(store: Store, ref: str, *, by: Actor) -> bool:
    """Tell whether a paper, by what it is about (`case:12`), exists for this reader."""
    subject, _, number = ref.partition(":")
    if subject == "case":
        return seals.is_open(store, int(number), by=by)
    return tickets.by_id(store, int(number)).open_to(by) if subject == "ticket" else True


def known(store: Store, entries: Iterable[Entry], *, by: Actor) -> list[Entry]:
    """Return the papers that exist for this reader."""
    found = list(entries)
    refs = {ref for ref in {entry.ref for entry in found} if is_open(store, ref, by=by)}
    return [entry for entry in found if entry.ref in refs]


def at_printers(store: Store, *, by: Actor) -> list[list[Entry]]:
    """Return the papers that are held, in doubt, waiting and out, of those that exist for this reader.

    Refuses `not_permitted`.
    """
    permit(by, "see_printers")
    lists = (paper_care.held, paper_care.doubtful, paper_care.waiting, paper_care.recent)
    return [known(store, read(store), by=by) for read in lists]


def unsettled(store: Store, printer: str | None = None, *, by: Actor) -> int:
    """Return how many papers wait or are printing, of those that exist for this reader; at one printer, or at all."""
    mine = "(:printer IS NULL OR printer = :printer)"
    hidden: int = store.value(
        "SELECT count(*) FROM (SELECT ref FROM print_jobs WHERE state = 'queued' AND held IS NULL"  # noqa: S608
        f" AND {mine} UNION ALL SELECT ref FROM print_jobs WHERE state = 'sending' AND {mine}) WHERE"
        " EXISTS (SELECT 1 FROM cases WHERE ref LIKE 'case:%' AND cases.id = CAST(substr(ref, 6) AS INTEGER)"
        f" AND NOT {seals.open_to(by)})"
        " OR EXISTS (SELECT 1 FROM tickets JOIN lines ON lines.code = line WHERE ref LIKE 'ticket:%'"
        " AND tickets.id = CAST(substr(ref, 8) AS INTEGER) AND hears IS NOT NULL AND hears <> :role)",
        {"printer": printer, "role": by.hears_as},
    )
    return spool.unsettled(store, printer) - hidden


def known_tickets(found: Iterable[Ticket], *, by: Actor) -> list[Ticket]:
    """Return the tickets that exist for this reader."""
    return [ticket for ticket in found if ticket.open_to(by)]
