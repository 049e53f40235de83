"""`lobbydesk staff`: the last way in, at the box: a one-time code for a head or an only administrator; who hears."""

import argparse
import sys
from datetime import UTC, datetime

from db.store import open_store
from lobbydesk.home import add_home, store_path
from reception import hearers, new_heads, one_time_codes
from reception.permissions import BOX
from reception.refusal import Refused


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    doings = parser.add_subparsers(dest="doing", required=True)
    password = doings.add_parser("password", help="print a one-time code for somebody, which works for a day")
    password.add_argument("login")
    hears = doings.add_parser("hearers", help="let a head in on sealed complaints that nobody may read any more")
    confirm = doings.add_parser("confirm", help="confirm a new head where no other head may")
    confirm.add_argument("login")
    for one in (password, hears, confirm):
        add_home(one)


def run(options: argparse.Namespace) -> int:
    """Do it; 1, with the code of a refusal, for a login that does not exist or is none for it."""
    store, now = open_store(store_path(options.home)), datetime.now(UTC)
    try:
        if options.doing == "hearers":
            hearers.open_wider(store, by=BOX, now=now)
            return 0
        try:
            if options.doing == "confirm":
                new_heads.confirm(store, login=options.login, by=BOX, now=now)
                return 0
            code = one_time_codes.give(store, login=options.login, by=BOX, now=now)
        except Refused as refused:
            print(f"{options.login}: {refused.code}", file=sys.stderr)
            return 1
        print(code)
        return 0
    finally:
        store.close()
