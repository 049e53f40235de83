"""The money of a month of repairs (有偿服务, domain.md STA-03, K10): charges, what came of them, what was waived."""

from db.store import Store
from reception.charges import Account
from reception.repair_rates import DEPARTMENT, Figure
from reception.wording import Words


def money(store: Store, values: dict[str, str]) -> tuple[Figure, ...]:
    """Paid service, by the charges made in the month that stand, all in fen: how many, labour, material, total.

    Refunded: what was given back of it. Unpaid: what of it is not paid yet, as the records stand. Beside them the
    charges of the month that were withdrawn, and the repairs of owners whose fee was waived in it.
    """
    made, over = _made(store, values, withdrawn=False), _made(store, values, withdrawn=True)
    labour = _labour(store, values)
    total = sum(one.total_fen for one in made)
    hint = Words("本月收费的报修（不含已撤销的）", "Of the charges made in the month that stand")
    return (
        Figure("paid_orders", Words("收费件数", "Charged repairs"), len(made), "count", hint),
        Figure("labour", Words("人工费", "Labour"), labour, "fen", hint),
        Figure("material", Words("材料费", "Material"), total - labour, "fen", hint),
        Figure("total", Words("合计", "Total"), total, "fen", hint),
        Figure("refunded", Words("退款", "Refunded"), sum(one.refunded_fen for one in made), "fen", hint),
        Figure(
            "unpaid",
            Words("未付", "Unpaid"),
            sum(one.due_fen for one in made),
            "fen",
            Words(
                "本月收费中，目前尚未付的；已退的款不算未付。",
                "Of the charges made in the month: not paid yet, as the records stand. What was given back is not due.",
            ),
        ),
        Figure(
            "withdrawn",
            Words("撤销收费", "Charges withdrawn"),
            len(over),
            "count",
            Words("本月收费中，后来撤销的（款项已全部退还）。", "Of the charges made in the month: withdrawn since."),
        ),
        Figure(
            "waived",
            Words("应由业主承担而未收费", "The owner's, fee waived"),
            _waived(store, values),
            "count",
            Words(
                "本月判定由业主承担、但因开工前未约定价格而不收费的报修。",
                "Repairs found in the month to be the owner's, not charged: no price was agreed before the work.",
            ),
        ),
    )


_MADE = (
    " FROM charges INDEXED BY charges_at CROSS JOIN cases ON cases.id = charges.case_id"  # noqa: S608
    f" WHERE charges.at >= :begin AND charges.at < :end{DEPARTMENT}"
    " AND {}EXISTS (SELECT 1 FROM charge_withdrawals WHERE charge_id = charges.id)"
)


def _made(store: Store, values: dict[str, str], *, withdrawn: bool) -> list[Account]:
    """Return the charges of the month, without their single payments."""
    moved = "(SELECT coalesce(sum(amount_fen), 0) FROM payments WHERE charge_id = charges.id AND kind = '{}')"
    rows = store.rows(
        f"SELECT charges.id, quotation_id, total_fen, {moved.format('payment')}, {moved.format('refund')}"
        + _MADE.format("" if withdrawn else "NOT "),
        values,
    )
    return [Account(row[0], row[1], row[2], row[3], row[4], ()) for row in rows]


def _labour(store: Store, values: dict[str, str]) -> int:
    fen: int = store.value(
        "SELECT coalesce(sum((SELECT coalesce(sum(amount_fen), 0) FROM quotation_lines WHERE quotation_id ="  # noqa: S608
        " charges.quotation_id AND kind = 'labour')), 0)" + _MADE.format("NOT "),
        values,
    )
    return fen


def _waived(store: Store, values: dict[str, str]) -> int:
    count: int = store.value(
        "SELECT count(DISTINCT decided.case_id) FROM liability_decisions AS decided"  # noqa: S608
        " INDEXED BY liability_decisions_waived CROSS JOIN repairs ON repairs.case_id = decided.case_id"
        " CROSS JOIN cases ON cases.id = decided.case_id WHERE decided.waived = 1 AND repairs.waived = 1"
        f" AND decided.at >= :begin AND decided.at < :end{DEPARTMENT}",
        values,
    )
    return count
