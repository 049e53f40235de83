"""What a centre decides in lists (lines, purposes, counters, notices, departments, staff)."""

import re
import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

from db.store import Store, writing
from reception import events, hearers, leaving, sign_chain, signing, staff, visit_day_fit, visit_day_shifts
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import money, people
from reception.table_columns import TABLES, Column, Table
from reception.table_rules import RULES, nothing
from reception.wording import Words

CODE = re.compile(r"[a-z][a-z0-9-]{0,39}")
# Of a member of staff who is gone, where others have their role.
NOT_IN_USE = "not_in_use"
# Letters that are mixed up when spoken (`domain.md` K4).
SOUND_ALIKE = frozenset("BCDEPV")
MOST_MINUTES = 30 * 24 * 60


def find_table(code: str) -> Table:
    """Return a table. Refuses `setting_unknown`."""
    if code not in TABLES:
        raise Refused("setting_unknown")
    return TABLES[code]


def listed(store: Store, table: Table, *, limit: int = 200, by: Actor) -> list[dict[str, Any]]:
    """Return the rows to who may see the settings. Refuses `not_permitted`."""
    permit(by, "see_settings")
    return rows(store, table, limit=limit)


def rows(store: Store, table: Table, *, limit: int = 200) -> list[dict[str, Any]]:
    """Return the rows as they stand, without secrets; `lines` of a counter as a list of codes."""
    names = [column.name for column in table.columns if column.kind != "picks"]
    columns = ", ".join([table.key, *(name for name in names if name != table.key)])
    found = [
        dict(row)
        for row in store.rows(f"SELECT {columns} FROM {table.code} ORDER BY {table.order} LIMIT ?", [limit])  # noqa: S608
    ]
    # What may be picked is known by its code, also where that is a number.
    for column in table.columns:
        if column.kind == "pick" and column.choices is not None:
            for row in found:
                row[column.name] = None if row[column.name] is None else str(row[column.name])
    if table.code == "counters":
        chosen = store.rows("SELECT counter, line FROM counter_lines ORDER BY line")
        for row in found:
            row["lines"] = [one["line"] for one in chosen if one["counter"] == row["no"]]
    return found


def choices(store: Store, column: Column) -> dict[str, Words]:
    """Return what may be picked in a column: fixed words, or the rows of another table, by their code where two have
    one name."""
    if column.choices is not None:
        return dict(column.choices)
    table = TABLES[column.of]
    zh, en = table.label
    found = {str(row[table.key]): Words(str(row[zh]), str(row[en])) for row in rows(store, table)}
    called = Counter(found.values())
    return {
        code: Words(f"{name.zh} {code}", f"{name.en} {code}") if called[name] > 1 else name
        for code, name in found.items()
    }


def save(
    store: Store, *, table: Table, key: str, values: Mapping[str, str | list[str]], by: Actor, now: datetime
) -> str:
    """Add a row (`key` '') or change the one of this key; return its key. What `values` lacks stays as it is.

    Refuses `row_exists`, `row_unknown`, `code_invalid`, `prefix_invalid`, `prefix_taken`, `number_invalid`,
    `date_invalid`, `dates_reversed`, `choice_unknown`, `variant_of_another`, `purpose_below_itself`, `row_in_use`,
    `last_administrator`, `last_hearer`, `line_in_private`, `money_invalid`, `money_too_large`,
    `price_missing`, `price_range_invalid`, `material_price_missing`, `term_missing`, `worker_unfit`,
    `time_of_day_invalid`, what `visit_day_fit` and `sign_chain.check` refuse, and what texts refuse.
    """
    permit(by, table.permission)
    nobody = staff.unknown_hash() if table.code == "staff" else ""
    with writing(store):
        before = next((row for row in rows(store, table, limit=-1) if key and str(row[table.key]) == key), {})
        checked = {
            column.name: _checked(store, column, values[column.name])
            if column.name in values
            else before[column.name]
            if column.name in before
            else _absent(store, column)
            for column in table.columns
            if not (key and column.name == table.key)
        }
        found = key or str(checked.get(table.key, ""))
        sql = f"SELECT 1 FROM {table.code} WHERE {table.key} = ?"  # noqa: S608
        exists = bool(found) and store.value(sql, [found])
        if key and not exists:
            raise Refused("row_unknown")
        if not key and exists:
            raise Refused("row_exists")
        RULES.get(table.code, nothing)(store, found, checked)
        was = hearers.before(store, found) if table.code == "staff" else None
        signed_by = sign_chain.chain(store)
        written = _write(store, table, key, checked, by, now)
        if sign_chain.chain(store) != signed_by:
            signing.rechain(store, by=by, at=events.moment(store, now))
        if table.code == "staff":
            leaving.settle(store, str(written), nobody=nobody, by=by, now=now)
            hearers.after(store, str(written), was, by=by, now=now)
        if table.code == "visit_day_rules":
            visit_day_fit.check(store)
            visit_day_shifts.settle(store, reason=visit_day_shifts.POLICY, by=by, at=events.moment(store, now))
        turned = _turned(before, checked) if table.code == "staff" else (None, None)
        states = dict(zip(("from_state", "to_state"), turned, strict=True))
        at = events.moment(store, now)
        events.record(store, f"set_{table.code}", "setting", 0, by=by, at=at, key=str(written), **states)
        store.touch("site", "queue")
        return str(written)


