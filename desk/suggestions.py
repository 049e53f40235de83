"""Suggestions at the desk: received, passed on, answered; and the note for the notice board."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from desk import forms
from desk.session import actor
from reception import cases, departments, suggestion_facts, suggestions
from reception.cases import Case
from reception.permissions import permit
from reception.rules import clock
from reception.rules.suggestion_states import acts_in
from web.app import now, store
from web.languages import current_site

views = Blueprint("suggestions", __name__)
HINT = _l("No name needed")


@views.get("/suggestions/new")
def new() -> ResponseReturnValue:
    """Show the form."""
    permit(actor(), "register_suggestion")
    return render_template("suggestion_new.html", topics=suggestion_facts.topics(store()), **forms.blank())


@views.post("/suggestions")
def register() -> ResponseReturnValue:
    """Receive the suggestion."""
    case = suggestions.register(
        store(),
        **forms.fields("nonce", "name", "phone", "unit", "topic", "text"),
        visit_id=forms.visit_id(),
        by=actor(),
        now=now(),
    )
    return forms.done(case)


def facts(case: Case) -> dict[str, Any]:
    """Return what the page of a suggestion offers now."""
    topic = suggestion_facts.details(store(), case).topic
    return {
        "acts": acts_in(case.state),
        "departments": dict(departments.all_of_them(store())),
        "proposed": suggestion_facts.proposed_department(store(), topic),
    }


@views.post("/suggestions/<no>/forward")
def forward(no: str) -> ResponseReturnValue:
    """Pass it on to the department that decides."""
    case = suggestions.forward(store(), no=no, **forms.fields("department"), by=actor(), now=now())
    return forms.lead_to(f"/cases/{case.no}" if cases.within_reach(case, actor()) else "/cases")


@views.post("/suggestions/<no>/answer")
def answer(no: str) -> ResponseReturnValue:
    """Record the answer."""
    case = suggestions.answer(
        store(),
        no=no,
        **forms.fields("text", "channel"),
        board=request.form.get("board") == "1",
        by=actor(),
        now=now(),
    )
    return forms.lead_to(f"/cases/{case.no}")


@views.get("/suggestions/<no>/board")
def board(no: str) -> ResponseReturnValue:
    """Show the answer as a note to print for the notice board."""
    case, suggestion = suggestions.for_board(store(), no=no, by=actor())
    zone = current_site().zone
    return render_template(
        "suggestion_board.html",
        case=case,
        suggestion=suggestion,
        received_on=clock.local_day(clock.from_text(case.received_at), zone),
        answered_on=clock.local_day(clock.from_text(suggestion.answered_at or case.received_at), zone),
        site=current_site(),
    )
