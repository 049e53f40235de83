"""今日实况: how the centre stands now, live, for its heads: each figure leads to where it can be acted on."""

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from desk import charts
from desk.session import actor
from reception import centre_now
from web.app import now, store
from web.languages import current_site

views = Blueprint("centre_now", __name__)


@views.get("/now")
def page() -> ResponseReturnValue:
    """Show how the centre stands."""
    return render_template("now.html", site=current_site(), **_facts())


@views.get("/now/figures")
def figures() -> ResponseReturnValue:
    """Answer the figures, for the live screen."""
    return render_template("_now.html", **_facts())


def _facts() -> dict[str, Any]:
    found = centre_now.read(store(), by=actor(), now=now())
    most = max((count for _name, count, _late in found.repairs), default=0)
    return {
        "now": found,
        "arrivals": charts.columns([(_("%(hour)s:00", hour=hour), count) for hour, count in found.hours]),
        "repairs": [(name, count, late, charts.share(count, most)) for name, count, late in found.repairs],
    }
