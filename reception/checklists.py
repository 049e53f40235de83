"""The items of a case (清单): what any kind of case is made of that begins with a list of the centre.

`begin` copies the list as it stands, inside the act that opens the case; `ask` refuses a step while a required item is
open; `move_anchor` moves what is due before an agreed time. docs/procedures.md tells how another kind uses it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from sqlite3 import Row
from typing import Final

from db.store import Store, writing
from reception import cases, departments, events, procedure_templates, seals
from reception.cases import Case
from reception.permissions import Actor, Role, permit
from reception.procedure_tables import CHECK, PREPARE, RESTORE, SECTIONS, START
from reception.refusal import Refused
from reception.rules import clock, numbers
from reception.wording import Words

OPEN, DONE, WAIVED = "open", "done", "waived"
# Who answers for the centre may tick for any department.
OVER_ALL: Final = frozenset({Role.SERVICE_HEAD, Role.MANAGER})
MOST = 100


@dataclass(frozen=True, slots=True)
class Task:
    """An item of a case: `state` open, done or waived, with who and when; `due_at` None: at no set time."""

    id: int
    case_id: int
    section: str
    words: Words
    required: bool
    gate: str
    department: str | None
    department_name: Words
    role: str | None
    due_at: str | None
    state: str
    note: str
    at: str | None
    by_name: str

    @property
    def lacking(self) -> bool:
        """True while a step waits for it."""
        return self.required and self.state == OPEN


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open item with a time, as the lists of a department show it."""

    task: Task
    case_no: str
    case_kind: str
    late: bool
    # Whether the reader sees the case itself.
    within_reach: bool


_SELECT = (
    "SELECT case_items.*, coalesce(staff.name, '') AS by_name FROM case_items"
    " LEFT JOIN staff ON staff.id = case_items.by_id"
)


def begin(
    store: Store,
    case: Case,
    template: str,
    variant: str | None,
    *,
    anchor: datetime | None = None,
    ends: datetime | None = None,
    at_once: bool = False,
) -> int:
    """Give a case the items of a matter as the lists stand now, inside the act that opens it; return how many.

    `anchor` is the agreed time that items with an offset are due from, `ends` the one that those are which undo it
    (gate `restore`); without one they have no time. `at_once`: nobody announced it. What is prepared before is left
    out, what leads up to the start may be left undone, and the safety checks are due at the start.
    """
    found = procedure_templates.items(store, template, variant)
    if at_once:
        found = [_at_once(item) for item in found if item.gate != PREPARE]
    for position, item in enumerate(found):
        store.execute(
            "INSERT INTO case_items (case_id, section, text, text_en, required, gate, department, role,"
            " offset_minutes, due_at, position) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [case.id, item.section, item.words.zh, item.words.en, int(item.required), item.gate, item.department,
             item.role, item.offset_minutes, _due(anchor, ends, item.gate, item.offset_minutes), position],
        )  # fmt: skip
    return len(found)


def _at_once(item: procedure_templates.Item) -> procedure_templates.Item:
    if item.gate == START:
        return replace(item, required=False, offset_minutes=None)
    return replace(item, offset_minutes=0) if item.gate == CHECK else item


def move_anchor(
    store: Store, case_id: int, anchor: datetime, *, ends: datetime | None = None, anew: Iterable[str] = ()
) -> None:
    """Move what is still open with the agreed time, inside the act that moves that.

    What was done before the gates of `anew` was done for the old time: it is open again.
    """
    for gate in anew:
        store.execute(
            "UPDATE case_items SET state = 'open', note = '', at = NULL, by_id = NULL"
            " WHERE case_id = ? AND gate = ? AND state <> 'open'",
            [case_id, gate],
        )
    for row in store.rows(
        "SELECT id, gate, offset_minutes FROM case_items"
        " WHERE case_id = ? AND state = 'open' AND offset_minutes IS NOT NULL",
        [case_id],
    ):
        store.execute(
            "UPDATE case_items SET due_at = ? WHERE id = ? AND state = 'open'",
            [_due(anchor, ends, row["gate"], row["offset_minutes"]), row["id"]],
        )


