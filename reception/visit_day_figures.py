"""The figures of a visit day (FRM-11, STA-06), counted from its rows: who came, what was said, what was promised."""

from collections import Counter
from datetime import datetime
from sqlite3 import Row
from typing import Any, Final

from db.store import Store
from reception import seals, session_figures, supervision_records
from reception.permissions import Actor
from reception.rules import clock
from reception.site import site
from reception.visit_days import Day
from reception.wording import Words

# What is counted, in the order of the page: each with what it means.
COUNTS: Final = {
    "booked": (Words("预约", "Booked"), Words("预约的，不论后来如何。", "Whatever came of it.")),
    "waiting": (Words("候补未排上", "Never got a slot"), Words("一直候补。", "Waited to the end.")),
    "withdrawn": (Words("撤回", "Withdrawn"), Words("业主撤回的。", "Taken back by the owner.")),
    "not_admitted": (
        Words("转部门先行处理", "Not admitted"),
        Words("未获签批，另立事项处理。", "Not signed; handled as a matter of its own."),
    ),
    "rebooked": (Words("改到其他接访日", "To another day"), Words("从本日改走的。", "Moved away from this day.")),
    "admitted": (Words("已受理", "Admitted"), Words("签批齐全的，含现场受理。", "Signed by all, walk-ins among them.")),
    "met": (Words("已接待", "Met"), Words("与接待人谈过的。", "Spoke with the host.")),
    "handed_over": (
        Words("交部门处理", "Handed over"),
        Words("未及面谈、当场定部门和期限的。", "Not met; given a department and a deadline."),
    ),
    "no_show": (Words("未到", "Did not come"), Words("约好没有来的。", "Expected and not there.")),
    "walk_in": (
        Words("未预约现场来访", "Walked in"),
        Words("例外，经理本人签批。", "An exception, the manager signs."),
    ),
    "not_met": (Words("到场未接待", "Here, not met"), Words("未接待也未改约。", "Neither met nor given a day.")),
    "undecided": (
        Words("谈后没有处理意见", "Met, nothing decided"),
        Words("还没有写处理意见。", "A decision is still missing."),
    ),
}
PROMISES: Final = {
    "kept": Words("按期落实", "Kept"),
    "late": Words("逾期", "Late"),
    "open": Words("未到期", "Still open"),
    "withdrawn": Words("已撤销", "Withdrawn"),
    "unread": Words("未宣读", "Not read to the owner yet"),
}
MOST: Final = 500
# It was brought to the centre that day, whatever became of the talk.
_NOT_SPOKEN: Final = frozenset({"withdrawn", "no_show"})


