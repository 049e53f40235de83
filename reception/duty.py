"""Who answers for what nobody in particular took in: a press at the kiosk, an overdue clock."""

from db.store import Store
from reception.permissions import Role
from reception.refusal import Refused

# By role, and whoever there is after them.
ON_DUTY = (Role.SERVICE_HEAD, Role.MANAGER, Role.ADMINISTRATOR)


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
