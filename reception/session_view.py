"""The session of a visit day as its page, the display of its room and its guests see it (K5, RUL-03)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from db.store import Store, writing
from reception import (
    booking_facts,
    cases,
    events,
    resolution_facts,
    session_agenda,
    session_guests,
    visit_day_session,
    visit_days,
)
from reception.booking_facts import Booking
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.resolution_facts import Resolution
from reception.rules import clock
from reception.rules.booking_states import EXPECTED, UNSIGNED
from reception.session_guests import Guest
from reception.site import site
from reception.tickets import Ticket
from reception.visit_days import Day
from reception.wording import Words


@dataclass(frozen=True, slots=True)
class Board:
    """Who is to be received: here and waiting (in their order), called and not there, still to come, not signed yet.

    `next` is when the room is free again; `closes_at` when the day ends, `warns` from `visit_day_warn_minutes` before;
    `begun` once its hours are there.
    """

    day: Day
    waiting: list[Guest]
    aside: list[Guest]
    coming: list[Guest]
    unsigned: list[Guest]
    received: int
    moment: datetime
    closes_at: datetime
    begun: bool
    warns: bool

    @property
    def minutes_left(self) -> int:
        """Whole minutes until the day closes, below nought once it should have."""
        return int((self.closes_at - self.moment).total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class Talk:
    """The talk that goes on: since when, until when it is to, by how many minutes it was made longer."""

    began_at: str
    planned_end_at: str
    extended_minutes: int
    minutes_left: int


@dataclass(frozen=True, slots=True)
class Current:
    """Who is in the room or on his way, with what those in the room need: `talk` None while he is on his way."""

    ticket: Ticket
    case: Case
    booking: Booking
    talk: Talk | None
    opinions: tuple[tuple[Words, str], ...]
    decisions: list[Resolution]

    @property
    def decided(self) -> bool:
        """Whether a decision waits to be read to the owner."""
        return any(one.read_back_at is None for one in self.decisions)


def board(store: Store, day: Day, *, now: datetime) -> Board:
    """Return who is to be received on a day, each with when that will be; numbers and times, never a name."""
    moment = events.moment(store, now)
    guests = session_guests.of_day(store, day)
    expected = session_guests.expected(store, day, guests, now=moment)
    guests = [replace(one, expected_at=expected.get(one.case_id)) for one in guests]
    coming = [one for one in guests if one.state in EXPECTED or one.numberless]
    opens, closes = session_guests.span(store, day)
    return Board(
        day=day,
        waiting=session_guests.waiting(guests),
        aside=[one for one in guests if one.aside],
        coming=sorted(coming, key=lambda one: (one.starts or "99", one.case_id)),
        unsigned=[one for one in guests if one.state in UNSIGNED],
        received=sum(one.state not in UNSIGNED | EXPECTED | {"checked_in"} for one in guests),
        moment=moment,
        closes_at=closes,
        begun=moment >= opens,
        warns=moment >= closes - timedelta(minutes=site(store).visit_day_warn_minutes),
    )


def current(store: Store, day: Day, *, by: Actor, now: datetime) -> Current | None:
    """Return who is in the room, whole, to those who lead its session; that each of them saw him is written down once.

    Refuses `not_of_session`.
    """
    permit(by, "see_session")
    ticket = visit_day_session.in_room(store)
    if ticket is None:
        return None
    case_id = session_guests.case_of(store, ticket.id)
    if case_id is None:
        return None
    case = cases.whole(store, case_id)
    visit_day_session.booking(store, case.no, by=by)
    booking = booking_facts.details(store, case)
    _note_look(store, case, ticket, by=by, now=now)
    return Current(
        ticket=ticket,
        case=case,
        booking=booking,
        talk=_talk(store, case, now),
        opinions=session_agenda.opinions(store, case.id, booking.wording),
        decisions=resolution_facts.of_case(store, case.id),
    )


def _note_look(store: Store, case: Case, ticket: Ticket, *, by: Actor, now: datetime) -> None:
    seen = (
        "SELECT 1 FROM events WHERE subject = 'case' AND subject_id = ? AND what = 'see_guest' AND by_id = ?"
        " AND at >= ?"
    )
    if store.value(seen, [case.id, by.id, ticket.issued_at]):
        return
    with writing(store):
        events.record(store, "see_guest", "case", case.id, by=by, at=events.moment(store, now))


def _talk(store: Store, case: Case, now: datetime) -> Talk | None:
    row = store.row("SELECT * FROM visit_day_meetings WHERE case_id = ? AND ended_at IS NULL", [case.id])
    if row is None:
        return None
    left = (clock.from_text(row["planned_end_at"]) - events.moment(store, now)).total_seconds()
    return Talk(row["began_at"], row["planned_end_at"], row["extended_minutes"], int(left // 60))


def key(found: Current | None) -> str:
    """Return what a page of the session was made for: once it is another, the page is made anew."""
    return f"{found.ticket.no}-{found.ticket.state}-{found.case.state}" if found else ""


def of_ticket(store: Store, ticket: Ticket, *, now: datetime) -> Guest | None:
    """Return when the guest of a ticket will be received, as things stand; None for any other ticket."""
    if not ticket.session:
        return None
    case_id = session_guests.case_of(store, ticket.id)
    return None if case_id is None else _of_case(store, case_id, now=now)


def _of_case(store: Store, case_id: int, *, now: datetime) -> Guest | None:
    day_id = store.value("SELECT visit_day_id FROM visit_day_bookings WHERE case_id = ?", [case_id])
    shown = board(store, visit_days.by_id(store, day_id), now=now)
    every = (*shown.waiting, *shown.aside, *shown.coming)
    return next((one for one in every if one.case_id == case_id), None)


@dataclass(frozen=True, slots=True)
class Note:
    """What the page of a booking says on its day: the sentence, and when he will be received, where that is known."""

    code: str
    words: Words
    guest: Guest | None = None


def note(store: Store, case: Case, *, now: datetime) -> Note | None:
    """Return what the page of a booking says of checking in, plainly; None where there is nothing to say."""
    if case.kind != booking_facts.KIND or case.closed_at is not None:
        return None
    booking = booking_facts.details(store, case)
    today = clock.local_day(events.moment(store, now), site(store).zone)
    if case.state in UNSIGNED:
        if booking.day.actual_on == today:
            return Note(
                "not_admitted", Words("签批还没有完成，请到前台", "Signatures are missing: please ask at the desk")
            )
        return None
    if case.state not in EXPECTED | {"checked_in"}:
        return None
    if booking.day.actual_on > today:
        on = booking.day.said
        return Note(
            "other_day", Words(f"不是今天：请在{on.zh}来扫码签到", f"Not today: please come and check in on {on.en}")
        )
    if booking.day.actual_on < today or booking.day.over:
        return Note("over", Words("那天的接访已结束，请到前台", "That visit day is over: please ask at the desk"))
    guest = _of_case(store, case.id, now=now)
    if case.state == "checked_in":
        return Note("here", Words("您已签到，请留意叫号", "You are checked in: please watch for your number"), guest)
    return Note(
        "today", Words("今天接待您：到了请扫码签到", "You are received today: please check in when here"), guest
    )
