"""The security check (SYS-48) at the desk: the points that are seen to before a number is taken, and the call."""

import secrets

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from desk import forms
from desk.session import actor
from reception import lines, security_checks
from reception.permissions import permit
from web.app import now, store
from web.languages import current_site

views = Blueprint("security_checks", __name__)


@views.get("/security-check")
def page() -> ResponseReturnValue:
    """Show the points, and the numbers that can be taken once they are seen to; that it is off where it is."""
    permit(actor(), "check_security")
    return render_template(
        "security_check.html",
        site=current_site(),
        wanted=security_checks.wanted(store()),
        points=security_checks.points(store()),
        lines=lines.lines(store()) + lines.in_private(store()),
        nonce=secrets.token_urlsafe(16),
    )


@views.post("/security-check/refuse")
def refuse() -> ResponseReturnValue:
    """Call security: a point was not passed."""
    fields = {name: request.form.get(name, "") for name in ("nonce", "item", "ticket")}
    security_checks.refuse(store(), **fields, by=actor(), now=now())
    return forms.lead_to("/")


@views.app_template_global()
def security_wanted() -> bool:
    """Tell whether visitors are checked before they take a number here."""
    return security_checks.wanted(store())


@views.app_template_global()
def security_passed_at(visit_id: int) -> str:
    """Return when a visitor was let through; '' where he was not checked."""
    return security_checks.passed_at(store(), visit_id)
