"""The group of 今日待办 about notices: drafts that wait for whoever may publish them."""

from datetime import datetime
from typing import Final

from desk.today_tasks import MOST, Found, Group, Task
from reception import announcement_facts
from reception.permissions import Actor
from reception.wording import Words
from web.app import store

PATH: Final = "/announcements"


def to_publish(by: Actor, at: datetime) -> Found:
    """The drafts, oldest first: what each is, its title, who wrote it."""
    found = announcement_facts.drafts(store(), by=by)
    tasks = [Task("", f"{PATH}/{one.id}", one.kind_words, one.title.zh, one.written_name) for one in found[:MOST]]
    return Found(tasks, len(found))


GROUPS: Final[tuple[Group, ...]] = (
    Group("announcements", Words("待发布的公告", "Notices to publish"), "publish_announcement", PATH, to_publish),
)
