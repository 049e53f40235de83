"""Rates, times and money of a month of repairs (domain.md STA-03, K10): each figure with its definition.

Every function takes the store and what it counts within: begin, end and now (texts of the store), department ('' for
all of them).
"""

from dataclasses import dataclass

from db.store import Store
from reception.case_clocks import HELD
from reception.clock_table import CLOCKS
from reception.repair_spans import spans
from reception.rules import flow
from reception.wording import Words

REWORK_DAYS = 30
SATISFIED = 4
_OF_MONTH = "kind = 'repair' AND received_at >= :begin AND received_at < :end"
_DEPARTMENT = " AND ('' = :department OR cases.department = :department)"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its definition. `unit`: count, rate (of `whole`), minutes, fen; None: nothing to count from."""

    code: str
    name: Words
    value: int | None
    unit: str
    hint: Words
    whole: int | None = None

    @property
    def shown(self) -> Words:
        """The figure as readers see it."""
        if self.value is None or (self.unit == "rate" and not self.whole):
            return Words("—", "—")
        if self.unit == "rate":
            assert self.whole
            text = f"{self.value * 100 / self.whole:.1f}% ({self.value}/{self.whole})"
        elif self.unit == "fen":
            text = f"¥{self.value // 100:,}.{self.value % 100:02d}"
        elif self.unit == "minutes":
            hours, minutes = divmod(self.value, 60)
            if hours:
                return Words(f"{hours}小时{minutes}分", f"{hours} h {minutes} min")
            return Words(f"{minutes}分钟", f"{minutes} min")
        else:
            text = f"{self.value:,}"
        return Words(text, text)


def on_time(store: Store, values: dict[str, str]) -> tuple[Figure, ...]:
    """On-time rate of each clock of repairs: on time / due, by the clocks whose deadline lies in the month.

    On time: what it waits for happened by the deadline. Late: after it, or not yet though it has passed. A deadline
    that is still to come or paused counts as neither, unless it was met; one that ended with its case counts nowhere.
    One that counted anew after its order came back counts each time.
    """
    rows = store.rows(
        "SELECT clock, sum(stopped_at IS NOT NULL AND stopped_at <= due_at) AS met,"  # noqa: S608
        " sum(iif(stopped_at IS NULL, due_at < :now AND NOT held, stopped_at > due_at)) AS missed"
        f" FROM (SELECT case_id, clock, due_at, stopped_at, {HELD} AS held FROM clocks INDEXED BY clocks_due"
        " WHERE due_at >= :begin AND due_at < :end AND void = 0"
        " UNION ALL SELECT case_id, clock, due_at, stopped_at, 0 FROM clock_runs INDEXED BY clock_runs_due"
        " WHERE due_at >= :begin AND due_at < :end) AS run CROSS JOIN cases ON cases.id = run.case_id"
        f" WHERE cases.kind = 'repair'{_DEPARTMENT} GROUP BY clock",
        values,
    )
    found = {row["clock"]: row for row in rows}
    hint = Words(
        "时限在本月的：按时做到的 ÷ 到期的。未到期或挂起的不计；随取消而终止的不计。",
        "Of the deadlines in the month: met ÷ due. Those still to come or paused do not count, nor those that ended"
        " with their case.",
    )
    return tuple(
        Figure(
            f"on_time_{code}",
            name,
            found[code]["met"] if code in found else None,
            "rate",
            hint,
            found[code]["met"] + found[code]["missed"] if code in found else None,
        )
        for code, name in ((one.code, one.name) for one in CLOCKS.values() if "repair" in one.kinds)
    )


def completion(store: Store, values: dict[str, str]) -> tuple[Figure, ...]:
    """Completion rate and rework rate.

    Completion: of the repairs received in the month, less those cancelled or merged, those whose work the owner has
    accepted (signed, followed up, filed) as the records stand. Rework: of the orders whose work was finished in the
    month, those whose repair was opened for rework within 30 days after; within those 30 days it may still grow.
    """
    row = store.row(
        "SELECT count(*) AS received, coalesce(sum(state IN ('cancelled', 'merged')), 0) AS left_out,"  # noqa: S608
        " coalesce(sum(state IN ('signed', 'followed_up', 'closed')), 0) AS done"
        f" FROM cases INDEXED BY cases_received WHERE {_OF_MONTH}{_DEPARTMENT}",
        values,
    )
    again = store.row(
        "SELECT count(*) AS finished, coalesce(sum(EXISTS (SELECT 1 FROM events WHERE subject = 'case'"  # noqa: S608
        " AND subject_id = work_orders.case_id AND what = 'rework' AND at >= finished_at AND at > dispatched_at"
        f" AND at <= strftime('%Y-%m-%dT%H:%M:%fZ', finished_at, '+{REWORK_DAYS} days'))), 0) AS reworked"
        " FROM work_orders INDEXED BY work_orders_finished CROSS JOIN cases ON cases.id = work_orders.case_id"
        f" WHERE finished_at >= :begin AND finished_at < :end{_DEPARTMENT}",
        values,
    )
    assert row is not None and again is not None
    return (
        Figure(
            "completion",
            Words("完成率", "Completed"),
            row["done"],
            "rate",
            Words(
                "本月受理的报修（不含取消、并案）中，业主已验收的。以目前记录为准。",
                "Of the repairs received in the month, without those cancelled or merged: accepted by the owner, as the"
                " records stand today.",
            ),
            row["received"] - row["left_out"],
        ),
        Figure(
            "rework",
            Words("返修率", "Reworked"),
            again["reworked"],
            "rate",
            Words(
                "本月完工的工单中，完工后 30 天内返修的。未满 30 天的月份仍可能增加。",
                "Of the orders finished in the month: sent to rework within 30 days. Until those days are over it may"
                " grow.",
            ),
            again["finished"],
        ),
    )


def times(store: Store, values: dict[str, str]) -> tuple[Figure, ...]:
    """Median time until the first arrival and the first finish of the repairs received in the month, from reception.

    Gross: on the wall. Net: without the pauses in between (waiting for material, owner, developer). Repairs that nobody
    has come to yet, or that are not finished yet, do not count.
    """
    found = spans(store, values)
    names = {
        "arrive": Words("到场", "Until arrival"),
        "finish": Words("完工", "Until finished"),
    }
    ways = {
        "gross": (Words("含挂起", "gross"), Words("按钟点", "On the wall")),
        "net": (Words("不含挂起", "net"), Words("扣除挂起的时间", "Without the time of suspensions")),
    }
    return tuple(
        Figure(
            f"{what}_{way}",
            Words(f"{name.zh}（{label.zh}）", f"{name.en} ({label.en})"),
            flow.median_minutes(found[what, way]),
            "minutes",
            Words(
                f"本月受理的报修，从受理到首次{name.zh}，{rule.zh}，中位数；{len(found[what, way])} 件。",
                f"Of the repairs received in the month, from reception to the first time. {rule.en}; median of"
                f" {len(found[what, way])}.",
            ),
        )
        for what, name in names.items()
        for way, (label, rule) in ways.items()
    )


def satisfaction(store: Store, values: dict[str, str]) -> tuple[Figure, ...]:
    """Follow-up coverage and satisfaction, of the work that owners accepted in the month (each order signed in it).

    Followed up: somebody was reached. Unreached: tried, and nobody was. Satisfaction: of those with an answer, 4 or 5
    of 5 points (K9); the person's own answer goes before what a follow-up heard. Unanswered: no points from either.
    """
    rows = store.rows(
        "WITH done AS (SELECT case_id, (SELECT count(*) FROM work_orders AS before WHERE before.case_id ="  # noqa: S608
        " work_orders.case_id AND before.id <= work_orders.id AND before.reworks_id IS NOT NULL) AS round"
        " FROM work_orders INDEXED BY work_orders_signed CROSS JOIN cases ON cases.id = work_orders.case_id"
        f" WHERE signed_at >= :begin AND signed_at < :end{_DEPARTMENT})"
        " SELECT (SELECT max(reached) FROM follow_ups WHERE follow_ups.case_id = done.case_id"
        " AND follow_ups.round = done.round) AS reached,"
        " coalesce((SELECT score FROM survey_responses WHERE survey_responses.case_id = done.case_id"
        " AND survey_responses.round = done.round), (SELECT score FROM follow_ups WHERE follow_ups.case_id ="
        " done.case_id AND follow_ups.round = done.round AND score IS NOT NULL ORDER BY id DESC LIMIT 1)) AS score"
        " FROM done",
        values,
    )
    scores = [row["score"] for row in rows if row["score"] is not None]
    accepted = Words("本月验收的工单", "Of the orders accepted in the month")
    return (
        Figure(
            "followed_up",
            Words("回访率", "Followed up"),
            sum(row["reached"] == 1 for row in rows),
            "rate",
            Words(f"{accepted.zh}中，已回访到的。", f"{accepted.en}: somebody was reached."),
            len(rows),
        ),
        Figure(
            "unreached",
            Words("未联系上", "Unreached"),
            sum(row["reached"] == 0 for row in rows),
            "count",
            Words(f"{accepted.zh}中，回访过但未联系上的。", f"{accepted.en}: tried, and nobody was reached."),
        ),
        Figure(
            "satisfied",
            Words("满意率", "Satisfied"),
            sum(score >= SATISFIED for score in scores),
            "rate",
            Words(
                f"{accepted.zh}中，有评价的里评 4、5 分的；业主自己的评价优先于回访所得。",
                f"{accepted.en} and rated: 4 or 5 points; the person's own answer goes before what a follow-up heard.",
            ),
            len(scores),
        ),
        Figure(
            "unanswered",
            Words("未评价", "Unanswered"),
            len(rows) - len(scores),
            "count",
            Words(f"{accepted.zh}中，没有评价的。", f"{accepted.en}: no points from anybody."),
        ),
    )


def money(store: Store, values: dict[str, str]) -> tuple[Figure, ...]:
    """Paid service, by the charges made in the month, all in fen: how many, labour, material, total.

    Refunded: what was given back of it. Unpaid: what of it is not paid yet, as the records stand.
    """
    row = store.row(
        "WITH made AS (SELECT charges.id, charges.quotation_id, total_fen FROM charges INDEXED BY charges_at"  # noqa: S608
        " CROSS JOIN cases ON cases.id = charges.case_id"
        f" WHERE charges.at >= :begin AND charges.at < :end{_DEPARTMENT})"
        " SELECT count(*) AS orders, coalesce(sum(total_fen), 0) AS total,"
        " coalesce(sum((SELECT coalesce(sum(amount_fen), 0) FROM quotation_lines WHERE quotation_id = made.quotation_id"
        " AND kind = 'labour')), 0) AS labour,"
        " coalesce(sum((SELECT coalesce(sum(amount_fen), 0) FROM payments WHERE charge_id = made.id"
        " AND kind = 'payment')), 0) AS paid,"
        " coalesce(sum((SELECT coalesce(sum(amount_fen), 0) FROM payments WHERE charge_id = made.id"
        " AND kind = 'refund')), 0) AS refunded FROM made",
        values,
    )
    assert row is not None
    made = Words("本月收费的报修", "Of the charges made in the month")
    return (
        Figure("paid_orders", Words("收费件数", "Charged repairs"), row["orders"], "count", made),
        Figure("labour", Words("人工费", "Labour"), row["labour"], "fen", made),
        Figure("material", Words("材料费", "Material"), row["total"] - row["labour"], "fen", made),
        Figure("total", Words("合计", "Total"), row["total"], "fen", made),
        Figure("refunded", Words("退款", "Refunded"), row["refunded"], "fen", made),
        Figure(
            "unpaid",
            Words("未付", "Unpaid"),
            row["total"] - row["paid"],
            "fen",
            Words(
                "本月收费中，目前尚未付的。", "Of the charges made in the month: not paid yet, as the records stand."
            ),
        ),
    )
