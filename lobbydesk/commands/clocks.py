"""`lobbydesk clocks`: hand deadlines up, remind of what is supervised, keep the visit days; a timer calls it."""

import argparse
from datetime import UTC, datetime

from db.store import open_store
from lobbydesk.home import add_home, store_path
from reception import due, oversight, signing, supervision_steps, visit_day_calendar, visit_day_session
from reception.permissions import BOX


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_home(parser)


def run(options: argparse.Namespace) -> int:
    """Hand up, and print how many were; nothing where none was."""
    store = open_store(store_path(options.home))
    try:
        handed_up = due.escalate_due(store, by=BOX, now=datetime.now(UTC))
        # What was not signed in time is said before its day is over, and what broke the rules once it is.
        asked, unsigned = signing.signing_watch(store, by=BOX, now=datetime.now(UTC))
        opened, ended = visit_day_session.tick(store, by=BOX, now=datetime.now(UTC))
        reminded, overdue = supervision_steps.watch(store, by=BOX, now=datetime.now(UTC))
        visit_day_calendar.tick(store, by=BOX, now=datetime.now(UTC))
        findings = oversight.watch(store, by=BOX, now=datetime.now(UTC))
    finally:
        store.close()
    if handed_up:
        print(f"handed up {handed_up}")
    if findings:
        print(f"visit day: findings {findings}")
    if opened or ended:
        print(f"visit day: opened {opened}, held {ended}")
    if reminded or overdue:
        print(f"supervision: reminded {reminded}, overdue {overdue}")
    if asked or unsigned:
        print(f"visit day: reminded {asked}, unsigned {unsigned}")
    return 0
