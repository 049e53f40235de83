"""Work orders (维修工作单): a repair goes out to a worker or a team, comes back, goes out again."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row
from typing import NamedTuple

from db import paper_care
from db.store import Store, writing
from reception import (
    cases,
    departments,
    events,
    fault_records,
    order_papers,
    order_parts,
    repair_facts,
    sequences,
    spooling,
    staff,
)
from reception.cases import Case
from reception.permissions import FRONT, Actor, Role, permit
from reception.refusal import Refused
from reception.rules import clock, local_times, numbers
from reception.rules.repair_states import allowed
from reception.site import site
from reception.wording import Words

# 一式两联: the worker's copy whole, the owner's masked, each with its own code.
COPIES = ("worker", "owner")
SERIES = "GD"


@dataclass(frozen=True, slots=True)
class Order:
    """A work order. Times are UTC texts of the store; `worker_id` None: the team of the department.

    `state`: live, returned, cancelled, done.
    """

    id: int
    no: str
    token: str
    case_id: int
    case_no: str
    reworks_id: int | None
    department: str
    worker_id: int | None
    worker_name: str | None
    appointed_at: str | None
    state: str
    state_reason: str
    state_note: str
    dispatched_at: str
    accepted_at: str | None
    arrived_at: str | None
    started_at: str | None
    finished_at: str | None
    work_done: str
    labour_minutes: int | None
    rechecked_at: str | None
    rechecked_by: int | None
    signed_at: str | None
    signed_how: str | None
    signed_note: str


class Worker(NamedTuple):
    """Somebody who may be sent out."""

    id: int
    department: str


SELECT = (
    "SELECT work_orders.*, cases.no AS case_no, staff.name AS worker_name FROM work_orders"
    " JOIN cases ON cases.id = work_orders.case_id LEFT JOIN staff ON staff.id = work_orders.worker_id"
)
_FIELDS = tuple(Order.__slots__)


def from_row(row: Row) -> Order:
    """Return the order of a row of `SELECT`."""
    return Order(**{name: row[name] for name in _FIELDS})


def live(store: Store, case_id: int) -> Order | None:
    """Return the order that is out for a repair, or None."""
    row = store.row(f"{SELECT} WHERE work_orders.case_id = ? AND work_orders.state = 'live'", [case_id])
    return None if row is None else from_row(row)


def of_case(store: Store, case_id: int) -> list[Order]:
    """Return all orders of a repair, oldest first."""
    return [
        from_row(row)
        for row in store.rows(f"{SELECT} WHERE work_orders.case_id = ? ORDER BY work_orders.id", [case_id])
    ]


def find(store: Store, order_no: str) -> Order:
    """Return an order by its number. Refuses `order_unknown`."""
    row = store.row(f"{SELECT} WHERE work_orders.no = ?", [order_no.strip().upper()])
    if row is None:
        raise Refused("order_unknown")
    return from_row(row)


def by_token(store: Store, token: str) -> Order | None:
    """Return the order of the code on a worker's copy, or None."""
    canonical = numbers.canonical_token(token)
    row = None if canonical is None else store.row(f"{SELECT} WHERE work_orders.token = ?", [canonical])
    return None if row is None else from_row(row)


def case_of_order(store: Store, token: str) -> Case | None:
    """Return the case of a work order's code, masked; None when it is no code of ours."""
    order = by_token(store, token)
    return None if order is None else cases.masked(store, order.case_id)


def reach(order: Order, by: Actor) -> None:
    """Refuse `order_unknown` to whoever the order is none of: another worker, the leader of another department.

    The owner comes to it by the code of his case.
    """
    if by.role in FRONT | {Role.MANAGER, Role.TOKEN_HOLDER, Role.KIOSK}:
        return
    of_department = order.department == by.department
    if by.role is Role.WORKER and (order.worker_id == by.id or (order.worker_id is None and of_department)):
        return
    if by.role in {Role.TEAM_LEADER, Role.DEPARTMENT_HEAD} and of_department:
        return
    raise Refused("order_unknown")


def dispatch(
    store: Store, *, no: str, department: str = "", worker: str = "", appointed_at: str = "", by: Actor, now: datetime
) -> Case:
    """Send a repair out to a worker (by login) or to a department's team; queue the work order in two copies.

    Without either the rule of its category says who, else its own department. `appointed_at` is local time as a picker
    gives it; without one `proposed` counts. Refuses `case_unknown`, `not_registered`
    (it is out already, or over), `held_by_fault`, all that `repair_facts.missing` names, `department_unknown`,
    `worker_unknown`, `time_invalid`, `appointed_past`, `changed_meanwhile`.
    """
    permit(by, "dispatch_repair")
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        send_out(store, case, whom=(department, worker), appointed_at=appointed_at, by=by, now=now)
        return cases.whole(store, case.id)


def send_out(
    store: Store, case: Case, *, whom: tuple[str, str] = ("", ""), appointed_at: str = "", by: Actor, now: datetime
) -> None:
    """Do the same inside an act that asked its own permission; `whom`: department and worker. `case` must be whole."""
    if case.kind != repair_facts.KIND or not allowed("dispatch", case.state):
        raise Refused("not_registered")
    if fault_records.holding(store, case.id) is not None:
        raise Refused("held_by_fault")
    repair = repair_facts.details(store, case)
    at = events.moment(store, now)
    when = appointment(store, appointed_at, "", at) if appointed_at else proposed(store, case, at)
    incomplete = lacking(store, case, when, at)
    if incomplete:
        raise Refused(*incomplete)
    to_department, to_worker = _whom(store, case, repair.category, *whom)
    cases.move(
        store,
        case,
        "dispatched",
        "dispatch",
        by=by,
        at=at,
        department=to_department,
        detail={"appointed_at": clock.to_text(when) if when else None},
    )
    order_no = _issue(store, case, to_department, to_worker, when, by=by, at=at)
    enqueue_copies(store, cases.whole(store, case.id), order_no, at=at)


