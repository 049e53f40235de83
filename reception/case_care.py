"""What is done to a case of any kind beside its own life: notes, another holder, and the file it is closed into."""

from dataclasses import dataclass
from datetime import datetime

from db.store import Store, writing
from reception import cases, charges, events, feedback, follow_ups, seals
from reception.cases import Case
from reception.kinds import KINDS
from reception.permissions import Actor, permit
from reception.refusal import Refused


@dataclass(frozen=True, slots=True)
class Note:
    """A note: of a member of staff, or (`by_name` is '') of the owner, the kiosk, the box."""

    text: str
    at: str
    by_name: str
    by_role: str


def add_note(store: Store, *, no: str, text: str, by: Actor, now: datetime) -> Case:
    """Write a note to a case. Refuses `case_unknown`, `text_missing`, texts."""
    permit(by, "note_case")
    with writing(store):
        case = cases.find(store, no, by=by)
        at = events.moment(store, now)
        cases.write_note(store, case.id, cases.text(text), by=by, at=at)
        events.record(store, "note", "case", case.id, by=by, at=at)
        store.touch("cases")
        return case


def notes(store: Store, case_id: int) -> list[Note]:
    """Return the notes of a case, oldest first."""
    return [
        Note(*row)
        for row in store.rows(
            "SELECT text, at, coalesce(staff.name, ''), by_role FROM case_notes"
            " LEFT JOIN staff ON staff.id = by_id WHERE case_id = ?"
            " ORDER BY case_notes.id",
            [case_id],
        )
    ]


def assign(store: Store, *, no: str, owner: str, by: Actor, now: datetime) -> Case:
    """Give a case to another holder (by login), who answers for it from now on.

    Refuses `case_unknown`, `case_over`, `staff_unknown`, `changed_meanwhile`.
    """
    permit(by, "assign_case")
    with writing(store):
        case = cases.find(store, no, by=by)
        found = store.value(
            "SELECT id FROM staff WHERE login = ? AND active = 1 AND role NOT IN ('worker', 'administrator')", [owner]
        )
        if found is None or not seals.is_open_to(store, case.id, found):
            raise Refused("staff_unknown")
        if case.closed_at is not None:
            raise Refused("case_over")
        done = store.changed(
            "UPDATE cases SET owner_id = ? WHERE id = ? AND owner_id = ?", [found, case.id, case.owner_id]
        )
        if not done:
            raise Refused("changed_meanwhile")
        at = events.moment(store, now)
        events.record(store, "assign", "case", case.id, by=by, at=at, owner=found, was=case.owner_id)
        store.touch("cases")
        return cases.masked(store, case.id)


def close(store: Store, *, no: str, by: Actor, now: datetime) -> Case:
    """File a case (归档): the person knows the result, everybody merged into it too, paid work is paid, and it was
    followed up where that is due.

    Refuses `case_unknown`, `step_not_now`, and the first that is missing: `feedback_missing`, `merged_unanswered`,
    `unpaid`, `follow_up_missing`.
    """
    permit(by, "close_case")
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        lacking = before_filing(store, case)
        if lacking:
            raise Refused(lacking)
        cases.move(store, case, "closed", "close", by=by, at=events.moment(store, now))
        return cases.whole(store, case.id)


def before_filing(store: Store, case: Case) -> str | None:
    """Return the code of what must still be so before a case is filed, or None."""
    if case.state not in KINDS[case.kind].end.filed_from:
        return "step_not_now"
    untold = feedback.missing(store, case)
    if untold:
        return untold
    if charges.owes(store, case.id):
        return "unpaid"
    if follow_ups.due(store, case):
        return "follow_up_missing"
    return None
