"""`lobbydesk migrate`: bring the store up to date, as the only one who does; at a start see that it is sound."""

import argparse
import logging
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from db import erasure_journal, restore, sealing
from db.migrations import migrate
from db.sealing import Trouble
from db.store import open_store
from lobbydesk import box_recover, box_settings, logs
from lobbydesk.commands.backup import add_places, places
from lobbydesk.home import add_home, store_path
from reception import SCHEMA, erasure_replay, photos


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_home(parser)
    add_places(parser)
    parser.add_argument(
        "--recover", action="store_true", help="before: put the newest good backup back where the store is damaged"
    )


def run(options: argparse.Namespace) -> int:
    """Apply what is pending and say what was applied; 1 where a damaged store could not be mended."""
    if options.recover and not _recover(options):
        return 1
    # A restore that was cut off after its last step is carried to its end, whoever comes first.
    restore.finish(options.home)
    names = migrate(store_path(options.home), [SCHEMA])
    print("\n".join(names) if names else "nothing to do")
    _erase_again(options.home)
    return 0


def _erase_again(home: Path) -> None:
    """Erase again who is in the journal and not yet erased here: the power went in between, or an old store was put
    back exactly. Trouble is said, and tried again each night: nobody is served by a lobby that stays dark."""
    logs.set_up(logging.INFO)
    log, now = logging.getLogger("lobbydesk.migrate"), datetime.now(UTC)
    try:
        with closing(open_store(store_path(home))) as store:
            counts = erasure_replay.replay(store, home, now=now)
            if erasure_journal.entries(home):
                # Pictures go once an erasure is committed: after a power cut in between here, and not in the night.
                photos.sweep(store, now=now)
        erasure_replay.finish(home, counts)
    except (OSError, sqlite3.Error) as error:
        log.error("who was erased could not be erased again: %s", sealing.in_words(error))
        return
    if counts.entries:
        log.warning(
            "%s erasures were not done in this store yet; %s persons were found", counts.entries, counts.persons
        )
    if lost := erasure_journal.damaged(home):
        log.error("%s entries of the journal of erasures cannot be read; a backup brings them back", len(lost))


def _recover(options: argparse.Namespace) -> bool:
    logs.set_up(logging.INFO)
    log = logging.getLogger("lobbydesk.migrate")
    try:
        box_recover.recover(options.home, places(options), options.identity, now=datetime.now(UTC))
        return True
    except (Trouble, box_settings.BadSettings) as trouble:
        log.critical("%s", trouble)
    except OSError as error:
        log.critical("the store could not be looked at: %s", sealing.in_words(error))
    except sqlite3.Error as error:
        log.critical("the store could not be looked at, SQLite says: %s", error)
    return False
