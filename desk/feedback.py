"""Telling people (反馈): the text that is ready to send, and the record that it was said."""

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from desk import forms
from desk.session import actor
from reception import case_links, feedback, message_texts
from reception.cases import Case
from web.app import now, store

views = Blueprint("feedback", __name__)

# Which step a ready text tells of, as staff call it.
STEPS = {
    "registered": _l("Registered"),
    "quoted": _l("Price to answer"),
    "dispatched": _l("Worker sent"),
    "rescheduled": _l("Another time"),
    "on_site": _l("On site"),
    "suspended": _l("Paused"),
    "returned": _l("Another worker"),
    "declined": _l("Price declined"),
    "finished": _l("Repaired"),
    "rechecked": _l("Inspected"),
    "signed": _l("Work accepted"),
    "rework": _l("Again"),
    "cancelled": _l("Cancelled"),
    "merged": _l("Merged"),
    "received": _l("Received"),
    "acknowledged": _l("Received"),
    "assigned": _l("Passed on"),
    "investigating": _l("Being looked into"),
    "reopened": _l("Opened again"),
    "booked": _l("Appointment"),
    "confirmed": _l("Appointment"),
    "promised": _l("Answer promised"),
    "forwarded": _l("Passed on"),
    "appointed": _l("Inspection agreed"),
    "inspected": _l("Home inspected"),
    "rectifying": _l("Defects put right"),
    "reappointed": _l("Second acceptance"),
}


@views.post("/cases/<no>/feedback")
def give(no: str) -> ResponseReturnValue:
    """Record that the person was told."""
    case = feedback.give(
        store(),
        no=no,
        **forms.fields("about", "channel", "receiver", "text"),
        merged_too=request.form.get("merged_too") == "1",
        by=actor(),
        now=now(),
    )
    return forms.lead_to(f"/cases/{case.no}")


def facts(case: Case) -> dict[str, Any]:
    """Return what `_ready_text.html` shows of a case."""
    notices = feedback.of_case(store(), case.id)
    return {
        "ready": message_texts.texts(store(), case, now=now()),
        "steps": STEPS,
        "notices": notices,
        "said": {notice.text for notice in notices},
        "channels": feedback.CHANNELS,
        "abouts": feedback.ABOUT,
        "merged_count": sum(link.how == "merged" for link in case_links.of_case(store(), case, by=actor())),
        "may_tell": case.closed_at is None or case.merged_into is not None,
    }
