"""Where an installation keeps its things: one folder holds the store, the sockets, and a demo's papers."""

import argparse
import os
import sqlite3
from pathlib import Path


def store_path(home: Path) -> Path:
    """Return the path of the store below a home folder."""
    return home / "lobbydesk.db"


def unready(path: Path) -> str:
    """Return what keeps a service from working with the store at `path`, in plain words; "" where nothing does.

    A store that is not there is never made here: the lobby would go on, empty, as if nothing had been lost.
    """
    from db.migrations import pending
    from db.store import open_store
    from reception import SCHEMA

    if not path.exists():
        return f"there is no store at {path}; run `lobbydesk migrate` first"
    try:
        store = open_store(path)
        try:
            names = pending(store, [SCHEMA])
        finally:
            store.close()
    except sqlite3.Error as error:
        return f"the store cannot be read ({getattr(error, 'sqlite_errorname', type(error).__name__)})"
    return f"{len(names)} migrations pending, first {names[0]}; run `lobbydesk migrate`" if names else ""


def add_home(parser: argparse.ArgumentParser, default: str | None = None) -> None:
    """Add the `--home` option; an installed box says once, in its environment, where its home is."""
    default = default or os.environ.get("LOBBYDESK_HOME") or "var/demo"
    parser.add_argument("--home", type=Path, default=Path(default), help=f"the folder of the store (default {default})")


def port(text: str) -> int:
    """Return a port number. Raises ArgumentTypeError outside 1-65535."""
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not 0 < number < 65536:
        raise argparse.ArgumentTypeError(f"not a port: {text}")
    return number
