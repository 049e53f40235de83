"""`lobbydesk close-day`: end what is open of a day and write its log; a timer calls it with --if-due."""

import argparse
import json
from datetime import UTC, date, datetime

from db.store import open_store
from lobbydesk.home import add_home, store_path
from reception import closing
from reception.permissions import BOX


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_home(parser)
    parser.add_argument("--if-due", action="store_true", help="close only days that are over by the opening hours")
    parser.add_argument("--day", type=date.fromisoformat, help="the day to close (default: today at the site)")


def run(options: argparse.Namespace) -> int:
    """Close, and print the figures of each day closed, one JSON object a line."""
    store, now = open_store(store_path(options.home)), datetime.now(UTC)
    try:
        if options.if_due:
            days = closing.close_due(store, by=BOX, now=now)
        else:
            days = [options.day or closing.today(store, now=now)]
            closing.close_day(store, day=days[0], by=BOX, now=now)
        for day in days:
            print(json.dumps({"day": day.isoformat()} | closing.figures(store, day), ensure_ascii=False))
    finally:
        store.close()
    return 0
