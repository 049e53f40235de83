"""The inventory of personal data names every column there is, and what it names is erased: each column is tried."""

import json
import re
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


# A text column that is said to hold nobody is bounded by the store itself (CHECK, a reference), or stands here.
BOUND_BY_ACTS = {
    "codes that the acts choose from lists of theirs": "calls.called_as case_pauses.reason cases.no"
    " clock_runs.clock clocks.clock consents.purposes counters.state_reason deadlines.clock dispatch_rules.category"
    " escalations.clock events.what events.subject events.from_state events.to_state nonces.act"
    " oversight_findings.rule paper_routes.kind print_jobs.kind print_jobs.part price_items.category"
    " privacy_notices.purposes pulse.topic refusals.place refusals.code repairs.bears repairs.suspended_from"
    " reveals.reason settings.key signing_news.about tellings.what tickets.park_reason warranty_rules.category"
    " work_orders.state_reason case_states.kind case_states.state calendar_days.source visit_day_changes.was_starts"
    " case_notes.by_role calendar_changes.by_role deadlines.by_role events.by_role imports.by_role"
    " case_items.gate case_items.role case_items.section procedure_items.role procedure_templates.serves"
    " self_test_displays.display sequences.series print_jobs.ref print_jobs.diverted_from",
    "numbers, keys and hashes that are made here": "cases.token erasure_entries.entry"
    " erasure_entries.id fault_households.notice_version history_seals.chain history_seals.digest"
    " imported_cases.fingerprint imports.sha256 incidents.archive_no known_browsers.key_hash known_faults.no"
    " login_failures.key_hash nonces.fingerprint nonces.nonce payments.no sessions.key_hash supervisions.no"
    " tickets.no tickets.prefix tickets.token visits.notice_version work_orders.no work_orders.token"
    " worker_devices.key_hash worker_devices.opening_hash worker_devices.pin_hash release_passes.token"
    " api_tokens.key_hash",
    "times": "incidents.eta printers.since restorations.lost_from restorations.lost_until retention_leave.before"
    " staff.code_until",
    "of the box and its programs": "_sqlite_migrations.migration_set _sqlite_migrations.name printers.address"
    " printers.label printers.model printers.name reachability.url restorations.backup restorations.kept_aside"
    " sessions.device",
    "lists of the centre, its staff, and its words to everybody": "check_items.code check_items.measure"
    " check_items.name check_items.name_en complaint_classes.code complaint_classes.name complaint_classes.name_en"
    " counters.no departments.code departments.name departments.name_en inquiry_categories.code"
    " inquiry_categories.name inquiry_categories.name_en known_faults.building known_faults.unit lines.code"
    " lines.hint lines.hint_en lines.name lines.name_en lines.prefix official_days.name price_items.code"
    " case_items.text case_items.text_en procedure_items.text procedure_items.text_en procedure_templates.code"
    " procedure_templates.name procedure_templates.name_en procedure_variants.code procedure_variants.name"
    " procedure_variants.name_en"
    " privacy_notices.text privacy_notices.text_en purposes.code rooms.code rooms.name rooms.name_en scripts.code"
    " training_tasks.act"
    " staff.login staff.name staff.password_hash suggestion_topics.code suggestion_topics.name"
    " suggestion_topics.name_en units.building units.room units.unit warranty_rules.code warranty_rules.name"
    " warranty_rules.name_en api_tokens.name webhooks.name webhooks.url",
    "taken away beside him (test_nothing_that_is_spelt_or_guessed_of_him_stays)": "home_guesses.tail"
    " names_spelt.letters names_spelt.name names_to_spell.name",
}


def test_what_is_said_to_hold_nobody_cannot_or_says_why(store: Store) -> None:
    """A column of words that is wrongly put under `plain` fails here."""
    asked = set()
    for table in _tables(store):
        sql = store.value("SELECT sql FROM sqlite_schema WHERE name = ?", [table])
        refers = {row["from"] for row in store.rows(f"PRAGMA foreign_key_list({table})")}
        for name in set(INVENTORY[table].plain.split()) - refers if table in INVENTORY else ():
            bounded = rf"CHECK \(\s*({name} IS NULL OR )?\(?{name} (IN|GLOB)\b"
            if _columns(store, table)[name] not in {"INTEGER", "REAL"} and not re.search(bounded, sql):
                asked.add(f"{table}.{name}")
    listed = [one for columns in BOUND_BY_ACTS.values() for one in columns.split()]
    assert (asked - set(listed), set(listed) - asked, len(listed)) == (set(), set(), len(set(listed)))


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


def test_nothing_that_is_spelt_or_guessed_of_him_stays(full: Store) -> None:
    """What `BOUND_BY_ACTS` promises of the tables that stand beside people."""
    with writing(full):
        full.execute("DELETE FROM names_spelt")
        full.execute("DELETE FROM names_to_spell")
        full.execute("INSERT INTO names_spelt (name, letters) VALUES (?, 'hftz'), ('张建国', 'zjg')", [WHO.name])
        full.execute("INSERT INTO names_to_spell (name) VALUES (?)", [WHO.name])
        full.execute("INSERT INTO home_guesses (unit_id, tail, at) VALUES (1, '0001', ?)", [clock.to_text(MORNING)])
        erasure.wipe(full, WHO, at=MORNING)
    assert [row[0] for row in full.rows("SELECT name FROM names_spelt")] == ["张建国"]
    assert not full.value("SELECT count(*) FROM names_to_spell") and not full.value("SELECT count(*) FROM home_guesses")


def _left(store: Store) -> list[str]:
    return [
        f"{table}.{column}"
        for table in _tables(store)
        for column in _columns(store, table)
        # When a step of the schema was taken, to the microsecond: figures that spell a number by chance.
        if (table, column) != ("_sqlite_migrations", "applied_at")
        for row in store.rows(f"SELECT {column} FROM {table}")  # noqa: S608
        if any(form in str(row[0]) for form in ("铁柱", "\\u94c1", "8765", WORDS))
    ]


def test_every_table_and_column_that_is_shown_has_words() -> None:
    """What is kept of somebody is read by him, in Chinese or English."""
    shown = PEOPLE | MATTERS
    columns = {name for kept in shown.values() for name in f"{kept.name} {kept.words} phone home".split()}
    assert (set(shown) - set(person_words.TABLES), columns - set(person_words.COLUMNS)) == (set(), set())
