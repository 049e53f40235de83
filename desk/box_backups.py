"""Backups at the desk: the red bar after a restore until somebody has read it, and the button that asks for a stick."""

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from desk import forms
from desk.box_words import still_said
from desk.session import actor
from reception import box_backups, restorations
from reception.permissions import may, permit
from web.app import now, store
from web.languages import current_site

views = Blueprint("box_backups", __name__)

# How a wish for the stick ended, by what the unit said of it; whatever else it says is `failed`.
OUTCOMES = {
    "": _l(
        "The backup is being made; this takes some minutes. Leave the stick in until it says here that you may pull it"
        " out."
    ),
    "done": _l("Done: the backup is on the stick, read back and the same. You may pull the stick out now."),
    "no_stick": _l(
        "There is no USB stick in the box, or the box cannot read it. Push it in firmly and press again; if it is the"
        " same again, take a new ordinary one (FAT or exFAT)."
    ),
    "several_sticks": _l("There is more than one USB stick in the box. Leave one in and press again."),
    "full": _l("The stick is full. Take another one, or make room on it, and press again."),
    "restored": _l("The box was put back from a backup meanwhile. Press again."),
    "failed": _l("It did not work; the backups in the box are not touched. Pull the stick out and try another one."),
}


@views.app_context_processor
def _gap() -> dict[str, Any]:
    return {"restored": lambda: restorations.unread(store())}


@views.get("/restored")
def gap() -> ResponseReturnValue:
    """Answer what a restore may have lost, for the live screen."""
    return render_template("_restored.html")


@views.post("/restored/<restoration>/read")
def read(restoration: str) -> ResponseReturnValue:
    """Say that one has read it."""
    restorations.acknowledge(store(), restoration=restoration, by=actor(), now=now())
    return forms.lead_to("/")


@views.get("/box/backup")
def page() -> ResponseReturnValue:
    """Show the button and what became of it, and the last restore."""
    permit(actor(), "back_up_to_stick")
    return render_template("box_backup.html", site=current_site(), last=restorations.latest(store()), **_stick())


@views.get("/box/backup/state")
def state() -> ResponseReturnValue:
    """Answer what became of the last wish, for the live screen."""
    permit(actor(), "back_up_to_stick")
    return render_template("_box_stick.html", **_stick())


@views.post("/box/backup")
def ask() -> ResponseReturnValue:
    """Ask for a backup on the stick."""
    box_backups.ask_stick(store(), by=actor(), now=now())
    return forms.lead_to("/box/backup")


def _stick() -> dict[str, Any]:
    wish = box_backups.last_stick(store(), by=actor())
    words = None
    if wish is not None and (wish["state"] == "asked" or still_said(wish["ended_at"], now())):
        words = OUTCOMES.get(wish["outcome"], OUTCOMES["failed"])
    return {"wish": wish, "wish_words": words, "may_ask": may(actor(), "back_up_to_stick")}
