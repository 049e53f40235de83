"""Booking the visit day (接访日预约, SYS-08): an owner, a matter, a slot, and the slip that says so."""

from datetime import date, datetime

from db.store import Store
from reception import cases, events, nonces, papers, sequences, spooling, visit_days, visit_slots, working_calendar
from reception.booking_facts import DEPARTMENT, KIND, SERIES, details, signatures
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, numbers
from reception.rules.masking import mask_name, mask_phone
from reception.rules.visit_days import VisitDay, next_visit_day
from reception.rules.working_days import ONE_DAY
from reception.site import site
from reception.wording import Words

HOURS = "10:00–12:00"  # RUL-03
WEEKDAYS = (
    Words("周一", "Mon"),
    Words("周二", "Tue"),
    Words("周三", "Wed"),
    Words("周四", "Thu"),
    Words("周五", "Fri"),
    Words("周六", "Sat"),
    Words("周日", "Sun"),
)


def upcoming(store: Store, *, now: datetime) -> VisitDay:
    """Return the next visit day after today."""
    today = clock.local_day(events.moment(store, now), site(store).zone)
    # The day of the month before may still be to come; a day rolls forward only, so nothing earlier is asked.
    since = (today.replace(day=1) - ONE_DAY).replace(day=1)
    return next_visit_day(today, working_calendar.calendar(store, since=since))


def book(
    store: Store,
    *,
    nonce: str,
    name: str,
    phone: str,
    unit: str,
    matter: str,
    visit_id: int | None = None,
    by: Actor,
    now: datetime,
) -> Case:
    """Book the next visit day for an owner and queue the slip. The same nonce returns the same case.

    Refuses `matter_missing`, `no_visit_day`, `household_booked`, and what `cases.complainant`, `cases.text`, `nonces`
    refuse.
    """
    permit(by, "book_visit_day")
    content = {"name": name, "phone": phone, "unit": unit, "matter": matter, "visit": visit_id}

    def make(at: datetime) -> int:
        person = cases.complainant(store, name=name, phone=phone, unit=unit, by=by, unit_required=True)
        assert person.unit is not None
        clean_matter = cases.text(matter, missing="matter_missing")
        visit_days.plan(store, at=at)
        day = visit_days.next_day(store, now=at)
        if day is None:
            raise Refused("no_visit_day")
        if store.value(
            "SELECT 1 FROM visit_day_bookings WHERE visit_day_id = ? AND unit_id = ? AND live = 1",
            [day.id, person.unit.id],
        ):
            raise Refused("household_booked")
        case = cases.open_case(
            store,
            kind=KIND,
            series=SERIES,
            no=numbers.booking_no(day.actual_on, sequences.take(store, f"JF:{day.actual_on:%Y%m}")),
            state="booked",
            person=person,
            visit_id=visit_id,
            department=DEPARTMENT,
            by=by,
            at=at,
        )
        starts = visit_slots.take(store, day.id, case.id)
        store.execute(
            "INSERT INTO visit_day_bookings (case_id, visit_day_id, unit_id, matter, waiting_at)"
            " VALUES (?, ?, ?, ?, ?)",
            [case.id, day.id, person.unit.id, clean_matter, None if starts else clock.to_text(at)],
        )
        spooling.enqueue(store, site(store), slip(store, case), ref=cases.ref(case), at=at)
        return case.id

    return cases.whole(store, nonces.once(store, nonce, "book_visit_day", content, now=now, make=make))


def weekday(day: date) -> Words:
    """Return the name of the day of the week."""
    return WEEKDAYS[day.weekday()]


def rebuild(store: Store, case: Case, kind: str, part: str) -> papers.Paper:
    """Return the facts of a booking's paper anew, from the records."""
    return slip(store, case)


def slip(store: Store, case: Case) -> papers.VisitDaySlip:
    """Return the facts of the booking slip, from the records: name and phone masked."""
    centre, booking = site(store), details(store, case)
    return papers.VisitDaySlip(
        **spooling.coded(centre, case.token, clock.from_text(case.received_at)),
        no=case.no,
        visit_day_on=booking.visit_day_on,
        weekday=weekday(booking.day.actual_on),
        hours=booking.day.hours,
        provisional=booking.provisional,
        place=visit_days.place(centre, booking.day),
        matter=booking.matter,
        signatures=signatures(case.state),
        name=mask_name(case.name),
        phone=mask_phone(case.phone),
        desk_phone=centre.phone,
    )
