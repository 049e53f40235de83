"""The groups of 今日待办 about homes in custody: owners to be told, rounds that are due, agreements that ran out."""

from datetime import datetime
from typing import Final

from desk.today_tasks import MOST, Found, Group, Task
from reception import custody_lists, custody_rounds, custody_tellings
from reception.permissions import Actor
from reception.wording import Words
from web.app import store


def _to_tell(by: Actor, at: datetime) -> Found:
    found = custody_tellings.to_do(store(), most=MOST, by=by)
    tasks = [Task(one.no, f"/custody/{one.no}", one.what, one.unit.label, loud=True) for one in found]
    return Found(tasks, custody_tellings.count(store(), by=by))


def _to_walk(by: Actor, at: datetime) -> Found:
    homes = custody_rounds.to_walk(store(), by=by, now=at)
    tasks = [
        Task(
            one.custody.no,
            "/custody/rounds",
            _why(one),
            one.custody.unit.label,
            one.due_on.isoformat(),
            loud=one.pressing,
        )
        for one in homes[:MOST]
    ]
    return Found(tasks, len(homes))


def _why(home: custody_rounds.ToWalk) -> Words:
    kinds = [each.kind_words for each in home.rounds]
    return Words("、".join(one.zh for one in kinds), ", ".join(one.en for one in kinds))


def _over(by: Actor, at: datetime) -> Found:
    found = custody_lists.over(store(), by=by, now=at)
    words = Words("托管期限已过，待结束或重新签订", "Its last day is over: end it, or agree anew")
    return Found([Task(one.no, f"/custody/{one.no}", words, one.unit.label) for one in found[:MOST]], len(found))


GROUPS: Final[tuple[Group, ...]] = (
    Group("custody_tell", Words("托管房：待通知业主", "Custody: owners to tell"), "tell_custody", "/custody", _to_tell),
    Group("custody_rounds", Words("托管房待巡查", "Custody: rounds due"), "walk_custody", "/custody/rounds", _to_walk),
    Group("custody_over", Words("托管到期", "Custody: last day over"), "end_custody", "/custody", _over),
)
