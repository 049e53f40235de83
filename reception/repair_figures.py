"""The month's figures of repairs (报修月度统计, domain.md STA-03, K10): each with its definition, from the records."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from db.store import Store
from reception import call_figures, case_filters, case_flow, events, kinds, repair_facts
from reception.case_flow import Month
from reception.cases import OF_OWN_DEPARTMENT
from reception.money_figures import money
from reception.permissions import Actor, permit
from reception.repair_rates import Figure, completion, on_time, satisfaction, times
from reception.rules import clock, flow
from reception.rules.flow import Flow
from reception.wording import Words


@dataclass(frozen=True, slots=True)
class Part:
    """A flow under its name."""

    name: Words
    flow: Flow


@dataclass(frozen=True, slots=True)
class Report:
    """A month: the flow of each kind, that of repairs by each division, and figures in sections."""

    month: Month
    department: str
    kinds: tuple[Part, ...]
    divisions: tuple[tuple[Words, tuple[Part, ...]], ...]
    sections: tuple[tuple[Words, tuple[Figure, ...]], ...]


FLOW_HINT = Words(
    "期初 + 新增 + 重开 − 结束 = 期末。期初、期末：月初、月末（当月为此刻）未结束的事项；新增：本月受理；"
    "重开：已结束后又重新打开的次数；结束：归档（含未经同意结案）、取消、并案的次数。类别等按目前的登记。",
    "Opening + received + reopened − closed = carried. Opening, carried: open at the month's begin and end (now,"
    " while it runs). Reopened: times that one which was over was opened again. Closed: times that one was filed"
    " (also without consent), cancelled or merged. Divided as the cases stand today.",
)
DIVISION_NAMES = {
    "category": (Words("按类别", "By category"), repair_facts.CATEGORIES),
    "liability": (Words("按保修判定", "By liability"), repair_facts.LIABILITIES),
    "urgency": (Words("按紧急程度", "By urgency"), repair_facts.URGENCIES),
}


def report(store: Store, *, month: str = "", department: str = "", by: Actor, now: datetime) -> Report:
    """Return the figures of a month of the site (`2026-11`; '' is the one that runs), of one department or of all.

    A head of department and a team leader see their own department's. Refuses `month_invalid`,
    `department_unknown`.
    """
    permit(by, "see_figures")
    case_filters.parse(store, {"department": [department]})
    of = case_flow.month(store, month, now=now)
    department = by.department if by.role in OF_OWN_DEPARTMENT else department
    values = {
        "begin": of.begin,
        "end": of.end,
        "department": department,
        "now": clock.to_text(events.moment(store, now)),
    }
    repairs = case_flow.divided(store, repair_facts.KIND, of, department, by=by)
    sections: list[tuple[Words, Callable[[Store, dict[str, str]], tuple[Figure, ...]]]] = [
        (Words("按时率", "On time"), on_time),
        (Words("完成与返修", "Done, and done again"), completion),
        (Words("用时（中位数）", "How long (median)"), times),
        (Words("回访与满意度", "Follow-up and satisfaction"), satisfaction),
        (Words("有偿服务", "Paid service"), money),
        (Words("咨询", "Inquiries"), partial(call_figures.inquiries, by=by)),
        (Words("来电", "Calls"), partial(call_figures.calls, by=by)),
    ]
    return Report(
        month=of,
        department=department,
        kinds=tuple(
            Part(kinds.KINDS[kind].name, found)
            for kind, found in case_flow.by_kind(store, of, department, by=by).items()
        ),
        divisions=tuple(
            (title, tuple(Part(name, repairs[code].get(value, flow.NOTHING)) for value, name in names.items()))
            for code, (title, names) in DIVISION_NAMES.items()
        ),
        sections=tuple((title, figures(store, values)) for title, figures in sections),
    )


def columns() -> list[tuple[str, Words]]:
    """Return the columns of the report as a table. Rows are what `rows` gives."""
    return [
        ("section", Words("栏目", "Section")),
        ("name", Words("指标", "Figure")),
        ("value", Words("数值", "Value")),
        ("definition", Words("口径", "Definition")),
    ]


def rows(found: Report) -> list[dict[str, str | Words]]:
    """Return a report as rows of a table: the flows first, then the figures, each with its definition."""
    names = {
        "opening": Words("期初", "opening"),
        "received": Words("新增", "received"),
        "reopened": Words("重开", "reopened"),
        "closed": Words("结束", "closed"),
        "carried": Words("期末", "carried"),
    }
    parts = [(Words("各类事项", "All kinds"), found.kinds), *found.divisions]
    table: list[dict[str, str | Words]] = [
        {
            "section": title,
            "name": Words(f"{part.name.zh} {words.zh}", f"{part.name.en}, {words.en}"),
            "value": str(getattr(part.flow, field)),
            "definition": FLOW_HINT,
        }
        for title, of in parts
        for part in of
        for field, words in names.items()
    ]
    return table + [
        {"section": title, "name": figure.name, "value": figure.shown, "definition": figure.hint}
        for title, figures in found.sections
        for figure in figures
    ]
