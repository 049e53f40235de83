"""The one embedded SQLite store: how it is opened, read, and written in whole acts."""

import sqlite3
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from db import pulse

Parameters = Sequence[Any] | Mapping[str, Any]

BUSY_SECONDS = 5.0

# What the box may suffer from; anything else sqlite3 raises is a defect of ours and must look like one.
TROUBLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_NOMEM,
}


class Store:
    """One connection to the store, for one thread.

    Rows come back as `sqlite3.Row`. Writes go through `writing`; `touch` names the topics whose screens
    must look again once the act is committed.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self.connection = connection
        self._touched: set[str] = set()
        self._afterwards: list[Callable[[], None]] = []

    def execute(self, sql: str, parameters: Parameters = ()) -> sqlite3.Cursor:
        """Run one statement and return its cursor."""
        return self.connection.execute(sql, parameters)

    def row(self, sql: str, parameters: Parameters = ()) -> sqlite3.Row | None:
        """Return the first row, or None."""
        row: sqlite3.Row | None = self.connection.execute(sql, parameters).fetchone()
        return row

    def rows(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        """Return all rows."""
        return self.connection.execute(sql, parameters).fetchall()

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        """Return the first column of the first row, or None."""
        row = self.connection.execute(sql, parameters).fetchone()
        return None if row is None else row[0]

    def counts(self, sql: str, parameters: Parameters = ()) -> dict[str, int]:
        """Return the rows of a `SELECT key, count(*)` as a dictionary."""
        return {key: count for key, count in self.connection.execute(sql, parameters)}  # noqa: C416 (rows, not pairs)

    def insert(self, sql: str, parameters: Parameters = ()) -> int:
        """Run an INSERT and return the id of its row."""
        row_id = self.connection.execute(sql, parameters).lastrowid
        assert row_id is not None
        return row_id

    def changed(self, sql: str, parameters: Parameters = ()) -> bool:
        """Run a conditional UPDATE or DELETE; True if it changed anything."""
        return self.connection.execute(sql, parameters).rowcount > 0

    @property
    def in_transaction(self) -> bool:
        """True inside `writing`."""
        return self.connection.in_transaction

    def touch(self, *topics: str) -> None:
        """Say which topics this act changed; screens that watch them look again after the commit."""
        if not self.connection.in_transaction:
            raise RuntimeError("touch() outside writing()")
        self._touched.update(topics)

    def afterwards(self, deed: Callable[[], None]) -> None:
        """Do this once the act is committed, and never when it is not: for files, which no transaction holds."""
        if not self.connection.in_transaction:
            raise RuntimeError("afterwards() outside writing()")
        self._afterwards.append(deed)

    def close(self) -> None:
        """Close the connection; a second call does nothing."""
        self.connection.close()

    def _begin(self) -> None:
        self._touched.clear()
        self._afterwards.clear()
        self.connection.execute("BEGIN IMMEDIATE")

    def _commit(self) -> frozenset[str]:
        touched = frozenset(self._touched)
        self.connection.executemany(
            "INSERT INTO pulse (topic, revision) VALUES (?, 1)"
            " ON CONFLICT (topic) DO UPDATE SET revision = revision + 1",
            [(topic,) for topic in sorted(touched)],
        )
        self.connection.execute("COMMIT")
        return touched


def open_store(
    path: Path, *, busy_seconds: float = BUSY_SECONDS, synchronous: str = "FULL", create: bool = False
) -> Store:
    """Open the store at `path` for the calling thread.

    WAL with synchronous=FULL: an act that was acknowledged survives a power cut (`box.md`, SQLite).
    `synchronous` is there for the control of the crash test alone. Raises `sqlite3.Error` when the file
    cannot be opened, also when there is none: only a migration makes one (`create`). A service or a timer that made it
    would let a lobby whose store is gone go on, empty, as if nothing had been lost.
    """
    file = f"file:{quote(str(path))}?mode={'rwc' if create else 'rw'}"
    connection = sqlite3.connect(file, uri=True, timeout=busy_seconds, isolation_level=None, check_same_thread=True)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL" if synchronous == "NORMAL" else "PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return Store(path, connection)


def is_trouble(error: sqlite3.Error) -> bool:
    """Tell trouble of the box (locked, disk full, file unreadable) from a defect in our statements."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and (code & 0xFF) in TROUBLE


class StoreBusy(sqlite3.OperationalError):
    """The turn to write did not come within the busy time; nothing was written."""

    sqlite_errorcode = sqlite3.SQLITE_BUSY


_turns: dict[Path, threading.Lock] = {}
_turns_guard = threading.Lock()


def _turn(path: Path) -> threading.Lock:
    with _turns_guard:
        return _turns.setdefault(path, threading.Lock())


def _transaction(store: Store) -> Generator[Store, None, frozenset[str]]:
    store._begin()
    try:
        yield store
        return store._commit()
    finally:
        # Still open: the act or its commit failed, and nothing of it may stay.
        if store.in_transaction:
            store.connection.execute("ROLLBACK")


@contextmanager
def writing(store: Store, *, busy_seconds: float = BUSY_SECONDS) -> Iterator[Store]:
    """One act, one transaction: everything inside is committed together, durably, or not at all.

    Joins the transaction already open, so that acts can call acts. A lock per process stands around it:
    without it eight threads fight inside SQLite's busy handler (p99 581 ms against 12 ms, `box.md`).
    Raises `StoreBusy` when the turn does not come; any exception rolls back.
    """
    if store.in_transaction:
        yield store
        return
    turn = _turn(store.path)
    if not turn.acquire(timeout=busy_seconds):
        raise StoreBusy("another act of this process holds the store")
    try:
        touched = yield from _transaction(store)
    finally:
        turn.release()
    for deed in store._afterwards:
        # What was committed stands; a file that would not go is found by whoever sweeps.
        with suppress(OSError):
            deed()
    pulse.announce(pulse.run_folder(store.path), touched)
