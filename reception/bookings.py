"""Booking the visit day (接访日预约, SYS-08): an owner, a matter, a slot, and the slip that says so."""

from datetime import datetime
from typing import Any, Final

from db.store import Store
from reception import (
    booking_days,
    booking_owners,
    booking_places,
    booking_slips,
    cases,
    complaint_facts,
    duty,
    nonces,
    sequences,
    spooling,
    visit_days,
    visit_slots,
    visits,
)
from reception.booking_facts import DEPARTMENT, KIND, SERIES
from reception.booking_owners import NOTHING_SEEN, Proof
from reception.booking_slips import rebuild as rebuild
from reception.booking_slips import slip as slip
from reception.cases import Case
from reception.permissions import FRONT, Actor, permit
from reception.refusal import Refused
from reception.rules import clock, numbers
from reception.site import site
from reception.visit_days import Day
from reception.visits import Particulars

# How an owner comes to book at the desk.
SOURCES: Final = frozenset({"desk", "phone"})
# At the kiosk nobody types: what it is in detail is told in the room.
SAID_LATER: Final = "详情当面说"


def book(
    store: Store,
    *,
    nonce: str,
    name: str,
    phone: str,
    unit: str,
    matter: str,
    topic: str = "other",
    day: str = "",
    starts: str = "",
    proof: Proof = NOTHING_SEEN,
    source: str = "desk",
    visit_id: int | None = None,
    paper: bool = True,
    by: Actor,
    now: datetime,
) -> Case:
    """Book a visit day for an owner and queue the slip; with a slot it goes to the review at once.

    `day` (ISO) and `starts` (`10:15`) as they were offered; without them the first day that may be booked, its first
    free time, and the waiting list where none is free. By telephone, and on the owner's own, no paper comes out.
    Whoever books himself may leave name and matter for later; then it is his `topic` alone. The same nonce returns the
    same case. Refuses `matter_missing`, `topic_unknown`, `no_visit_day`, `visit_day_unknown`, `booking_closed`,
    `slot_taken`, `household_booked`, what `booking_owners.ownership`, `cases.complainant`, `cases.text`, `nonces`
    refuse.
    """
    permit(by, "book_visit_day")
    came_by = source if by.role in FRONT else "kiosk"
    content = {"name": name, "phone": phone, "unit": unit, "matter": matter, "visit": visit_id}
    content |= {"topic": topic, "day": day, "starts": starts, "proof": proof.kind, "source": came_by}

    def make(at: datetime) -> int:
        if by.role in FRONT and source not in SOURCES:
            raise Refused("source_unknown")
        person = _person(store, name=name, phone=phone, unit=unit, by=by)
        ownership = booking_owners.ownership(store, person, proof, by=by)
        clean = _matter(store, matter, topic, by=by)
        visit_days.plan(store, at=at)
        found = booking_days.chosen(store, day, at=at)
        case = _open(store, found, person, visit_id, came_by, by=by, at=at)
        given = visit_slots.take(store, found.id, case.id, starts)
        _keep(store, case, found, clean, topic, ownership, waits=not given, walk_in=False, at=at)
        booking_owners.keep(store, case, proof, ownership, nonce=nonce, by=by, at=at)
        if given:
            booking_places.submit(store, case.id, by=by, at=at)
        if paper and source != "phone":
            _print(store, case, at=at)
        return case.id

    return cases.whole(store, nonces.once(store, nonce, "book_visit_day", content, now=now, make=make))


def book_walk_in(
    store: Store,
    *,
    nonce: str,
    name: str,
    phone: str,
    unit: str,
    matter: str,
    topic: str = "other",
    proof: Proof = NOTHING_SEEN,
    by: Actor,
    now: datetime,
) -> Case:
    """Book today's visit day for an owner who walked in (K6): a free seat still to come, also one kept free, else the
    waiting list; the manager's own signature admits him (`signing.admit_walk_in`), and it is counted as an exception.

    The same nonce returns the same case. Refuses `no_visit_today`, `visit_day_over`, and as `book`.
    """
    permit(by, "book_walk_in")
    content: dict[str, Any] = {"name": name, "phone": phone, "unit": unit, "matter": matter, "topic": topic}
    content |= {"proof": proof.kind}

    def make(at: datetime) -> int:
        local = at.astimezone(site(store).zone)
        person = _person(store, name=name, phone=phone, unit=unit, by=by)
        ownership = booking_owners.ownership(store, person, proof, by=by)
        clean = _matter(store, matter, topic, by=by)
        today = visit_days.on(store, local.date())
        if today is None:
            raise Refused("no_visit_today")
        if today.over or local.time() >= today.closes:
            raise Refused("visit_day_over")
        case = _open(store, today, person, None, "desk", by=by, at=at)
        given = visit_slots.take(store, today.id, case.id, slack=True, not_before=f"{local:%H:%M}")
        _keep(store, case, today, clean, topic, ownership, waits=not given, walk_in=True, at=at)
        booking_owners.keep(store, case, proof, ownership, nonce=nonce, by=by, at=at)
        _print(store, case, at=at)
        return case.id

    return cases.whole(store, nonces.once(store, nonce, "book_walk_in", content, now=now, make=make))


def _person(store: Store, *, name: str, phone: str, unit: str, by: Actor) -> Particulars:
    """Return who books: with name, telephone and home at the desk; whoever books himself need not type his name."""
    if by.role in FRONT:
        return cases.complainant(store, name=name, phone=phone, unit=unit, by=by, unit_required=True)
    person = visits.particulars(store, name=name, phone=phone, unit=unit, by=by)
    if person.unit is None:
        raise Refused("unit_missing")
    if not person.phone:
        raise Refused("phone_missing")
    return person


def _matter(store: Store, matter: str, topic: str, *, by: Actor) -> str:
    topics = complaint_facts.classes(store)
    if topic not in topics:
        raise Refused("topic_unknown")
    clean = cases.text(matter, required=by.role in FRONT, missing="matter_missing")
    return clean or f"{topics[topic].zh}（{SAID_LATER}）"


def _open(
    store: Store, day: Day, person: Particulars, visit_id: int | None, source: str, *, by: Actor, at: datetime
) -> Case:
    assert person.unit is not None
    booking_places.only_one_a_home(store, day.id, person.unit.id)
    return cases.open_case(
        store,
        kind=KIND,
        series=SERIES,
        no=numbers.booking_no(day.actual_on, sequences.take(store, f"JF:{day.actual_on:%Y%m}")),
        state="booked",
        person=person,
        visit_id=visit_id,
        department=DEPARTMENT,
        owner=None if by.id else duty.answers_for_the_kiosk(store),
        source=source,
        by=by,
        at=at,
    )


def _keep(
    store: Store,
    case: Case,
    day: Day,
    matter: str,
    topic: str,
    ownership: str,
    *,
    waits: bool,
    walk_in: bool,
    at: datetime,
) -> None:
    assert case.unit is not None
    store.execute(
        "INSERT INTO visit_day_bookings (case_id, visit_day_id, unit_id, matter, topic, ownership, waiting_at, walk_in)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [case.id, day.id, case.unit.id, matter, topic, ownership, clock.to_text(at) if waits else None, walk_in],
    )


def _print(store: Store, case: Case, *, at: datetime) -> None:
    paper = booking_slips.slip(store, cases.whole(store, case.id))
    spooling.enqueue(store, site(store), paper, ref=cases.ref(case), at=at)
