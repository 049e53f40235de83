"""Put a store back: unpacked and checked beside the old one, then swapped in one step that a power cut cannot halve.

`restore.part` may be thrown away at any moment. Renaming it to `restore.ready` is the step: from then on the new store
is the store, and `finish` carries it to its place, now or at the next start. The old one is kept aside, whole.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pyrage.x25519 import Identity

from db import backup, backup_folder, durable, sealing
from db.backup import STORE
from db.sealing import Trouble

PARTIAL, READY, ASIDE = "restore.part", "restore.ready", "kept-aside"
NOTE = "note.json"
# The store with what SQLite keeps beside it: a log of the old one beside the new one would be played into it.
FILES = (STORE, f"{STORE}-wal", f"{STORE}-shm", f"{STORE}-journal")
# An old store holds personal data like the present one; after a month nobody asks for it any more.
ASIDE_LIVES = timedelta(days=30)
# Where SQLite locks in its file: whoever has a store open in WAL mode holds these bytes, shared.
_SHARED_FIRST, _SHARED_SIZE = 0x40000002, 510


@dataclass(frozen=True, slots=True)
class Staged:
    """A store that is unpacked, checked and not yet in place. `missing` pictures were not in the mirror."""

    folder: Path
    manifest: dict[str, Any]
    missing: int

    @property
    def store(self) -> Path:
        """The new store."""
        return self.folder / STORE


@contextmanager
def unused(store: Path) -> Iterator[None]:
    """Hold a store so that nobody can have it open; a damaged one too. Refuses when somebody has."""
    try:
        file = store.open("r+b")
    except FileNotFoundError:
        yield
        return
    with file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, _SHARED_SIZE, _SHARED_FIRST)
        except OSError:
            raise Trouble(
                f"the store is in use: stop the services first (systemctl stop lobbydesk.target 'lobbydesk-*'): {store}"
            ) from None
        yield


def drop_partial(home: Path) -> None:
    """Throw away a store that never became the store."""
    shutil.rmtree(home / PARTIAL, ignore_errors=True)


def stage(source: Path, home: Path, identity: Identity) -> Staged:
    """Unpack a backup beside the store of a home and check it. Refuses as `backup.unpack` does."""
    if not source.is_file():
        raise Trouble(f"there is no such backup: {source}")
    folder = home / PARTIAL
    drop_partial(home)
    folder.mkdir(mode=0o700)
    manifest = backup.unpack(source, folder, identity)
    missing = _pictures(manifest, source.parent / backup_folder.PHOTOS, home / "photos", identity)
    return Staged(folder, manifest, missing)


def _pictures(manifest: dict[str, Any], mirror: Path, folder: Path, identity: Identity) -> int:
    """Bring back the pictures that the home lacks; return how many are nowhere. One too many does no harm."""
    missing = 0
    for name in manifest["photos"]:
        target = folder / name
        if folder.resolve() not in target.resolve().parents:
            raise Trouble(f"this is no backup of Lobbydesk: a picture named {name}")
        if target.is_file():
            continue
        try:
            data = sealing.opened(mirror / f"{name}.age", identity)
        except (FileNotFoundError, Trouble):
            missing += 1
            continue
        durable.make_folder(target.parent)
        durable.write(target, data)
    return missing


def commit(staged: Staged, home: Path, aside: str) -> None:
    """Make the staged store the store of the home; what was there before goes to `kept-aside/<aside>/`.

    The staged store must be closed, and one file alone.
    """
    durable.write(staged.folder / NOTE, json.dumps({"aside": aside}).encode())
    for path in (path for path in staged.folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            os.fsync(file.fileno())
    for folder in (path for path in staged.folder.rglob("*") if path.is_dir()):
        durable.settle(folder)
    durable.settle(staged.folder)
    staged.folder.replace(home / READY)
    durable.settle(home)
    finish(home)


def finish(home: Path) -> bool:
    """Carry a store that was made the store to its place, at whatever step it stopped; False where there is none.

    As long as the new store lies in `restore.ready`, what lies in the home is the old one; afterwards it is the new.
    """
    ready = home / READY
    if not ready.is_dir():
        return False
    if (ready / STORE).is_file():
        aside = home / ASIDE / json.loads((ready / NOTE).read_text(encoding="utf-8"))["aside"]
        durable.make_folder(aside)
        for path in (home / name for name in FILES):
            if path.exists():
                path.replace(aside / path.name)
        durable.settle(aside)
        # Before the new one comes: after a power cut no log of the old one may stand beside it.
        durable.settle(home)
        _files(ready / "files", home)
        (ready / STORE).replace(home / STORE)
        durable.settle(home)
    shutil.rmtree(ready)
    durable.settle(home)
    return True


def _files(source: Path, home: Path) -> None:
    """Put the small files of a backup in place, over what is there."""
    for path in sorted(path for path in source.rglob("*") if path.is_file()):
        target = home / path.relative_to(source)
        durable.make_folder(target.parent)
        path.replace(target)
        durable.settle(target.parent)


def forget_aside(home: Path, now: datetime) -> list[str]:
    """Remove the old stores that were put aside a month ago; return their names. Their names begin with the time."""
    limit = f"{now - ASIDE_LIVES:%Y%m%dT%H%M%SZ}"
    old = [path for path in (home / ASIDE).glob("*") if path.name[:16] < limit]
    for path in old:
        shutil.rmtree(path)
    return [path.name for path in old]
