"""Steps of cases of every kind: one found for whoever does it, allowed, done and written down; a new round."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from db.store import Store, writing
from reception import cases, events
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules.states import Life


def step(
    store: Store,
    what: str,
    no: str,
    change: Callable[[Case, datetime], dict[str, Any] | None],
    *,
    kind: str,
    life: Life,
    find: Callable[..., Case] = cases.find,
    event: str = "",
    permission: str,
    by: Actor,
    now: datetime,
) -> Case:
    """Do a step of a kind of case, by its life; return the case as it stands after it, whole.

    `change` does what is the step's own and returns what `cases.move` is told besides: further columns of the case, and
    `detail`. `event` is the word of the history where it is not the step's. Refuses `not_permitted`, `case_unknown`,
    `step_not_now`, `changed_meanwhile`, and what `change` refuses.
    """
    permit(by, permission)
    with writing(store):
        case = cases.whole(store, find(store, no, by=by).id)
        if case.kind != kind or not life.allowed(what, case.state):
            raise Refused("step_not_now")
        at = events.moment(store, now)
        also = change(case, at) or {}
        cases.move(store, case, life.steps[what].after or case.state, event or what, by=by, at=at, **also)
        return cases.whole(store, case.id)


def open_round(
    store: Store,
    case: Case,
    state: str,
    what: str,
    reason: str,
    *,
    owner: int | None,
    noted_by: Actor | None,
    by: Actor,
    at: datetime,
) -> Case:
    """Begin a case's next round inside an act that has asked whether it may; return the case, whole.

    `owner` is who holds it from now on (None: as before), `noted_by` whose words the reason is. Refuses
    `changed_meanwhile`.
    """
    also: dict[str, Any] = {"owner_id": owner} if owner else {}
    cases.move(store, case, state, what, by=by, at=at, round=case.round + 1, **also)
    cases.write_note(store, case.id, reason, by=noted_by or by, at=at)
    return cases.whole(store, case.id)
