"""`lobbydesk migrate`: bring the store up to date, as the only one who does; or try it on a copy first."""

import argparse
import sys

from db.migrations import migrate
from lobbydesk.home import add_home, store_path
from reception import SCHEMA


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_home(parser)
    parser.add_argument(
        "--recover", action="store_true", help="after an unclean stop, see first that the store is sound"
    )
    parser.add_argument("--trial", action="store_true", help="on a copy that is thrown away: could this version do it?")


def run(options: argparse.Namespace) -> int:
    """Apply what is pending and say what was applied; of a trial, whether it could be: 1 when not."""
    path = store_path(options.home)
    if options.trial:
        from lobbydesk import trial

        trouble = trial.migrate_a_copy(path)
        print(trouble or "it can", file=sys.stderr if trouble else sys.stdout)
        return 1 if trouble else 0
    names = migrate(path, [SCHEMA])
    print("\n".join(names) if names else "nothing to do")
    return 0
