"""The settings of follow-up and supervised follow-through (回访与督办)."""

from reception.setting_types import Group, count, minutes
from reception.wording import Words

GROUP = Group(
    "follow_through",
    Words("回访与督办", "Follow-up and supervision"),
    (
        count("repair_follow_up_percent", "报修回访比例（%，投诉一律回访）", "Repairs to follow up (%)", 0, 100),
        minutes("follow_up_claim_minutes", "取走的回访多久没结果自动退回", "A call taken falls back after", 120, 5),
        count("supervision_remind_percent", "督办在期限过了多少时提醒（%）", "Supervision reminds at (%)", 10, 90),
    ),
)
