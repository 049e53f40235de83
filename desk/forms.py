"""What the forms of all kinds of case share: the visit they belong to, and the answer to a good one."""

import secrets
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue

from desk.session import actor
from reception import cases, tickets, visits
from reception.cases import Case
from reception.refusal import Refused
from web.app import store
from web.languages import current_site


def blank() -> dict[str, Any]:
    """Return what an empty form starts from: the visitor of the ticket in the address, when we serve it."""
    ticket, visitor = None, None
    if request.args.get("ticket"):
        ticket = tickets.by_no(store(), request.args["ticket"], by=actor())
        try:
            visitor = visits.visitor(store(), ticket, by=actor())
        except Refused:
            ticket = None
    return {"ticket": ticket, "visitor": visitor, "nonce": secrets.token_urlsafe(16), "site": current_site()}


def visit_id() -> int | None:
    """Return the visit that a form belongs to: that of the ticket it names, which this person must be serving.

    Refuses `ticket_unknown`, `not_serving`.
    """
    no = request.form.get("ticket", "")
    if not no:
        return None
    return visits.visitor(store(), tickets.by_no(store(), no, by=actor()), by=actor()).visit_id


def done(case: Case) -> ResponseReturnValue:
    """Lead back to the visitor where there is one, else to the case."""
    return lead_to("/" if request.form.get("ticket") else f"/cases/{case.no}")


def lead_to(page: str) -> ResponseReturnValue:
    """Lead to another page once a form was good; for htmx that is a full change of page."""
    if request.headers.get("HX-Request") == "true":
        return "", 204, {"HX-Redirect": page}
    return redirect(page, 303)


def case_or_list(no: str) -> str:
    """Return the page of a case; the list for whoever gave it away to another department just now."""
    try:
        return f"/cases/{cases.find(store(), no, by=actor()).no}"
    except Refused:
        return "/cases"


def fields(*names: str) -> dict[str, str]:
    """Return the named fields as they came; a missing one is empty."""
    return {name: request.form.get(name, "") for name in names}
