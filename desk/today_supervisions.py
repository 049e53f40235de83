"""Supervisions that wait for whoever reads: his own, and those of which somebody is still to be told."""

from datetime import datetime
from typing import Final

from desk.today_tasks import MOST, Found, Group, Task
from reception import events, supervision_lists
from reception.permissions import Actor
from reception.rules import clock
from reception.wording import Words
from web.app import store


def _supervisions(by: Actor, at: datetime) -> Found:
    found = supervision_lists.pressing(store(), show="mine", by=by, now=at)
    moment = clock.to_text(events.moment(store(), at))
    tasks = [
        Task(
            one.no,
            f"/supervisions/{one.no}",
            Words(one.matter, one.matter),
            who=one.charge_name,
            due_at=one.due_at,
            loud=one.due_at < moment,
        )
        for one in found[:MOST]
    ]
    return Found(tasks, len(found))


def _untold(by: Actor, at: datetime) -> Found:
    """Done, and the person does not know yet: it is closed by telling him."""
    found = supervision_lists.listed(store(), show="untold", by=by, now=at, most=MOST)
    tasks = [
        Task(one.no, f"/supervisions/{one.no}", Words(one.matter, one.matter), who=one.charge_name, loud=True)
        for one in found.found
    ]
    return Found(tasks, found.counts["untold"])


GROUPS: Final[tuple[Group, ...]] = (
    Group("supervisions", Words("我的督办", "My supervisions"), "see_supervisions", "/supervisions", _supervisions),
    Group(
        "untold",
        Words("督办已办结，待告知来访人", "Supervision done, the person to be told"),
        "see_supervisions",
        "/supervisions?show=untold",
        _untold,
    ),
)
