"""Migrations: plain SQL files, named, append-only, applied in order by `lobbydesk migrate` alone."""

import fcntl
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from db.store import Store, open_store

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

SET = "lobbydesk"
OWN_SCHEMA = Path(__file__).parent / "schema"


class MigrationsPending(Exception):
    """The store is older than the code; `lobbydesk migrate` must run first. `names` says which are missing."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(f"migrations pending: {', '.join(names)}; run `lobbydesk migrate`")
        self.names = names


def _files(folders: Iterable[Path]) -> list[Path]:
    """Return the SQL files: db's own first, then each folder's, each in order of name."""
    return [file for folder in (OWN_SCHEMA, *folders) for file in sorted(folder.glob("*.sql"))]


def _statements(script: str) -> Iterator[str]:
    # Not executescript: it commits first, and a migration must stand or fall together with its record.
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        raise ValueError(f"unfinished statement: {statement.strip()[:80]}")


def _migrations(files: Iterable[Path]) -> "Migrations":
    # Imported here: services only ask what is pending, and need not carry the library in memory.
    from sqlite_utils import Migrations

    migrations = Migrations(SET)

    def add(file: Path) -> None:
        def apply(database: "Database") -> None:
            for statement in _statements(file.read_text(encoding="utf-8")):
                database.conn.execute(statement)

        migrations(name=file.stem)(apply)

    for file in files:
        add(file)
    return migrations


def migrate(path: Path, folders: Iterable[Path]) -> list[str]:
    """Bring the store at `path` (made if missing) up to date; return the names of what was applied.

    Two at once: the second waits for the first (measured without the lock: "database is locked").
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".migrate-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        store = open_store(path, create=True)
        try:
            from sqlite_utils import Database

            files = _files(folders)
            names = pending(store, folders)
            _migrations(files).apply(Database(store.connection))
            return names
        finally:
            store.close()


def pending(store: Store, folders: Iterable[Path]) -> list[str]:
    """Return the names of the migrations that this store still lacks, in order."""
    known = store.value("SELECT count(*) FROM sqlite_master WHERE name = '_sqlite_migrations'")
    applied = (
        {row[0] for row in store.rows("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", [SET])}
        if known
        else set()
    )
    return [file.stem for file in _files(folders) if file.stem not in applied]


def unknown(store: Store, folders: Iterable[Path]) -> list[str]:
    """Return the names of migrations that were applied to this store and that the code does not know: it is newer."""
    known = {file.stem for file in _files(folders)}
    if not store.value("SELECT count(*) FROM sqlite_master WHERE name = '_sqlite_migrations'"):
        return []
    applied = store.rows("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", [SET])
    return [row[0] for row in applied if row[0] not in known]


def check(store: Store, folders: Iterable[Path]) -> None:
    """Raise `MigrationsPending` when the store is older than the code."""
    names = pending(store, folders)
    if names:
        raise MigrationsPending(names)
