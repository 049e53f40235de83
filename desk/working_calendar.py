"""The working calendar at the desk: the days of a year that are not like others, who changed what, and a new notice."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from desk import forms, lists
from desk.session import actor
from reception import calendar_care, visit_day_lists, working_calendar
from reception.permissions import permit
from web.app import now, store

views = Blueprint("working_calendar", __name__)


@views.get("/calendar")
def page() -> ResponseReturnValue:
    """Show a year."""
    permit(actor(), "see_calendar")
    year = visit_day_lists.year_asked(store(), request.args.get("year", ""), now=now())
    return render_template(
        "working_calendar.html",
        year=year,
        official=year in working_calendar.official_years(store()),
        days=calendar_care.of_year(store(), year, by=actor()),
        changes=calendar_care.changes(store(), year, by=actor()),
        kinds=calendar_care.KIND_WORDS,
        sources=calendar_care.SOURCES,
        **lists.shared(),
    )


@views.post("/calendar")
def change() -> ResponseReturnValue:
    """Say that a day is worked, or is not."""
    form = forms.fields("day_on", "kind", "note", "reason")
    calendar_care.set_day(store(), **form, by=actor(), now=now())
    return forms.lead_to(f"/calendar?year={form['day_on'].strip()[:4]}&saved=1")


@views.post("/calendar/take-back")
def take_back() -> ResponseReturnValue:
    """Take the manager's word about a day back."""
    form = forms.fields("day_on", "reason")
    calendar_care.take_back(store(), **form, by=actor(), now=now())
    return forms.lead_to(f"/calendar?year={form['day_on'].strip()[:4]}&saved=1")
