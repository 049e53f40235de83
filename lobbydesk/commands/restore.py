"""`lobbydesk restore`: put a backup back, whole or not at all; the services must stand still."""

import argparse
import json
import logging
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from db import backup_folder, sealing
from db.sealing import Trouble
from lobbydesk import box_backup, box_settings, logs
from lobbydesk.commands.backup import add_places, places
from lobbydesk.home import add_home

log = logging.getLogger("lobbydesk.restore")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_home(parser)
    add_places(parser)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("file", type=Path, nargs="?", help="the backup, a .tar.age with its photos beside it")
    which.add_argument("--newest", action="store_true", help="the newest one of the places where backups are")
    parser.add_argument("--exact", action="store_true", help="to the last row as it was: nothing was lost since")
    parser.add_argument("--to", type=Path, metavar="HOME", help="restore into this folder instead of the home")


def run(options: argparse.Namespace) -> int:
    """Do it and say in JSON what was put back; 1 with a plain sentence, the old store untouched, where not."""
    logs.set_up(logging.INFO)
    try:
        source = options.file or _newest(options)
        told = box_backup.put_back(
            options.to or options.home,
            source,
            box_backup.identity_of(options.identity),
            exact=options.exact,
            reason="asked",
            now=datetime.now(UTC),
            places=_journals(options),
        )
    except (Trouble, box_settings.BadSettings, OSError) as trouble:
        log.error("nothing was restored: %s", sealing.in_words(trouble))
        return 1
    except sqlite3.Error as error:
        log.error("nothing was restored: SQLite says: %s", error)
        return 1
    print(json.dumps(told, ensure_ascii=False))
    if not options.exact:
        log.warning(
            "%s was put back. What was done between %s and %s may be missing; every series of numbers went forward by"
            " %s, so that no number is given twice",
            told["backup"], told["at"], told["lost_until"], told["jump"],
        )  # fmt: skip
    return 0


def _journals(options: argparse.Namespace) -> list[Path]:
    """Return where else who was erased may be written down. Broken settings keep no backup from being put back."""
    try:
        return places(options)
    except box_settings.BadSettings as bad:
        log.warning("who was erased is looked up beside this backup alone: %s", bad)
        return []


def _newest(options: argparse.Namespace) -> Path:
    found = backup_folder.newest(*places(options))
    if not found:
        raise Trouble(f"there is no backup in {' nor in '.join(map(str, places(options)))}")
    return found[0].path
