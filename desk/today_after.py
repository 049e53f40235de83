"""Groups of 今日待办 about what comes after a visit day: summaries to write, rules that were broken."""

from datetime import datetime
from typing import Final

from desk.today_tasks import MOST, Found, Group, Task
from reception import oversight, visit_day_summaries
from reception.permissions import Actor
from reception.wording import Words
from web.app import store

UNWRITTEN: Final = Words("接访日总结待写", "Summary to write")


def summaries(by: Actor, at: datetime) -> Found:
    """The days that were held and have no summary yet."""
    days = visit_day_summaries.unwritten(store())
    tasks = [Task(day.actual_on.isoformat(), f"/visit-days/{day.id}/summary", UNWRITTEN) for day in days[:MOST]]
    return Found(tasks, len(days))


def findings(by: Actor, at: datetime) -> Found:
    """What broke a rule and nobody put right yet."""
    listed, total = oversight.to_correct(store(), most=MOST, by=by)
    return Found([Task(one.day_on, "/oversight", one.words, one.case_no) for one in listed], total)


GROUPS: Final[tuple[Group, ...]] = (
    Group("summaries", Words("接访日总结", "Visit days to sum up"), "write_visit_summary", "/visit-days", summaries),
    Group(
        "findings", Words("接访日监督：待整改", "Visit day: to put right"), "correct_oversight", "/oversight", findings
    ),
)
