"""Rounds of homes in custody (巡查): what is due, at the desk and on the phone; one press, or a finding; heavy rain."""

import secrets
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from desk import forms, patrols, session, work_door
from reception import custody_facts, custody_rounds, rain_warnings, repair_facts
from reception.cases import Case
from reception.custody_facts import Custody
from reception.patrols import URGENCIES
from reception.permissions import Actor, permit
from reception.refusal import Refused
from web.app import now, store
from web.languages import current_site

views = Blueprint("custody_rounds", __name__)


@views.app_template_global()
def walks_rounds() -> bool:
    """Tell whether the worker whose phone it is walks the rounds of homes in custody."""
    worker = work_door.worker()
    return worker is not None and custody_facts.walks(store(), worker)


@views.get("/custody/rounds")
def page() -> ResponseReturnValue:
    """Show which homes are to be looked at now, why, by when; and the warnings of heavy rain."""
    return render_template("custody_rounds.html", **_facts(session.actor()))


@views.post("/custody/<no>/walked")
def walked(no: str) -> ResponseReturnValue:
    """Everything is in order."""
    _walk(no, session.actor())
    return forms.lead_to("/custody/rounds")


@views.get("/custody/<no>/finding")
def finding(no: str) -> ResponseReturnValue:
    """Show the form of a finding."""
    return render_template("custody_finding.html", **(_finding(no, session.actor()) | forms.blank()))


@views.post("/custody/<no>/finding")
def report(no: str) -> ResponseReturnValue:
    """Report it: its work order goes out, and the owner is to be told."""
    return forms.lead_to(forms.case_or_list(_report(no, session.actor()).no))


@views.post("/custody/rain")
def declare() -> ResponseReturnValue:
    """Declare heavy rain for a day."""
    rain_warnings.declare(store(), **forms.fields("rain_on", "nonce"), by=session.actor(), now=now())
    return forms.lead_to("/custody/rounds")


@views.post("/custody/rain/end")
def end() -> ResponseReturnValue:
    """The rain is over, or did not come."""
    rain_warnings.end(store(), **forms.fields("warning", "came"), by=session.actor(), now=now())
    return forms.lead_to("/custody/rounds")


@views.get("/work/custody")
def on_phone() -> ResponseReturnValue:
    """Show on the phone which homes are to be looked at now."""
    told = request.args.get("told", "")[:20]
    return render_template("work_custody.html", told=told, **_facts(work_door.actor()))


@views.post("/work/custody/<no>/walked")
def walked_on_phone(no: str) -> ResponseReturnValue:
    """Everything is in order."""
    _walk(no, work_door.actor())
    return redirect("/work/custody?told=walked", 303)


@views.get("/work/custody/<no>")
def finding_on_phone(no: str) -> ResponseReturnValue:
    """Show the form of a finding on the phone."""
    return render_template("work_custody_finding.html", site=current_site(), **_finding(no, work_door.actor()))


@views.post("/work/custody/<no>")
def report_on_phone(no: str) -> ResponseReturnValue:
    """Report it; the list says so."""
    return redirect(f"/work/custody?told={_report(no, work_door.actor()).no}", 303)


def _facts(by: Actor) -> dict[str, Any]:
    return {
        "homes": custody_rounds.to_walk(store(), by=by, now=now()),
        "warnings": rain_warnings.listed(store(), by=by),
        "today": custody_facts.today(store(), now()).isoformat(),
        "nonce": secrets.token_urlsafe(16),
        "site": current_site(),
    }


def _walk(no: str, by: Actor) -> Custody:
    marks, nonce = request.form.getlist("mark"), request.form.get("nonce", "")
    return custody_rounds.walk(store(), no=no, marks=marks, nonce=nonce, by=by, now=now())


def _finding(no: str, by: Actor) -> dict[str, Any]:
    permit(by, "walk_custody")
    one = custody_rounds.reach(store(), no, by=by)
    if one.state != "active":
        raise Refused("custody_not_now")
    due = [home for home in custody_rounds.to_walk(store(), by=by, now=now()) if home.custody.id == one.id]
    return {
        "one": one,
        "marks": due[0].marks if due else [],
        "categories": repair_facts.CATEGORIES,
        "urgencies": URGENCIES,
        "nonce": secrets.token_urlsafe(16),
    }


def _report(no: str, by: Actor) -> Case:
    data = patrols.sent_picture()
    nonce, category, place, content, urgency = forms.fields(*patrols.FIELDS).values()
    return custody_rounds.report(
        store(),
        no=no,
        marks=request.form.getlist("mark"),
        nonce=nonce,
        category=category,
        place=place,
        content=content,
        urgency=urgency,
        data=data,
        by=by,
        now=now(),
    )
