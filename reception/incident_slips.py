"""The slip for whoever receives: from a printer behind the desk, never from the kiosk's; it does not ring."""

from datetime import datetime

from db import spool
from db.store import Store, writing
from reception import cases, events, incident_lists, papers, spooling
from reception.cases import Case
from reception.incident_facts import details, find
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.site import site

# A slip is read in passing: the first of each.
STEPS, DONTS = 5, 3


def print_slip(store: Store, *, no: str, by: Actor, now: datetime) -> Case:
    """Print the slip. Refuses `case_unknown`, and `staff_printer_missing` where visitors stand at every printer."""
    permit(by, "work_on_incident")
    with writing(store):
        case = find(store, no, by=by)
        centre, at = site(store), events.moment(store, now)
        printer = spooling.staff_printer(store, papers.ReceptionSlip.KIND, centre)
        if printer is None:
            raise Refused("staff_printer_missing")
        record = details(store, case)
        card = incident_lists.card(store, record.site, record.letter)
        place = card.get("place", [])
        paper = papers.ReceptionSlip(
            **spooling.heading(centre, at),
            no=case.no,
            letter=record.letter,
            counter=record.counter,
            place=record.place or (place[0].zh if place else ""),
            steps=tuple(card.get("step", [])[-STEPS:]),
            donts=tuple(card.get("dont", [])[-DONTS:]),
        )
        # Never on another printer than this one: that might be the kiosk's.
        spooling.enqueue(store, centre, paper, ref=cases.ref(case), at=at, printer=printer, pinned=True)
        events.record(store, "print_slip", "case", case.id, by=by, at=at)
        store.touch("cases", "papers")
        return case


def slip_state(store: Store, case: Case) -> str | None:
    """Return how its newest slip stands; None where none was printed."""
    return spool.paper_state(store, cases.ref(case))
