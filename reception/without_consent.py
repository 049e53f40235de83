"""未经同意结案: a manager ends a case though the person does not agree, and says why (domain.md RUL-14, trap 7).

Work goes on until the person is satisfied; somebody must be able to say where that ends. It is counted apart from what
people accepted.
"""

from datetime import datetime

from db.store import Store, writing
from reception import cases, events, feedback, seals, staff
from reception.cases import Case
from reception.closed_by_manager import NAME as NAME
from reception.closed_by_manager import STANDS as STANDS
from reception.closed_by_manager import of_case as of_case
from reception.closed_by_manager import stands as stands
from reception.kinds import KINDS
from reception.permissions import Actor, Role, may
from reception.refusal import Refused
from reception.rules import clock

REASON_LIMIT = 200


def close(store: Store, *, no: str, reason: str, by: Actor, now: datetime) -> Case:
    """Close a case without the person's consent. He must have been told its result all the same (K3, 10).

    A head of service does it where no manager may know of the case: a complaint about him would never end else.

    Refuses `case_unknown`, `reason_missing`, what `before_closing` says, and what texts refuse.
    """
    if not may_close(store, no, by=by):
        raise Refused("not_permitted")
    typed = cases.text(reason, missing="reason_missing", limit=REASON_LIMIT)
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        lacking = before_closing(store, case)
        if lacking:
            raise Refused(lacking)
        at = events.moment(store, now)
        store.execute(
            "INSERT INTO closings_without_consent (case_id, round, reason, at, by_id) VALUES (?, ?, ?, ?, ?)",
            [case.id, case.round, typed, clock.to_text(at), by.id],
        )
        give_up = KINDS[case.kind].end.give_up
        if give_up is not None:
            give_up(store, case, by=by, at=at)
        cases.move(store, case, "closed", "close_without_consent", by=by, at=at)
        return cases.whole(store, case.id)


def may_close(store: Store, no: str, *, by: Actor) -> bool:
    """Tell whether this person may close the case of this number without consent."""
    if by.role is not Role.SERVICE_HEAD:
        return may(by, "close_without_consent")
    case_id = store.value(f"SELECT id FROM cases WHERE no = ? AND sealed > 0 AND {seals.open_to(by)}", [no])  # noqa: S608
    managers = staff.active(store, (Role.MANAGER,))
    return case_id is not None and not seals.among(store, case_id, managers)


def before_closing(store: Store, case: Case) -> str | None:
    """Return the code of what must still be so before a case is closed without consent, or None.

    `step_not_now`, what its kind says, `feedback_missing`, `merged_unanswered`.
    """
    end = KINDS[case.kind].end
    if case.state not in end.without_consent_from:
        return "step_not_now"
    of_kind = end.before_giving_up(store, case) if end.before_giving_up else None
    return of_kind or feedback.missing(store, case)
