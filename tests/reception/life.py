"""The life of a repair for tests: one registered, sent out, walked to a state, by the acts that users do."""

from datetime import UTC, datetime, timedelta
from typing import Any

from db.store import Store, writing
from reception import acceptance, feedback, order_steps, repairs, work_orders
from reception.cases import Case
from reception.permissions import Actor, Role
from reception.rules import clock as times
from reception.work_orders import Order
from tests.conftest import Clock, actor

PHONE, NAME = "13800005678", "张建国"
FIVE_FIELDS = {
    "name": NAME,
    "phone": PHONE,
    "unit": "1-1-101",
    "category": "water",
    "content": "水龙头漏水",
    "convenient_time": "下午",
    "urgency": "ordinary",
}


class Life:
    """The acts of repairs, by whoever does them in a centre, each a second after the one before."""

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
        return self.clock.forward(seconds=1)

    def register(self, **other: Any) -> Case:
        """Register a repair of 1-1-101; `other` changes what is said of it."""
        self.count += 1
        form = {**FIVE_FIELDS, "nonce": f"life{self.count}", **other}
        return repairs.register(self.store, **form, by=self.desk, now=self.now)

    def dispatch(self, case: Case, worker: str = "zhaogang", appointed_at: str = "") -> str:
        """Send it out; return the number of the order. Without a worker it goes to the team of maintenance."""
        work_orders.dispatch(
            self.store,
            no=case.no,
            worker=worker,
            department="" if worker else "maintenance",
            appointed_at=appointed_at,
            by=self.desk,
            now=self.now,
        )
        order = work_orders.live(self.store, case.id)
        assert order is not None
        return order.no

    def dispatched(self, **other: Any) -> Order:
        """Register a repair and send it to the worker."""
        return work_orders.find(self.store, self.dispatch(self.register(**other)))

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

    def sign(self, case: Case, order_no: str, *, until: str = "signed") -> None:
        """Take a dispatched order, of a shared area, by its slip to `on_site`, `finished` or `signed`."""
        if self.store.value("SELECT liability FROM repairs WHERE case_id = ?", [case.id]) == "undetermined":
            self.bear(case.no)
        order_steps.arrive(self.store, order_no=order_no, by=self.desk, now=self.now)
        if until == "on_site":
            return
        order_steps.finish(self.store, order_no=order_no, work_done="修好", by=self.desk, now=self.now)
        if until == "finished":
            return
        acceptance.sign(self.store, order_no=order_no, how="paper", by=self.desk, now=self.now)

    def tell(self, case: Case) -> None:
        """Tell the owner the result."""
        feedback.give(
            self.store, no=case.no, about="result", channel="phone", text="已修好", by=self.desk, now=self.now
        )

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


def deadline(
    store: Store, case: Case, due: datetime, *, clock: str = "response", stopped: datetime | None = None, void: int = 0
) -> None:
    """Give a case a clock, as the clocks' own acts do: with the reason of its deadline."""
    started = times.to_text(due - timedelta(hours=4))
    with writing(store):
        store.execute(
            "INSERT INTO deadlines (case_id, clock, round, due_at, reason, at, by_role)"
            " VALUES (?, ?, 0, ?, 'started', ?, 'box')",
            [case.id, clock, times.to_text(due), started],
        )
        store.execute(
            "INSERT INTO clocks (case_id, clock, round, started_at, due_at, stopped_at, void)"
            " VALUES (?, ?, 0, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET started_at = excluded.started_at,"
            " due_at = excluded.due_at, stopped_at = excluded.stopped_at, void = excluded.void",
            [
                case.id,
                clock,
                started,
                times.to_text(due),
                times.to_text(stopped) if stopped else None,
                void,
            ],
        )


def utc(text: str) -> datetime:
    """Return a moment of UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
