"""What a simulated day showed: how everybody left, how long they waited, what they had been told, and what broke."""

import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from db.store import Store
from lobbydesk.simulation import checks
from lobbydesk.simulation.day import Outcome
from reception import session_figures, visit_day_figures, visit_days
from reception.permissions import BOX
from reception.rules import clock
from reception.rules.waits import Range

CLEAN = ("unaccounted", "double_called", "starved")
CLASSES = ("ordinary", "priority", "guest")
MOST_PROBLEMS = 20

# How somebody was served: his first call that was not taken back.
SERVED = (
    "SELECT tickets.id, no, priority, due_at, misses, postponed, issued_at, (SELECT min(at) FROM calls WHERE"
    " calls.ticket_id = tickets.id AND recall = 0 AND undone_at IS NULL) AS first_at, session FROM tickets"
    " JOIN lines ON lines.code = line WHERE state = 'completed' AND first_at IS NOT NULL ORDER BY tickets.id"
)
# As what a ticket stood at the close of the day.
ENDED = (
    "SELECT tickets.state, events.from_state, count(*) AS count FROM tickets JOIN events ON events.id ="
    " (SELECT max(id) FROM events WHERE subject = 'ticket' AND subject_id = tickets.id) GROUP BY 1, 2"
)


@dataclass(frozen=True, slots=True)
class Served:
    """A visitor who was served: as what, how many minutes he waited, and whether he waited without a break."""

    id: int
    of: str
    minutes: float
    straight: bool


def figures(store: Store, outcome: Outcome) -> dict[str, Any]:
    """Return the figures of a day that is closed, in minutes where they are times.

    Every ticket is in one of `completed`, `missed` (and never back), `cancelled`, `expired` and `unaccounted`.
    """
    guests = served(store)
    problems = {"double_called": checks.double_called(store), "starved": checks.starved(store)}
    problems["invariants"] = checks.broken(store) + _day_log(store, outcome)
    return {
        **_ends(store),
        **{name: len(problems[name]) for name in ("double_called", "starved")},
        "refused_at_closing": outcome.refused_at_closing,
        **estimates(guests, outcome.told),
        "waits": {of: spread([one.minutes for one in guests if one.of == of]) for of in CLASSES},
        "longest_wait": round(max((one.minutes for one in guests), default=0.0), 1),
        "visit_day": _visit_day(store, outcome),
        "double_presses": outcome.double_presses,
        "invariants": problems["invariants"],
        "unexpected": outcome.unexpected,
        "problems": problems["double_called"] + problems["starved"],
    }


def is_clean(found: dict[str, Any]) -> bool:
    """Tell whether nothing broke, nobody was lost, called twice or starved, and every answer was to be expected."""
    return not any(found[name] for name in (*CLEAN, "invariants", "unexpected"))


def _visit_day(store: Store, outcome: Outcome) -> dict[str, Any] | None:
    """Return what the session of the day was, and what was promised in it; None on any other day."""
    row = store.row("SELECT id, held_at FROM visit_days WHERE held_at IS NOT NULL")
    if row is None:
        return None
    day, session = visit_days.by_id(store, row["id"]), session_figures.of_day(store, row["id"])
    summed = visit_day_figures.of_day(store, day, by=BOX, at=clock.from_text(row["held_at"]))
    found: dict[str, Any] = asdict(session) | summed["counts"]
    return found | {"came": session.came, "decisions": summed["decisions"], "turned_away": outcome.turned_away}


def _ends(store: Store) -> dict[str, int]:
    ended = dict.fromkeys(("completed", "missed", "cancelled", "expired", "unaccounted"), 0)
    for row in store.rows(ENDED):
        name = "missed" if (row["state"], row["from_state"]) == ("expired", "missed") else row["state"]
        ended[name if name in checks.TERMINAL or name == "missed" else "unaccounted"] += row["count"]
    return {"tickets": sum(ended.values()), **ended}


def served(store: Store) -> list[Served]:
    """Return the visitors who were served, in the order of their tickets."""
    return [
        Served(
            row["id"],
            "guest" if row["session"] else "priority" if row["priority"] else "ordinary",
            (clock.from_text(row["first_at"]) - clock.from_text(row["issued_at"])).total_seconds() / 60,
            not row["misses"] and not row["postponed"],
        )
        for row in store.rows(SERVED)
    ]


def estimates(guests: Sequence[Served], told: dict[int, Range | None]) -> dict[str, Any]:
    """Return how honest the ranges were: the share of real waits within them, and how wide they were."""
    answers = [(one.minutes, wait) for one in guests if one.straight and (wait := told.get(one.id)) is not None]
    within = [wait.low <= minutes <= wait.high for minutes, wait in answers]
    return {
        "estimate_within_range": round(sum(within) / len(within), 3) if within else None,
        "estimate_answers": len(answers),
        "estimate_too_short": sum(minutes > wait.high for minutes, wait in answers),
        "estimate_too_long": sum(minutes < wait.low for minutes, wait in answers),
        "estimate_width": median(wait.high - wait.low for _, wait in answers) if answers else None,
    }


