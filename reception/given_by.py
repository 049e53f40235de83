"""How the owner's yes to a price and his signature came to us: what a follow-up call asks for first.

Whoever works there knows the end of the owner's telephone from his slip, and can open the owner's page on his own
phone: no machine tells the two apart. So the way is shown, and somebody else asks the owner (domain.md SYS-18).
"""

from dataclasses import dataclass

from db.store import Store
from reception import quotations, work_orders
from reception.quotations import Quotation
from reception.wording import Words
from reception.work_orders import Order

OWN_PHONE = Words("业主手机", "The owner's phone")
SHOWN = Words("手机（扫维修人员手机上的码）", "On a phone (code shown on the worker's phone)")
KIOSK = Words("自助机", "At the kiosk")
NOBODY_SIGNED = {
    "owner_absent": Words("无签字：业主不在场", "Not signed: the owner was absent"),
    "common_area": Words("无签字：公共部位", "Not signed: a shared area"),
}


@dataclass(frozen=True, slots=True)
class Given:
    """What the owner gave: `price` (his yes, to `fen`) or `sign`; how it came, and when."""

    what: str
    how: Words
    at: str
    fen: int | None = None


def of_case(store: Store, case_id: int) -> list[Given]:
    """Return what stands of the repair as it was last done: the agreed price, the signature of the newest order."""
    orders = work_orders.of_case(store, case_id)
    price, newest = quotations.agreed(store, case_id), orders[-1] if orders else None
    state = store.value("SELECT state FROM cases WHERE id = ?", [case_id])
    found = []
    if price is not None and price.answered_at:
        found.append(Given("price", _price(store, price, orders), price.answered_at, price.total_fen))
    if newest is not None and newest.signed_at and state != "rework":
        found.append(Given("sign", _sign(store, newest), newest.signed_at))
    return found


def _price(store: Store, price: Quotation, orders: list[Order]) -> Words:
    if price.answered_how == "phone":
        return _by_phone(store, price.case_id, price.answered_at or "")
    if price.answered_how == "kiosk":
        return KIOSK
    who = price.seen_by or ""
    if price.answered_how == "face" and who in {order.worker_name for order in orders}:
        return Words(f"当面告知维修人员 {who}", f"Told to the worker, {who}")
    how = quotations.HOW[price.answered_how or "face"]
    return Words(f"{how.zh}，{who} 经手", f"{how.en}, {who}")


def _sign(store: Store, order: Order) -> Words:
    if order.signed_how == "phone":
        return _by_phone(store, order.case_id, order.signed_at or "")
    if order.signed_how == "kiosk":
        return KIOSK
    if order.signed_how in NOBODY_SIGNED:
        return NOBODY_SIGNED[order.signed_how]
    who = store.value(
        "SELECT staff.name FROM work_orders JOIN staff ON staff.id = signed_seen_by WHERE work_orders.id = ?",
        [order.id],
    )
    return Words(f"工作单签字，{who} 经手", f"Signed on the slip, seen by {who}")


def _by_phone(store: Store, case_id: int, at: str) -> Words:
    """Return which phone it was, as far as we know: the worker may have held out the code just before."""
    shown = store.value(
        "SELECT 1 FROM events WHERE subject = 'case' AND subject_id = ? AND what = 'show_owner_code' AND at <= ?",
        [case_id, at],
    )
    return SHOWN if shown else OWN_PHONE
