"""Repairs in every state, driven by the acts, for tests of lists and figures."""

from datetime import UTC, datetime, timedelta

from db.store import Store, writing
from reception import acceptance, feedback, order_steps, repairs, work_orders
from reception.cases import Case
from reception.permissions import Role
from reception.rules import clock as times
from tests.conftest import Clock, actor

PHONE, NAME = "13800005678", "张建国"


class Repairs:
    """Registers repairs and takes them as far as a test wants; each act a second after the one before."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self.desk = actor(store, Role.RECEPTIONIST)
        self.head = actor(store, Role.SERVICE_HEAD)
        self.leader = actor(store, Role.TEAM_LEADER)
        self._made = 0

    def now(self) -> datetime:
        """Return the time of the next act."""
        return self.clock.forward(seconds=1)

    def register(self, **fields: str) -> Case:
        """Register a repair of 1-1-101; `fields` change what is said of it."""
        self._made += 1
        said = {
            "name": NAME,
            "phone": PHONE,
            "unit": "1-1-101",
            "category": "water",
            "content": "水龙头漏水",
            "convenient_time": "下午",
            "urgency": "ordinary",
            **fields,
        }
        return repairs.register(
            self.store,
            nonce=f"repair-{self._made}",
            by=self.desk,
            now=self.now(),
            **said,  # type: ignore[arg-type]
        )

    def decide(self, case: Case, liability: str) -> None:
        """Decide who bears it."""
        with writing(self.store):
            self.store.execute(
                "INSERT INTO liability_decisions (case_id, liability, proposed, reason, at, by_id)"
                " VALUES (?, ?, ?, '-', ?, ?)",
                [case.id, liability, liability, times.to_text(self.clock()), self.desk.id],
            )
            self.store.execute("UPDATE repairs SET liability = ? WHERE case_id = ?", [liability, case.id])

    def dispatch(self, case: Case, worker: str = "zhaogang", appointed_at: str = "") -> str:
        """Send it out; return the number of the order. Without a worker it goes to the team of maintenance."""
        department = "" if worker else "maintenance"
        work_orders.dispatch(
            self.store,
            no=case.no,
            worker=worker,
            department=department,
            appointed_at=appointed_at,
            by=self.desk,
            now=self.now(),
        )
        order = work_orders.live(self.store, case.id)
        assert order is not None
        return order.no

    def sign(self, case: Case, order_no: str, *, until: str = "signed") -> None:
        """Take a dispatched order, of a shared area, to `on_site`, `finished` or `signed`."""
        if self.store.value("SELECT liability FROM repairs WHERE case_id = ?", [case.id]) == "undetermined":
            self.decide(case, "common")
        order_steps.arrive(self.store, order_no=order_no, by=self.desk, now=self.now())
        if until == "on_site":
            return
        order_steps.finish(self.store, order_no=order_no, work_done="修好", by=self.desk, now=self.now())
        if until == "finished":
            return
        acceptance.sign(self.store, order_no=order_no, how="paper", by=self.desk, now=self.now())

    def tell(self, case: Case) -> None:
        """Tell the owner the result."""
        feedback.give(
            self.store, no=case.no, about="result", channel="phone", text="已修好", by=self.desk, now=self.now()
        )


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
