"""The month report at the desk: to look at, to print on A4, to take out as a table, to count again, to issue."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from desk import exports, forms, month_page
from desk.session import actor
from reception import month_apart, month_reports, month_trend
from reception.month_reports import ANALYSIS_LIMIT
from web.app import now, store
from web.languages import current_site

views = Blueprint("months", __name__)


def _asked(typed: str) -> dict[str, Any]:
    return {"month": typed, "by": actor(), "now": now()}


@views.get("/months")
def page() -> ResponseReturnValue:
    """Show the report of a month; without one, of the month that runs."""
    asked = _asked(request.args.get("month", ""))
    report = month_reports.of_month(store(), **asked)
    return render_template(
        "month.html",
        site=current_site(),
        report=report,
        parts=month_page.parts(report),
        apart=month_page.part(month_apart.of_month(store(), **asked), {}),
        trends=month_page.trends(month_trend.of_year(store(), until=report.month.code, by=actor())),
        limit=ANALYSIS_LIMIT,
    )


@views.post("/months/check")
def check() -> ResponseReturnValue:
    """Count a frozen month again, and show what is another now."""
    month = request.form.get("month", "")
    month_reports.check(store(), **_asked(month))
    return forms.lead_to(f"/months?month={month}#corrections")


@views.post("/months/issue")
def issue() -> ResponseReturnValue:
    """Issue a frozen month with what there is to say to it."""
    month = request.form.get("month", "")
    month_reports.issue(store(), analysis=request.form.get("analysis", ""), **_asked(month))
    return forms.lead_to(f"/months?month={month}")


@views.post("/months/export")
def export() -> ResponseReturnValue:
    """Answer the report of a month as a spreadsheet."""
    asked = _asked(request.form.get("month", ""))
    report = month_reports.of_month(store(), **asked)
    heads = [
        _("Section"),
        _("Figure"),
        _("Value"),
        _("As a number"),
        _("Out of"),
        _("Definition"),
        _("After corrections"),
    ]
    return exports.send(
        "month_report",
        f"{_('Month report')} {report.month.code}",
        heads,
        month_page.table_rows(report, month_apart.of_month(store(), **asked)),
        filters={"month": report.month.code},
        act="export_month_report",
    )
