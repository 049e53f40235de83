"""Taking a number: the one form that makes a ticket."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from kiosk.screen import AT_KIOSK
from reception.permissions import KIOSK
from reception.visits import check_in
from web.app import now, store

views = Blueprint("check_in", __name__)


@views.post("/check-in")
def take_number() -> ResponseReturnValue:
    """Register the visit and lead to its page; the same nonce leads to the same page."""
    form = request.form
    ticket = check_in(
        store(),
        line=form.get("line", ""),
        nonce=form.get("nonce", ""),
        name=form.get("name", ""),
        phone=form.get("phone", ""),
        unit=form.get("unit", ""),
        priority=form.get("priority", ""),
        matters=form.getlist("matter"),
        host=form.get("host", ""),
        by=KIOSK,
        now=now(),
    )
    page = f"/T/{ticket.token}"
    if request.headers.get("HX-Request") == "true":
        # A full change of page, but only once the answer is here: a lost connection leaves the screen as it was.
        return "", 204, {"HX-Redirect": page}
    response = redirect(page, 303)
    if request.cookies.get(AT_KIOSK) is None and request.headers.get("Sec-Fetch-Mode") == "navigate":
        response.set_cookie(AT_KIOSK, "1", samesite="Strict", httponly=True)
    return response
