"""The list of which weekdays of the month are visit days: its hours and its room (RUL-01, RUL-03, K6)."""

from reception.rules.said_times import WEEKDAYS, WEEKDAYS_EN
from reception.table_types import ACTIVE, Column, Table
from reception.wording import Words

NTH = {
    "1": Words("第一个", "First"),
    "2": Words("第二个", "Second"),
    "3": Words("第三个", "Third"),
    "4": Words("第四个", "Fourth"),
    "5": Words("第五个（有的月份没有）", "Fifth, in months that have one"),
}
# Monday is 0.
DAYS = {str(no): Words(f"周{zh}", en) for no, (zh, en) in enumerate(zip(WEEKDAYS, WEEKDAYS_EN, strict=True))}

RULES = Table(
    "visit_day_rules",
    Words("接访日规则", "Rules of the visit day"),
    "id",
    (
        Column("nth", Words("每月第几个", "Which of the month"), "pick", NTH),
        Column("weekday", Words("星期", "Weekday"), "pick", DAYS),
        Column("opens", Words("开始", "From"), "time"),
        Column("closes", Words("结束", "To"), "time"),
        Column("room", Words("房间", "Room"), "pick", of="rooms"),
        ACTIVE,
    ),
    "nth, weekday",
    ("nth", "weekday"),
    numbered=True,
)
