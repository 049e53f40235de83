"""Calling the queue (叫号): next, one out of order, recall, start, complete, undo."""

from datetime import datetime

from db import paper_care
from db.store import Store, writing
from reception import counters, events, standing, tickets, visit_ends
from reception.lines import find_counter, find_line
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.rules.order import Group
from reception.site import site
from reception.tickets import Ticket
from reception.wording import Words

# Why somebody is called out of order; each is logged with the call and counted in the day's log.
PICK_REASONS = {
    "resumed": Words("接着上次的事", "Goes on with his matter"),
    "cannot_wait": Words("不能久等", "Cannot wait long"),
    "colleague": Words("同事转交", "Handed over by a colleague"),
    "missed_call": Words("没听到叫号", "Did not hear the call"),
    "manager": Words("主管安排", "The head decided"),
}

CLAIM = (
    "UPDATE tickets SET state = 'called', counter = ?, served_by = ?, called_at = ?, calls = calls + 1,"
    " arrived_at = NULL WHERE id = ? AND state = 'waiting'"
)


def call_next(
    store: Store,
    *,
    counter: str,
    line: str | None = None,
    holding: str | None = None,
    reason: str = "",
    by: Actor,
    now: datetime,
) -> Ticket | None:
    """Complete what the counter holds, call the next in the queue; return the ticket the counter holds now.

    `holding` is the number that the counter believes it holds ('' for none): when that is no longer so,
    nothing is done and the ticket it really holds is returned. None for `holding` skips the question.
    `reason`: why the visit that is completed left no matter behind (`visit_ends`). Whom one role alone hears is called
    by his line, never by the way. Refuses `counter_unknown`, `line_unknown`, `end_reason_unknown`, `counter_busy` (by
    somebody whom this person does not hear), `not_permitted`.
    """
    permit(by, "call_next")
    with writing(store):
        find_counter(store, counter)
        if line is not None and find_line(store, line).hears not in {None, by.hears_as}:
            raise Refused("line_unknown")
        held = tickets.at_counter(store, counter)
        if held is not None and not held.open_to(by):
            raise Refused("counter_busy")
        if holding is not None and holding.upper() != (held.no if held else ""):
            return held
        at = events.moment(store, now)
        if held is not None:
            finish(store, held, reason, by=by, at=at)
        counters.wake(store, counter, by=by, at=at)
        called = _claim_next(store, counter, line, displaced=held, by=by, at=at)
        store.touch("queue")
        return called


def call_one(
    store: Store, *, counter: str, ticket_no: str, reason: str, holding: str = "", by: Actor, now: datetime
) -> Ticket:
    """Call a certain waiting or missed or parked ticket of today out of order, for one of `PICK_REASONS`.

    The counter must be free: what it holds is not completed by the way. Refuses `pick_reason_unknown`,
    `ticket_unknown`, `guest_of_session`, `not_waiting`, `counter_busy`,
    `changed_meanwhile`.
    """
    permit(by, "call_one")
    if reason not in PICK_REASONS:
        raise Refused("pick_reason_unknown")
    with writing(store):
        find_counter(store, counter)
        if tickets.at_counter(store, counter) is not None:
            raise Refused("counter_busy")
        at = events.moment(store, now)
        ticket = tickets.of_today(store, ticket_no, by=by, now=at, zone=site(store).zone)
        if ticket is None:
            raise Refused("ticket_unknown")
        if ticket.session:
            raise Refused("guest_of_session")
        if ticket.state not in {"waiting", "missed", "parked"}:
            raise Refused("not_waiting")
        counters.wake(store, counter, by=by, at=at)
        move(
            store,
            ticket,
            "called",
            "counter = ?, served_by = ?, called_at = ?, calls = 1, arrived_at = NULL",
            [counter, by.id, clock.to_text(at)],
        )
        paper_care.hold(store, tickets.ref(ticket.id), "called", clock.to_text(at))
        announce(store, ticket, counter, Group.PICKED, by=by, at=at, reason=reason)
        store.touch("queue")
        return tickets.by_id(store, ticket.id)


