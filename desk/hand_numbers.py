"""Continue on paper: blank slips for days without the box, and the numbers written on them, entered afterwards."""

import secrets

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from desk import forms
from desk.session import actor
from reception import hand_numbers, lines
from reception.permissions import may, permit
from web.app import now, store
from web.languages import current_site

views = Blueprint("hand_numbers", __name__)


@views.get("/hand-numbers")
def page() -> ResponseReturnValue:
    """Show both forms, with the last number of each line."""
    permit(actor(), "print_hand_slips" if may(actor(), "print_hand_slips") else "enter_hand_numbers")
    return render_template(
        "hand_numbers.html",
        site=current_site(),
        lines=lines.lines(store()),
        last=hand_numbers.last_numbers(store(), now()),
        entered=request.args.get("entered", 0, type=int),
        nonce=secrets.token_urlsafe(16),
    )


@views.post("/hand-numbers/slips")
def slips() -> ResponseReturnValue:
    """Print blank slips."""
    hand_numbers.print_slips(store(), **forms.fields("count", "nonce"), by=actor(), now=now())
    return forms.lead_to("/printers")


@views.post("/hand-numbers")
def enter() -> ResponseReturnValue:
    """Enter what was written by hand."""
    count = hand_numbers.enter(
        store(), **forms.fields("line", "first", "last", "taken_at", "served", "nonce"), by=actor(), now=now()
    )
    return forms.lead_to(f"/hand-numbers?entered={count}")
