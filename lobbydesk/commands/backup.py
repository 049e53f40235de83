"""`lobbydesk backup`: back up the store, to a second place and to a stick too; make the key that opens backups."""

import argparse
import errno
import json
import logging
from datetime import UTC, datetime
from pathlib import Path

from db import backup_folder, sealing
from db.backup_keep import Keep
from db.sealing import Trouble
from db.store import open_store
from lobbydesk import box_backup, box_settings, logs
from lobbydesk.home import add_home, store_path
from reception import box_backups

log = logging.getLogger("lobbydesk.backup")
# What the script that mounts the stick understands.
STICK_FULL = 3
REASONS = ("hourly", "asked", "upgrade", "stick")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; what is not said stands in the settings of the box."""
    add_home(parser)
    add_places(parser)
    parser.add_argument("--reason", choices=REASONS, default="hourly", help="why it is made, for the list of backups")
    parser.add_argument("--stick", type=Path, metavar="FOLDER", help="copy it to this folder of a mounted stick")
    what = parser.add_subparsers(dest="what", metavar="[what]")
    what.add_parser("list", help="list the backups there are, newest first")
    new = what.add_parser("new-identity", help="make the key that opens backups, and print it once")
    new.add_argument("file", type=Path)
    ended = what.add_parser("stick-ended", help="say how the wish for a backup on a stick ended")
    ended.add_argument("outcome", choices=("done", "no_stick", "several_sticks", "full", "failed"))


def add_places(parser: argparse.ArgumentParser) -> None:
    """Declare where backups are and what opens them."""
    parser.add_argument("--identity", type=Path, metavar="FILE", help="the backup key; - reads it from standard input")
    parser.add_argument("--settings", type=Path, default=box_settings.PATH, help="the settings of the box")
    parser.add_argument("--folder", type=Path, help="where backups are (default: as the settings say)")
    parser.add_argument("--second", type=Path, help="the second place for them (default: as the settings say)")


def places(options: argparse.Namespace) -> list[Path]:
    """Return where backups are: the folder, then the second place if there is one. Raises `BadSettings`."""
    settings = box_settings.read(options.settings).backup
    second = options.second or (Path(settings.second) if settings.second and not options.folder else None)
    return [one for one in (options.folder or Path(settings.folder), second) if one is not None]


def run(options: argparse.Namespace) -> int:
    """Do it; 1 with a plain sentence where it was not done, or not everywhere."""
    logs.set_up(logging.INFO)
    try:
        if options.what == "new-identity":
            print(sealing.new_identity(options.file))
            return 0
        if options.what == "list":
            return _list(places(options))
        if options.what == "stick-ended":
            return _stick_ended(options)
        return _take_to_stick(options) if options.stick else _take(options)
    except (Trouble, box_settings.BadSettings) as trouble:
        log.error("%s", trouble)
    except OSError as error:
        log.error("no backup was made: %s", sealing.in_words(error))
    return 1


def _list(folders: list[Path]) -> int:
    for backup in backup_folder.newest(*folders):
        told = {key: value for key, value in backup.details.items() if key not in {"rows", "photos", "format"}}
        print(json.dumps({"file": str(backup.path)} | told, ensure_ascii=False))
    return 0


def _take(options: argparse.Namespace) -> int:
    keep = _keep(options)
    folder, *second = places(options)
    identity = box_backup.identity_of(options.identity)
    made = box_backup.take(
        options.home, folder, identity, reason=options.reason, keep=keep, now=datetime.now(UTC), beside=second
    )
    print(made.path)
    status = 0
    for place in second:
        try:
            box_backup.copy_to_second(options.home, made, place, keep, identity)
        except (Trouble, OSError) as trouble:
            log.error("the backup was made, but not copied to the second place: %s", sealing.in_words(trouble))
            status = 1
    return status


def _take_to_stick(options: argparse.Namespace) -> int:
    """Make a backup and copy it to the stick; 3 where the stick is full."""
    folder, *second = places(options)
    identity = box_backup.identity_of(options.identity)
    made = box_backup.take(
        options.home, folder, identity, reason="stick", keep=_keep(options), now=datetime.now(UTC), beside=second
    )
    try:
        box_backup.seal_erasures(options.home, options.stick, identity)
        print(backup_folder.copy(made, options.stick).path)
    except OSError as error:
        log.error("the backup was made, but not copied to the stick: %s", sealing.in_words(error))
        return STICK_FULL if error.errno in {errno.ENOSPC, errno.EFBIG} else 1
    return 0


def _stick_ended(options: argparse.Namespace) -> int:
    store = open_store(store_path(options.home))
    try:
        box_backups.stick_ended(store, outcome=options.outcome, now=datetime.now(UTC))
    finally:
        store.close()
    return 0


def _keep(options: argparse.Namespace) -> Keep:
    settings = box_settings.read(options.settings).backup
    return Keep(settings.keep_hours, settings.keep_days, settings.keep_months)
