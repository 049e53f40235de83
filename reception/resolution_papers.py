"""接访处理意见单: what was decided for an owner, who does it and by when; read to him, printed, signed by him."""

from datetime import date, datetime

from db import paper_care
from db.store import Store
from reception import booking_facts, cases, papers, spooling
from reception.cases import Case
from reception.refusal import Refused
from reception.resolution_facts import Resolution, host_of, of_case
from reception.rules import clock, said_times
from reception.rules.masking import mask_name, mask_phone
from reception.site import site
from reception.wording import Words

KIND = papers.DecisionSlip.KIND


def part(store: Store, case: Case) -> str:
    """Return which paper it is: a decision more, or a round more, makes a new one."""
    return f"{case.round}.{len(_decided(store, case))}"


def _decided(store: Store, case: Case) -> list[Resolution]:
    return [one for one in of_case(store, case.id) if one.round == case.round]


def enqueue(store: Store, case: Case, *, at: datetime) -> None:
    """Queue the paper inside an act; what waited of one before it never comes out."""
    for entry in paper_care.of_ref(store, cases.ref(case)):
        if entry.kind == KIND:
            paper_care.void(store, entry.id, clock.to_text(at))
    paper = slip(store, case)
    spooling.enqueue(store, site(store), paper, ref=cases.ref(case), part=part(store, case), at=at)


def rebuild(store: Store, case: Case, of_part: str) -> papers.DecisionSlip:
    """Return the paper anew. Refuses `paper_outdated`: something was decided since."""
    if of_part != part(store, case):
        raise Refused("paper_outdated")
    return slip(store, case)


def slip(store: Store, case: Case) -> papers.DecisionSlip:
    """Return the facts of the paper, from the records: name and phone masked."""
    centre, booking, decided = site(store), booking_facts.details(store, case), _decided(store, case)
    host = host_of(store, case)
    return papers.DecisionSlip(
        **spooling.coded(centre, case.token, clock.from_text(decided[-1].at)),
        no=case.no,
        visit_day_on=booking.visit_day_on,
        matter=booking.matter,
        decisions=tuple(
            papers.DecisionLine(
                one.opinion, one.department_name, Words(*said_times.day(date.fromisoformat(one.due_on)))
            )
            for one in decided
        ),
        again=case.round > 0,
        host=store.value("SELECT name FROM staff WHERE id = ?", [host]) or "",
        name=mask_name(case.name),
        phone=mask_phone(case.phone),
        desk_phone=centre.phone,
    )
