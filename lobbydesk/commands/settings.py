"""`lobbydesk settings export|import`: a centre's settings as TOML, for the second lobby."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from db.store import open_store
from lobbydesk import settings_file
from lobbydesk.home import add_home, store_path
from reception.permissions import BOX


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    acts = parser.add_subparsers(dest="act", required=True)
    for act, what in (("export", "print the settings as TOML"), ("import", "take over the settings of a file")):
        one = acts.add_parser(act, help=what)
        add_home(one)
        if act == "import":
            one.add_argument("file", type=Path, help="a file that export wrote; - for standard input")


def run(options: argparse.Namespace) -> int:
    """Do it; 1 with a plain sentence when the file cannot be taken over, and then nothing of it is."""
    path = store_path(options.home)
    if not path.exists():
        print(f"there is no store at {path}; run `lobbydesk migrate` first", file=sys.stderr)
        return 1
    store = open_store(path)
    try:
        if options.act == "export":
            sys.stdout.write(settings_file.export(store))
            return 0
        text = sys.stdin.read() if str(options.file) == "-" else options.file.read_text(encoding="utf-8")
        done = settings_file.load(store, text, by=BOX, now=datetime.now(UTC))
    except (OSError, UnicodeDecodeError, settings_file.CannotRead) as error:
        print(f"nothing was changed: {error}", file=sys.stderr)
        return 1
    finally:
        store.close()
    print(", ".join(f"{code} {count}" for code, count in done.items()))
    return 0
