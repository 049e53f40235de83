"""Who lives in a home, kept on its page. By POST alone: a home must not stand in an address."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from desk import forms
from desk.session import actor
from reception import estate, events, residents
from reception.permissions import may
from web.app import now, store

views = Blueprint("residents", __name__)


@views.post("/homes/residents")
def add() -> ResponseReturnValue:
    """Add somebody to a home."""
    typed = forms.fields("nonce", "unit", "name", "phone", "relation")
    return _answer(residents.add(store(), **typed, by=actor(), now=now()))


@views.post("/homes/residents/<resident_id>/correct")
def correct(resident_id: str) -> ResponseReturnValue:
    """Correct what is known of somebody."""
    typed = forms.fields("unit", "name", "phone", "relation")
    return _answer(residents.correct(store(), resident_id=resident_id, **typed, by=actor(), now=now()))


@views.post("/homes/residents/<resident_id>/moved-out")
def move_out(resident_id: str) -> ResponseReturnValue:
    """Somebody moved out."""
    unit = request.form.get("unit", "")
    return _answer(residents.move_out(store(), unit=unit, resident_id=resident_id, by=actor(), now=now()))


def facts(home: estate.Unit, *, whole: bool) -> dict[str, Any]:
    """Return what `_residents.html` shows of a home; `whole` only after the act that wrote the look down."""
    keeps = may(actor(), "keep_residents")
    kept = [event for event in events.history(store(), "unit", home.id) if event["what"] in residents.ACTS]
    return {
        "home": home,
        "residents": residents.of_home(store(), home, whole=whole),
        "former": residents.former(store(), home, whole=whole) if keeps else (),
        "kept": kept if keeps else [],
        "relations": residents.RELATIONS,
        "resident_acts": residents.ACTS,
    }


def _answer(home: estate.Unit) -> ResponseReturnValue:
    """Answer the residents as they stand now, masked: the part to htmx, else a page of its own."""
    page = "_residents.html" if request.headers.get("HX-Request") == "true" else "residents_kept.html"
    return render_template(page, **facts(home, whole=False))
