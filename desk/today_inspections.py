"""Groups of 今日待办 about homes at hand-over: where maintenance is awaited, whom to ask for the second acceptance."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from desk.today_tasks import MOST, Found, Group, Task
from reception import inspection_facts, inspection_lists
from reception.case_deadlines import Deadline
from reception.cases import Case
from reception.permissions import Actor
from reception.wording import Words
from web.app import store

PATH: Final = "/inspections"


def _task(case: Case, deadline: Deadline | None = None) -> Task:
    return Task(
        case.no,
        f"/cases/{case.no}",
        inspection_facts.STATES[case.state],
        case.unit.label if case.unit else "",
        case.owner_name,
        deadline.due_at if deadline else None,
        deadline is not None and deadline.stage == "overdue",
    )


def _in(*states: str) -> Callable[[Actor, datetime], Found]:
    def read(by: Actor, at: datetime) -> Found:
        listed = inspection_lists.in_state(store(), *states, by=by, now=at)
        return Found([_task(entry.case, entry.deadline) for entry in listed.entries[:MOST]], listed.total)

    return read


def _to_pass(by: Actor, at: datetime) -> Found:
    found = inspection_lists.to_pass(store(), by=by)
    return Found([_task(case) for case in found[:MOST]], len(found))


GROUPS: Final[tuple[Group, ...]] = (
    Group(
        "inspections_agreed",
        Words("约定的房屋验收，请派人陪同", "Homes to inspect with their owners"),
        "record_inspection",
        PATH,
        _in("appointed", "reappointed"),
    ),
    Group(
        "inspections_checked",
        Words("整改项均已复检，待确认复检合格", "Every defect is checked: to be passed"),
        "pass_inspection",
        PATH,
        _to_pass,
    ),
    Group(
        "inspections_to_ask",
        Words("整改合格、待约业主再次验收", "Owners to be asked for the second acceptance"),
        "arrange_inspection",
        PATH,
        _in("rechecked"),
    ),
    Group(
        "inspections_to_sign",
        Words("已验收、待业主签字", "Homes inspected, to be signed for"),
        "end_inspection",
        PATH,
        _in("inspected"),
    ),
)
