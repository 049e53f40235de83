"""What a centre decides of its consumables, and of the check of visitors before they are registered."""

from reception.setting_types import Group, Setting, count
from reception.wording import Words

GROUP = Group(
    "care",
    Words("耗材与安全检查", "Consumables, security"),
    (
        count("paper_roll_metres", "一卷热敏纸长（米）", "A roll of paper is (metres)", 10, 300),
        Setting(
            "security_check",
            Words("代客取号前做安全检查", "Security check before a number is taken at the desk"),
            "flag",
            help=Words(
                "查看项目在“安全检查项目”中设置；有预约或接访日登记的来访者身份已知，不在此检查，自助机取号也不检查",
                "what is looked at stands in the list “Security check”; whoever has an appointment or a visit-day"
                " booking is known and exempt, and the kiosk does not ask",
            ),
        ),
    ),
)
