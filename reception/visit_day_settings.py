"""What a centre decides of its visit day in single values (接访日, K6); its weekdays, hours and rooms are a list."""

from reception.rules.visit_days import RollPolicy
from reception.setting_types import Group, Setting, count, minutes
from reception.wording import Words

# 遇节假日顺延 (RUL-02): to which day is not said (part I, trap 4).
ROLLS = {
    RollPolicy.NEXT_WORKDAY.value: Words("顺延到下一个上班日（含周末补班）", "The next working day, a make-up one too"),
    RollPolicy.NEXT_WORKDAY_NOT_WEEKEND.value: Words(
        "顺延到下一个上班日（不含周末）", "The next working day that is no weekend"
    ),
    RollPolicy.NEXT_SAME_WEEKDAY.value: Words("顺延到下一个同样的星期", "The next such weekday"),
}

GROUP = Group(
    "visit_day",
    Words("接访日", "Visit day"),
    (
        Setting("visit_day_roll", Words("遇休息日", "On a rest day"), "choice", choices=ROLLS),
        minutes("visit_day_slot_minutes", "每位时长", "A talk takes", 120, 5),
        count("visit_day_capacity", "每个时段接待户数", "Households a slot", 1, 5),
        Setting(
            "visit_day_slack",
            Words("机动时段", "Slots kept free"),
            "slack",
            help=Words("第几个时段，如 4,8；空为不留", "which of them, such as 4,8; empty: none"),
        ),
        count("visit_day_publish_days", "至少提前几天公布", "Published so many days before", 1, 60),
        count("visit_day_notice_days", "改期至少提前几天通知", "A move is told so many days before", 1, 30),
        count("visit_day_closes_working_days", "预约在几个工作日前截止", "Booking closes (working days before)", 0, 20),
        count("visit_day_sign_working_days", "签批在几个工作日前完成", "Signed by (working days before)", 0, 20),
        minutes("visit_day_warn_minutes", "结束前多久提醒", "Warns before its end", 60, 1),
        minutes("visit_day_start_minutes", "迟开始多久记入监督", "Begun later than this is a finding", 60, 1),
        count("visit_day_follow_up_percent", "接访回访比例（%）", "Visit-day matters to follow up (%)", 0, 100),
        count("visit_day_common_homes", "几户反映同一类算共性问题", "Homes that make a common issue", 2, 20),
        count("visit_day_summary_working_days", "几个工作日内写总结", "Summary within (working days)", 1, 20),
    ),
)
