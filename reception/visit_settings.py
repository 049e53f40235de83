"""What a centre decides of visitors to its staff, and of what is left for them."""

from reception.setting_types import Group, count, minutes
from reception.wording import Words

GROUP = Group(
    "visits",
    Words("预约与转交", "Appointments"),
    (
        minutes("appointment_minutes", "一次预约占用接待人", "An appointment takes its host", 240, 5),
        count("handover_working_days", "转交文件应领取（工作日）", "Papers are fetched within (working days)", 1, 60),
    ),
)
