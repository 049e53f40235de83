"""Visitors who are not there, or not ready, or need care: missed and back, parked, later, cancelled, arrived."""

from datetime import datetime

from db import paper_care
from db.store import Store, writing
from reception import events, tickets
from reception.permissions import Actor, permit
from reception.queue import called, held, move
from reception.refusal import Refused
from reception.rules import clock
from reception.site import site
from reception.tickets import Ticket
from reception.wording import Words

PARK_REASONS = {
    "papers": Words("去取材料", "Fetches papers"),
    "specialist": Words("等专业人员", "Waits for a specialist"),
    "phone": Words("接电话", "On the telephone"),
    "companion": Words("等同行人", "Waits for a companion"),
    "wish": Words("自己要求稍后", "Wishes to come later"),
}

NOT_AT_A_COUNTER = frozenset({"waiting", "missed", "parked"})
BACK_BY_HIS_TIME = "park_reason = NULL, for_counter = NULL, return_call_id = NULL, let_pass = NULL"


def miss(store: Store, *, counter: str, holding: str, by: Actor, now: datetime) -> Ticket:
    """Nobody came: set the called ticket aside as missed (过号). Refuses `no_longer_held`, `already_serving`."""
    permit(by, "miss")
    with writing(store):
        ticket = called(store, counter, holding, by=by)
        return _moved(store, ticket, "missed", "miss", "counter = NULL, misses = misses + 1", by=by, now=now)


def restore(store: Store, *, ticket_no: str, by: Actor, now: datetime) -> Ticket:
    """Bring a missed ticket back (恢复排队): it lets the next three go first, and comes back at most twice.

    Both numbers are settings. Refuses `ticket_unknown`, `guest_of_session`, `not_missed`, `restore_limit`.
    """
    permit(by, "restore")
    with writing(store):
        return restored(store, _of_the_queue(tickets.by_no(store, ticket_no, by=by)), by=by, now=now)


def _of_the_queue(ticket: Ticket) -> Ticket:
    """Return a ticket that stands in the common queue. Refuses `guest_of_session`: his place is the day's (K5)."""
    if ticket.session:
        raise Refused("guest_of_session")
    return ticket


def restored(store: Store, ticket: Ticket, *, by: Actor, now: datetime) -> Ticket:
    """Bring a missed ticket back, inside an act. Refuses `not_missed`, `restore_limit`."""
    policy = site(store).policy
    if ticket.state != "missed":
        raise Refused("not_missed")
    # A guest of the visit day goes behind the others each time, and is a no-show in the end; he takes no other number.
    if ticket.misses > policy.max_returns and not ticket.session:
        raise Refused("restore_limit")
    # A new round of calls begins.
    return _let_pass(store, ticket, policy.let_pass, "restore", by=by, now=now)


def _let_pass(
    store: Store, ticket: Ticket, count: int, what: str, also: str = "", *, by: Actor, now: datetime
) -> Ticket:
    last_call = store.value("SELECT max(id) FROM calls") or 0
    return _moved(
        store,
        ticket,
        "waiting",
        what,
        f"return_call_id = ?, let_pass = ?, calls = 0, called_at = NULL, counter = NULL, for_counter = NULL{also}",
        [last_call, count],
        by=by,
        now=now,
    )


def shown(store: Store, token: str, *, by: Actor, now: datetime) -> Ticket:
    """The visitor shows his ticket to the scanner: one that was missed goes on waiting, a called one has arrived.

    Any other stays as it is. Refuses `code_unknown`, `ticket_of_earlier_day`, `restore_limit`.
    """
    permit(by, "show_ticket")
    with writing(store):
        ticket = tickets.by_token(store, token)
        zone, at = site(store).zone, events.moment(store, now)
        issued_on = clock.local_day(clock.from_text(ticket.issued_at), zone)
        if issued_on != clock.local_day(at, zone) and ticket.state not in {"waiting", "called", "serving"}:
            raise Refused("ticket_of_earlier_day")
        if ticket.state == "missed":
            return restored(store, ticket, by=by, now=now)
        if ticket.state == "called" and ticket.arrived_at is None:
            return _moved(store, ticket, "called", "arrive", "arrived_at = ?", [clock.to_text(at)], by=by, now=now)
        return ticket


