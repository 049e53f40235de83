"""What is done to a case of any kind at the desk: notes, another holder, merging, follow-up, filing."""

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from desk import forms
from desk.session import actor
from reception import (
    case_care,
    case_links,
    events,
    feedback,
    follow_up_claims,
    follow_ups,
    given_by,
    seals,
    staff,
    without_consent,
)
from reception.cases import Case
from reception.kinds import KINDS
from reception.permissions import HEADS, Role
from web.app import now, store
from web.refusals import sentence

views = Blueprint("case_care", __name__)


def facts(case: Case) -> dict[str, Any]:
    """Return what the page of any case shows beside its own details."""
    lacking = case_care.before_filing(store(), case)
    return {
        "notes": case_care.notes(store(), case.id),
        "links": case_links.of_case(store(), case, by=actor()),
        "follow_ups": follow_ups.of_case(store(), case.id),
        "own_answers": follow_ups.own_answers(store(), case.id),
        "answer_channels": follow_ups.CHANNELS,
        "given": given_by.of_case(store(), case.id),
        "vain": follow_ups.vain(store(), case),
        "follow_up_due": follow_ups.due(store(), case),
        "follow_up_now": follow_ups.followed_up_now(case),
        "follow_up_own": follow_ups.worked_on(store(), case, actor()),
        "outcomes": follow_ups.OUTCOMES,
        "caller": follow_up_claims.holder(store(), case.id, at=events.moment(store(), now())),
        "scores": follow_ups.SCORES,
        "methods": follow_ups.METHODS,
        "channels": feedback.CHANNELS,
        "fileable": case.state in KINDS[case.kind].end.filed_from,
        "lacking": sentence(lacking) if lacking else "",
        "closings": without_consent.of_case(store(), case.id),
        "give_up": _give_up(case),
        "holders": seals.among(store(), case.id, staff.active(store(), (*HEADS, Role.RECEPTIONIST, Role.ASSISTANT))),
    }


def _give_up(case: Case) -> dict[str, str] | None:
    """Return what still keeps the reader from closing the case without consent ('' for nothing); None: not offered."""
    lacking = without_consent.before_closing(store(), case)
    if lacking in {"step_not_now", "never_finished"} or not without_consent.may_close(store(), case.no, by=actor()):
        return None
    return {"lacking": sentence(lacking) if lacking else ""}


def _back(case: Case) -> ResponseReturnValue:
    return forms.lead_to(f"/cases/{case.no}")


@views.post("/cases/<no>/note")
def note(no: str) -> ResponseReturnValue:
    """Write a note."""
    return _back(case_care.add_note(store(), no=no, text=request.form.get("text", ""), by=actor(), now=now()))


@views.post("/cases/<no>/assign")
def assign(no: str) -> ResponseReturnValue:
    """Give the case to another holder."""
    return _back(case_care.assign(store(), no=no, owner=request.form.get("owner", ""), by=actor(), now=now()))


@views.post("/cases/<no>/merge")
def merge(no: str) -> ResponseReturnValue:
    """Merge the case into another, and show that one."""
    return _back(case_links.merge(store(), no=no, into=request.form.get("into", ""), by=actor(), now=now()))


@views.post("/cases/<no>/link")
def link(no: str) -> ResponseReturnValue:
    """Say that another case belongs to this one."""
    return _back(case_links.link(store(), no=no, other=request.form.get("other", ""), by=actor(), now=now()))


@views.post("/cases/<no>/follow-up")
def follow_up(no: str) -> ResponseReturnValue:
    """Record a follow-up, or the attempt."""
    form = forms.fields("method", "reached", "score", "comment")
    return _back(follow_ups.record(store(), no=no, **form, by=actor(), now=now()))


@views.post("/cases/<no>/close")
def close(no: str) -> ResponseReturnValue:
    """File the case."""
    return _back(case_care.close(store(), no=no, by=actor(), now=now()))


@views.post("/cases/<no>/close-without-consent")
def close_without_consent(no: str) -> ResponseReturnValue:
    """Close the case though the person does not agree."""
    reason = request.form.get("reason", "")
    return _back(without_consent.close(store(), no=no, reason=reason, by=actor(), now=now()))
