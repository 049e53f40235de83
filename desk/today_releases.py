"""Passes for goods that wait: for the reader's word, for the printer, for the paper of the gate."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from desk.today_tasks import MOST, Found, Group, Task
from reception import release_facts, release_lists
from reception.permissions import FRONT, Actor, Role
from reception.wording import Words
from web.app import store


def _passes(state: str, *, loud: bool = False) -> Callable[[Actor, datetime], Found]:
    def read(by: Actor, at: datetime) -> Found:
        found = release_lists.waiting(store(), state, by=by, now=at)
        tasks = [
            Task(
                case.no,
                f"/cases/{case.no}",
                release_facts.brief(store(), case),
                case.unit.label if case.unit else "",
                case.owner_name,
                loud=loud,
            )
            for case in found[:MOST]
        ]
        return Found(tasks, len(found))

    return read


def _group(state: str, name: Words, roles: frozenset[Role] = frozenset(Role), *, loud: bool = False) -> Group:
    path = f"/cases?kind=release&state={state}"
    return Group(f"release_{state}", name, "see_releases", path, _passes(state, loud=loud), roles)


GROUPS: Final[tuple[Group, ...]] = (
    # Somebody stands at the desk and waits for it.
    _group("applied", Words("等我批准的物品放行", "Goods that wait for my word to leave"), loud=True),
    _group("approved", Words("已批准、待打印的放行条", "Passes approved, to be printed"), FRONT),
    _group("released", Words("待门岗交回的放行条", "Passes whose paper comes back from the gate"), FRONT),
)
