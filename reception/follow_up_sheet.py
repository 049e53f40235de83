"""回访单 (SYS-18): the repairs that are due to be followed up, on one sheet for whoever telephones."""

from dataclasses import dataclass
from datetime import datetime

from db.store import Store
from reception import case_filters, case_lists, cases, follow_ups, given_by, repair_facts
from reception.case_lists import Entry
from reception.cases import Case
from reception.given_by import Given
from reception.permissions import Actor, permit


@dataclass(frozen=True, slots=True)
class Line:
    """One call to make: the repair, masked also to its holder (paper lies about); how price and signature came."""

    case: Case
    entry: Entry
    content: str
    given: tuple[Given, ...]
    attempts: int


def lines(store: Store, *, by: Actor, now: datetime) -> list[Line]:
    """Return the calls to make within the reader's reach, the first due first."""
    permit(by, "follow_up")
    wanted = case_filters.Filter(kind=repair_facts.KIND, states=("signed",))
    found = [
        Line(
            cases.masked(store, entry.case.id),
            entry,
            repair_facts.details(store, entry.case).content,
            tuple(given_by.of_case(store, entry.case.id)),
            sum(one.round == entry.case.round for one in follow_ups.of_case(store, entry.case.id)),
        )
        for entry in case_lists.everything(store, wanted, by=by, now=now)
        if follow_ups.due(store, entry.case)
    ]
    return sorted(found, key=lambda line: line.entry.deadline.due_at if line.entry.deadline else "~")
