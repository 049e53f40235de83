"""Official business at the desk: received, led to its counterpart, closed by what came of it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from desk import forms
from desk.session import actor
from reception import officials, staff, tellings
from reception.cases import Case
from reception.permissions import FRONT, permit
from reception.rules.handover_states import official
from web.app import now, store

views = Blueprint("officials", __name__)
HINT = _l("From which body, on what → its counterpart is told")


@views.get("/officials/new")
def new() -> ResponseReturnValue:
    """Show the form."""
    permit(actor(), "receive_official")
    return render_template("official_new.html", hosts=staff.active(store(), tellings.HOSTS), **forms.blank())


@views.post("/officials")
def register() -> ResponseReturnValue:
    """Receive the visitor."""
    case = officials.register(
        store(),
        **forms.fields("nonce", "name", "phone", "organisation", "matter", "counterpart"),
        visit_id=forms.visit_id(),
        by=actor(),
        now=now(),
    )
    return forms.done(case)


# The fields that each step takes besides the case itself.
STEPS: dict[str, tuple[Callable[..., Case], tuple[str, ...]]] = {
    "hand": (officials.hand, ("counterpart",)),
    "close": (officials.close, ("result", "channel")),
}


@views.post("/officials/<no>/<official_step>")
def move(no: str, official_step: str) -> ResponseReturnValue:
    """Do one step, and show it."""
    if official_step not in STEPS:
        abort(404)
    act, names = STEPS[official_step]
    act(store(), no=no, **forms.fields(*names), by=actor(), now=now())
    return forms.lead_to(forms.case_or_list(no))


def facts(case: Case) -> dict[str, Any]:
    """Return what may be done now with it, and who was told."""
    acts = official.acts_in(case.state)
    if actor().role not in FRONT and officials.details(store(), case).counterpart_id != actor().id:
        acts -= {"close"}
    return {
        "acts": acts,
        "told": tellings.of_case(store(), case.id, by=actor()),
        "hosts": staff.active(store(), tellings.HOSTS),
    }
