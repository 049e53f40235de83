"""督办单 of A4 (SYS-21): what was decided, by when, what came of it; nothing of the person of the case stands on it."""

from dataclasses import dataclass

from db.store import Store
from reception import supervision_lists, supervision_records
from reception.case_form import NOTHING
from reception.permissions import Actor
from reception.supervision_lists import Promise
from reception.wording import Words


@dataclass(frozen=True, slots=True)
class SupervisionForm:
    """The form of a supervision; without values the blank one. Times are UTC texts, '' while not yet."""

    no: str = ""
    case_no: str = ""
    matter: str = ""
    opinion: str = ""
    department: Words = NOTHING
    charge: str = ""
    decided_by: str = ""
    opened_at: str = ""
    due_at: str = ""
    promises: tuple[Promise, ...] = ()
    done_at: str = ""
    done_by: str = ""
    result: str = ""
    closed_at: str = ""
    reason: str = ""


def of(store: Store, *, no: str, by: Actor) -> SupervisionForm:
    """Return the form of a supervision. Refuses `supervision_unknown`, also for one out of the reader's reach."""
    one = supervision_records.find(store, no, by=by)
    return SupervisionForm(
        no=one.no,
        case_no=one.case_no or "",
        matter=one.matter,
        opinion=one.opinion,
        department=one.department_name,
        charge=one.charge_name,
        decided_by=one.decided_name,
        opened_at=one.opened_at,
        due_at=one.due_at,
        promises=tuple(supervision_lists.promises(store, one)),
        done_at=one.done_at or "",
        done_by=one.done_name,
        result=one.result,
        closed_at=one.closed_at or "",
        reason=one.reason,
    )
