"""The morning self-test at the desk: one press, and how each device answered."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from desk.session import actor
from reception import self_tests
from reception.permissions import permit
from web.app import now, store

views = Blueprint("self_test", __name__)


@views.post("/self-test")
def run() -> ResponseReturnValue:
    """Try every printer, display and clock."""
    form = request.form
    self_tests.run(store(), nonce=form.get("nonce", ""), desk_clock=form.get("desk_clock", ""), by=actor(), now=now())
    if request.headers.get("HX-Request") == "true":
        return state()
    return redirect("/printers", 303)


@views.get("/self-test")
def state() -> ResponseReturnValue:
    """Answer how the last one stands, for the live screen."""
    permit(actor(), "see_printers")
    return render_template("_self_test.html", self_test=self_tests.latest(store(), now()))
