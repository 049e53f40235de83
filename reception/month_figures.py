"""The figures of a month (domain.md SYS-22, K10, RUL-17), whole: what the report shows, and what is frozen.

They are counted as for somebody to whom nothing is sealed open: one row is read by several, so it holds what is sealed
from none of them. What only heads may know is counted for each reader when he looks (`month_apart`).
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from db.store import Store
from reception import (
    call_figures,
    case_flow,
    events,
    follow_up_coverage,
    follow_ups,
    kinds,
    month_matters,
    month_paper,
    month_visits,
    repair_facts,
    repair_figures,
)
from reception.case_flow import Month
from reception.follow_up_coverage import Coverage
from reception.money_figures import money
from reception.month_content import FLOW, GRID, Row, Section, Table
from reception.month_definitions import TABLES
from reception.month_tables import table
from reception.permissions import Actor, Role
from reception.repair_rates import completion, on_time, times
from reception.rules import clock
from reception.rules.flow import NOTHING, Flow
from reception.wording import Words

# Nobody by name: for him nothing sealed is open (`seals.open_to`).
READER: Final = Actor(Role.MANAGER)
# Sections that count what may be sealed (`about_staff.seal`): repairs, dangers and visit days never are (0031b).
OF_SEALABLE: Final = frozenset({"cases", "complaints", "follow_up", "calls", "suggestions", "paper"})
FLOW_COLUMNS: Final = (
    ("opening", Words("期初", "Opening")),
    ("received", Words("新增", "New")),
    ("reopened", Words("重开", "Reopened")),
    ("closed", Words("结束", "Ended")),
    ("carried", Words("期末", "Carried")),
)


def of_month(store: Store, of: Month, *, now: datetime) -> tuple[Section, ...]:
    """Return every figure of a month as the records stand, section by section. An act asks the permission.

    Raises ArithmeticError where a flow does not add up (K3, 19): then nothing is shown and nothing is frozen.
    """
    at = events.moment(store, now)
    values = {"begin": of.begin, "end": of.end, "department": "", "now": clock.to_text(at)}
    return (
        month_visits.section(store, of),
        _cases(store, of),
        _repairs(store, of, values),
        month_matters.complaints(store, of, values, by=READER),
        month_matters.visit_day(store, of, by=READER, at=at),
        _follow_up(store, of, now),
        Section(
            "calls",
            Words("来电与咨询", "Calls and inquiries"),
            (*call_figures.calls(store, values, by=READER), *call_figures.inquiries(store, values, by=READER)),
        ),
        month_matters.suggestions(store, of, by=READER),
        month_paper.section(store, of, by=READER),
    )


def _cases(store: Store, of: Month) -> Section:
    flows = case_flow.by_kind(store, of, by=READER)
    named = {kind: (kinds.KINDS[kind].name, flow) for kind, flow in flows.items()}
    return Section("cases", Words("各类事项", "All kinds"), (), (_flows("flow", TABLES["flow"][0], named),))


def _flows(code: str, name: Words, flows: dict[str, tuple[Words, Flow]]) -> Table:
    for part, (_name, flow) in flows.items():
        if not flow.holds:
            raise ArithmeticError(f"{code} of {part}: {flow} does not add up")
    rows = tuple(Row(part, words, tuple(flow)) for part, (words, flow) in flows.items())
    return Table(code, name, TABLES["flow"][1], FLOW_COLUMNS, rows, FLOW)


def _repairs(store: Store, of: Month, values: dict[str, str]) -> Section:
    divided = case_flow.divided(store, repair_facts.KIND, of, by=READER)
    return Section(
        "repairs",
        kinds.KINDS[repair_facts.KIND].name,
        (*on_time(store, values), *completion(store, values), *times(store, values), *money(store, values)),
        tuple(
            _flows(
                code,
                title,
                {value: (name, divided[code].get(value, NOTHING)) for value, name in names.items()},
            )
            for code, (title, names) in repair_figures.DIVISION_NAMES.items()
        ),
    )


def _follow_up(store: Store, of: Month, now: datetime) -> Section:
    _month, found = follow_up_coverage.of_month(store, month=of.code, by=READER, now=now)
    figures = [
        replace(one, name=Words(f"{kind.name.zh}：{one.name.zh}", f"{kind.name.en}: {one.name.en}"))
        for kind in found
        for one in kind.figures
    ]
    scores = [(str(score), name) for score, name in follow_ups.SCORES.items()]
    return Section(
        "follow_up", Words("回访与满意度", "Follow-up and satisfaction"), tuple(figures), (_scores(found, scores),)
    )


def _scores(found: list[Coverage], scores: list[tuple[str, Words]]) -> Table:
    rows = [(one.kind, one.name, [count for _score, count in one.points]) for one in found if one.points]
    return table("scores", scores, rows, drawn=GRID, few=True)
