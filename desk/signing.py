"""Review and sign-off at the desk: the form 《接访来访登记表》 on screen, and the page that signs many."""

import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from desk import forms, reveals
from desk.session import actor
from reception import (
    booking_facts,
    cases,
    complaint_facts,
    departments,
    events,
    feedback,
    repair_facts,
    sign_chain,
    sign_deputies,
    sign_ends,
    sign_records,
    sign_reminders,
    signing,
    staff,
)
from reception.cases import Case
from reception.permissions import Actor, may, permit
from reception.rules import clock
from reception.rules.booking_states import acts_in
from web.app import now, store
from web.languages import current_site

views = Blueprint("signing", __name__)


def facts(case: Case) -> dict[str, Any]:
    """Return what the page of a booking, and its form, show of its signatures, and what may be done now."""
    by, booking = actor(), booking_facts.details(store(), case)
    classes = complaint_facts.classes(store(), also=booking.topic)
    due = sign_chain.cut_off(store(), booking.day)
    signing_now = case.state == "signing"
    return {
        "sign_acts": acts_in(case.state),
        "signatures": signing.of_case(store(), case.id),
        "asked_here": sign_records.here(store(), case, by=by, now=now()) if signing_now else [],
        "on_paper": sign_records.on_paper(store(), case) if signing_now and may(by, "record_paper_signature") else [],
        "sign_departments": departments.all_of_them(store()),
        "proposed": complaint_facts.department_of(store(), booking.topic),
        "topics": classes,
        "becomes": sign_ends.BECOMES,
        "repair_categories": repair_facts.CATEGORIES,
        "urgencies": repair_facts.URGENCIES,
        "told_by": feedback.CHANNELS,
        "sign_due": clock.to_text(due),
        "sign_late": events.moment(store(), now()) > due,
        "sign_nonce": secrets.token_urlsafe(16),
    }


@views.get("/visit-day/<no>/form")
def form(no: str) -> ResponseReturnValue:
    """Show the form of a booking to whoever sees it, or signs it: masked."""
    return _form(sign_records.find(store(), no, by=actor(), now=now()))


@views.post("/visit-day/<no>/form/reveal")
def reveal(no: str) -> ResponseReturnValue:
    """Show it with name and phone; the look stands in the history of the booking."""
    return _form(sign_records.reveal(store(), no=no, why=reveals.reason(), by=actor(), now=now()))


def _form(case: Case) -> ResponseReturnValue:
    return render_template(
        "sign_form.html",
        site=current_site(),
        case=case,
        details=booking_facts.details(store(), case),
        state_words=booking_facts.STATES[case.state],
        recorder=sign_records.recorder(store(), case),
        case_seen=cases.within_reach(case, actor()),
        **facts(case),
    )


def _review(*arguments: Any, **said: Any) -> Case:
    return signing.pass_review(*arguments, departments=request.form.getlist("departments"), **said)


def _paper(*arguments: Any, **said: Any) -> Case:
    return signing.sign_on_paper(*arguments, agrees=request.form.get("agrees") != "0", **said)


_SAID = ("opinion", "department", "deadline_on")
# What each step takes besides the booking itself.
STEPS: dict[str, tuple[Callable[..., Case], tuple[str, ...]]] = {
    "prepare": (signing.prepare, ("matter", "topic")),
    "review": (_review, ("wording", "topic", *_SAID)),
    "agree": (signing.sign, ("signature", "inherits", *_SAID)),
    "disagree": (signing.disagree, ("signature", "reason")),
    "paper": (_paper, ("signature", "whose", "inherits", *_SAID)),
    "reword": (signing.reword, ("matter", "reason")),
    "walk-in": (signing.admit_walk_in, _SAID),
    "refuse": (signing.refuse, ("nonce", "reason", "channel", "becomes", "category", "urgency", "place")),
}


@views.post("/visit-day/<no>/sign/<sign_step>")
def go_on(no: str, sign_step: str) -> ResponseReturnValue:
    """Do one step, and show the form as it stands after it."""
    if sign_step not in STEPS:
        abort(404)
    act, names = STEPS[sign_step]
    case = act(store(), no=no, **forms.fields(*names), by=actor(), now=now())
    return forms.lead_to(f"/visit-day/{case.no}/form")


@views.get("/signatures")
def page() -> ResponseReturnValue:
    """Show what the reader is to sign, to review, to decide, and who stands in for whom."""
    permit(actor(), "see_booking_form")
    return render_template("signatures.html", site=current_site(), **_lists(actor()))


def _lists(by: Actor, done: list[tuple[str, str]] | None = None) -> dict[str, Any]:
    def read(act: str, reader: Callable[..., Any]) -> Any:
        return reader(store(), by=by, now=now()) if may(by, act) else []

    return {
        "mine": read("sign_booking", signing.mine),
        "done": done or [],
        "chosen": request.args.get("all") == "1",
        "to_review": read("prepare_booking", sign_reminders.to_review),
        "walked_in": read("admit_walk_in", sign_reminders.walked_in),
        "unsigned": read("refuse_booking", sign_reminders.unsigned),
        "to_tell": read("give_feedback", sign_reminders.owners_to_tell) if may(by, "prepare_booking") else [],
        "deputies": read("name_sign_deputy", sign_deputies.listed),
        "people": staff.active(store(), sign_chain.SIGNERS),
        "sign_departments": departments.all_of_them(store()),
        "nonce": secrets.token_urlsafe(16),
    }


@views.post("/signatures")
def sign_many() -> ResponseReturnValue:
    """Sign what was chosen, and say of each whether it was done."""
    chosen = [tuple(one.partition(":")[::2]) for one in request.form.getlist("chosen")]
    inherit = request.form.get("inherit") == "1"
    done = signing.sign_many(
        store(),
        chosen=[(no, row) for no, row in chosen],
        **forms.fields(*_SAID),
        inherit=inherit,
        by=actor(),
        now=now(),
    )
    name = "_signatures.html" if request.headers.get("HX-Request") == "true" else "signatures.html"
    return render_template(name, site=current_site(), **_lists(actor(), done))


@views.post("/signatures/deputies")
def name_deputy() -> ResponseReturnValue:
    """Name who signs on somebody's behalf."""
    typed = forms.fields("nonce", "whose", "deputy", "from_on", "until_on", "reason")
    sign_deputies.name(store(), **typed, by=actor(), now=now())
    return forms.lead_to("/signatures")


@views.post("/signatures/deputies/<deputy_id>/end")
def end_deputy(deputy_id: str) -> ResponseReturnValue:
    """Let somebody sign for another no more."""
    sign_deputies.end(store(), deputy_id=deputy_id, by=actor(), now=now())
    return forms.lead_to("/signatures")
