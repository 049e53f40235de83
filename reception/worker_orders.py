"""What a worker sees on his phone: today's orders in the order they are done, and one order with what he can do now.

domain.md SYS-05, K8. Whoever the order was given to sees the person whole while it is live, with one audit line a day.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from db.store import Store, writing
from reception import cases, events, order_prices, order_steps, repair_facts, work_orders
from reception.cases import Case
from reception.order_prices import Price
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.repair_facts import Repair
from reception.rules import clock
from reception.rules.masking import public_unit
from reception.rules.repair_states import acts_in
from reception.site import site
from reception.wording import Words
from reception.work_orders import Order

ON_THE_WAY = frozenset({"response", "on_site", "on_site_urgent"})
DONE = frozenset({"finished", "rechecked"})
# What a worker does on his phone; the first that can be done now is the big button.
MAIN = ("accept", "resume", "arrive", "start", "finish")
OTHER = ("arrive", "suspend", "reschedule", "send_back")


@dataclass(frozen=True, slots=True)
class Card:
    """A work order as its worker sees it; the case is whole when it is his and live."""

    order: Order
    case: Case
    repair: Repair
    overdue: bool

    @property
    def home(self) -> str:
        """Where to go: the home, of an order that is not his yet the building alone; '' for a shared area."""
        if self.case.unit is None:
            return ""
        return self.case.unit.label if self.case.whole else public_unit(self.case.unit.building)

    @property
    def state_words(self) -> Words:
        """How the repair stands."""
        return repair_facts.state_words(self.case.state, begun=self.order.started_at is not None)

    @property
    def rank(self) -> tuple[int, str, int]:
        """Where it stands among the others: what he is at, what is late, what is urgent, then by the agreed time."""
        ranked = (self.case.state == "on_site", self.overdue, self.repair.urgency == "urgent")
        step = 9 if self.case.state == "suspended" else next((at for at, yes in enumerate(ranked) if yes), 8)
        return step, self.order.appointed_at or "~", self.order.id


@dataclass(frozen=True, slots=True)
class Day:
    """A worker's orders: today's in order, of his team to be taken, done and to be signed, of later days."""

    today: tuple[Card, ...]
    team: tuple[Card, ...]
    done: tuple[Card, ...]
    later: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One order on the phone: its card, the price, the act that comes next ('' for none), and what else can be done.

    `suspended`: why nothing goes on, for its own worker.
    """

    card: Card
    price: Price
    main: str
    others: tuple[str, ...]
    suspended: Words | None


def day(store: Store, *, by: Actor, now: datetime) -> Day:
    """Return a worker's orders as they stand now. Refuses `not_permitted`."""
    permit(by, "use_work_phone")
    at = events.moment(store, now)
    mine = store.rows(f"{work_orders.SELECT} WHERE work_orders.worker_id = ? AND work_orders.state = 'live'", [by.id])
    team = store.rows(
        f"{work_orders.SELECT} WHERE work_orders.department = ? AND work_orders.state = 'live'"
        " AND work_orders.worker_id IS NULL",
        [by.department],
    )
    cards = sorted((_card(store, work_orders.from_row(row), by, at) for row in mine), key=lambda card: card.rank)
    _write_down(store, [card.order for card in cards], by, now)
    done = [card for card in cards if card.case.state in DONE]
    tomorrow = clock.to_text(_midnight(store, at) + timedelta(days=1))
    later = [
        card
        for card in cards
        if card not in done and card.case.state != "on_site" and (card.order.appointed_at or "") >= tomorrow
    ]
    return Day(
        today=tuple(card for card in cards if card not in done and card not in later),
        team=tuple(
            sorted((_card(store, work_orders.from_row(row), by, at) for row in team), key=lambda card: card.rank)
        ),
        done=tuple(done),
        later=tuple(later),
    )


def sheet(store: Store, order_no: str, *, by: Actor, now: datetime) -> Sheet:
    """Return one order, whole to the worker it was given to, and what can be done with it now.

    Refuses `not_permitted`, `order_unknown` (also for another worker's).
    """
    permit(by, "use_work_phone")
    order = work_orders.find(store, order_no)
    work_orders.reach(order, by)
    card = _card(store, order, by, events.moment(store, now))
    if card.case.whole:
        _write_down(store, [order], by, now)
    price = order_prices.of_case(store, order.case_id)
    able = acts_in(card.case.state) if order.state == "live" else frozenset()
    able -= {"start", "send_back"} if order.started_at else {"finish"}
    main = next((act for act in MAIN if act in able), "")
    others = tuple(act for act in OTHER if act in able and act != main)
    # The agreed price comes first; the big button leads there.
    main = "quote" if main == "start" and price.blocks else main
    why = order_steps.why_suspended(store, order.case_id) if card.case.whole else None
    return Sheet(card, price, main, others, why)


def own(store: Store, order_no: str, *, by: Actor) -> Order:
    """Return a live order of this worker's own. Refuses `order_unknown`."""
    order = work_orders.find(store, order_no)
    if not _his(order, by):
        raise Refused("order_unknown")
    return order


def show_owner_code(store: Store, order_no: str, *, by: Actor, now: datetime) -> Case:
    """Return the case whose code the worker holds out to the owner, whole; the showing is written down once a day.

    Refuses `order_unknown`.
    """
    permit(by, "use_work_phone")
    order = own(store, order_no, by=by)
    _write_down(store, [order], by, now, what="show_owner_code")
    return cases.whole(store, order.case_id)


def _his(order: Order, by: Actor) -> bool:
    return order.worker_id == by.id and order.state == "live"


def _card(store: Store, order: Order, by: Actor, at: datetime) -> Card:
    case = (cases.whole if _his(order, by) else cases.masked)(store, order.case_id)
    return Card(order, case, repair_facts.details(store, case), _overdue(store, order, case, at))


def _overdue(store: Store, order: Order, case: Case, at: datetime) -> bool:
    if order.state != "live" or order.arrived_at is not None or case.state == "suspended":
        return False
    running = store.rows(
        "SELECT clock FROM clocks WHERE case_id = ? AND stopped_at IS NULL AND due_at < ?",
        [order.case_id, clock.to_text(at)],
    )
    return any(row["clock"] in ON_THE_WAY for row in running)


def _midnight(store: Store, at: datetime) -> datetime:
    zone = site(store).zone
    return datetime.combine(clock.local_day(at, zone), time(), zone)


def _write_down(store: Store, orders: list[Order], by: Actor, now: datetime, *, what: str = "see_order") -> None:
    """Write that these orders were seen whole: one line a day and order, however often they are looked at."""
    since = clock.to_text(_midnight(store, events.moment(store, now)))

    def unseen() -> list[Order]:
        return [
            order
            for order in orders
            if not store.value(
                "SELECT 1 FROM events WHERE subject = 'case' AND subject_id = ? AND what = ? AND by_id = ? AND at >= ?"
                " AND json_extract(detail, '$.order') = ?",
                [order.case_id, what, by.id, since, order.no],
            )
        ]

    if not unseen():
        return
    with writing(store):
        at = events.moment(store, now)
        for order in unseen():
            events.record(store, what, "case", order.case_id, by=by, at=at, order=order.no)
