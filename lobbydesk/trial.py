"""Trying a version's migrations on a copy of the store, before anything of the real one is touched."""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from db.migrations import check, migrate, unknown
from db.store import open_store
from reception import SCHEMA


def migrate_a_copy(path: Path) -> str:
    """Copy the store, migrate the copy, look whether it is whole; return why it is not, "" when all is well.

    The copy lies beside the store, on the disk whose room matters, and is removed in any case.
    """
    # The power went in the middle of one: a whole store, which no retention reaches.
    for left in path.parent.glob("trial-*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix="trial-", dir=path.parent))
    copy = folder / path.name
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as source, closing(sqlite3.connect(copy)) as to:
            # In one step: in several it would begin anew with every write of a running service.
            source.backup(to, pages=-1)
        migrate(copy, [SCHEMA])
        store = open_store(copy)
        try:
            check(store, [SCHEMA])
            if unknown(store, [SCHEMA]):
                return "the store is of a newer version than this one"
            if store.value("PRAGMA quick_check") != "ok":
                return "the migrated copy is damaged"
            if lost := store.row("PRAGMA foreign_key_check"):
                return f"the migrated copy has rows of {lost[0]} that lead nowhere"
        finally:
            store.close()
    except (sqlite3.Error, OSError, ValueError) as error:
        # The name of what failed, never a row: SQLite's own words may hold one.
        return f"the copy cannot be migrated: {getattr(error, 'sqlite_errorname', None) or type(error).__name__}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return ""
