"""The page of a case."""

import secrets

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from db import paper_care
from desk import case_care, feedback, forms, identity, reveals, supervisions
from desk.case_acts import ACTS, DOORS
from desk.kinds import KINDS
from desk.session import actor
from reception import (
    booking_slips,
    case_clocks,
    cases,
    charges,
    events,
    order_editions,
    owner_papers,
    phone_calls,
    release_facts,
    repair_facts,
    reprints,
    withdrawals,
    without_consent,
)
from reception.cases import Case
from reception.wording import Words
from web.app import now, store
from web.languages import current_site

views = Blueprint("cases", __name__)


@views.app_template_filter()
def act_words(what: str) -> str:
    """Return an act of the history in the reader's language."""
    return str(ACTS.get(what, what))


@views.app_template_global()
def state_of(kind: str, state: str, no: str) -> Words:
    """Return how a case stands: of a repair on site also whether the work began, of a closed one whether by consent."""
    if state == "closed" and without_consent.stands(store(), no):
        return without_consent.NAME
    return repair_facts.state_of(store(), no, state) if kind == repair_facts.KIND else KINDS[kind].kind.states[state]


@views.app_template_filter()
def role_words(role: str) -> str:
    """Return who did something without being a member of staff, in the reader's language."""
    return str(DOORS.get(role, role))


@views.app_template_filter()
def hundredths(quantity: int) -> str:
    """Return a quantity in hundredths as people write it: 250 -> 2.5."""
    return f"{quantity / 100:.2f}".rstrip("0").rstrip(".")


@views.get("/cases/<no>")
def page(no: str) -> ResponseReturnValue:
    """Show one case: whole to whoever holds it, masked to everybody else."""
    return _page(cases.find(store(), no, by=actor()))


@views.post("/cases/<no>/reveal")
def reveal(no: str) -> ResponseReturnValue:
    """Show one case whole; the look stands in its history."""
    return _page(cases.reveal(store(), no, why=reveals.reason(), by=actor(), now=now()))


@views.post("/cases/<no>/hand-out")
def hand_out(no: str) -> ResponseReturnValue:
    """Print a paper that the owner asks for and never got."""
    kind = request.form.get("kind", "")
    return forms.lead_to(f"/cases/{owner_papers.hand_out(store(), no=no, kind=kind, by=actor(), now=now()).no}")


@views.get("/cases/<no>/papers")
def papers(no: str) -> ResponseReturnValue:
    """Answer the papers of a case, for the live screen."""
    case = cases.find(store(), no, by=actor())
    return render_template("_case_papers.html", case=case, **_papers(case))


def _papers(case: Case) -> dict[str, object]:
    found = paper_care.of_ref(store(), cases.ref(case))
    return {
        "papers": found,
        "numbers": {cases.ref(case): case.no},
        "money": {one.no: one for one in charges.of_case(store(), case.id).payments},
        "reprintable": reprints.reprintable(store(), found),
        "old": order_editions.old(store(), found)
        | booking_slips.old(store(), case, found)
        | release_facts.old(case, found),
        "to_hand_out": owner_papers.missing(store(), case),
        "nonce": secrets.token_urlsafe(16),
    }


def _page(case: Case) -> ResponseReturnValue:
    entry = KINDS[case.kind]
    return render_template(
        "case.html",
        site=current_site(),
        case=case,
        entry=entry,
        kinds=KINDS,
        details=entry.kind.details(store(), case),
        history=events.history(store(), "case", case.id),
        **case_care.facts(case),
        **entry.facts(cases.whole(store(), case.id)),
        call=phone_calls.of_case(store(), case.id),
        clocks=case_clocks.of_case(store(), case.id, now=now()),
        telling=feedback.facts(case),
        identity=identity.facts(case),
        grounds=withdrawals.of_case(store(), case),
        supervised=supervisions.of_case(case),
        **_papers(case),
    )
