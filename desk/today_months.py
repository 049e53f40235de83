"""Frozen months that wait to be issued, for the heads: so each of them hears of it."""

from datetime import datetime
from typing import Final

from desk.today_tasks import MOST, Found, Group, Task
from reception import month_reports
from reception.permissions import Actor
from reception.wording import Words
from web.app import store


def _to_issue(by: Actor, at: datetime) -> Found:
    found = month_reports.to_issue(store(), by=by)
    words = Words("月报已冻结，请写分析并签发", "Frozen: to be analysed and issued")
    # The newest first: the heads of a centre that never issued one still see this month's.
    tasks = [Task(month, f"/months?month={month}#analysis", words) for month, _frozen_at in reversed(found)]
    return Found(tasks[:MOST], len(found))


GROUPS: Final[tuple[Group, ...]] = (
    Group("months", Words("待签发的月报", "Month reports to issue"), "issue_month_report", "/months", _to_issue),
)
