"""在楼人员: who is in the building now, on a screen of any size, and on paper by one press."""

import secrets
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from desk import forms, reveals
from desk.session import actor
from reception import departures, in_building
from reception.evacuation import print_roll
from reception.in_building import Person
from web.app import now, store
from web.languages import current_site

views = Blueprint("inside", __name__)


@views.get("/inside")
def page() -> ResponseReturnValue:
    """Show everybody inside, masked."""
    return _page(in_building.people(store(), by=actor(), now=now()))


@views.get("/inside/list")
def listing() -> ResponseReturnValue:
    """Answer the list, for the live screen."""
    people = in_building.people(store(), by=actor(), now=now())
    return render_template("_inside.html", **_facts(people, whole=False))


@views.post("/inside/reveal")
def reveal() -> ResponseReturnValue:
    """Show everybody by whole name and phone; the look is written down."""
    return _page(in_building.reveal(store(), why=reveals.reason(), by=actor(), now=now()), whole=True)


@views.post("/inside/print")
def to_paper() -> ResponseReturnValue:
    """Print the roll for an evacuation, before everything that waits."""
    print_roll(store(), nonce=request.form.get("nonce", ""), by=actor(), now=now())
    return forms.lead_to("/inside?printed=1")


@views.post("/inside/left")
def left() -> ResponseReturnValue:
    """Note that a visitor has left (离开登记)."""
    departures.leave(store(), ticket_no=request.form.get("ticket", ""), by=actor(), now=now())
    return forms.lead_to("/inside")


@views.post("/inside/host")
def to_host() -> ResponseReturnValue:
    """The visitor at the counter goes on to a department; the counter is free."""
    form = forms.fields("counter", "holding", "host")
    departures.send_to_host(store(), **form, by=actor(), now=now())
    return forms.lead_to("/")


def _page(people: list[Person], *, whole: bool = False) -> ResponseReturnValue:
    return render_template("inside.html", site=current_site(), **_facts(people, whole=whole))


def _facts(people: list[Person], *, whole: bool) -> dict[str, Any]:
    return {
        "people": people,
        "groups": in_building.GROUPS,
        "whole": whole,
        "nonce": secrets.token_urlsafe(16),
    }
