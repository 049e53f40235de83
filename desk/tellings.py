"""What the reader himself is told, at the head of every page of the desk, until he says that he has seen it."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from desk import forms
from desk.session import actor
from reception import acknowledgements, tellings
from reception.permissions import may, permit
from reception.tellings import Telling
from web.app import now, store

views = Blueprint("tellings", __name__)
# Whoever tells a colleague by telephone is led back to where he did it.
BACK = ("/appointments", "/cases/")


@views.get("/told")
def state() -> ResponseReturnValue:
    """Answer what the reader was told and has not seen, for the live screen."""
    permit(actor(), "see_tellings")
    return render_template("_told.html")


@views.post("/told/<telling_id>")
def acknowledge(telling_id: str) -> ResponseReturnValue:
    """Note that it was seen, or that the reader told it to his colleague."""
    told = acknowledgements.acknowledge(store(), telling_id=telling_id, by=actor(), now=now())
    if request.form.get("here") == "1" and request.headers.get("HX-Request") == "true":
        return render_template("_told.html")
    back = request.form.get("back", "")
    return forms.lead_to(back if back == BACK[0] or back == f"{BACK[1]}{told.case_no}" else "/")


@views.app_context_processor
def _told() -> dict[str, object]:
    def told() -> list[Telling]:
        return tellings.mine(store(), by=actor()) if may(actor(), "see_tellings") else []

    return {"told_me": told}