def lacking(store: Store, case: Case, when: datetime | None, at: datetime) -> tuple[str, ...]:
    """Return the codes of all that is missing before a repair can go out for `when`. `case` must be whole."""
    repair = repair_facts.details(store, case)
    try:
        local_times.parse(repair.convenient_time, zone=site(store).zone, now=at)
    except ValueError:
        named = False
    else:
        named = True
    return repair_facts.missing(case, repair, appointed=when is not None, named=named)


def proposed(store: Store, case: Case, at: datetime) -> datetime | None:
    """Return the time that was agreed with the person and is still ahead: by an order that came back, else by the
    convenient time where it names a moment; None when none is."""
    agreed = store.value(
        "SELECT appointed_at FROM work_orders WHERE case_id = ? AND state = 'returned' ORDER BY id DESC", [case.id]
    )
    if agreed and clock.from_text(agreed) > at:
        return clock.from_text(agreed)
    return appointment(store, "", repair_facts.details(store, case).convenient_time, at)


def appointment(store: Store, typed: str, convenient: str, at: datetime) -> datetime | None:
    """Return the appointed time: what was typed, else the moment that the convenient time names, if it does.

    Refuses `time_invalid` and `appointed_past` of what was typed.
    """
    zone = site(store).zone
    try:
        when = local_times.parse(typed or convenient, zone=zone, now=at)
    except ValueError as error:
        if typed:
            raise Refused(str(error)) from None
        return None
    if when <= at:
        if typed:
            raise Refused("appointed_past")
        return None
    return when


def _whom(store: Store, case: Case, category: str, department: str, worker: str) -> tuple[str, int | None]:
    """Return department and worker (None: its team), as named or by the rule of the category."""
    if not department and not worker:
        rule = store.row("SELECT department, worker FROM dispatch_rules WHERE category = ?", [category])
        department, worker = (rule["department"], rule["worker"] or "") if rule else (case.department, "")
    if worker:
        who = worker_of_login(store, worker)
        if department and who.department != department:
            raise Refused("worker_unknown")
        return who.department, who.id
    if store.value("SELECT 1 FROM departments WHERE code = ?", [department]) is None:
        raise Refused("department_unknown")
    return department, None


def _issue(
    store: Store, case: Case, department: str, worker: int | None, when: datetime | None, *, by: Actor, at: datetime
) -> str:
    order_no = sequences.case_no(store, SERIES, at)
    earlier = store.value("SELECT max(id) FROM work_orders WHERE case_id = ?", [case.id])
    store.execute(
        "INSERT INTO work_orders (case_id, no, token, reworks_id, department, worker_id, appointed_at, dispatched_at,"
        " dispatched_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            case.id,
            order_no,
            numbers.new_token(secrets.token_bytes(16)),
            earlier if case.state == "rework" else None,
            department,
            worker,
            clock.to_text(when) if when else None,
            clock.to_text(at),
            by.id,
        ],
    )
    return order_no


def enqueue_copies(store: Store, case: Case, order_no: str, *, edition: int = 1, at: datetime) -> None:
    """Queue both copies of a work order, in an edition, inside an act."""
    for copy in COPIES:
        paper = order_papers.work_order(store, case, order_no, copy, edition)
        part = order_parts.part(order_no, edition, copy)
        spooling.enqueue(store, site(store), paper, ref=cases.ref(case), part=part, at=at)


def end(store: Store, order: Order, state: str, reason: str, *, note: str = "", at: datetime) -> None:
    """End an order that did not come to a signature, inside an act; papers of it that did not come out yet never will.

    Refuses `changed_meanwhile`.
    """
    done = store.changed(
        "UPDATE work_orders SET state = ?, state_reason = ?, state_note = ? WHERE id = ? AND state = 'live'",
        [state, reason, note, order.id],
    )
    if not done:
        raise Refused("changed_meanwhile")
    # Paper says only what really happened: a slip for nobody must not come out later.
    for entry in order_parts.entries(store, order.case_id, order.no):
        paper_care.void(store, entry.id, clock.to_text(at))


def out(store: Store, *, by: Actor) -> int:
    """Return how many orders are out, within the reader's reach."""
    permit(by, "see_orders")
    own = by.department if by.role in {Role.TEAM_LEADER, Role.DEPARTMENT_HEAD, Role.WORKER} else None
    count: int = store.value(
        "SELECT count(*) FROM work_orders WHERE state = 'live' AND (:own IS NULL OR department = :own)", {"own": own}
    )
    return count


def worker_of_login(store: Store, login: str) -> Worker:
    """Return who works under a login. Refuses `worker_unknown`."""
    row = store.row(
        "SELECT id, department FROM staff WHERE login = ? AND active = 1 AND role IN ('worker', 'team_leader')", [login]
    )
    if row is None:
        raise Refused("worker_unknown")
    return Worker(*row)


def workers(store: Store, department: str = "") -> list[tuple[str, str]]:
    """Return who may be sent out, as (login, name), of one department or of all."""
    return staff.active(store, (Role.WORKER, Role.TEAM_LEADER), department)


def workers_by_department(store: Store) -> list[tuple[Words, list[tuple[str, str]]]]:
    """Return who may be sent out, as (login, name), under the department that the repair goes to with him."""
    found = ((name, workers(store, code)) for code, name in departments.all_of_them(store))
    return [(name, those) for name, those in found if those]
