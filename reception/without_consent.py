"""未经同意结案: a manager ends a case though the person does not agree, and says why (domain.md RUL-14, trap 7).

Work goes on until the person is satisfied; somebody must be able to say where that ends. It is counted apart from what
people accepted.
"""

from dataclasses import dataclass
from datetime import datetime

from db.store import Store, writing
from reception import cases, events, feedback
from reception.cases import Case
from reception.kinds import KINDS
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.wording import Words

NAME = Words("未经同意结案", "Closed without consent")
REASON_LIMIT = 200
# Of a row of `cases`: whether the manager's word is what closed it, and it was not opened again since.
STANDS = (
    "cases.state = 'closed' AND EXISTS (SELECT 1 FROM closings_without_consent"
    " WHERE case_id = cases.id AND round = cases.round)"
)


@dataclass(frozen=True, slots=True)
class Closing:
    """That a case was closed without consent: why, when and by whom."""

    reason: str
    at: str
    by_name: str


def close(store: Store, *, no: str, reason: str, by: Actor, now: datetime) -> Case:
    """Close a case without the person's consent. He must have been told its result all the same (K3, 10).

    Refuses `case_unknown`, `reason_missing`, what `before_closing` says, and what texts refuse.
    """
    permit(by, "close_without_consent")
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


def before_closing(store: Store, case: Case) -> str | None:
    """Return the code of what must still be so before a case is closed without consent, or None.

    `step_not_now`, what its kind says, `feedback_missing`, `merged_unanswered`.
    """
    end = KINDS[case.kind].end
    if case.state not in end.without_consent_from:
        return "step_not_now"
    of_kind = end.before_giving_up(store, case) if end.before_giving_up else None
    return of_kind or feedback.missing(store, case)


def stands(store: Store, no: str) -> bool:
    """Whether a case was closed without consent and was not opened again since."""
    return store.value(f"SELECT 1 FROM cases WHERE no = ? AND {STANDS}", [no]) is not None  # noqa: S608


def ended(store: Store, case_id: int, of_round: int) -> bool:
    """Whether that is how this round of a case ended, whatever came after."""
    sql = "SELECT 1 FROM closings_without_consent WHERE case_id = ? AND round = ?"
    return store.value(sql, [case_id, of_round]) is not None


def of_case(store: Store, case_id: int) -> list[Closing]:
    """Return every time that a case was closed without consent, oldest first."""
    rows = store.rows(
        "SELECT reason, at, staff.name FROM closings_without_consent JOIN staff ON staff.id = by_id WHERE case_id = ?"
        " ORDER BY closings_without_consent.id",
        [case_id],
    )
    return [Closing(*row) for row in rows]
