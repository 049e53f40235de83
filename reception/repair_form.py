"""《业主报修登记表》(FRM-03) and 《业主报修有偿服务登记表》(FRM-04) on one sheet: the repair, its orders, its price."""

from dataclasses import dataclass
from typing import Final

from db.store import Store
from reception import acceptance, case_form, charges, departments, liability, order_materials, quotations, repair_facts
from reception.case_form import BLANK, NOTHING, Head, Rated, Told
from reception.cases import Case
from reception.charges import Payment
from reception.quotations import Quotation
from reception.rules import money
from reception.wording import Words
from reception.work_orders import Order, of_case

PLAIN: Final = "repair_form"
PAID: Final = "paid_form"
# How an owner himself signed; the ways of staff stand with the act (`acceptance`).
_BY_OWNER = {
    "phone": Words("业主手机签字", "Signed on the phone"),
    "kiosk": Words("业主自助机签字", "Signed at the kiosk"),
}


@dataclass(frozen=True, slots=True)
class Outing:
    """A work order of the repair; an empty one is room to write by hand. Times are UTC texts, '' while not yet."""

    no: str = ""
    department: Words = NOTHING
    worker: str = ""
    dispatched_at: str = ""
    appointed_at: str = ""
    arrived_at: str = ""
    finished_at: str = ""
    work_done: str = ""
    minutes: int | None = None
    materials: tuple[str, ...] = ()
    rechecked_at: str = ""
    rechecked_by: str = ""
    signed: Words = NOTHING
    signed_at: str = ""
    signed_note: str = ""


@dataclass(frozen=True, slots=True)
class RepairForm:
    """The form of a repair. Without values it is the blank one.

    `basis` says why it is borne so; `price` is the quotation that holds, `total` its sum in capital characters.
    """

    code: str = PLAIN
    head: Head = BLANK
    category: str = ""
    urgency: str = ""
    liability: str = ""
    basis: Words = NOTHING
    place: str = ""
    convenient_time: str = ""
    content: str = ""
    outings: tuple[Outing, ...] = (Outing(),)
    price: Quotation | None = None
    total: str = ""
    agreed: Words = NOTHING
    payments: tuple[Payment, ...] = ()
    told: tuple[Told, ...] = ()
    rated: tuple[Rated, ...] = ()

    @property
    def paid(self) -> bool:
        """Whether it is the form of paid work."""
        return self.code == PAID


def of(store: Store, case: Case) -> RepairForm:
    """Return the form of a repair, for whoever was found to read the case: masked as it is."""
    repair, price = repair_facts.details(store, case), quotations.latest(store, case.id)
    orders = [order for order in of_case(store, case.id) if order.state != "returned"]
    return RepairForm(
        code=PAID if repair.liability == "paid" or price else PLAIN,
        head=case_form.head(store, case),
        category=repair.category,
        urgency=repair.urgency,
        liability=repair.liability,
        basis=_basis(store, case),
        place=repair.place,
        convenient_time=repair.convenient_time,
        content=repair.content,
        outings=tuple(_outing(store, order) for order in orders) or (Outing(),),
        price=price,
        total=money.capital(price.total_fen) if price else "",
        agreed=_answer(price),
        payments=charges.of_case(store, case.id).payments,
        told=case_form.told(store, case),
        rated=case_form.rated(store, case),
    )


def _answer(price: Quotation | None) -> Words:
    """Return what the owner said to the price; nothing where it was not asked of him."""
    if price is None:
        return NOTHING
    return quotations.consent(price) if price.state == "agreed" else quotations.STATES[price.state]


def _basis(store: Store, case: Case) -> Words:
    """Return the part, until when its warranty runs, and the reason in words, as was decided last."""
    decided = next(iter(liability.decisions(store, case.id)), None)
    if decided is None:
        return NOTHING
    every = liability.parts(store, with_part=decided.part or "")
    part = next((one.name for one in every if one.code == decided.part), None)
    reason = "" if decided.reason == liability.AS_PROPOSED else decided.reason
    zh = [part.zh if part else "", f"保修至 {decided.ends_on}" if decided.ends_on else "", reason]
    en = [part.en if part else "", f"warranty until {decided.ends_on}" if decided.ends_on else "", reason]
    return Words(" · ".join(filter(None, zh)), " · ".join(filter(None, en)))


def _outing(store: Store, order: Order) -> Outing:
    by = order.rechecked_by and store.value("SELECT name FROM staff WHERE id = ?", [order.rechecked_by])
    return Outing(
        no=order.no,
        department=departments.name(store, order.department),
        worker=order.worker_name or "",
        dispatched_at=order.dispatched_at,
        appointed_at=order.appointed_at or "",
        arrived_at=order.arrived_at or "",
        finished_at=order.finished_at or "",
        work_done=order.work_done,
        minutes=order.labour_minutes,
        materials=tuple(_material(one) for one in order_materials.of_order(store, order.id)),
        rechecked_at=order.rechecked_at or "",
        rechecked_by=by or "",
        signed=(acceptance.BY_STAFF | _BY_OWNER).get(order.signed_how or "", NOTHING),
        signed_at=order.signed_at or "",
        signed_note=order.signed_note,
    )


def _material(one: dict[str, object]) -> str:
    own = "（业主自购 the owner's own）" if one["supplied_by"] == "owner" else ""
    return f"{one['name']} × {money.format_quantity(int(str(one['quantity'])))} {one['unit']}{own}".strip()
