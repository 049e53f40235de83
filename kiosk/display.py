"""The call display: who is called where, readable from eight metres, never a name."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from reception import lines, self_tests, standing, tickets, visit_day
from reception.permissions import KIOSK
from web import live
from web.app import now, store
from web.languages import current_site

views = Blueprint("display", __name__)


@views.get("/display")
def display() -> ResponseReturnValue:
    """Show the whole screen."""
    return render_template("display.html", site=current_site(), **_calls())


@views.get("/display/calls")
def calls() -> ResponseReturnValue:
    """Answer the calls alone, for the live screen."""
    return render_template("_calls.html", **_calls())


@views.get("/display/events")
def events() -> ResponseReturnValue:
    """Stream what the display watches."""
    return live.answer("queue", "self_test", "site")


@views.post("/display/shown")
def shown() -> ResponseReturnValue:
    """Hear from a display that it shows the running self-test."""
    form = request.form
    self_tests.shown(store(), test_id=form.get("test", ""), display=form.get("display", ""), by=KIOSK, now=now())
    return "", 204


def _calls() -> dict[str, object]:
    return {
        "self_test": self_tests.showing(store(), now()),
        "calls": tickets.current(store()),
        "counters": {counter.no: counter for counter in lines.counters(store())},
        "lines": lines.lines(store()),
        "waiting": standing.waiting_counts(store()),
        "missed": tickets.set_aside(store())[-4:],
        "visit_day": visit_day.upcoming(store(), now=now()),
        "hours": visit_day.HOURS,
    }
