"""What each figure of the month report means (domain.md K10, STA-01 to 06): one sentence each, in both languages.

Figures that stand on other pages too carry the definition that they have there (`repair_rates`, `money_figures`,
`call_figures`, `follow_up_coverage`): the same number is never defined twice.
"""

from dataclasses import dataclass
from typing import Final

from reception.repair_rates import Figure
from reception.rules import small_cells
from reception.wording import Words


@dataclass(frozen=True, slots=True)
class Definition:
    """A figure: its name, its unit (count, rate, minutes, tenths), what is counted, and of a rate out of what."""

    name: Words
    unit: str
    counts: Words
    out_of: Words | None = None

    @property
    def sentence(self) -> Words:
        """The definition as it stands beside the figure."""
        if self.out_of is None:
            return self.counts
        return Words(
            f"分子：{self.counts.zh}分母：{self.out_of.zh}", f"Counted: {self.counts.en} Out of: {self.out_of.en}"
        )


_COMPLAINTS: Final = Words(
    "本月受理的投诉（不含受限事项）。", "complaints received in the month (sealed ones are not counted)."
)
_FEW: Final = Words(
    f"少于 {small_cells.FEWEST} 的，以及可由合计推出的，隐去不细分。",
    f"Parts below {small_cells.FEWEST}, and what a total would tell of them, are hidden.",
)
_SERVED: Final = Words("本月来访中接待完成的号票", "of the month's numbers that were served")

