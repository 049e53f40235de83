"""接访预约单: what the slip of a booking says, from the records; an edition that was replaced never comes out again."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from db import paper_care
from db.paper_care import Entry
from db.store import Store
from reception import cases, papers, spooling, visit_days
from reception.booking_facts import UNDER_REVIEW, Booking, details, signatures
from reception.cases import Case
from reception.refusal import Refused
from reception.rules import clock, numbers, said_times
from reception.rules.masking import mask_name, mask_phone
from reception.site import site
from reception.wording import Words

KIND: Final = papers.VisitDaySlip.KIND
# A guest is asked to be here before his time.
BEFORE_MINUTES: Final = 10
ON_THE_LIST: Final = Words("候补", "On the waiting list")
# Whoever walked in has no review before him.
BY_THE_MANAGER: Final = Words("待经理签批", "The manager is still to sign")


def weekday(day: date) -> Words:
    """Return the name of the day of the week."""
    return Words(f"周{said_times.WEEKDAYS[day.weekday()]}", said_times.WEEKDAYS_EN[day.weekday()])


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
        signatures=standing(case, booking),
        name=mask_name(case.name),
        phone=mask_phone(case.phone),
        desk_phone=centre.phone,
        starts=booking.starts,
        before=BEFORE_MINUTES,
        waiting=place_in_line(store, case.id),
        edition=booking.edition,
    )


def standing(case: Case, booking: Booking) -> Words:
    """Return the state of the signatures in the owner's words; nobody signs for who is on the waiting list."""
    if booking.waiting_at and booking.live:
        return ON_THE_LIST
    said = signatures(case.state)
    return BY_THE_MANAGER if booking.walk_in and said == UNDER_REVIEW else said


def place_in_line(store: Store, case_id: int) -> int:
    """Return the place of a booking on the waiting list of its day, from 1; 0 for one that has no place there."""
    found: int = store.value(
        "SELECT count(*) FROM visit_day_bookings AS own JOIN visit_day_bookings AS before"
        " ON before.visit_day_id = own.visit_day_id AND before.live = 1 AND before.waiting_at IS NOT NULL"
        " AND (before.waiting_at, before.case_id) <= (own.waiting_at, own.case_id)"
        " WHERE own.case_id = ? AND own.live = 1 AND own.waiting_at IS NOT NULL",
        [case_id],
    )
    return found


def rebuild(store: Store, case: Case, kind: str, part: str) -> papers.Paper:
    """Return the facts of a booking's paper anew, from the records.

    Refuses `paper_outdated` for an edition that another replaced, and for a booking that takes no place any more.
    """
    booking = details(store, case)
    if not booking.live or edition_of(part) != booking.edition:
        raise Refused("paper_outdated")
    return slip(store, case)


def edition_of(part: str) -> int:
    """Return the edition that a slip's part of the spool names; the first has none."""
    return numbers.whole(part) or 1


def part_of(edition: int) -> str:
    """Return the part of the spool of an edition."""
    return "" if edition == 1 else str(edition)


def old(store: Store, case: Case, found: Iterable[Entry]) -> dict[int, str]:
    """Return those slips of a booking that are no longer so, by id: `replaced` or `outdated`."""
    slips = [entry for entry in found if entry.kind == KIND]
    if not slips:
        return {}
    booking = details(store, case)
    return {
        entry.id: "outdated" if edition_of(entry.part) == booking.edition else "replaced"
        for entry in slips
        if edition_of(entry.part) != booking.edition or not booking.live
    }


def void_waiting(store: Store, case: Case, *, at: str) -> None:
    """Declare void inside an act the slips that did not come out yet: they would promise what is no more."""
    for entry in paper_care.of_ref(store, cases.ref(case)):
        if entry.kind == KIND:
            paper_care.void(store, entry.id, at)
