"""Inquiries at the desk: taken in and answered, or promised, somebody asked, replied to."""

import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from desk import forms
from desk.session import actor
from reception import cases, departments, inquiries, inquiry_facts, inquiry_steps, staff
from reception.cases import Case
from reception.permissions import permit
from reception.rules.inquiry_states import acts_in
from web.app import now, store

views = Blueprint("inquiries", __name__)
HINT = _l("Question → answer, or a time for it")

# What a form of an inquiry says, whichever window it stands in.
FIELDS = ("way", "answer", "saved", "reply_due", "department", "expert")


def choices() -> dict[str, Any]:
    """Return what the forms of an inquiry offer."""
    return {
        "inquiry_categories": inquiry_facts.categories(store()),
        "ways": inquiry_facts.WAYS,
        "departments": dict(departments.all_of_them(store())),
        "experts": staff.active(store(), inquiry_steps.EXPERTS),
    }


@views.get("/inquiries/new")
def new() -> ResponseReturnValue:
    """Show the form."""
    permit(actor(), "register_inquiry")
    return render_template("inquiry_new.html", **choices(), **forms.blank())


@views.post("/inquiries")
def register() -> ResponseReturnValue:
    """Take the inquiry in."""
    # Who the visitor is stands in his visit; a case keeps it only where somebody is to be told later.
    person = ("name", "phone", "unit") if request.form.get("way") == inquiry_facts.PROMISED else ()
    case = inquiries.register(
        store(),
        **forms.fields("nonce", "category", "question", *FIELDS, *person),
        print_note=request.form.get("print_note") == "1",
        visit_id=forms.visit_id(),
        by=actor(),
        now=now(),
    )
    return forms.done(case)


def facts(case: Case) -> dict[str, Any]:
    """Return what the page of an inquiry shows of its way, and what may be done now."""
    return {
        "acts": acts_in(case.state),
        "promises": inquiry_facts.promises(store(), case.id),
        "consultations": inquiry_facts.consultations(store(), case.id),
        "advice": inquiry_facts.advice(store(), case.id),
        "answers": inquiry_facts.answers(store(), case.id),
        "answer_nonce": secrets.token_urlsafe(16),
        **choices(),
    }


# The fields that each step takes besides the inquiry itself.
STEPS: dict[str, tuple[Callable[..., Case], tuple[str, ...]]] = {
    "consult": (inquiry_steps.consult, ("department", "expert", "note")),
    "advise": (inquiry_steps.advise, ("text",)),
    "promise": (inquiry_steps.promise_again, ("reply_due", "reason", "channel")),
    "reply": (inquiry_steps.reply, ("text", "channel", "saved")),
    "ask-again": (inquiry_steps.ask_again, ("question", "reply_due")),
}


@views.post("/inquiries/<no>/<inquiry_step>")
def move(no: str, inquiry_step: str) -> ResponseReturnValue:
    """Do one step of an inquiry, and show it."""
    if inquiry_step not in STEPS:
        abort(404)
    act, names = STEPS[inquiry_step]
    case = act(store(), no=no, **forms.fields(*names), by=actor(), now=now())
    # Who asked another department sees it no more.
    return forms.lead_to(f"/cases/{case.no}" if cases.within_reach(case, actor()) else "/cases")