FIGURES: Final[dict[str, Definition]] = {
    "visits": Definition(
        Words("来访", "Visits"),
        "count",
        Words(
            "到达时间在本月的来访登记（含未取到服务的）；单独接待的业务和接访日来宾不计。",
            "Visits whose arrival lies in the month, whatever came of them; lines received in private and guests of the"
            " visit day are not counted.",
        ),
    ),
    "served": Definition(
        Words("接待完成", "Served"),
        "rate",
        Words("其中号票已接待完成的。", "those whose number was served."),
        Words("本月来访中取了号的。", "the month's visits that took a number."),
    ),
    "cancelled": Definition(
        Words("取消", "Given back"), "count", Words("其中号票被取消的。", "Numbers of the month that were given back.")
    ),
    "expired": Definition(
        Words("作废", "Expired"),
        "count",
        Words("其中到日终未叫到或未到场而作废的号票。", "Numbers that expired at the close of their day."),
    ),
    "missed": Definition(
        Words("过号", "Missed calls"),
        "count",
        Words("叫号后未到场的次数；同一号票可有多次。", "Times that nobody came to a call; a number may have several."),
    ),
    "closed_by_day": Definition(
        Words("日终自动结束", "Ended by the close"),
        "count",
        Words(
            "日终时仍在办理、由系统结束的号票；计入接待完成。",
            "Still being served at the close of the day; counted as served.",
        ),
    ),
    "out_of_order": Definition(
        Words("不按顺序叫号", "Called out of order"),
        "count",
        Words(
            "工作人员说明理由后提前叫号的次数，不含撤销和重呼。",
            "Calls ahead of the order for a reason; without undone and repeated ones.",
        ),
    ),
    "wait_average": Definition(
        Words("平均等候", "Wait, average"),
        "minutes",
        Words(f"{_SERVED.zh}：从取号到叫号，平均。", f"From issue to call, {_SERVED.en}: the average."),
    ),
    "wait_median": Definition(
        Words("等候中位数", "Wait, median"),
        "minutes",
        Words(f"{_SERVED.zh}：从取号到叫号，中位数。", f"From issue to call, {_SERVED.en}: the median."),
    ),
    "wait_p90": Definition(
        Words("九成等候不超过", "Wait, nine of ten"),
        "minutes",
        Words(
            f"{_SERVED.zh}：九成的等候不超过这个时间。",
            f"From issue to call, {_SERVED.en}: nine of ten waited no longer.",
        ),
    ),
    "wait_longest": Definition(
        Words("最长等候", "Wait, longest"),
        "minutes",
        Words(f"{_SERVED.zh}：从取号到叫号，最长。", f"From issue to call, {_SERVED.en}: the longest."),
    ),
    "service_average": Definition(
        Words("平均办理", "Service, average"),
        "minutes",
        Words(
            "接待完成的号票：从开始办理到结束，平均；日终自动结束的不计。",
            "From begin to end of being served, the average; what the close of the day ended is not counted.",
        ),
    ),
    "service_median": Definition(
        Words("办理中位数", "Service, median"),
        "minutes",
        Words(
            "接待完成的号票：从开始办理到结束，中位数；日终自动结束的不计。",
            "From begin to end of being served, the median; what the close of the day ended is not counted.",
        ),
    ),
    "stay_average": Definition(
        Words("平均停留", "Stay, average"),
        "minutes",
        Words(
            "登记了离开的来访：从到达到离开，平均；未登记离开的不计。",
            "From arrival to leaving, the average of visits whose end was noted; ended by the close: not counted.",
        ),
    ),
    "complaints": Definition(Words("投诉", "Complaints"), "count", Words(_COMPLAINTS.zh, f"The {_COMPLAINTS.en}")),
    "complaints_repeated": Definition(
        Words("重复投诉", "Repeated"),
        "rate",
        Words(
            "同一房屋、同一类别在此前 90 天内已有投诉的。",
            "those whose home had complained of the same class within the 90 days before.",
        ),
        _COMPLAINTS,
    ),
    "complaints_reopened": Definition(
        Words("重新处理", "Opened again"),
        "rate",
        Words("到统计时至少重新处理过一次的。", "those opened again at least once, as the records stand."),
        _COMPLAINTS,
    ),
    "complaints_valid": Definition(
        Words("属实", "Found valid"),
        "rate",
        Words("最近一次调查结论为属实或部分属实的。", "those last found valid or partly valid."),
        Words(
            "本月受理、已有调查结论的投诉。按调查结论有隐去的，此项不显示。",
            "the month's complaints that were looked into. Not shown where one of their findings is hidden.",
        ),
    ),
    "suggestions": Definition(
        Words("意见建议", "Suggestions"), "count", Words("本月受理的意见建议。", "Suggestions received in the month.")
    ),
    "suggestions_answered": Definition(
        Words("已答复", "Answered"),
        "rate",
        Words("到统计时已答复的。", "those answered, as the records stand."),
        Words("本月受理的意见建议。", "the suggestions received in the month."),
    ),
    "visit_days": Definition(
        Words("接访日", "Visit days"),
        "count",
        Words("实际日期在本月、已举行的接访日。", "Visit days held on a date in the month."),
    ),
    "promises_kept": Definition(
        Words("承诺按期落实", "Promises kept in time"),
        "rate",
        Words("期限内已落实的。", "those kept by their deadline."),
        Words(
            "本月接访日作出、到统计时已落实或已逾期的承诺；未到期、已撤销的不计。",
            "promises of the month's visit days that are kept or past their deadline; those still open or withdrawn are"
            " not counted.",
        ),
    ),
    "tickets": Definition(
        Words("打印的号票", "Tickets printed"),
        "count",
        Words(
            "送打时间在本月的号票，已打印或已发送的，不含补打。",
            "Tickets put to print in the month, printed or sent; without reprints.",
        ),
    ),
    "papers": Definition(
        Words("其他单据", "Other papers"),
        "count",
        Words(
            "送打时间在本月的其他单据，已打印或已发送的，不含补打。",
            "Other papers put to print in the month, printed or sent; no reprints.",
        ),
    ),
    "reprints": Definition(
        Words("补打", "Reprints"), "count", Words("送打时间在本月的补打。", "Reprints put to print in the month.")
    ),
    "failed_prints": Definition(
        Words("打印失败", "Failed prints"),
        "rate",
        Words("打印失败或结果不明的。", "those that failed, or of which nobody knows."),
        Words(
            "送打时间在本月、已有结果的单据（不含作废）。",
            "papers put to print in the month that came to an end (void ones not).",
        ),
    ),
    "paper_metres": Definition(
        Words("打印长度（米）", "Printed, metres"),
        "count",
        Words(
            "本月打完的单据的长度，各打印机合计；估算。", "The length of what was printed in the month; an estimate."
        ),
    ),
    "paper_rolls": Definition(
        Words("约合纸卷", "About so many rolls"),
        "tenths",
        Words("打印长度按设置的每卷米数折算。", "The metres printed, by the metres of a roll as they are set."),
    ),
    "rolls": Definition(
        Words("换纸卷", "Rolls changed"),
        "count",
        Words("记在本月的换卷（不含撤销的）。", "Rolls noted as changed in the month; without those taken back."),
    ),
}

