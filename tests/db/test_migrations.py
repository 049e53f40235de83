"""Migrations: each stands or falls whole, two at once wait for each other, services only ask."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.migrations import OWN_SCHEMA, MigrationsPending, check, migrate, pending
from db.store import Store, open_store
from lobbydesk.home import store_path
from reception import SCHEMA

ROOT = Path(__file__).parent.parent.parent
ALL = [file.stem for folder in (OWN_SCHEMA, SCHEMA) for file in sorted(folder.glob("*.sql"))]
GOOD = "CREATE TABLE good (id INTEGER PRIMARY KEY) STRICT;\n"
BAD = "CREATE TABLE half (id INTEGER);\nINSERT INTO half VALUES (1);\nINSERT INTO nowhere VALUES (1);\n"
EMPTIED = "DELETE FROM residents;\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "lobbydesk.db"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "schema"
    folder.mkdir()
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "empty.db", create=True)
    yield opened
    opened.close()


def tables(path: Path) -> set[str]:
    store = open_store(path)
    names = {row[0] for row in store.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
    store.close()
    return names


def schema(path: Path) -> list[tuple[str, str]]:
    store = open_store(path)
    rows = [tuple(row) for row in store.rows("SELECT name, sql FROM sqlite_master ORDER BY name")]
    store.close()
    return rows


def test_names_are_one_of_a_kind() -> None:
    assert len(ALL) == len(set(ALL))


def test_a_second_time_is_nothing(path: Path) -> None:
    assert migrate(path, [SCHEMA]) == ALL
    before = schema(path)
    assert migrate(path, [SCHEMA]) == []
    assert schema(path) == before


def test_a_store_made_today_is_whole(path: Path) -> None:
    migrate(path, [SCHEMA])
    store = open_store(path)
    assert store.value("PRAGMA integrity_check") == "ok"
    assert store.rows("PRAGMA foreign_key_check") == []
    applied = store.rows("SELECT name FROM _sqlite_migrations WHERE migration_set = 'lobbydesk' ORDER BY id")
    assert [row[0] for row in applied] == ALL
    store.close()


def test_processes_at_once_all_succeed(path: Path) -> None:
    command = [sys.executable, "-W", "error", "-m", "lobbydesk", "migrate", "--home", str(path.parent)]
    running = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)
    ]
    said = [process.communicate(timeout=60) for process in running]
    assert [process.returncode for process in running] == [0] * 4, said
    assert sorted(out.split("\n")[0] for out, _ in said) == sorted([ALL[0], *["nothing to do"] * 3])
    store = open_store(store_path(path.parent))
    check(store, [SCHEMA])
    store.close()


def test_an_empty_store_lacks_all(empty: Store) -> None:
    assert pending(empty, [SCHEMA]) == ALL
    with pytest.raises(MigrationsPending, match="lobbydesk migrate") as caught:
        check(empty, [SCHEMA])
    assert caught.value.names == ALL
    assert empty.value("SELECT count(*) FROM sqlite_master") == 0


def test_a_new_file_is_pending_until_it_is_applied(path: Path, folder: Path) -> None:
    migrate(path, [folder])
    (folder / "0900_good.sql").write_text(GOOD, encoding="utf-8")
    store = open_store(path)
    assert pending(store, [folder]) == ["0900_good"]
    with pytest.raises(MigrationsPending, match="0900_good"):
        check(store, [folder])
    assert migrate(path, [folder]) == ["0900_good"]
    check(store, [folder])
    store.close()


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (BAD, sqlite3.OperationalError),
        ("CREATE TABLE half (id INTEGER);\nCREATE TABLE other (id INTEGER", ValueError),
        ("CREATE TABLE half (id INTEGER PRIMARY KEY);\nINSERT INTO half VALUES (1), (1);\n", sqlite3.IntegrityError),
    ],
)
def test_a_migration_that_fails_leaves_nothing_of_itself(
    path: Path, folder: Path, script: str, error: type[Exception]
) -> None:
    (folder / "0900_good.sql").write_text(GOOD, encoding="utf-8")
    (folder / "0901_bad.sql").write_text(script, encoding="utf-8")
    (folder / "0902_after.sql").write_text("CREATE TABLE after (id INTEGER);\n", encoding="utf-8")
    with pytest.raises(error):
        migrate(path, [folder])
    assert "good" in tables(path)
    assert not {"half", "other", "after"} & tables(path)
    store = open_store(path)
    assert pending(store, [folder]) == ["0901_bad", "0902_after"]
    store.close()
    (folder / "0901_bad.sql").write_text("CREATE TABLE half (id INTEGER);\n", encoding="utf-8")
    assert migrate(path, [folder]) == ["0901_bad", "0902_after"]
    assert {"half", "after"} <= tables(path)


def test_a_migration_that_fails_does_not_touch_what_stands(home: Path, folder: Path) -> None:
    for file in SCHEMA.glob("*.sql"):
        shutil.copy(file, folder)
    (folder / "9999_bad.sql").write_text(f"{EMPTIED}{BAD}", encoding="utf-8")
    store = open_store(store_path(home))
    residents = store.value("SELECT count(*) FROM residents")
    before = schema(store_path(home))
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        migrate(store_path(home), [folder])
    assert store.value("SELECT count(*) FROM residents") == residents > 0
    assert schema(store_path(home)) == before
    store.close()


def test_the_statements_of_a_file_may_have_comments_strings_and_triggers(path: Path, folder: Path) -> None:
    script = (
        "-- a comment; with a semicolon\nCREATE TABLE good (text TEXT);\n"
        "CREATE TRIGGER shout AFTER INSERT ON good BEGIN\n  UPDATE good SET text = upper(text);\n"
        "  UPDATE good SET text = text || ';';\nEND;\nINSERT INTO good VALUES ('a;\nb');\n"
    )
    (folder / "0900_good.sql").write_text(script, encoding="utf-8")
    migrate(path, [folder])
    store = open_store(path)
    assert store.value("SELECT text FROM good") == "A;\nB;"
    store.close()


def test_a_store_of_the_first_version_gets_printers_and_rules(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an upgrade finds: a printer with host and port, both copies of a work order, a ticket queued hours ago."""
    first, own = tmp_path / "first", tmp_path / "own"
    shutil.copytree(SCHEMA, first, ignore=shutil.ignore_patterns("0007_*", "000[89]_*", "00[1-9]*"))
    shutil.copytree(OWN_SCHEMA, own, ignore=shutil.ignore_patterns("000[2-9]_*", "00[1-9]?_*"))
    monkeypatch.setattr("db.migrations.OWN_SCHEMA", own)
    migrate(path, [first])
    monkeypatch.undo()
    store = open_store(path)
    at = "2026-11-23T02:24:00.000Z"
    store.execute("INSERT INTO printers (name, host, port) VALUES ('front', '192.168.1.9', 9100), ('six', '::1', 9101)")
    order = '{"no": "GD20261123-001", "for_worker": %s}'
    for kind, ref, facts in (
        ("work_order", "case:1", order % "true"),
        ("work_order", "case:1", order % "false"),
        ("ticket", "ticket:1", "{}"),
    ):
        store.execute(
            "INSERT INTO print_jobs (printer, kind, ref, facts, queued_at) VALUES ('front', ?, ?, ?, ?)",
            [kind, ref, facts, at],
        )
    store.close()
    migrate(path, [SCHEMA])
    store = open_store(path)
    assert [row[0] for row in store.rows("SELECT address FROM printers ORDER BY name")] == [
        "tcp://192.168.1.9:9100",
        "tcp://[::1]:9101",
    ]
    jobs = store.rows("SELECT part, stale_at, wipe_at FROM print_jobs ORDER BY id")
    assert [tuple(row) for row in jobs] == [
        ("GD20261123-001:worker", None, "2026-11-24T02:24:00.000Z"),
        ("GD20261123-001:owner", None, "2026-11-24T02:24:00.000Z"),
        ("", "2026-11-23T02:27:00.000Z", "2026-11-24T02:24:00.000Z"),
    ]
    assert store.rows("PRAGMA foreign_key_check") == []
    store.close()


