"""Inspections that are under way, by how they stand, and the one of a home."""

from datetime import datetime

from db.store import Store
from reception import case_lists, cases, seals
from reception.case_filters import Filter
from reception.case_lists import Listed
from reception.cases import Case
from reception.estate import Unit
from reception.inspection_facts import KIND
from reception.permissions import Actor, permit
from reception.rules.inspection_states import OPEN


def under_way(store: Store, *, by: Actor, now: datetime) -> dict[str, Listed]:
    """Return the open inspections within the reader's reach by their state, the late ones first, masked."""
    return {state: in_state(store, state, by=by, now=now) for state in OPEN}


def in_state(store: Store, *states: str, by: Actor, now: datetime) -> Listed:
    """Return those that stand so, the late ones first."""
    permit(by, "see_inspections")
    return case_lists.found(store, Filter(kind=KIND, states=states, sort="deadline"), by=by, now=now)


def of_home(store: Store, unit: Unit, *, by: Actor) -> Case | None:
    """Return the newest inspection of a home that the reader may see, masked; None for none."""
    row = store.row(
        f"{cases.SELECT} WHERE cases.unit_id = ? AND cases.kind = 'inspection' AND {seals.open_to(by)}"
        " ORDER BY cases.id DESC LIMIT 1",
        [unit.id],
    )
    found = cases.from_row(row, whole=False) if row else None
    return found if found and cases.within_reach(found, by) else None
