"""Receiving complaints at the desk."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from desk import forms
from desk.session import actor
from reception import complaints
from reception.permissions import permit
from web.app import now, store

views = Blueprint("complaints", __name__)
HINT = _l("Facts, category, wish → receipt")


@views.get("/complaints/new")
def new() -> ResponseReturnValue:
    """Show the form."""
    permit(actor(), "register_complaint")
    return render_template("complaint_new.html", categories=complaints.CATEGORIES, **forms.blank())


@views.post("/complaints")
def register() -> ResponseReturnValue:
    """Receive the complaint."""
    case = complaints.register(
        store(),
        **forms.fields("nonce", "name", "phone", "unit", "category", "facts", "wish"),
        visit_id=forms.visit_id(),
        by=actor(),
        now=now(),
    )
    return forms.done(case)
