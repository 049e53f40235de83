"""Passes for goods at the desk: applied for, approved by another, printed, written down from the paper that is back."""

from collections.abc import Callable
from itertools import zip_longest
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from desk import forms
from desk.session import actor
from reception import cases, events, release_facts, release_gate, release_passes, tellings
from reception.cases import Case
from reception.permissions import permit
from reception.rules.release_states import release
from web.app import now, store

views = Blueprint("release_passes", __name__)
HINT = _l("What leaves, on which day → approved → pass for the gate")
# So many lines the form shows at once; more than that is another pass.
LINES = 12


@views.get("/release-passes/new")
def new() -> ResponseReturnValue:
    """Show the form; of a pass that came to nothing it begins with what stood on that (`again`)."""
    permit(actor(), "apply_release")
    return render_template(
        "release_new.html",
        ties=release_facts.TIES,
        relations=release_facts.RELATIONS,
        documents=release_facts.DOCUMENTS,
        agreed=release_facts.AGREED,
        kinds_of_move=release_facts.WHAT,
        today=release_facts.today(store(), events.moment(store(), now())).isoformat(),
        lines=LINES,
        **_begun_with(),
    )


def _begun_with() -> dict[str, Any]:
    facts = forms.blank() | {"old": None, "old_no": request.args.get("again", "")}
    if not facts["old_no"]:
        return facts
    case = cases.find(store(), facts["old_no"], by=actor())
    if case.kind != release_facts.KIND:
        abort(404)
    # A masked name would be registered as it stands.
    known = {"visitor": case} if case.whole and facts["visitor"] is None else {}
    return facts | known | {"old": release_facts.details(store(), case), "old_no": case.no}


@views.post("/release-passes")
def apply() -> ResponseReturnValue:
    """Apply for it; whoever may approve is told."""
    case = release_passes.apply(
        store(),
        **forms.fields("nonce", "unit", "name", "phone", "tie", "moving", "owner_agreed", "valid_on", "plate"),
        items=list(zip_longest(request.form.getlist("item"), request.form.getlist("count"), fillvalue="")),
        visit_id=forms.visit_id(),
        by=actor(),
        now=now(),
    )
    return forms.done(case)


def _lines() -> dict[str, Any]:
    return {"went": request.form.getlist("went"), **forms.fields("time", "rest")}


# What each step takes from its form besides the case itself.
STEPS: dict[str, tuple[Callable[..., Case], Callable[[], dict[str, Any]]]] = {
    "approve": (release_passes.approve, dict),
    "print": (release_passes.print_pass, dict),
    "refuse": (release_passes.refuse, lambda: forms.fields("reason")),
    "enter": (release_gate.enter, _lines),
    "take-back": (release_gate.take_back, dict),
}


@views.post("/release-passes/<no>/<release_step>")
def move(no: str, release_step: str) -> ResponseReturnValue:
    """Do one step of a pass, and show it."""
    if release_step not in STEPS:
        abort(404)
    act, typed = STEPS[release_step]
    return forms.lead_to(f"/cases/{act(store(), no=no, **typed(), by=actor(), now=now()).no}")


def facts(case: Case) -> dict[str, Any]:
    """Return what may be done now with it, whether by the reader, and who was told."""
    over = release_facts.details(store(), case).valid_on < release_facts.today(store(), events.moment(store(), now()))
    return {
        "acts": release.acts_in(case.state) - ({"approve", "print"} if over else set()),
        "mine_to_approve": release_passes.may_approve(store(), case, actor()),
        "over": over,
        "told": tellings.of_case(store(), case.id, by=actor()),
    }
