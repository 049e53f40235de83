"""Backups as the commands do them: one wiring for the timer, the upgrade, the stick and the start of the box."""

import json
import logging
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pyrage.x25519 import Identity

from db import backup, backup_folder, durable, erasure_journal, migrations, restore, sealing
from db.backup_folder import Backup
from db.backup_keep import Keep
from db.sealing import Trouble
from db.store import Store, open_store
from lobbydesk.home import store_path
from reception import SCHEMA, box_backups, erasure_replay, restorations, retention
from reception.erasure_replay import Counts
from reception.permissions import BOX
from reception.release import version
from reception.restorations import Gap
from reception.rules import clock

log = logging.getLogger("lobbydesk.backup")
FOLDER = Path("/var/backups/lobbydesk")
IDENTITY = Path("/etc/lobbydesk/credentials/backup-identity")
RESTORES = "restores.json"


def identity_path(given: Path | None) -> Path:
    """Return where the backup key is: as given, else the unit's credential, else where the box keeps it."""
    credentials = os.environ.get("CREDENTIALS_DIRECTORY")
    return given or (Path(credentials) / "backup-identity" if credentials else IDENTITY)


def take(
    home: Path, folder: Path, identity: Identity, *, reason: str, keep: Keep, now: datetime, beside: list[Path]
) -> Backup:
    """Make a backup, and let go what the rule does not keep any more; return it. Refuses as `db.backup.take`.

    `beside`: other places that hold backups, whose numbers are not used again.
    """
    contents = backup.Contents(
        store=store_path(home),
        photo_folder=box_backups.photo_folder(home),
        photos=box_backups.photo_names,
        files=box_backups.own_files(home),
    )
    try:
        # First: what was erased must reach the older ones, also when a disk has no room for one more.
        seal_erasures(home, folder, identity)
    except (Trouble, OSError) as trouble:
        log.error("what was erased is not known beside the backups: %s", sealing.in_words(trouble))
    made = backup.take(
        contents, folder, identity, at=clock.to_text(now), version=version(), reason=reason, beside=beside
    )
    backup_folder.prune(folder, keep)
    restore.forget_aside(home, now)
    with backup.alone(home):
        # A restore that the power cut off left a whole store, which no retention reaches. One under way holds the lock.
        restore.drop_partial(home)
    return made


def seal_erasures(home: Path, place: Path, identity: Identity) -> None:
    """Unite the journal of what was erased with the sealed copy in a place of backups, both ways."""
    if not home.is_dir():
        return
    with backup.alone(home):
        erasure_journal.seal(home, place, identity)


def copy_to_second(home: Path, made: Backup, second: Path, keep: Keep, identity: Identity) -> None:
    """Copy a backup to the second place. Refuses one that is not there: a disk that is not mounted is only a folder."""
    if not second.is_dir():
        raise Trouble(f"the second place for backups is not there: {second}")
    if second.stat().st_dev == made.path.stat().st_dev:
        raise Trouble(f"the second place for backups is on the same disk as the first (is it mounted?): {second}")
    seal_erasures(home, second, identity)
    backup_folder.copy(made, second)
    backup_folder.prune(second, keep)


def put_back(
    home: Path,
    source: Path,
    identity: Identity,
    *,
    exact: bool,
    reason: str,
    now: datetime,
    written: datetime | None = None,
    places: Iterable[Path] = (),
) -> dict[str, Any]:
    """Restore a backup into a home; return what there is to say of it. Refuses with the old store untouched.

    Who was erased since goes again, before the store is in its place: by the journal of the home, united with the
    copies beside the backup and in the other `places` of backups.

    `exact`: the store as it was, to the last row, for a rollback where nothing was lost; else numbers jump, and the gap
    is told at the desk. `written`: when the store was last written, where its files were touched since. A backup of a
    newer version than this one is refused.
    """
    durable.make_folder(home)
    written = written or last_write(home, now)
    with backup.alone(home):
        restore.finish(home)
        with restore.unused(store_path(home)):
            pass
        unread = _unite([source.parent, *places], home, identity)
        try:
            told = _put_back(home, source, identity, exact=exact, reason=reason, now=now, written=written)
            return told | ({"erasures_unread": unread} if unread else {})
        finally:
            restore.drop_partial(home)


def _put_back(
    home: Path, source: Path, identity: Identity, *, exact: bool, reason: str, now: datetime, written: datetime
) -> dict[str, Any]:
    store = store_path(home)
    gone, numbers = not store.is_file(), _last_numbers(store)
    staged = restore.stage(source, home, identity)
    _not_newer(staged.store, source)
    at = str(staged.manifest["at"])
    # By a clock that does not know the time yet it would be a month old as soon as that is set.
    aside = f"{max(now, written, clock.from_text(at)):%Y%m%dT%H%M%SZ}-{reason}"
    told = {"backup": source.name, "at": at, "version": staged.manifest["version"], "pictures_missing": staged.missing}
    if not exact:
        gap = Gap(
            reason=reason,
            backup=source.name,
            lost_from=at,
            lost_until=max(at, clock.to_text(written)),
            pictures_missing=staged.missing,
            kept_aside="" if gone else aside,
            jumps=_unknown_jumps(home, staged.store),
        )
        told |= {"lost_until": gap.lost_until, "jump": _go_on(staged.store, gap, numbers, now)}
        _remember(home, _last_restore(staged.store), gap.jump - gap.jumps)
    erased = _erase_again(staged.store, home, forget=not exact, now=now)
    with restore.unused(store):
        restore.commit(staged, home, aside)
    erasure_replay.finish(home, erased)
    return told | {"erased_again": erased.persons}


