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
class Withdrawal:
    """That a charge was withdrawn: why, when and by whom."""

    reason: str
    at: str
    by_name: str


@dataclass(frozen=True, slots=True)
class Account:
    """How a charge stands: sums in fen, payments oldest first. Without a charge (`id` 0) all are zero."""

    id: int
    quotation_id: int
    total_fen: int
    paid_fen: int
    refunded_fen: int
    payments: tuple[Payment, ...]
    withdrawal: Withdrawal | None = None

    @property
    def charged(self) -> bool:
        """Whether anything was charged."""
        return self.id != 0

    @property
    def held_fen(self) -> int:
        """What we hold of the owner's money: the most that can be given back."""
        return self.paid_fen - self.refunded_fen

    @property
    def due_fen(self) -> int:
        """What is still to be paid. What was given back is not asked for again."""
        return max(0, self.total_fen - self.paid_fen)

    @property
    def state(self) -> str:
        """How it stands in a word: due, paid, part_refunded, refunded."""
        if self.due_fen:
            return "due"
        if not self.refunded_fen:
            return "paid"
        return "part_refunded" if self.held_fen else "refunded"


NOTHING = Account(0, 0, 0, 0, 0, ())
_CHARGE = (
    "SELECT charges.id, quotation_id, total_fen, charge_withdrawals.reason, charge_withdrawals.at, staff.name FROM"
    " charges LEFT JOIN charge_withdrawals ON charge_withdrawals.charge_id = charges.id LEFT JOIN staff"
    " ON staff.id = charge_withdrawals.by_id"
)


def of_case(store: Store, case_id: int) -> Account:
    """Return what was charged, paid and given back of a repair: of the charge that stands."""
    row = store.row(f"{_CHARGE} WHERE charges.case_id = ? AND charge_withdrawals.charge_id IS NULL", [case_id])
    return NOTHING if row is None else _account(store, row)


def withdrawn(store: Store, case_id: int) -> list[Account]:
    """Return the charges of a repair that were withdrawn, oldest first."""
    rows = store.rows(
        f"{_CHARGE} WHERE charges.case_id = ? AND charge_withdrawals.charge_id IS NOT NULL ORDER BY charges.id",
        [case_id],
    )
    return [_account(store, row) for row in rows]


def _account(store: Store, row: Row) -> Account:
    payments = tuple(map(_payment, store.rows(f"{SELECT} WHERE charge_id = ? ORDER BY payments.id", [row["id"]])))
    paid, refunded = (sum(one.amount_fen for one in payments if one.kind == kind) for kind in ("payment", "refund"))
    withdrawal = None if row["reason"] is None else Withdrawal(row["reason"], row["at"], row["name"])
    return Account(row["id"], row["quotation_id"], row["total_fen"], paid, refunded, payments, withdrawal)


def due_fen(store: Store, case_id: int) -> int:
    """Return what the owner has still to pay of a repair: of the charge, else of the price that he agreed to."""
    account = of_case(store, case_id)
    if account.charged:
        return account.due_fen
    agreed = quotations.agreed(store, case_id) if repair_facts.liability(store, case_id) == "paid" else None
    return agreed.total_fen if agreed else 0


def owes(store: Store, case_id: int) -> bool:
    """Whether paid work is not charged yet, or not paid in full."""
    if repair_facts.liability(store, case_id) != "paid":
        return False
    return not of_case(store, case_id).charged or due_fen(store, case_id) > 0


SELECT = (
    "SELECT payments.id, no, kind, amount_fen, method, reason, payments.at, staff.name FROM payments"
    " JOIN staff ON staff.id = payments.by_id"
)


def _payment(row: Row) -> Payment:
    return Payment(*row)


