"""Calling the queue (叫号): next, recall, missed and back, undo, start, complete, transfer to another line."""

from datetime import datetime, timedelta

from db import paper_care
from db.store import Store, writing
from reception import events, tickets
from reception.lines import find_counter, find_line
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.rules.order import Rank, restored_rank
from reception.tickets import Ticket

MAX_CALLS = 3
RECALL_APART = timedelta(seconds=20)
UNDO_WITHIN = timedelta(seconds=10)
MAX_MISSES = 2

HEAD = (
    "SELECT id FROM tickets WHERE state = 'waiting' AND (:line IS NULL OR line = :line)"
    " ORDER BY rank_at, rank_tie, id LIMIT 1"
)
CLAIM = (
    "UPDATE tickets SET state = 'called', counter = ?, served_by = ?, called_at = ?, calls = calls + 1"
    " WHERE id = ? AND state = 'waiting'"
)


def call_next(
    store: Store, *, counter: str, line: str | None = None, holding: str | None = None, by: Actor, now: datetime
) -> Ticket | None:
    """Complete what the counter holds, call the next in the queue; return the ticket the counter holds now.

    `holding` is the number that the counter believes it holds ('' for none): when that is no longer so,
    nothing is done and the ticket it really holds is returned. None for `holding` skips the question.
    Refuses `counter_unknown`, `line_unknown`, `not_permitted`.
    """
    permit(by, "call_next")
    with writing(store):
        find_counter(store, counter)
        if line is not None:
            find_line(store, line)
        held = tickets.at_counter(store, counter)
        if holding is not None and holding.upper() != (held.no if held else ""):
            return held
        at = events.moment(store, now)
        if held is not None:
            _finish(store, held, by=by, at=at)
        called = _claim_next(store, counter, line, by=by, at=at)
        if called is not None:
            _announce(store, called, counter, at=at, displaced=held)
            events.record(
                store,
                "call",
                "ticket",
                called.id,
                by=by,
                at=at,
                from_state="waiting",
                to_state="called",
                counter=counter,
            )
        store.touch("queue")
        return called


def _claim_next(store: Store, counter: str, line: str | None, *, by: Actor, at: datetime) -> Ticket | None:
    while (ticket_id := store.value(HEAD, {"line": line})) is not None:
        if store.changed(CLAIM, [counter, by.id, clock.to_text(at), ticket_id]):
            # Not printed yet: it must not come out into the hands of whoever stands at the kiosk then.
            paper_care.hold(store, tickets.ref(ticket_id), "called", clock.to_text(at))
            return tickets.by_id(store, ticket_id)
    return None


def _announce(store: Store, ticket: Ticket, counter: str, *, at: datetime, displaced: Ticket | None = None) -> None:
    """Note a call; its growing id is what displays go by."""
    store.execute(
        "INSERT INTO calls (ticket_id, counter, at, displaced_ticket_id, displaced_state) VALUES (?, ?, ?, ?, ?)",
        [
            ticket.id,
            counter,
            clock.to_text(at),
            displaced.id if displaced else None,
            displaced.state if displaced else None,
        ],
    )


def held(store: Store, counter: str, holding: str) -> Ticket:
    """Return the ticket that the counter holds. Refuses `no_longer_held` when it is not `holding`."""
    ticket = tickets.at_counter(store, counter)
    if ticket is None or ticket.no != holding.strip().upper():
        raise Refused("no_longer_held")
    return ticket


def _called(store: Store, counter: str, holding: str) -> Ticket:
    """Return the called ticket that the counter holds. Refuses `no_longer_held`, `already_serving`."""
    ticket = held(store, counter, holding)
    if ticket.state != "called":
        raise Refused("already_serving")
    return ticket


def recall(store: Store, *, counter: str, holding: str, by: Actor, now: datetime) -> Ticket:
    """Call the same number again: at most three calls, twenty seconds apart (`domain.md` K2).

    Refuses `no_longer_held`, `already_serving`, `recall_limit`, `recall_too_soon`.
    """
    permit(by, "recall")
    with writing(store):
        ticket = _called(store, counter, holding)
        at = events.moment(store, now)
        if ticket.calls >= MAX_CALLS:
            raise Refused("recall_limit")
        assert ticket.called_at is not None
        if at - clock.from_text(ticket.called_at) < RECALL_APART:
            raise Refused("recall_too_soon")
        move(store, ticket, "called", "called_at = ?, calls = calls + 1, served_by = ?", [clock.to_text(at), by.id])
        _announce(store, ticket, counter, at=at)
        events.record(
            store, "recall", "ticket", ticket.id, by=by, at=at, from_state="called", to_state="called", counter=counter
        )
        store.touch("queue")
        return tickets.by_id(store, ticket.id)


