"""Who is told of a tour (下发信息至各部门): whoever answers, at a page of the desk, for a department with a task."""

from datetime import datetime

from db.store import Store
from reception import departments as department_names
from reception import tellings
from reception.cases import Case
from reception.permissions import Actor, Role
from reception.wording import Words

# Whoever answers for a department; where it has none of these, everybody of it who has a page of the desk.
IN_CHARGE = frozenset({Role.DEPARTMENT_HEAD, Role.TEAM_LEADER, Role.SERVICE_HEAD, Role.MANAGER})


def of_case(store: Store, case_id: int) -> list[str]:
    """Return the departments that have a task of a tour."""
    rows = store.rows(
        "SELECT DISTINCT department FROM case_items WHERE case_id = ? AND department IS NOT NULL ORDER BY department",
        [case_id],
    )
    return [row["department"] for row in rows]


def _hearers(store: Store, department: str) -> list[int]:
    rows = store.rows(
        "SELECT id, role FROM staff WHERE department = ? AND active = 1 AND unconfirmed = 0 ORDER BY id", [department]
    )
    known = [row for row in rows if row["role"] in tellings.HOSTS]
    return [row["id"] for row in [row for row in known if row["role"] in IN_CHARGE] or known]


def departments(store: Store, case: Case, what: str, *, by: Actor, at: datetime) -> None:
    """Tell each department with a task, inside an act; where it has nobody to be told, whoever holds the case sees it
    on the page (`unreached`) and calls."""
    for department in of_case(store, case.id):
        for staff_id in _hearers(store, department):
            tellings.tell(store, case.id, staff_id, what, by=by, at=at)


def unreached(store: Store, case: Case) -> list[Words]:
    """Return the departments with a task of which nobody has a page of the desk: they are told by telephone."""
    return [
        department_names.name(store, department)
        for department in of_case(store, case.id)
        if not _hearers(store, department)
    ]


def manager(store: Store, case: Case, *, by: Actor, at: datetime) -> None:
    """Ask the manager for his word, inside an act (RUL-32)."""
    for row in store.rows("SELECT id FROM staff WHERE role = 'manager' AND active = 1 AND unconfirmed = 0"):
        tellings.tell(store, case.id, row["id"], "tour_asked", by=by, at=at)
