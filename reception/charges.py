"""收费: what is to be paid is the sum that was agreed; money in and money back are lines of their own (SYS-06, K11)."""

from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from db import printers
from db.store import Store, writing
from reception import cases, events, nonces, papers, price_lines, quotations, repair_facts, sequences, spooling
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, money
from reception.rules.masking import mask_name, public_unit
from reception.site import site
from reception.wording import Words

SERIES = "YS"
METHODS = {
    "cash": Words("现金", "Cash"),
    "wechat": Words("微信", "WeChat Pay"),
    "alipay": Words("支付宝", "Alipay"),
    "card": Words("刷卡", "Card"),
    "transfer": Words("转账", "Transfer"),
}
REASON_LIMIT = 80
# Nothing is charged for work that will not be done.
NEVER_DONE = frozenset({"cancelled", "merged"})


@dataclass(frozen=True, slots=True)
class Payment:
    """Money in (`payment`) or back (`refund`), with the number of its receipt; the amount in fen, always positive."""

    id: int
    no: str
    kind: str
    amount_fen: int
    method: str
    reason: str
    at: str
    by_name: str


@dataclass(frozen=True, slots=True)
class Account:
    """How a repair stands: sums in fen. Without a charge all are zero."""

    charged: bool
    total_fen: int
    paid_fen: int
    refunded_fen: int
    payments: tuple[Payment, ...]

    @property
    def held_fen(self) -> int:
        """What we hold of the owner's money: the most that can be given back."""
        return self.paid_fen - self.refunded_fen

    @property
    def due_fen(self) -> int:
        """What is still to be paid."""
        return self.total_fen - self.held_fen


NOTHING = Account(False, 0, 0, 0, ())


def of_case(store: Store, case_id: int) -> Account:
    """Return what was charged, paid and given back of a repair, its payments oldest first."""
    total = store.value("SELECT total_fen FROM charges WHERE case_id = ?", [case_id])
    if total is None:
        return NOTHING
    payments = tuple(_payment(row) for row in store.rows(f"{SELECT} WHERE case_id = ? ORDER BY payments.id", [case_id]))
    paid, refunded = (sum(one.amount_fen for one in payments if one.kind == kind) for kind in ("payment", "refund"))
    return Account(True, total, paid, refunded, payments)


SELECT = (
    "SELECT payments.id, no, kind, amount_fen, method, reason, payments.at, staff.name FROM payments"
    " JOIN charges ON charges.id = charge_id JOIN staff ON staff.id = payments.by_id"
)


def _payment(row: Row) -> Payment:
    return Payment(*row)


def charge(store: Store, *, no: str, by: Actor, now: datetime) -> Account:
    """Charge the sum that the owner agreed to, once; a second press changes nothing.

    Refuses `case_unknown`, `not_paid_work`, `not_agreed`, `case_over` (cancelled or merged).
    """
    permit(by, "charge")
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        if not quotations.is_charged(store, case.id):
            _charge(store, case, by=by, at=events.moment(store, now))
        return of_case(store, case.id)


def _charge(store: Store, case: Case, *, by: Actor, at: datetime) -> None:
    if repair_facts.liability(store, case.id) != "paid":
        raise Refused("not_paid_work")
    if case.state in NEVER_DONE:
        raise Refused("case_over")
    agreed = quotations.agreed(store, case.id)
    if agreed is None:
        raise Refused("not_agreed")
    store.execute(
        "INSERT INTO charges (case_id, quotation_id, total_fen, at, by_id) VALUES (?, ?, ?, ?, ?)",
        [case.id, agreed.id, agreed.total_fen, clock.to_text(at), by.id],
    )
    events.record(store, "charge", "case", case.id, by=by, at=at, quotation=agreed.id, fen=agreed.total_fen)
    store.touch("cases")


def pay(store: Store, *, nonce: str, no: str, amount_fen: int, method: str, by: Actor, now: datetime) -> Payment:
    """Take money for a repair and queue its receipt (收款收据); what was agreed is charged by it, if it was not yet.

    The same nonce takes it once. Refuses `case_unknown`, `method_unknown`, `money_invalid`, `more_than_due`, and what
    `charge` refuses.
    """
    permit(by, "take_payment")
    return _move_money(store, nonce, no, "payment", amount_fen, method, "", by=by, now=now)


