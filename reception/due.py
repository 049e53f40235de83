"""Due lists (时限): running clocks by person and department, soonest first; the overdue are handed up to the head."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from db.store import Store, writing
from reception import cases, clocks, duty, events, fault_records, kinds, repair_facts, seals
from reception.case_clocks import HELD, minutes_late, stage_of
from reception.case_deadlines import STAGES
from reception.clock_table import CLOCKS
from reception.estate import Unit
from reception.permissions import Actor, permit
from reception.rules import clock as times
from reception.rules import local_times
from reception.rules.deadlines import Stage, Timetable
from reception.rules.masking import mask_name
from reception.site import Site, site
from reception.wording import Words

PAGE = 200
_OVERDUE = f"clocks.stopped_at IS NULL AND clocks.due_at < :now AND NOT {HELD}"


_NOT_YET = (
    "NOT EXISTS (SELECT 1 FROM escalations WHERE escalations.case_id = clocks.case_id"
    " AND escalations.clock = clocks.clock AND escalations.round = clocks.round"
    # One that counts anew is handed up anew.
    " AND escalations.at >= clocks.started_at)"
)
_FROM = (
    "FROM clocks JOIN cases ON cases.id = clocks.case_id"
    " JOIN staff AS holder ON holder.id = cases.owner_id JOIN departments ON departments.code = cases.department"
    " LEFT JOIN units ON units.id = cases.unit_id"
    " LEFT JOIN work_orders ON work_orders.case_id = cases.id AND work_orders.state = 'live'"
    " LEFT JOIN staff AS worker ON worker.id = work_orders.worker_id"
    " LEFT JOIN escalations ON escalations.case_id = clocks.case_id AND escalations.clock = clocks.clock"
    " AND escalations.round = clocks.round AND escalations.at >= clocks.started_at"
)


@dataclass(frozen=True, slots=True)
class Due:
    """A running clock in a list, with what the reader may know of its case: the name is masked unless he holds it."""

    code: str
    round: int
    due_at: str
    stage: Stage
    minutes: int
    escalated_at: str | None
    case_no: str
    kind: str
    state: str
    unit: Unit | None
    name: str
    owner_name: str
    worker_name: str | None
    department_name: Words

    @property
    def clock_name(self) -> Words:
        """What the clock waits for."""
        return CLOCKS[self.code].name


def due_list(
    store: Store,
    *,
    by: Actor,
    now: datetime,
    department: str | None = None,
    owner: int | None = None,
    escalated_to: int | None = None,
    clock: str | None = None,
    most: int = PAGE,
) -> list[Due]:
    """Return the running clocks within the reader's reach, soonest first; at most so many.

    `owner`: only of cases that this member of staff holds or looks into, or whose order he works on. `escalated_to`:
    only those handed up to him, by the box or by a colleague. `clock`: of this clock alone. A head of department and a
    team leader see their own department's, whatever is asked. Refuses `not_permitted`.
    """
    permit(by, "see_due")
    at, centre = events.moment(store, now), site(store)
    rows = store.rows(
        "SELECT clocks.clock, clocks.round, clocks.started_at, clocks.due_at, escalations.at AS escalated_at,"  # noqa: S608
        f" {HELD} AS held, cases.no, cases.kind, cases.state, cases.unit_id, cases.name, cases.owner_id,"
        " units.building, units.unit, units.room, holder.name AS owner_name, worker.name AS worker_name,"
        " departments.name AS department_name, departments.name_en AS department_name_en"
        f" {_FROM} WHERE clocks.stopped_at IS NULL"
        " AND (:department IS NULL OR cases.department = :department)"
        f" AND (:own IS NULL OR cases.department = :own) AND {seals.open_to(by)}"
        " AND (:owner IS NULL OR cases.owner_id = :owner OR work_orders.worker_id = :owner OR EXISTS"
        " (SELECT 1 FROM complaints WHERE case_id = cases.id AND handler_id = :owner) OR EXISTS"
        " (SELECT 1 FROM inquiries WHERE case_id = cases.id AND expert_id = :owner))"
        " AND (:escalated IS NULL OR escalations.to_id = :escalated OR EXISTS (SELECT 1 FROM case_escalations"
        " WHERE case_id = cases.id AND to_id = :escalated AND case_escalations.round = cases.round))"
        " AND (:clock IS NULL OR clocks.clock = :clock)"
        " ORDER BY clocks.due_at, cases.id, clocks.clock LIMIT :page",
        {
            "department": department,
            "own": _own(by),
            "owner": owner,
            "escalated": escalated_to,
            "clock": clock,
            "page": most,
        },
    )
    if not rows:
        return []
    since = min(at, times.from_text(min(row["started_at"] for row in rows)))
    table = clocks.timetable(store, centre, since=since)
    return [_due(row, centre, table, by, at) for row in rows]


def _own(by: Actor) -> str | None:
    return by.department if by.role in cases.OF_OWN_DEPARTMENT else None


def _due(row: Row, centre: Site, table: Timetable, by: Actor, at: datetime) -> Due:
    due = times.from_text(row["due_at"])
    return Due(
        code=row["clock"],
        round=row["round"],
        due_at=row["due_at"],
        stage=stage_of(row, centre, table, at),
        minutes=minutes_late(due, at) or int((due - at).total_seconds() // 60),
        escalated_at=row["escalated_at"],
        case_no=row["no"],
        kind=row["kind"],
        state=row["state"],
        unit=Unit(row["unit_id"], row["building"], row["unit"], row["room"]) if row["unit_id"] else None,
        name=row["name"] if row["owner_id"] == by.id else mask_name(row["name"]),
        owner_name=row["owner_name"],
        worker_name=row["worker_name"],
        department_name=Words(row["department_name"], row["department_name_en"]),
    )


def columns() -> list[tuple[str, Words]]:
    """Return the columns of the list as a table. Rows are what `rows` gives."""
    return [
        ("due", Words("时限", "Due")),
        ("stage", Words("时限状态", "How it stands")),
        ("clock", Words("事由", "For")),
        ("no", Words("编号", "Case")),
        ("state", Words("状态", "State")),
        ("home", Words("住址", "Home")),
        ("name", Words("姓名", "Name")),
        ("department", Words("部门", "Department")),
        ("owner", Words("负责人", "Holder")),
        ("worker", Words("维修人员", "Worker")),
        ("escalated", Words("上报时间", "Handed up")),
    ]


def rows(store: Store, listed: Sequence[Due]) -> list[dict[str, str | Words]]:
    """Return running clocks as rows of a table, masked as the list is; times of the site."""
    zone = site(store).zone

    def time(text: str | None) -> str:
        return local_times.written(times.from_text(text), zone=zone) if text else ""

    return [
        {
            "due": time(one.due_at),
            "stage": STAGES[one.stage],
            "clock": one.clock_name,
            "no": one.case_no,
            "state": _state(store, one),
            "home": one.unit.label if one.unit else "",
            "name": one.name,
            "department": one.department_name,
            "owner": one.owner_name,
            "worker": one.worker_name or "",
            "escalated": time(one.escalated_at),
        }
        for one in listed
    ]


def _state(store: Store, one: Due) -> Words:
    if one.kind == repair_facts.KIND:
        return repair_facts.state_of(store, one.case_no, one.state)
    return kinds.KINDS[one.kind].states[one.state]


def overdue_count(store: Store, *, by: Actor, now: datetime) -> int:
    """Return how many clocks within the reader's reach are overdue."""
    permit(by, "see_due")
    found: int = store.value(
        f"SELECT count(*) FROM clocks JOIN cases ON cases.id = clocks.case_id WHERE {_OVERDUE}"  # noqa: S608
        f" AND (:own IS NULL OR cases.department = :own) AND {seals.open_to(by)}",
        {"now": times.to_text(events.moment(store, now)), "own": _own(by)},
    )
    return found


