"""A guest of the visit day is here: by his slip at the kiosk, or at the desk; his number is called by the session."""

from datetime import datetime

from db.store import Store, writing
from reception import (
    absence,
    booking_facts,
    cases,
    events,
    seals,
    session_guests,
    tickets,
    visit_day_session,
    visit_days,
    visits,
)
from reception.booking_facts import KIND, Booking
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, session_order
from reception.rules.booking_states import STEPS, UNSIGNED, allowed
from reception.site import site
from reception.tickets import Ticket

# What the page of the booking says more kindly than a refusal.
SAID_BY_PAGE = frozenset(
    {"step_not_now", "visit_other_day", "session_over", "visit_not_admitted", "ticket_of_earlier_day"}
)
_OPEN_TICKET = frozenset({"waiting", "called", "serving", "missed"})


def check_in(store: Store, *, no: str, by: Actor, now: datetime) -> Ticket:
    """Check a guest in by the number of his booking; a second time it is the same ticket.

    Refuses `case_unknown`, `visit_not_admitted` (a signature is missing), `visit_other_day`, `session_over`,
    `step_not_now`.
    """
    permit(by, "check_in_visit_day")
    with writing(store):
        return _arrive(store, cases.whole(store, cases.find(store, no, by=by).id), by=by, now=now)


def check_in_by(store: Store, *, who: str, by: Actor, now: datetime) -> Ticket:
    """Check in who is expected today, by the number of the booking or the last four digits of the telephone.

    Refuses `visit_none_today`, `visit_several_today`, and as `check_in`.
    """
    permit(by, "check_in_visit_day")
    with writing(store):
        day = visit_days.on(store, clock.local_day(events.moment(store, now), site(store).zone))
        rows = store.rows(
            "SELECT cases.id, cases.state FROM visit_day_bookings AS booked"  # noqa: S608
            " JOIN cases ON cases.id = booked.case_id WHERE booked.visit_day_id = ? AND booked.live = 1"
            f" AND (cases.no = ? OR cases.phone_tail = ?) AND {seals.open_to(by)} LIMIT 20",
            [day.id if day else 0, who.strip().upper(), who.strip()],
        )
        found = [row["id"] for row in rows if allowed("check_in", row["state"])] or [row["id"] for row in rows]
        if not found:
            raise Refused("visit_none_today")
        if len(found) > 1:
            raise Refused("visit_several_today")
        return _arrive(store, cases.whole(store, found[0]), by=by, now=now)


def shown(store: Store, *, token: str, by: Actor, now: datetime) -> str | None:
    """The slip is held to the scanner: return the code of the page that it leads to, None for no slip of ours.

    That is the guest's ticket: issued now, or the one that he has. Where he cannot be checked in (another day, not
    admitted, over) it is the page of the booking, which says so.
    """
    permit(by, "check_in_visit_day")
    try:
        case = cases.by_token(store, token)
    except Refused:
        return None
    if case.kind != KIND:
        return None
    try:
        with writing(store):
            ticket = _arrive(store, cases.whole(store, case.id), by=by, now=now)
        # It stands for the ticket: a missed one goes on waiting, a called one is on his way.
        return absence.shown(store, ticket.token, by=by, now=now).token
    except Refused as refused:
        if refused.code not in SAID_BY_PAGE:
            raise
        return case.token


def _arrive(store: Store, case: Case, *, by: Actor, now: datetime) -> Ticket:
    if case.kind != KIND:
        raise Refused("step_not_now")
    at, booking = events.moment(store, now), booking_facts.details(store, case)
    here = tickets.by_id(store, booking.ticket_id) if booking.ticket_id else None
    if here is not None and case.state in {"checked_in", "met"} and here.state in _OPEN_TICKET:
        return here
    if case.state in UNSIGNED:
        raise Refused("visit_not_admitted")
    # His number ended while he was here, by a clock that ran past the day: he has another.
    anew = here is not None and case.state == "checked_in"
    if not anew and not allowed("check_in", case.state):
        raise Refused("step_not_now")
    if booking.day.actual_on != clock.local_day(at, site(store).zone):
        raise Refused("visit_other_day")
    visit_day_session.open_(store, booking.day, by=by, at=at)
    if visit_days.by_id(store, booking.day.id).state != "open":
        raise Refused("session_over")
    ticket = visits.check_in(
        store,
        line="",
        guest=True,
        # One ticket for each arrangement, whatever becomes of the press.
        nonce=f"visit-day-{case.id}-{booking.edition}" + (f"-{booking.ticket_id}" if anew else ""),
        name=case.name,
        phone=case.phone,
        by=by,
        now=now,
    )
    how = _arrival(store, booking, at)
    taken = store.changed(
        "UPDATE visit_day_bookings SET ticket_id = ?, arrived_at = ?, arrival = ?, waiting_at = NULL"
        " WHERE case_id = ? AND ticket_id IS ?",
        [ticket.id, clock.to_text(at), how, case.id, booking.ticket_id if anew else None],
    )
    if not taken:
        raise Refused("changed_meanwhile")
    after = STEPS["check_in"].after or ""
    cases.move(
        store, case, after, "check_in_visit_day", by=by, at=at, detail={"arrival": how}, visit_id=ticket.visit_id
    )
    return ticket


def let_go(store: Store, case_id: int, *, by: Actor, now: datetime) -> None:
    """End the number of a guest who is received no more today, inside the act that says why; nobody calls him then.

    Whoever was here and gets another time may check in anew.
    """
    ticket_id = store.value("SELECT ticket_id FROM visit_day_bookings WHERE case_id = ?", [case_id])
    ticket = tickets.by_id(store, ticket_id) if ticket_id else None
    if ticket is not None and ticket.state in {"waiting", "called", "missed"}:
        absence.give_back(store, ticket, by=by, now=now)


def _arrival(store: Store, booking: Booking, at: datetime) -> str:
    early, late = session_guests.limits(store)
    starts = session_guests.begin(store, booking.day, booking.starts) if booking.starts else None
    return session_order.arrival(at, starts, early=early, late=late, walk_in=booking.walk_in)