def refund(
    store: Store, *, nonce: str, no: str, amount_fen: int, method: str, reason: str, by: Actor, now: datetime
) -> Payment:
    """Give money back, for a reason, and queue its receipt. The same nonce gives it once.

    Refuses `case_unknown`, `method_unknown`, `money_invalid`, `reason_missing`, `not_charged`, `more_than_paid`, and
    what texts refuse.
    """
    permit(by, "refund")
    typed = cases.text(reason, missing="reason_missing", limit=REASON_LIMIT)
    return _move_money(store, nonce, no, "refund", amount_fen, method, typed, by=by, now=now)


def _move_money(
    store: Store, nonce: str, no: str, kind: str, fen: int, method: str, reason: str, *, by: Actor, now: datetime
) -> Payment:
    cases.choice(method, METHODS, code="method_unknown")
    if not 0 < fen <= money.LARGEST:
        raise Refused("money_invalid")
    content = {"case": no, "fen": fen, "method": method, "reason": reason}

    def make(at: datetime) -> int:
        case = cases.whole(store, cases.find(store, no, by=by).id)
        account = of_case(store, case.id)
        if not account.charged and kind == "payment":
            # Who takes money charges it, in the same press.
            _charge(store, case, by=by, at=at)
            account = of_case(store, case.id)
        if not account.charged:
            raise Refused("not_charged")
        if kind == "payment" and fen > account.due_fen:
            raise Refused("more_than_due")
        if kind == "refund" and fen > account.held_fen:
            raise Refused("more_than_paid")
        return _keep(store, case, kind, fen, method, reason, by=by, at=at)

    return _by_id(store, nonces.once(store, nonce, kind, content, now=now, make=make))


def _keep(store: Store, case: Case, kind: str, fen: int, method: str, reason: str, *, by: Actor, at: datetime) -> int:
    """Write the line of money with its number and queue its paper, inside the act; return its id."""
    centre = site(store)
    number = sequences.case_no(store, SERIES, at)
    payment_id = store.insert(
        "INSERT INTO payments (charge_id, no, kind, amount_fen, method, reason, at, by_id)"
        " SELECT id, ?, ?, ?, ?, ?, ?, ? FROM charges WHERE case_id = ?",
        [number, kind, fen, method, reason, clock.to_text(at), by.id, case.id],
    )
    events.record(store, kind, "case", case.id, by=by, at=at, payment=payment_id, fen=fen, method=method)
    # The drawer is at the desk, and so is whoever has the money in his hand.
    routed = papers.PaymentReceipt.KIND in printers.routes(store)
    spooling.enqueue(
        store,
        centre,
        receipt(store, case, number),
        ref=cases.ref(case),
        part=number,
        at=at,
        printer=None if routed else spooling.desk_printer(store),
    )
    store.touch("cases")
    return payment_id


def _by_id(store: Store, payment_id: int) -> Payment:
    row = store.row(f"{SELECT} WHERE payments.id = ?", [payment_id])
    assert row is not None
    return _payment(row)


def receipt(store: Store, case: Case, payment_no: str) -> papers.PaymentReceipt:
    """Return the facts of a receipt anew, from the records: how the account stood when it was written."""
    centre = site(store)
    account = of_case(store, case.id)
    payment = next(one for one in account.payments if one.no == payment_no)
    until = [one for one in account.payments if one.id <= payment.id]
    held = sum(one.amount_fen if one.kind == "payment" else -one.amount_fen for one in until)
    agreed = quotations.agreed(store, case.id)
    return papers.PaymentReceipt(
        **spooling.heading(centre, clock.from_text(payment.at)),
        no=payment.no,
        case_no=case.no,
        refund=payment.kind == "refund",
        cash=payment.method == "cash",
        method=METHODS[payment.method],
        name=mask_name(case.name),
        unit=public_unit(case.unit.building) if case.unit else "",
        lines=price_lines.on_paper(agreed.lines) if agreed else (),
        total=money.format_yuan(account.total_fen),
        amount=money.format_yuan(payment.amount_fen),
        capital=money.capital(payment.amount_fen),
        due=money.format_yuan(account.total_fen - held),
        reason=payment.reason,
        taken_by=payment.by_name,
        desk_phone=centre.phone,
    )
