"""The life of a repair for tests: one registered, sent out, walked to a state, by the acts that users do."""

from datetime import datetime
from typing import Any

from db.store import Store
from reception import acceptance, order_steps, repairs, work_orders
from reception.cases import Case
from reception.permissions import Actor, Role
from reception.work_orders import Order
from tests.conftest import Clock, actor

FIVE_FIELDS = {
    "name": "",
    "phone": "5678",
    "unit": "1-1-101",
    "category": "water",
    "content": "水龙头漏水",
    "place": "厨房",
    "convenient_time": "工作日下午",
    "urgency": "ordinary",
}


class Life:
    """The acts of one repair, by whoever does them in a centre."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock, self.count = store, clock, 0
        self.desk = actor(store, Role.RECEPTIONIST)
        self.assistant = actor(store, Role.ASSISTANT)
        self.head = actor(store, Role.SERVICE_HEAD)
        self.leader = actor(store, Role.TEAM_LEADER)
        self.worker = actor(store, Role.WORKER)

    @property
    def now(self) -> datetime:
        """A moment later than before."""
        return self.clock.forward(minutes=1)

    def register(self, **other: Any) -> Case:
        """Register a repair of 1-1-101."""
        self.count += 1
        form = {**FIVE_FIELDS, "nonce": f"life{self.count}", **other}
        return repairs.register(self.store, **form, by=other.pop("by", self.desk), now=self.now)

    def dispatched(self, **other: Any) -> Order:
        """Register a repair and send it to the worker."""
        case = self.register(**other)
        work_orders.dispatch(self.store, no=case.no, worker="zhaogang", by=self.desk, now=self.now)
        order = work_orders.live(self.store, case.id)
        assert order is not None
        return order

    def bear(self, no: str, liability: str = "common") -> None:
        """Decide who bears it, with a reason."""
        from reception import liability as decisions

        decisions.decide(
            self.store, no=no, liability=liability, part="", reason="按现场情况", by=self.desk, now=self.now
        )

    def on_site(self, *, liability: str = "warranty", **other: Any) -> Order:
        """Walk on until the worker is on site; `liability` '' leaves it undetermined."""
        order = self.dispatched(**other)
        if liability:
            self.bear(order.case_no, liability)
        order_steps.accept(self.store, order_no=order.no, by=self.worker, now=self.now)
        order_steps.arrive(self.store, order_no=order.no, by=self.worker, now=self.now)
        return work_orders.find(self.store, order.no)

    def finished(self, **other: Any) -> Order:
        """Walk on until the work is done; under warranty also inspected again."""
        order = self.on_site(**other)
        order_steps.finish(self.store, order_no=order.no, work_done="更换阀芯", by=self.worker, now=self.now)
        if other.get("liability", "warranty") == "warranty":
            acceptance.recheck(self.store, order_no=order.no, by=self.leader, now=self.now)
        return work_orders.find(self.store, order.no)

    def signed(self, **other: Any) -> Order:
        """Walk on until the owner's signature was seen."""
        order = self.finished(**other)
        acceptance.sign(self.store, order_no=order.no, how="paper", by=self.desk, now=self.now)
        return work_orders.find(self.store, order.no)

    def state(self, order: Order) -> str:
        """The state that the repair stands in."""
        found: str = self.store.value("SELECT state FROM cases WHERE id = ?", [order.case_id])
        return found


def staff(store: Store, login: str, role: Role, department: str = "maintenance") -> Actor:
    """Add a member of staff."""
    row = store.insert(
        "INSERT INTO staff (login, name, role, department, password_hash) VALUES (?, ?, ?, ?, 'x')",
        [login, login, role, department],
    )
    return Actor(role, row, login, department)
