"""Tours of the day: those that wait for the manager's word, and those that come today or are to be ended."""

from datetime import datetime
from typing import Final

from desk.today_tasks import MOST, Found, Group, Task
from reception import tour_lists
from reception.permissions import FRONT, Actor, Role
from reception.tour_lists import Listed
from reception.wording import Words
from web.app import store


def _tasks(found: list[Listed], *, loud: bool = False) -> Found:
    tasks = [
        Task(
            one.case.no,
            f"/cases/{one.case.no}",
            Words(one.found.organisation, one.found.organisation),
            one.found.places,
            one.case.owner_name,
            due_at=one.found.starts_at,
            loud=loud,
        )
        for one in found[:MOST]
    ]
    return Found(tasks, len(found))


def _waiting(by: Actor, at: datetime) -> Found:
    return _tasks(tour_lists.waiting(store(), by=by), loud=True)


def _today(by: Actor, at: datetime) -> Found:
    found = tour_lists.listed(store(), by=by, now=at)
    return _tasks([one for one in found if one.case.closed_at is None])


GROUPS: Final[tuple[Group, ...]] = (
    Group(
        "tours_asked",
        Words("开放时间以外的参观，待我批准", "Tours outside the opening hours that wait for my word"),
        "approve_tour",
        "/tours?show=coming",
        _waiting,
    ),
    Group(
        "tours",
        Words("今天及未结束的参观接待", "Tours of today, and not ended"),
        "see_tours",
        "/tours",
        _today,
        FRONT | {Role.MANAGER},
    ),
)
