"""Coverage of follow-ups by rule, and satisfaction, of a month and by kind (domain.md K9, K10): with definitions."""

from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from db.store import Store
from reception import case_flow, cases, events, follow_ups, seals
from reception.case_flow import Month
from reception.follow_up_desk import FOLLOWED
from reception.kinds import KINDS
from reception.month_content import HIDDEN
from reception.permissions import Actor, permit
from reception.repair_rates import SATISFIED, Figure
from reception.rules import clock, small_cells
from reception.site import site
from reception.wording import Words

# Of fewer answers than this nothing is said that would tell of one person (K10).
FEWEST = small_cells.FEWEST
POINTS_HINT = Words(
    f"各分数的个数；少于 {FEWEST} 的，以及可由满意率推出的，隐去。",
    f"How often each was given; below {FEWEST}, and what the rate would tell, is hidden.",
)
OF_MONTH = Words("回访时限在本月的", "Of the follow-ups whose deadline is in the month")


@dataclass(frozen=True, slots=True)
class Coverage:
    """A kind in a month: the share that the rule asks for, in a hundred, whether it is kept (None: nothing to judge),
    and the figures, each with its definition. `points`: how often each score was given (None: hidden); empty
    where too few were.
    """

    kind: str
    name: Words
    rule: int
    kept: bool | None
    figures: tuple[Figure, ...]
    points: tuple[tuple[int, int | None], ...]


def of_month(store: Store, *, month: str = "", by: Actor, now: datetime) -> tuple[Month, list[Coverage]]:
    """Return a month of the site (`2026-11`; '' is the one that runs) and how each kind was followed up in it.

    A head of department and a team leader see their own department's. Refuses `month_invalid`.
    """
    permit(by, "follow_up")
    of = case_flow.month(store, month, now=now)
    moment = clock.to_text(events.moment(store, now))
    return of, [_coverage(kind, _share(store, kind), _rows(store, kind, of, by), moment) for kind in FOLLOWED]


def _share(store: Store, kind: str) -> int:
    return KINDS[kind].end.share(site(store))


def _rows(store: Store, kind: str, of: Month, by: Actor) -> list[Row]:
    """Return what was to be followed up: each time that the work was done, by its clock."""
    return store.rows(
        f"SELECT clocks.due_at, stopped_at, void, {follow_ups.PICKED.format(id='cases.id')} AS picked,"  # noqa: S608
        " clocks.round < cases.round AS opened_again,"
        " (SELECT max(reached) FROM follow_ups WHERE follow_ups.case_id = clocks.case_id"
        " AND follow_ups.round = clocks.round) AS reached,"
        " (SELECT max(outcome IS 'refused') FROM follow_ups WHERE follow_ups.case_id = clocks.case_id"
        " AND follow_ups.round = clocks.round) AS refused,"
        " coalesce((SELECT score FROM survey_responses WHERE survey_responses.case_id = clocks.case_id"
        " AND survey_responses.round = clocks.round), (SELECT score FROM follow_ups WHERE follow_ups.case_id ="
        " clocks.case_id AND follow_ups.round = clocks.round AND score IS NOT NULL ORDER BY id DESC LIMIT 1)) AS score"
        " FROM clocks INDEXED BY clocks_due CROSS JOIN cases ON cases.id = clocks.case_id"
        " WHERE clocks.due_at >= :begin AND clocks.due_at < :end AND clock = 'follow_up' AND cases.kind = :kind"
        f" AND (:own IS NULL OR cases.department = :own) AND {seals.open_to(by)}",
        {
            "begin": of.begin,
            "end": of.end,
            "kind": kind,
            "share": _share(store, kind),
            "own": by.department if by.role in cases.OF_OWN_DEPARTMENT else None,
        },
    )


