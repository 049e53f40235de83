"""The inventory of personal data names every column there is, and what it names is erased: each column is tried."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.store import Store, writing
from reception import erasure, person_words
from reception.erasure import Person
from reception.personal import HOUSE, INVENTORY, MATTERS, PEOPLE, Kept
from reception.rules import clock
from tests.conftest import MORNING

WHO = Person(phone="13987650001", name="皇甫铁柱", unit=None)
# Both pages of SQLite and of the log are looked through for these.
WORDS = "楼上半夜拖椅子"


def _columns(store: Store, table: str) -> dict[str, str]:
    return {row["name"]: row["type"] for row in store.rows(f"PRAGMA table_xinfo({table})")}


def _tables(store: Store) -> list[str]:
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    return [row[0] for row in store.rows(sql)]


def test_every_column_that_may_hold_a_person_is_classified(store: Store) -> None:
    """A new table, or a new column, fails here until it stands in `reception/personal.py`."""
    missing: dict[str, set[str]] = {}
    unknown: dict[str, set[str]] = {}
    for table in _tables(store):
        columns = _columns(store, table)
        refers = {row["from"]: row["table"] for row in store.rows(f"PRAGMA foreign_key_list({table})")}
        asked = {
            name
            for name, kind in columns.items()
            if (
                kind not in {"INTEGER", "REAL"}
                and name not in refers
                and name != "at"
                and name[-3:] not in {"_at", "_on"}
            )
            or refers.get(name) == "units"
        }
        listed = INVENTORY[table].listed if table in INVENTORY else set()
        missing |= {table: asked - listed} if asked - listed else {}
        unknown |= {table: listed - set(columns)} if listed - set(columns) else {}
    assert (missing, unknown, set(INVENTORY) - set(_tables(store))) == ({}, {}, set())


@pytest.fixture
def full(store: Store) -> Iterator[Store]:
    """A store with a row of his in every table that may have one, his name, telephone or words in every column."""
    triggers = store.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    store.execute("PRAGMA foreign_keys = OFF")
    store.execute("PRAGMA ignore_check_constraints = ON")
    for row in triggers:
        store.execute(f"DROP TRIGGER {row['name']}")
    for table in (*PEOPLE, *MATTERS, *HOUSE, "charges"):
        _fill(store, table)
    for row in triggers:
        store.execute(row["sql"])
    yield store
    store.execute("PRAGMA ignore_check_constraints = OFF")


def _fill(store: Store, table: str) -> None:
    kept = INVENTORY.get(table, Kept())
    values: dict[str, str | int | None] = {}
    for row in store.rows(f"PRAGMA table_info({table})"):
        name, kind = row["name"], row["type"]
        said = f"{WHO.name}（139 8765 0001）说{table}{name}{WORDS}"
        if name in {"case_id", "charge_id", "order_id", "supervision_id", "quotation_id"} or (table, name) in {
            (one, "id") for one in ("cases", "charges", "work_orders", "supervisions", "quotations")
        }:
            values[name] = 777
        elif name in kept.name.split():
            values[name] = WHO.name
        elif name in kept.phone.split():
            values[name] = WHO.phone
        elif name in kept.words.split():
            values[name] = said
        elif name in kept.struck.split():
            values[name] = f"{WHO.name}来过，+86-{WHO.phone}，{table}{name}"
        elif name in kept.json.split():
            values[name] = json.dumps(
                {"who": [WHO.name, {"tel": WHO.phone}], "n": 13}, ensure_ascii=table != "settings"
            )
        elif row["notnull"] or row["pk"]:
            moment = name == "at" or name.endswith("_at")
            values[name] = (clock.to_text(MORNING) if moment else f"{table}-{name}") if kind == "TEXT" else 777
    marks = ", ".join("?" * len(values))
    store.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", list(values.values()))  # noqa: S608


def test_nothing_is_left_of_a_person_in_any_column_of_any_table(full: Store, home: Path) -> None:
    """Whatever stands in the inventory is erased: read back row by row, and byte by byte from the files."""
    assert len(_left(full)) > 90
    with writing(full):
        erasure.wipe(full, WHO, at=MORNING)
    assert _left(full) == []
    full.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    bytes_now = b"".join(path.read_bytes() for path in home.glob("lobbydesk.db*"))
    assert WHO.name is not None and WHO.phone is not None
    assert [form for form in (WHO.name, WHO.phone, WORDS) if form.encode() in bytes_now] == []


def _left(store: Store) -> list[str]:
    return [
        f"{table}.{column}"
        for table in _tables(store)
        for column in _columns(store, table)
        for row in store.rows(f"SELECT {column} FROM {table}")  # noqa: S608
        if any(form in str(row[0]) for form in ("铁柱", "\\u94c1", "8765", WORDS))
    ]


def test_every_table_and_column_that_is_shown_has_words() -> None:
    """What is kept of somebody is read by him, in Chinese or English."""
    shown = PEOPLE | MATTERS
    columns = {name for kept in shown.values() for name in f"{kept.name} {kept.words} phone home".split()}
    assert (set(shown) - set(person_words.TABLES), columns - set(person_words.COLUMNS)) == (set(), set())
