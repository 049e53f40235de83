"""Inspections of homes at the desk: agreed, entered from the form that came back, put right, accepted."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from desk import checklists, forms
from desk.session import actor
from reception import inspection_defects, inspection_ends, inspection_facts, inspections, tellings
from reception.cases import Case
from reception.feedback import CHANNELS
from reception.permissions import may, permit
from reception.rules import meters
from reception.rules.inspection_states import inspection
from web.app import now, store
from web.languages import current_site

views = Blueprint("inspections", __name__)
HINT = _l("A home with its owner, item by item → defects to the developer")
FIELDS = ("nonce", "unit", "name", "phone", "developer", "agreed_at", "remark")


@views.get("/inspections/new")
def new() -> ResponseReturnValue:
    """Show the form."""
    permit(actor(), "open_inspection")
    return render_template("inspection_new.html", developer=current_site().inspection_developer, **forms.blank())


@views.post("/inspections")
def begin() -> ResponseReturnValue:
    """Agree on an inspection; maintenance is told."""
    case = inspections.open_inspection(
        store(), **forms.fields(*FIELDS), visit_id=forms.visit_id(), by=actor(), now=now()
    )
    return forms.lead_to(f"/cases/{case.no}")


def _meters() -> dict[str, Any]:
    return {
        "readings": {kind: request.form.get(kind, "") for kind in meters.KINDS},
        "absent": tuple(dict.fromkeys(request.form.getlist("absent"))),
        **forms.fields("reason", "confirmed"),
    }


def _only(*names: str) -> Callable[[], dict[str, Any]]:
    return lambda: forms.fields(*names)


# What each step takes from its form besides the case itself.
STEPS: dict[str, tuple[Callable[..., Case], Callable[[], dict[str, Any]]]] = {
    "reschedule": (inspections.reschedule, _only("agreed_at")),
    "read": (inspections.read, _meters),
    "defect": (inspection_defects.add, _only("nonce", "category", "place", "content", "urgency")),
    "drop": (inspection_defects.drop, _only("defect", "reason")),
    "check": (inspection_defects.check, _only("defect")),
    "inspect": (inspections.inspect, _only("inspector")),
    "pass": (inspections.pass_check, dict),
    "reappoint": (inspections.reappoint, _only("agreed_at", "channel")),
    "accept": (inspection_ends.accept, _only("signed", "channel")),
    "withdraw": (inspection_ends.withdraw, _only("reason", "channel")),
}


@views.post("/inspections/<no>/<inspection_step>")
def move(no: str, inspection_step: str) -> ResponseReturnValue:
    """Do one step of an inspection, and show it."""
    if inspection_step not in STEPS:
        abort(404)
    act, typed = STEPS[inspection_step]
    return forms.lead_to(f"/cases/{act(store(), no=no, **typed(), by=actor(), now=now()).no}")


def facts(case: Case) -> dict[str, Any]:
    """Return what may be done now with it, and the choices of its forms."""
    acts = inspection.acts_in(case.state)
    return checklists.facts(case) | {
        "acts": acts,
        "may_write": bool(acts & {"add_defect", "find_defect"}) and may(actor(), "record_inspection"),
        "meter_names": inspection_facts.METERS,
        "meter_units": meters.UNITS,
        "defect_categories": inspection_facts.CATEGORIES,
        "defect_urgencies": inspection_facts.URGENCIES,
        "inspectors": inspections.inspectors(store()),
        "told_by": CHANNELS,
        "told": tellings.of_case(store(), case.id, by=actor()),
    }
