"""今日待办: what waits for me today, by what I may do; each row leads to where it is done.

Nothing is counted here: every group is a list that stands elsewhere too, read by its own reader. A new subject plugs in
with one `Group` in GROUPS.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from db import paper_care
from desk import (
    today_after,
    today_announcements,
    today_custody,
    today_fees,
    today_heads,
    today_inspections,
    today_months,
    today_procedures,
    today_releases,
    today_signing,
    today_supervisions,
    today_tours,
    today_visit_days,
)
from desk.session import actor
from desk.today_tasks import MOST, Found, Group, Task
from desk.today_visits import expected, left_over, received_apart, without_room
from reception import (
    case_filters,
    case_lists,
    due,
    events,
    notices,
    repair_board,
    sealed_papers,
    supervision_records,
    tickets,
    visit_day_session,
    worker_days,
)
from reception.case_filters import Filter
from reception.estate import Unit
from reception.notices import Notice
from reception.permissions import HEADS, Actor, may, permit
from reception.rules import clock
from reception.wording import Words
from web.app import now, store
from web.languages import current_site, minutes_since

views = Blueprint("today", __name__)

FOLLOW_UP: Final = "follow_up"
# A complaint in these states waits for somebody to look into it.
NOBODY_LOOKS: Final = ("received", "acknowledged", "reopened")


def _clocks(found: list[due.Due]) -> Found:
    tasks = [
        Task(
            one.case_no,
            f"/cases/{one.case_no}",
            one.clock_name,
            _home(one.unit),
            one.worker_name or one.owner_name,
            one.due_at,
            one.stage == "overdue",
        )
        for one in found[:MOST]
    ]
    return Found(tasks, len(found))


def _home(unit: Unit | None) -> str:
    return unit.label if unit else ""


def _until_tonight(found: list[due.Due], at: datetime) -> list[due.Due]:
    day = clock.local_day(events.moment(store(), at), current_site().zone)
    tomorrow = case_filters.day_begins(day + timedelta(days=1), current_site().zone)
    return [one for one in found if one.due_at < tomorrow]


def _mine(by: Actor, at: datetime) -> Found:
    found = _until_tonight(due.due_list(store(), by=by, now=at, owner=by.id), at)
    # Whoever is free telephones: follow-ups have a group of their own.
    return _clocks([one for one in found if one.code != FOLLOW_UP])


def _escalated(by: Actor, at: datetime) -> Found:
    return _clocks(due.due_list(store(), by=by, now=at, escalated_to=by.id))


def _overdue(by: Actor, at: datetime) -> Found:
    listed = [one for one in due.due_list(store(), by=by, now=at, most=MOST) if one.stage == "overdue"]
    return Found(_clocks(listed).tasks, due.overdue_count(store(), by=by, now=at))


def _follow_ups(by: Actor, at: datetime) -> Found:
    return _clocks(_until_tonight(due.due_list(store(), by=by, now=at, clock=FOLLOW_UP), at))


def _cards(*states: str) -> Callable[[Actor, datetime], Found]:
    def read(by: Actor, at: datetime) -> Found:
        column = repair_board.to_dispatch(store(), states, most=MOST, by=by, now=at)
        tasks = [
            Task(
                card.no,
                f"/cases/{card.no}",
                card.came_back or card.category,
                _home(card.unit) or card.place,
                "",
                card.deadline.due_at if card.deadline else None,
                card.overdue or card.urgency == "urgent",
            )
            for card in column.cards
        ]
        return Found(tasks, column.total)

    return read


def _unclaimed(by: Actor, at: datetime) -> Found:
    jobs = worker_days.unclaimed(store(), by=by, now=at)
    tasks = [
        Task(
            job.order_no,
            f"/cases/{job.case_no}",
            job.category,
            _home(job.unit) or job.place,
            "",
            job.deadline.due_at if job.deadline else job.appointed_at,
            job.overdue,
        )
        for job in jobs[:MOST]
    ]
    return Found(tasks, len(jobs))


def _cases(kind: str, states: tuple[str, ...] = ()) -> Callable[[Actor, datetime], Found]:
    def read(by: Actor, at: datetime) -> Found:
        listed = case_lists.found(store(), Filter(kind=kind, states=states, sort="deadline"), by=by, now=at)
        tasks = [
            Task(
                entry.case.no,
                f"/cases/{entry.case.no}",
                entry.category or entry.state_words,
                _home(entry.case.unit),
                entry.case.owner_name,
                entry.deadline.due_at if entry.deadline else None,
                kind == "emergency"
                or entry.presses
                or (entry.deadline is not None and entry.deadline.stage == "overdue"),
            )
            for entry in listed.entries[:MOST]
        ]
        return Found(tasks, listed.total)

    return read


def _papers(by: Actor, at: datetime) -> Found:
    count = sum(
        len(sealed_papers.known(store(), read(store()), by=by)) for read in (paper_care.held, paper_care.doubtful)
    )
    words = Words(f"{count} 张纸要看一下", f"{count} to look at")
    return Found([Task("", "/printers#to-do", words, loud=True)] if count else [], count)


def _long_waits(by: Actor, at: datetime) -> Found:
    moment, centre = events.moment(store(), at), current_site()
    waits = [
        (minutes_since(ticket.issued_at, moment), ticket)
        for ticket in sealed_papers.known_tickets(tickets.waiting(store()), by=by)
        if not ticket.session
    ]
    long = sorted((one for one in waits if one[0] >= centre.wait_warn_minutes), key=lambda one: -one[0])
    tasks = [
        Task(
            ticket.no,
            "/",
            ticket.line_name,
            who=_("%(no)s min", no=minutes),
            loud=minutes >= centre.wait_red_minutes,
        )
        for minutes, ticket in long[:MOST]
    ]
    return Found(tasks, len(long))


GROUPS: Final[tuple[Group, ...]] = (
    Group("emergencies", Words("险情", "Dangers"), "see_cases", "/cases?kind=emergency", _cases("emergency")),
    Group("waiting", Words("等候过久的来访者", "Visitors waiting too long"), "see_queue", "/", _long_waits),
    Group("incidents", Words("专项接待", "Special receptions"), "see_incidents", "/special", received_apart),
    Group("expected", Words("今天的来访预约", "Appointments of today"), "see_appointments", "/appointments", expected),
    Group(
        "visit_left",
        Words("接访日未接待完的", "Left over by a visit day"),
        "see_session",
        "/session",
        left_over,
        visit_day_session.RECORDERS,
    ),
    *today_heads.GROUPS,
    *today_releases.GROUPS,
    Group("mine", Words("我的：今天到期和已逾期", "Mine: due today and overdue"), "see_due", "/due?show=mine", _mine),
    *today_signing.GROUPS,
    *today_supervisions.GROUPS,
    Group("escalated", Words("上报给我的", "Handed up to me"), "see_due", "/due?show=escalated", _escalated, HEADS),
    Group(
        "overdue",
        Words("我管的范围内全部逾期", "All that is overdue where I look after"),
        "see_due",
        "/due",
        _overdue,
        HEADS,
    ),
    Group(
        "returned",
        Words("退回的工单", "Orders that came back"),
        "dispatch_repair",
        "/cases?kind=repair&state=returned",
        _cards("returned"),
    ),
    Group(
        "to_dispatch",
        Words("还没有派工的报修", "Repairs nobody was sent to"),
        "dispatch_repair",
        "/cases?kind=repair&state=registered&state=rework",
        _cards("registered", "rework"),
    ),
    Group("unclaimed", Words("没人接的班组工单", "Team orders nobody took"), "see_workers", "/workers", _unclaimed),
    Group(
        "complaints",
        Words("还没有人调查的投诉", "Complaints nobody looks into"),
        "assign_complaint",
        "/cases?kind=complaint&state=received&state=acknowledged&state=reopened",
        _cases("complaint", NOBODY_LOOKS),
    ),
    Group(
        "visit_reopened",
        Words("接访事项重新处理，待决定", "Visit-day matters opened again, to decide"),
        "decide_in_visit",
        "/cases?kind=visit-day&state=reopened",
        _cases("visit-day", ("reopened",)),
        supervision_records.OVER_ALL,
    ),
    *today_after.GROUPS,
    Group("follow_ups", Words("今天要做的回访", "Follow-ups to make today"), "follow_up", "/follow-ups", _follow_ups),
    Group(
        "visit_day_room",
        Words("接访日的房间被占用", "Somebody has the visit day's room"),
        "manage_rooms",
        "/rooms",
        without_room,
    ),
    *today_visit_days.GROUPS,
    *today_months.GROUPS,
    *today_tours.GROUPS,
    *today_procedures.GROUPS,
    *today_inspections.GROUPS,
    *today_announcements.GROUPS,
    *today_fees.GROUPS,
    *today_custody.GROUPS,
    Group("papers", Words("出了问题的纸", "Papers in trouble"), "see_printers", "/printers#to-do", _papers),
)


@views.get("/today")
def page() -> ResponseReturnValue:
    """Show what waits for whoever looks."""
    return render_template("today.html", site=current_site(), **_facts())


@views.get("/today/list")
def listing() -> ResponseReturnValue:
    """Answer it, for the live screen."""
    return render_template("_today.html", **_facts())


def _facts() -> dict[str, Any]:
    by, at = actor(), now()
    permit(by, "see_cases")
    found = [(group, group.read(by, at)) for group in GROUPS if by.role in group.roles and may(by, group.act)]
    return {
        "groups": [(group, of_it) for group, of_it in found if of_it.total],
        "quiet": [group for group, of_it in found if not of_it.total],
        "notices": notices_today(),
        "unconfirmed": by.unconfirmed,
        "clock_behind": events.clock_is_behind(store(), at),
    }


@views.app_template_global()
def notices_today() -> list[Notice]:
    """Return what the centre tells today: staff see it too."""
    return notices.today_s(store(), clock.local_day(events.moment(store(), now()), current_site().zone))
