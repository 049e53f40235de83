"""The privacy notice at the desk: read, printed on A4, and its next version published; consent taken back."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from desk import forms
from desk.session import actor
from reception import privacy_notices, withdrawals
from reception.permissions import may
from reception.rules import numbers
from web.app import now, store
from web.languages import current_site

views = Blueprint("privacy", __name__)


@views.get("/privacy")
def page() -> ResponseReturnValue:
    """Show the version in force, or an earlier one."""
    versions, asked = privacy_notices.all_of(store(), by=actor()), request.args.get("version", "")
    wanted = numbers.whole(asked) if asked else versions[0].version
    shown = next((one for one in versions if one.version == wanted), None)
    if shown is None:
        abort(404)
    return render_template(
        "privacy.html",
        site=current_site(),
        notice=shown,
        in_force=versions[0],
        versions=versions,
        purposes=[privacy_notices.PURPOSES[code] for code in shown.purposes],
        periods=privacy_notices.periods(current_site()),
        waiting=withdrawals.waiting(store(), by=actor()) if may(actor(), "see_persons") else [],
    )


@views.post("/privacy")
def publish() -> ResponseReturnValue:
    """Publish the next version."""
    privacy_notices.publish(store(), **forms.fields("after", "text", "text_en"), by=actor(), now=now())
    return forms.lead_to("/privacy")


@views.post("/cases/<no>/withdraw-consent")
def withdraw(no: str) -> ResponseReturnValue:
    """The person of a case takes his consent back."""
    case = withdrawals.withdraw(store(), no=no, **forms.fields("sure"), by=actor(), now=now())
    return forms.lead_to(f"/cases/{case.no}")


@views.app_template_global()
def notice_label() -> str:
    """Return what the version in force is called."""
    return privacy_notices.label(store())
