"""`lobbydesk clocks`: hand up, remind, keep the visit days, seal the history; a timer calls it."""

import argparse
from datetime import UTC, datetime

from db.store import Store, open_store
from lobbydesk.home import add_home, store_path
from reception import (
    due,
    history_seals,
    month_reports,
    oversight,
    signing,
    supervision_steps,
    visit_day_calendar,
    visit_day_session,
)
from reception.permissions import BOX


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_home(parser)


def run(options: argparse.Namespace) -> int:
    """Do what is due, and print it; nothing where nothing was."""
    store = open_store(store_path(options.home))
    try:
        done = keep(store, now=datetime.now(UTC))
    finally:
        store.close()
    for line in done:
        print(line)
    return 0


def keep(store: Store, *, now: datetime) -> list[str]:
    """Do what is due by this moment; return a line for each thing that was."""
    handed_up = due.escalate_due(store, by=BOX, now=now)
    # What was not signed in time is said before its day is over, and what broke the rules once it is.
    asked, unsigned = signing.signing_watch(store, by=BOX, now=now)
    opened, ended = visit_day_session.tick(store, by=BOX, now=now)
    reminded, overdue = supervision_steps.watch(store, by=BOX, now=now)
    visit_day_calendar.tick(store, by=BOX, now=now)
    findings = oversight.watch(store, by=BOX, now=now)
    said = {
        f"handed up {handed_up}": handed_up,
        f"visit day: findings {findings}": findings,
        f"visit day: opened {opened}, held {ended}": opened or ended,
        f"supervision: reminded {reminded}, overdue {overdue}": reminded or overdue,
        f"visit day: reminded {asked}, unsigned {unsigned}": asked or unsigned,
    }
    months = month_reports.watch(store, by=BOX, now=now)
    # Last: what this run did is sealed with it.
    return [line for line, any_of_it in said.items() if any_of_it] + months + history_seals.seal(store, by=BOX, now=now)
