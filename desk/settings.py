"""Settings at the desk: single values by group, and lists; all of it from their descriptions in `reception`."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from desk import exports, forms
from desk.session import actor
from reception import clock_care, events, reach, settings, tables, worker_devices
from reception.permissions import may, permit
from reception.refusal import Refused
from reception.table_columns import TABLES, Column, Table
from web.app import now, store
from web.languages import current_site, words

views = Blueprint("settings", __name__)


@views.get("/settings")
def home() -> ResponseReturnValue:
    """Show the first group."""
    return group(settings.GROUPS[0].code)


@views.get("/settings/<group_code>")
def group(group_code: str) -> ResponseReturnValue:
    """Show the values of a group."""
    chosen = _group(group_code)
    values = settings.values_of(store(), chosen, by=actor())
    return render_template("settings.html", chosen=chosen, values=values, reach=reach.last(store()), **rooms())


@views.post("/settings/<group_code>")
def change(group_code: str) -> ResponseReturnValue:
    """Set the values that the form names."""
    _group(group_code)
    values = {key: text for key, text in request.form.items() if key in settings.BY_KEY}
    settings.change(store(), values=values, by=actor(), now=now())
    return forms.lead_to(f"/settings/{group_code}?saved=1")


@views.post("/settings/site/reach")
def try_reach() -> ResponseReturnValue:
    """Try the public address."""
    reach.probe(store(), by=actor(), now=now())
    return forms.lead_to("/settings/site")


@views.post("/settings/site/clock")
def correct_clock() -> ResponseReturnValue:
    """Say that the box's clock is right now, after it ran ahead."""
    clock_care.correct(store(), by=actor(), now=now())
    return forms.lead_to("/settings/site?saved=1")


@views.get("/settings/list/<table_code>")
def listing(table_code: str) -> ResponseReturnValue:
    """Show a list."""
    table = tables.find_table(table_code)
    rows = tables.listed(store(), table, by=actor())
    return render_template("settings_list.html", table=table, rows=rows, choices=_choices(table), **rooms())


@views.post("/settings/list/<table_code>/export")
def export(table_code: str) -> ResponseReturnValue:
    """Answer a list as a spreadsheet."""
    table = tables.find_table(table_code)
    shown, choices = table.columns, _choices(table)
    rows = [
        [_cell(column, row, choices) for column in shown] for row in tables.listed(store(), table, limit=-1, by=actor())
    ]
    heads = [words(column.words) for column in shown]
    return exports.send(f"settings.{table.code}", words(table.name), heads, rows, act="export_settings")


@views.get("/settings/list/<table_code>/new")
def new(table_code: str) -> ResponseReturnValue:
    """Show the form for a new row."""
    return _form(tables.find_table(table_code), {"active": 1, "position": 0})


@views.get("/settings/list/<table_code>/edit/<key>")
def edit(table_code: str, key: str) -> ResponseReturnValue:
    """Show the form of a row."""
    table = tables.find_table(table_code)
    row = next((row for row in tables.listed(store(), table, limit=-1, by=actor()) if str(row[table.key]) == key), None)
    if row is None:
        raise Refused("row_unknown")
    return _form(table, row, key)


@views.post("/settings/list/<table_code>")
def save(table_code: str) -> ResponseReturnValue:
    """Add a row, or change the one that the form names."""
    table = tables.find_table(table_code)
    values: dict[str, str | list[str]] = {
        column.name: request.form.getlist(column.name)
        if column.kind == "picks"
        else request.form.get(column.name, "0" if column.kind == "flag" else "")
        for column in table.columns
    }
    key = request.form.get("key", "")
    saved = tables.save(store(), table=table, key=key, values=values, by=actor(), now=now())
    if table.code == "staff" and not key:
        # Nobody knows a password of his yet: what comes next is his one-time code.
        return forms.lead_to(f"/accounts/{saved}")
    return forms.lead_to(f"/settings/list/{table.code}?saved=1")


def _group(code: str) -> settings.Group:
    found = next((one for one in settings.GROUPS if one.code == code), None)
    if found is None:
        raise Refused("setting_unknown")
    return found


def _form(table: Table, row: dict[str, Any], key: str = "") -> ResponseReturnValue:
    permit(actor(), table.permission)
    staffs = key and table.code == "staff"
    phones = worker_devices.of_login(store(), key, by=actor(), now=now()) if staffs else None
    return render_template(
        "settings_row.html", table=table, row=row, key=key, choices=_choices(table), phones=phones, **rooms()
    )


def _cell(column: Column, row: dict[str, Any], choices: dict[str, Any]) -> object:
    """Return a cell as the screen says it."""
    value = row[column.name]
    if column.kind == "flag":
        return _("yes") if value else _("no")
    if column.kind == "pick":
        return words(choices[column.name][value]) if value in choices[column.name] else ""
    if column.kind == "picks":
        return "、".join(words(choices[column.name][one]) for one in value) or _("all")
    return value


def _choices(table: Table) -> dict[str, Any]:
    return {
        column.name: tables.choices(store(), column) for column in table.columns if column.kind in {"pick", "picks"}
    }


def rooms() -> dict[str, Any]:
    """Return what every page of the settings shows beside itself."""
    lists = [table for table in TABLES.values() if may(actor(), table.permission)]
    behind = events.clock_is_behind(store(), now())
    return {"site": current_site(), "groups": settings.GROUPS, "lists": lists, "clock_behind": behind}
