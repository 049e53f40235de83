"""离开登记 (`domain.md` SYS-26): who came to see a host stays in the building after the counter, until he leaves."""

from datetime import datetime

from db.store import Store, writing
from reception import absence, events, queue, tickets
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.site import site
from reception.tickets import Ticket


def send_to_host(store: Store, *, counter: str, holding: str, host: str, by: Actor, now: datetime) -> Ticket:
    """The counter is done with a visitor, who goes on to a department: he stays inside until he leaves.

    Refuses `no_longer_held`, `department_unknown`.
    """
    permit(by, "complete")
    with writing(store):
        ticket = queue.held(store, counter, holding, by=by)
        if store.value("SELECT 1 FROM departments WHERE code = ?", [host]) is None:
            raise Refused("department_unknown")
        store.execute("UPDATE visits SET host = ? WHERE id = ?", [host, ticket.visit_id])
        return queue.complete(store, counter=counter, holding=holding, by=by, now=now)


def leave(store: Store, *, ticket_no: str, by: Actor, now: datetime) -> Ticket:
    """Note that a visitor has left: one who was with a host, or who gave up waiting. Twice is once.

    Refuses `ticket_unknown`, `at_a_counter` (then the reception is to be completed).
    """
    permit(by, "mark_left")
    with writing(store):
        at = events.moment(store, now)
        # Also of yesterday, after midnight; and of a day to come, by a clock that ran ahead.
        ticket = _inside(store, ticket_no, by=by) or tickets.of_today(
            store, ticket_no, by=by, now=at, zone=site(store).zone
        )
        if ticket is None:
            raise Refused("ticket_unknown")
        if ticket.state in {"called", "serving"}:
            raise Refused("at_a_counter")
        if ticket.state in {"waiting", "missed", "parked"}:
            return absence.cancel(store, token=ticket.token, by=by, now=now)
        return _left(store, ticket, by=by, at=at)


def _inside(store: Store, ticket_no: str, *, by: Actor) -> Ticket | None:
    """Return the newest ticket with this number whose visitor is in the building as far as we know."""
    row = store.row(
        f"{tickets.SELECT} JOIN visits ON visits.id = tickets.visit_id WHERE tickets.no = ?"
        " AND (tickets.state IN ('waiting', 'called', 'serving', 'missed', 'parked')"
        " OR (tickets.state = 'completed' AND visits.host IS NOT NULL AND visits.left_at IS NULL))"
        " ORDER BY tickets.id DESC LIMIT 1",
        [ticket_no.strip().upper()],
    )
    ticket = None if row is None else tickets.from_row(row)
    return ticket if ticket is not None and ticket.open_to(by) else None


def leave_by_token(store: Store, *, token: str, by: Actor, now: datetime) -> Ticket:
    """The visitor says himself that he leaves, with the code of his ticket. Refuses `code_unknown`, `at_a_counter`."""
    permit(by, "mark_left")
    with writing(store):
        ticket = tickets.by_token(store, token)
        if ticket.state in {"waiting", "called", "serving", "missed", "parked"}:
            raise Refused("at_a_counter")
        return _left(store, ticket, by=by, at=events.moment(store, now))


def is_with_host(store: Store, ticket: Ticket) -> bool:
    """Whether the visitor of this ticket went to a host and has not left."""
    return (
        ticket.state == "completed"
        and store.value("SELECT 1 FROM visits WHERE id = ? AND host IS NOT NULL AND left_at IS NULL", [ticket.visit_id])
        is not None
    )


def close_day(store: Store, *, before: datetime, at: datetime) -> None:
    """Nobody said that they left, and the day is over: their visits end by themselves, marked so (K2, auto_closed).

    Who arrived later than now came by a clock that ran ahead, and would be inside until then.
    """
    store.execute(
        "UPDATE visits SET state = 'auto_closed', left_at = :at WHERE host IS NOT NULL AND left_at IS NULL"
        " AND (arrived_at < :before OR arrived_at > :at)",
        {"at": clock.to_text(at), "before": clock.to_text(before)},
    )


def _left(store: Store, ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    # Whose visit is over already stays as it is: the first time that he left is the right one.
    if store.changed(
        "UPDATE visits SET state = 'closed', left_at = ? WHERE id = ? AND left_at IS NULL",
        [clock.to_text(at), ticket.visit_id],
    ):
        events.record(store, "leave", "ticket", ticket.id, by=by, at=at)
        store.touch("queue")
    return ticket
