"""`lobbydesk staff`: a forgotten password is set at the box, by whoever keeps it; nobody sets a head's at the desk."""

import argparse
import secrets
import sys
from datetime import UTC, datetime

from db.store import open_store, writing
from lobbydesk.home import add_home, store_path
from reception import hearers, staff
from reception.permissions import BOX
from reception.refusal import Refused


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    doings = parser.add_subparsers(dest="doing", required=True)
    password = doings.add_parser("password", help="give somebody a new password, which is printed once")
    password.add_argument("login")
    hears = doings.add_parser("hearers", help="let a head in on sealed complaints that nobody may read any more")
    for one in (password, hears):
        add_home(one)


def run(options: argparse.Namespace) -> int:
    """Do it; 1 for a login that does not exist."""
    store, now = open_store(store_path(options.home)), datetime.now(UTC)
    try:
        if options.doing == "hearers":
            with writing(store):
                hearers.see_to(store, by=BOX, now=now)
            return 0
        new = secrets.token_urlsafe(12)
        try:
            staff.set_password(store, login=options.login, new=new, by=BOX, now=now)
        except Refused as refused:
            print(f"{options.login}: {refused.code}", file=sys.stderr)
            return 1
        print(new)
        return 0
    finally:
        store.close()
