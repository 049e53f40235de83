"""The settings of inspections at hand-over (房屋验收): who built the homes, and how long he has for what is wrong."""

from reception.setting_types import Group, Setting, count
from reception.wording import Words

GROUP = Group(
    "inspections",
    Words("房屋验收", "Home inspections"),
    (
        Setting("inspection_developer", Words("开发商（建设单位）", "Developer"), "text"),
        count(
            "inspection_entered_hours", "约定时间后多久登记结果（小时）", "Entered after the agreed time (hours)", 1, 72
        ),
        count("inspection_rectify_working_days", "质量问题返修（工作日）", "Defects put right (working days)", 1, 120),
    ),
)
