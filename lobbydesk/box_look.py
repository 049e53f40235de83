"""What the box can say of itself: room on its disk, services that do not run, backups, its clock; nothing invented."""

import json
import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from db import backup_folder
from lobbydesk.home import store_path
from reception import box_state
from reception.box_state import Backup, BoxState
from reception.release import version
from reception.rules import clock

# The clock moved by so much more, or less, than time passed: somebody or something set it.
JUMP_SECONDS = 120
# A service that was started again so often since the last look is not well, although it never counts as failed.
RESTARTS = 2
CLOCK_FLOOR = Path("/run/lobbydesk-clock/raised")


@dataclass(frozen=True, slots=True)
class Units:
    """What systemd says of our units: those that do not run, and how often each service was started again."""

    failed: tuple[str, ...]
    restarts: Mapping[str, int]


def before(home: Path) -> dict[str, object]:
    """Return what `box.json` said last; empty where there is none."""
    return _json(box_state.path(store_path(home)))


def look(
    home: Path, backups: Path, second: Path | None, *, last: Mapping[str, object], now: datetime, boottime: float
) -> tuple[BoxState, dict[str, int]]:
    """Return how the box is, and how often each service was started again; `boottime`: seconds since power on.

    `last` is what was found before: a clock that was moved shows against it, and a service that starts in circles.
    """
    free, total, inodes = _disk(home)
    units = _units(_counts(last.get("restarts")))
    jumped = _jump(box_state.from_json(last), now, boottime)
    state = BoxState(
        at=clock.to_text(now),
        version=version(),
        boottime=boottime,
        disk_free=free,
        disk_total=total,
        inodes_free=inodes,
        failed_units=None if units is None else units.failed,
        backup=newest(backups, now),
        backup_where=str(backups),
        second=None if second is None else newest(second, now) or Backup(None, None),
        synchronized=_synchronized(),
        jumped_at=jumped[0],
        jumped_by=jumped[1],
        raised_at=_raised(),
    )
    return state, {} if units is None else dict(units.restarts)


def write(home: Path, found: Mapping[str, object]) -> None:
    """Write `box.json` whole or not at all: a reader never sees half of it. Not synced: a minute later it is old."""
    target = box_state.path(store_path(home))
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    part.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    part.replace(target)


def newest(folder: Path, now: datetime) -> Backup | None:
    """Return the newest backup of a folder by the notes beside the backups; None where the folder cannot be read.

    One of a time to come was made by a clock that ran ahead, and would hide for years that none is made any more.
    """
    try:
        backups = backup_folder.listed(folder)
        if not folder.is_dir():
            return None
    except OSError:
        return None
    limit = clock.to_text(now + timedelta(seconds=JUMP_SECONDS))
    for details in (backup.details for backup in backups):
        at = box_state.time_of(details.get("at"))
        if at is not None and at <= limit:
            return Backup(at, details.get("verified") is True)
    return Backup(None, None)


def _disk(home: Path) -> tuple[int | None, int | None, int | None]:
    try:
        room = os.statvfs(home)
    except OSError:
        return None, None, None
    # Some file systems make inodes as they need them, and count none.
    return room.f_bavail * room.f_frsize, room.f_blocks * room.f_frsize, room.f_favail if room.f_files else None


def _units(before: Mapping[str, int]) -> Units | None:
    said = ask("systemctl", "show", "lobbydesk-*", "--property=Id,ActiveState,SubState,NRestarts")
    return None if said is None else units_of(said, before)


def units_of(said: str, before: Mapping[str, int]) -> Units | None:
    """Return what `systemctl show` said of our units, against the restarts counted before; None where it knows none.

    Services are started again for ever, so a broken one is never `failed` for long: it waits for its next start, or is
    starting; what tells it is how often.
    """
    known = {unit["Id"]: unit for unit in units_said(said) if unit.get("Id", "").startswith("lobbydesk-")}
    if not known:
        return None
    restarts = {name: int(unit["NRestarts"]) for name, unit in known.items() if unit.get("NRestarts", "").isdigit()}
    failed = sorted(
        name
        for name, unit in known.items()
        if unit.get("ActiveState") == "failed"
        or unit.get("SubState", "").startswith("auto-restart")
        or restarts.get(name, 0) - before.get(name, restarts.get(name, 0)) >= RESTARTS
    )
    return Units(tuple(failed), restarts)


def units_said(said: str) -> list[dict[str, str]]:
    """Return what `systemctl show` said, a dictionary a unit."""
    blocks = said.split("\n\n")
    return [dict(line.split("=", 1) for line in block.splitlines() if "=" in line) for block in blocks if block.strip()]


def _synchronized() -> bool | None:
    said = ask("timedatectl", "show", "--property=NTPSynchronized", "--value")
    return {"yes": True, "no": False}.get((said or "").strip())


def ask(*words: str) -> str | None:
    """Return what a program of the system says; None where it is not there, refuses, or takes its time."""
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=10, check=True, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def _jump(before: BoxState | None, now: datetime, boottime: float) -> tuple[str | None, int | None]:
    """Return when the clock last moved by more than time passed, and by how many seconds."""
    if before is None:
        return None, None
    if before.boottime is not None and before.boottime <= boottime:
        passed = (now - clock.from_text(before.at)).total_seconds()
        by = round(passed - (boottime - before.boottime))
        if abs(by) > JUMP_SECONDS:
            return clock.to_text(now), by
    return before.jumped_at, before.jumped_by


def _raised() -> str | None:
    try:
        return box_state.time_of(CLOCK_FLOOR.read_text(encoding="utf-8").strip())
    except (OSError, ValueError):
        return None


def _json(file: Path) -> dict[str, object]:
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _counts(found: object) -> dict[str, int]:
    return (
        {str(key): value for key, value in found.items() if isinstance(value, int)} if isinstance(found, dict) else {}
    )


def boottime() -> float:
    """Return the seconds since the machine was switched on: this clock nobody can set."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
