"""Nothing erased is left in the bytes of the store, also what an older build only unlinked."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from db.scrub import destroy, scrub
from db.store import open_store, writing

WORDS = "欧阳拖椅子的声音"


def test_what_was_only_unlinked_is_written_over(tmp_path: Path) -> None:
    """Rows removed without `secure_delete` stand in free pages; then the store is written anew."""
    path = tmp_path / "x.db"
    store = open_store(path, create=True)
    store.execute("CREATE TABLE pulse (topic TEXT PRIMARY KEY, revision INTEGER NOT NULL)")
    store.execute("CREATE TABLE notes (text TEXT)")
    store.execute("PRAGMA secure_delete = OFF")
    with writing(store):
        for number in range(400):
            store.execute("INSERT INTO notes (text) VALUES (?)", [f"{number}{WORDS}" * 20])
    with writing(store):
        store.execute("DELETE FROM notes")
    store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert WORDS.encode() in path.read_bytes()
    assert scrub(store, [WORDS])
    assert WORDS.encode() not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
    # What stands rightly is no fault of the store, and is said.
    with writing(store):
        store.execute("INSERT INTO notes (text) VALUES (?)", [WORDS])
    assert not scrub(store, [WORDS])
    store.close()


def test_a_reader_who_does_not_let_go_costs_no_error(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    store = open_store(path, create=True, busy_seconds=0.1)
    store.execute("CREATE TABLE pulse (topic TEXT PRIMARY KEY, revision INTEGER NOT NULL)")
    reader = open_store(path, busy_seconds=0.1)
    reader.execute("BEGIN")
    reader.rows("SELECT * FROM pulse")
    with writing(store):
        store.execute("INSERT INTO pulse VALUES (?, 1)", [WORDS])
    with writing(store):
        store.execute("DELETE FROM pulse")
    assert not scrub(store, [WORDS])
    reader.close()
    assert scrub(store, [WORDS])
    store.close()


def test_who_has_a_destroyed_store_open_writes_nothing_of_what_he_remembers(tmp_path: Path) -> None:
    """A connection keeps pages in its memory: one more write would put them back into a file that it still holds."""
    path = tmp_path / "copy" / "x.db"
    path.parent.mkdir()
    mine = open_store(path, create=True)
    mine.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT, seen INTEGER)")
    mine.execute("INSERT INTO notes (text) VALUES (?)", [WORDS])
    assert mine.rows("SELECT * FROM notes")
    log = os.open(path.with_name("x.db-wal"), os.O_RDONLY)
    destroy(path.parent, "x.db")
    with suppress(sqlite3.Error):
        mine.execute("UPDATE notes SET seen = 1")
    assert WORDS.encode() not in os.pread(log, 1 << 20, 0)
    assert list(tmp_path.iterdir()) == []
    mine.close()
    os.close(log)
