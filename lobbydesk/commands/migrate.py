"""`lobbydesk migrate`: bring the store up to date, as the only one who does; at a start see that it is sound."""

import argparse
import logging
import sqlite3
from datetime import UTC, datetime

from db import restore, sealing
from db.migrations import migrate
from db.sealing import Trouble
from lobbydesk import box_recover, box_settings, logs
from lobbydesk.commands.backup import add_places, places
from lobbydesk.home import add_home, store_path
from reception import SCHEMA


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
    return 0


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
