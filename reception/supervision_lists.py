"""Lists of supervisions (督办): what runs, of what the person is to be told, which promises were kept, which late."""

from dataclasses import dataclass
from datetime import datetime

from db.store import Store
from reception import case_flow, events, local_texts
from reception.case_flow import Month
from reception.permissions import Actor, Role, permit
from reception.rules import clock
from reception.site import site
from reception.supervision_records import SELECT, Supervision, from_row, reach
from reception.wording import Words

PAGE = 200
SHOWN = {
    "running": Words("督办中", "Running"),
    "overdue": Words("已逾期", "Overdue"),
    "untold": Words("待告知", "Person to be told"),
    "kept": Words("按期落实", "Kept"),
    "late": Words("逾期落实", "Late"),
    "withdrawn": Words("已撤销", "Withdrawn"),
}
# The running ones by the running index, those that ended by the month of their end.
_RUNNING = "supervisions.state IN ('open', 'reminded', 'overdue')"
_ENDED = "supervisions.closed_at >= :begin AND supervisions.closed_at < :end"
_LATE = "(overdue_at IS NOT NULL OR done_at > due_at)"
_TESTS = {
    "running": _RUNNING,
    "overdue": f"{_RUNNING} AND due_at < :now",
    "untold": "supervisions.state = 'done'",
    "kept": f"{_ENDED} AND supervisions.state = 'closed' AND NOT {_LATE}",
    "late": f"{_ENDED} AND supervisions.state = 'closed' AND {_LATE}",
    "withdrawn": f"{_ENDED} AND supervisions.state = 'withdrawn'",
}
OF_A_MONTH = frozenset({"kept", "late", "withdrawn"})


@dataclass(frozen=True, slots=True)
class Listed:
    """A list with how many there are of each: `kept`, `late` and `withdrawn` of the month."""

    show: str
    month: Month
    found: list[Supervision]
    counts: dict[str, int]
    now: str


def listed(store: Store, *, show: str = "", month: str = "", by: Actor, now: datetime, most: int = PAGE) -> Listed:
    """Return the supervisions within the reader's reach, at most so many: the first due first, of those that ended the
    newest.

    An unknown `show` is `running`. Refuses `month_invalid`.
    """
    permit(by, "see_supervisions")
    of, show = case_flow.month(store, month, now=now), show if show in SHOWN else "running"
    values = _values(by, events.moment(store, now)) | {"begin": of.begin, "end": of.end}
    order = "supervisions.closed_at DESC" if show in OF_A_MONTH else "due_at"
    rows = store.rows(
        f"{SELECT} WHERE {_TESTS[show]} AND {reach(by)} ORDER BY {order}, supervisions.id LIMIT :page",
        values | {"page": most},
    )
    counts = {
        code: store.value(
            "SELECT count(*) FROM supervisions LEFT JOIN cases ON cases.id = supervisions.case_id"  # noqa: S608
            f" WHERE {test} AND {reach(by)}",
            values,
        )
        for code, test in _TESTS.items()
    }
    return Listed(show, of, [from_row(row) for row in rows], counts, str(values["now"]))


def _values(by: Actor, at: datetime) -> dict[str, object]:
    return {"now": clock.to_text(at), "my_department": by.department, "me": by.id}


def pressing(store: Store, *, show: str = "", by: Actor, now: datetime) -> list[Supervision]:
    """Return what was reminded of or is overdue, soonest first.

    `show` as the deadlines have it: mine, department, escalated (what is overdue and so before the manager), else all
    within reach.
    """
    permit(by, "see_supervisions")
    tests = {
        "mine": "AND :me IN (charge_id, decided_by)",
        "department": "AND supervisions.department = :my_department",
        "escalated": "AND due_at < :now" if by.role is Role.MANAGER else "AND due_at < :now AND decided_by = :me",
    }
    rows = store.rows(
        f"{SELECT} WHERE {_RUNNING} AND (remind_at <= :now OR due_at < :now) {tests.get(show, '')}"
        f" AND {reach(by)} ORDER BY due_at, supervisions.id LIMIT :page",
        _values(by, events.moment(store, now)) | {"page": PAGE},
    )
    return [from_row(row) for row in rows]


