"""Lists of open cases by kind, and the page of one."""

import secrets

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from db import paper_care
from desk import feedback
from desk.kinds import KINDS
from desk.session import actor
from reception import cases, events
from reception.cases import Case
from reception.refusal import Refused
from web.app import now, store
from web.languages import current_site

views = Blueprint("cases", __name__)

ACTS = {
    "open_repair": _l("registered"),
    "open_complaint": _l("received"),
    "open_visit-day": _l("booked"),
    "dispatch": _l("dispatched"),
    "open_emergency": _l("entered"),
    "emergency_contained": _l("danger contained"),
    "emergency_handled": _l("dealt with"),
    "reveal": _l("name and phone shown"),
    "reprint": _l("paper printed again"),
    "void_paper": _l("paper declared void"),
    "move_paper": _l("paper given to another printer"),
    "paper_came_out": _l("paper seen"),
    "give_up_paper": _l("printer no longer waited for"),
}


@views.app_template_filter()
def act_words(what: str) -> str:
    """Return an act of the history in the reader's language."""
    return str(ACTS.get(what, what))


@views.get("/cases")
def listing() -> ResponseReturnValue:
    """List the open cases of one kind."""
    kind = request.args.get("kind", next(iter(KINDS)))
    if kind not in KINDS:
        raise Refused("category_unknown")
    return render_template(
        "cases.html",
        site=current_site(),
        kinds=KINDS,
        chosen=KINDS[kind],
        counts=cases.open_counts(store(), by=actor()),
        found=cases.open_cases(store(), kind, by=actor()),
    )


@views.get("/cases/<no>")
def page(no: str) -> ResponseReturnValue:
    """Show one case: whole to whoever holds it, masked to everybody else."""
    return _page(cases.find(store(), no, by=actor()))


@views.post("/cases/<no>/reveal")
def reveal(no: str) -> ResponseReturnValue:
    """Show one case whole; the look stands in its history."""
    return _page(cases.reveal(store(), no, by=actor(), now=now()))


@views.get("/cases/<no>/papers")
def papers(no: str) -> ResponseReturnValue:
    """Answer the papers of a case, for the live screen."""
    case = cases.find(store(), no, by=actor())
    return render_template("_case_papers.html", case=case, **_papers(case))


def _papers(case: Case) -> dict[str, object]:
    return {"papers": paper_care.of_ref(store(), cases.ref(case)), "nonce": secrets.token_urlsafe(16)}


def _page(case: Case) -> ResponseReturnValue:
    entry = KINDS[case.kind]
    return render_template(
        "case.html",
        site=current_site(),
        case=case,
        entry=entry,
        details=entry.kind.details(store(), case),
        history=events.history(store(), "case", case.id),
        telling=feedback.facts(case),
        **_papers(case),
    )
