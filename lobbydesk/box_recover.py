"""The start of a box: a store that a power cut or a dying disk damaged gives way to the newest good backup."""

import errno
import logging
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from db import backup_folder, restore, sealing
from db.sealing import Trouble
from db.store import open_store
from lobbydesk import box_backup
from lobbydesk.home import store_path

log = logging.getLogger("lobbydesk.recover")
# Trouble that putting a backup back would not mend, and that says nothing of what is in the store.
_NOT_ITS_FAULT = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
}
# Nor would an older backup: a dying disk, which cannot read one of them, is another matter.
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


def harm(store: Path) -> str | None:
    """Return what is wrong with a store, in SQLite's words; None for a sound one.

    Raises `sqlite3.Error` for trouble that is not the file's: a full disk, a store in use.
    """
    if store.stat().st_size == 0:
        # SQLite would take it for a new store, and throw its log away.
        return "it is empty"
    try:
        with closing(open_store(store)) as opened:
            found: str = opened.value("PRAGMA quick_check(1)")
            empty = not opened.value("SELECT count(*) FROM sqlite_schema")
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        if code in _NOT_ITS_FAULT:
            raise
        return str(error)
    if found != "ok":
        return found
    return "it is empty" if empty else None


def recover(home: Path, folders: Iterable[Path], identity: Path | None, *, now: datetime) -> dict[str, Any] | None:
    """See that the store of a home is sound before any service opens it; return what was put back, None if nothing was.

    A store that is damaged, or gone although there are backups, is replaced by the newest backup that opens and is
    whole; what was there is kept aside. Refuses when there is none: a lobby that starts empty, as if nothing had been,
    is worse than one that waits for help.
    """
    restore.finish(home)
    folders = list(folders)
    # To look at a store plays its log in: afterwards its files say when that was.
    written = box_backup.last_write(home, now)
    store, backups = store_path(home), backup_folder.newest(*folders)
    if store.is_file():
        wrong = harm(store)
        if wrong is None:
            return None
        log.error("the store is damaged (%s)", wrong)
    elif not backups and not (home / restore.ASIDE).exists():
        return None  # A new box.
    else:
        log.error("the store is gone: %s", store)
    reason = "damaged" if store.is_file() else "missing"
    key = box_backup.identity_of(identity)
    for backup in backups:
        try:
            told = box_backup.put_back(
                home, backup.path, key, exact=False, reason=reason, now=now, written=written, places=folders
            )
        except (Trouble, OSError) as trouble:
            if isinstance(trouble, OSError) and trouble.errno in _NO_ROOM:
                raise
            log.warning("this one does not serve, an older one is tried: %s", sealing.in_words(trouble))
            continue
        log.error(
            "the store was %s; %s was put back. What was done between %s and %s may be missing; every series of numbers"
            " went forward by %s, so that no number is given twice. The old store is kept in %s",
            reason, told["backup"], told["at"], told["lost_until"], told["jump"], home / restore.ASIDE,
        )  # fmt: skip
        return told
    raise Trouble(
        f"the store is {reason} and no backup can be put back. Put one into {', '.join(map(str, folders))}, or look at"
        " docs/operations.md"
    )
