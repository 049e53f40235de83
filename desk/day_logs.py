"""Day logs: how the last days of the queue went, to look at, to print, to take out."""

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from desk import exports
from desk.session import actor
from reception import closing, day_checks, lines
from web.app import store
from web.languages import current_site, words

views = Blueprint("day_logs", __name__)


@views.get("/days")
def page() -> ResponseReturnValue:
    """Show the logs of the last days."""
    logs = closing.logs(store(), by=actor())
    return render_template(
        "days.html",
        site=current_site(),
        logs=logs,
        lines=lines.lines(store()),
        check_parts=day_checks.PARTS,
    )


@views.post("/days/export")
def export() -> ResponseReturnValue:
    """Answer them as a spreadsheet."""
    logs, known = closing.logs(store(), by=actor()), lines.lines(store())
    heads = [
        _("Day"),
        _("Numbers"),
        _("Served"),
        _("Given back"),
        _("Expired"),
        _("Missed calls"),
        _("Out of order"),
        *(_("Wait, minutes: %(what)s", what=what) for what in (_("median"), _("nine of ten"), _("longest"))),
        *(words(line.name) for line in known),
        *(words(name) for name in day_checks.PARTS.values()),
    ]
    rows = [
        [day.isoformat(), *_figures(facts), *(facts["by_line"].get(line.code, 0) for line in known), *_checked(facts)]
        for day, facts in logs
    ]
    return exports.send("days", _("Day logs"), heads, rows, act="export_day_logs")


def _figures(facts: dict[str, Any]) -> list[object]:
    counted = ("tickets", "completed", "cancelled", "expired", "missed_calls", "out_of_order")
    waits = facts["waits"] or {}
    return [int(facts[name]) for name in counted] + [waits.get(name, "") for name in ("median", "p90", "longest")]


def _checked(facts: dict[str, Any]) -> list[str]:
    """Return how each checklist stood when the day was closed: seen to, of all; days of before had none."""
    parts = [facts.get("checks", {}).get(part, {}) for part in day_checks.PARTS]
    return [f"{sum(one.values()) - one['open']}/{sum(one.values())}" if one else "" for one in parts]