def _claim_next(
    store: Store, counter: str, line: str | None, *, displaced: Ticket | None, by: Actor, at: datetime
) -> Ticket | None:
    policy = site(store).policy
    while (found := standing.next_for(store, counter, line, now=at, policy=policy)) is not None:
        one, of = found
        ticket = tickets.by_id(store, one.id)
        if store.changed(CLAIM, [counter, by.id, clock.to_text(at), one.id]):
            # Not printed yet: it must not come out into the hands of whoever stands at the kiosk then.
            paper_care.hold(store, tickets.ref(one.id), "called", clock.to_text(at))
            announce(store, ticket, counter, of, by=by, at=at, displaced=displaced)
            return tickets.by_id(store, one.id)
    return None


def announce(
    store: Store,
    ticket: Ticket,
    counter: str,
    called_as: Group,
    *,
    by: Actor,
    at: datetime,
    displaced: Ticket | None = None,
    **detail: str,
) -> None:
    """Note a call and its event; the growing id of the call is what displays go by."""
    store.execute(
        "INSERT INTO calls (ticket_id, counter, at, displaced_ticket_id, displaced_state, line, called_as,"
        " from_state) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            ticket.id,
            counter,
            clock.to_text(at),
            displaced.id if displaced else None,
            displaced.state if displaced else None,
            ticket.line,
            called_as,
            ticket.state,
        ],
    )
    events.record(
        store,
        "call",
        "ticket",
        ticket.id,
        by=by,
        at=at,
        from_state=ticket.state,
        to_state="called",
        counter=counter,
        called_as=called_as,
        **detail,
    )


def held(store: Store, counter: str, holding: str, *, by: Actor) -> Ticket:
    """Return the ticket that the counter holds. Refuses `no_longer_held` when it is not `holding`, or is a guest's."""
    ticket = tickets.at_counter(store, counter)
    if ticket is None or ticket.no != holding.strip().upper() or not ticket.open_to(by) or ticket.session:
        raise Refused("no_longer_held")
    return ticket


def called(store: Store, counter: str, holding: str, *, by: Actor) -> Ticket:
    """Return the called ticket that the counter holds. Refuses `no_longer_held`, `already_serving`."""
    ticket = held(store, counter, holding, by=by)
    if ticket.state != "called":
        raise Refused("already_serving")
    return ticket


def recall(store: Store, *, counter: str, holding: str, by: Actor, now: datetime) -> Ticket:
    """Call the same number again: at most three calls, twenty seconds apart unless set otherwise (`domain.md` K2).

    Refuses `no_longer_held`, `already_serving`, `recall_limit`, `recall_too_soon`.
    """
    permit(by, "recall")
    with writing(store):
        return call_again(store, called(store, counter, holding, by=by), by=by, at=events.moment(store, now))


def call_again(store: Store, ticket: Ticket, *, by: Actor, at: datetime) -> Ticket:
    """Call a called ticket once more, inside an act. Refuses `recall_limit`, `recall_too_soon`."""
    policy = site(store).policy
    if ticket.calls >= policy.max_calls:
        raise Refused("recall_limit")
    assert ticket.called_at is not None
    if at - clock.from_text(ticket.called_at) < policy.recall_apart:
        raise Refused("recall_too_soon")
    move(store, ticket, "called", "called_at = ?, calls = calls + 1, served_by = ?", [clock.to_text(at), by.id])
    store.execute(
        "INSERT INTO calls (ticket_id, counter, at, line, called_as, recall)"
        " SELECT ticket_id, counter, ?, line, called_as, 1 FROM calls WHERE ticket_id = ? ORDER BY id DESC LIMIT 1",
        [clock.to_text(at), ticket.id],
    )
    _noted(store, "recall", ticket, "called", by=by, at=at)
    store.touch("queue")
    return tickets.by_id(store, ticket.id)


def _noted(store: Store, what: str, ticket: Ticket, state: str, *, by: Actor, at: datetime) -> None:
    events.record(
        store, what, "ticket", ticket.id, by=by, at=at, from_state=ticket.state, to_state=state, counter=ticket.counter
    )


def start(store: Store, *, counter: str, holding: str, by: Actor, now: datetime) -> Ticket:
    """The called visitor sits down: serving begins. Refuses `no_longer_held`, `already_serving`."""
    permit(by, "start")
    with writing(store):
        ticket = called(store, counter, holding, by=by)
        at = events.moment(store, now)
        move(store, ticket, "serving", "started_at = ?, served_by = ?", [clock.to_text(at), by.id])
        store.execute("UPDATE visits SET state = 'in_reception' WHERE id = ?", [ticket.visit_id])
        _noted(store, "start", ticket, "serving", by=by, at=at)
        store.touch("queue")
        return tickets.by_id(store, ticket.id)


