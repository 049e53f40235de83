"""What tests of backups share: a home with work in it, pictures and own files; a key; how two stores are compared."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pyrage.x25519 import Identity

from db import sealing
from db.backup_folder import Backup
from db.backup_keep import Keep
from db.store import open_store
from lobbydesk import box_backup
from lobbydesk.home import store_path
from tests.crash.morning import Morning

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
ALL = Keep()
PICTURE = "2026-11/0123456789abcdef0123456789abcdef.jpg"


class Box:
    """A home, a place for backups, and the key."""

    def __init__(self, home: Path, folder: Path, key: Path) -> None:
        self.home, self.folder, self.key = home, folder, key
        self.store = store_path(home)
        self.identity: Identity = sealing.read_identity(key)

    def back_up(self, at: datetime = NOON, keep: Keep = ALL, reason: str = "hourly") -> Backup:
        """Make a backup."""
        return box_backup.take(self.home, self.folder, self.identity, reason=reason, keep=keep, now=at, beside=[])

    def put_back(
        self, backup: Path, *, exact: bool = False, at: datetime = NOON, reason: str = "asked"
    ) -> dict[str, Any]:
        """Restore one, into a store that was last written at that time."""
        self.last_written(at)
        return box_backup.put_back(self.home, backup, self.identity, exact=exact, reason=reason, now=at)

    def last_written(self, at: datetime) -> None:
        """Let the files of the store say that it was last written at that time."""
        for path in self.home.glob("lobbydesk.db*"):
            os.utime(path, (at.timestamp(), at.timestamp()))

    def work(self, acts: int = 20, seed: int = 1) -> None:
        """Do a piece of a morning."""
        with closing(open_store(self.store)) as store:
            morning = Morning(store, seed)
            # Whatever chance brings: a picture needs a repair.
            morning.dispatch()
            for _ in range(acts):
                morning.act()

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return every row of every table."""
        return tables(self.store)


def tables(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table of a store."""
    with closing(sqlite3.connect(path)) as store:
        names = [name for (name,) in store.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
        return {name: store.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}  # noqa: S608


def a_box(home: Path, beside: Path) -> Iterator[Box]:
    """Give a box whose store holds work, with a picture that its store names, a plan and a voice of its own."""
    key = beside / "key"
    sealing.new_identity(key)
    box = Box(home, beside / "backups", key)
    box.work()
    with closing(sqlite3.connect(box.store)) as store, store:
        case = store.execute("SELECT max(id) FROM cases").fetchone()[0]
        store.execute(
            "INSERT INTO photos (case_id, stage, file, bytes, at) VALUES (?, 'report', ?, 1, ?)",
            [case, PICTURE, "2026-11-23T02:30:00.000Z"],
        )
    for name, data in (
        (f"photos/{PICTURE}", b"whole"),
        (f"photos/{PICTURE[:-4]}-s.jpg", b"small"),
        ("map.png", b"plan"),
        ("voice-own/zh-A.wav", b"voice"),
    ):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(data)
    yield box