def _turned(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return as what somebody was here before, and is now, where that changed: his role, or that he is gone."""
    was, now = ((str(one["role"]) if one["active"] else NOT_IN_USE) if one else None for one in (before, after))
    return (was, now) if was != now else (None, None)


def _absent(store: Store, column: Column) -> Any:
    """Return what a new row has in a column that nothing was said of. Refuses as an empty one does."""
    if column.kind in {"flag", "number"} and column.name != "no" and not column.optional:
        return int(column.name == "active")
    return _checked(store, column, [] if column.kind == "picks" else "")


def _checked(store: Store, column: Column, value: str | list[str]) -> Any:
    if column.kind == "picks":
        chosen = [value] if isinstance(value, str) and value else list(value)
        known = choices(store, column)
        if any(one not in known for one in chosen):
            raise Refused("choice_unknown")
        return chosen
    text = value if isinstance(value, str) else (value[-1] if value else "")
    try:
        clean = people.clean_text(text, limit=column.limit)
    except ValueError as error:
        raise Refused(str(error)) from None
    if not clean and column.optional:
        return None if column.kind in {"pick", "number", "offset", "money"} else ""
    return KINDS[column.kind](store, column, clean)


def _as_text(store: Store, column: Column, clean: str) -> str:
    if not clean:
        raise Refused("text_missing")
    return clean


def _as_code(store: Store, column: Column, clean: str) -> str:
    if not CODE.fullmatch(clean):
        raise Refused("code_invalid")
    return clean


def _as_prefix(store: Store, column: Column, clean: str) -> str:
    if len(clean) != 1 or not ("A" <= clean.upper() <= "Z") or clean.upper() in SOUND_ALIKE:
        raise Refused("prefix_invalid")
    return clean.upper()


def _as_number(store: Store, column: Column, clean: str) -> str | int:
    if not (clean.isascii() and clean.isdigit() and len(clean) < 4):
        raise Refused("number_invalid")
    return str(int(clean)) if column.name == "no" else int(clean)


def _as_offset(store: Store, column: Column, clean: str) -> int:
    figures = clean.removeprefix("-")
    if not (figures.isascii() and figures.isdigit() and len(figures) < 6 and int(figures) <= MOST_MINUTES):
        raise Refused("number_invalid")
    return -int(figures) if clean.startswith("-") else int(figures)


def _as_money(store: Store, column: Column, clean: str) -> int:
    try:
        return money.parse_yuan(clean)
    except ValueError as error:
        raise Refused(str(error)) from None


def _as_flag(store: Store, column: Column, clean: str) -> int:
    try:
        return int(people.parse_flag(clean))
    except ValueError as error:
        raise Refused(str(error)) from None


def _as_date(store: Store, column: Column, clean: str) -> str:
    try:
        return date.fromisoformat(clean).isoformat()
    except ValueError:
        raise Refused("date_invalid") from None


def _as_time(store: Store, column: Column, clean: str) -> str:
    try:
        return time.fromisoformat(clean if len(clean) == 5 else "").strftime("%H:%M")
    except ValueError:
        raise Refused("time_of_day_invalid") from None


def _as_pick(store: Store, column: Column, clean: str) -> str:
    if clean not in choices(store, column):
        raise Refused("choice_unknown")
    return clean


KINDS: dict[str, Callable[[Store, Column, str], Any]] = {
    "text": _as_text,
    "code": _as_code,
    "prefix": _as_prefix,
    "number": _as_number,
    "offset": _as_offset,
    "money": _as_money,
    "flag": _as_flag,
    "date": _as_date,
    "time": _as_time,
    "pick": _as_pick,
}


def _write(store: Store, table: Table, key: str, checked: dict[str, Any], by: Actor, now: datetime) -> Any:
    chosen = checked.pop("lines", None)
    if table.code == "staff" and not key:
        # A password that nobody knows: he comes in with a one-time code (`one_time_codes`).
        checked |= {"password_hash": staff.hash_password(secrets.token_hex(16)), "must_change": 1}
    names = list(checked)
    if key:
        names = [name for name in names if name != table.key]
        sets = ", ".join(f"{name} = ?" for name in names)
        sql = f"UPDATE {table.code} SET {sets} WHERE {table.key} = ?"  # noqa: S608
        store.execute(sql, [*(checked[name] for name in names), key])
        written: Any = key
    else:
        marks = ", ".join("?" * len(names))
        row_id = store.insert(
            f"INSERT INTO {table.code} ({', '.join(names)}) VALUES ({marks})",  # noqa: S608
            [checked[name] for name in names],
        )
        written = row_id if table.numbered else checked[table.key]
    if chosen is not None:
        store.execute("DELETE FROM counter_lines WHERE counter = ?", [written])
        for line in chosen:
            store.execute("INSERT INTO counter_lines (counter, line) VALUES (?, ?)", [written, line])
    if table.code == "counters" and not checked.get("active", 1):
        store.execute("UPDATE sessions SET counter = NULL WHERE counter = ?", [written])
        store.execute("UPDATE counters SET state = 'closed', state_reason = NULL WHERE no = ?", [written])
    return written
