"""Tours that come, are here today, or were: the list of the desk, one by its number, and what the gate must know."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from db.store import Store
from reception import cases, checklists, events, release_gate, seals
from reception.case_filters import day_begins
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.site import site
from reception.tour_facts import KIND, Tour, details
from reception.wording import Words

TODAY, COMING, PAST = "today", "coming", "past"
SHOWN: Final = {
    TODAY: Words("今天及未结束", "Today, and not ended"),
    COMING: Words("以后", "Coming"),
    PAST: Words("过去", "Past"),
}
MOST: Final = 200
# They keep the parking and the doors, and know the plates by heart (规程 1.2.4).
KNOWS_PLATES: Final = "security"


@dataclass(frozen=True, slots=True)
class Listed:
    """A tour in a list: `left` counts the open required tasks, `within_reach` whether the reader sees its case."""

    case: Case
    found: Tour
    left: int
    within_reach: bool


def find(store: Store, no: str, *, by: Actor) -> Case:
    """Return a tour for its papers: to whoever sees the case, and to a department that has a task of it.

    Whole to whoever holds it. Refuses `case_unknown`, `form_unknown` (no tour).
    """
    permit(by, "see_tours")
    case_id = checklists.reach(store, no, by)
    row = store.row(f"{cases.SELECT} WHERE cases.id = ? AND {seals.open_to(by)}", [case_id])
    if row is None:
        raise Refused("case_unknown")
    if row["kind"] != KIND:
        raise Refused("form_unknown")
    return cases.from_row(row, whole=cases.is_before(store, row, by))


def knows_plates(by: Actor) -> bool:
    """Whether somebody sees number plates whole: they are of the department at the gate."""
    return by.department == KNOWS_PLATES


def listed(store: Store, *, show: str = TODAY, by: Actor, now: datetime) -> list[Listed]:
    """Return the tours of today, those that come, or those that were: of the reader's reach, or with a task of his
    department. Refuses `choice_unknown`."""
    permit(by, "see_tours")
    if show not in SHOWN:
        raise Refused("choice_unknown")
    since, until = _today(store, now)
    when = {
        # One of an earlier day that nobody ended stays until somebody does.
        TODAY: "starts_at < :until AND (starts_at >= :since OR closed_at IS NULL) AND cases.state <> 'cancelled'",
        COMING: "starts_at >= :until AND cases.state <> 'cancelled'",
        PAST: "(starts_at < :since AND closed_at IS NOT NULL OR cases.state = 'cancelled')",
    }[show]
    rows = store.rows(
        f"{cases.SELECT} JOIN tours ON tours.case_id = cases.id WHERE cases.kind = 'tour' AND {when}"  # noqa: S608
        " AND (:own IS NULL OR cases.department = :own OR EXISTS (SELECT 1 FROM case_items"
        f" WHERE case_items.case_id = cases.id AND case_items.department = :own)) AND {seals.open_to(by)}"
        f" ORDER BY starts_at {'DESC' if show == PAST else ''}, cases.id LIMIT :most",
        {
            "since": since,
            "until": until,
            "own": by.department if by.role in cases.OF_OWN_DEPARTMENT else None,
            "most": MOST,
        },
    )
    found = [cases.from_row(row, whole=row["owner_id"] == by.id) for row in rows]
    return [
        Listed(case, details(store, case, plates=knows_plates(by)), _left(store, case), cases.within_reach(case, by))
        for case in found
    ]


def waiting(store: Store, *, by: Actor) -> list[Listed]:
    """Return the tours outside the opening hours that the manager has still to approve, the first to come first."""
    permit(by, "see_tours")
    rows = store.rows(
        f"{cases.SELECT} JOIN tours ON tours.case_id = cases.id WHERE cases.kind = 'tour' AND cases.state = 'received'"
        f" AND outside = 1 AND approved_by IS NULL AND {seals.open_to(by)} ORDER BY starts_at LIMIT :most",
        {"most": MOST},
    )
    found = [cases.from_row(row, whole=row["owner_id"] == by.id) for row in rows]
    return [Listed(case, details(store, case), _left(store, case), True) for case in found]


def at_gate(store: Store, *, by: Actor, now: datetime) -> list[Listed]:
    """Return the tours of today that are still expected or here, with their plates, for whoever keeps the gate: the
    contact stays masked."""
    permit(by, "check_at_gate")
    if not release_gate.keeps_gate(store, by):
        return []
    since, until = _today(store, now)
    rows = store.rows(
        f"{cases.SELECT} JOIN tours ON tours.case_id = cases.id WHERE cases.kind = 'tour' AND sealed = 0"
        " AND cases.state IN ('received', 'prepared', 'checked', 'in_progress') AND starts_at >= ? AND starts_at < ?"
        " ORDER BY starts_at LIMIT ?",
        [since, until, MOST],
    )
    found = [cases.from_row(row, whole=False) for row in rows]
    return [Listed(case, details(store, case, plates=True), 0, False) for case in found]


def _left(store: Store, case: Case) -> int:
    found: int = store.value(
        "SELECT count(*) FROM case_items WHERE case_id = ? AND required = 1 AND state = 'open'", [case.id]
    )
    return found


def _today(store: Store, now: datetime) -> tuple[str, str]:
    zone = site(store).zone
    day = clock.local_day(events.moment(store, now), zone)
    return day_begins(day, zone), day_begins(day + timedelta(days=1), zone)