def _due(anchor: datetime | None, ends: datetime | None, gate: str, minutes: int | None) -> str | None:
    since = ends if ends is not None and gate == RESTORE else anchor
    return None if since is None or minutes is None else clock.to_text(since + timedelta(minutes=minutes))


def of_case(store: Store, case_id: int) -> list[Task]:
    """Return the items of a case in their order."""
    rows = store.rows(f"{_SELECT} WHERE case_id = ? ORDER BY position", [case_id])
    names = dict(departments.all_of_them(store))
    return [_task(row, names) for row in rows]


def by_part(tasks: Iterable[Task]) -> dict[str, list[Task]]:
    """Return items by their part, parts without any left out."""
    found = list(tasks)
    parts = {part: [task for task in found if task.section == part] for part in SECTIONS}
    return {part: of_it for part, of_it in parts.items() if of_it}


def lacking(store: Store, case_id: int, gate: str) -> list[Task]:
    """Return the required items that a step (`procedure_tables.GATES`) still waits for."""
    return [task for task in of_case(store, case_id) if task.lacking and task.gate == gate]


def ask(store: Store, case_id: int, *gates: str) -> None:
    """Refuse `items_missing` while one of these steps waits for a required item; inside the act that makes it."""
    if any(lacking(store, case_id, gate) for gate in gates):
        raise Refused("items_missing")


def tick(store: Store, *, no: str, items: Iterable[str], note: str = "", by: Actor, now: datetime) -> Case:
    """These items (ids as typed) are done, with one note; those that are done already stay as they are.

    Refuses `case_unknown`, `case_over`, `item_not_chosen`, `item_unknown`, `item_not_yours` (of
    another department or role), texts.
    """
    permit(by, "tick_item")
    with writing(store):
        case, tasks = _chosen(store, no, items, by)
        said = cases.text(note, required=False, limit=cases.SHORT_LIMIT)
        at = events.moment(store, now)
        fresh = [task for task in tasks if task.state == OPEN]
        for task in fresh:
            _settle(store, task, DONE, said, by=by, at=at)
        if fresh:
            events.record(store, "tick_item", "case", case.id, by=by, at=at, items=[task.id for task in fresh])
        store.touch("cases")
        return case


def untick(store: Store, *, no: str, item: str, by: Actor, now: datetime) -> Case:
    """It was ticked or waived by mistake. Refuses as `tick`, and `nothing_changed` (it is open)."""
    permit(by, "tick_item")
    with writing(store):
        case, (task,) = _chosen(store, no, [item], by)
        if task.state == WAIVED:
            permit(by, "waive_item")
        done = store.changed(
            "UPDATE case_items SET state = 'open', note = '', at = NULL, by_id = NULL WHERE id = ? AND state <> 'open'",
            [task.id],
        )
        if not done:
            raise Refused("nothing_changed")
        at = events.moment(store, now)
        events.record(store, "untick_item", "case", case.id, by=by, at=at, item=task.id)
        store.touch("cases")
        return case


def waive(store: Store, *, no: str, item: str, reason: str, by: Actor, now: datetime) -> Case:
    """A head lets an item go, and says why; never a safety check (RUL-42).

    Refuses as `tick`, `item_never_waived`, `reason_missing`, `changed_meanwhile` (not open).
    """
    permit(by, "waive_item")
    with writing(store):
        case, (task,) = _chosen(store, no, [item], by)
        if task.gate == CHECK:
            raise Refused("item_never_waived")
        why = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
        at = events.moment(store, now)
        _settle(store, task, WAIVED, why, by=by, at=at)
        events.record(store, "waive_item", "case", case.id, by=by, at=at, item=task.id)
        store.touch("cases")
        return case


