"""A place that holds backups: their names and order, what is said beside each, which are kept, and copies elsewhere.

In it: `lobbydesk-<number>-<time>.tar.age`, beside it `.json` (nothing personal, readable without the key), and in
`photos/` each picture once. The number counts on whatever the clock does: without a chip it may start years back.
"""

import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from db import durable
from db.backup_keep import Keep, kept
from db.durable import PART
from db.sealing import Trouble

PHOTOS = "photos"
ENDING = ".tar.age"
_NAME = re.compile(r"lobbydesk-([0-9]{6,9})-([0-9]{8}T[0-9]{6}Z)\.tar\.age")


@dataclass(frozen=True, slots=True, order=True)
class Backup:
    """A finished backup: it was opened again and compared before it got its name. `stamp`: `20261128T095500Z`, UTC."""

    number: int
    stamp: str
    path: Path

    @property
    def sidecar(self) -> Path:
        """The file beside it that says what it holds."""
        return sidecar_of(self.path)

    @property
    def details(self) -> dict[str, Any]:
        """What stands in the file beside it; empty when that is missing or unreadable."""
        # RecursionError: brackets within brackets, a thousand deep.
        with suppress(OSError, ValueError, RecursionError):
            read = json.loads(self.sidecar.read_text(encoding="utf-8"))
            if isinstance(read, dict):
                return read
        return {}


def sidecar_of(path: Path) -> Path:
    """Return where the details of a backup stand."""
    return path.with_name(path.name.removesuffix(ENDING) + ".json")


def listed(folder: Path) -> list[Backup]:
    """Return the finished backups of a place, newest first; none where there is no such place."""
    found = [(match, path) for path in _files(folder) if (match := _NAME.fullmatch(path.name))]
    return sorted((Backup(int(match[1]), match[2], path) for match, path in found), reverse=True)


def newest(*folders: Path) -> list[Backup]:
    """Return the backups of several places, newest first, of two copies the one in the place named first."""
    best: dict[str, Backup] = {}
    for folder in folders:
        for backup in listed(folder):
            best.setdefault(backup.path.name, backup)
    return sorted(best.values(), reverse=True)


def next_name(folders: Iterable[Path], at: str) -> str:
    """Return the name of the backup to be made at this time, behind all that the places hold."""
    number = 1 + max((backup.number for folder in folders for backup in listed(folder)), default=0)
    return f"lobbydesk-{number:06d}-{re.sub('[-:]', '', at)[:15]}Z{ENDING}"


def _files(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if path.is_file()]
    except FileNotFoundError:
        return []


def write_sidecar(path: Path, details: Mapping[str, Any]) -> None:
    """Write what a backup holds beside it. It comes first: one without it would hold back all pictures."""
    durable.write(sidecar_of(path), json.dumps(details, ensure_ascii=False, separators=(",", ":")).encode())


def clear_parts(folder: Path) -> None:
    """Remove what an interrupted backup left in a place."""
    backups = {backup.sidecar for backup in listed(folder)}
    for path in _files(folder):
        orphan = path.name.startswith("lobbydesk-") and path.suffix == ".json" and path not in backups
        if path.name.endswith(PART) or orphan:
            path.unlink(missing_ok=True)
    for path in (folder / PHOTOS).glob(f"*/*{PART}"):
        path.unlink(missing_ok=True)


def prune(folder: Path, keep: Keep) -> list[str]:
    """Remove the backups that the rule lets go, and the pictures none of the others needs; return their names."""
    backups = listed(folder)
    stay = kept([(backup.number, backup.stamp) for backup in backups], keep)
    gone = [backup for backup in backups if backup.number not in stay]
    for backup in gone:
        backup.path.unlink(missing_ok=True)
        backup.sidecar.unlink(missing_ok=True)
    _prune_photos(folder)
    return [backup.path.name for backup in gone]


def _prune_photos(folder: Path) -> None:
    needed: set[str] = set()
    for backup in listed(folder):
        photos = backup.details.get("photos")
        if not isinstance(photos, list):
            return  # What it needs is not known: nothing goes.
        needed |= {str(name) for name in photos}
    for path in (folder / PHOTOS).glob("*/*.age"):
        if f"{path.parent.name}/{path.name.removesuffix('.age')}" not in needed:
            path.unlink(missing_ok=True)


def copy(backup: Backup, place: Path) -> Backup:
    """Copy a backup with the pictures it needs to another place, read back and compared; return the copy."""
    durable.make_folder(place)
    try:
        return _copied(backup, place)
    finally:
        # What a full stick cut off must not go on filling it.
        clear_parts(place)


def _copied(backup: Backup, place: Path) -> Backup:
    source, details = backup.path.parent, backup.details
    for name in details.get("photos", []):
        _copy_file(source / PHOTOS / f"{name}.age", place / PHOTOS / f"{name}.age")
    if details:
        write_sidecar(place / backup.path.name, details)
    _copy_file(backup.path, place / backup.path.name)
    return Backup(backup.number, backup.stamp, place / backup.path.name)


def _copy_file(source: Path, target: Path) -> None:
    if not source.is_file() or (target.is_file() and target.stat().st_size == source.stat().st_size):
        return
    durable.make_folder(target.parent)
    part = target.with_name(target.name + PART)
    with source.open("rb") as read, durable.created(part) as write:
        shutil.copyfileobj(read, write, 1 << 20)
        write.flush()
        os.fsync(write.fileno())
        # Or the comparison reads the memory, not the stick.
        os.posix_fadvise(write.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    if not _same(source, part):
        part.unlink()
        raise Trouble(f"what was written does not read back the same; the disk or stick is failing: {target.parent}")
    part.replace(target)
    durable.settle(target.parent)


def _same(one: Path, other: Path) -> bool:
    with one.open("rb") as a, other.open("rb") as b:
        while True:
            left, right = a.read(1 << 20), b.read(1 << 20)
            if left != right:
                return False
            if not left:
                return True
