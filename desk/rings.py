"""What rings at every desk: help is wanted at the kiosk, or there is danger; one takes it, the others fall silent."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from desk.session import actor
from reception import rings
from reception.permissions import may, permit
from web.app import now, store

views = Blueprint("rings", __name__)


@views.get("/rings")
def state() -> ResponseReturnValue:
    """Answer what rings, for the live screen."""
    permit(actor(), "see_rings")
    return render_template("_rings.html")


@views.post("/rings/<ring_id>/take")
def take(ring_id: str) -> ResponseReturnValue:
    """Take a ring; an emergency leads to its case."""
    ring = rings.take(store(), ring_id=ring_id, by=actor(), now=now())
    if request.headers.get("HX-Request") == "true":
        # Whoever has a form open keeps it: only what rings changes under his hands.
        return render_template("_rings.html")
    return redirect(f"/cases/{ring.case_no}" if ring.case_no else "/", 303)


@views.app_context_processor
def _ringing() -> dict[str, object]:
    def ringing() -> list[rings.Ring]:
        return rings.ringing(store(), by=actor()) if may(actor(), "see_rings") else []

    return {"ringing": ringing, "taken_by_me": lambda: rings.just_taken(store(), by=actor(), now=now())}
