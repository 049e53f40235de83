"""A glimpse at a store that leaves no trace: nothing is written, not even what SQLite keeps beside it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from db.store import Store


@contextmanager
def glimpse(path: Path) -> Iterator[Store]:
    """Open the store at `path` to read it, before anybody else has: for the very start of a box.

    Whether the last stop was a clean one is seen by the log that it left behind: a common connection would write that
    into the store when it closes, and take it away. Raises `sqlite3.Error` where the store cannot be read.
    """
    log = path.with_name(f"{path.name}-wal")
    # Without a log the file is whole by itself, and SQLite need make none to read it.
    how = "mode=ro" if log.exists() and log.stat().st_size else "mode=ro&immutable=1"
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        yield Store(path, connection)
    finally:
        connection.close()
