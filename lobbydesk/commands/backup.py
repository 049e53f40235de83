"""`lobbydesk backup`: back up the store, to a second place and to a stick too; make the key that opens backups."""

import argparse
import json
import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from db import backup_folder, sealing
from db.backup_keep import Keep
from db.sealing import Trouble
from lobbydesk import box_backup, box_settings, logs
from lobbydesk.home import add_home

log = logging.getLogger("lobbydesk.backup")
REASONS = ("hourly", "asked", "upgrade", "stick")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; what is not said stands in the settings of the box."""
    add_home(parser)
    add_places(parser)
    parser.add_argument("--reason", choices=REASONS, default="hourly", help="why it is made, for the list of backups")
    parser.add_argument("--stick", type=Path, metavar="FOLDER", help="copy it to this mounted stick as well")
    what = parser.add_subparsers(dest="what", metavar="[what]")
    what.add_parser("list", help="list the backups there are, newest first")
    new = what.add_parser("new-identity", help="make the key that opens backups, and print it once")
    new.add_argument("file", type=Path)


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
        return _take(options)
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
    settings = box_settings.read(options.settings).backup
    keep = Keep(settings.keep_hours, settings.keep_days, settings.keep_months)
    folder, *second = places(options)
    identity = box_backup.identity_of(options.identity)
    made = box_backup.take(
        options.home, folder, identity, reason=options.reason, keep=keep, now=datetime.now(UTC), beside=second
    )
    print(made.path)
    status = 0
    for place in second:
        try:
            box_backup.copy_to_second(made, place, keep)
        except (Trouble, OSError) as trouble:
            words = sealing.in_words(trouble) if isinstance(trouble, OSError) else trouble
            log.error("the backup was made, but not copied to the second place: %s", words)
            status = 1
    if options.stick:
        backup_folder.copy(made, options.stick)
        os.sync()
        print(options.stick / made.path.name, file=sys.stdout)
    return status
