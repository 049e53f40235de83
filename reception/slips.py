"""回单: a signed slip comes back to the desk, and one form records all that stands on it, in one transaction."""

from dataclasses import asdict, astuple, dataclass
from datetime import datetime
from typing import Final

from db.store import Store
from reception import (
    acceptance,
    cases,
    feedback,
    follow_ups,
    liability,
    nonces,
    order_materials,
    order_steps,
    quotations,
    repair_facts,
    work_orders,
)
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.price_lines import Wanted
from reception.refusal import Refused
from reception.rules import numbers
from reception.wording import Words
from reception.work_orders import Order

TOLD = "维修已完成，维修人员已当面告知。Repaired; the worker told in person."


@dataclass(frozen=True, slots=True)
class WrittenMaterial:
    """A line of material as it stands on the slip; `quantity` as typed."""

    name: str
    quantity: str = "1"
    unit: str = ""
    supplied_by: str = "house"


@dataclass(frozen=True, slots=True)
class Slip:
    """What stands on a slip, as typed. Times are local, empty ones are now; `labour` is in minutes.

    `liability` with `part` and `reason` decides what was undetermined; `lines` and `price_agreed` are the price that
    the owner signed for before the work. `rechecked`: inspected again, as signed there. `how` and `note`: the owner's
    signature (`acceptance.BY_STAFF`). `score`: what the owner ticked. `told`: the worker told the result in person.
    """

    worker: str = ""
    arrived_at: str = ""
    finished_at: str = ""
    work_done: str = ""
    labour: str = ""
    materials: tuple[WrittenMaterial, ...] = ()
    liability: str = ""
    part: str = ""
    reason: str = ""
    lines: tuple[Wanted, ...] = ()
    price_agreed: bool = False
    rechecked: bool = False
    how: str = "paper"
    note: str = ""
    score: str = ""
    told: bool = False


# The owner of a home at hand-over signs for its defects when he accepts it, not for each on its slip.
LATER: Final = "later"


def ways_to_sign(store: Store, order: Order, liability: str) -> dict[str, Words]:
    """Return how the end of an order may be recorded from its slip; of a defect first that it is signed for later."""
    usual = acceptance.may_be_recorded(liability)
    if not repair_facts.is_defect(store, order.case_id):
        return usual
    return {LATER: Words("业主再次验收时签字", "The owner signs at the second acceptance")} | usual


def find(store: Store, code: str, *, by: Actor) -> Order:
    """Return the order of a scanned code (the address in it, or the bare token) or of a typed number.

    Refuses `order_unknown`.
    """
    permit(by, "see_signature")
    typed = code.strip()
    order = work_orders.by_token(store, typed.rpartition("/")[2]) or work_orders.find(store, typed)
    work_orders.reach(order, by)
    return order


@dataclass(frozen=True, slots=True)
class Scan:
    """The order that a scan at the pile leads to; `copy`: worker, owner (also the receipt), or '' for a typed number of
    the order; case for one of the repair."""

    order: Order
    copy: str


def scanned(store: Store, code: str, *, by: Actor) -> Scan:
    """Return the order of whatever lies in the pile: either copy, or a typed number of the order or of its repair.

    Of a repair it is the order that is out, else its last one, which is over. Refuses `order_unknown`, and `not_out`
    of a repair that never went out.
    """
    permit(by, "see_signature")
    typed = code.strip()
    token = typed.rpartition("/")[2]
    if work_orders.by_token(store, token) is not None:
        return Scan(find(store, code, by=by), "worker")
    for copy, case in (("owner", _case(store, token=token)), ("case", _case(store, no=typed))):
        if case is not None:
            return Scan(_of_repair(store, case, by), copy)
    return Scan(find(store, code, by=by), "")


def _of_repair(store: Store, case_id: int, by: Actor) -> Order:
    orders = work_orders.of_case(store, case_id)
    if orders:
        # A live one is the newest: nothing goes out while another is.
        work_orders.reach(orders[-1], by)
        return orders[-1]
    case = cases.whole(store, case_id)
    elsewhere = by.role in cases.OF_OWN_DEPARTMENT and case.department != by.department
    raise Refused("order_unknown" if elsewhere or case.kind != repair_facts.KIND else "not_out")


