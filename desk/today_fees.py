"""The group of 今日待办 about fees: homes that are late, and were not called lately."""

from datetime import datetime
from typing import Final

from desk.today_tasks import Found, Group, Task
from reception import fee_lists
from reception.permissions import Actor
from reception.wording import Words
from web.app import store


def _to_call(by: Actor, at: datetime) -> Found:
    count = fee_lists.to_call(store(), by=by, now=at)
    words = Words(f"{count} 户逾期未缴，待电话告知", f"{count} overdue: to be told by telephone")
    return Found([Task("", "/fees", words)] if count else [], count)


GROUPS: Final[tuple[Group, ...]] = (
    Group("fees", Words("逾期未缴", "Fees overdue"), "call_about_fees", "/fees", _to_call),
)
