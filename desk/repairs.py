"""Registering repairs at the desk, and completing what was registered."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from desk import forms
from desk.session import actor
from reception import cases, repair_facts, repairs, work_orders
from reception.permissions import permit
from web.app import now, store

views = Blueprint("repairs", __name__)
HINT = _l("Matter, place, time, urgency → receipt and work order")
FIELDS = ("name", "phone", "unit", "category", "content", "place", "convenient_time")


@views.get("/repairs/new")
def new() -> ResponseReturnValue:
    """Show the form; `from` names the case that the repair comes out of."""
    permit(actor(), "register_repair")
    origin = request.args.get("from", "")
    return render_template(
        "repair_new.html",
        categories=repair_facts.CATEGORIES,
        urgencies=repair_facts.URGENCIES,
        workers=work_orders.workers_by_department(store()),
        origin=cases.find(store(), origin, by=actor()) if origin else None,
        **forms.blank(),
    )


@views.post("/repairs")
def register() -> ResponseReturnValue:
    """Register the repair; the second button of the form dispatches it in the same press."""
    case = repairs.register(
        store(),
        **forms.fields("nonce", *FIELDS, "urgency", "worker", "appointed_at"),
        spawned_from=request.form.get("from", ""),
        visit_id=forms.visit_id(),
        dispatch=request.form.get("dispatch") == "1",
        by=actor(),
        now=now(),
    )
    return forms.done(case)


@views.post("/repairs/<no>/amend")
def amend(no: str) -> ResponseReturnValue:
    """Complete or correct what was registered."""
    case = repairs.amend(store(), no=no, **forms.fields(*FIELDS), by=actor(), now=now())
    return forms.lead_to(f"/cases/{case.no}")
