"""Passes for goods that wait for somebody, and the end of those whose day is over (K2: expired the same day)."""

from datetime import datetime
from typing import Final

from db.store import Store, writing
from reception import cases, events, seals
from reception.cases import Case
from reception.permissions import BOX, Actor, permit
from reception.release_facts import today
from reception.release_passes import let_go, may_approve
from reception.rules.release_states import release

MOST: Final = 100
_UNUSED: Final = tuple(sorted(release.steps["expire"].before))
_OVER: Final = (
    "FROM cases CROSS JOIN release_passes ON case_id = cases.id WHERE kind = 'release'"
    f" AND state IN {_UNUSED} AND valid_on < ?"
)


def waiting(store: Store, state: str, *, by: Actor, now: datetime) -> list[Case]:
    """Return the passes in a state that are not over, oldest first, masked but for their holder; of those to be
    approved, the ones that the reader may decide on."""
    permit(by, "see_releases")
    rows = store.rows(
        f"{cases.SELECT} JOIN release_passes ON release_passes.case_id = cases.id WHERE cases.kind = 'release'"
        f" AND cases.state = ? AND {seals.open_to(by)} AND (cases.state = 'released' OR valid_on >= ?)"
        " ORDER BY cases.id LIMIT ?",
        [state, today(store, events.moment(store, now)).isoformat(), MOST],
    )
    found = [cases.from_row(row, whole=row["owner_id"] == by.id) for row in rows]
    return [case for case in found if state != "applied" or may_approve(store, case, by)]


def any_over(store: Store, *, now: datetime) -> bool:
    """Tell whether a pass whose day is over still waits for its end."""
    day = today(store, events.moment(store, now))
    return bool(store.value(f"SELECT EXISTS (SELECT 1 {_OVER})", [day.isoformat()]))


def expire(store: Store, *, by: Actor = BOX, now: datetime) -> int:
    """End the passes whose day is over at the site and that were not used; return how many.

    Their day ends at midnight, not with the desk: who moves house in the evening is not kept in by its closing. The
    gate goes by the day itself, whenever this runs.
    """
    permit(by, "close_day")
    with writing(store):
        at = events.moment(store, now)
        rows = store.rows(f"SELECT cases.id {_OVER} ORDER BY cases.id", [today(store, at).isoformat()])
        for row in rows:
            case = cases.whole(store, row["id"])
            cases.move(store, case, "expired", "expire_release", by=by, at=at)
            let_go(store, case, by=by, at=at)
        return len(rows)