def _case(store: Store, *, no: str = "", token: str = "") -> int | None:
    found: int | None = store.value(
        "SELECT id FROM cases WHERE no = ? UNION ALL SELECT id FROM cases WHERE token = ?",
        [no.upper(), numbers.canonical_token(token) or ""],
    )
    return found


def hand_in(store: Store, *, nonce: str, order_no: str, slip: Slip, by: Actor, now: datetime) -> Case:
    """Do every step that the slip proves and that nobody recorded yet, up to the signature (`LATER`: without).

    All or nothing; the same nonce returns the same case. Refuses `order_unknown`, `order_over`, and what the steps
    refuse (`order_steps`, `liability.decide`, `quotations.make`, `acceptance.sign`, `follow_ups`). Who was absent was
    told nothing in person and ticked nothing: `told_absent`, `score_absent`.
    """
    permit(by, "see_signature")

    def make(at: datetime) -> int:
        order = work_orders.find(store, order_no)
        work_orders.reach(order, by)
        if order.state != "live":
            raise Refused("order_over")
        if slip.how == "owner_absent" and slip.told:
            raise Refused("told_absent")
        if slip.how == "owner_absent" and slip.score:
            raise Refused("score_absent")
        _price(store, order, slip, nonce, by=by, at=at)
        _work(store, order, slip, by=by, at=at)
        if slip.rechecked and _state(store, order) == "finished":
            acceptance.recheck(store, order_no=order.no, by=by, now=at)
        if slip.how != LATER or not repair_facts.is_defect(store, order.case_id):
            acceptance.sign(store, order_no=order.no, how=slip.how, note=slip.note, by=by, now=at)
        if slip.told:
            feedback.give(
                store, no=order.case_no, about="result", channel="face", text=TOLD, merged_too=False, by=by, now=at
            )
        if slip.score:
            follow_ups.answer_on_paper(store, no=order.case_no, score=slip.score, by=by, now=at)
        return order.case_id

    form = {"order": order_no, **asdict(slip)}
    return cases.whole(store, nonces.once(store, nonce, "hand_in_slip", form, now=now, make=make))


def _state(store: Store, order: Order) -> str:
    return cases.whole(store, order.case_id).state


def _price(store: Store, order: Order, slip: Slip, nonce: str, *, by: Actor, at: datetime) -> None:
    """Decide who bears it, and record the price that the owner signed for, before any work is recorded."""
    if slip.liability:
        liability.decide(
            store, no=order.case_no, liability=slip.liability, part=slip.part, reason=slip.reason, by=by, now=at
        )
    if slip.lines:
        if not slip.price_agreed:
            raise Refused("quotation_not_agreed")
        quoted = quotations.make(store, nonce=f"{nonce[:100]}:price", no=order.case_no, lines=slip.lines, by=by, now=at)
        quotations.answer(store, no=order.case_no, quotation_id=quoted.id, agree=True, how="paper", by=by, now=at)


def _work(store: Store, order: Order, slip: Slip, *, by: Actor, at: datetime) -> None:
    """Record arrival, start and end, as far as the phone did not."""
    if _state(store, order) == "suspended":
        order_steps.resume(store, order_no=order.no, by=by, now=at)
    if _state(store, order) in {"dispatched", "accepted"}:
        order_steps.arrive(store, order_no=order.no, at_time=slip.arrived_at, worker=slip.worker, by=by, now=at)
    if _state(store, order) == "on_site":
        if work_orders.find(store, order.no).started_at is None:
            order_steps.start(store, order_no=order.no, at_time=slip.arrived_at, by=by, now=at)
        order_steps.finish(
            store,
            order_no=order.no,
            work_done=slip.work_done,
            labour_minutes=order_steps.labour(slip.labour),
            materials=order_materials.typed(astuple(one) for one in slip.materials),
            at_time=slip.finished_at,
            by=by,
            now=at,
        )
