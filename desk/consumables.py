"""Consumables (耗材) at the desk: the month's plan and use, what was used just now, and the rolls in the printers."""

import secrets
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from desk import exports, forms
from desk.session import actor
from reception import consumables
from web.app import now, store
from web.languages import current_site, words

views = Blueprint("consumables", __name__)
PLAN, WAS = "plan-", "was-"


@views.get("/consumables")
def page() -> ResponseReturnValue:
    """Show a month; without one, the month that runs."""
    return render_template(
        "consumables.html",
        site=current_site(),
        report=consumables.report(store(), month=request.args.get("month", ""), by=actor(), now=now()),
        nonce=secrets.token_urlsafe(16),
    )


@views.post("/consumables")
def note() -> ResponseReturnValue:
    """Note what was used."""
    fields = forms.fields("nonce", "item", "quantity", "on", "text")
    consumables.note(store(), **fields, by=actor(), now=now())
    return forms.lead_to(_month_page())


@views.post("/consumables/plan")
def plan() -> ResponseReturnValue:
    """Set the plan of a month."""
    consumables.plan(
        store(),
        month=request.form.get("month", ""),
        values=_after(PLAN),
        was=_after(WAS),
        by=actor(),
        now=now(),
    )
    return forms.lead_to(_month_page())


@views.post("/consumables/uses/<use_id>/take-back")
def take_back(use_id: str) -> ResponseReturnValue:
    """Take back a line that was noted by mistake."""
    consumables.take_back(store(), use_id=use_id, by=actor(), now=now())
    return forms.lead_to(_month_page())


@views.post("/consumables/roll/<name>")
def change_roll(name: str) -> ResponseReturnValue:
    """Count a roll that was put into a printer."""
    consumables.change_roll(store(), nonce=request.form.get("nonce", ""), printer=name, by=actor(), now=now())
    return redirect("/printers", 303)


@views.post("/consumables/export")
def export() -> ResponseReturnValue:
    """Answer a month as a spreadsheet."""
    month = request.form.get("month", "")
    report = consumables.report(store(), month=month, by=actor(), now=now())
    heads = [
        _("Consumable"),
        _("Counted in"),
        _("Plan"),
        _("Used"),
        _("Left of the plan"),
        _("Printed, metres"),
        _("Rolls printed"),
    ]
    rows = [
        [
            words(one.name),
            words(one.unit),
            "" if one.planned is None else one.planned,
            one.used,
            "" if one.left is None else one.left,
            "" if one.metres is None else one.metres,
            one.rolls,
        ]
        for one in report.items
    ]
    title = f"{_('Consumables')} {report.month.code}"
    return exports.send("consumables", title, heads, rows, filters={"month": month}, act="export_consumables")


@views.app_template_global()
def roll_in(printer: str) -> consumables.Roll:
    """Return the roll in a printer: since when, and how much was printed on it."""
    return consumables.roll_in(store(), printer, now=now())


def _after(prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): value for name, value in request.form.items() if name.startswith(prefix)}


def _month_page() -> str:
    found: dict[str, Any] = dict(request.form)
    month = str(found.get("month", ""))
    # What was typed by hand leads nowhere else: it goes back as it would be asked for.
    return f"/consumables?month={month}" if len(month) == 7 and month.replace("-", "").isalnum() else "/consumables"
