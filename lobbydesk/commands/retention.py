"""`lobbydesk retention`: remove what has had its time, and say what went; a timer calls it once a day."""

import argparse
from datetime import UTC, datetime

from db.store import open_store
from lobbydesk.home import add_home, store_path
from reception import erasure_replay, retention
from reception.permissions import BOX
from reception.site import site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_home(parser)


def run(options: argparse.Namespace) -> int:
    """Remove, and print a line for each rule: what, how many, older than when."""
    store, now = open_store(store_path(options.home)), datetime.now(UTC)
    try:
        # First: what a run before could not erase again.
        erasure_replay.finish(options.home, erasure_replay.replay(store, options.home, now=now))
        report, zone = retention.run(store, by=BOX, now=now), site(store).zone
    finally:
        store.close()
    if report.as_of < now:
        day = report.as_of.astimezone(zone).date()
        print(f"counted up to {day}: retention follows a clock that jumped by two days a run")
    for one in report.removed:
        day = one.before.astimezone(zone).date()
        print(f"{one.code:<12}{one.count:>7}  before {day}  {one.what.zh} / {one.what.en}")
    return 0
