"""Nothing erased is left in the bytes of the store: not in its log, not in pages that nothing points to."""

import mmap
import os
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path

from db.store import Store, is_trouble, open_store


def scrub(store: Store, forms: Iterable[str]) -> bool:
    """Empty the log into the store, and write the store anew where one of these texts still stands in its bytes.

    Return whether none does. After the act is committed. Deleted bytes are overwritten (`secure_delete`), but SQLite
    moves rows between pages and may leave a copy of one behind. A text may stand rightly: in the rows of a namesake.
    A store that others hold too long is left as it is (False): nothing points to those bytes, and the log is emptied
    by the night at the latest (`retention`).
    """
    texts = [form.encode() for form in forms if form]
    try:
        if _emptied(store) and not _stands(store, texts):
            return True
        store.execute("VACUUM")
        return _emptied(store) and not _stands(store, texts)
    except sqlite3.OperationalError as error:
        if not is_trouble(error):
            raise
        return False


def empty(store: Store, *, anew: bool) -> bool:
    """Empty the log into the store, and with `anew` write the store anew first; return whether it was done.

    After the act is committed. A store that others hold too long is left as it is.
    """
    try:
        if anew:
            store.execute("VACUUM")
        return _emptied(store)
    except sqlite3.OperationalError as error:
        if not is_trouble(error):
            raise
        return False


def destroy(folder: Path, name: str) -> None:
    """Take away a folder with the store `name` in it, and every byte of that store, whoever has it open.

    The folder has another name first, so that nobody finds the store any more. Then the store is emptied as any act
    would empty it: who has it open finds nothing in it, and writes nothing of what he remembers. What still stands in
    its files goes with their length, also where a reader would not let go.
    """
    gone = folder.with_name(f"{folder.name}.over")
    folder.rename(gone)
    path = gone / name
    with suppress(sqlite3.Error), closing(open_store(path, busy_seconds=1)) as store:
        store.execute("PRAGMA writable_schema = ON")
        store.execute("DELETE FROM sqlite_master")
        store.execute("PRAGMA writable_schema = OFF")
        store.execute("VACUUM")
        _emptied(store)
    # Not its index (`-shm`): no page of the store is in it, and whoever has it open has it in his memory.
    for file in (path, path.with_name(f"{name}-wal")):
        with suppress(FileNotFoundError):
            os.truncate(file, 0)
    shutil.rmtree(gone, ignore_errors=True)


def _emptied(store: Store) -> bool:
    busy, _frames, _moved = store.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def _stands(store: Store, texts: list[bytes]) -> bool:
    with store.path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        return any(whole.find(text) != -1 for text in texts)
