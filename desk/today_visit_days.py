"""Groups of 今日待办 about the visit day: to be announced, whom to tell of a change, where I was asked to receive."""

from datetime import datetime

from desk.today_tasks import MOST, Found, Group, Task
from reception import visit_day_calendar, visit_day_lists
from reception.permissions import FRONT, Actor, Role
from reception.visit_days import Day
from reception.wording import Words
from web.app import store


def _days(days: list[Day], what: Words) -> Found:
    tasks = [
        Task(day.actual_on.isoformat(), f"/visit-days/{day.id}", what, day.hours, loud=True) for day in days[:MOST]
    ]
    return Found(tasks, len(days))


def _to_announce(by: Actor, at: datetime) -> Found:
    """Days that it is too late to announce in time: the box leaves them to the manager."""
    return _days(visit_day_calendar.unannounced(store(), now=at), Words("还没有公布", "Not announced yet"))


def _to_receive(by: Actor, at: datetime) -> Found:
    """Days on which the reader was asked to receive, until he has said that he knows."""
    return _days(visit_day_lists.asked_of(store(), by=by), Words("请您代为接访", "You receive in the host's place"))


def _to_tell(by: Actor, at: datetime) -> Found:
    """Owners whose booking changed and who do not know it."""
    found = visit_day_lists.to_tell(store(), by=by)
    tasks = [
        Task(one.case.no, "/visit-days/tell", one.cause, one.case.unit.label if one.case.unit else "", one.case.name)
        for one in found[:MOST]
    ]
    return Found(tasks, len(found))


GROUPS = (
    Group(
        "visit_day_to_tell",
        Words("接访预约有变，要告知业主", "Owners to tell of a change of the visit day"),
        "give_feedback",
        "/visit-days/tell",
        _to_tell,
        FRONT,
    ),
    Group(
        "visit_day_to_announce",
        Words("接访日没有按时公布", "Visit days not announced in time"),
        "publish_visit_day",
        "/visit-days",
        _to_announce,
    ),
    Group(
        "visit_day_to_receive",
        Words("请您代为接访", "You were asked to receive"),
        "see_visit_days",
        "/visit-days",
        _to_receive,
        frozenset({Role.MANAGER, Role.SERVICE_HEAD, Role.DEPARTMENT_HEAD}),
    ),
)
