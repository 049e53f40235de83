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


def to_pass(store: Store, *, by: Actor) -> list[Case]:
    """Return those whose every defect is checked or let go, and that nobody has taken on since, the oldest first."""
    permit(by, "see_inspections")
    rows = store.rows(
        f"{cases.SELECT} WHERE cases.kind = 'inspection' AND cases.state = 'rectifying' AND {seals.open_to(by)}"  # noqa: S608
        " AND NOT EXISTS (SELECT 1 FROM inspection_defects_open AS open WHERE open.case_id = cases.id)"
        " ORDER BY cases.id LIMIT 200"
    )
    found = [cases.from_row(row, whole=False) for row in rows]
    return [case for case in found if cases.within_reach(case, by)]


def of_home(store: Store, unit: Unit, *, by: Actor) -> Case | None:
    """Return the newest inspection of a home that the reader may see, masked; None for none."""
    row = store.row(
        f"{cases.SELECT} WHERE cases.unit_id = ? AND cases.kind = 'inspection' AND {seals.open_to(by)}"
        " ORDER BY cases.id DESC LIMIT 1",
        [unit.id],
    )
    found = cases.from_row(row, whole=False) if row else None
    return found if found and cases.within_reach(found, by) else None
