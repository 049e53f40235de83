"""`lobbydesk kiosk`: serve the kiosk."""

import argparse
import logging
from typing import TYPE_CHECKING

from lobbydesk.home import add_home, store_path, unready

if TYPE_CHECKING:
    from flask import Flask


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_home(parser)
    parser.add_argument("--bind", default="127.0.0.1:8600", help="address:port to listen on")


def run(options: argparse.Namespace) -> int:
    """Serve until stopped; 1 where the store is not up to date."""
    from lobbydesk import logs
    from lobbydesk.serving import serve

    logs.set_up()
    path = store_path(options.home)
    if trouble := unready(path):
        logging.getLogger("lobbydesk").error(trouble)
        return 1

    def make_app() -> "Flask":
        # In the worker, after the fork: the parent need not carry the app in memory.
        from kiosk.app import create

        return create(path)

    return serve(make_app, options.bind)
