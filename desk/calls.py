"""来电登记: a telephone call noted in seconds, in a window over whatever is being done; nothing below it is lost."""

import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from desk import forms, inquiries, lists, visit_day
from desk.session import actor
from reception import (
    about_staff,
    booking_days,
    booking_facts,
    bookings,
    complaint_facts,
    complaints,
    inquiry_facts,
    phone_calls,
    repair_facts,
    repairs,
    seals,
    suggestion_facts,
    suggestions,
)
from reception import inquiries as inquiry_acts
from reception.cases import Case
from reception.permissions import may, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.wording import Words
from web.app import now, store
from web.languages import current_site

views = Blueprint("calls", __name__)
# How a repair comes in without anybody standing here.
SOURCES = ("phone", "patrol")
NO_CASE = Words("不立事项", "No matter of ours")


@views.get("/calls/new")
def new() -> ResponseReturnValue:
    """Show the window's form: home and matter are enough."""
    permit(actor(), "note_call")
    return render_template("_call.html", **_blank())


@views.post("/calls")
def save() -> ResponseReturnValue:
    """Note the call with what it became; the window then stands ready for the next one."""
    permit(actor(), "note_call")
    case = _noted(request.form.get("kind", ""))
    # Whoever took it in for a head sees it no more.
    if case is not None and not seals.is_open(store(), case.id, by=actor()):
        case = None
    if request.headers.get("HX-Request") == "true":
        response = make_response(render_template("_call.html", saved=case, noted=True, **_blank()))
        response.headers["HX-Trigger-After-Swap"] = "call-saved"
        return response
    return forms.done(case) if case else forms.lead_to("/calls")


def _noted(kind: str) -> Case | None:
    source = request.form.get("source") or "phone"
    if kind not in KINDS and kind != "none":
        kind = repair_facts.KIND
    if kind == repair_facts.KIND and source != "phone":
        # Found on a round: nobody called.
        return _repair(request.form.get("nonce", ""), now(), source)
    make = KINDS.get(kind)
    heard = forms.fields("nonce", "transfer_to", "rings")
    if make is None:
        heard |= forms.fields("outcome", "phone") | {"note": request.form.get("content", "")}
        return phone_calls.note(store(), case=None, said=None, **heard, by=actor(), now=now())
    said = {name: value for name, value in request.form.items() if name not in heard}
    return phone_calls.note(store(), case=make, said=said, **heard, by=actor(), now=now())


def _repair(nonce: str, at: datetime, source: str = "phone") -> Case:
    return repairs.register(
        store(),
        nonce=nonce,
        **forms.fields("name", "phone", "unit", "place", "convenient_time", "content"),
        category=request.form.get("category") or "other",
        urgency=request.form.get("urgency") or "ordinary",
        source=source if source in SOURCES else "",
        visit_id=None,
        dispatch=False,
        by=actor(),
        now=at,
    )


def _complaint(nonce: str, at: datetime) -> Case:
    return complaints.register(
        store(),
        nonce=nonce,
        **forms.fields("name", "phone", "unit", "severity"),
        category=request.form.get("class") or "other",
        facts=request.form.get("content", ""),
        source="phone",
        visit_id=None,
        hears=request.form.get("hears", ""),
        accused=(),
        by=actor(),
        now=at,
    )


def _inquiry(nonce: str, at: datetime) -> Case:
    return inquiry_acts.register(
        store(),
        nonce=nonce,
        **forms.fields("name", "phone", "unit", *inquiries.FIELDS),
        category=request.form.get("asked_about") or "other",
        question=request.form.get("content", ""),
        source="phone",
        print_note=False,
        visit_id=None,
        by=actor(),
        now=at,
    )


def _suggestion(nonce: str, at: datetime) -> Case:
    return suggestions.register(
        store(),
        nonce=nonce,
        **forms.fields("name", "phone", "unit"),
        topic=request.form.get("topic") or "other",
        text=request.form.get("content", ""),
        source="phone",
        visit_id=None,
        by=actor(),
        now=at,
    )


def _visit_day(nonce: str, at: datetime) -> Case:
    day, starts = visit_day.slot()
    return bookings.book(
        store(),
        nonce=nonce,
        name=request.form.get("name", ""),
        phone=request.form.get("phone", ""),
        unit=request.form.get("unit", ""),
        matter=request.form.get("content", ""),
        topic=request.form.get("about") or "other",
        day=day,
        starts=starts,
        source="phone",
        by=actor(),
        now=at,
    )


KINDS: dict[str, Callable[[str, datetime], Case]] = {
    repair_facts.KIND: _repair,
    complaint_facts.KIND: _complaint,
    inquiry_facts.KIND: _inquiry,
    suggestion_facts.KIND: _suggestion,
    booking_facts.KIND: _visit_day,
}
NAMES = {
    repair_facts.KIND: (repairs.NAME, "register_repair"),
    complaint_facts.KIND: (complaint_facts.NAME, "register_complaint"),
    inquiry_facts.KIND: (inquiry_facts.NAME, "register_inquiry"),
    suggestion_facts.KIND: (suggestion_facts.NAME, "register_suggestion"),
    booking_facts.KIND: (booking_facts.NAME, "book_visit_day"),
    "none": (NO_CASE, "note_call"),
}


def _blank() -> dict[str, Any]:
    return {
        "nonce": secrets.token_urlsafe(16),
        "categories": repair_facts.CATEGORIES,
        "urgencies": repair_facts.URGENCIES,
        "sources": {code: repair_facts.SOURCES[code] for code in SOURCES},
        "call_kinds": {kind: name for kind, (name, act) in NAMES.items() if may(actor(), act)},
        "classes": complaint_facts.classes(store()),
        "severities": complaint_facts.SEVERITIES,
        "hearers": about_staff.HEARERS,
        "topics": suggestion_facts.topics(store()),
        "outcomes": phone_calls.OUTCOMES,
        "offers": booking_days.offers(store(), now=now()),
        **inquiries.choices(),
    }


def _asked_day(text: str) -> date:
    """Return the day of a list; today where none is asked for. Refuses `date_invalid`."""
    today = clock.local_day(now(), current_site().zone)
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError:
        raise Refused("date_invalid") from None
    if not 1900 <= day.year <= 2200:
        raise Refused("date_invalid")
    return day


@views.get("/calls")
def page() -> ResponseReturnValue:
    """Show the calls of a day."""
    day = _asked_day(request.args.get("day", ""))
    return render_template(
        "calls.html",
        day=day,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        calls=phone_calls.of_day(store(), day, by=actor()),
        outcomes=phone_calls.OUTCOMES,
        kinds=NAMES,
        **lists.shared(),
    )


@views.post("/calls/export")
def export() -> ResponseReturnValue:
    """Answer the calls of a day as a spreadsheet."""
    permit(actor(), "export_lists")
    day = _asked_day(request.form.get("day", ""))
    rows = phone_calls.rows(store(), phone_calls.of_day(store(), day, by=actor()))
    return lists.workbook("calls", _("Phone calls"), phone_calls.columns(), rows, filters={"day": day.isoformat()})
