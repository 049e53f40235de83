"""来电登记: a telephone call noted in seconds, in a window over whatever is being done; nothing below it is lost."""

import secrets
from typing import Any

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from desk import forms
from desk.session import actor
from reception import complaint_facts, complaints, repair_facts, repairs
from reception.cases import Case
from reception.permissions import permit
from web.app import now, store

views = Blueprint("calls", __name__)
# How a repair comes in without anybody standing here.
SOURCES = ("phone", "patrol")


@views.get("/calls/new")
def new() -> ResponseReturnValue:
    """Show the window's form: home and matter are enough."""
    permit(actor(), "register_repair")
    return render_template("_call.html", **_blank())


@views.post("/calls")
def save() -> ResponseReturnValue:
    """Register what was told; the window then stands ready for the next call."""
    case = _complaint() if request.form.get("kind") == complaint_facts.KIND else _repair()
    if request.headers.get("HX-Request") == "true":
        response = make_response(render_template("_call.html", saved=case, **_blank()))
        response.headers["HX-Trigger-After-Swap"] = "call-saved"
        return response
    return forms.done(case)


def _repair() -> Case:
    source = request.form.get("source", "phone")
    return repairs.register(
        store(),
        **forms.fields("nonce", "name", "phone", "unit", "place", "convenient_time", "content"),
        category=request.form.get("category") or "other",
        urgency=request.form.get("urgency") or "ordinary",
        source=source if source in SOURCES else "",
        visit_id=None,
        dispatch=False,
        by=actor(),
        now=now(),
    )


def _complaint() -> Case:
    return complaints.register(
        store(),
        **forms.fields("nonce", "name", "phone", "unit", "severity"),
        category=request.form.get("class") or "other",
        facts=request.form.get("content", ""),
        source="phone",
        visit_id=None,
        by=actor(),
        now=now(),
    )


def _blank() -> dict[str, Any]:
    return {
        "nonce": secrets.token_urlsafe(16),
        "categories": repair_facts.CATEGORIES,
        "urgencies": repair_facts.URGENCIES,
        "sources": {code: repair_facts.SOURCES[code] for code in SOURCES},
        "call_kinds": {"repair": repairs.NAME, complaint_facts.KIND: complaint_facts.NAME},
        "classes": complaint_facts.classes(store()),
        "severities": complaint_facts.SEVERITIES,
    }
