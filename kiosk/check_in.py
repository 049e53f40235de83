"""Taking a number: the one form that makes a ticket."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from kiosk.screen import AT_KIOSK, told
from reception import absence
from reception.permissions import KIOSK
from reception.visits import check_in
from web.app import now, store

views = Blueprint("check_in", __name__)


@views.post("/check-in")
def take_number() -> ResponseReturnValue:
    """Register the visit and lead to its page; the same nonce leads to the same page.

    The steps of this screen name the notice that they showed. A program that sends name or telephone shows nobody any:
    nothing is agreed to then.
    """
    form = request.form
    ours = "notice" in form or "building" in form
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
        by=told(KIOSK) if ours else KIOSK,
        now=now(),
    )
    page = f"/T/{ticket.token}"
    response = redirect(page, 303)
    if request.cookies.get(AT_KIOSK) is None and request.headers.get("Sec-Fetch-Mode") == "navigate":
        response.set_cookie(AT_KIOSK, "1", samesite="Strict", httponly=True)
    return response


@views.post("/priority")
def priority() -> ResponseReturnValue:
    """Give the number that was just taken priority: one tap, no reason asked."""
    ticket = absence.prioritise(store(), token=request.form.get("token", ""), by=KIOSK, now=now())
    return redirect(f"/T/{ticket.token}", 303)
