"""Booking the visit day at the desk: for who stands here, or walked in on the day; and what may become of a booking."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from desk import forms
from desk.session import actor
from reception import (
    booking_changes,
    booking_days,
    booking_facts,
    booking_owners,
    booking_steps,
    booking_view,
    bookings,
    complaint_facts,
    events,
    identity,
    visit_days,
)
from reception.cases import Case
from reception.permissions import permit
from reception.rules import clock
from reception.rules.booking_states import BEFORE_MEETING
from web.app import now, store
from web.languages import current_site

views = Blueprint("visit_day", __name__)
HINT = _l("Matter for the manager → booking slip")


@views.get("/visit-day/new")
def new() -> ResponseReturnValue:
    """Show the form with the days and times that may be booked."""
    permit(actor(), "book_visit_day")
    at = events.moment(store(), now())
    return render_template(
        "visit_day_new.html",
        offers=booking_days.offers(store(), now=now()),
        today=visit_days.on(store(), clock.local_day(at, current_site().zone)),
        topics=complaint_facts.classes(store()),
        owner_documents={code: identity.DOCUMENTS[code] for code in sorted(identity.OF_THE_OWNER)},
        **forms.blank(),
    )


@views.post("/visit-day")
def book() -> ResponseReturnValue:
    """Book the chosen time; without one the first that is free. `walk_in`: today, for who walked in."""
    said: dict[str, Any] = forms.fields("nonce", "name", "phone", "unit", "matter")
    said |= {"topic": request.form.get("topic") or "other"}
    proof = booking_owners.Proof(
        request.form.get("proof", ""), **forms.fields("agent_name", "agent_phone", "power_seen", "owner_document")
    )
    if request.form.get("walk_in") == "1":
        return forms.done(bookings.book_walk_in(store(), **said, proof=proof, by=actor(), now=now()))
    day, starts = slot()
    case = bookings.book(
        store(), **said, day=day, starts=starts, proof=proof, visit_id=forms.visit_id(), by=actor(), now=now()
    )
    return forms.done(case)


def slot() -> tuple[str, str]:
    """Return the day and the time of the slot that a form chose; empty where it chose none."""
    return booking_days.parted(request.form.get("slot", ""))


def _change(store_: Any, *, no: str, reason: str, by: Any, now: Any) -> Case:
    day, starts = slot()
    return booking_steps.change(store_, no=no, day=day, starts=starts, reason=reason, by=by, now=now)


# The fields that each step takes besides the booking itself.
STEPS: dict[str, tuple[Callable[..., Case], tuple[str, ...]]] = {
    "withdraw": (booking_steps.withdraw, ("reason",)),
    "change": (_change, ("reason",)),
    "ownership": (booking_owners.settle_ownership, ("nonce", "how")),
}


@views.post("/visit-day/<no>/<booking_step>")
def move(no: str, booking_step: str) -> ResponseReturnValue:
    """Do one step of a booking, and show it."""
    if booking_step not in STEPS:
        abort(404)
    act, names = STEPS[booking_step]
    act(store(), no=no, **forms.fields(*names), by=actor(), now=now())
    return forms.lead_to(forms.case_or_list(no))


def facts(case: Case) -> dict[str, Any]:
    """Return what the page of a booking shows of its way, and what may be done now."""
    found = booking_facts.details(store(), case)
    page = booking_view.page(store(), case, now=events.moment(store(), now()))
    return {
        "can": booking_view.acts(store(), case, now=events.moment(store(), now())),
        "offers": page.offers,
        "in_line": page.in_line,
        "ownership_words": booking_facts.OWNERSHIP,
        "changes": booking_changes.of_case(store(), case.id),
        "unsettled": found.ownership == "unchecked" and case.state in BEFORE_MEETING,
        "settled_by": booking_owners.SETTLED_BY,
    }
