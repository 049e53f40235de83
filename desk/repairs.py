"""Registering and dispatching repairs at the desk."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from desk import forms
from desk.session import actor
from reception import repair_facts, repairs, work_orders
from reception.permissions import permit
from web.app import now, store

views = Blueprint("repairs", __name__)
HINT = _l("Matter, place, time, urgency → receipt and work order")


@views.get("/repairs/new")
def new() -> ResponseReturnValue:
    """Show the form."""
    permit(actor(), "register_repair")
    return render_template(
        "repair_new.html", categories=repair_facts.CATEGORIES, urgencies=repair_facts.URGENCIES, **forms.blank()
    )


@views.post("/repairs")
def register() -> ResponseReturnValue:
    """Register the repair; the second button of the form dispatches it in the same press."""
    case = repairs.register(
        store(),
        **forms.fields("nonce", "name", "phone", "unit", "category", "content", "place", "convenient_time", "urgency"),
        visit_id=forms.visit_id(),
        dispatch=request.form.get("dispatch") == "1",
        by=actor(),
        now=now(),
    )
    return forms.done(case)


@views.post("/repairs/<no>/dispatch")
def dispatch(no: str) -> ResponseReturnValue:
    """Dispatch a repair that was registered earlier."""
    case = work_orders.dispatch(store(), no=no, by=actor(), now=now())
    return redirect(f"/cases/{case.no}", 303)
