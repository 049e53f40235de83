"""A backup: a snapshot of the store with what lies beside it, sealed, opened again and compared before it counts.

Inside the seal is a tar that needs nothing of ours: `manifest.json`, `lobbydesk.db.gz`, `files/...`. Pictures never
change, so each is sealed once, in `photos/` beside the backups.
"""

import fcntl
import gzip
import io
import json
import os
import shutil
import sqlite3
import stat
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyrage.x25519 import Identity

from db import backup_folder, durable, sealing
from db.backup_folder import PHOTOS, Backup
from db.durable import PART
from db.sealing import Trouble
from db.store import open_store

FORMAT = 1
STORE = "lobbydesk.db"
WORK = "backup.work"
INSIDE = ("manifest.json", f"{STORE}.gz")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup is made of. `photos` asks the snapshot for the pictures' names below `photo_folder`; `files` are
    small things beside the store that staff put there, by the name they have in the home."""

    store: Path
    photo_folder: Path
    photos: Callable[[sqlite3.Connection], list[str]]
    files: Mapping[str, Path]

    @property
    def home(self) -> Path:
        """The folder of the store."""
        return self.store.parent


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Hold the lock of backups and restores of a home: the second waits for the first."""
    run = home / "run"
    run.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (run / "backup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def workroom(home: Path) -> Iterator[Path]:
    """Give an empty folder beside the store, which only its owner reads; what a killed run left in it goes first."""
    work = home / WORK
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def take(
    contents: Contents, folder: Path, identity: Identity, *, at: str, version: str, reason: str, beside: list[Path]
) -> Backup:
    """Make a backup in a place; return it. `at` is the time as the store writes it; `beside` other places, whose
    numbers are not used again. Refuses a store that is missing or damaged; raises OSError as the disk does.

    Until it was opened again and compared it has no name: what is cut off leaves the older ones as they are.
    """
    if not contents.store.is_file():
        raise Trouble(f"there is no store to back up: {contents.store}")
    durable.make_folder(folder)
    with alone(contents.home), workroom(contents.home) as work:
        backup_folder.clear_parts(folder)
        target = folder / backup_folder.next_name([folder, *beside], at)
        try:
            _make(contents, work, target, identity, {"format": FORMAT, "at": at, "version": version, "reason": reason})
        finally:
            # What a full disk cut off must not go on filling it.
            backup_folder.clear_parts(folder)
    return next(backup for backup in backup_folder.listed(folder) if backup.path == target)


def _make(contents: Contents, work: Path, target: Path, identity: Identity, manifest: dict[str, Any]) -> None:
    manifest |= _snapshot(contents, work / STORE)
    manifest["photos"] = _mirror(contents.photo_folder, manifest["photos"], target.parent / PHOTOS, identity)
    part = target.with_name(target.name + PART)
    _pack(work, manifest, contents.files, part, identity)
    (work / STORE).unlink()
    check = work / "check"
    check.mkdir()
    if unpack(part, check, identity) != manifest:
        raise Trouble("the backup does not read back as it was written")
    size = part.stat().st_size
    backup_folder.write_sidecar(target, manifest | {"size": size, "verified": True})
    part.replace(target)
    durable.settle(target.parent)


def _snapshot(contents: Contents, target: Path) -> dict[str, Any]:
    """Copy the store as it is at one moment; return how many rows each table has, and the pictures it names."""
    try:
        store = open_store(contents.store)
        with closing(store), closing(sqlite3.connect(target)) as copy:
            # All pages in one step: in several it would begin again with each act (measured).
            store.connection.backup(copy, pages=-1)
            copy.execute("PRAGMA journal_mode = DELETE")
            return {"rows": rows(copy), "photos": contents.photos(copy)}
    except sqlite3.DatabaseError as error:
        raise Trouble(f"the store cannot be read ({error}): {contents.store}") from None


def rows(store: sqlite3.Connection) -> dict[str, int]:
    """Return the number of rows of every table."""
    tables = store.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
    counted = "SELECT count(*) FROM "
    return {name: store.execute(f'{counted}"{name}"').fetchone()[0] for (name,) in tables}


def _mirror(source: Path, names: list[str], target: Path, identity: Identity) -> list[str]:
    """Seal the pictures that the place lacks, each read back; return those it has. One that is gone is left out."""
    there = []
    for name in names:
        sealed = target / f"{name}.age"
        if not sealed.is_file():
            try:
                data = _own(source, name)
            except FileNotFoundError:
                continue
            durable.make_folder(sealed.parent)
            part = sealed.with_name(sealed.name + PART)
            sealing.seal(io.BytesIO(data), part, identity)
            if sealing.opened(part, identity) != data:
                raise Trouble(f"a picture does not read back as it was written: {part}")
            part.replace(sealed)
            durable.settle(sealed.parent)
        there.append(name)
    return there


def _own(folder: Path, name: str) -> bytes:
    """Return what is in a file of a home. Refuses what a link on the way leads to.

    Whoever took a web service over writes in the home, and sees no key; this process does. By a link named as a picture
    the key would be sealed like one, and lie open in the home after the next restore.
    """
    with os.fdopen(os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        # Of the open file: a path that is looked at before can be another one by then.
        really = Path(f"/proc/self/fd/{file.fileno()}").readlink()
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode) or really != folder.parent.resolve() / folder.name / name:
            raise Trouble(f"a picture is no file of this home: {folder / name}")
        return file.read()


def _pack(work: Path, manifest: Mapping[str, Any], files: Mapping[str, Path], target: Path, identity: Identity) -> None:
    told = work / "manifest.json"
    told.write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    packed = work / f"{STORE}.gz"
    with (work / STORE).open("rb") as plain, gzip.open(packed, "wb", compresslevel=1) as squeezed:
        shutil.copyfileobj(plain, squeezed, 1 << 20)
    tar = work / "plain.tar"
    with tarfile.open(tar, "w") as archive:
        archive.add(told, "manifest.json")
        archive.add(packed, f"{STORE}.gz")
        for name, path in files.items():
            if path.is_symlink():
                raise Trouble(f"a link cannot be backed up; put the file itself there: {path}")
            archive.add(path, f"files/{name}", recursive=False)
    packed.unlink()
    with tar.open("rb") as stream:
        sealing.seal(stream, target, identity)
    tar.unlink()


def unpack(source: Path, target: Path, identity: Identity) -> dict[str, Any]:
    """Open a backup into an empty folder (`lobbydesk.db`, `files/`) and check it; return its manifest.

    Refuses a file that is no backup, damaged, cut short, of another key, or whose store is not whole: every table has
    as many rows as were counted, and SQLite's own check finds nothing.
    """
    tar = target / "plain.tar"
    sealing.unseal(source, tar, identity)
    try:
        with tarfile.open(tar) as archive:
            _lay_out(archive, target)
        manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
        with gzip.open(target / f"{STORE}.gz") as squeezed, (target / STORE).open("xb") as plain:
            shutil.copyfileobj(squeezed, plain, 1 << 20)
    except (tarfile.TarError, ValueError, KeyError, EOFError, gzip.BadGzipFile, FileNotFoundError, FileExistsError):
        raise Trouble(f"this is no backup of Lobbydesk: {source}") from None
    for used in (tar, target / "manifest.json", target / f"{STORE}.gz"):
        used.unlink()
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise Trouble(f"this backup is of a kind that this version does not know: {source}")
    _whole(target / STORE, manifest, source)
    return manifest


def _lay_out(archive: tarfile.TarFile, target: Path) -> None:
    """Write what we know of an archive into a folder. Refuses whatever else is in it.

    By hand: the Python of Debian 12 has no extraction filter yet, and the public half of a key makes files, too.
    """
    for one in archive:
        names = one.name.split("/")
        if not one.isfile() or not (one.name in INSIDE or (names[0] == "files" and len(names) > 1)):
            raise ValueError(one.name)
        if not all(names) or {".", ".."} & set(names):
            raise ValueError(one.name)
        path, data = target.joinpath(*names), archive.extractfile(one)
        durable.make_folder(path.parent)
        assert data is not None
        with path.open("xb") as file:
            shutil.copyfileobj(data, file, 1 << 20)


def _whole(store: Path, manifest: Mapping[str, Any], source: Path) -> None:
    try:
        with closing(sqlite3.connect(store)) as opened:
            found = opened.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if found == "ok" and rows(opened) == manifest.get("rows"):
                return
    except sqlite3.DatabaseError as error:
        found = str(error)
    raise Trouble(f"the store in this backup is not whole ({found}): {source}")
