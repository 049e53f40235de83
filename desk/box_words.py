"""What is wrong with the box, and what to do next, in one sentence each: for a person who is no engineer."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from reception.rules import clock

# How long the answer to a press stands on its page: the stick of next week is not the one it was said of.
SAID_FOR = timedelta(minutes=15)

STICK_NOW = _l("Call whoever keeps the box today; have a manager or administrator back up to a USB stick meanwhile.")

# Code -> what is wrong, what to do next.
TROUBLES: dict[str, tuple[Any, Any]] = {
    "box_unseen": (
        _l("The box has not looked after itself yet."),
        _l("Wait five minutes and look again; if this is still here, call whoever keeps the box."),
    ),
    "box_silent": (
        _l("For more than five minutes the box has not looked after itself."),
        _l("If this is still here in ten minutes, call whoever keeps the box; numbers and papers may go on meanwhile."),
    ),
    "clock_behind": (
        _l("The clock stands before the last record: times stand still until it has caught up."),
        _l("Compare the time below with a telephone, and have a manager or administrator set the time."),
    ),
    "clock_raised": (
        _l("When it was switched on, the box did not know the time, and took that of its last record."),
        _l("Compare the time below with a telephone, and have a manager or administrator set the time."),
    ),
    "clock_jumped": (
        _l("The clock of the box was moved."),
        _l("Compare the time below with a telephone; if it is wrong, have a manager or administrator set it."),
    ),
    "disk_full": (
        _l("The disk of the box is full."),
        _l("Call whoever keeps the box at once, and have slips for handwritten numbers ready."),
    ),
    "disk_low": (
        _l("The disk of the box is nearly full."),
        _l("Call whoever keeps the box this week; nothing stops yet."),
    ),
    "unit_down": (
        _l("A part of the box does not run: %(what)s."),
        _l("If this is still here in ten minutes, call whoever keeps the box; where the lobby stands, go on by hand."),
    ),
    "printer_down": (
        _l("A printer is in trouble: %(what)s."),
        _l("Open Printers in this menu: there it says what to do, and which papers wait."),
    ),
    "backup_unknown": (
        _l("The box cannot see its backups."),
        _l("Call whoever keeps the box this week: nobody knows whether there is a backup."),
    ),
    "backup_none": (
        _l("There is no backup yet."),
        _l("Look again in two hours; if this is still here, call whoever keeps the box today."),
    ),
    "backup_old": (
        _l("The newest backup is older than a day."),
        STICK_NOW,
    ),
    "backup_late": (
        _l("The last hourly backup was not made."),
        _l("Nothing to do yet: look again this afternoon or tomorrow morning."),
    ),
    "backup_unread": (
        _l("The newest backup could not be read back."),
        STICK_NOW,
    ),
    "second_missing": (
        _l("The second place for backups has none of today."),
        _l("See that its disk is plugged in and switched on; if it is, call whoever keeps the box this week."),
    ),
}

# How a wish to set the time stands or ended.
SETTINGS: dict[str, Any] = {
    "asked": _l("The time is being set; this takes a few seconds."),
    "left": _l("The box did not set the time. Try once more; if it is the same again, call whoever keeps the box."),
    "set": _l("The time was set."),
    "set_no_chip": _l(
        "The time was set. This box has no clock that runs without power: compare the time each time it was off."
    ),
    "not_taken": _l(
        "The box did not set the time: it was asked too long ago, or the clock was moved since. Set it once more."
    ),
    "clock_out_of_range": _l("The box did not set the time: no such time is possible. Set it once more."),
    "clock_refused": _l("The system of the box does not let the time be set: call whoever keeps the box."),
}

UNITS: dict[str, Any] = {
    "kiosk": _l("the kiosk and the pages on phones"),
    "kiosk-browser": _l("the screen of the kiosk"),
    "display": _l("the call screen"),
    "desk": _l("the desk"),
    "print": _l("printing"),
    "proxy": _l("the way in from the network"),
    "name": _l("the name of the box in the network"),
    "backup": _l("backups"),
    "stick": _l("the backup to a stick"),
    "migrate": _l("bringing the records up to date"),
    "close-day": _l("the close of the day"),
    "clocks": _l("deadlines and reminders"),
    "retention": _l("the removal of what is kept no longer"),
    "set-time": _l("setting the time"),
    "clock-floor": _l("the time at start"),
    "health": _l("the look of the box at itself"),
    "watch": _l("doing what the desk asks of the box"),
    "deliver": _l("telling the company's other systems"),
    "python": _l("the software, after the system was renewed"),
    "finish-upgrade": _l("an upgrade that broke off"),
}


def still_said(ended_at: str, now: datetime) -> bool:
    """Return whether how a wish ended (UTC text) is still an answer to whoever asked, and not a thing of the past."""
    return now - clock.from_text(ended_at) < SAID_FOR


def unit_name(unit: str, printers: Mapping[str, str]) -> str:
    """Return what a unit is called at the desk: `printing (Front desk)`; its own name where it has no other.

    `printers`: name -> label of the printers there are; the desk knows them by their labels.
    """
    stem = unit.removeprefix("lobbydesk-").rsplit(".", 1)[0]
    name, _at, instance = stem.partition("@")
    words = UNITS.get("print" if name.startswith("print") else name)
    if words is None:
        return stem
    which = printers.get(instance, instance)
    return _("%(part)s (%(which)s)", part=words, which=which) if which else str(words)
