"""Tours of the estate at the desk: registered, agreed anew, taken from step to step; their papers of A4."""

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from desk import checklists, forms, lists, reveals
from desk.session import actor
from reception import (
    cases,
    events,
    procedure_templates,
    room_table,
    tellings,
    tour_facts,
    tour_lists,
    tour_steps,
    tour_tellings,
    tour_typed,
    tours,
)
from reception import checklists as items
from reception.cases import Case
from reception.feedback import CHANNELS
from reception.permissions import permit
from reception.rules import clock
from reception.rules.tour_states import tour
from reception.tour_departments import HUNDREDS
from web.app import now, store
from web.languages import current_site

views = Blueprint("tours", __name__)
HINT = _l("Who comes, which way → every department prepares → reviewed")
FIELDS: Final = ("nonce", "organisation", "name", "phone", "level", "way", "room", *tour_typed.FIELDS)
# What stands on a sheet: its template.
SHEETS: Final = {
    "plan": "tour_plan.html",
    "review": "tour_review.html",
    "table": "tour_table.html",
    "board": "tour_board.html",
    "signs": "tour_signs.html",
}


@views.get("/tours")
def page() -> ResponseReturnValue:
    """Show the tours of today, those that come, or those that were."""
    show = request.args.get("show", "") or tour_lists.TODAY
    return render_template(
        "tours.html",
        show=show,
        shown=tour_lists.SHOWN,
        found=tour_lists.listed(store(), show=show, by=actor(), now=now()),
        states=tour_facts.STATES,
        **lists.shared(),
    )


@views.get("/tours/new")
def new() -> ResponseReturnValue:
    """Show the form of a tour."""
    permit(actor(), "register_tour")
    return render_template(
        "tour_new.html",
        levels=procedure_templates.variants(store(), tour_facts.TEMPLATE),
        ways=tour_facts.WAYS,
        rooms=room_table.all_rooms(store()),
        today=_today(),
        **forms.blank(),
    )


@views.post("/tours")
def register() -> ResponseReturnValue:
    """Register a tour; its departments are told."""
    case = tours.register(store(), **forms.fields(*FIELDS), visit_id=forms.visit_id(), by=actor(), now=now())
    return forms.lead_to(f"/cases/{case.no}")


# What each step takes from its form besides the case itself.
STEPS: Final[dict[str, tuple[Callable[..., Case], tuple[str, ...]]]] = {
    "approve": (tours.approve, ("reason",)),
    "change": (tours.change, ("nonce", "was", "room", *tour_typed.FIELDS)),
    "prepare": (tour_steps.prepare, ()),
    "check": (tour_steps.check, ()),
    "start": (tour_steps.start, ()),
    "restore": (tour_steps.restore, ()),
    "review": (tour_steps.review, ("well", "better")),
    "file": (tour_steps.file, ("channel",)),
    "cancel": (tours.cancel, ("reason", "channel")),
}


@views.post("/tours/<no>/<tour_step>")
def move(no: str, tour_step: str) -> ResponseReturnValue:
    """Do one step of a tour, and show it."""
    if tour_step not in STEPS:
        abort(404)
    act, names = STEPS[tour_step]
    case = act(store(), no=no, **forms.fields(*names), by=actor(), now=now())
    return forms.lead_to(f"/cases/{case.no}")


@views.get("/tours/<no>/<tour_sheet>")
def sheet(no: str, tour_sheet: str) -> ResponseReturnValue:
    """Show a paper of a tour to print: whole to whoever holds it, masked to everybody else."""
    return _sheet(tour_lists.find(store(), no, by=actor()), tour_sheet)


@views.post("/tours/<no>/<tour_sheet>/whole")
def whole_sheet(no: str, tour_sheet: str) -> ResponseReturnValue:
    """Show it with every name; the look is written down."""
    # Nobody has looked at a sheet that is not there.
    found = tour_lists.find(store(), no, by=actor())
    if tour_sheet not in SHEETS:
        abort(404)
    return _sheet(cases.reveal(store(), found.no, why=reveals.reason(), by=actor(), now=now()), tour_sheet)


def _sheet(case: Case, name: str) -> ResponseReturnValue:
    if name not in SHEETS:
        abort(404)
    tasks = items.of_case(store(), case.id)
    return render_template(
        SHEETS[name],
        site=current_site(),
        case=case,
        tour=tour_facts.details(store(), case, plates=tour_lists.knows_plates(actor())),
        sheet=name,
        tasks_of=_by_department(case, tasks),
        checks=[task for task in tasks if task.gate == "check"],
        happened=tour_facts.happened(store(), case),
        within_reach=cases.within_reach(case, actor()),
    )


def _by_department(case: Case, tasks: list[items.Task]) -> list[tuple[Any, list[items.Task]]]:
    """Return the tasks as the plan shows them: department after department, each by time; what is of none is of the
    one that holds the case."""
    names = {task.department: task.department_name for task in tasks if task.department}
    names[case.department] = case.department_name
    found: dict[str, list[items.Task]] = {code: [] for code in (*HUNDREDS, *names) if code in names}
    for task in sorted(tasks, key=lambda task: task.due_at or ""):
        found[task.department or case.department].append(task)
    return [(names[code], of_it) for code, of_it in found.items() if of_it]


def facts(case: Case) -> dict[str, Any]:
    """Return what may be done now with it, what of it is still open, and who could not be told."""
    return checklists.facts(case) | {
        "acts": tour.acts_in(case.state),
        "gates_open": {task.gate for task in items.of_case(store(), case.id) if task.lacking},
        "was": tours.stamp(store(), case),
        "told_by": CHANNELS,
        "told": tellings.of_case(store(), case.id, by=actor()),
        "unreached": tour_tellings.unreached(store(), case),
        "today": _today(),
        "rooms": {room.code: room.name for room in room_table.all_rooms(store())},
    }


def _today() -> str:
    return clock.local_day(events.moment(store(), now()), current_site().zone).isoformat()
