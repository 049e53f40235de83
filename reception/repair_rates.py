"""Rates and times of a month of repairs (domain.md STA-03, K10): each figure with its definition.

Every function takes the store and what it counts within: begin, end and now (texts of the store), department ('' for
all of them).
"""

from dataclasses import dataclass

from db.store import Store
from reception import seals
from reception.case_clocks import HELD
from reception.clock_table import CLOCKS
from reception.permissions import BOX, Actor
from reception.repair_spans import spans
from reception.rules import flow
from reception.without_consent import NAME as WITHOUT_CONSENT
from reception.without_consent import STANDS as UNCONSENTED
from reception.wording import Words

REWORK_DAYS = 30
SATISFIED = 4
_OF_MONTH = "kind = 'repair' AND received_at >= :begin AND received_at < :end"
DEPARTMENT = " AND ('' = :department OR cases.department = :department)"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its definition. `unit`: count, rate (of `whole`), minutes, fen, tenths; None: nothing to count."""

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
        elif self.unit == "tenths":
            text = f"{self.value // 10:,}.{self.value % 10}"
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


def on_time(store: Store, values: dict[str, str], *, kind: str = "repair", by: Actor = BOX) -> tuple[Figure, ...]:
    """On-time rate of each clock of a kind: on time / due, by the clocks whose deadline lies in the month.

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
        f" WHERE cases.kind = :kind AND {seals.open_to(by)}{DEPARTMENT} GROUP BY clock",
        values | {"kind": kind},
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
        for code, name in ((one.code, one.name) for one in CLOCKS.values() if kind in one.kinds)
    )


def completion(store: Store, values: dict[str, str]) -> tuple[Figure, ...]:
    """Completion rate, rework rate, and how many were closed without the owner's consent.

    Completion: of the repairs received in the month, less those cancelled or merged, those whose work the owner has
    accepted (signed, followed up, filed, but not closed without his consent) as the records stand. Rework (K10): of
    the repairs filed in the month, also those opened again since, those with an order that was sent to rework within
    30 days after it was finished, before the filing or after; within those 30 days it may still grow.
    """
    row = store.row(
        "SELECT count(*) AS received, coalesce(sum(state IN ('cancelled', 'merged')), 0) AS left_out,"  # noqa: S608
        f" coalesce(sum(state IN ('signed', 'followed_up', 'closed') AND NOT ({UNCONSENTED})), 0) AS done"
        f" FROM cases INDEXED BY cases_received WHERE {_OF_MONTH}{DEPARTMENT}",
        values,
    )
    again = store.row(
        # Who was filed in the month is over since, or open again.
        "WITH filed AS (SELECT cases.id, max(at) AS filed_at FROM ("  # noqa: S608
        "SELECT id FROM cases INDEXED BY cases_open WHERE kind = 'repair' AND closed_at IS NULL"
        " UNION ALL SELECT id FROM cases INDEXED BY cases_closed WHERE kind = 'repair' AND closed_at >= :begin) AS near"
        " CROSS JOIN cases ON cases.id = near.id CROSS JOIN events ON subject = 'case' AND subject_id = cases.id"
        " WHERE what IN ('close', 'close_without_consent') AND at >= :begin AND at < :end"
        f"{DEPARTMENT} GROUP BY cases.id)"
        " SELECT count(*) AS filed, coalesce(sum(EXISTS (SELECT 1 FROM work_orders CROSS JOIN events"
        " ON subject = 'case' AND subject_id = case_id AND what = 'rework' AND at >= finished_at AND at > dispatched_at"
        f" AND at <= strftime('%Y-%m-%dT%H:%M:%fZ', finished_at, '+{REWORK_DAYS} days')"
        " WHERE case_id = filed.id AND finished_at <= filed_at)), 0) AS reworked FROM filed",
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
                "本月办结的报修中，有工单在完工后 30 天内返修的。未满 30 天的月份仍可能增加。",
                "Of the repairs filed in the month: with an order sent to rework within 30 days after it was finished."
                " Until those days are over it may grow.",
            ),
            again["filed"],
        ),
        Figure(
            "without_consent",
            WITHOUT_CONSENT,
            unconsented(store, values),
            "count",
            Words(
                "本月由经理未经业主同意结案的次数；不计入完成率的已验收。",
                "Times that a manager closed a repair in the month without the owner's consent; not counted as"
                " accepted.",
            ),
        ),
    )


def unconsented(store: Store, values: dict[str, str], *, kind: str = "repair", by: Actor = BOX) -> int:
    """Return how many cases of a kind a manager closed in the month without the person's consent."""
    count: int = store.value(
        "SELECT count(*) FROM closings_without_consent AS closed INDEXED BY closings_without_consent_at"  # noqa: S608
        " CROSS JOIN cases ON cases.id = closed.case_id"
        f" WHERE closed.at >= :begin AND closed.at < :end AND kind = :kind AND {seals.open_to(by)}{DEPARTMENT}",
        values | {"kind": kind},
    )
    return count


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
        f" WHERE signed_at >= :begin AND signed_at < :end{DEPARTMENT})"
        " SELECT (SELECT max(reached) FROM follow_ups WHERE follow_ups.case_id = done.case_id"
        " AND follow_ups.round = done.round AND outcome IS NOT 'later') AS reached,"
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
