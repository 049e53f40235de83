"""`lobbydesk health`: look at disk, services, backups and clock, and write down how the box is; a timer calls it."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from db.store import Store, open_store
from lobbydesk import box_look
from lobbydesk.home import add_home, store_path
from reception import box_care
from reception.rules.box_troubles import Trouble

BACKUPS = Path("/var/backups/lobbydesk")

# What the journal says, for whoever reads it on the box; the status page says it in the words of the desk.
WORDS = {
    "box_unseen": "the box was never looked at",
    "box_silent": "the last look at the box is older than five minutes",
    "clock_behind": "the clock stands before the last event of the store; set the time",
    "clock_raised": "the clock did not know the time at start and was put to the last event; set the time",
    "clock_jumped": "the clock was moved; see that the time is right",
    "disk_full": "the disk is full",
    "disk_low": "the disk is nearly full",
    "unit_down": "a service does not run",
    "backup_unknown": "the folder of the backups cannot be read",
    "backup_none": "there is no backup",
    "backup_old": "the newest backup is older than a day",
    "backup_late": "the newest backup is older than three hours",
    "backup_unread": "the newest backup was not verified",
    "second_missing": "the second folder has no backup of today",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_home(parser)


def run(options: argparse.Namespace) -> int:
    """Write `run/box.json`; print a line for what became wrong since the last look, and for what was mended."""
    store = open_store(store_path(options.home))
    try:
        for line in look(store, options.home, now=datetime.now(UTC)):
            print(line)
    finally:
        store.close()
    return 0


def look(store: Store, home: Path, *, now: datetime, backups: Path = BACKUPS, second: Path | None = None) -> list[str]:
    """Look, write it down, and return what is news, with its priority before it: a box that is well says nothing."""
    last = box_look.before(home)
    state, restarts = box_look.look(home, backups, second, last=last, now=now, boottime=box_look.boottime())
    found = {key(one): one for one in box_care.troubles_of(store, state, now)}
    box_look.write(home, state.as_json() | {"restarts": restarts, "troubles": list(found)})
    told = last.get("troubles")
    before = [str(one) for one in told] if isinstance(told, list) else []
    wrong = [f"<{3 if one.grave else 4}>{line}" for line, one in found.items() if line not in before]
    return wrong + [f"<5>no longer so: {line}" for line in before if line not in found]


def key(trouble: Trouble) -> str:
    """Return the journal's line for a trouble."""
    return f"{WORDS[trouble.code]}: {trouble.what}" if trouble.what else WORDS[trouble.code]