def overdue_count(store: Store, *, by: Actor, now: datetime) -> int:
    """Return how many are overdue within the reader's reach."""
    permit(by, "see_supervisions")
    found: int = store.value(
        "SELECT count(*) FROM supervisions LEFT JOIN cases ON cases.id = supervisions.case_id"  # noqa: S608
        f" WHERE {_RUNNING} AND due_at < :now AND {reach(by)}",
        _values(by, events.moment(store, now)),
    )
    return found


def of_case(store: Store, case_id: int, *, by: Actor) -> list[Supervision]:
    """Return the supervisions of a case that the reader may see, oldest first."""
    permit(by, "see_supervisions")
    rows = store.rows(
        f"{SELECT} WHERE supervisions.case_id = :case AND {reach(by)} ORDER BY supervisions.id",
        {"case": case_id, "my_department": by.department},
    )
    return [from_row(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Promise:
    """A deadline that was set: why (empty for the first), by whom, and how it stands: kept, late, moved before it came,
    withdrawn, or '' while it runs."""

    due_at: str
    reason: str
    at: str
    by_name: str
    verdict: str


def promises(store: Store, one: Supervision) -> list[Promise]:
    """Return every deadline of a supervision, oldest first, each with what became of it."""
    rows = store.rows(
        "SELECT due_at, reason, at, staff.name FROM supervision_deadlines JOIN staff ON staff.id = by_id"
        " WHERE supervision_id = ? ORDER BY supervision_deadlines.id",
        [one.id],
    )
    ends = [row["at"] for row in rows[1:]]
    found = [
        Promise(row["due_at"], row["reason"], row["at"], row["name"], "late" if end > row["due_at"] else "moved")
        for row, end in zip(rows, ends, strict=False)
    ]
    last = rows[-1]
    if one.done_at:
        verdict = "late" if one.done_at > last["due_at"] else "kept"
    elif one.closed_at:
        verdict = "late" if one.closed_at > last["due_at"] else "withdrawn"
    else:
        verdict = "late" if one.state == "overdue" else ""
    return [*found, Promise(last["due_at"], last["reason"], last["at"], last["name"], verdict)]


def columns() -> list[tuple[str, Words]]:
    """Return the columns of the list as a table. Rows are what `rows` gives."""
    return [
        ("no", Words("编号", "No.")),
        ("case", Words("关联事项", "Case")),
        ("matter", Words("督办事项", "Matter")),
        ("opinion", Words("处理意见", "Decision")),
        ("department", Words("承办部门", "Department")),
        ("charge", Words("责任人", "In charge")),
        ("decided", Words("决定人", "Decided by")),
        ("opened", Words("决定时间", "Decided")),
        ("due", Words("期限", "Deadline")),
        ("moved", Words("改期次数", "Deadline changed")),
        ("state", Words("状态", "State")),
        ("verdict", Words("承诺", "Promise")),
        ("done", Words("落实时间", "Done at")),
        ("result", Words("落实结果", "Result")),
        ("reason", Words("撤销原因", "Why withdrawn")),
    ]


VERDICTS = {
    "kept": Words("按期", "kept"),
    "late": Words("逾期", "late"),
    "moved": Words("到期前改期", "moved before it came"),
    "withdrawn": Words("已撤销", "withdrawn"),
    "": Words("进行中", "runs"),
}


def rows(store: Store, found: list[Supervision]) -> list[dict[str, str | Words]]:
    """Return supervisions as rows of a table; times of the site."""
    time = local_texts.writer(site(store))
    return [
        {
            "no": one.no,
            "case": one.case_no or "",
            "matter": one.matter,
            "opinion": one.opinion,
            "department": one.department_name,
            "charge": one.charge_name,
            "decided": one.decided_name,
            "opened": time(one.opened_at),
            "due": time(one.due_at),
            "moved": str(one.moved),
            "state": one.state_words,
            "verdict": VERDICTS[one.verdict],
            "done": time(one.done_at),
            "result": one.result,
            "reason": one.reason,
        }
        for one in found
    ]
