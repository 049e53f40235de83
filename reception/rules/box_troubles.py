"""What is wrong with the box, from what it said of itself: a list of codes, the gravest first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

# `lobbydesk health` runs each minute.
SILENT_AFTER: Final = timedelta(minutes=5)
# Backups are made each hour; a box that was off over night makes one as soon as it is on.
BACKUP_LATE: Final = timedelta(hours=3)
BACKUP_OLD: Final = timedelta(hours=26)
MEGABYTE: Final = 1_000_000
# Below the first nothing may be written for long; below the second somebody should look in good time.
DISK_FULL: Final = 300 * MEGABYTE
DISK_LOW: Final = 2_000 * MEGABYTE
INODES_LOW: Final = 2_000
# A clock that was moved is worth a look that day, no longer.
JUMP_TOLD_FOR: Final = timedelta(hours=24)
# Setting the time moves the clock: that jump was wanted.
SET_BY_HAND: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong: `grave` needs somebody today; `what` names the one concerned (a unit, a printer)."""

    code: str
    grave: bool
    what: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules go by; None is not known. Sizes in bytes; times are those of the box's own clock.

    `second_wanted`: a second folder for backups is set up. `set_at`: when somebody last set the time.
    """

    at: datetime | None = None
    disk_free: int | None = None
    inodes_free: int | None = None
    failed_units: tuple[str, ...] = ()
    backups_known: bool = False
    backup_at: datetime | None = None
    backup_verified: bool | None = None
    second_wanted: bool = False
    second_at: datetime | None = None
    clock_behind: bool = False
    synchronized: bool | None = None
    jumped_at: datetime | None = None
    raised_at: datetime | None = None
    set_at: datetime | None = None


def troubles(facts: Facts, now: datetime) -> list[Trouble]:
    """Return what is wrong at `now`, the grave first. Without any look of the box at itself only its clock is known."""
    found = [Trouble("clock_behind", True)] if facts.clock_behind else []
    if facts.at is None:
        # A box that was switched on this minute, or one where nothing looks: no reason to alarm a lobby.
        return [*found, Trouble("box_unseen", False)]
    if abs(now - facts.at) > SILENT_AFTER:
        # What it said then says nothing of now.
        return [*found, Trouble("box_silent", True)]
    found += _disk(facts) + [Trouble("unit_down", True, unit) for unit in facts.failed_units]
    found += _backups(facts, now) + ([] if facts.clock_behind else _clock(facts, now))
    return sorted(found, key=lambda one: not one.grave)


def _disk(facts: Facts) -> list[Trouble]:
    if facts.disk_free is not None and facts.disk_free < DISK_FULL:
        return [Trouble("disk_full", True)]
    if facts.disk_free is not None and facts.disk_free < DISK_LOW:
        return [Trouble("disk_low", False)]
    if facts.inodes_free is not None and facts.inodes_free < INODES_LOW:
        return [Trouble("disk_low", False)]
    return []


def _backups(facts: Facts, now: datetime) -> list[Trouble]:
    if not facts.backups_known:
        return [Trouble("backup_unknown", False)]
    found = []
    if facts.backup_at is None:
        found.append(Trouble("backup_none", True))
    elif now - facts.backup_at > BACKUP_OLD:
        found.append(Trouble("backup_old", True))
    elif not facts.backup_verified:
        found.append(Trouble("backup_unread", True))
    elif now - facts.backup_at > BACKUP_LATE:
        found.append(Trouble("backup_late", False))
    if facts.second_wanted and (facts.second_at is None or now - facts.second_at > BACKUP_OLD):
        found.append(Trouble("second_missing", False))
    return found


def _clock(facts: Facts, now: datetime) -> list[Trouble]:
    if facts.synchronized:
        return []
    if facts.raised_at is not None and (facts.set_at is None or facts.set_at < facts.raised_at):
        return [Trouble("clock_raised", False)]
    wanted = facts.jumped_at and facts.set_at and abs(facts.jumped_at - facts.set_at) < SET_BY_HAND
    if facts.jumped_at and not wanted and now - facts.jumped_at < JUMP_TOLD_FOR:
        return [Trouble("clock_jumped", False)]
    return []
