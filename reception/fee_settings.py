"""The settings of fee notices (收费通知)."""

from reception.setting_types import Group, Setting, count
from reception.wording import Words

GROUP = Group(
    "fees",
    Words("收费通知", "Fee notices"),
    (
        Setting("fee_pay_at", Words("在哪里缴费", "Where fees are paid"), "text"),
        Setting("fee_pay_at_en", Words("在哪里缴费（英文）", "Where fees are paid, in English"), "text"),
        count(
            "fee_energy_rate_fen",
            "公共能耗费（分/㎡·月）",
            "Common energy (fen per m² and month)",
            1,
            1000,
            Words(
                "30 即 0.30 元；清单写了面积的按它核对金额",
                "30 is 0.30 yuan; amounts are checked by it, given the area",
            ),
        ),
        count("fee_call_days", "逾期未缴隔几天再打电话", "Days between two calls about what is overdue", 1, 60),
    ),
)
