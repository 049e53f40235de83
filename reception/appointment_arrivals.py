"""A visitor with an appointment is here: by his slip at the kiosk, or at the desk; or the day is over and he is not."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from db.store import Store, writing
from reception import absence, appointments, cases, events, seals, tellings, tickets, visits
from reception.appointment_facts import KIND, Appointment, details
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, hours
from reception.rules.appointment_states import EXPECTED, STEPS, allowed
from reception.site import site
from reception.tickets import Ticket

# What the page of the appointment says more kindly than a refusal.
NOT_NOW = frozenset({"step_not_now", "appointment_other_day", "ticket_of_earlier_day"})
_OPEN_TICKET = frozenset({"waiting", "called", "serving", "missed", "parked"})


def arrive(store: Store, *, no: str, by: Actor, now: datetime) -> Ticket:
    """Check the visitor in: his ticket is issued, called by the time that he was given; his host is told at once.

    A second time it is the same ticket. Before his time he waits like everybody, too late he goes as priority
    (`rules.order`). Refuses `case_unknown`, `step_not_now`, `appointment_other_day`, and what `visits.check_in` does.
    """
    permit(by, "check_in_appointment")
    with writing(store):
        return _arrive(store, cases.whole(store, cases.find(store, no, by=by).id), by=by, now=now)


def arrive_by(store: Store, *, who: str, by: Actor, now: datetime) -> Ticket:
    """Check in who is expected today, by the number of the appointment or the last four digits of the telephone.

    Refuses `appointment_none_today`, `appointment_several_today`, and as `arrive`.
    """
    permit(by, "check_in_appointment")
    with writing(store):
        at, zone = events.moment(store, now), site(store).zone
        today = clock.local_day(at, zone)
        rows = store.rows(
            "SELECT cases.id FROM appointments JOIN cases ON cases.id = case_id WHERE expected_at >= ?"  # noqa: S608
            f" AND expected_at < ? AND (cases.no = ? OR cases.phone_tail = ?) AND {seals.open_to(by)} LIMIT 20",
            [*day_of(today, zone), who.strip().upper(), who.strip()],
        )
        found = [cases.whole(store, row[0]) for row in rows]
        expected = [case for case in found if case.state in EXPECTED] or found
        if not expected:
            raise Refused("appointment_none_today")
        if len(expected) > 1:
            raise Refused("appointment_several_today")
        return _arrive(store, expected[0], by=by, now=now)


def shown(store: Store, *, token: str, by: Actor, now: datetime) -> str | None:
    """The slip is held to the scanner: return the code of the page that it leads to, None for no slip of ours.

    That is the visitor's ticket: issued now, or the one that he has. Where he cannot be checked in (another day, over)
    it is the page of the appointment, which says so. Refuses `appointment_closed_now`, and what `absence.shown` does.
    """
    permit(by, "check_in_appointment")
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
        if refused.code == "closed_now":
            raise Refused("appointment_closed_now") from None
        if refused.code not in NOT_NOW:
            raise
        return case.token


def _arrive(store: Store, case: Case, *, by: Actor, now: datetime) -> Ticket:
    if case.kind != KIND:
        raise Refused("step_not_now")
    at, found = events.moment(store, now), details(store, case)
    here = _ticket_of(store, case)
    if here is not None and case.state == "arrived" and here.state in _OPEN_TICKET:
        return here
    if not allowed("arrive", case.state):
        raise Refused("step_not_now")
    if not is_today(store, found, at):
        raise Refused("appointment_other_day")
    ticket = visits.check_in(
        store,
        line=_line(store),
        # One ticket for each arrangement, whatever becomes of the press.
        nonce=f"appointment-{case.id}-{found.edition}",
        name=case.name,
        phone=case.phone,
        # After the counter he is with his host, and in the building until he leaves (`departures`).
        host=store.value("SELECT department FROM staff WHERE id = ?", [found.host_id]),
        due_at=clock.from_text(found.expected_at),
        by=by,
        now=now,
    )
    taken = store.changed(
        "UPDATE appointments SET ticket_id = ?, arrived_at = ? WHERE case_id = ? AND ticket_id IS NULL",
        [ticket.id, clock.to_text(at), case.id],
    )
    if not taken:
        raise Refused("changed_meanwhile")
    after = STEPS["arrive"].after or ""
    cases.move(store, case, after, "arrive_appointment", by=by, at=at, visit_id=ticket.visit_id)
    tellings.tell(store, case.id, found.host_id, "arrived", by=by, at=at)
    return ticket


def is_of_one(store: Store, ticket_id: int) -> bool:
    """Tell whether a ticket came out of the check-in of an appointment."""
    return store.value("SELECT 1 FROM appointments WHERE ticket_id = ?", [ticket_id]) is not None


def _ticket_of(store: Store, case: Case) -> Ticket | None:
    ticket_id = store.value("SELECT ticket_id FROM appointments WHERE case_id = ?", [case.id])
    return tickets.by_id(store, ticket_id) if ticket_id else None


def _line(store: Store) -> str:
    """Return the line of those who come to see somebody; where the centre has none, the last of all."""
    found: str | None = store.value(
        "SELECT lines.code FROM lines LEFT JOIN purposes ON purposes.line = lines.code AND purposes.active = 1"
        " AND purposes.asks = 'department' WHERE lines.active = 1 AND lines.hears IS NULL AND lines.session = 0"
        " ORDER BY purposes.code IS NULL, lines.position DESC LIMIT 1"
    )
    if found is None:
        raise Refused("line_unknown")
    return found


def is_today(store: Store, found: Appointment, at: datetime) -> bool:
    """Tell whether the visitor is expected on the day of this moment."""
    zone = site(store).zone
    return clock.local_day(clock.from_text(found.expected_at), zone) == clock.local_day(at, zone)


def day_of(day: date, zone: ZoneInfo) -> tuple[str, str]:
    """Return when a day of the site begins and ends, as the store writes moments."""
    begin, end = hours.moment(day, 0, zone), hours.moment(day, 24 * 60, zone)
    return clock.to_text(begin), clock.to_text(end)


def _to_end(store: Store, day: date, by: Actor, most: int = -1) -> list[int]:
    """Return the appointments up to a day that still wait for their end, soonest first."""
    rows = store.rows(
        "SELECT case_id FROM appointments JOIN cases ON cases.id = case_id WHERE live = 1 AND expected_at < ?"  # noqa: S608
        f" AND {seals.open_to(by)} ORDER BY expected_at LIMIT ?",
        [day_of(day, site(store).zone)[1], most],
    )
    return [row[0] for row in rows]


def any_to_end(store: Store, day: date, *, by: Actor) -> bool:
    """Tell whether an appointment of this day, or of one before, still waits for its end."""
    return bool(_to_end(store, day, by, 1))


def end_day(store: Store, day: date, *, by: Actor, at: datetime) -> int:
    """Close the appointments up to this day, inside its close: who is not here and late did not come, and his host is
    asked to call him; who is here was received. Return how many did not come."""
    centre = site(store)
    late = at - timedelta(minutes=centre.booked_late_minutes)
    missed = 0
    for case_id in _to_end(store, day, by):
        case = cases.whole(store, case_id)
        found = details(store, case)
        if case.state == "arrived":
            appointments.over(store, case, "finish", "end_appointment", by=by, at=at)
        elif clock.from_text(found.expected_at) < late:
            appointments.over(store, case, "miss", "miss_appointment", by=by, at=at)
            tellings.tell(store, case.id, found.host_id, "missed", by=by, at=at)
            missed += 1
    return missed