def returned_count(store: Store, *, by: Actor) -> int:
    """Return how many repairs within the reader's reach wait because their order came back (退单).

    One that a known fault answers for waits for the fault: it is not to be dispatched.
    """
    permit(by, "see_due")
    found: int = store.value(
        "SELECT count(*) FROM cases INDEXED BY cases_returned WHERE state = 'returned' AND kind = 'repair'"  # noqa: S608
        f" AND (:own IS NULL OR department = :own) AND NOT ({fault_records.HOLDS.format(case='cases.id')})",
        {"own": _own(by)},
    )
    return found


def people_of(store: Store, *, by: Actor) -> list[tuple[int, str]]:
    """Return who holds a case or works on an order with a running clock, within the reader's reach, as (id, name)."""
    permit(by, "see_due")
    rows = store.rows(
        "SELECT DISTINCT staff.id, staff.name FROM clocks JOIN cases ON cases.id = clocks.case_id"  # noqa: S608
        " LEFT JOIN work_orders ON work_orders.case_id = cases.id AND work_orders.state = 'live'"
        " LEFT JOIN complaints ON complaints.case_id = cases.id"
        " LEFT JOIN inquiries ON inquiries.case_id = cases.id"
        " JOIN staff ON staff.id IN (cases.owner_id, work_orders.worker_id, handler_id, expert_id)"
        " WHERE clocks.stopped_at IS NULL AND (:own IS NULL OR cases.department = :own)"
        f" AND {seals.open_to(by)} ORDER BY staff.id",
        {"own": _own(by)},
    )
    return [(row["id"], row["name"]) for row in rows]


