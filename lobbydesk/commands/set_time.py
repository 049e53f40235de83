"""`lobbydesk set-time`: set the clock as an administrator asked at the desk; a unit with just that right calls it."""

import argparse
import contextlib
import logging
import subprocess
import time
from datetime import UTC, datetime
from logging import ERROR, INFO, WARNING
from pathlib import Path

from db import pulse
from db.store import open_store
from lobbydesk import logs
from lobbydesk.home import add_home, store_path, unready
from reception import box_clock

log = logging.getLogger("lobbydesk.set-time")

CHIPS = "/dev/rtc*"
WORDS = {
    box_clock.DONE: (INFO, "the clock was set as asked at the desk, and the clock chip with it"),
    box_clock.NO_CHIP: (
        INFO,
        "the clock was set as asked at the desk; without a clock chip it is lost when the box is off",
    ),
    box_clock.NOT_TAKEN: (WARNING, "the clock was not set: this was asked too long ago, or the clock was moved since"),
    box_clock.OUT_OF_RANGE: (WARNING, "the clock was not set: no box of ours stands at such a time"),
    box_clock.REFUSED: (ERROR, "the clock was not set: the system does not let this unit (CAP_SYS_TIME)"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_home(parser)


def run(options: argparse.Namespace) -> int:
    """Do what was asked, if anything was, and say how it ended; 1 where the system did not let us."""
    logs.set_up(INFO)
    path = store_path(options.home)
    # First the word that it is asked: while it lies there, the path unit would start us again and again.
    with contextlib.suppress(OSError):
        (pulse.run_folder(path) / "wishes" / box_clock.KIND).unlink()
    if trouble := unready(path):
        log.error(trouble)
        return 1
    store = open_store(path)
    try:
        outcome = box_clock.carry_out(store, read=lambda: datetime.now(UTC), put=put)
    finally:
        store.close()
    if outcome is not None:
        log.log(*WORDS[outcome])
    return 1 if outcome == box_clock.REFUSED else 0


def put(at: datetime) -> bool:
    """Set the system's clock, then the clock chip; tell whether a chip took it. Raises OSError where it may not."""
    time.clock_settime(time.CLOCK_REALTIME, at.timestamp())
    if not any(Path("/").glob(CHIPS[1:])):
        return False
    try:
        # --noadjfile: nothing of the system is written but the chip.
        subprocess.run(
            ["hwclock", "--systohc", "--utc", "--noadjfile"], check=True, timeout=20, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return True
