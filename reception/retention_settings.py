"""The settings of retention (保存期限): how long what names somebody, and who looked at it, is kept (domain.md K12)."""

from reception.setting_types import Group, count
from reception.wording import Words

GROUP = Group(
    "retention",
    Words("保存期限", "Retention"),
    (
        count(
            "keep_visitor_days",
            "来访登记保留（天）",
            "Visitor register is kept (days)",
            1,
            365,
            Words("之后删去姓名、电话和房号，只留数量", "then names, telephones and homes go; counts stay"),
        ),
        count(
            "keep_survey_days",
            "评价与回访的文字保留（天）",
            "Words of ratings and follow-ups are kept (days)",
            30,
            1095,
            Words("之后删去文字，评分保留", "then the words go; scores stay"),
        ),
        # The general limitation period (民法典 188): a centre may keep longer, and a year at least.
        count(
            "keep_case_days",
            "事项办结后保留（天）",
            "Matters are kept after their close (days)",
            365,
            3650,
            Words(
                "之后匿名，统计不变；1095 天为三年诉讼时效",
                "then they are nobody's, figures stay; 1095 days: limitation",
            ),
        ),
        # Six months by law, to which the store holds (0048), and the days a run may be ahead of the last event.
        count(
            "keep_audit_days",
            "查看与登录记录保留（天）",
            "Records of looks and log-ins are kept (days)",
            190,
            3650,
            Words("法律要求不少于六个月", "six months at least, by law"),
        ),
    ),
)
