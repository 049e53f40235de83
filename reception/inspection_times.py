"""When an owner and maintenance meet at a home to be inspected, and that maintenance knows of it."""

from datetime import datetime, timedelta

from db.store import Store
from reception import repairs, tellings
from reception.cases import Case
from reception.permissions import Actor, Role
from reception.refusal import Refused
from reception.rules import local_times
from reception.site import site

# Who of maintenance may go along, and who of them is told at the desk.
MAINTENANCE = (Role.WORKER, Role.TEAM_LEADER, Role.DEPARTMENT_HEAD)
TOLD = (Role.TEAM_LEADER, Role.DEPARTMENT_HEAD)
# Further ahead than this is a slip of the finger.
FURTHEST = timedelta(days=180)


def agreed(store: Store, typed: str, at: datetime, *, or_now: bool = True) -> datetime:
    """Return the agreed time as typed, at the site; '' is now, where it may be.

    Refuses `inspection_time_missing`, `inspection_time_invalid`, `inspection_time_past`, `inspection_time_too_far`.
    """
    if not typed.strip():
        if not or_now:
            raise Refused("inspection_time_missing")
        return at
    try:
        when = local_times.parse(typed, zone=site(store).zone, now=at)
    except ValueError:
        raise Refused("inspection_time_invalid") from None
    if when <= at:
        raise Refused("inspection_time_past")
    if when - at > FURTHEST:
        raise Refused("inspection_time_too_far")
    return when


def tell_maintenance(store: Store, case: Case, what: str, *, by: Actor, at: datetime) -> None:
    """Tell the heads of maintenance, inside an act, that their people are awaited at the agreed time."""
    marks = ", ".join("?" * len(TOLD))
    rows = store.rows(
        f"SELECT id FROM staff WHERE active = 1 AND department = ? AND role IN ({marks}) ORDER BY id",  # noqa: S608
        [repairs.DEPARTMENT, *TOLD],
    )
    for (told,) in rows:
        tellings.tell(store, case.id, told, what, by=by, at=at)
