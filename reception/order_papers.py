"""The facts of the work order's paper, from the records: the worker's copy whole, the owner's masked."""

from db.store import Store
from reception import departments, liability, papers, repair_facts, spooling
from reception.cases import Case
from reception.rules import clock, local_times
from reception.rules.masking import mask_name, mask_phone, public_unit
from reception.site import site

# The event of a new edition of both copies (`order_editions`).
RENEWED = "renew_order_papers"


def work_order(store: Store, case: Case, no: str, copy: str, edition: int = 1) -> papers.WorkOrder:
    """Return the worker's copy (its own code) or the owner's (the case's code) of a work order, in an edition."""
    centre, repair, for_worker = site(store), repair_facts.details(store, case), copy == "worker"
    order = store.row(
        "SELECT work_orders.*, staff.name AS worker, earlier.no AS reworks FROM work_orders"
        " LEFT JOIN staff ON staff.id = work_orders.worker_id"
        " LEFT JOIN work_orders AS earlier ON earlier.id = work_orders.reworks_id WHERE work_orders.no = ?",
        [no],
    )
    assert order is not None
    unit = case.unit.label if case.unit else ""
    appointed = order["appointed_at"]
    at = clock.from_text(_made_at(store, case, no, edition) or order["dispatched_at"])
    return papers.WorkOrder(
        **spooling.coded(centre, order["token"] if for_worker else case.token, at),
        no=no,
        case_no=case.no,
        for_worker=for_worker,
        category=repair_facts.CATEGORIES[repair.category],
        urgency=repair_facts.URGENCIES[repair.urgency],
        content=repair.content,
        place=repair.place,
        convenient_time=repair.convenient_time,
        department=departments.name(store, order["department"]),
        unit=unit if for_worker or case.unit is None else public_unit(case.unit.building),
        name=case.name if for_worker else mask_name(case.name),
        phone=case.phone if for_worker else mask_phone(case.phone),
        # Said to the owner; the worker is told only what does not wait.
        expected=repair_facts.expected(centre, repair.urgency, phone=case.phone)
        if repair.urgency == "urgent" or not for_worker
        else papers.NOTHING,
        urgent=repair.urgency == "urgent",
        desk_phone=centre.phone,
        worker=order["worker"] or "",
        appointed=local_times.written(clock.from_text(appointed), zone=centre.zone) if appointed else "",
        reworks=order["reworks"] or "",
        # Asked for when the slip comes back, also where it turns out to be under warranty only then (`acceptance`).
        recheck=for_worker and repair.liability in {"warranty", "undetermined"},
        edition=edition,
        **liability.order_facts(store, case),
    )


def is_over(store: Store, no: str) -> bool:
    """Whether an order ended without having been signed."""
    return (
        store.value("SELECT 1 FROM work_orders WHERE no = ? AND state IN ('returned', 'cancelled')", [no]) is not None
    )


def _made_at(store: Store, case: Case, no: str, edition: int) -> str | None:
    """Return when a later edition was made; None for the first, which went out with the order."""
    found: str | None = store.value(
        "SELECT at FROM events WHERE subject = 'case' AND subject_id = ? AND what = ?"
        " AND json_extract(detail, '$.order') = ? AND json_extract(detail, '$.edition') = ?",
        [case.id, RENEWED, no, edition],
    )
    return found
