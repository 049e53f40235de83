"""`lobbydesk health`: look at disk, services, backups and clock, and write down how the box is; a timer calls it."""

import argparse
import logging
from datetime import UTC, datetime
from logging import ERROR, WARNING
from pathlib import Path

from db import printers
from db.store import Store, open_store, writing
from lobbydesk import box_look, box_settings, logs
from lobbydesk.commands.backup import add_places, places
from lobbydesk.home import add_home, store_path, unready
from reception import box_care, box_wishes
from reception.rules.box_troubles import Trouble

log = logging.getLogger("lobbydesk.health")

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
    "printer_down": "a printer is in trouble",
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
    add_places(parser)


def run(options: argparse.Namespace) -> int:
    """Write `run/box.json`; say what became wrong since the last look, and what was mended. 1 without a store."""
    logs.set_up()
    path = store_path(options.home)
    if trouble := unready(path):
        log.error(trouble)
        return 1
    try:
        folders = places(options)
    except box_settings.BadSettings as bad:
        log.error("%s", bad)
        folders = [Path(box_settings.Backup().folder)]
    store = open_store(path)
    try:
        for level, line in look(store, options.home, folders, now=datetime.now(UTC)):
            log.log(level, line)
    finally:
        store.close()
    return 0


def look(store: Store, home: Path, folders: list[Path], *, now: datetime) -> list[tuple[int, str]]:
    """Look, write it down, and return what is news, each with its weight: a box that is well says nothing.

    `folders`: where backups are, and the second place if there is one.
    """
    last = box_look.before(home)
    state, restarts = box_look.look(
        home, folders[0], folders[1] if folders[1:] else None, last=last, now=now, boottime=box_look.boottime()
    )
    bad = box_care.in_trouble(store, printers.printers(store))
    wrong_with = [Trouble("printer_down", True, f"{one.name} ({one.condition})") for one in bad]
    found = {key(one): one for one in (*box_care.troubles_of(store, state, now), *wrong_with)}
    box_look.write(home, state.as_json() | {"restarts": restarts, "troubles": list(found)})
    told = last.get("troubles")
    before = [str(one) for one in told] if isinstance(told, list) else []
    wrong = [(ERROR if one.grave else WARNING, line) for line, one in found.items() if line not in before]
    ended = [(WARNING, f"no longer so: {line}") for line in before if line not in found]
    if wrong or ended:
        with writing(store):
            # Screens of the desk look again.
            store.touch(box_wishes.TOPIC)
    return wrong + ended


def key(trouble: Trouble) -> str:
    """Return the journal's line for a trouble."""
    return f"{WORDS[trouble.code]}: {trouble.what}" if trouble.what else WORDS[trouble.code]
