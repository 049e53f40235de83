"""Repairs (报修): registered with the five fields of the procedures, dispatched with a work order (维修工作单)."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from db.store import Store, writing
from reception import cases, clocks, departments, events, nonces, papers, sequences, spooling, visits
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, numbers
from reception.rules.masking import mask_name, mask_phone, public_unit
from reception.site import site
from reception.wording import Words

KIND = "repair"
SERIES = "BX"
NAME = Words("报修", "Repair")
DEPARTMENT = "maintenance"

CATEGORIES = {
    "water": Words("水暖管道", "Water & heating"),
    "power": Words("电路照明", "Power & lighting"),
    "door": Words("门窗锁具", "Doors & windows"),
    "wall": Words("墙面渗漏", "Walls & leaks"),
    "lift": Words("电梯", "Lift"),
    "public": Words("公共设施", "Shared facilities"),
    "other": Words("其他", "Other"),
}
URGENCIES = {
    "urgent": Words("急修", "Urgent"),
    "ordinary": Words("一般", "Ordinary"),
    "planned": Words("预约", "By appointment"),
}
# 一式两联: the worker's copy whole, the owner's masked, each with its own code.
COPIES = ("worker", "owner")
# RUL-12: the receipt says what to expect. The figures are the defaults of domain.md K8.
EXPECTED = {
    "urgent": Words("30 分钟内到场", "On site within 30 minutes"),
    "ordinary": Words("4 个工作小时内与您联系", "We contact you within 4 office hours"),
    "planned": Words("按约定时间上门", "On site at the agreed time"),
}
STATES = {
    "registered": Words("已登记", "Registered"),
    "dispatched": Words("已派工", "Dispatched"),
    "closed": Words("已办结", "Closed"),
    "cancelled": Words("已取消", "Cancelled"),
}


@dataclass(frozen=True, slots=True)
class Repair:
    """The details of a repair, and the number of its work order once dispatched."""

    category: str
    content: str
    place: str
    convenient_time: str
    urgency: str
    work_order_no: str | None

    @property
    def category_words(self) -> Words:
        """The category as readers know it."""
        return CATEGORIES[self.category]

    @property
    def urgency_words(self) -> Words:
        """The urgency as readers know it."""
        return URGENCIES[self.urgency]


def register(
    store: Store,
    *,
    nonce: str,
    name: str,
    phone: str,
    unit: str,
    category: str,
    content: str,
    place: str = "",
    convenient_time: str = "",
    urgency: str,
    visit_id: int | None = None,
    dispatch: bool = False,
    by: Actor,
    now: datetime,
) -> Case:
    """Register a repair and queue the owner's receipt; with `dispatch`, send it out in the same press.

    The same nonce returns the same case. Refuses `category_unknown`, `urgency_unknown`, `content_missing`, and
    what `cases.complainant`, `cases.text`, `nonces` and `dispatch_repair` refuse.
    """
    permit(by, "register_repair")
    nonces.clean(nonce)
    content_of_form = {
        "name": name,
        "phone": phone,
        "unit": unit,
        "category": category,
        "content": content,
        "place": place,
        "time": convenient_time,
        "urgency": urgency,
        "visit": visit_id,
        "dispatch": dispatch,
    }
    with writing(store):
        earlier = cases.once(store, nonce, "register_repair", content_of_form)
        if earlier is not None:
            return earlier
        person = cases.complainant(store, name=name, phone=phone, unit=unit, by=by, unit_required=True)
        cases.choice(category, CATEGORIES, code="category_unknown")
        cases.choice(urgency, URGENCIES, code="urgency_unknown")
        details = [
            cases.text(content, missing="content_missing"),
            cases.text(place, required=False, limit=cases.SHORT_LIMIT),
            cases.text(convenient_time, required=False, limit=cases.SHORT_LIMIT),
        ]
        at = events.moment(store, now)
        case = cases.open_case(
            store,
            kind=KIND,
            series=SERIES,
            state="registered",
            person=person,
            visit_id=visit_id,
            department=DEPARTMENT,
            by=by,
            at=at,
        )
        store.execute(
            "INSERT INTO repairs (case_id, category, content, place, convenient_time, urgency)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [case.id, category, *details, urgency],
        )
        clocks.moved(store, case.id, KIND, "described", by=by, at=at)
        spooling.enqueue(store, site(store), receipt(store, case), ref=cases.ref(case), at=at)
        nonces.keep(store, nonce, "register_repair", content_of_form, case.id, at)
        return dispatch_repair(store, no=case.no, by=by, now=at) if dispatch else case


def details(store: Store, case: Case) -> Repair:
    """Return what the repair is about."""
    row = store.row(
        "SELECT category, content, place, convenient_time, urgency, (SELECT no FROM work_orders"
        " WHERE case_id = repairs.case_id ORDER BY id DESC LIMIT 1) FROM repairs WHERE case_id = ?",
        [case.id],
    )
    assert row is not None
    return Repair(*row)


def dispatch_repair(store: Store, *, no: str, by: Actor, now: datetime) -> Case:
    """Send a registered repair to the maintenance department; queue the work order in two copies.

    The five fields (name, address, phone, content, convenient time) are complete first (`domain.md` SYS-04);
    an urgent repair does not wait for a convenient time (RUL-10). Refuses `case_unknown`, `not_registered`,
    `convenient_time_missing`, `changed_meanwhile`.
    """
    permit(by, "dispatch_repair")
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        if case.kind != KIND or case.state != "registered":
            raise Refused("not_registered")
        repair = details(store, case)
        if not repair.convenient_time and repair.urgency != "urgent":
            raise Refused("convenient_time_missing")
        at = events.moment(store, now)
        cases.move(store, case, "dispatched", "dispatch", by=by, at=at)
        centre = site(store)
        day = clock.local_day(at, centre.zone)
        order_no = numbers.case_no("GD", day, sequences.take(store, f"GD:{day:%Y%m%d}"))
        token = numbers.new_token(secrets.token_bytes(16))
        store.execute(
            "INSERT INTO work_orders (case_id, no, token, department, dispatched_at, dispatched_by)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [case.id, order_no, token, case.department, clock.to_text(at), by.id],
        )
        for copy in COPIES:
            paper = work_order(store, case, order_no, copy)
            spooling.enqueue(store, centre, paper, ref=cases.ref(case), part=f"{order_no}:{copy}", at=at)
        return cases.whole(store, case.id)


def case_of_order(store: Store, token: str) -> Case | None:
    """Return the case of a work order's code, masked; None when it is no code of ours."""
    canonical = numbers.canonical_token(token)
    case_token = store.value(
        "SELECT cases.token FROM work_orders JOIN cases ON cases.id = work_orders.case_id WHERE work_orders.token = ?",
        [canonical],
    )
    return None if case_token is None else cases.by_token(store, case_token)


