"""Identity at the desk: that a document was seen, of a case or of the visitor in front; and who acts for an owner."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from desk import forms
from desk.session import actor
from reception import identity
from reception.cases import Case
from web.app import now, store

views = Blueprint("identity", __name__)


@views.post("/cases/<no>/identity")
def check(no: str) -> ResponseReturnValue:
    """Record a document that was seen for a case."""
    typed = forms.fields("nonce", "whose", "document", "matched", "note")
    return forms.lead_to(f"/cases/{identity.check(store(), no=no, **typed, by=actor(), now=now()).no}")


@views.post("/cases/<no>/agent")
def name_agent(no: str) -> ResponseReturnValue:
    """Say who raised the case for its owner."""
    typed = forms.fields("name", "phone")
    return forms.lead_to(f"/cases/{identity.name_agent(store(), no=no, **typed, by=actor(), now=now()).no}")


@views.post("/queue/identity")
def check_visitor() -> ResponseReturnValue:
    """Record a document of the visitor who is being served."""
    typed = forms.fields("nonce", "ticket", "document", "matched", "note")
    identity.check_visitor(store(), **typed, by=actor(), now=now())
    return forms.lead_to("/")


def facts(case: Case) -> dict[str, Any]:
    """Return what was seen for a case, who acts for its owner, and what a form offers."""
    return {"checks": identity.of_case(store(), case), "agent": identity.agent(store(), case), **choices()}


def choices() -> dict[str, Any]:
    """Return what a form offers."""
    return {"documents": identity.DOCUMENTS, "whose": identity.WHOSE}


@views.app_context_processor
def _of_visitor() -> dict[str, Any]:
    return {
        "documents_of": lambda visit_id: identity.of_visit(store(), visit_id),
        "documents": identity.DOCUMENTS,
    }
