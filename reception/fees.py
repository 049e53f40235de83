"""收费通知 (SYS-39, RUL-28): the lines that a home is asked to pay; noted as paid, withdrawn, or that taken back.

No ledger and no till: the lines come from the finance department's lists (`import_fees`), and money is taken there.
A line is `notified`, `paid` or `withdrawn`; that it is late is told by its day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from db.store import Store, writing
from reception import cases, estate, events
from reception.estate import Unit
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, money, numbers
from reception.rules.fee_periods import Period
from reception.site import site
from reception.wording import Words

ITEMS = {
    "property": Words("物业管理费", "Property fee"),
    "energy": Words("公共能耗费", "Common energy"),
    "water": Words("水费（代收）", "Water (collected)"),
    "electricity": Words("电费（代收）", "Electricity (collected)"),
    "gas": Words("燃气费（代收）", "Gas (collected)"),
}
# 代收代付: passed on at the state's price, and nothing is added.
COLLECTED = frozenset({"water", "electricity", "gas"})
STATES = {
    "notified": Words("待缴", "To pay"),
    "paid": Words("已缴", "Paid"),
    "withdrawn": Words("已撤销", "Withdrawn"),
}
OVERDUE = Words("逾期", "Overdue")
MOST_SETTLED = 50


@dataclass(frozen=True, slots=True)
class Fee:
    """One line: an item of one period for one home, in fen; days are ISO texts, times UTC texts.

    `area` (hundredths of m2) and `rate_fen`: by what common energy was reckoned, None where the list did not say.
    """

    id: int
    code: str
    period: Period
    amount_fen: int
    due_on: str
    area: int | None
    rate_fen: int | None
    state: str
    noticed_at: str | None
    settled_at: str | None
    settled_by: str | None
    reason: str | None
    overdue: bool

    @property
    def item(self) -> Words:
        """What it is for."""
        return ITEMS[self.code]

    @property
    def amount(self) -> str:
        """The amount in yuan, `1234.50`."""
        return money.format_yuan(self.amount_fen)

    @property
    def mark(self) -> str:
        """What a form carries of it: the line, and the amount that the screen showed."""
        return f"{self.id}-{self.amount_fen}"

    @property
    def state_words(self) -> Words:
        """How it stands today."""
        return OVERDUE if self.overdue else STATES[self.state]

    @property
    def reckoned(self) -> str:
        """How common energy was reckoned, `89.5 ㎡ × 0.30 × 3`; '' where the list did not say."""
        if self.area is None or self.rate_fen is None:
            return ""
        area, rate = money.format_quantity(self.area), money.format_yuan(self.rate_fen)
        return f"{area} ㎡ × {rate} × {self.period.months}"


def look_up(store: Store, *, unit: str, by: Actor) -> Unit:
    """Return the home whose fees somebody looks at. Refuses `unit_invalid`, `unit_unknown`."""
    permit(by, "see_fees")
    return estate.find_unit(store, unit.strip())


def today(store: Store, now: datetime) -> str:
    """Return the day of the site, ISO: what fell due before it is late."""
    return clock.local_day(events.moment(store, now), site(store).zone).isoformat()


def open_of(store: Store, unit_id: int, *, now: datetime) -> tuple[Fee, ...]:
    """Return what a home is asked to pay, the first due first, for an act that has asked who may know."""
    return _found(store, "unit_id = ? AND state = 'notified' ORDER BY due_on, fees.id", [unit_id], now)


def settled_of(store: Store, unit_id: int, *, now: datetime) -> tuple[Fee, ...]:
    """Return what was paid or withdrawn, the last first, at most `MOST_SETTLED`, for an act that has asked."""
    where = "unit_id = ? AND settled_at IS NOT NULL ORDER BY settled_at DESC, fees.id DESC LIMIT ?"
    return _found(store, where, [unit_id, MOST_SETTLED], now)


def _found(store: Store, where: str, values: Sequence[int], now: datetime) -> tuple[Fee, ...]:
    rows = store.rows(
        "SELECT fees.*, staff.name AS settled_name FROM fees LEFT JOIN staff ON staff.id = settled_by"  # noqa: S608
        f" WHERE {where}",
        values,
    )
    day = today(store, now)
    return tuple(_fee(row, day) for row in rows)


def _fee(row: Row, day: str) -> Fee:
    return Fee(
        id=row["id"],
        code=row["item"],
        period=Period(row["from_month"], row["to_month"]),
        amount_fen=row["amount_fen"],
        due_on=row["due_on"],
        area=row["area"],
        rate_fen=row["rate_fen"],
        state=row["state"],
        noticed_at=row["noticed_at"],
        settled_at=row["settled_at"],
        settled_by=row["settled_name"],
        reason=row["reason"],
        overdue=row["state"] == "notified" and row["due_on"] < day,
    )


def pay(store: Store, *, unit: str, marks: Sequence[str], by: Actor, now: datetime) -> Unit:
    """Note that lines of a home (`1-1-101`) were paid, where money is taken; all of them or none. Return the home.

    `marks` are those of the lines (`Fee.mark`). Refuses `unit_invalid`, `unit_unknown`, `fee_none_chosen`,
    `fee_changed` (settled meanwhile, or another amount than the screen showed).
    """
    permit(by, "settle_fee")
    return _settle(store, unit, marks, "pay_fee", "paid", None, by, now)


def withdraw(store: Store, *, unit: str, marks: Sequence[str], reason: str, by: Actor, now: datetime) -> Unit:
    """Withdraw lines that nobody owes, with a reason; all of them or none. Return the home.

    Refuses as `pay`, `reason_missing`, texts.
    """
    permit(by, "correct_fee")
    said = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
    return _settle(store, unit, marks, "withdraw_fee", "withdrawn", said, by, now)


def _settle(
    store: Store, unit: str, marks: Sequence[str], what: str, to: str, reason: str | None, by: Actor, now: datetime
) -> Unit:
    with writing(store):
        home, at = estate.find_unit(store, unit.strip()), events.moment(store, now)
        chosen = dict.fromkeys(marks)
        if not chosen:
            raise Refused("fee_none_chosen")
        for mark in chosen:
            fee_id, _, fen = mark.partition("-")
            values = [to, clock.to_text(at), by.id, reason, numbers.whole(fee_id), home.id, numbers.whole(fen)]
            if not store.changed(
                "UPDATE fees SET state = ?, settled_at = ?, settled_by = ?, reason = ?"
                " WHERE id = ? AND unit_id = ? AND amount_fen = ? AND state = 'notified'",
                values,
            ):
                raise Refused("fee_changed")
            events.record(
                store, what, "fee", int(fee_id), by=by, at=at, from_state="notified", to_state=to, fen=int(fen)
            )
        store.touch("cases")
        return home


def take_back(store: Store, *, unit: str, mark: str, by: Actor, now: datetime) -> Unit:
    """A line was noted as paid, or withdrawn, by mistake: it is to pay again. Return the home.

    Refuses `unit_invalid`, `unit_unknown`, `fee_changed`, `fee_stands_already` (a later list asks for these months).
    """
    permit(by, "correct_fee")
    with writing(store):
        home, at = estate.find_unit(store, unit.strip()), events.moment(store, now)
        fee_id, _, fen = mark.partition("-")
        row = store.row(
            "SELECT * FROM fees WHERE id = ? AND unit_id = ? AND amount_fen = ? AND state <> 'notified'",
            [numbers.whole(fee_id), home.id, numbers.whole(fen)],
        )
        if row is None:
            raise Refused("fee_changed")
        if store.value(
            "SELECT 1 FROM fees WHERE unit_id = ? AND item = ? AND id <> ? AND state <> 'withdrawn'"
            " AND from_month <= ? AND to_month >= ?",
            [home.id, row["item"], row["id"], row["to_month"], row["from_month"]],
        ):
            raise Refused("fee_stands_already")
        store.execute(
            "UPDATE fees SET state = 'notified', settled_at = NULL, settled_by = NULL, reason = NULL WHERE id = ?",
            [row["id"]],
        )
        events.record(
            store,
            "take_back_fee",
            "fee",
            row["id"],
            by=by,
            at=at,
            from_state=row["state"],
            to_state="notified",
            fen=row["amount_fen"],
        )
        store.touch("cases")
        return home
