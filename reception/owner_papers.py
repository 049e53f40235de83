"""Papers that an owner who comes to the desk may ask for: the receipt nobody could hand him, and the result in writing.

Each is printed once; after that it is printed again, with its mark, like any other paper (`reprints`).
"""

from collections.abc import Callable
from datetime import datetime

from db import paper_care
from db.store import Store, writing
from reception import (
    booking_facts,
    booking_slips,
    cases,
    events,
    feedback,
    inquiries,
    inquiry_facts,
    papers,
    repair_facts,
    repairs,
    result_papers,
    spooling,
)
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.site import site

RECEIPT, RESULT, NOTE = papers.RepairReceipt.KIND, papers.ResultSlip.KIND, papers.InquiryNote.KIND

# What may be printed for the owner of which kind of case, and what makes it from the records.
PAPERS_OF = {
    repair_facts.KIND: frozenset({RECEIPT, RESULT}),
    inquiry_facts.KIND: frozenset({NOTE}),
    booking_facts.KIND: frozenset({booking_slips.KIND}),
}
_REBUILD: dict[str, Callable[[Store, Case, str, str], papers.Paper]] = {
    repair_facts.KIND: repairs.rebuild,
    inquiry_facts.KIND: inquiries.rebuild,
    booking_facts.KIND: booking_slips.rebuild,
}


def missing(store: Store, case: Case) -> frozenset[str]:
    """Return the kinds of paper that could be printed for the owner and never were."""
    return frozenset(kind for kind in _able(store, case) if not _printed(store, case, kind))


def _able(store: Store, case: Case) -> frozenset[str]:
    """Return the kinds of paper that the case, as it stands, has for its owner."""
    if case.kind == inquiry_facts.KIND:
        return frozenset({NOTE} if case.state == inquiry_facts.PROMISED else ())
    if case.kind == booking_facts.KIND:
        # Booked by telephone or on his own phone: no slip came out.
        return frozenset({booking_slips.KIND} if case.closed_at is None else ())
    if case.kind != repair_facts.KIND:
        return frozenset()
    return frozenset({RECEIPT, RESULT} if feedback.answered(store, case) else {RECEIPT})


def hand_out(store: Store, *, no: str, kind: str, by: Actor, now: datetime) -> Case:
    """Queue a paper for the owner at the desk's printer; the second press of it prints nothing.

    Refuses `case_unknown`, `step_not_now` (no repair, no such paper), `feedback_missing` (nobody told the result),
    `printer_unknown` (the centre has none).
    """
    permit(by, "print_for_owner")
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        if kind not in PAPERS_OF.get(case.kind, frozenset()):
            raise Refused("step_not_now")
        if _printed(store, case, kind):
            return case
        at, part = events.moment(store, now), _part(store, case, kind)
        paper = _REBUILD[case.kind](store, case, kind, part)
        printer = spooling.desk_printer(store)
        job = spooling.enqueue(store, site(store), paper, ref=cases.ref(case), part=part, at=at, printer=printer)
        if job is None:
            raise Refused("printer_unknown")
        events.record(store, "hand_out", "case", case.id, by=by, at=at, kind=kind, paper=job)
        store.touch("cases")
        return case


def _part(store: Store, case: Case, kind: str) -> str:
    if kind == booking_slips.KIND:
        return booking_slips.part_of(booking_facts.details(store, case).edition)
    return result_papers.part(case) if kind == RESULT else ""


def _printed(store: Store, case: Case, kind: str) -> bool:
    return paper_care.newest(store, cases.ref(case), kind, _part(store, case, kind)) is not None
