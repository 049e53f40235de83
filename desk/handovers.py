"""Papers left at the desk for somebody: taken in, told, fetched against a signature, or given back."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from desk import forms
from desk.session import actor
from reception import handover_facts, handovers, tellings
from reception.cases import Case
from reception.permissions import permit
from reception.rules.handover_states import handover
from web.app import now, store

views = Blueprint("handovers", __name__)
HINT = _l("For whom, what, where it lies → record in two parts")


@views.get("/handovers/new")
def new() -> ResponseReturnValue:
    """Show the form."""
    permit(actor(), "receive_handover")
    return render_template("handover_new.html", people=handover_facts.who_may_be_sent(store()), **forms.blank())


@views.post("/handovers")
def receive() -> ResponseReturnValue:
    """Take it in; both parts of the record print."""
    case = handovers.receive(
        store(),
        **forms.fields("nonce", "name", "phone", "sender", "to", "unit", "item", "pieces", "place"),
        visit_id=forms.visit_id(),
        by=actor(),
        now=now(),
    )
    return forms.done(case)


# The fields that each step takes besides the case itself.
STEPS: dict[str, tuple[Callable[..., Case], tuple[str, ...]]] = {
    "notify": (handovers.notify, ("channel",)),
    "deliver": (handovers.deliver, ("taken_by", "signed")),
    "give-back": (handovers.give_back, ("reason",)),
    "place": (handovers.moved_to, ("place",)),
}


@views.post("/handovers/<no>/<handover_step>")
def move(no: str, handover_step: str) -> ResponseReturnValue:
    """Do one step of a hand-over, and show it."""
    if handover_step not in STEPS:
        abort(404)
    act, names = STEPS[handover_step]
    return forms.lead_to(f"/cases/{act(store(), no=no, **forms.fields(*names), by=actor(), now=now()).no}")


def facts(case: Case) -> dict[str, Any]:
    """Return what may be done now with it, and who was told."""
    found = handovers.details(store(), case)
    return {
        "acts": handover.acts_in(case.state),
        "told": tellings.of_case(store(), case.id, by=actor()),
        # Whose papers they are knows from whom they come.
        "sent_to_me": found.sender if found.staff_id == actor().id else "",
    }
