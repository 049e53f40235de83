"""Booking the visit day at the desk."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from desk import forms
from desk.session import actor
from reception import visit_day, visit_days
from reception.permissions import permit
from web.app import now, store

views = Blueprint("visit_day", __name__)
HINT = _l("Matter for the manager → booking slip")


@views.get("/visit-day/new")
def new() -> ResponseReturnValue:
    """Show the form with the next visit day."""
    permit(actor(), "book_visit_day")
    return render_template("visit_day_new.html", visit_day=visit_days.upcoming(store(), now=now()), **forms.blank())


@views.post("/visit-day")
def book() -> ResponseReturnValue:
    """Book the next visit day."""
    case = visit_day.book(
        store(),
        **forms.fields("nonce", "name", "phone", "unit", "matter"),
        visit_id=forms.visit_id(),
        by=actor(),
        now=now(),
    )
    return forms.done(case)
