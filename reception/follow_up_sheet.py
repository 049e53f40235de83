"""回访单 (SYS-18): the cases due to be followed up, on one sheet for whoever telephones."""

from dataclasses import dataclass
from datetime import datetime

from db.store import Store
from reception import case_filters, case_lists, cases, follow_up_desk, follow_ups, given_by, repair_facts
from reception.case_lists import Entry
from reception.cases import Case
from reception.given_by import Given
from reception.kinds import KINDS
from reception.permissions import Actor, permit


@dataclass(frozen=True, slots=True)
class Line:
    """One call to make: the case, masked also to its holder (paper lies about); how price and signature came."""

    case: Case
    entry: Entry
    content: str
    given: tuple[Given, ...]
    attempts: int


def lines(store: Store, *, by: Actor, now: datetime) -> list[Line]:
    """Return the calls to make within the reader's reach, the first due first."""
    permit(by, "follow_up")
    found = [
        Line(
            cases.masked(store, entry.case.id),
            entry,
            follow_up_desk.matter_of(store, entry.case),
            tuple(given_by.of_case(store, entry.case.id)) if kind == repair_facts.KIND else (),
            sum(one.round == entry.case.round for one in follow_ups.of_case(store, entry.case.id)),
        )
        for kind in follow_up_desk.FOLLOWED
        for entry in case_lists.everything(
            store, case_filters.Filter(kind=kind, states=KINDS[kind].end.follow_up[:1]), by=by, now=now
        )
        # Paper lies about: what is sealed stands in the lists of those who hear it, and on no sheet.
        if not entry.case.sealed and follow_ups.due(store, entry.case)
    ]
    return sorted(found, key=lambda line: line.entry.deadline.due_at if line.entry.deadline else "~")
