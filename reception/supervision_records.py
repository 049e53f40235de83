"""What is kept of a supervision (督办, SYS-21), who sees it, and what every act of it writes."""

from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row
from typing import Any

from db.store import Store
from reception import events, seals
from reception.permissions import Actor, Role, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.wording import Words

SUBJECT = "supervision"
STATES = {
    "open": Words("督办中", "Open"),
    "reminded": Words("已提醒", "Reminded"),
    "overdue": Words("已逾期", "Overdue"),
    "done": Words("已落实，待告知", "Done, person to be told"),
    "closed": Words("已办结", "Closed"),
    "withdrawn": Words("已撤销", "Withdrawn"),
}
# Who watches over all departments.
OVER_ALL = frozenset({Role.SERVICE_HEAD, Role.MANAGER})


@dataclass(frozen=True, slots=True)
class Supervision:
    """A matter under supervision. `case_no` is None without a case; `late`: a deadline passed before it was done."""

    id: int
    no: str
    case_id: int | None
    case_no: str | None
    matter: str
    opinion: str
    department: str
    department_name: Words
    charge_id: int
    charge_name: str
    decided_by: int
    decided_name: str
    state: str
    opened_at: str
    due_at: str
    remind_at: str
    overdue_at: str | None
    done_at: str | None
    done_name: str
    result: str
    closed_at: str | None
    reason: str
    moved: int

    @property
    def state_words(self) -> Words:
        """How it stands."""
        return STATES[self.state]

    @property
    def running(self) -> bool:
        """Whether it is still to be done."""
        return self.done_at is None and self.state != "withdrawn"

    @property
    def late(self) -> bool:
        """Whether the promise was broken: done after its deadline, or not yet when it passed."""
        return self.overdue_at is not None or bool(self.done_at and self.done_at > self.due_at)

    @property
    def verdict(self) -> str:
        """How the promise stands: `kept` or `late` once that is known, `withdrawn`, else ''."""
        if self.late:
            return "late"
        return "kept" if self.done_at else "withdrawn" if self.state == "withdrawn" else ""


def stands(*, state: str, due_at: str, done_at: str | None, overdue_at: str | None, now: str) -> str:
    """Return how a promise stands at a moment (UTC text): `kept`, `late`, `open` or `withdrawn`; once late, always."""
    running = done_at is None and state != "withdrawn"
    if overdue_at is not None or (done_at or "") > due_at or (running and due_at < now):
        return "late"
    return "open" if running else "kept" if done_at else "withdrawn"


SELECT = (
    "SELECT supervisions.*, cases.no AS case_no, departments.name AS department_name,"
    " departments.name_en AS department_name_en, charge.name AS charge_name, decided.name AS decided_name,"
    " coalesce(doer.name, '') AS done_name, (SELECT count(*) - 1 FROM supervision_deadlines"
    " WHERE supervision_id = supervisions.id) AS moved"
    " FROM supervisions LEFT JOIN cases ON cases.id = supervisions.case_id"
    " JOIN departments ON departments.code = supervisions.department"
    " JOIN staff AS charge ON charge.id = charge_id JOIN staff AS decided ON decided.id = decided_by"
    " LEFT JOIN staff AS doer ON doer.id = done_by"
)


def from_row(row: Row) -> Supervision:
    """Return a supervision from a row of SELECT."""
    values = {name: row[name] for name in Supervision.__slots__ if name != "department_name"}
    values |= {"result": row["result"] or "", "reason": row["reason"] or ""}
    return Supervision(**values, department_name=Words(row["department_name"], row["department_name_en"]))


def reach(by: Actor) -> str:
    """Return the SQL condition on what a reader sees: a department its own, the heads of all all, whoever decided or is
    in charge his; the front also what belongs to a case, for it tells the person. Never what is sealed from him.
    """
    unsealed = f"(supervisions.case_id IS NULL OR {seals.open_to(by)})"
    if by.role in OVER_ALL or by.role is Role.BOX:
        return unsealed
    own = f"supervisions.department = :my_department OR {int(by.id or 0)} IN (charge_id, decided_by)"
    if by.role in {Role.RECEPTIONIST, Role.ASSISTANT}:
        own += " OR supervisions.case_id IS NOT NULL"
    return f"(({own}) AND {unsealed})"


def find(store: Store, no: str, *, by: Actor) -> Supervision:
    """Return a supervision by its number. Refuses `supervision_unknown`, also for one out of the reader's reach."""
    permit(by, "see_supervisions")
    row = store.row(
        f"{SELECT} WHERE supervisions.no = :no AND {reach(by)}",
        {"no": no.strip().upper(), "my_department": by.department},
    )
    if row is None:
        raise Refused("supervision_unknown")
    return from_row(row)


def by_id(store: Store, supervision_id: int) -> Supervision:
    """Return a supervision inside an act."""
    row = store.row(f"{SELECT} WHERE supervisions.id = ?", [supervision_id])
    assert row is not None
    return from_row(row)


def note_deadline(store: Store, supervision_id: int, due: str, reason: str, *, by: Actor, at: datetime) -> None:
    """Write a deadline with its reason inside an act, before the supervision may show it (K3, 13)."""
    store.execute(
        "INSERT INTO supervision_deadlines (supervision_id, due_at, reason, at, by_id) VALUES (?, ?, ?, ?, ?)",
        [supervision_id, due, reason, clock.to_text(at), by.id],
    )


def record(store: Store, one: Supervision, what: str, *, by: Actor, at: datetime, **detail: Any) -> None:
    """Write an event of a supervision inside an act, and to the history of its case."""
    events.record(store, what, SUBJECT, one.id, by=by, at=at, to_state=one.state, **detail)
    if one.case_id is not None:
        events.record(store, what, "case", one.case_id, by=by, at=at, supervision=one.id)
    store.touch("cases")


def merged_count(store: Store, one: Supervision) -> int:
    """Return how many reported the same and so are told with the person of its case."""
    found: int = store.value("SELECT count(*) FROM cases WHERE merged_into = ?", [one.case_id])
    return found
