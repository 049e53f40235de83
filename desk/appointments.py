"""Appointments at the desk: who is expected today, booking, checking in, changing; each host sees his own."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from desk import forms, lists
from desk.session import actor
from reception import (
    appointment_arrivals,
    appointment_day,
    appointment_facts,
    appointment_slips,
    appointments,
    repair_facts,
    staff,
    tickets,
)
from reception import tellings as told
from reception.cases import Case
from reception.permissions import FRONT, Role, may, permit
from reception.rules.appointment_states import EXPECTED, acts_in
from web.app import now, store
from web.languages import current_site

views = Blueprint("appointments", __name__)
HINT = _l("Host, day and hour → slip")


@views.get("/appointments")
def page() -> ResponseReturnValue:
    """List who is expected on a day: today, or the one that the address asks for."""
    return render_template("appointments.html", **_listed(), **lists.shared())


@views.get("/appointments/list")
def listing() -> ResponseReturnValue:
    """Answer the list alone, for the live screen."""
    return render_template("_appointments.html", **_listed())


@views.post("/appointments/export")
def export() -> ResponseReturnValue:
    """Answer the list that the screen shows as a spreadsheet."""
    permit(actor(), "export_lists")
    facts = _listed()
    rows = appointment_day.rows(store(), facts["listed"])
    return lists.workbook(
        "appointments", _("Appointments"), appointment_day.columns(), rows, filters={"day": facts["on"].isoformat()}
    )


def _listed() -> dict[str, Any]:
    asked = request.values
    on, mine = appointment_day.day(store(), asked.get("day", ""), now=now()), asked.get("mine", "") == "1"
    return {
        "on": on,
        "mine": mine,
        "today": appointment_day.day(store(), "", now=now()),
        "around": (on - timedelta(days=1), on + timedelta(days=1)),
        # Who was just checked in from this page.
        "here": tickets.of_today(store(), asked.get("here", ""), now=now(), zone=current_site().zone, by=actor()),
        "listed": appointment_day.of_day(store(), on, mine=mine, by=actor(), now=now()),
    }


@views.get("/appointments/new")
def new() -> ResponseReturnValue:
    """Show the form."""
    permit(actor(), "book_appointment")
    return render_template("appointment_new.html", **_choices(), **forms.blank())


def _choices() -> dict[str, Any]:
    """Return the hosts that the reader may book for: the desk everybody's, others their own alone."""
    front = actor().role in FRONT
    return {
        "hosts": staff.active(store(), told.HOSTS) if front else [],
        "minutes": current_site().appointment_minutes,
        "ways": {code: repair_facts.SOURCES[code] for code in appointments.SOURCES},
    }


@views.post("/appointments")
def book() -> ResponseReturnValue:
    """Book the visitor."""
    case = appointments.book(
        store(),
        **forms.fields(
            "nonce", "host", "expected_at", "name", "phone", "unit", "purpose", "bring", "place", "slip", "source"
        ),
        visit_id=forms.visit_id(),
        by=actor(),
        now=now(),
    )
    return forms.done(case)


@views.post("/appointments/check-in")
def check_in() -> ResponseReturnValue:
    """Check in who stands here: by the number on his slip, or the end of his telephone number."""
    ticket = appointment_arrivals.arrive_by(store(), who=request.form.get("who", ""), by=actor(), now=now())
    return forms.lead_to(f"/appointments?here={ticket.no}")


def _arrive(store_: Any, *, no: str, by: Any, now: Any) -> None:
    appointment_arrivals.arrive(store_, no=no, by=by, now=now)


# The fields that each step takes besides the appointment itself.
STEPS: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "change": (appointments.change, ("expected_at", "host", "reason", "channel", "slip")),
    "cancel": (appointments.cancel, ("reason", "channel")),
    "finish": (appointments.finish, ("note",)),
    "arrive": (_arrive, ()),
    "slip": (appointment_slips.print_slip, ()),
}


@views.post("/appointments/<no>/<appointment_step>")
def move(no: str, appointment_step: str) -> ResponseReturnValue:
    """Do one step of an appointment, and show it, or the list that it was done from."""
    if appointment_step not in STEPS:
        abort(404)
    act, names = STEPS[appointment_step]
    act(store(), no=no, **forms.fields(*names), by=actor(), now=now())
    return forms.lead_to("/appointments" if request.form.get("back") == "list" else forms.case_or_list(no))


def facts(case: Case) -> dict[str, Any]:
    """Return what the page of an appointment shows of its way, and what may be done now."""
    found = appointment_facts.details(store(), case)
    mine = actor().role in {*FRONT, Role.MANAGER} or found.host_id == actor().id
    acts = acts_in(case.state) if mine else frozenset()
    if not appointment_arrivals.is_today(store(), found, now()) or not may(actor(), "check_in_appointment"):
        acts -= {"arrive"}
    return {
        "acts": acts,
        "changes": appointment_facts.changes(store(), case.id),
        "told": told.of_case(store(), case.id, by=actor()),
        "hosts": staff.active(store(), told.HOSTS),
        "slip_wanted": case.state in EXPECTED and not appointment_slips.is_printed(store(), case),
        "slip_replaced": found.edition > 1 and case.state in EXPECTED,
    }


@views.app_context_processor
def _expected() -> dict[str, Any]:
    def expected_today() -> int:
        if not may(actor(), "see_appointments"):
            return 0
        return appointment_day.to_come_today(store(), by=actor(), now=now())

    return {"expected_today": expected_today}
