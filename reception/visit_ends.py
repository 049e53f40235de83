"""How a visit ended that left no matter behind: asked once at the counter, kept with the visit (RUL-21, SYS-03)."""

from collections.abc import Callable
from datetime import datetime

from db.store import Store
from reception import cases, identity
from reception.permissions import Actor
from reception.refusal import Refused
from reception.rules import clock
from reception.tickets import Ticket
from reception.wording import Words

REASONS = {
    "answered": Words("咨询已答复", "Asked something, answered"),
    "under_way": Words("事情已在处理中", "The matter is under way already"),
    "form_only": Words("只取表格或资料", "Only fetched a form"),
    "host": Words("已转给要找的人", "Went on to whom he came to see"),
    "wrong_place": Words("走错了，或不办了", "Wrong place, or changed his mind"),
}

# What besides a case tells that a matter was recorded in a visit; a subject that keeps its own adds one reader.
TRACES: tuple[Callable[[Store, int], bool], ...] = (lambda store, visit_id: bool(identity.of_visit(store, visit_id)),)


def nothing_recorded(store: Store, ticket: Ticket, *, by: Actor) -> bool:
    """Tell whether a visitor would leave without any matter recorded, and without a word why."""
    return (
        of_visit(store, ticket.visit_id) is None
        and not cases.of_visit(store, ticket.visit_id, by=by)
        and not any(trace(store, ticket.visit_id) for trace in TRACES)
    )


def of_visit(store: Store, visit_id: int) -> Words | None:
    """Return why a visit left no matter behind, where somebody said."""
    reason = store.value("SELECT reason FROM visit_ends WHERE visit_id = ?", [visit_id])
    return REASONS[reason] if reason else None


def keep(store: Store, visit_id: int, reason: str, *, by: Actor, at: datetime) -> None:
    """Keep the reason inside the act that completes the visit; '' keeps nothing. Refuses `end_reason_unknown`."""
    if not reason:
        return
    if reason not in REASONS:
        raise Refused("end_reason_unknown")
    store.execute(
        "INSERT INTO visit_ends (visit_id, reason, at, by_id) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (visit_id) DO UPDATE SET reason = excluded.reason, at = excluded.at, by_id = excluded.by_id",
        [visit_id, reason, clock.to_text(at), by.id],
    )


def forget(store: Store, visit_id: int) -> None:
    """Drop the reason inside the act that brings the visitor back to the counter."""
    store.execute("DELETE FROM visit_ends WHERE visit_id = ?", [visit_id])