def park(store: Store, *, counter: str, holding: str, reason: str, by: Actor, now: datetime) -> Ticket:
    """Set the visitor at the counter aside for a while (稍后再叫), for one of `PARK_REASONS`; the counter is free.

    Refuses `no_longer_held`, `park_reason_unknown`.
    """
    permit(by, "park")
    if reason not in PARK_REASONS:
        raise Refused("park_reason_unknown")
    with writing(store):
        ticket = held(store, counter, holding, by=by)
        return _moved(
            store,
            ticket,
            "parked",
            "park",
            "counter = NULL, called_at = NULL, started_at = NULL, calls = 0, park_reason = ?",
            [reason],
            by=by,
            now=now,
            reason=reason,
        )


def unpark(store: Store, *, ticket_no: str, by: Actor, now: datetime) -> Ticket:
    """The parked visitor is ready: he waits by the time of his ticket. Refuses `ticket_unknown`, `not_parked`."""
    permit(by, "park")
    with writing(store):
        ticket = _of_the_queue(tickets.by_no(store, ticket_no, by=by))
        if ticket.state != "parked":
            raise Refused("not_parked")
        return _moved(store, ticket, "waiting", "unpark", BACK_BY_HIS_TIME, by=by, now=now)


def cancel(store: Store, *, token: str, by: Actor, now: datetime) -> Ticket:
    """The visitor gives his number back. Refuses `code_unknown`, and `not_waiting` once he is at a counter or done."""
    permit(by, "cancel_ticket")
    with writing(store):
        # Whoever was admitted for today withdraws at the desk, which hears why.
        ticket = _of_the_queue(tickets.by_token(store, token))
        if ticket.state == "cancelled":
            return ticket
        if ticket.state not in NOT_AT_A_COUNTER:
            raise Refused("not_waiting")
        return give_back(store, ticket, by=by, now=now)


def give_back(store: Store, ticket: Ticket, *, by: Actor, now: datetime) -> Ticket:
    """End the number of somebody who is at no counter, inside an act: nobody calls him any more, and he leaves."""
    at = clock.to_text(events.moment(store, now))
    ended = _moved(store, ticket, "cancelled", "cancel", "ended_at = ?", [at], by=by, now=now)
    paper_care.close(store, tickets.ref(ticket.id), at)
    store.execute("UPDATE visits SET state = 'closed', left_at = ? WHERE id = ?", [at, ticket.visit_id])
    return ended


def postpone(store: Store, *, token: str, by: Actor, now: datetime) -> Ticket:
    """The visitor wants to be called later, once: he lets some go first.

    Refuses `code_unknown`, `not_waiting`. Twice is once.
    """
    permit(by, "postpone_ticket")
    with writing(store):
        ticket = _of_the_queue(tickets.by_token(store, token))
        if ticket.state != "waiting":
            raise Refused("not_waiting")
        if ticket.postponed:
            # A press sent twice is one; a second wish is not offered.
            return ticket
        return _let_pass(store, ticket, site(store).policy.let_pass, "postpone", ", postponed = 1", by=by, now=now)


def prioritise(store: Store, *, token: str, by: Actor, now: datetime) -> Ticket:
    """The visitor asks for priority (需要优先照顾) after he took his number: one tap, no reason. Twice is once.

    Refuses `code_unknown`, `not_waiting`.
    """
    permit(by, "prioritise")
    with writing(store):
        ticket = _of_the_queue(tickets.by_token(store, token))
        if ticket.state != "waiting":
            raise Refused("not_waiting")
        if ticket.priority:
            return ticket
        store.execute("UPDATE visits SET priority = 1 WHERE id = ?", [ticket.visit_id])
        return _moved(store, ticket, "waiting", "prioritise", "priority = 1", by=by, now=now)


def _moved(
    store: Store,
    ticket: Ticket,
    state: str,
    what: str,
    also: str,
    values: list[object] | None = None,
    *,
    by: Actor,
    now: datetime,
    **detail: str,
) -> Ticket:
    at = events.moment(store, now)
    move(store, ticket, state, also, values)
    events.record(
        store,
        what,
        "ticket",
        ticket.id,
        by=by,
        at=at,
        from_state=ticket.state,
        to_state=state,
        **detail,
        **({"counter": ticket.counter} if ticket.counter else {}),
    )
    store.touch("queue")
    return tickets.by_id(store, ticket.id)
