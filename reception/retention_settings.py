"""The settings of retention (保存期限): how long what names somebody, and who looked at it, is kept (domain.md K12)."""

from reception.setting_types import Group, count
from reception.wording import Words

GROUP = Group(
    "retention",
    Words("保存期限", "Retention"),
    (
        count("keep_visitor_days", "来访登记保留（天），之后只留数量", "Visitor register is kept (days)", 1, 365),
        count("keep_survey_days", "评价与回访的文字保留（天）", "Words of surveys are kept (days)", 30, 1095),
        # The general limitation period (民法典 188): a centre may keep longer, and a year at least.
        count(
            "keep_case_days", "事项办结后保留（天），之后匿名", "Matters are kept after their close (days)", 365, 3650
        ),
        # Six months by law, to which the store holds (0048), and the days a run may be ahead of the last event.
        count("keep_audit_days", "查看与登录记录保留（天）", "Who looked, who logged in: kept (days)", 190, 3650),
    ),
)
