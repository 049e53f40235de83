"""Who saw whose name and telephone whole, and why: the list for heads; and the reason that each look asks for."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from desk.session import actor
from reception import reveals
from reception.reveals import Reason
from web.app import now, store
from web.languages import current_site

views = Blueprint("reveals", __name__)


@views.get("/reveals")
def page() -> ResponseReturnValue:
    """Show the looks of a period, of one member of staff or of all."""
    by = actor()
    asked = {name: request.args.get(name, "") for name in ("since", "until")}
    person = request.args.get("person", "")
    first, last = reveals.days(store(), **asked, now=now())
    return render_template(
        "reveals.html",
        site=current_site(),
        found=reveals.listed(store(), **asked, person=person, by=by, now=now()),
        unusual=reveals.unusual(store(), **asked, by=by, now=now()),
        people=reveals.staff_of(store(), by=by),
        person=person,
        most=reveals.PAGE,
        since=first.isoformat(),
        until=last.isoformat(),
    )


def reason() -> Reason:
    """Return why somebody looks, as the form has it."""
    return Reason(request.form.get("reveal_reason", ""), request.form.get("reveal_words", ""))


@views.app_context_processor
def _reasons() -> dict[str, object]:
    return {"reveal_reasons": reveals.REASONS}
