"""The group of 今日待办 about new heads: every other one is told of them until somebody has confirmed them."""

from datetime import datetime
from typing import Final

from desk.today_tasks import MOST, Found, Group, Task
from reception import new_heads
from reception.permissions import Actor
from reception.table_columns import ROLES
from reception.wording import Words
from web.app import store

PATH: Final = "/new-heads"


def waiting(by: Actor, at: datetime) -> Found:
    """The new heads, with the names of those through whose hands their accounts went."""
    found = new_heads.waiting(store(), by=by)
    tasks = [Task("", PATH, ROLES[one.role], one.name, "、".join(one.hands), loud=True) for one in found[:MOST]]
    return Found(tasks, len(found))


GROUPS: Final[tuple[Group, ...]] = (
    Group("new_heads", Words("待确认的新负责人", "New heads to confirm"), "confirm_head", PATH, waiting),
)