def escalate_due(store: Store, *, by: Actor, now: datetime) -> int:
    """Hand each overdue clock up to the head of its case's department (上报), once; return how many were handed up now.

    Where a department has no head it is the head of service, else the manager; without any of them it waits. What is
    sealed goes to a head whom it is open to. While the box's clock stands before the last event nothing is handed up:
    lateness cannot be told then (K3, 16).
    """
    permit(by, "escalate")
    with writing(store):
        if events.clock_is_behind(store, now):
            return 0
        at = events.moment(store, now)
        rows = store.rows(
            "SELECT clocks.case_id, clocks.clock, clocks.round, cases.department, cases.sealed FROM clocks"  # noqa: S608
            f" JOIN cases ON cases.id = clocks.case_id WHERE {_OVERDUE} AND {_NOT_YET} ORDER BY clocks.due_at",
            {"now": times.to_text(at)},
        )
        handed_up = [row for row in rows if _hand_up(store, row, by=by, at=at)]
        if handed_up:
            store.touch("cases")
        return len(handed_up)


def _hand_up(store: Store, row: Row, *, by: Actor, at: datetime) -> bool:
    head = duty.hearer_of(store, row["case_id"]) if row["sealed"] else duty.head_of(store, row["department"])
    if head is None:
        return False
    # Of the run before this one; its event stays in the history.
    store.execute(
        "DELETE FROM escalations WHERE case_id = :case AND clock = :clock AND round = :round AND at <"
        " (SELECT started_at FROM clocks WHERE case_id = :case AND clock = :clock AND round = :round)",
        {"case": row["case_id"], "clock": row["clock"], "round": row["round"]},
    )
    store.execute(
        "INSERT INTO escalations (case_id, clock, round, to_id, at) VALUES (?, ?, ?, ?, ?)",
        [row["case_id"], row["clock"], row["round"], head, times.to_text(at)],
    )
    events.record(store, "escalate", "case", row["case_id"], by=by, at=at, clock=row["clock"], to=head)
    return True


def set_right(store: Store, *, at: datetime) -> None:
    """Once the box's clock was put right nothing was handed up later than now: what is late in earnest must be yet."""
    store.execute("DELETE FROM escalations WHERE at > ?", [times.to_text(at)])