def test_notes_of_a_bad_answer_lose_the_name_that_never_wrote_them(path: Path, tmp_path: Path) -> None:
    before = tmp_path / "before"
    shutil.copytree(SCHEMA, before, ignore=shutil.ignore_patterns("0022_*"))
    migrate(path, [before])
    store = open_store(path)
    store.execute("PRAGMA foreign_keys = OFF")
    at = "2026-11-23T02:24:00.000Z"
    store.execute(
        "INSERT INTO staff (id, login, name, role, department, password_hash) VALUES (7, 'a', 'a', 'manager', 'x', 'x')"
    )
    for case_id, text in ((1, "回访/评价不满意，重新处理"), (2, "回访/评价不满意，重新处理"), (3, "已电话联系")):
        store.execute(
            "INSERT INTO cases (id, no, token, kind, state, name, phone, owner_id, department, received_at,"
            " changed_at, source) VALUES (?, ?, ?, 'repair', 'rework', '', '', 7, 'x', ?, ?, 'desk')",
            [case_id, f"BX{case_id}", str(case_id) * 26, at, at],
        )
        store.execute("INSERT INTO case_notes (case_id, text, at, by_id) VALUES (?, ?, ?, 7)", [case_id, text, at])
    store.execute(
        "INSERT INTO events (at, what, subject, subject_id, by_role) VALUES (?, 'rework', 'case', 1, 'token_holder')",
        [at],
    )
    store.close()
    migrate(path, [SCHEMA])
    store = open_store(path)
    found = [tuple(row) for row in store.rows("SELECT case_id, by_id, by_role FROM case_notes ORDER BY id")]
    store.close()
    assert found == [(1, None, "token_holder"), (2, None, "box"), (3, 7, "")]
