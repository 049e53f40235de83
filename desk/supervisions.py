"""督办 at the desk: what was decided, by when, by whom; done, told, moved, withdrawn."""

import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from desk import forms, lists
from desk.session import actor
from reception import (
    case_lists,
    cases,
    departments,
    events,
    feedback,
    seals,
    staff,
    supervision_lists,
    supervision_records,
    supervisions,
)
from reception import supervision_steps as steps
from reception.cases import Case
from reception.permissions import permit
from reception.refusal import Refused
from reception.rules.supervision_states import acts_in
from reception.supervision_records import Supervision
from reception.wording import Words
from web.app import now, store
from web.languages import current_site

views = Blueprint("supervisions", __name__)


def of_case(case: Case) -> list[Supervision]:
    """Return what the page of a case shows of its follow-through."""
    return supervision_lists.of_case(store(), case.id, by=actor())


def _listed(values: Any, *, most: int = supervision_lists.PAGE) -> supervision_lists.Listed:
    asked = {name: values.get(name, "") for name in ("show", "month")}
    return supervision_lists.listed(store(), **asked, by=actor(), now=now(), most=most)


@views.get("/supervisions")
def page() -> ResponseReturnValue:
    """Show what runs, or what became of it."""
    listed = _listed(request.args)
    return render_template(
        "supervisions.html",
        listed=listed,
        found=listed.found,
        tabs=supervision_lists.SHOWN,
        of_a_month=supervision_lists.OF_A_MONTH,
        **lists.shared(),
    )


@views.post("/supervisions/export")
def export() -> ResponseReturnValue:
    """Answer the list that the screen shows as a spreadsheet."""
    listed = _listed(request.form, most=case_lists.MOST)
    rows = supervision_lists.rows(store(), listed.found)
    filters = {"show": listed.show, "month": listed.month.code}
    return lists.workbook("supervisions", _("Supervision"), supervision_lists.columns(), rows, filters=filters)


@views.get("/supervisions/new")
def new() -> ResponseReturnValue:
    """Show the form; from a case with its number."""
    permit(actor(), "open_supervision")
    no = request.args.get("case", "")
    case = cases.find(store(), no, by=actor()) if no else None
    return render_template(
        "supervision_new.html",
        case=case,
        departments=departments.all_of_them(store()),
        people=_people(case),
        deciders=staff.active(store(), supervisions.DECIDERS),
        nonce=secrets.token_urlsafe(16),
        site=current_site(),
        ticket=None,
    )


def _people(case: Case | None) -> list[tuple[Words, list[tuple[str, str]]]]:
    return [
        (name, _who_may(case.id if case else None, staff.active(store(), supervisions.IN_CHARGE, code)))
        for code, name in departments.all_of_them(store())
    ]


def _who_may(case_id: int | None, people: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return those who may be in charge: of what belongs to a sealed case only whom it is open to."""
    return people if case_id is None else seals.among(store(), case_id, people)


@views.post("/supervisions")
def register() -> ResponseReturnValue:
    """Put a decision under supervision."""
    typed = forms.fields("nonce", "matter", "opinion", "department", "due_on", "charge", "decided_by", "case_no")
    return forms.lead_to(f"/supervisions/{supervisions.open_(store(), **typed, by=actor(), now=now()).no}")


@views.get("/supervisions/<no>")
def one(no: str) -> ResponseReturnValue:
    """Show one, and what may be done now."""
    found = supervision_records.find(store(), no, by=actor())
    return render_template("supervision.html", **_facts(found))


def _facts(found: Supervision) -> dict[str, Any]:
    return {
        "site": current_site(),
        "one": found,
        "acts": acts_in(found.state),
        "may_report": steps.may_report(found, by=actor()),
        "case_seen": found.case_no is not None and _seen(found.case_no),
        "ready": _ready(found),
        "told_when_withdrawn": steps.told_when_withdrawn(store(), found),
        "merged_count": supervision_records.merged_count(store(), found),
        "promises": supervision_lists.promises(store(), found),
        "verdicts": supervision_lists.VERDICTS,
        "people": _who_may(found.case_id, staff.active(store(), supervisions.IN_CHARGE, found.department)),
        "channels": feedback.CHANNELS,
        "history": events.history(store(), supervision_records.SUBJECT, found.id),
        "nonce": secrets.token_urlsafe(16),
    }


def _seen(case_no: str) -> bool:
    """Tell whether the reader sees the case itself: it may lie with another department."""
    try:
        cases.find(store(), case_no, by=actor())
    except Refused:
        return False
    return True


def _ready(found: Supervision) -> str:
    """Return what may be said to the person, ready to be changed."""
    return f"【{current_site().name}】您反映的事项 {found.case_no} 跟进落实：{found.result}" if found.case_no else ""


# What each way asks for besides the supervision.
STEPS: dict[str, tuple[Callable[..., Supervision], tuple[str, ...]]] = {
    "done": (steps.finish, ("result",)),
    "withdraw": (steps.withdraw, ("reason", "text", "channel")),
    "move": (steps.move, ("due_on", "reason", "was")),
    "hand-to": (steps.hand_to, ("charge",)),
    "print": (steps.print_slip, ("nonce",)),
}


@views.post("/supervisions/<no>/<way>")
def go_on(no: str, way: str) -> ResponseReturnValue:
    """Do one step, and show it."""
    permit(actor(), "see_supervisions")
    if way not in STEPS:
        abort(404)
    act, names = STEPS[way]
    found = act(store(), no=no, **forms.fields(*names), by=actor(), now=now())
    return forms.lead_to(f"/supervisions/{found.no}")


@views.post("/supervisions/<no>/tell")
def tell(no: str) -> ResponseReturnValue:
    """Record that the person was told what came of it."""
    found = steps.tell(
        store(),
        no=no,
        **forms.fields("text", "channel"),
        merged_too=request.form.get("merged_too") == "1",
        by=actor(),
        now=now(),
    )
    return forms.lead_to(f"/supervisions/{found.no}")


ACTS = {
    "supervise": _l("decided"),
    "supervision_reminded": _l("reminded at half time"),
    "supervision_overdue": _l("overdue: before the manager"),
    "supervision_done": _l("reported done"),
    "supervision_told": _l("person told"),
    "supervision_moved": _l("deadline changed"),
    "supervision_handed": _l("another in charge"),
    "supervision_withdrawn": _l("decision taken back"),
    "supervision_printed": _l("supervision slip printed"),
    "print_form": _l("form printed"),
    "supervision_set_right": _l("lateness taken back: the clock was wrong"),
}


@views.app_template_filter()
def supervision_act(what: str) -> str:
    """Return an act of its history in the reader's language; '' for one of its papers."""
    return str(ACTS.get(what, ""))
