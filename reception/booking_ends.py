"""How a booking comes to its end: fed back once every decision was told, followed up, opened again, closed."""

from datetime import datetime

from db.store import Store, writing
from reception import booking_facts, case_steps, cases, events, resolution_facts
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules.booking_states import STEPS, allowed


def followed_through(store: Store, case: Case, *, by: Actor, at: datetime) -> None:
    """Move a booking on inside the act that told its owner of the last of its decisions (RUL-08)."""
    if allowed("feed_back", case.state) and not resolution_facts.untold(store, case.id):
        cases.move(store, case, STEPS["feed_back"].after or "", "feed_back", by=by, at=at)


def reopen(
    store: Store,
    case: Case,
    reason: str,
    *,
    by: Actor,
    at: datetime,
    owner: int | None = None,
    noted_by: Actor | None = None,
) -> Case:
    """Open a booking again inside an act: a head holds it (`owner`), and a new decision is due.

    `noted_by`: whose words these are. Refuses `step_not_now`.
    """
    if case.kind != booking_facts.KIND or not allowed("reopen", case.state):
        raise Refused("step_not_now")
    return case_steps.open_round(
        store, case, "reopened", "reopen", reason, owner=owner, noted_by=noted_by, by=by, at=at
    )


def open_again(store: Store, *, no: str, reason: str, by: Actor, now: datetime) -> Case:
    """Open a booking again because the owner is not content, or the matter came back.

    Refuses `case_unknown`, `step_not_now`, `reason_missing`, `changed_meanwhile`, texts.
    """
    permit(by, "reopen_visit")
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        clean = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
        return reopen(store, case, clean, by=by, at=events.moment(store, now))


def before_giving_up(store: Store, case: Case) -> str | None:
    """Return the code of what keeps a manager from closing it without consent: a decision whose end the owner does not
    know. Or None."""
    return "decision_untold" if resolution_facts.untold(store, case.id) else None
