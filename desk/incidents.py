"""Special receptions (专项接待, SYS-33): the silent key, the card, whom to notify, the record; seen by those let in."""

import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from desk import forms
from desk.session import actor, sitting
from reception import (
    case_care,
    case_form,
    events,
    incident_facts,
    incident_figures,
    incident_lists,
    incident_slips,
    incident_steps,
    incidents,
    lines,
    staff,
)
from reception.cases import Case
from reception.permissions import Role, may, permit
from reception.rules import clock
from reception.rules.incident_states import acts_in
from web.app import now, store
from web.languages import current_site

views = Blueprint("incidents", __name__)
ARRIVAL = ("nonce", "where", "arrival", "organisation", "headcount", "composition", "purpose", "eta", "place")
# Who may be the one concerned: everybody who works here.
STAFF = tuple(role for role in Role if role not in {Role.KIOSK, Role.TOKEN_HOLDER, Role.BOX})


@views.get("/special")
def page() -> ResponseReturnValue:
    """List what the reader was let in to; for the heads the figures of the year."""
    permit(actor(), "see_incidents")
    heads = may(actor(), "see_incident_figures")
    return render_template(
        "special_list.html",
        site=current_site(),
        listed=incident_facts.listed(store(), by=actor()),
        moment=clock.to_text(events.moment(store(), now())),
        figures=incident_figures.of_year(store(), request.args.get("year", ""), by=actor(), now=now())
        if heads
        else None,
    )


@views.post("/special")
def press() -> ResponseReturnValue:
    """Raise it at once: of this counter, and whoever stands there. The answer says nothing."""
    incidents.press(
        store(),
        nonce=request.form.get("nonce", ""),
        counter=sitting().counter,
        # The page of the session says so of itself (session.html).
        in_room=request.form.get("room") == "1",
        by=actor(),
        now=now(),
    )
    return _quiet()


@views.get("/special/live")
def live() -> ResponseReturnValue:
    """Answer what goes on, for the live screen."""
    permit(actor(), "see_incidents")
    return render_template("_special.html")


@views.get("/special/new")
def new() -> ResponseReturnValue:
    """Show the form of an arrival that goes past the queue."""
    permit(actor(), "raise_incident")
    return render_template(
        "special_new.html",
        arrivals=incident_facts.ARRIVALS,
        sites=incident_facts.SITES,
        chosen_site="company" if current_site().incidents_at_company else "office",
        rooms=_rooms(),
        **forms.blank(),
    )


@views.post("/special/new")
def register() -> ResponseReturnValue:
    """Register such an arrival."""
    case = incidents.register(store(), **forms.fields(*ARRIVAL), by=actor(), now=now())
    return forms.lead_to(f"/special/{case.no}")


@views.get("/special/<no>")
def card(no: str) -> ResponseReturnValue:
    """Show the card, whom to notify, and the record."""
    return _page(no)


@views.get("/special/<no>/form")
def sheet(no: str) -> ResponseReturnValue:
    """Show the record as the A4 form of the procedure."""
    case = incident_facts.find(store(), no, by=actor())
    return render_template(
        "special_form.html",
        site=current_site(),
        form=incident_facts.details(store(), case),
        head=case_form.head(store(), case),
        sites=incident_facts.SITES,
        classes=incident_facts.CLASSES,
        notices=incident_lists.notices(store(), case),
        blank=False,
    )


# The fields that each step takes besides the incident itself.
STEPS: dict[str, tuple[Callable[..., Case], tuple[str, ...]]] = {
    "acknowledge": (incidents.acknowledge, ()),
    "lead-away": (incidents.lead_away, ("place",)),
    "classify": (incident_steps.classify, ("where", "letter")),
    "notify": (incident_steps.notify, ("contact", "channel", "reached")),
    "escalate": (incident_steps.escalate, ("reason",)),
    "record": (incident_steps.record, ("version", *incident_steps.FIELDS)),
    "contain": (incident_steps.contain, ()),
    "handle": (incident_steps.handle, ()),
    "report": (incident_steps.report, ()),
    "archive": (incident_steps.archive, ()),
    "study": (incident_steps.keep_study, ("title", "text")),
    "withdraw": (incident_steps.withdraw, ("reason",)),
    "slip": (incident_slips.print_slip, ()),
}


@views.post("/special/<no>/do/<way>")
def move(no: str, way: str) -> ResponseReturnValue:
    """Do one step, and show it."""
    permit(actor(), "work_on_incident")
    if way not in STEPS:
        abort(404)
    act, names = STEPS[way]
    case = act(store(), no=no, **forms.fields(*names), by=actor(), now=now())
    if request.form.get("quiet") == "1":
        return _quiet()
    return forms.lead_to(f"/special/{case.no}")


@views.post("/special/<no>/concerned")
def concerned(no: str) -> ResponseReturnValue:
    """Write down whom of us it concerns."""
    case = incident_steps.name_concerned(
        store(), no=no, logins=request.form.getlist("concerned"), by=actor(), now=now()
    )
    return forms.lead_to(f"/special/{case.no}")


def _quiet() -> ResponseReturnValue:
    """Answer the marks alone: whatever else is on the screen stays as it is."""
    if request.headers.get("HX-Request") == "true":
        return render_template("_special.html")
    return redirect("/", 303)


def _rooms() -> list[str]:
    return [seat.name.zh for seat in lines.counters(store()) if seat.room]


def _page(no: str) -> ResponseReturnValue:
    case = incident_facts.find(store(), no, by=actor())
    record = incident_facts.details(store(), case)
    at = events.moment(store(), now())
    return render_template(
        "special.html",
        site=current_site(),
        case=case,
        record=record,
        acts=acts_in(case.state),
        state=incident_facts.STATES[case.state],
        sites=incident_facts.SITES,
        classes=incident_facts.CLASSES,
        card=incident_lists.card(store(), record.site, record.letter),
        card_kinds=incident_lists.KINDS,
        contacts=incident_lists.contacts(store(), case, record.site, record.letter, now=at),
        channels=incident_lists.CHANNELS,
        notices=incident_lists.notices(store(), case),
        seen=incident_facts.seen_by(store(), case),
        concerned=incident_facts.concerned(store(), case),
        everybody=[one for one in staff.active(store(), STAFF) if one[1] != actor().name],
        notes=case_care.notes(store(), case.id),
        history=events.history(store(), "case", case.id),
        slip=incident_slips.slip_state(store(), case),
        rooms=_rooms(),
        late_record=may(actor(), "archive_incident")
        and bool(record.report_due_at)
        and not record.reported_at
        and record.report_due_at < clock.to_text(at),
    )


@views.app_context_processor
def _marks() -> dict[str, Any]:
    def special() -> list[incident_facts.Live]:
        return incident_facts.live(store(), by=actor()) if may(actor(), "see_incidents") else []

    return {"special": special, "special_nonce": lambda: secrets.token_urlsafe(16)}
