"""Who answers for what nobody in particular took in: a press at the kiosk, an overdue clock."""

from db.store import Store
from reception import seals
from reception.permissions import Role
from reception.refusal import Refused

# By role, and whoever there is after them.
ON_DUTY = (Role.SERVICE_HEAD, Role.MANAGER, Role.ADMINISTRATOR)
# Who answers for a department that has no head.
INSTEAD_OF_A_HEAD = (Role.SERVICE_HEAD, Role.MANAGER)


def answers_for_the_kiosk(store: Store) -> int:
    """Return the member of staff who holds what came in at the kiosk. Refuses `nobody_on_duty` without any staff."""
    for role in ON_DUTY:
        found: int | None = store.value("SELECT id FROM staff WHERE role = ? AND active = 1 ORDER BY id", [role])
        if found is not None:
            return found
    anybody: int | None = store.value("SELECT id FROM staff WHERE active = 1 ORDER BY id")
    if anybody is None:
        raise Refused("nobody_on_duty")
    return anybody


def head_of(store: Store, department: str) -> int | None:
    """Return the head of a department, else the head of service, else the manager; None without any of them."""
    found: int | None = store.value(
        "SELECT id FROM staff WHERE active = 1 AND role = ? AND department = ? ORDER BY id",
        [Role.DEPARTMENT_HEAD, department],
    )
    for role in INSTEAD_OF_A_HEAD:
        if found is None:
            found = store.value("SELECT id FROM staff WHERE active = 1 AND role = ? ORDER BY id", [role])
    return found


def hearer_of(store: Store, case_id: int, *, but: int | None = None) -> int | None:
    """Return a head (but one) whom a sealed case is open to: the head of service before the manager; or None."""
    for role in INSTEAD_OF_A_HEAD:
        for row in store.rows("SELECT id FROM staff WHERE active = 1 AND role = ? ORDER BY id", [role]):
            if row["id"] != but and seals.is_open_to(store, case_id, row["id"]):
                return int(row["id"])
    return None
