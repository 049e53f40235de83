"""Lines of a fee list of the finance department (SYS-39, RUL-28): new ones, and those that stand changed by them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.store import Store
from reception import events, import_estate
from reception.import_steps import SAME, BadCell, Deed, Judge, Step
from reception.refusal import Refused
from reception.rules import clock, money
from reception.rules.fee_periods import Period
from reception.site import site

# Other words of the lists for the items of `fees.ITEMS`.
OTHER_ITEMS = {
    "物业费": "property", "物管费": "property", "物业服务费": "property", "管理费": "property", "公摊": "energy",
    "公摊费": "energy", "公共能耗": "energy", "能耗费": "energy", "公共水电费": "energy", "水费": "water",
    "代收水费": "water", "电费": "electricity", "代收电费": "electricity", "燃气费": "gas", "煤气费": "gas",
    "天然气费": "gas", "气费": "gas", "代收燃气费": "gas",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Known:
    """A line as it stands: its id (0 for one of this very file), its months, state and what may change of it."""

    id: int
    period: Period
    state: str
    facts: tuple[int, str, int | None, int | None]


def fees(store: Store, given: frozenset[str], now: datetime) -> Judge:
    """Judge lines by home, item and period. Who is asked already is not asked twice: the open line is changed.

    What was noted as paid, or withdrawn as it stands in the list, stays so. Refuses `unit_unknown`,
    `fee_amount_zero`, `fee_area_unwanted` (of another item than common energy), `fee_rate_differs` (its amount is not
    area x rate x months), `fee_period_overlaps` (another line asks for some of these months), `fee_paid_already`
    (with another amount).
    """
    ids, rate = import_estate.homes(store), site(store).fee_energy_rate_fen
    known: dict[tuple[int, str], list[_Known]] = defaultdict(list)
    for row in store.rows("SELECT * FROM fees ORDER BY id"):
        facts = (row["amount_fen"], row["due_on"], row["area"], row["rate_fen"])
        one = _Known(row["id"], Period(row["from_month"], row["to_month"]), row["state"], facts)
        known[row["unit_id"], row["item"]].append(one)

    def judge(values: dict[str, Any]) -> Step:
        unit_id = ids.get(values["home"])
        if unit_id is None:
            raise BadCell("home", "unit_unknown")
        facts, period, item = _facts(values, rate), values["period"], values["item"]
        others = known[unit_id, item]
        standing = [one for one in others if one.state != "withdrawn" and one.period.meets(period)]
        if any(one.period != period for one in standing):
            raise BadCell("period", "fee_period_overlaps")
        if standing:
            return _again(store, standing[0], facts)
        if any(one.period == period and one.facts[:2] == facts[:2] for one in others):
            return SAME
        others.append(_Known(0, period, "notified", facts))
        return Step("added", lambda deed: _add(store, [unit_id, item, *period, *facts], deed))

    return judge


def _facts(values: dict[str, Any], rate: int) -> tuple[int, str, int | None, int | None]:
    amount, area = values["amount_fen"], values["area"]
    if amount == 0:
        raise BadCell("amount_fen", "fee_amount_zero")
    if area is None:
        return amount, values["due_on"], None, None
    if values["item"] != "energy":
        raise BadCell("area", "fee_area_unwanted")
    if amount != money.amount(area, rate * values["period"].months):
        raise BadCell("amount_fen", "fee_rate_differs")
    return amount, values["due_on"], area, rate


def _again(store: Store, one: _Known, facts: tuple[int, str, int | None, int | None]) -> Step:
    """Return what a line comes to that asks for what is asked, or was paid, already."""
    if one.state == "paid":
        if one.facts[0] != facts[0]:
            raise BadCell("amount_fen", "fee_paid_already")
        return SAME
    return SAME if one.facts == facts else Step("changed", lambda deed: _change(store, one, facts, deed))


def _add(store: Store, line: list[Any], deed: Deed) -> None:
    store.execute(
        "INSERT INTO fees (unit_id, item, from_month, to_month, amount_fen, due_on, area, rate_fen, notified_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [*line, clock.to_text(deed.at)],
    )


def _change(store: Store, one: _Known, facts: tuple[int, str, int | None, int | None], deed: Deed) -> None:
    # What a notice said of it is no longer so: it is to be printed again.
    if not store.changed(
        "UPDATE fees SET amount_fen = ?, due_on = ?, area = ?, rate_fen = ?, noticed_at = NULL"
        " WHERE id = ? AND state = 'notified'",
        [*facts, one.id],
    ):
        raise Refused("fee_changed")
    events.record(store, "change_fee", "fee", one.id, by=deed.by, at=deed.at, fen=facts[0], was_fen=one.facts[0])
