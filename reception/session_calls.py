"""Calling the guests of the visit day to the room (K5): from its session alone, one at a time; nobody is lost."""

from datetime import datetime

from db import paper_care
from db.store import Store, writing
from reception import absence, events, lines, queue, session_guests, tickets, visit_day_session
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.rules.order import Group
from reception.session_guests import Guest
from reception.site import site
from reception.tickets import Ticket
from reception.wording import Words

# Why the host receives somebody out of order; each is logged with the call and counted.
REASONS = {
    "host_decides": Words("主持人决定", "The host decides"),
    "cannot_wait": Words("不能久等", "Cannot wait long"),
    "not_ready": Words("前一位还没准备好", "The one before is not ready"),
    "department_here": Words("陪同部门只此时在", "The department is here only now"),
    "missed_call": Words("没听到叫号", "Did not hear the call"),
}


def call(
    store: Store, *, holding: str, ticket_no: str = "", reason: str = "", by: Actor, now: datetime
) -> Ticket | None:
    """Call the next guest to the room, or the one named, for one of `REASONS`; return whom the room holds now.

    `holding` is the number that the page believes in the room ('' for nobody): when that is no longer so, nothing is
    done, so two recorders who press together call one guest. None when nobody waits. Refuses `room_busy`,
    `not_waiting`, `pick_reason_unknown`, and as `visit_day_session.lead`.
    """
    permit(by, "hold_session")
    with writing(store):
        day = visit_day_session.lead(store, by=by, now=now)
        held = visit_day_session.in_room(store)
        if holding.strip().upper() != (held.no if held else ""):
            return held
        if held is not None:
            raise Refused("room_busy")
        guests = session_guests.of_day(store, day)
        row = session_guests.waiting(guests)
        chosen = _chosen(guests, ticket_no.strip().upper()) if ticket_no.strip() else next(iter(row), None)
        if chosen is None:
            return None
        out_of_order = not row or chosen.case_id != row[0].case_id
        if out_of_order and reason not in REASONS:
            raise Refused("pick_reason_unknown")
        return _called(store, chosen, reason if out_of_order else "", by=by, at=events.moment(store, now))


def _chosen(guests: list[Guest], ticket_no: str) -> Guest:
    found = next((one for one in guests if one.ticket_no == ticket_no and (one.waits or one.aside)), None)
    if found is None:
        raise Refused("not_waiting")
    return found


def _called(store: Store, guest: Guest, reason: str, *, by: Actor, at: datetime) -> Ticket:
    room = lines.session_room(store)
    ticket_id = store.value("SELECT ticket_id FROM visit_day_bookings WHERE case_id = ?", [guest.case_id])
    ticket = tickets.by_id(store, ticket_id)
    queue.move(
        store,
        ticket,
        "called",
        "counter = ?, served_by = ?, called_at = ?, calls = 1, arrived_at = NULL",
        [room.no, by.id, clock.to_text(at)],
    )
    paper_care.hold(store, tickets.ref(ticket.id), "called", clock.to_text(at))
    if reason:
        queue.announce(store, ticket, room.no, Group.PICKED, by=by, at=at, reason=reason)
    else:
        queue.announce(store, ticket, room.no, Group.BOOKED, by=by, at=at)
    store.touch("queue")
    return tickets.by_id(store, ticket.id)


def held(store: Store, holding: str) -> Ticket:
    """Return the guest whom the room holds. Refuses `no_longer_held` when that is not `holding`."""
    ticket = visit_day_session.in_room(store)
    if ticket is None or ticket.no != holding.strip().upper():
        raise Refused("no_longer_held")
    return ticket


def called(store: Store, holding: str) -> Ticket:
    """Return the called guest who is on his way. Refuses `no_longer_held`, `already_serving`."""
    ticket = held(store, holding)
    if ticket.state != "called":
        raise Refused("already_serving")
    return ticket


def recall(store: Store, *, holding: str, by: Actor, now: datetime) -> Ticket:
    """Call the same guest again, as often and as far apart as in the queue.

    Refuses `no_longer_held`, `already_serving`, `recall_limit`, `recall_too_soon`, and as `visit_day_session.lead`.
    """
    permit(by, "hold_session")
    with writing(store):
        visit_day_session.lead(store, by=by, now=now)
        return queue.call_again(store, called(store, holding), by=by, at=events.moment(store, now))


def undo(store: Store, *, holding: str, by: Actor, now: datetime) -> Ticket:
    """Take back a call made by mistake, within ten seconds: he keeps his place.

    Refuses `no_longer_held`, `already_serving`, `call_not_taken_back`, and as `visit_day_session.lead`.
    """
    permit(by, "hold_session")
    with writing(store):
        visit_day_session.lead(store, by=by, now=now)
        ticket, at = called(store, holding), events.moment(store, now)
        row = store.row("SELECT * FROM calls WHERE ticket_id = ? ORDER BY id DESC LIMIT 1", [ticket.id])
        if row is None or ticket.calls != 1 or at - clock.from_text(row["at"]) > site(store).policy.undo_within:
            raise Refused("call_not_taken_back")
        queue.move(store, ticket, row["from_state"], "counter = NULL, called_at = NULL, calls = 0, arrived_at = NULL")
        store.execute("UPDATE calls SET undone_at = ? WHERE id = ?", [clock.to_text(at), row["id"]])
        paper_care.release(store, tickets.ref(ticket.id), "called")
        events.record(
            store, "undo_call", "ticket", ticket.id, by=by, at=at, from_state="called", to_state=row["from_state"],
            counter=row["counter"],
        )  # fmt: skip
        store.touch("queue")
        return tickets.by_id(store, ticket.id)


def miss(store: Store, *, holding: str, by: Actor, now: datetime) -> Ticket:
    """Nobody came to the room: he goes behind the others, and is a no-show if he never comes (`visit_day_session`).

    Refuses `no_longer_held`, `already_serving`, and as `visit_day_session.lead`.
    """
    permit(by, "hold_session")
    with writing(store):
        visit_day_session.lead(store, by=by, now=now)
        ticket, at = called(store, holding), events.moment(store, now)
        queue.move(store, ticket, "missed", "counter = NULL, misses = misses + 1")
        events.record(
            store, "miss", "ticket", ticket.id, by=by, at=at, from_state="called", to_state="missed",
            counter=ticket.counter,
        )  # fmt: skip
        store.touch("queue")
        return tickets.by_id(store, ticket.id)


def back(store: Store, *, ticket_no: str, by: Actor, now: datetime) -> Ticket:
    """He is here after all: he waits again, behind the others.

    Refuses `ticket_unknown`, `not_missed`, and as `visit_day_session.lead`.
    """
    permit(by, "hold_session")
    with writing(store):
        visit_day_session.lead(store, by=by, now=now)
        found = tickets.of_today(store, ticket_no, by=by, now=events.moment(store, now), zone=site(store).zone)
        if found is None or not found.session:
            raise Refused("ticket_unknown")
        return absence.restored(store, found, by=by, now=now)
