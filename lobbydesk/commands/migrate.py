"""`lobbydesk migrate`: bring the store up to date, as the only one who does."""

import argparse

from db.migrations import migrate
from lobbydesk.home import add_home, store_path
from reception import SCHEMA


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_home(parser)


def run(options: argparse.Namespace) -> int:
    """Apply what is pending and say what was applied."""
    names = migrate(store_path(options.home), [SCHEMA])
    print("\n".join(names) if names else "nothing to do")
    return 0
