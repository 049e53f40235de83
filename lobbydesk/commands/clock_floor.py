"""`lobbydesk clock-floor`: at start, see that the clock is not before the last event of the store.

A box without a clock chip starts at whatever time its disk was written; the last event is nearer to the truth. It is
still not the right time: the note in the run folder lets the status page ask for that.
"""

import argparse
import logging
import os
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from db.glimpse import glimpse
from lobbydesk import logs
from lobbydesk.home import add_home, store_path
from reception import events
from reception.rules import clock, clock_setting

log = logging.getLogger("lobbydesk.clock-floor")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_home(parser)


def run(options: argparse.Namespace) -> int:
    """Raise the clock where it must be, and say what was done; 1 where the system did not let us."""
    logs.set_up()
    try:
        line = raise_clock(store_path(options.home), now=datetime.now(UTC), put=_put, note=_note)
    except OSError as error:
        log.error("the clock stands before the last event of the store and may not be set: %s", error.strerror)
        return 1
    if line:
        log.warning(line)
    return 0


def raise_clock(path: Path, *, now: datetime, put: Callable[[datetime], None], note: Callable[[str], None]) -> str:
    """Set the clock to the last event where it stands before it; return the line for the journal, '' for none.

    A store that cannot be read, or whose last event is of no possible time, is left to those who come after.
    """
    last = last_event(path)
    if last is None or not clock_setting.possible(last) or last <= now:
        return ""
    put(last)
    note(clock.to_text(last))
    return (
        f"the clock did not know the time ({clock.to_text(now)}): put to the last event of the store,"
        f" {clock.to_text(last)}; set the right time at the desk"
    )


def last_event(path: Path) -> datetime | None:
    """Return the time of the last event; None where there is none, or the store cannot be read.

    Nothing is written: the migration after this still has to see whether the last stop was a clean one.
    """
    try:
        with glimpse(path) as store:
            return events.last_at(store)
    except (OSError, sqlite3.Error, ValueError, TypeError):
        return None


def _put(at: datetime) -> None:
    time.clock_settime(time.CLOCK_REALTIME, at.timestamp())


def _note(text: str) -> None:
    folder = os.environ.get("RUNTIME_DIRECTORY")
    if folder:
        (Path(folder) / "raised").write_text(text, encoding="utf-8")
