"""Papers that an owner who comes to the desk may ask for: the receipt nobody could hand him, and the result in writing.

Each is printed once; after that it is printed again, with its mark, like any other paper (`reprints`).
"""

from datetime import datetime

from db import paper_care
from db.store import Store, writing
from reception import (
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


def missing(store: Store, case: Case) -> frozenset[str]:
    """Return the kinds of paper that could be printed for the owner and never were."""
    return frozenset(kind for kind in _able(store, case) if not _printed(store, case, kind))


def _able(store: Store, case: Case) -> frozenset[str]:
    """Return the kinds of paper that the case, as it stands, has for its owner."""
    if case.kind == inquiry_facts.KIND:
        return frozenset({NOTE} if case.state == inquiry_facts.PROMISED else ())
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
        of_inquiry = case.kind == inquiry_facts.KIND and kind == NOTE
        if not of_inquiry and (case.kind != repair_facts.KIND or kind not in {RECEIPT, RESULT}):
            raise Refused("step_not_now")
        if _printed(store, case, kind):
            return case
        at, part = events.moment(store, now), _part(case, kind)
        paper = (inquiries if of_inquiry else repairs).rebuild(store, case, kind, part)
        printer = spooling.desk_printer(store)
        job = spooling.enqueue(store, site(store), paper, ref=cases.ref(case), part=part, at=at, printer=printer)
        if job is None:
            raise Refused("printer_unknown")
        events.record(store, "hand_out", "case", case.id, by=by, at=at, kind=kind, paper=job)
        store.touch("cases")
        return case


def _part(case: Case, kind: str) -> str:
    return result_papers.part(case) if kind == RESULT else ""


def _printed(store: Store, case: Case, kind: str) -> bool:
    return paper_care.newest(store, cases.ref(case), kind, _part(case, kind)) is not None
