"""The month's figures of repairs, each with its definition, to look at and to print."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from desk import lists
from desk.session import actor
from reception import cases, departments, repair_figures
from web.app import now, store

views = Blueprint("figures", __name__)


@views.get("/figures")
def page() -> ResponseReturnValue:
    """Show the figures of a month; without one, of the month that runs."""
    report = repair_figures.report(
        store(),
        month=request.args.get("month", ""),
        department=request.args.get("department", ""),
        by=actor(),
        now=now(),
    )
    return render_template(
        "figures.html",
        report=report,
        flow_hint=repair_figures.FLOW_HINT,
        departments=departments.all_of_them(store()),
        own_only=actor().role in cases.OF_OWN_DEPARTMENT,
        **lists.shared(),
    )