def _unite(places: Iterable[Path], home: Path, identity: Identity) -> list[str]:
    """Lay the copies of the journal into that of the home; return those that cannot be read.

    A lobby must not stay dark for one: it is said instead.
    """
    unread = []
    for copy in dict.fromkeys(place / erasure_journal.SEALED for place in places):
        try:
            erasure_journal.unite(home, copy, identity)
        except (Trouble, OSError) as trouble:
            log.error("what was erased after this backup may be in it again: %s", sealing.in_words(trouble))
            unread.append(str(copy))
    return unread


def _erase_again(store: Path, home: Path, *, forget: bool, now: datetime) -> Counts:
    """Hold a store that is not in place yet against the journal; return what was erased in it again.

    `forget`: what retention had removed since goes, too. A store of an older version is left to the next
    `lobbydesk migrate`, which brings it up to date first: exactly as it was, it cannot say what it lacks.
    """
    with _staged(store) as opened:
        if migrations.pending(opened, [SCHEMA]):
            return Counts()
        erased = erasure_replay.replay(opened, home, now=now)
        if forget and erasure_journal.reached(home):
            retention.run(opened, by=BOX, home=home, now=now)
    shutil.rmtree(store.parent / "run", ignore_errors=True)
    return erased


@contextmanager
def _staged(store: Path) -> Iterator[Store]:
    """Open a store that is not in place yet, and leave it as one file: no log of it may lie beside the old one."""
    with closing(open_store(store)) as opened:
        yield opened
        opened.execute("PRAGMA journal_mode = DELETE")


def _go_on(store: Path, gap: Gap, numbers: dict[str, int], now: datetime) -> int:
    """Bring the staged store up to date and make it fit to go on with, as one file; return the jump."""
    migrations.migrate(store, [SCHEMA])
    store.with_suffix(".migrate-lock").unlink(missing_ok=True)
    with _staged(store) as opened:
        jump = restorations.note_restored(opened, gap, numbers, now=now)
    shutil.rmtree(store.parent / "run", ignore_errors=True)
    return jump


def _not_newer(store: Path, source: Path) -> None:
    with _staged(store) as opened:
        unknown = migrations.unknown(opened, [SCHEMA])
    if unknown:
        raise Trouble(f"this backup is of a newer version of Lobbydesk; install that one first: {source}")


def last_write(home: Path, now: datetime) -> datetime:
    """Return when the store was last written, as its files say; `now` where there are none."""
    times = [path.stat().st_mtime for name in restore.FILES[:2] if (path := home / name).exists()]
    return datetime.fromtimestamp(max(times), UTC) if times else now


def _last_numbers(store: Path) -> dict[str, int]:
    if not store.is_file():
        return {}
    try:
        # Read only: what is to be kept aside is not written to, nor is its log played in.
        with closing(sqlite3.connect(f"{store.absolute().as_uri()}?mode=ro", uri=True)) as old:
            return restorations.evidence(old)
    except sqlite3.Error:
        return {}


def _restores(home: Path) -> list[dict[str, Any]]:
    try:
        read = json.loads((home / RESTORES).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return []
    return read if isinstance(read, list) else []


def _last_restore(store: Path) -> list[Any]:
    """Return what names the last restore that a store knows of; empty when it knows of none."""
    with _staged(store) as opened:
        try:
            row = opened.row("SELECT at, backup, jump FROM restorations ORDER BY id DESC LIMIT 1")
        except sqlite3.OperationalError:  # Of a version that had none.
            row = None
    return list(row) if row else []


def _unknown_jumps(home: Path, store: Path) -> int:
    """Return what the restores put on of which a store that is put back cannot know: those after the last it knows.

    By their order, not by their times: a clock may have stood anywhere.
    """
    known, told = _last_restore(store), _restores(home)
    later = next((place for place in range(len(told), 0, -1) if known and told[place - 1]["restore"] == known), 0)
    return sum(one["jump"] for one in told[later:])


def _remember(home: Path, restore_of: list[Any], jump: int) -> None:
    """Note a jump beside the store: inside it, it would be lost with the next restore of the same backup."""
    told = [*_restores(home)[-99:], {"restore": restore_of, "jump": jump}]
    durable.write(home / RESTORES, json.dumps(told).encode())


def identity_of(given: Path | None) -> Identity:
    """Return the backup key, `-` for one on standard input: root hands it to a command that may not read it itself."""
    if given == Path("-"):
        return sealing.identity_in(sys.stdin.read(), "standard input")
    return sealing.read_identity(identity_path(given))
