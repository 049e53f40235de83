"""What the centre tells (公告): on the attract screen, on a page of its own at the kiosk, and on phones."""

from typing import Any, Final

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from reception import events, notices
from reception.announcement_facts import SIDES
from reception.notices import Notice
from reception.rules import clock, numbers
from web.app import now, store
from web.languages import current_site

views = Blueprint("notices", __name__)

MOST_ON_SCREEN: Final = 3
# How much of a text is told where it does not stand whole: some lines of the list, one of the wall or the strip.
COLUMNS: Final = {"list": 120, "wall": 64, "strip": 64}


@views.get("/notices")
def page() -> ResponseReturnValue:
    """Show all of today's notices, each with its line."""
    return render_template("notices.html", site=current_site(), notices=_today_s())


@views.get("/notices/strip")
def strip() -> ResponseReturnValue:
    """Answer the few of the attract screen alone, for the live screen."""
    return render_template("_notices.html", notices=_today_s())


@views.get("/notices/<int(max=999999999999999):announcement>")
def one(announcement: int) -> ResponseReturnValue:
    """Show one whole; 404 where it is not told today."""
    found = next((notice.whole for notice in _today_s() if notice.whole and notice.whole.id == announcement), None)
    if found is None:
        abort(404)
    return render_template("notice.html", site=current_site(), one=found)


@views.get("/T/notices")
@views.get("/T/<token>/notices", endpoint="of_visitor")
def on_phone(token: str = "") -> ResponseReturnValue:
    """Show all of today's notices whole, on a phone; `token` is where its reader came from."""
    back = numbers.canonical_token(token) if token else None
    return render_template("notices_phone.html", site=current_site(), notices=_today_s(), back=back)


def _today_s() -> list[Notice]:
    return notices.today_s(store(), clock.local_day(events.moment(store(), now()), current_site().zone))


@views.app_template_global()
def told_today() -> list[Notice]:
    """Return what is told today, for the pages of visitors."""
    return _today_s()


@views.app_context_processor
def _shared() -> dict[str, Any]:
    return {"most_notices": MOST_ON_SCREEN, "most_columns": COLUMNS, "sides": SIDES}
