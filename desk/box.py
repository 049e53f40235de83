"""The status page of the box, for whoever is at the desk: what is wrong, what to do about it, and the time."""

import secrets
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from db import printers
from desk import forms
from desk.box_words import SETTINGS, TROUBLES, still_said, unit_name
from desk.session import actor
from reception import box_care, box_clock, clock_care, power_cut
from reception.permissions import may, permit
from reception.rules import clock
from reception.rules.box_troubles import Trouble
from web.app import now, store
from web.languages import current_site

views = Blueprint("box", __name__)


@views.app_template_filter()
def trouble_words(trouble: Trouble) -> dict[str, str]:
    """Return what is wrong (`is`) and what to do next (`do`), in the reader's language."""
    wrong, then = TROUBLES[trouble.code]
    what = unit_name(trouble.what, _labels()) if trouble.code == "unit_down" else trouble.what
    return {"is": str(wrong) % {"what": what} if what else str(wrong), "do": str(then)}


@views.app_template_filter()
def gigabytes(size: int | None) -> str:
    """Return bytes as readers say them, `112.4 GB`; '' for None."""
    return "" if size is None else f"{size / 1e9:.1f} GB"


def _labels() -> dict[str, str]:
    return {one.name: one.label for one in printers.printers(store())}


@views.app_context_processor
def _grave() -> dict[str, Any]:
    # A clock that is behind has a line of its own at the counter.
    return {
        "box_grave": lambda: [
            one for one in box_care.troubles(store(), now=now()) if one.grave and one.code != "clock_behind"
        ]
    }


@views.get("/box")
def page() -> ResponseReturnValue:
    """Show how the box is."""
    return render_template("box.html", site=current_site(), nonce=secrets.token_urlsafe(16), **_facts())


@views.get("/box/state")
def state() -> ResponseReturnValue:
    """Answer the same as a fragment, for the live screen."""
    return render_template("_box_state.html", **_facts())


@views.get("/box/time")
def time_page() -> ResponseReturnValue:
    """Show the time of the box and the form to set it."""
    permit(actor(), "set_time")
    return render_template("box_time.html", site=current_site(), **_times())


@views.get("/box/time/state")
def time_state() -> ResponseReturnValue:
    """Answer what became of the last wish to set the time, for the live screen."""
    permit(actor(), "set_time")
    return render_template("_box_time.html", **_times())


@views.post("/box/time")
def set_time() -> ResponseReturnValue:
    """Ask that the clock be set."""
    box_clock.ask(store(), **_time_fields(), by=actor(), now=now())
    return forms.lead_to("/box/time")


@views.post("/box/clock")
def clock_is_right() -> ResponseReturnValue:
    """Say that the clock is right now, after it ran ahead."""
    clock_care.correct(store(), by=actor(), now=now())
    return forms.lead_to("/box")


@views.post("/box/card")
def card() -> ResponseReturnValue:
    """Print the card for days without power."""
    power_cut.print_card(store(), nonce=request.form.get("nonce", ""), by=actor(), now=now())
    return forms.lead_to("/box?printed=1")


def _time_fields() -> dict[str, str]:
    found = forms.fields("day", "time", "sure")
    return {"day": found["day"], "at": found["time"], "sure": found["sure"]}


def _facts() -> dict[str, Any]:
    return {
        "box": box_care.view(store(), by=actor(), now=now()),
        "moment": clock.to_text(now()),
        "setting": box_clock.last(store(), by=actor(), now=now()),
        "may_set": may(actor(), "set_time"),
        "keeper_phone": current_site().keeper_phone,
    }


def _times() -> dict[str, Any]:
    found = box_clock.last(store(), by=actor(), now=now())
    words = None
    if found is not None and (found.state == "asked" or still_said(found.at, now())):
        words = str(SETTINGS["left" if found.left else found.outcome or found.state])
    return {"moment": clock.to_text(now()), "setting": found, "setting_words": words, **_facts_of_clock()}


def _facts_of_clock() -> dict[str, Any]:
    seen = box_care.view(store(), by=actor(), now=now())
    return {"box": seen, "behind": any(one.code == "clock_behind" for one in seen.troubles)}