def receipt(store: Store, case: Case) -> papers.RepairReceipt:
    """Return the facts of the owner's receipt, from the records: name and phone masked."""
    centre, repair = site(store), details(store, case)
    return papers.RepairReceipt(
        **spooling.coded(centre, case.token, clock.from_text(case.received_at)),
        no=case.no,
        ticket_no=visits.ticket_no_of(store, case.visit_id),
        category=CATEGORIES[repair.category],
        urgency=URGENCIES[repair.urgency],
        content=repair.content,
        place=repair.place,
        convenient_time=repair.convenient_time,
        expected=EXPECTED[repair.urgency],
        department=departments.name(store, case.department),
        unit=public_unit(case.unit.building) if case.unit else "",
        name=mask_name(case.name),
        phone=mask_phone(case.phone),
        desk_phone=centre.phone,
    )


def rebuild(store: Store, case: Case, kind: str, part: str) -> papers.Paper:
    """Return the facts of a repair's paper anew, from the records; `part` is `ORDER_NO:copy` for a work order."""
    if kind == papers.RepairReceipt.KIND:
        return receipt(store, case)
    order_no, _, copy = part.partition(":")
    return work_order(store, case, order_no, copy)


def work_order(store: Store, case: Case, no: str, copy: str) -> papers.WorkOrder:
    """Return the worker's copy (whole, its own code) or the owner's (masked, the case's code) of a work order."""
    centre, repair, for_worker = site(store), details(store, case), copy == "worker"
    order = store.row("SELECT token, dispatched_at FROM work_orders WHERE no = ?", [no])
    assert order is not None
    unit = case.unit.label if case.unit else ""
    return papers.WorkOrder(
        **spooling.coded(centre, order["token"] if for_worker else case.token, clock.from_text(order["dispatched_at"])),
        no=no,
        case_no=case.no,
        for_worker=for_worker,
        category=CATEGORIES[repair.category],
        urgency=URGENCIES[repair.urgency],
        content=repair.content,
        place=repair.place,
        convenient_time=repair.convenient_time,
        department=departments.name(store, case.department),
        unit=unit if for_worker or case.unit is None else public_unit(case.unit.building),
        name=case.name if for_worker else mask_name(case.name),
        phone=case.phone if for_worker else mask_phone(case.phone),
        # Said to the owner; the worker is told only what does not wait.
        expected=EXPECTED[repair.urgency] if repair.urgency == "urgent" or not for_worker else papers.NOTHING,
        urgent=repair.urgency == "urgent",
        desk_phone=centre.phone,
    )
