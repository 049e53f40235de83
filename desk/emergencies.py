"""Emergencies at the desk: entered when told by telephone, and moved on until they are dealt with."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from desk import forms
from desk.session import actor
from reception import emergencies
from reception.permissions import permit
from web.app import now, store

views = Blueprint("emergencies", __name__)
HINT = _l("Gas, burst pipe, lift, fire, injury → slip at once")


@views.get("/emergencies/new")
def new() -> ResponseReturnValue:
    """Show the form."""
    permit(actor(), "register_emergency")
    return render_template("emergency_new.html", hazards=emergencies.HAZARDS, **forms.blank())


@views.post("/emergencies")
def register() -> ResponseReturnValue:
    """Enter it; its slip prints at once."""
    case = emergencies.register(store(), **forms.fields("nonce", "hazard", "place"), by=actor(), now=now())
    return forms.lead_to(f"/cases/{case.no}")


@views.post("/emergencies/<no>/advance")
def advance(no: str) -> ResponseReturnValue:
    """Say that the danger is contained, or dealt with."""
    case = emergencies.advance(store(), no=no, by=actor(), now=now())
    return forms.lead_to(f"/cases/{case.no}")
