"""What was decided for an owner on the visit day (决议, RUL-06, RUL-08): who does it, by when, how far it is."""

from dataclasses import dataclass
from typing import Final

from db.store import Store
from reception import supervision_records, visit_days
from reception.cases import Case
from reception.refusal import Refused
from reception.supervision_records import Supervision
from reception.wording import Words

# How the owner took the paper with the decisions.
SIGNED: Final = {
    "paper": Words("已签字", "Signed"),
    "refused": Words("不愿签字", "Would not sign"),
    "absent": Words("不在场", "Was not there"),
}


@dataclass(frozen=True, slots=True)
class Resolution:
    """A decision: `round` 0 is the talk itself, later ones came after the matter was opened again.

    `reason` is why it was added while the others were under way, '' for one of the talk. `signed` is one of SIGNED,
    None until it was read to the owner. `supervision` None: it is not followed yet, for it was not read back.
    """

    id: int
    round: int
    opinion: str
    department: str
    department_name: Words
    due_on: str
    reason: str
    at: str
    by_name: str
    read_back_at: str | None
    signed: str | None
    seen_by: str
    supervision: Supervision | None


def of_case(store: Store, case_id: int) -> list[Resolution]:
    """Return every decision of a booking, oldest first."""
    return [
        Resolution(
            id=row["id"],
            round=row["round"],
            opinion=row["opinion"],
            department=row["department"],
            department_name=Words(row["department_zh"], row["department_en"]),
            due_on=row["due_on"],
            reason=row["reason"] or "",
            at=row["at"],
            by_name=row["by_name"],
            read_back_at=row["read_back_at"],
            signed=row["signed"],
            seen_by=row["seen_name"],
            supervision=supervision_records.by_id(store, row["supervision_id"]) if row["supervision_id"] else None,
        )
        for row in store.rows(
            "SELECT resolutions.*, departments.name AS department_zh, departments.name_en AS department_en,"
            " writer.name AS by_name, coalesce(seer.name, '') AS seen_name FROM resolutions"
            " JOIN departments ON departments.code = resolutions.department JOIN staff AS writer ON writer.id = by_id"
            " LEFT JOIN staff AS seer ON seer.id = seen_by WHERE case_id = ? ORDER BY resolutions.id",
            [case_id],
        )
    ]


def host_of(store: Store, case: Case) -> int | None:
    """Return who received the owner, or shall: of the talk, else of the day (a deputy where one was named), or None."""
    day = store.value("SELECT visit_day_id FROM visit_day_bookings WHERE case_id = ?", [case.id])
    met: int | None = store.value("SELECT host_id FROM visit_day_meetings WHERE case_id = ?", [case.id])
    return met or visit_days.by_id(store, day).host_id


def unread(store: Store, case_id: int) -> bool:
    """Tell whether a decision stands that was never read to the owner: nobody watches it yet."""
    return bool(store.value("SELECT 1 FROM resolutions WHERE case_id = ? AND read_back_at IS NULL AND reason IS NULL"
                            " LIMIT 1", [case_id]))  # fmt: skip


def check_read(store: Store, case_id: int) -> None:
    """Refuse `decision_unread`: what was decided is read to the owner, and watched, before he goes another way."""
    if unread(store, case_id):
        raise Refused("decision_unread")


def untold(store: Store, case_id: int) -> int:
    """Return of how many decisions the owner does not know yet what became of them."""
    found: int = store.value(
        "SELECT count(*) FROM resolutions WHERE case_id = ? AND NOT EXISTS (SELECT 1 FROM supervision_tellings"
        " WHERE supervision_tellings.supervision_id = resolutions.supervision_id)",
        [case_id],
    )
    return found
