"""The call display: who is called where, readable from eight metres, never a name."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from reception import lines, tickets, visit_day
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
    return live.answer("queue", "site")


def _calls() -> dict[str, object]:
    return {
        "calls": tickets.current(store()),
        "counters": {counter.no: counter for counter in lines.counters(store())},
        "lines": lines.lines(store()),
        "waiting": tickets.waiting_by_line(store()),
        "missed": tickets.set_aside(store())[-4:],
        "visit_day": visit_day.upcoming(store(), now=now()),
        "hours": visit_day.HOURS,
    }
