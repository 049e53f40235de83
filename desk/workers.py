"""Workers: who has what to do today, and the sheet of one's day for those who work by paper."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from desk import lists
from desk.session import actor
from reception import worker_days
from reception.rules import clock
from web.app import now, store
from web.languages import current_site

views = Blueprint("workers", __name__)


@views.get("/workers")
def page() -> ResponseReturnValue:
    """Show every worker's orders and load."""
    return render_template("workers.html", shop=worker_days.workshop(store(), by=actor(), now=now()), **lists.shared())


@views.post("/workers/export")
def export() -> ResponseReturnValue:
    """Answer everybody's orders as a spreadsheet."""
    shop = worker_days.workshop(store(), by=actor(), now=now())
    return lists.workbook("workers", _("Workers"), worker_days.columns(), worker_days.rows(store(), shop))


@views.post("/workers/<login>/export")
def export_day(login: str) -> ResponseReturnValue:
    """Answer one worker's orders as a spreadsheet."""
    day = worker_days.day_sheet(store(), login, by=actor(), now=now())
    rows = worker_days.rows(store(), worker_days.Workshop((), (day,)))
    return lists.workbook("worker_day", day.name, worker_days.columns(), rows, filters={"worker": login})


@views.get("/workers/<login>")
def day(login: str) -> ResponseReturnValue:
    """Show one worker's day, to be printed."""
    return render_template(
        "worker_day.html",
        worker=worker_days.day_sheet(store(), login, by=actor(), now=now()),
        today=clock.local_day(now(), current_site().zone),
        **lists.shared(),
    )