def of_day(store: Store, day: Day, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Return the figures of a day as they stand at a moment: codes and counts only, ready for JSON.

    `counts` by COUNTS; `talk` in minutes; `here`: how they came, how long they waited (the median), how many were
    received out of their order; `departments` (decisions) and `topics` (homes that brought it) as [code, count], the
    most first; `promises` by PROMISES, and `untold`: of how many the owner does not know the end yet; `common`: the
    topics that so many homes brought as the setting says.
    """
    rows, decisions = _bookings(store, day, by), _decisions(store, day, by)
    decided = {row["case_id"] for row in decisions}
    counts = {code: sum(_is(code, row, decided) for row in rows) for code in COUNTS}
    counts["rebooked"] = _rebooked(store, day)
    spoken = [row for row in rows if row["state"] not in _NOT_SPOKEN]
    homes = Counter(topic for topic, _ in {(row["topic"], row["unit_id"]) for row in spoken})
    fewest = site(store).visit_day_common_homes
    moment = clock.to_text(at)
    promises = Counter(_stands(row, moment) for row in decisions)
    here = session_figures.of_day(store, day.id)
    return {
        "counts": counts,
        "talk": {
            "average": here.talk_average,
            "longest": here.talk_longest,
            "overran": here.over,
            "overrun_minutes": here.over_minutes,
            "extended": here.extended,
        },
        "here": {
            "on_time": here.arrivals.get("early", 0) + here.arrivals.get("on_time", 0),
            "late": here.arrivals.get("late", 0),
            "wait": here.wait_median,
            "out_of_order": here.out_of_order,
        },
        "departments": _ranked(Counter(row["department"] for row in decisions)),
        "topics": _ranked(homes),
        "decisions": len(decisions),
        "promises": {code: promises[code] for code in PROMISES} | {"untold": sum(not row["told"] for row in decisions)},
        "common": [pair for pair in _ranked(homes) if pair[1] >= fewest],
    }


def _bookings(store: Store, day: Day, by: Actor) -> list[Row]:
    return store.rows(
        "SELECT cases.id, cases.state, cases.unit_id, booked.topic, booked.walk_in, booked.waiting_at,"  # noqa: S608
        " talk.began_at,"
        " EXISTS (SELECT 1 FROM events WHERE subject = 'case' AND subject_id = cases.id AND to_state = 'admitted')"
        " AS admitted FROM visit_day_bookings AS booked JOIN cases ON cases.id = booked.case_id"
        " LEFT JOIN visit_day_meetings AS talk ON talk.case_id = cases.id AND talk.visit_day_id = booked.visit_day_id"
        f" WHERE booked.visit_day_id = ? AND {seals.open_to(by)} ORDER BY cases.id LIMIT ?",
        [day.id, MOST],
    )


def _decisions(store: Store, day: Day, by: Actor) -> list[Row]:
    return store.rows(
        "SELECT resolutions.case_id, resolutions.department, resolutions.supervision_id, watched.state,"  # noqa: S608
        " watched.due_at, watched.done_at, watched.overdue_at, EXISTS (SELECT 1 FROM supervision_tellings"
        " WHERE supervision_tellings.supervision_id = resolutions.supervision_id) AS told"
        " FROM visit_day_bookings AS booked JOIN resolutions ON resolutions.case_id = booked.case_id"
        " JOIN cases ON cases.id = booked.case_id LEFT JOIN supervisions AS watched ON watched.id = supervision_id"
        f" WHERE booked.visit_day_id = ? AND {seals.open_to(by)} ORDER BY resolutions.id LIMIT ?",
        [day.id, MOST * 4],
    )


def _is(code: str, row: Row, decided: set[int]) -> bool:
    """Tell whether a booking counts under a code."""
    met = row["began_at"] is not None
    holds: dict[str, bool] = {
        "booked": not row["walk_in"],
        "waiting": row["waiting_at"] is not None and row["state"] not in {"withdrawn", "not_admitted"},
        "withdrawn": row["state"] == "withdrawn",
        "not_admitted": row["state"] == "not_admitted",
        "rebooked": False,
        "admitted": bool(row["admitted"]),
        "met": met,
        "handed_over": not met and row["id"] in decided,
        "no_show": row["state"] == "no_show",
        "walk_in": bool(row["walk_in"]),
        "not_met": not met and row["state"] == "checked_in" and row["id"] not in decided,
        "undecided": met and row["state"] == "met" and row["id"] not in decided,
    }
    return holds[code]


def _rebooked(store: Store, day: Day) -> int:
    """Return how many were to come on this day, also when it was still another date, and are to come on another now."""
    found: int = store.value(
        "SELECT count(DISTINCT changes.case_id) FROM visit_day_changes AS changes"
        " JOIN visit_day_bookings AS booked ON booked.case_id = changes.case_id"
        " WHERE changes.cause NOT IN ('day_moved', 'reworded') AND booked.visit_day_id <> :day AND changes.was_on IN"
        " (SELECT :date UNION SELECT was_on FROM visit_day_moves WHERE visit_day_id = :day)",
        {"day": day.id, "date": day.actual_on.isoformat()},
    )
    return found


def _stands(row: Row, now: str) -> str:
    if row["supervision_id"] is None:
        return "unread"
    of = {name: row[name] for name in ("state", "due_at", "done_at", "overdue_at")}
    return supervision_records.stands(**of, now=now)


def _ranked(counted: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
