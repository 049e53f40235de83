"""The month's figures of calls and inquiries (domain.md RUL-16, K10): each with its definition, from the records."""

from db.store import Store
from reception import seals
from reception.permissions import Actor
from reception.phone_calls import IN_TIME
from reception.repair_rates import DEPARTMENT, Figure
from reception.wording import Words


def calls(store: Store, values: dict[str, str], *, by: Actor) -> tuple[Figure, ...]:
    """Calls that were noted, and of those whose rings somebody counted how many were answered within three."""
    row = store.row(
        "SELECT count(*), count(phone_calls.case_id), count(rings), coalesce(sum(rings <= :in_time), 0)"  # noqa: S608
        " FROM phone_calls LEFT JOIN cases ON cases.id = case_id"
        " WHERE phone_calls.at >= :begin AND phone_calls.at < :end"
        f" AND (case_id IS NULL OR {seals.open_to(by)}){DEPARTMENT}",
        {**values, "in_time": IN_TIME},
    )
    assert row is not None
    noted, became_cases, sampled, in_time = row
    counted = Words(
        "本月登记的来电；选了部门时只计由该部门承办的事项。",
        "Calls noted in the month; of one department only those whose case it has.",
    )
    rings = Words(
        f"响铃不超过 {IN_TIME} 声的 ÷ 记了响铃次数的（抽样，未记的不计）。",
        f"Answered within {IN_TIME} rings ÷ those whose rings were counted: a sample, the others say nothing.",
    )
    return (
        Figure("calls", Words("来电", "Calls"), noted, "count", counted),
        Figure("calls_cases", Words("其中立事项", "of these became a case"), became_cases, "count", counted),
        Figure("calls_in_time", Words("三声内接听", "Answered within three rings"), in_time, "rate", rings, sampled),
    )


def inquiries(store: Store, values: dict[str, str], *, by: Actor) -> tuple[Figure, ...]:
    """How many questions were answered at once, and of the promises whose time has come how many were kept."""
    row = store.row(
        "SELECT count(*), count(promised.case_id) FROM cases INDEXED BY cases_received"  # noqa: S608
        " LEFT JOIN inquiry_promises AS promised ON promised.id ="
        " (SELECT min(id) FROM inquiry_promises WHERE case_id = cases.id AND round = 0)"
        f" WHERE kind = 'inquiry' AND received_at >= :begin AND received_at < :end AND {seals.open_to(by)}{DEPARTMENT}",
        values,
    )
    assert row is not None
    asked, promised = row
    met = store.row(
        "SELECT coalesce(sum(stopped_at IS NOT NULL AND stopped_at <= due_at), 0),"  # noqa: S608
        " coalesce(sum(iif(stopped_at IS NULL, due_at < :now, stopped_at > due_at)), 0)"
        " FROM (SELECT case_id, due_at, stopped_at FROM clocks INDEXED BY clocks_due WHERE due_at >= :begin"
        " AND due_at < :end AND void = 0 AND clock = 'inquiry_answer'"
        " UNION ALL SELECT case_id, due_at, stopped_at FROM clock_runs INDEXED BY clock_runs_due"
        " WHERE due_at >= :begin AND due_at < :end AND clock = 'inquiry_answer') AS run"
        f" CROSS JOIN cases ON cases.id = run.case_id WHERE {seals.open_to(by)}{DEPARTMENT}",
        values,
    )
    assert met is not None
    at_once = Words(
        "本月受理的咨询中，受理时当场答复的。",
        "Of the inquiries received in the month: answered while they were taken in.",
    )
    kept = Words(
        "约定时间在本月的：按约答复的 ÷ 已到时间的（含允许的迟延）。",
        "Of the answers promised for the month: given in time ÷ those whose time has come (with the delay allowed).",
    )
    return (
        Figure("inquiries_at_once", Words("当场答复", "Answered at once"), asked - promised, "rate", at_once, asked),
        Figure("inquiries_kept", Words("按约答复", "Answered as promised"), met[0], "rate", kept, met[0] + met[1]),
    )
