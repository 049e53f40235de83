"""`lobbydesk trial`: could this version take over the store? Asked on a copy, before an upgrade touches it."""

import argparse
import sys

from lobbydesk.home import add_home, store_path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_home(parser)


def run(options: argparse.Namespace) -> int:
    """Migrate a copy and look whether it is whole; 1 with the reason when not."""
    from lobbydesk import trial

    trouble = trial.migrate_a_copy(store_path(options.home))
    print(trouble or "it can", file=sys.stderr if trouble else sys.stdout)
    return 1 if trouble else 0