# Tables: what a cell counts.
TABLES: Final[dict[str, tuple[Words, Words]]] = {
    "by_purpose": (
        Words("按业务", "By line"),
        Words(f"来访登记时选择的业务。{_FEW.zh}", f"The line that was chosen on arrival. {_FEW.en}"),
    ),
    "by_channel": (
        Words("按登记渠道", "By way of registration"),
        Words("自助机或前台登记。", "Registered at the kiosk or at the desk."),
    ),
    "by_day": (Words("按日期", "By day"), Words("中心所在地的日期。", "The day at the site.")),
    "by_hour": (
        Words("按业务和时段", "By line and hour"),
        Words(
            f"到达的整点时段（中心所在地时间）。{_FEW.zh}",
            f"The hour of arrival at the site. {_FEW.en}",
        ),
    ),
    "flow": (
        Words("各类事项", "All kinds"),
        Words(
            "期初 + 新增 + 重开 − 结束 = 期末。新增：本月受理；结束：归档、取消、并案的次数；不含受限事项。",
            "Opening + received + reopened − closed = carried. Closed: filed, cancelled, merged. Sealed cases are not"
            " counted.",
        ),
    ),
    "complaint_class": (
        Words("按类别", "By class"),
        Words(f"本月受理的投诉。{_FEW.zh}", f"Complaints received in the month. {_FEW.en}"),
    ),
    "complaint_severity": (
        Words("按严重程度", "By severity"),
        Words(f"本月受理的投诉。{_FEW.zh}", f"Complaints received in the month. {_FEW.en}"),
    ),
    "complaint_finding": (
        Words("按调查结论", "By finding"),
        Words(
            f"本月受理的投诉，最近一次调查结论。{_FEW.zh}",
            f"Complaints received in the month by their last finding. {_FEW.en}",
        ),
    ),
    "suggestion_topic": (
        Words("按主题", "By topic"),
        Words(f"本月受理的意见建议。{_FEW.zh}", f"Suggestions received in the month. {_FEW.en}"),
    ),
    "visit_day_topics": (
        Words("接访事项主题（户数）", "Matters of visit days by topic (homes)"),
        Words(
            f"本月接访日上反映该主题的户数。{_FEW.zh}",
            f"Homes that brought the topic. {_FEW.en}",
        ),
    ),
    "scores": (
        Words("评分分布", "Scores"),
        Words(
            f"回访时限在本月的评价；某类少于 {small_cells.FEWEST} 个评价的不显示。{_FEW.zh}",
            f"Of the follow-ups due in the month; a kind with fewer than {small_cells.FEWEST} answers is not shown."
            f" {_FEW.en}",
        ),
    ),
}


def figure(code: str, value: int | None, whole: int | None = None) -> Figure:
    """Return a figure under its definition. `whole`: of how many, where it is a rate."""
    of = FIGURES[code]
    return Figure(code, of.name, value, of.unit, of.sentence, whole)