def spread(minutes: Sequence[float]) -> dict[str, float] | None:
    """Return count, median, p90 and longest of some waits; None without any."""
    if not minutes:
        return None
    ranked = sorted(minutes)
    return {
        "count": len(ranked),
        "median": round(median(ranked), 1),
        "p90": round(ranked[min(len(ranked) - 1, int(len(ranked) * 0.9))], 1),
        "longest": round(ranked[-1], 1),
    }


def _day_log(store: Store, outcome: Outcome) -> list[str]:
    """The log of the day must count what the records hold; guests of the visit day stand in the figures of theirs."""
    counted = store.counts(
        "SELECT state, count(*) FROM tickets JOIN lines ON lines.code = line WHERE session = 0 GROUP BY state"
    )
    return [
        f"day log: {outcome.day_log[name]} {name}, the records hold {counted.get(name, 0)}"
        for name in checks.TERMINAL
        if outcome.day_log[name] != counted.get(name, 0)
    ]


HEADINGS = {
    "tickets": "取号 Tickets",
    "completed": "办结 Completed",
    "missed": "过号未归 Missed, never back",
    "cancelled": "取消 Cancelled",
    "expired": "闭馆作废 Expired at the close",
    "unaccounted": "去向不明 Unaccounted for",
    "refused_at_closing": "停止取号后到 Came after the last number",
    "double_called": "重复叫号 Called twice",
    "starved": "被饿等 Starved",
    "estimate_answers": "告知等候 Told a range",
    "estimate_within_range": "告知准确 Waited within it",
    "estimate_too_short": "等得更久 Waited longer than told",
    "estimate_too_long": "等得更短 Waited shorter than told",
    "estimate_width": "区间宽度 Median width of the range, min",
    "longest_wait": "最长等候 Longest wait, min",
}


VISIT = {
    "booked": "预约 Booked",
    "withdrawn": "撤回 Withdrawn",
    "came": "到场 Came",
    "arrivals": "到场方式 How they came",
    "walk_in": "未预约 Walked in",
    "met": "已接待 Met",
    "handed_over": "转交部门 Handed to a department",
    "no_show": "未到 Did not come",
    "turned_away": "结束后到 Came when it was over",
    "decisions": "决议 Decisions",
    "extended_minutes": "延长 Extended by, min",
    "over_minutes": "超时 Over time by, min",
    "wait_median": "等候中位 Median wait, min",
    "wait_longest": "最长等候 Longest wait, min",
    "talk_median": "谈话中位 Median talk, min",
}


def _visit(value: Any) -> str:
    if isinstance(value, dict):
        return f"{'  '.join(f'{name} {count}' for name, count in sorted(value.items())):>8}"
    return f"{'-' if value is None else value:>8}"


def table(found: dict[str, Any]) -> str:
    """Return the report as people read it: what was asked, the figures, the waits, and what broke."""
    rows = [(heading, _said(name, found[name])) for name, heading in HEADINGS.items()]
    lines = [f"{found['day']}, seed {found['seed']}, {found['counters']} counters 窗口", ""]
    lines += [f"{_wide(heading, 44)}{value:>8}" for heading, value in rows]
    lines += ["", f"{_wide('等候 Waits, min', 28)}{'count':>8}{'median':>8}{'p90':>8}{'longest':>8}"]
    for of, heading in zip(CLASSES, ("普通 Ordinary", "优先 Priority", "接访来宾 Visit-day guests"), strict=True):
        values = found["waits"][of]
        shown = [f"{values[name]:>8}" for name in ("count", "median", "p90", "longest")] if values else [f"{'-':>8}"]
        lines.append(_wide(heading, 28) + "".join(shown))
    if found["visit_day"] is not None:
        lines += ["", "接访日 Visit day"]
        lines += [f"{_wide(heading, 44)}{_visit(found['visit_day'][name])}" for name, heading in VISIT.items()]
    broken = [*found["invariants"], *found["problems"], *found["unexpected"]]
    lines += ["", "不变量 Invariants: " + ("全部成立 all hold" if not broken else f"{len(broken)} problems")]
    lines += [f"  {problem}" for problem in broken[:MOST_PROBLEMS]]
    return "\n".join(lines)


def _said(name: str, value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.0%}" if name == "estimate_within_range" else str(value)


def _wide(text: str, width: int) -> str:
    """Return a text filled up to so many columns of a terminal, where a Chinese character takes two."""
    taken = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return text + " " * max(1, width - taken)
