"""预约登记 of a visit day at the desk: the list, on paper and as a spreadsheet."""

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from desk import lists
from desk.session import actor
from reception import booking_days, booking_register, events, visit_days
from reception.permissions import permit
from reception.refusal import Refused
from reception.rules import numbers
from reception.visit_days import Day
from web.app import now, store

views = Blueprint("visit_day_bookings", __name__)


@views.get("/visit-days/<day_id>/bookings")
def page(day_id: str) -> ResponseReturnValue:
    """Show who booked a day, and who waits."""
    permit(actor(), "see_bookings")
    day = _day(day_id)
    return render_template("visit_day_bookings.html", **_listed(day), **lists.shared())


@views.get("/visit-days/<day_id>/bookings/list")
def listing(day_id: str) -> ResponseReturnValue:
    """Answer the list alone, for the live screen."""
    permit(actor(), "see_bookings")
    return render_template("_visit_day_bookings.html", **_listed(_day(day_id)))


@views.post("/visit-days/<day_id>/bookings/export")
def export(day_id: str) -> ResponseReturnValue:
    """Answer the register as a spreadsheet."""
    permit(actor(), "export_bookings")
    day = _day(day_id)
    rows = booking_register.rows(booking_register.of_day(store(), day.id, by=actor()))
    title = _("Register of bookings")
    filters = {"day": day.actual_on.isoformat()}
    columns = booking_register.columns()
    return lists.workbook("bookings", title, columns, rows, filters=filters, act="export_bookings")


def _day(text: str) -> Day:
    found = numbers.whole(text)
    if found is None:
        raise Refused("visit_day_unknown")
    return visit_days.by_id(store(), found)


def _listed(day: Day) -> dict[str, Any]:
    return {
        "day": day,
        "offer": booking_days.offer(store(), day, at=events.moment(store(), now())),
        "listed": booking_register.of_day(store(), day.id, by=actor()),
        "time_of": booking_register.time_of,
    }
