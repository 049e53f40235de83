"""The month's figures of repairs, each with its definition, to look at and to print."""

from collections.abc import Mapping

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from desk import lists
from desk.session import actor
from reception import cases, departments, repair_figures
from web.app import now, store

views = Blueprint("figures", __name__)


def _report(asked: Mapping[str, str]) -> repair_figures.Report:
    month, department = asked.get("month", ""), asked.get("department", "")
    return repair_figures.report(store(), month=month, department=department, by=actor(), now=now())


@views.post("/figures/export")
def export() -> ResponseReturnValue:
    """Answer the figures of a month as a spreadsheet."""
    rows = repair_figures.rows(_report(request.form))
    asked = {name: request.form.get(name, "") for name in ("month", "department")}
    return lists.workbook("figures", _("Month figures"), repair_figures.columns(), rows, filters=asked)


@views.get("/figures")
def page() -> ResponseReturnValue:
    """Show the figures of a month; without one, of the month that runs."""
    report = _report(request.args)
    return render_template(
        "figures.html",
        report=report,
        flow_hint=repair_figures.FLOW_HINT,
        departments=departments.all_of_them(store()),
        own_only=actor().role in cases.OF_OWN_DEPARTMENT,
        **lists.shared(),
    )
