"""The items of a case at the desk, of whatever kind it is: ticked, taken back, let go; what a department has to do."""

from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from desk import forms, lists
from desk.session import actor
from reception import checklists, events
from reception.cases import Case
from reception.procedure_tables import SECTIONS
from reception.rules import clock
from web.app import now, store

views = Blueprint("checklists", __name__)
STEPS = ("tick", "untick", "waive")


@views.post("/cases/<no>/items/<item_step>")
def move(no: str, item_step: str) -> ResponseReturnValue:
    """Tick items, take one back, or let one go; lead back to where it was pressed."""
    if item_step not in STEPS:
        abort(404)
    by, at, form = actor(), now(), request.form
    if item_step == "tick":
        checklists.tick(store(), no=no, items=form.getlist("item"), note=form.get("note", ""), by=by, now=at)
    elif item_step == "untick":
        checklists.untick(store(), no=no, item=form.get("item", ""), by=by, now=at)
    else:
        checklists.waive(store(), no=no, item=form.get("item", ""), reason=form.get("reason", ""), by=by, now=at)
    return forms.lead_to("/tasks" if form.get("back") == "tasks" else f"/cases/{no}")


@views.get("/tasks")
def page() -> ResponseReturnValue:
    """Show what the reader's department has to do at set times."""
    found = checklists.waiting(store(), by=actor(), now=now())
    return render_template(
        "tasks.html", waiting=found, moment=clock.to_text(events.moment(store(), now())), **lists.shared()
    )


def facts(case: Case) -> dict[str, Any]:
    """Return what `_checklist.html` shows of a case: its items by part, and which of them the reader may tick."""
    tasks = checklists.of_case(store(), case.id)
    return {
        "item_parts": checklists.by_part(tasks),
        "item_sections": SECTIONS,
        "items_mine": {task.id for task in tasks if checklists.may_do(task, case, actor())},
        "items_lacking": [task for task in tasks if task.lacking],
    }
