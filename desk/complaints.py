"""Complaints at the desk: received, passed on, looked into, replied to."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from desk import forms
from desk.session import actor
from reception import about_staff, cases, complaint_facts, complaint_steps, complaints, hearers, seals, staff
from reception.cases import Case
from reception.permissions import may, permit
from reception.rules.complaint_states import acts_in
from web.app import now, store

views = Blueprint("complaints", __name__)
HINT = _l("Facts, category, wish → receipt")


@views.get("/complaints/new")
def new() -> ResponseReturnValue:
    """Show the form."""
    permit(actor(), "register_complaint")
    return render_template(
        "complaint_new.html",
        categories=complaint_facts.classes(store()),
        severities=complaint_facts.SEVERITIES,
        **_private(),
        **forms.blank(),
    )


def _private() -> dict[str, Any]:
    """Return what is asked of a complaint about one of us: of a head whom it is about, of others who shall hear it."""
    hears = may(actor(), "hear_about_staff")
    return {
        "own_hearing": actor().role if hears else "",
        "hearers": about_staff.HEARERS,
        "everybody": about_staff.others(store(), by=actor()) if hears else [],
    }


@views.post("/complaints")
def register() -> ResponseReturnValue:
    """Receive the complaint."""
    case = complaints.register(
        store(),
        **forms.fields("nonce", "name", "phone", "unit", "category", "severity", "facts", "wish"),
        visit_id=forms.visit_id(),
        hears=request.form.get("hears", ""),
        accused=request.form.getlist("accused"),
        by=actor(),
        now=now(),
    )
    # Whoever took it in for a head sees it no more.
    return forms.done(case) if seals.is_open(store(), case.id, by=actor()) else forms.lead_to("/")


def facts(case: Case) -> dict[str, Any]:
    """Return what the page of a complaint shows of its way, and what may be done now."""
    details, acts = complaint_facts.details(store(), case), acts_in(case.state)
    return {
        "acts": acts,
        # What comes next stands open, the rest is folded away.
        "next_act": "investigate" if details.handler and not details.finding else "" if details.finding else "assign",
        "found": complaint_facts.findings(store(), case.id),
        "replies": complaint_facts.replies(store(), case.id),
        "escalations": complaint_facts.escalations(store(), case.id),
        "repeats": complaint_facts.repeats(store(), case, by=actor()),
        "findings": complaint_facts.FINDINGS,
        "severities": complaint_facts.SEVERITIES,
        "classes": complaint_facts.classes(store(), also=details.category),
        "handlers": seals.among(store(), case.id, staff.active(store(), complaint_steps.HANDLERS)),
        "proposed": complaint_facts.proposed_handler(store(), details.category),
        "superiors": seals.among(store(), case.id, staff.active(store(), complaint_steps.SUPERIORS)),
        "shut_out": hearers.shut_out(store(), case.id) if case.sealed else [],
        "accused": about_staff.accused_of(store(), case.id) if case.sealed else [],
        **_private(),
    }


# The fields that each step takes besides the complaint itself.
STEPS: dict[str, tuple[Callable[..., Case], tuple[str, ...]]] = {
    "acknowledge": (complaint_steps.acknowledge, ()),
    "assign": (complaint_steps.assign, ("handler",)),
    "investigate": (complaint_steps.investigate, ("finding", "findings")),
    "hand-up": (complaint_steps.hand_up, ("to", "reason", "plan", "next_update_at", "channel")),
    "regrade": (complaint_steps.regrade, ("category", "severity", "reason")),
    "reopen": (complaint_steps.open_again, ("reason",)),
    "withdraw": (complaint_steps.withdraw, ("reason", "channel")),
    "name": (about_staff.name, ("accused",)),
    "unname": (about_staff.unname, ("accused", "reason")),
    "let-in": (hearers.let_in, ("login",)),
    "share": (about_staff.share, ()),
}


@views.post("/complaints/<no>/<way>")
def move(no: str, way: str) -> ResponseReturnValue:
    """Do one step of a complaint, and show it."""
    if way not in STEPS:
        abort(404)
    act, names = STEPS[way]
    case = act(store(), no=no, **forms.fields(*names), by=actor(), now=now())
    # Who passed it to another department sees it no more.
    return forms.lead_to(f"/cases/{case.no}" if cases.within_reach(case, actor()) else "/cases")


@views.post("/complaints/<no>/seal")
def seal(no: str) -> ResponseReturnValue:
    """Seal a complaint that turned out to be about one of us."""
    accused = request.form.getlist("accused")
    case = about_staff.seal(store(), no=no, **forms.fields("hears"), accused=accused, by=actor(), now=now())
    return forms.lead_to(f"/cases/{case.no}")


@views.post("/complaints/<no>/reply")
def reply(no: str) -> ResponseReturnValue:
    """Record the reply that the person was given."""
    case = complaint_steps.reply(
        store(),
        no=no,
        **forms.fields("text", "channel"),
        merged_too=request.form.get("merged_too") == "1",
        by=actor(),
        now=now(),
    )
    return forms.lead_to(f"/cases/{case.no}")
