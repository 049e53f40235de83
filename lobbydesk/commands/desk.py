"""`lobbydesk desk`: serve the desk."""

import argparse
from typing import TYPE_CHECKING

from lobbydesk.home import add_home, store_path

if TYPE_CHECKING:
    from flask import Flask


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_home(parser)
    parser.add_argument("--bind", default="127.0.0.1:8601", help="address:port to listen on")


def run(options: argparse.Namespace) -> int:
    """Check that the store is up to date, then serve."""
    from db.migrations import check
    from db.store import open_store
    from lobbydesk.serving import serve
    from reception import SCHEMA

    path = store_path(options.home)
    store = open_store(path)
    check(store, [SCHEMA])
    store.close()

    def make_app() -> "Flask":
        # In the worker, after the fork: the parent need not carry the app in memory.
        from desk.app import create
        from lobbydesk.practice_paper import draw

        return create(path, draw=draw)

    return serve(make_app, options.bind)