def waiting(store: Store, *, by: Actor, now: datetime, until: str = "9") -> list[Waiting]:
    """Return the open items with a time that are the reader's to do, the first due first, those due before `until`.

    Of his department (and role); of every department to who answers for the centre.
    """
    permit(by, "see_tasks")
    at = clock.to_text(events.moment(store, now))
    rows = store.rows(
        "SELECT case_items.*, '' AS by_name, cases.no, cases.kind, cases.department AS held FROM case_items"  # noqa: S608
        " JOIN cases ON cases.id = case_items.case_id"
        " WHERE case_items.state = 'open' AND due_at IS NOT NULL AND due_at < :until AND cases.closed_at IS NULL"
        " AND (:all OR coalesce(case_items.department, cases.department) = :mine)"
        f" AND (:all OR coalesce(role, :role) = :role) AND {seals.open_to(by)} ORDER BY due_at, case_items.id"
        " LIMIT :most",
        {
            "until": until,
            "all": by.role in OVER_ALL,
            "mine": by.department,
            "role": by.role,
            "most": MOST,
        },
    )
    names = dict(departments.all_of_them(store))
    own = by.department if by.role in cases.OF_OWN_DEPARTMENT else None
    return [
        Waiting(_task(row, names), row["no"], row["kind"], row["due_at"] < at, own in {None, row["held"]})
        for row in rows
    ]


def may_do(task: Task, case: Case, by: Actor) -> bool:
    """Whether an item is the reader's to tick: of his department and role; without one, of whoever sees the case."""
    theirs = task.department == by.department if task.department else cases.within_reach(case, by)
    return by.role in OVER_ALL or (theirs and task.role in {None, by.role})


def _chosen(store: Store, no: str, items: Iterable[str], by: Actor) -> tuple[Case, list[Task]]:
    """Return the case and those of its items; also to who sees nothing of the case but his own department's items."""
    case = cases.whole(store, reach(store, no, by))
    if case.closed_at is not None:
        raise Refused("case_over")
    tasks = {task.id: task for task in of_case(store, case.id)}
    wanted = [numbers.whole(one) or 0 for one in items]
    if not wanted:
        raise Refused("item_not_chosen")
    if any(one not in tasks for one in wanted):
        raise Refused("item_unknown")
    if not all(may_do(tasks[one], case, by) for one in wanted):
        raise Refused("item_not_yours")
    return case, [tasks[one] for one in dict.fromkeys(wanted)]


def reach(store: Store, no: str, by: Actor) -> int:
    """Return the id of a case that the reader sees, or of which his department has an item to do.

    Refuses `case_unknown`.
    """
    found: int | None = store.value(
        "SELECT id FROM cases WHERE no = ? AND EXISTS (SELECT 1 FROM case_items WHERE case_id = cases.id"  # noqa: S608
        f" AND department = ?) AND {seals.open_to(by)}",
        [no.strip().upper(), by.department],
    )
    return found or cases.find(store, no, by=by).id


def _settle(store: Store, task: Task, state: str, note: str, *, by: Actor, at: datetime) -> None:
    done = store.changed(
        "UPDATE case_items SET state = ?, note = ?, at = ?, by_id = ? WHERE id = ? AND state = 'open'",
        [state, note, clock.to_text(at), by.id, task.id],
    )
    if not done:
        raise Refused("changed_meanwhile")


def _task(row: Row, names: dict[str, Words]) -> Task:
    return Task(
        id=row["id"],
        case_id=row["case_id"],
        section=row["section"],
        words=Words(row["text"], row["text_en"]),
        required=bool(row["required"]),
        gate=row["gate"],
        department=row["department"],
        department_name=names.get(row["department"], Words("", "")),
        role=row["role"],
        due_at=row["due_at"],
        state=row["state"],
        note=row["note"],
        at=row["at"],
        by_name=row["by_name"],
    )
