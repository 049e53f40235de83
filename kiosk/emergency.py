"""险情求助: what has happened, what to do first, and a call at every desk; never a queue."""

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from kiosk.screen import new_nonce
from reception import emergencies, events, opening, rings
from reception.permissions import KIOSK
from reception.refusal import Refused
from reception.rings import Ring
from web.app import now, store
from web.languages import current_site

views = Blueprint("emergency", __name__)


@views.get("/emergency")
def choose() -> ResponseReturnValue:
    """Ask what has happened."""
    return render_template("emergency.html", site=current_site(), hazards=emergencies.HAZARDS)


@views.get("/emergency/<hazard>")
def confirm(hazard: str) -> ResponseReturnValue:
    """Say what to do first, and ask for the press that alarms: a slip of the finger must not."""
    _known(hazard)
    return render_template("emergency_confirm.html", nonce=new_nonce(), **_facts(hazard))


@views.post("/emergency/<hazard>")
def alarm(hazard: str) -> ResponseReturnValue:
    """Alarm every desk."""
    ring = emergencies.raise_alarm(store(), hazard=hazard, nonce=request.form.get("nonce", ""), by=KIOSK, now=now())
    return redirect(f"/emergency/{hazard}/{ring.id}", 303)


@views.get("/emergency/<hazard>/<ring_id>")
def raised(hazard: str, ring_id: str) -> ResponseReturnValue:
    """Show that the desks were called, and who comes; after a minute without an answer, the telephone."""
    return render_template("emergency_raised.html", **_state(hazard, ring_id))


@views.get("/emergency/<hazard>/<ring_id>/state")
def state(hazard: str, ring_id: str) -> ResponseReturnValue:
    """Answer that alone, for the live screen."""
    return make_response(render_template("_emergency_state.html", **_state(hazard, ring_id)))


def _known(hazard: str) -> None:
    if hazard not in emergencies.HAZARDS:
        raise Refused("hazard_unknown")


def _facts(hazard: str) -> dict[str, Any]:
    return {
        "site": current_site(),
        "hazard": hazard,
        "name": emergencies.HAZARDS[hazard],
        "steps": emergencies.FIRST_STEPS[hazard],
        "phone": emergencies.PHONES.get(hazard, ""),
    }


def _state(hazard: str, ring_id: str) -> dict[str, Any]:
    _known(hazard)
    ring: Ring = rings.find(store(), ring_id)
    if ring.kind != hazard:
        raise Refused("ring_unknown")
    moment = events.moment(store(), now())
    nobody = not opening.opening(store(), now=moment).is_open
    return _facts(hazard) | {
        "ring": ring,
        "by_phone": ring.taken_at is None and (nobody or rings.unanswered(ring, now=moment)),
    }