def complete(store: Store, *, counter: str, holding: str, reason: str = "", by: Actor, now: datetime) -> Ticket:
    """The reception is done (接待完成); the visitor leaves. Refuses `no_longer_held`, `end_reason_unknown`."""
    permit(by, "complete")
    with writing(store):
        ticket = held(store, counter, holding, by=by)
        finish(store, ticket, reason, by=by, at=events.moment(store, now))
        store.touch("queue")
        return tickets.by_id(store, ticket.id)


def finish(store: Store, ticket: Ticket, reason: str, *, by: Actor, at: datetime) -> None:
    """Completing a called ticket counts as served (`domain.md` K2); he leaves by it, or goes on to his host."""
    visit_ends.keep(store, ticket.visit_id, reason, by=by, at=at)
    move(store, ticket, "completed", "ended_at = ?", [clock.to_text(at)])
    paper_care.close(store, tickets.ref(ticket.id), clock.to_text(at))
    # Here, not in `departures`, which knows of numbers given back and so of this module.
    store.execute(
        "UPDATE visits SET state = iif(host IS NULL, 'closed', 'in_reception'), left_at = iif(host IS NULL, ?, NULL)"
        " WHERE id = ?",
        [clock.to_text(at), ticket.visit_id],
    )
    _noted(store, "complete", ticket, "completed", by=by, at=at)


def undo_call(store: Store, *, counter: str, holding: str, by: Actor, now: datetime) -> Ticket | None:
    """Take back the last press of "next" within ten seconds; return what the counter holds again.

    The called ticket regains its place, and the visitor whom the press completed is at the counter again.
    Refuses `no_longer_held`, `already_serving`, `undo_too_late`.
    """
    permit(by, "undo_call")
    with writing(store):
        ticket = called(store, counter, holding, by=by)
        call = store.row(
            "SELECT * FROM calls WHERE counter = ? AND ticket_id = ? AND undone_at IS NULL ORDER BY id DESC LIMIT 1",
            [counter, ticket.id],
        )
        at = events.moment(store, now)
        if call is None or ticket.calls != 1 or at - clock.from_text(call["at"]) > site(store).policy.undo_within:
            raise Refused("undo_too_late")
        # Sent to a counter that has closed meanwhile, he waits for any.
        closed = "for_counter = iif((SELECT state FROM counters WHERE no = for_counter) = 'closed', NULL, for_counter)"
        also = f"counter = NULL, called_at = NULL, calls = 0, arrived_at = NULL, {closed}"
        move(store, ticket, call["from_state"], also)
        store.execute("UPDATE calls SET undone_at = ? WHERE id = ?", [clock.to_text(at), call["id"]])
        paper_care.release(store, tickets.ref(ticket.id), "called")
        events.record(
            store,
            "undo_call",
            "ticket",
            ticket.id,
            by=by,
            at=at,
            from_state="called",
            to_state=call["from_state"],
            counter=counter,
        )
        if call["displaced_ticket_id"] is not None:
            _bring_back(store, call["displaced_ticket_id"], call["displaced_state"], by=by, at=at)
        store.touch("queue")
        return tickets.at_counter(store, counter)


def _bring_back(store: Store, ticket_id: int, state: str, *, by: Actor, at: datetime) -> None:
    ticket = tickets.by_id(store, ticket_id)
    move(store, ticket, state, "ended_at = NULL")
    paper_care.reopen(store, tickets.ref(ticket.id))
    visit_ends.forget(store, ticket.visit_id)
    store.execute(
        "UPDATE visits SET state = ?, left_at = NULL WHERE id = ?",
        ["in_reception" if state == "serving" else "registered", ticket.visit_id],
    )
    events.record(store, "undo_complete", "ticket", ticket.id, by=by, at=at, from_state="completed", to_state=state)


def move(store: Store, ticket: Ticket, state: str, also: str = "", values: list[object] | None = None) -> None:
    """Change a ticket's state if it still stands where it was read; otherwise refuse `changed_meanwhile`."""
    done = store.changed(
        f"UPDATE tickets SET state = ?{', ' + also if also else ''} WHERE id = ? AND state = ?",  # noqa: S608
        [state, *(values or []), ticket.id, ticket.state],
    )
    if not done:
        raise Refused("changed_meanwhile")