def miss(store: Store, *, counter: str, holding: str, by: Actor, now: datetime) -> Ticket:
    """Nobody came: set the called ticket aside as missed (过号). Refuses `no_longer_held`, `already_serving`."""
    permit(by, "miss")
    with writing(store):
        ticket = _called(store, counter, holding)
        at = events.moment(store, now)
        move(store, ticket, "missed", "counter = NULL, misses = misses + 1")
        events.record(
            store, "miss", "ticket", ticket.id, by=by, at=at, from_state="called", to_state="missed", counter=counter
        )
        store.touch("queue")
        return tickets.by_id(store, ticket.id)


def restore(store: Store, *, ticket_no: str, by: Actor, now: datetime) -> Ticket:
    """Bring a missed ticket back (恢复排队) behind the next three of its line, at most twice.

    Refuses `ticket_unknown`, `not_missed`, `restore_limit`.
    """
    permit(by, "restore")
    with writing(store):
        ticket = tickets.by_no(store, ticket_no)
        if ticket.state != "missed":
            raise Refused("not_missed")
        if ticket.misses > MAX_MISSES:
            raise Refused("restore_limit")
        at = events.moment(store, now)
        queue = [Rank(other.rank_at, other.rank_tie) for other in tickets.waiting(store, ticket.line)]
        rank = restored_rank(queue, clock.to_text(at))
        # A new round of calls begins.
        move(store, ticket, "waiting", "rank_at = ?, rank_tie = ?, calls = 0, called_at = NULL", [rank.at, rank.tie])
        events.record(store, "restore", "ticket", ticket.id, by=by, at=at, from_state="missed", to_state="waiting")
        store.touch("queue")
        return tickets.by_id(store, ticket.id)


def start(store: Store, *, counter: str, holding: str, by: Actor, now: datetime) -> Ticket:
    """The called visitor sits down: serving begins. Refuses `no_longer_held`, `already_serving`."""
    permit(by, "start")
    with writing(store):
        ticket = _called(store, counter, holding)
        at = events.moment(store, now)
        move(store, ticket, "serving", "started_at = ?, served_by = ?", [clock.to_text(at), by.id])
        store.execute("UPDATE visits SET state = 'in_reception' WHERE id = ?", [ticket.visit_id])
        events.record(
            store, "start", "ticket", ticket.id, by=by, at=at, from_state="called", to_state="serving", counter=counter
        )
        store.touch("queue")
        return tickets.by_id(store, ticket.id)


def complete(store: Store, *, counter: str, holding: str, by: Actor, now: datetime) -> Ticket:
    """The reception is done (接待完成); the visitor leaves. Refuses `no_longer_held`."""
    permit(by, "complete")
    with writing(store):
        ticket = held(store, counter, holding)
        _finish(store, ticket, by=by, at=events.moment(store, now))
        store.touch("queue")
        return tickets.by_id(store, ticket.id)


def _finish(store: Store, ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Completing a called ticket counts as served (`domain.md` K2); leaving time is the completion."""
    move(store, ticket, "completed", "ended_at = ?", [clock.to_text(at)])
    paper_care.close(store, tickets.ref(ticket.id), clock.to_text(at))
    store.execute("UPDATE visits SET state = 'closed', left_at = ? WHERE id = ?", [clock.to_text(at), ticket.visit_id])
    events.record(
        store,
        "complete",
        "ticket",
        ticket.id,
        by=by,
        at=at,
        from_state=ticket.state,
        to_state="completed",
        counter=ticket.counter,
    )


def transfer(store: Store, *, counter: str, holding: str, line: str, by: Actor, now: datetime) -> Ticket:
    """Send the visitor to another line (转业务): same number, same issue time, so near its front.

    Refuses `no_longer_held`, `line_unknown`, `same_line`.
    """
    permit(by, "transfer")
    with writing(store):
        ticket = held(store, counter, holding)
        target = find_line(store, line)
        if target.code == ticket.line:
            raise Refused("same_line")
        at = events.moment(store, now)
        move(
            store,
            ticket,
            "waiting",
            "line = ?, counter = NULL, called_at = NULL, started_at = NULL, calls = 0",
            [target.code],
        )
        events.record(
            store,
            "transfer",
            "ticket",
            ticket.id,
            by=by,
            at=at,
            from_state=ticket.state,
            to_state="waiting",
            from_line=ticket.line,
            to_line=target.code,
        )
        store.touch("queue")
        return tickets.by_id(store, ticket.id)


def undo_call(store: Store, *, counter: str, holding: str, by: Actor, now: datetime) -> Ticket | None:
    """Take back the last press of "next" within ten seconds; return what the counter holds again.

    The called ticket regains its place, and the visitor whom the press completed is at the counter again.
    Refuses `no_longer_held`, `already_serving`, `undo_too_late`.
    """
    permit(by, "undo_call")
    with writing(store):
        ticket = _called(store, counter, holding)
        call = store.row("SELECT * FROM calls WHERE counter = ? ORDER BY id DESC LIMIT 1", [counter])
        at = events.moment(store, now)
        if call is None or ticket.calls != 1 or at - clock.from_text(call["at"]) > UNDO_WITHIN:
            raise Refused("undo_too_late")
        move(store, ticket, "waiting", "counter = NULL, called_at = NULL, calls = 0")
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
            to_state="waiting",
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
