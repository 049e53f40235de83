"""Booking the visit day oneself: at the kiosk, where nothing is typed but the telephone, or on a phone by one's number.

Whoever waits with a number of the line books on his phone and gives the number back, in one act.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from db.store import Store, writing
from reception import (
    absence,
    booking_days,
    booking_owners,
    booking_places,
    bookings,
    cases,
    estate,
    events,
    home_guesses,
    tickets,
    visits,
)
from reception.booking_days import Offer
from reception.booking_owners import NOTHING_SEEN
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import people
from reception.tickets import Ticket

# The line of business whose matter may be booked right at the kiosk.
LINE: Final = "visit-day"
# So often may a number ask for homes whose file knows that telephone otherwise: it shall tell nobody where one lives.
MAX_REFUSALS: Final = 3
_REFUSED: Final = "own_booking_refused"


def offers(store: Store, *, unit: str, phone: str, by: Actor, now: datetime) -> list[Offer]:
    """Return the open days that this home may still book, soonest first, before anything more is asked.

    Refuses `phone_missing`, `owners_only`, `no_visit_day`, `household_booked` (on every day that is open),
    `ask_at_the_desk` after too many guesses whose home it is, and as `visits.particulars`.
    """
    permit(by, "book_visit_day")
    person = visits.particulars(store, phone=phone, unit=unit, by=by)
    if not person.phone or person.unit is None:
        raise Refused("phone_missing")
    home_guesses.still_answered(store, person.unit, person.phone)
    booking_owners.ownership(store, person, NOTHING_SEEN, by=by)
    found = [one for one in booking_days.offers(store, now=now) if one.open]
    if not found:
        raise Refused("no_visit_day")
    left = [one for one in found if not booking_places.is_booked(store, one.day.id, person.unit.id)]
    if not left:
        raise Refused(_said_of_home(store, person.unit, person.phone))
    return left


def register(
    store: Store, *, nonce: str, unit: str, phone: str, topic: str, slot: str, by: Actor, now: datetime
) -> Case:
    """Book at the kiosk what was chosen; its slip is queued. Refuses as `bookings.book`."""
    day, starts = booking_days.parted(slot)
    with _discreetly(store, unit=unit, phone=phone, by=by):
        return bookings.book(
            store, nonce=nonce, name="", phone=phone, unit=unit, matter="", topic=topic, day=day, starts=starts, by=by,
            now=now,
        )  # fmt: skip


def by_ticket(
    store: Store,
    *,
    token: str,
    name: str,
    phone: str,
    unit: str,
    matter: str,
    topic: str,
    slot: str,
    by: Actor,
    now: datetime,
) -> Case:
    """Book on a phone by the code of a number that waits, and give the number back; no paper comes out.

    His whole telephone number is asked. A number books once: sent again it is the same booking. Refuses
    `code_unknown` (no number of this line), `not_waiting`, `phone_missing`, `phone_invalid`, `ask_at_the_desk` after
    three homes that know this telephone otherwise, and as `bookings.book`.
    """
    permit(by, "book_visit_day")
    ticket = tickets.by_token(store, token)
    if ticket.line != LINE:
        raise Refused("code_unknown")
    whole = _whole_number(phone)
    _never_a_directory(store, ticket.id, unit, whole, by=by, now=now)
    day, starts = booking_days.parted(slot)
    with _discreetly(store, unit=unit, phone=whole, by=by), writing(store):
        nonce = f"ticket:{ticket.token}"
        again = store.value("SELECT result FROM nonces WHERE nonce = ?", [nonce]) is not None
        # First: whoever is being served is not booked behind the back of who serves him. One that was given back
        # otherwise books nothing.
        if not again and ticket.state == "cancelled":
            raise Refused("not_waiting")
        if not again:
            absence.cancel(store, token=ticket.token, by=by, now=now)
        return bookings.book(
            store,
            nonce=nonce,
            name=name,
            phone=whole,
            unit=unit,
            matter=matter,
            topic=topic,
            day=day,
            starts=starts,
            visit_id=ticket.visit_id,
            paper=False,
            by=by,
            now=now,
        )


@contextmanager
def _discreetly(store: Store, *, unit: str, phone: str, by: Actor) -> Iterator[None]:
    """Say something else where a refusal would tell somebody what another household booked."""
    try:
        yield
    except Refused as refused:
        if refused.code != "household_booked":
            raise
        home = visits.particulars(store, phone=phone, unit=unit, by=by)
        if home.unit is None:
            raise
        raise Refused(_said_of_home(store, home.unit, home.phone)) from None


def _said_of_home(store: Store, home: estate.Unit, phone: str) -> str:
    """Return the code of what is said where a home has booked already: to those alone whom its file names."""
    known = booking_owners.relation(store, home, name="", phone=phone) is not None
    return "household_booked" if known else "ask_at_the_desk"


def of_ticket(store: Store, ticket: Ticket) -> str:
    """Return the code of the booking that a number was given back for; '' for any other number."""
    if ticket.line != LINE or ticket.state != "cancelled":
        return ""
    case_id = store.value("SELECT result FROM nonces WHERE nonce = ?", [f"ticket:{ticket.token}"])
    return cases.masked(store, case_id).token if case_id else ""


def _whole_number(phone: str) -> str:
    if not phone.strip():
        raise Refused("phone_missing")
    try:
        return people.clean_phone(phone)
    except ValueError as error:
        raise Refused(str(error)) from None


def _never_a_directory(store: Store, ticket_id: int, unit: str, phone: str, *, by: Actor, now: datetime) -> None:
    """Count the homes that a number asked for in vain, whatever becomes of the act."""
    with writing(store):
        refused = store.value(
            "SELECT count(*) FROM events WHERE subject = 'ticket' AND subject_id = ? AND what = ?",
            [ticket_id, _REFUSED],
        )
        if refused >= MAX_REFUSALS:
            raise Refused("ask_at_the_desk")
        home = estate.find_unit(store, unit.strip()) if unit.strip() else None
        if home is None:
            raise Refused("unit_missing")
        if booking_owners.relation(store, home, name="", phone=phone) in {None, "owner"}:
            return
        events.record(store, _REFUSED, "ticket", ticket_id, by=by, at=events.moment(store, now))
    raise Refused("owners_only")
