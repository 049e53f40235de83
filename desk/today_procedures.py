"""Groups of 今日待办 about the items of cases: what a department has to do at a set time, until tonight or overdue."""

from datetime import datetime, timedelta
from typing import Final

from desk.today_tasks import MOST, Found, Group, Task
from reception import case_filters, checklists, events
from reception.permissions import Actor
from reception.rules import clock
from reception.wording import Words
from web.app import store
from web.languages import current_site, words

PATH: Final = "/tasks"


def _tasks(by: Actor, at: datetime) -> Found:
    zone = current_site().zone
    tomorrow = clock.local_day(events.moment(store(), at), zone) + timedelta(days=1)
    found = checklists.waiting(store(), by=by, now=at, until=case_filters.day_begins(tomorrow, zone))
    tasks = [
        Task(
            one.case_no,
            PATH,
            one.task.words,
            who=words(one.task.department_name),
            due_at=one.task.due_at,
            loud=one.late,
        )
        for one in found[:MOST]
    ]
    return Found(tasks, len(found))


GROUPS: Final[tuple[Group, ...]] = (
    Group("tasks", Words("到时间要做的准备工作", "Tasks at a set time"), "see_tasks", PATH, _tasks),
)
