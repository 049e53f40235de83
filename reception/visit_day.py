"""The visit day (经理接待日): the calendar in the store, and bookings for the next one."""

from dataclasses import dataclass
from datetime import date, datetime

from db.store import Store
from reception import cases, events, nonces, papers, sequences, spooling, working_calendar
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.rules import clock, numbers
from reception.rules.masking import mask_name, mask_phone
from reception.rules.visit_days import VisitDay, next_visit_day
from reception.rules.working_days import ONE_DAY
from reception.site import site
from reception.wording import Words

KIND = "visit-day"
SERIES = "JF"
NAME = Words("接访日预约", "Visit-day booking")
DEPARTMENT = "service"
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
# The state of the signatures as owners read it (screens.md, Words): a booking begins under review.
SIGNATURES = Words("审核中", "Under review")
STATES = {
    "booked": Words("审核中", "Under review"),
    "closed": Words("已办结", "Closed"),
    "withdrawn": Words("已撤回", "Withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Booking:
    """The details of a booking. Dates are ISO text of the site's own days."""

    matter: str
    nominal_on: str
    visit_day_on: str
    provisional: bool


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

    Refuses `matter_missing`, and what `cases.complainant`, `cases.text`, `nonces` refuse.
    """
    permit(by, "book_visit_day")
    content = {"name": name, "phone": phone, "unit": unit, "matter": matter, "visit": visit_id}

    def make(at: datetime) -> int:
        person = cases.complainant(store, name=name, phone=phone, unit=unit, by=by, unit_required=True)
        clean_matter = cases.text(matter, missing="matter_missing")
        day = upcoming(store, now=at)
        no = numbers.booking_no(day.actual_on, sequences.take(store, f"JF:{day.actual_on:%Y%m}"))
        case = cases.open_case(
            store,
            kind=KIND,
            series=SERIES,
            no=no,
            state="booked",
            person=person,
            visit_id=visit_id,
            department=DEPARTMENT,
            by=by,
            at=at,
        )
        store.execute(
            "INSERT INTO visit_day_bookings (case_id, matter, nominal_on, visit_day_on, provisional)"
            " VALUES (?, ?, ?, ?, ?)",
            [case.id, clean_matter, day.nominal_on.isoformat(), day.actual_on.isoformat(), day.provisional],
        )
        spooling.enqueue(store, site(store), slip(store, case), ref=cases.ref(case), at=at)
        return case.id

    return cases.whole(store, nonces.once(store, nonce, "book_visit_day", content, now=now, make=make))


def details(store: Store, case: Case) -> Booking:
    """Return what was booked."""
    row = store.row("SELECT * FROM visit_day_bookings WHERE case_id = ?", [case.id])
    assert row is not None
    return Booking(row["matter"], row["nominal_on"], row["visit_day_on"], bool(row["provisional"]))


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
        weekday=weekday(date.fromisoformat(booking.visit_day_on)),
        hours=HOURS,
        provisional=booking.provisional,
        place=centre.visit_day_place,
        matter=booking.matter,
        signatures=SIGNATURES,
        name=mask_name(case.name),
        phone=mask_phone(case.phone),
        desk_phone=centre.phone,
    )
