"""来访预约单 (FRM-07): the slip of an appointment, in editions; a later one replaces those before it."""

from datetime import datetime

from db import paper_care
from db.store import Store, writing
from reception import cases, events, papers, said, spooling
from reception.appointment_facts import KIND, details
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.rules.appointment_states import EXPECTED
from reception.rules.masking import mask_name, mask_phone
from reception.site import Site, site


def part(edition: int) -> str:
    """Return what tells the slips of an appointment apart in the spool; the first has no name of its own."""
    return str(edition) if edition > 1 else ""


def slip(store: Store, case: Case, *, at: datetime | None = None) -> papers.AppointmentSlip:
    """Return the facts of the slip as it stands, from the records: visitor masked, no telephone of the host."""
    centre, found = site(store), details(store, case)
    printed = at or clock.from_text(case.changed_at)
    day, hour = said.day_and_hour(found.expected_at, zone=centre.zone)
    return papers.AppointmentSlip(
        **spooling.coded(centre, case.token, printed),
        no=case.no,
        edition=found.edition,
        day=day,
        hour=hour,
        place=found.where,
        host=found.host_name,
        department=found.host_department,
        purpose=found.purpose,
        bring=found.bring,
        name=mask_name(case.name),
        phone=mask_phone(case.phone),
        early_minutes=centre.booked_early_minutes,
        late_minutes=centre.booked_late_minutes,
        desk_phone=centre.phone,
    )


def enqueue(store: Store, centre: Site, case: Case, *, at: datetime) -> int | None:
    """Queue the slip of this edition at the desk's printer, inside an act."""
    edition = details(store, case).edition
    return spooling.enqueue(
        store,
        centre,
        slip(store, case, at=at),
        ref=cases.ref(case),
        part=part(edition),
        at=at,
        printer=spooling.desk_printer(store),
    )


def let_go(store: Store, case: Case, at: datetime) -> None:
    """Let no slip come out any more that did not yet, inside an act."""
    for entry in paper_care.of_ref(store, cases.ref(case)):
        if entry.kind == papers.AppointmentSlip.KIND:
            paper_care.void(store, entry.id, clock.to_text(at))


def print_slip(store: Store, *, no: str, by: Actor, now: datetime) -> Case:
    """Print the slip of this edition for who wants it; a second press prints nothing, it is printed again as a copy.

    Refuses `case_unknown`, `step_not_now` (the visitor is not expected any more), `printer_unknown`.
    """
    permit(by, "print_appointment_slip")
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        if case.kind != KIND or case.state not in EXPECTED:
            raise Refused("step_not_now")
        if is_printed(store, case):
            return case
        at = events.moment(store, now)
        job = enqueue(store, site(store), case, at=at)
        if job is None:
            raise Refused("printer_unknown")
        events.record(store, "hand_out", "case", case.id, by=by, at=at, kind=papers.AppointmentSlip.KIND, paper=job)
        store.touch("cases")
        return case


def is_printed(store: Store, case: Case) -> bool:
    """Tell whether the slip of the edition that holds was ever printed."""
    this = part(details(store, case).edition)
    return paper_care.newest(store, cases.ref(case), papers.AppointmentSlip.KIND, this) is not None


def rebuild(store: Store, case: Case, kind: str, edition: str) -> papers.Paper:
    """Return the facts of the slip anew. Refuses `paper_outdated`: another edition holds, or nobody is expected."""
    if edition != part(details(store, case).edition) or case.state not in EXPECTED:
        raise Refused("paper_outdated")
    return slip(store, case)