def charge(store: Store, *, no: str, by: Actor, now: datetime) -> Account:
    """Charge the sum that the owner agreed to, once; a second press changes nothing.

    Refuses `case_unknown`, `not_paid_work`, `not_agreed`, `quotation_waits` (for an answer), `case_over` (cancelled or
    merged).
    """
    permit(by, "charge")
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        if not quotations.is_charged(store, case.id):
            charge_agreed(store, case, by=by, at=events.moment(store, now))
        return of_case(store, case.id)


def charge_agreed(store: Store, case: Case, *, by: Actor, at: datetime) -> None:
    """Charge what was agreed, inside an act that has seen that nothing is charged. Refuses as `charge`."""
    if repair_facts.liability(store, case.id) != "paid":
        raise Refused("not_paid_work")
    if case.state in NEVER_DONE:
        raise Refused("case_over")
    agreed = quotations.agreed(store, case.id)
    if agreed is None:
        raise Refused("not_agreed")
    if quotations.is_asked(store, case.id):
        raise Refused("quotation_waits")
    store.execute(
        "INSERT INTO charges (case_id, quotation_id, total_fen, at, by_id) VALUES (?, ?, ?, ?, ?)",
        [case.id, agreed.id, agreed.total_fen, clock.to_text(at), by.id],
    )
    events.record(store, "charge", "case", case.id, by=by, at=at, quotation=agreed.id, fen=agreed.total_fen)
    store.touch("cases")


def withdraw(store: Store, *, no: str, reason: str, by: Actor, now: datetime) -> Case:
    """Withdraw what was charged, with a reason, once nothing of the money is held: it may be quoted and charged anew.

    Refuses `case_unknown`, `case_over` (of a case that is over only what is unpaid is withdrawn), `reason_missing`,
    `not_charged`, `money_held`, and what texts refuse.
    """
    permit(by, "withdraw_charge")
    typed = cases.text(reason, missing="reason_missing", limit=REASON_LIMIT)
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        if case.closed_at is not None and not of_case(store, case.id).due_fen:
            raise Refused("case_over")
        if not let_go(store, case, typed, by=by, at=events.moment(store, now)):
            raise Refused("not_charged")
        return case


def let_go(store: Store, case: Case, reason: str, *, by: Actor, at: datetime) -> bool:
    """Withdraw the charge, if there is one, inside an act after which nothing is charged. Refuses `money_held`."""
    account = of_case(store, case.id)
    if not account.charged:
        return False
    if account.held_fen:
        raise Refused("money_held")
    store.execute(
        "INSERT INTO charge_withdrawals (charge_id, reason, at, by_id) VALUES (?, ?, ?, ?)",
        [account.id, reason, clock.to_text(at), by.id],
    )
    events.record(store, "withdraw_charge", "case", case.id, by=by, at=at, charge=account.id)
    store.touch("cases")
    return True


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
            charge_agreed(store, case, by=by, at=at)
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
        " SELECT id, ?, ?, ?, ?, ?, ?, ? FROM standing_charges WHERE case_id = ?",
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
    row = store.row(f"{_CHARGE} JOIN payments ON payments.charge_id = charges.id WHERE payments.no = ?", [payment_no])
    assert row is not None
    account = _account(store, row)
    payment = next(one for one in account.payments if one.no == payment_no)
    paid = sum(one.amount_fen for one in account.payments if one.id <= payment.id and one.kind == "payment")
    return papers.PaymentReceipt(
        **spooling.heading(centre, clock.from_text(payment.at)),
        no=payment.no,
        case_no=case.no,
        refund=payment.kind == "refund",
        cash=payment.method == "cash",
        method=METHODS[payment.method],
        name=mask_name(case.name),
        unit=public_unit(case.unit.building) if case.unit else "",
        lines=price_lines.on_paper(quotations.by_id(store, account.quotation_id).lines),
        total=money.format_yuan(account.total_fen),
        amount=money.format_yuan(payment.amount_fen),
        capital=money.capital(payment.amount_fen),
        due=money.format_yuan(max(0, account.total_fen - paid)),
        reason=payment.reason,
        taken_by=payment.by_name,
        desk_phone=centre.phone,
    )
