"""The room of whoever telephones (回访台): who is due, the card of a call, what came of it, how much is covered."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from desk import forms, lists
from desk.kinds import KINDS
from desk.session import actor
from reception import (
    call_scripts,
    case_lists,
    follow_up_coverage,
    follow_up_desk,
    follow_up_sheet,
    follow_ups,
    survey_words,
)
from reception.cases import Case
from reception.month_content import HIDDEN
from reception.permissions import permit
from reception.rules import clock
from web.app import now, store
from web.languages import current_site

views = Blueprint("follow_ups", __name__)


@views.get("/follow-ups")
def page() -> ResponseReturnValue:
    """Show who is to be called, what people wrote, and how much of the month is covered."""
    month, covered = follow_up_coverage.of_month(store(), month=request.args.get("month", ""), by=actor(), now=now())
    table = list(zip(*(one.figures for one in covered), strict=True))
    told = {"hidden": HIDDEN, "points_hint": follow_up_coverage.POINTS_HINT}
    return render_template(
        "follow_ups.html", month=month, covered=covered, table=table, **told, **lists.shared(), **_facts()
    )


@views.get("/follow-ups/list")
def listing() -> ResponseReturnValue:
    """Answer the list, for the live screen."""
    return render_template("_follow_ups.html", **_facts())


def _facts() -> dict[str, Any]:
    calls = follow_up_desk.calls(store(), by=actor(), now=now())
    return {
        "sections": [
            (code, name, [one for one in calls if one.standing == code])
            for code, name in follow_up_desk.STANDINGS.items()
        ],
        "takable": follow_up_desk.TAKABLE,
        "needed": follow_ups.ATTEMPTS,
        "apart": current_site().follow_up_again_minutes,
        "kinds": KINDS,
        "unread": survey_words.unread(store(), by=actor()),
        "scores": follow_ups.SCORES,
    }


@views.get("/follow-ups/sheet")
def sheet() -> ResponseReturnValue:
    """Show the calls that are due, as a sheet to be printed."""
    return render_template(
        "follow_up_sheet.html",
        site=current_site(),
        calls=follow_up_sheet.lines(store(), by=actor(), now=now()),
        today=clock.local_day(now(), current_site().zone),
    )


@views.post("/follow-ups/export")
def export() -> ResponseReturnValue:
    """Answer the calls to make as a spreadsheet."""
    permit(actor(), "export_lists")
    found = follow_up_desk.calls(store(), by=actor(), now=now(), most=case_lists.MOST)
    rows = follow_up_desk.rows(store(), found)
    return lists.workbook("follow-ups", _("Follow-up desk"), follow_up_desk.columns(), rows)


@views.post("/follow-ups/coverage/export")
def export_coverage() -> ResponseReturnValue:
    """Answer the coverage of a month as a spreadsheet, each figure with its definition."""
    permit(actor(), "export_lists")
    month, found = follow_up_coverage.of_month(store(), month=request.form.get("month", ""), by=actor(), now=now())
    rows = follow_up_coverage.rows(found)
    filters = {"month": month.code}
    return lists.workbook("coverage", _("Follow-up coverage"), follow_up_coverage.columns(), rows, filters=filters)


@views.post("/follow-ups/<no>/call")
def call(no: str) -> ResponseReturnValue:
    """Take a call, and show its card."""
    case = follow_up_desk.take(store(), no=no, by=actor(), now=now())
    return forms.lead_to(f"/follow-ups/{case.no}")


@views.get("/follow-ups/<no>")
def card(no: str) -> ResponseReturnValue:
    """Show the card of a call that is in the reader's hands: whom, about what, what to say, what came of it before."""
    case = follow_up_desk.card(store(), no=no, by=actor(), now=now())
    return render_template("follow_up_card.html", **_card(case))


def _card(case: Case) -> dict[str, Any]:
    return {
        "site": current_site(),
        "case": case,
        "entry": KINDS[case.kind],
        "matter": follow_up_desk.matter_of(store(), case),
        "script": call_scripts.of_case(store(), case, by=actor()),
        "attempts": [one for one in follow_ups.of_case(store(), case.id) if one.round == case.round],
        "earlier": [one for one in follow_ups.of_case(store(), case.id) if one.round != case.round],
        "own_answers": follow_ups.own_answers(store(), case.id),
        "vain": follow_ups.vain(store(), case),
        "apart": current_site().follow_up_again_minutes,
        "number_wrong": follow_ups.number_wrong(store(), case),
        "methods": follow_ups.METHODS,
        "outcomes": follow_ups.OUTCOMES,
        "scores": follow_ups.SCORES,
    }


def _pressed(press: str) -> dict[str, str]:
    """Return what a press says; what is no outcome can only be points."""
    if press == "nobody":
        return {"reached": "0"}
    if press in follow_ups.OUTCOMES:
        return {"reached": "", "outcome": press}
    return {"reached": "1", "score": press or "0"}


@views.post("/follow-ups/<no>/result")
def result(no: str) -> ResponseReturnValue:
    """Record what came of a call, by one press."""
    typed = forms.fields("method", "comment", "again_at")
    follow_ups.record(store(), no=no, **typed, **_pressed(request.form.get("press", "")), by=actor(), now=now())
    return forms.lead_to("/follow-ups")


@views.post("/follow-ups/<no>/release")
def release(no: str) -> ResponseReturnValue:
    """Put a call back."""
    follow_up_desk.let_go(store(), no=no, by=actor(), now=now())
    return forms.lead_to("/follow-ups")


@views.post("/follow-ups/<no>/phone")
def phone(no: str) -> ResponseReturnValue:
    """Put another number into the case."""
    case = follow_up_desk.correct_phone(store(), no=no, **forms.fields("phone"), by=actor(), now=now())
    return forms.lead_to(f"/follow-ups/{case.no}")


@views.post("/answers/<int(max=999999999999999):answer_id>/read")
def read(answer_id: int) -> ResponseReturnValue:
    """Note that what somebody wrote was read."""
    survey_words.mark_read(store(), answer_id=answer_id, by=actor(), now=now())
    return forms.lead_to("/follow-ups")