def _coverage(kind: str, rule: int, rows: list[Row], now: str) -> Coverage:
    # What ended otherwise before anybody called was not to be called any more; what the share left out was filed so.
    counted = [row for row in rows if not row["void"] or row["reached"] or not (row["picked"] or row["opened_again"])]
    due = [row for row in counted if row["picked"]]
    reached = [row for row in counted if row["reached"]]
    ended = [row for row in counted if row["stopped_at"] and not row["void"]]
    unreachable = [row for row in ended if not row["reached"]]
    still = [row for row in due if row["stopped_at"] is None]
    late = [row for row in ended if row["stopped_at"] > row["due_at"]] + [row for row in still if row["due_at"] < now]
    judged = [row for row in counted if row["stopped_at"] or row["due_at"] < now]
    covered = len(reached) + len(unreachable)
    scores = [row["score"] for row in rows if row["score"] is not None]
    answers = len(scores)
    few = answers < FEWEST
    figures = (
        _count(
            "due", Words("应回访", "Due"), len(due), Words("按规定比例抽到的。", "of the share that the rule takes.")
        ),
        _count("done", Words("已回访", "Reached"), len(reached), Words("联系上本人的。", "the person was reached.")),
        _count(
            "refused",
            Words("其中不愿评价", "of these: no answer given"),
            sum(bool(row["refused"]) for row in reached),
            Words("联系上但不愿评价的。", "reached, and would not answer."),
        ),
        _count(
            "unreachable",
            Words("未联系上", "Unreachable"),
            len(unreachable),
            Words(
                f"隔开试过 {follow_ups.ATTEMPTS} 次都没联系上的；算已尽责，单列。",
                f"tried {follow_ups.ATTEMPTS} times apart, and nobody was reached; counts as covered, shown apart.",
            ),
        ),
        _count(
            "open", Words("还没完成", "Still open"), len(still), Words("应回访、还没有结果的。", "due, no end yet.")
        ),
        _count(
            "late",
            Words("超时", "Late"),
            len(late),
            Words("过了时限才完成、或到现在还没完成的。", "ended after the deadline, or past it and not ended."),
        ),
        Figure(
            f"{kind}_coverage",
            Words("覆盖率", "Coverage"),
            covered,
            "rate",
            Words(
                "（已回访 + 未联系上）÷ 到期或已了结的全部，不论是否抽到。不低于规定比例即做到。",
                "(reached + unreachable) ÷ all that fell due or ended, in the share or not. Kept: not below the rule.",
            ),
            len(judged),
        ),
        Figure(
            f"{kind}_satisfied",
            Words("满意率", "Satisfied"),
            None if few else sum(score >= SATISFIED for score in scores),
            "rate",
            Words(
                f"（4 分 + 5 分）÷ 有评价的；本人评价优先于回访所得。少于 {FEWEST} 个评价不显示。",
                f"(4 + 5 points) ÷ answered; the person's own answer goes first. Not shown below {FEWEST} answers.",
            ),
            answers,
        ),
        _count(
            "unanswered",
            Words("未评价", "Unanswered"),
            sum(row["score"] is None for row in counted),
            Words("没有评价的；不计入满意率。", "no points from anybody; not in the rate."),
        ),
    )
    return Coverage(
        kind,
        KINDS[kind].name,
        rule,
        covered * 100 >= rule * len(judged) if judged else None,
        tuple(_of_kind(kind, one) for one in figures),
        () if few else _points(scores),
    )


def _points(scores: list[int]) -> tuple[tuple[int, int | None], ...]:
    """Return how often each score was given, as far as nobody can be told from it and from the rate beside it.

    The rate tells how many were satisfied and how many were not: each of the two is a total of its own.
    """
    found: list[tuple[int, int | None]] = []
    for satisfied in (True, False):
        group = [score for score in follow_ups.SCORES if (score >= SATISFIED) is satisfied]
        found += zip(group, small_cells.hide([scores.count(score) for score in group]), strict=True)
    return tuple(found)


def _count(code: str, name: Words, value: int, hint: Words) -> Figure:
    return Figure(code, name, value, "count", Words(f"{OF_MONTH.zh}，{hint.zh}", f"{OF_MONTH.en}: {hint.en}"))


def _of_kind(kind: str, figure: Figure) -> Figure:
    code = figure.code if figure.code.startswith(kind) else f"{kind}_{figure.code}"
    return Figure(code, figure.name, figure.value, figure.unit, figure.hint, figure.whole)


def columns() -> list[tuple[str, Words]]:
    """Return the columns of the figures as a table. Rows are what `rows` gives."""
    return [
        ("kind", Words("类型", "Kind")),
        ("name", Words("指标", "Figure")),
        ("value", Words("数值", "Value")),
        ("definition", Words("口径", "Definition")),
    ]


def rows(found: list[Coverage]) -> list[dict[str, str | Words]]:
    """Return the figures as rows of a table, each with its definition."""
    table: list[dict[str, str | Words]] = [
        {"kind": one.name, "name": figure.name, "value": figure.shown, "definition": figure.hint}
        for one in found
        for figure in one.figures
    ]
    return table + [
        {
            "kind": one.name,
            "name": follow_ups.SCORES[score],
            "value": HIDDEN if count is None else str(count),
            "definition": POINTS_HINT,
        }
        for one in found
        for score, count in one.points
    ]
