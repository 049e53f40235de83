"""A centre's settings as one TOML file, for the second lobby: what is decided, never what happened, and no secrets."""

import tomllib
from datetime import datetime
from typing import Any

from db import printers
from db.printers import Printer
from db.store import Store, writing
from reception import calendar_care, devices, settings, tables
from reception.permissions import Actor
from reception.refusal import Refused
from reception.rules import money
from reception.table_columns import TABLES, Table

# Where the box stands is its own: the second lobby has other addresses.
OWN = frozenset({"kiosk_url", "desk_url", "public_url"})
PRINTER = (
    "label",
    "address",
    "fallback",
    "fallback_after",
    *devices.FLAGS,
    *devices.CHOICES,
    "dpi",
    "columns",
    "width_dots",
)
# A line before its purposes, a department before its staff, staff before the rules that send repairs to them.
ORDER = (
    "departments",
    "lines",
    "purposes",
    "counters",
    "notices",
    "staff",
    "price_items",
    "warranty_rules",
    "dispatch_rules",
    "complaint_classes",
    "inquiry_categories",
    "suggestion_topics",
    "check_items",
    "scripts",
    "rooms",
    "visit_day_rules",
    "consumables",
    "training_tasks",
    "security_items",
    "procedure_templates",
    "procedure_variants",
    "procedure_items",
)
# Rows whose numbers are the store's own are known by all that they say, or by these columns.
KNOWN_BY = {"visit_day_rules": ("nth", "weekday"), "procedure_items": ("template", "variant", "section", "text")}
# The manager's own word about days of the calendar; what is official every box has.
CALENDAR = "calendar_days"


class CannotRead(Exception):
    """The file is not one of ours, or holds a value that cannot be; the message says where."""


def export(store: Store) -> str:
    """Return the settings as TOML. Of the calendar only what the manager said: what is official every box has."""
    import tomli_w

    values = {key: settings.value_of(store, setting) for key, setting in settings.BY_KEY.items() if key not in OWN}
    lists = {code: [_plain(row) for row in _rows(store, TABLES[code])] for code in ORDER}
    found = [{"name": one.name} | {key: getattr(one, key) for key in PRINTER} for one in printers.printers(store)]
    return tomli_w.dumps(
        {"site": values}
        | lists
        | {CALENDAR: calendar_care.words_of_the_manager(store)}
        | {"printers": [_plain(row) for row in found]},
        multiline_strings=True,
    )


def _rows(store: Store, table: Table) -> list[dict[str, Any]]:
    rows = tables.rows(store, table, limit=-1)
    if table.code in {"notices", "visit_day_rules"}:
        # Their numbers are the store's own; in the next lobby they are known by what they say.
        rows = [{key: value for key, value in row.items() if key != "id"} for row in rows]
    for column in table.columns:
        if column.kind == "money":
            # In yuan, as it is typed: what is read back goes through the same check.
            rows = [row | {column.name: _yuan(row[column.name])} for row in rows]
    if table.code == "purposes":
        rows.sort(key=lambda row: row["parent"] is not None)
    return rows


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else money.format_yuan(fen)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row without what is empty: TOML knows no null."""
    return {key: value for key, value in row.items() if value is not None}


def load(store: Store, text: str, *, by: Actor, now: datetime) -> dict[str, int]:
    """Take over the settings of a file, all or none; return how many rows of each list were set.

    Rows that the file does not name stay. Staff that is new comes without a password that anybody knows, and not in
    use. Raises `CannotRead` for what is no such file, and for a value that is refused.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CannotRead(f"not TOML: {error}") from None
    unknown = content.keys() - {"site", "printers", CALENDAR, *ORDER}
    if unknown:
        raise CannotRead(f"unknown: {', '.join(sorted(unknown))}")
    with writing(store):
        values = content.get("site", {})
        _refusing("site", lambda: settings.change(store, values=_typed(values), by=by, now=now))
        done = {}
        for code in ORDER:
            rows = _list_of(content, code)
            for number, row in enumerate(rows, start=1):
                _refusing(f"{code}, row {number}", lambda code=code, row=row: _set(store, code, row, by, now))
            done[code] = len(rows)
        for number, row in enumerate(_list_of(content, CALENDAR), start=1):
            _refusing(f"{CALENDAR}, row {number}", lambda row=row: _set_day(store, row, by, now))
        done[CALENDAR] = len(_list_of(content, CALENDAR))
        for row in _list_of(content, "printers"):
            name = str(row.get("name", ""))
            typed = {key: text for key, text in _typed(row).items() if key in PRINTER}
            _refusing(f"printer {name}", lambda name=name, typed=typed: _printer(store, name, typed, by, now))
        done["printers"] = len(_list_of(content, "printers"))
        return done


def _list_of(content: dict[str, Any], code: str) -> list[dict[str, Any]]:
    rows = content.get(code, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise CannotRead(f"{code} is no list of rows")
    return rows


def _typed(values: Any) -> dict[str, str]:
    """Return values as they would be typed at the desk: one way of checking for both."""
    if not isinstance(values, dict):
        raise CannotRead("site is no table")
    return {str(key): _text(value) for key, value in values.items()}


def _text(value: Any) -> str:
    if isinstance(value, list | dict):
        raise CannotRead(f"a list or table stands where one value belongs: {value}")
    return str(int(value)) if isinstance(value, bool) else str(value)


def _set(store: Store, code: str, row: dict[str, Any], by: Actor, now: datetime) -> None:
    table = TABLES[code]
    values: dict[str, str | list[str]] = {
        key: [str(one) for one in value] if isinstance(value, list) else _text(value) for key, value in row.items()
    }
    key = _text(row.get(table.key, ""))
    known = any(_text(one[table.key]) == key for one in tables.rows(store, table, limit=-1))
    if table.numbered:
        names = KNOWN_BY.get(code, tuple(row))
        same = [
            one for one in tables.rows(store, table, limit=-1) if all(one.get(name) == row.get(name) for name in names)
        ]
        known, key = bool(same), str(same[0][table.key]) if same else ""
    if code == "staff" and not known:
        values["active"] = "0"
    if code == "dispatch_rules" and store.value(
        "SELECT 1 FROM staff WHERE login = ? AND active = 0", [values.get("worker", "")]
    ):
        # Not in use yet, as the file brought him: until he is, his department's team has these repairs.
        values |= {"worker": ""}
    tables.save(store, table=table, key=key if known else "", values=values, by=by, now=now)


def _set_day(store: Store, row: dict[str, Any], by: Actor, now: datetime) -> None:
    day, kind, note = (_text(row.get(name, "")) for name in ("day_on", "kind", "note"))
    calendar_care.set_day(store, day_on=day, kind=kind, note=note, reason=note, by=by, now=now)


def _printer(store: Store, name: str, typed: dict[str, str], by: Actor, now: datetime) -> None:
    before: Printer | None = printers.find(store, name)
    if before is not None:
        typed = {key: text for key, text in typed.items() if key != "address" or text != before.address}
    devices.save(store, name=name, properties=typed, by=by, now=now)


def _refusing(where: str, act: Any) -> None:
    try:
        act()
    except Refused as refused:
        raise CannotRead(f"{where}: {refused.code}") from None
