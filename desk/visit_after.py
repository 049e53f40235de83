"""What comes after the visit day at the desk: decisions of a matter, the day's summary, its promises, the oversight."""

import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from desk import forms, reveals
from desk.session import actor
from reception import (
    booking_ends,
    common_issues,
    departments,
    oversight,
    resolution_facts,
    resolutions,
    staff,
    supervisions,
    visit_day_figures,
    visit_day_promises,
    visit_day_summaries,
    visit_form,
)
from reception.cases import Case
from reception.permissions import may, permit
from reception.rules.booking_states import acts_in
from reception.rules.numbers import whole
from reception.supervision_lists import VERDICTS
from reception.visit_form import Form
from web.app import now, store
from web.languages import current_site

views = Blueprint("visit_after", __name__)

DECISION = ("nonce", "opinion", "department", "due_on")


def facts(case: Case) -> dict[str, Any]:
    """Return what the page of a booking shows of its decisions, and what may be done now."""
    return {
        "decisions": resolution_facts.of_case(store(), case.id),
        "decision_pending": resolutions.pending(store(), case),
        "decision_acts": acts_in(case.state) & {"decide", "add_decision", "note_signature", "reopen"},
        "may_decide": may(actor(), "decide_in_visit"),
        "signed_words": resolution_facts.SIGNED,
        "departments": departments.all_of_them(store()),
        "decision_nonce": secrets.token_urlsafe(16),
    }


# What each door of a decision asks for besides the case.
WAYS: dict[str, tuple[Callable[..., Case], tuple[str, ...]]] = {
    "decide": (resolutions.decide, DECISION),
    "add-decision": (resolutions.add, (*DECISION, "reason")),
    "read-back": (resolutions.read_back, ("signed",)),
    "signature": (resolutions.note_signature, ("signed",)),
    "open-again": (booking_ends.open_again, ("reason",)),
}


@views.post("/visit-matters/<no>/<decision_step>")
def go_on(no: str, decision_step: str) -> ResponseReturnValue:
    """Do one step of a decision, and show the case."""
    permit(actor(), "decide_in_visit")
    if decision_step not in WAYS:
        abort(404)
    act, names = WAYS[decision_step]
    case = act(store(), no=no, **forms.fields(*names), by=actor(), now=now())
    return forms.lead_to(forms.case_or_list(case.no))


def _day(typed: str) -> int:
    """Return the id of a day as an address gives it; one that no day has where it is none."""
    return whole(typed) or 0


@views.get("/visit-days/<day>/summary")
def summary(day: str) -> ResponseReturnValue:
    """Show the summary of a day: live until it is written."""
    found = visit_day_summaries.of_day(store(), _day(day), by=actor(), now=now())
    return render_template(
        "visit_summary.html",
        site=current_site(),
        found=found,
        counts=visit_day_figures.COUNTS,
        promises=visit_day_figures.PROMISES,
        verdicts=VERDICTS,
        people=staff.active(store(), supervisions.IN_CHARGE) if may(actor(), "prevent_common_issue") else [],
        nonce=secrets.token_urlsafe(16),
    )


@views.post("/visit-days/<day>/summary")
def write(day: str) -> ResponseReturnValue:
    """Write the summary of a day."""
    typed = forms.fields("remarks")
    found = visit_day_summaries.write(store(), day_id=_day(day), **typed, by=actor(), now=now())
    return forms.lead_to(f"/visit-days/{found.id}/summary")


@views.post("/visit-days/<day>/common-issues")
def prevent(day: str) -> ResponseReturnValue:
    """Say what is done against a common issue."""
    typed = forms.fields("nonce", "topic", "action", "owner", "due_on")
    common_issues.prevent(store(), day_id=_day(day), **typed, by=actor(), now=now())
    return forms.lead_to(f"/visit-days/{_day(day)}/summary")


@views.get("/visit-days/<day>/promises")
def promises(day: str) -> ResponseReturnValue:
    """Show every decision of a day as it stands, to be followed and printed."""
    found = visit_day_summaries.of_day(store(), _day(day), by=actor(), now=now())
    return render_template(
        "visit_promises.html",
        site=current_site(),
        found=found,
        rows=visit_day_promises.of_day(store(), found.day.id, by=actor(), now=now()),
        stands=visit_day_figures.PROMISES,
    )


@views.get("/cases/<no>/visit-form")
def form(no: str) -> ResponseReturnValue:
    """Show the form of a booking, masked."""
    return _form(visit_form.form(store(), no=no, by=actor(), now=now()))


@views.post("/cases/<no>/visit-form")
def whole_form(no: str) -> ResponseReturnValue:
    """Show it with the name and the telephone; the look stands in the history of the case."""
    return _form(visit_form.reveal(store(), no=no, why=reveals.reason(), by=actor(), now=now()))


def _form(found: Form) -> ResponseReturnValue:
    return render_template(
        "visit_form.html", site=current_site(), form=found, blank=False, signed_words=resolution_facts.SIGNED
    )


@views.get("/oversight")
def log() -> ResponseReturnValue:
    """Show what broke the rules of the visit days of a period."""
    asked = {name: request.args.get(name, "") for name in ("since", "until")}
    return render_template(
        "oversight.html",
        site=current_site(),
        log=oversight.log(store(), **asked, by=actor(), now=now()),
        days=oversight.days(store(), by=actor(), now=now()),
        most=oversight.MOST,
        nonce=secrets.token_urlsafe(16),
    )


@views.post("/oversight")
def note() -> ResponseReturnValue:
    """Write down what somebody saw."""
    typed = forms.fields("nonce", "text")
    oversight.note(store(), day_id=_day(request.form.get("day", "")), **typed, by=actor(), now=now())
    return forms.lead_to("/oversight")


@views.post("/oversight/<finding>/correct")
def correct(finding: str) -> ResponseReturnValue:
    """Write down how it was put right."""
    typed = forms.fields("correction")
    oversight.correct(store(), finding_id=whole(finding) or 0, **typed, by=actor(), now=now())
    return forms.lead_to("/oversight")
