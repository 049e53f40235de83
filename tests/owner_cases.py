"""Repairs brought by their acts to where a test of the owner's view wants them."""

from db.store import Store, writing
from reception import acceptance, order_steps, repairs, work_orders
from reception.cases import Case
from reception.permissions import Role
from reception.rules import clock as clocks
from tests.conftest import Clock, actor

NAME, PHONE, HOME = "张建国", "13800005678", "1-1-101"
# What must stand nowhere: name, telephone, home.
PERSONAL = "建国|1380000|5678|1-1-101"


def registered(store: Store, clock: Clock, *, nonce: str = "r", urgency: str = "ordinary") -> Case:
    """A repair of 张建国's home, registered at the desk."""
    return repairs.register(
        store,
        nonce=nonce,
        name=NAME,
        phone=PHONE,
        unit=HOME,
        category="water",
        content="厨房水管漏水",
        convenient_time="明天 9:30",
        urgency=urgency,
        by=actor(store, Role.RECEPTIONIST),
        now=clock(),
    )


def dispatched(store: Store, clock: Clock, *, at: str = "2026-11-23T14:00", worker: str = "zhaogang") -> Case:
    """The same, sent out to 赵刚."""
    case = registered(store, clock)
    return work_orders.dispatch(
        store,
        no=case.no,
        worker=worker,
        appointed_at=at,
        by=actor(store, Role.RECEPTIONIST),
        now=clock.forward(minutes=1),
    )


def decide(store: Store, case: Case, liability: str, clock: Clock) -> None:
    """Decide who bears it."""
    head = actor(store, Role.SERVICE_HEAD).id
    with writing(store):
        store.execute(
            "INSERT INTO liability_decisions (case_id, liability, proposed, reason, at, by_id)"
            " VALUES (?, ?, 'undetermined', '已核实', ?, ?)",
            [case.id, liability, clocks.to_text(clock()), head],
        )
        store.execute("UPDATE repairs SET liability = ? WHERE case_id = ?", [liability, case.id])


def finished(store: Store, clock: Clock, *, liability: str = "common") -> Case:
    """Sent out, arrived, repaired."""
    case = dispatched(store, clock)
    if liability != "undetermined":
        decide(store, case, liability, clock)
    order = work_orders.of_case(store, case.id)[-1].no
    worker = actor(store, Role.WORKER)
    order_steps.arrive(store, order_no=order, by=worker, now=clock.forward(minutes=30))
    if liability == "undetermined":
        order_steps.start(store, order_no=order, by=worker, now=clock.forward(minutes=1))
    return order_steps.finish(store, order_no=order, work_done="换了角阀", by=worker, now=clock.forward(minutes=30))


def rechecked(store: Store, clock: Clock) -> Case:
    """Under warranty, repaired and inspected."""
    case = finished(store, clock, liability="warranty")
    order = work_orders.of_case(store, case.id)[-1].no
    return acceptance.recheck(store, order_no=order, by=actor(store, Role.TEAM_LEADER), now=clock.forward(minutes=10))


def quoted(store: Store, case: Case, clock: Clock, *, fen: int = 8000, version: int = 1) -> int:
    """Give a price, which supersedes the last one; return its id."""
    with writing(store):
        store.execute("UPDATE quotations SET state = 'superseded' WHERE case_id = ? AND state = 'quoted'", [case.id])
        made = store.insert(
            "INSERT INTO quotations (case_id, version, made_at, made_by) VALUES (?, ?, ?, ?)",
            [case.id, version, clocks.to_text(clock()), actor(store, Role.RECEPTIONIST).id],
        )
        store.execute(
            "INSERT INTO quotation_lines (quotation_id, kind, name, unit, quantity, price_fen, amount_fen)"
            " VALUES (?, 'labour', '更换角阀', '个', 100, ?, ?)",
            [made, fen, fen],
        )
        return made
