"""Sending the visitor on: to another line (转业务), or to a certain counter (转窗口)."""

from datetime import datetime

from db.store import Store, writing
from reception import events, tickets
from reception.lines import find_counter, find_line
from reception.permissions import Actor, permit
from reception.queue import held, move
from reception.refusal import Refused
from reception.tickets import Ticket

# He begins anew at the next counter, and comes as himself: whom he let pass before is no matter there.
ANEW = (
    "counter = NULL, called_at = NULL, started_at = NULL, calls = 0, arrived_at = NULL, return_call_id = NULL,"
    " let_pass = NULL"
)


def to_line(store: Store, *, counter: str, holding: str, line: str, by: Actor, now: datetime) -> Ticket:
    """Send the visitor to another line (转业务): same number, same issue time, so near its front.

    A line that one role alone hears takes him off everybody else's lists, and no way leads back: for another matter he
    takes a number of its own. Refuses `no_longer_held`, `line_unknown`, `same_line`, `heard_in_private`.
    """
    permit(by, "transfer")
    with writing(store):
        ticket = held(store, counter, holding, by=by)
        target = find_line(store, line)
        if target.code == ticket.line:
            raise Refused("same_line")
        if ticket.hears is not None and target.hears is None:
            # His number, of a letter of its own, would tell in everybody's list who was with a head.
            raise Refused("heard_in_private")
        return _sent(store, ticket, "line = ?, for_counter = NULL", target.code, "transfer", by=by, now=now)


def to_counter(store: Store, *, counter: str, holding: str, target: str, by: Actor, now: datetime) -> Ticket:
    """Send the visitor to a certain counter or room (转窗口), whose next call he is; nobody else calls him.

    Refuses `no_longer_held`, `counter_unknown`, `same_counter`, `counter_closed` where nobody would call him, and
    `heard_in_private` for whom one role alone hears.
    """
    permit(by, "transfer")
    with writing(store):
        ticket = held(store, counter, holding, by=by)
        place = find_counter(store, target)
        if ticket.hears is not None:
            raise Refused("heard_in_private")
        if place.no == counter:
            raise Refused("same_counter")
        if place.state == "closed":
            raise Refused("counter_closed")
        return _sent(store, ticket, "for_counter = ?", place.no, "send", by=by, now=now)


def _sent(store: Store, ticket: Ticket, also: str, target: str, what: str, *, by: Actor, now: datetime) -> Ticket:
    at = events.moment(store, now)
    move(store, ticket, "waiting", f"{also}, {ANEW}", [target])
    events.record(
        store,
        what,
        "ticket",
        ticket.id,
        by=by,
        at=at,
        from_state=ticket.state,
        to_state="waiting",
        from_line=ticket.line,
        target=target,
    )
    store.touch("queue")
    return tickets.by_id(store, ticket.id)
