"""Homes in custody (房屋托管) at the desk: register, agreement, meters, what the owner is told, end."""

import secrets
from collections.abc import Callable

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from desk import audit_words, forms, reveals
from desk.session import actor
from reception import (
    custody,
    custody_facts,
    custody_form,
    custody_lists,
    custody_readings,
    custody_rounds,
    custody_tellings,
    custody_use,
    events,
    home_files,
)
from reception.custody_facts import SUBJECT, Custody
from reception.feedback import CHANNELS
from reception.permissions import permit
from web.app import now, store
from web.languages import current_site

views = Blueprint("custody", __name__)
DRAFT = ("nonce", "unit", "from_on", "until_on", "keys", "water", "electric", "water_limit", "electric_limit")
STEPS: dict[str, tuple[Callable[..., Custody], tuple[str, ...]]] = {
    "sign": (custody.sign, ("signed",)),
    "withdraw": (custody.withdraw, ("reason",)),
    "readings": (custody_readings.take, ("nonce", "water", "electric")),
    "exchange": (custody_readings.exchange, ("nonce", "meter", "old", "new")),
    "correct": (custody_readings.correct, ("nonce", "reading", "value", "reason")),
    "tell": (custody_tellings.tell, ("telling", "channel", "note")),
    "end": (custody.end, ("water", "electric", "keys_back", "signed", "stated")),
}


@views.get("/custody")
def page() -> ResponseReturnValue:
    """List the homes in custody, or those to be signed, ended, withdrawn."""
    found = custody_lists.listed(store(), show=request.args.get("show", ""), by=actor(), now=now())
    return render_template("custodies.html", found=found, tabs=custody_lists.SHOWN, site=current_site())


@views.get("/custody/new")
def new() -> ResponseReturnValue:
    """Show the form of a new agreement."""
    permit(actor(), "agree_custody")
    return render_template(
        "custody_new.html",
        centre=current_site(),
        today=custody_facts.today(store(), now()).isoformat(),
        # The home is in no address: whoever comes from its file typed it there.
        **forms.blank(),
    )


@views.post("/custody")
def draft() -> ResponseReturnValue:
    """Draw it up; its page is where it is printed and signed."""
    one = custody.draft(store(), **forms.fields(*DRAFT), by=actor(), now=now())
    return forms.lead_to(f"/custody/{one.no}")


@views.get("/custody/<no>")
def one(no: str) -> ResponseReturnValue:
    """Show one, its owner masked."""
    return _show(custody_facts.find(store(), no, by=actor()), whole=False)


@views.post("/custody/<no>/owner")
def reveal(no: str) -> ResponseReturnValue:
    """Show it with the owner's name and telephone; the look is written down."""
    return _show(_revealed(no), whole=True)


@views.post("/custody/<no>/do/<custody_step>")
def move(no: str, custody_step: str) -> ResponseReturnValue:
    """Do one thing with it, and show it."""
    permit(actor(), "see_custody")
    if custody_step not in STEPS:
        abort(404)
    act, names = STEPS[custody_step]
    return forms.lead_to(f"/custody/{act(store(), no=no, **forms.fields(*names), by=actor(), now=now()).no}")


@views.get("/custody/<no>/agreement")
def agreement(no: str) -> ResponseReturnValue:
    """Show the agreement on A4, the owner masked."""
    return _agreement(custody_facts.find(store(), no, by=actor()), whole=False)


@views.post("/custody/<no>/agreement")
def whole_agreement(no: str) -> ResponseReturnValue:
    """Show it with the owner's name, to be signed; the look is written down."""
    return _agreement(_revealed(no), whole=True)


def _revealed(no: str) -> Custody:
    found = custody_facts.find(store(), no, by=actor())
    home_files.reveal(store(), found.unit.label, why=reveals.reason(), by=actor(), now=now())
    return found


def _agreement(found: Custody, *, whole: bool) -> ResponseReturnValue:
    form = custody_form.of(store(), found, whole=whole, by=actor())
    return render_template("filed_custody.html", site=current_site(), form=form, blank=False)


def _show(found: Custody, *, whole: bool) -> ResponseReturnValue:
    readings = custody_use.of(store(), found.id)
    return render_template(
        "custody.html",
        one=found,
        whole=whole,
        owners=custody_facts.owners(store(), found.unit, whole=whole),
        readings=readings,
        use=custody_use.use(found, readings),
        meters=custody_facts.METERS,
        units=custody_facts.UNITS,
        tellings=custody_tellings.of(store(), found, by=actor()),
        rounds=custody_rounds.of_custody(store(), found, by=actor(), now=now()),
        over=custody.over(found, custody_facts.today(store(), now())),
        channels=CHANNELS,
        history=events.history(store(), SUBJECT, found.id),
        nonces={name: secrets.token_urlsafe(16) for name in ("readings", "exchange", "correct")},
        site=current_site(),
    )


@views.app_template_filter()
def custody_act(what: str) -> str:
    """Return an act of its history in the reader's language."""
    return audit_words.act(what, SUBJECT)
