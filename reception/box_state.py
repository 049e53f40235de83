"""What the box says of itself: `lobbydesk health` writes it each minute, the status page and `/health` read it.

What is not known is None, never invented: a container without a system bus has no list of units.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from db import pulse
from reception.rules import clock

FILE = "box.json"
Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Backup:
    """The newest backup in a folder: when it was made (UTC text), whether it was read back; None: there is none."""

    newest_at: str | None
    verified: bool | None


@dataclass(frozen=True, slots=True)
class BoxState:
    """The last look of the box at itself, at `at` (UTC text), `boottime` seconds after the machine was switched on.

    Sizes in bytes. `failed_units`: services that do not run, by name. `second`: None where no second folder is set up.
    `jumped_at`, `jumped_by` (seconds): the last time the clock moved by more than time passed. `raised_at`: the clock
    was behind the store at start, and was put to its last event.
    """

    at: str
    version: str
    boottime: float | None
    disk_free: int | None
    disk_total: int | None
    inodes_free: int | None
    failed_units: tuple[str, ...] | None
    backup: Backup | None
    backup_where: str | None
    second: Backup | None
    synchronized: bool | None
    jumped_at: str | None
    jumped_by: int | None
    raised_at: str | None

    def as_json(self) -> dict[str, Any]:
        """Return the state as the file has it."""
        return {
            "at": self.at,
            "version": self.version,
            "boottime": self.boottime,
            "disk": {"free": self.disk_free, "total": self.disk_total},
            "inodes_free": self.inodes_free,
            "failed_units": None if self.failed_units is None else list(self.failed_units),
            "backup": None
            if self.backup is None
            else {
                **_of_backup(self.backup),
                "where": self.backup_where,
                "second": None if self.second is None else _of_backup(self.second),
            },
            "clock": {
                "synchronized": self.synchronized,
                "jumped_at": self.jumped_at,
                "jumped_by": self.jumped_by,
                "raised_at": self.raised_at,
            },
        }


def path(store_path: Path) -> Path:
    """Return where the file is: in the run folder beside the store."""
    return pulse.run_folder(store_path) / FILE


def read(store_path: Path) -> BoxState | None:
    """Return the last look, or None where there is none or its file is not one of ours."""
    try:
        found = json.loads(path(store_path).read_bytes())
    except (OSError, ValueError):
        return None
    return from_json(found)


def from_json(found: Any) -> BoxState | None:
    """Return the state that this JSON value is; None without a time. Whatever has another type is not known."""
    at = time_of(_in(found, "at"))
    if at is None:
        return None
    units, backup = _in(found, "failed_units"), _in(found, "backup")
    return BoxState(
        at=at,
        version=_of(str, _in(found, "version")) or "",
        boottime=_number(_in(found, "boottime")),
        disk_free=_of(int, _in(found, "disk", "free")),
        disk_total=_of(int, _in(found, "disk", "total")),
        inodes_free=_of(int, _in(found, "inodes_free")),
        failed_units=tuple(_strings(units)) if isinstance(units, list) else None,
        backup=_backup(backup),
        backup_where=_of(str, _in(backup, "where")),
        second=_backup(_in(backup, "second")),
        synchronized=_of(bool, _in(found, "clock", "synchronized")),
        jumped_at=time_of(_in(found, "clock", "jumped_at")),
        jumped_by=_of(int, _in(found, "clock", "jumped_by")),
        raised_at=time_of(_in(found, "clock", "raised_at")),
    )


def _of_backup(backup: Backup) -> dict[str, Any]:
    return {"newest_at": backup.newest_at, "verified": backup.verified}


def _backup(found: Any) -> Backup | None:
    if not isinstance(found, dict):
        return None
    return Backup(time_of(found.get("newest_at")), _of(bool, found.get("verified")))


def _in(found: Any, *keys: str) -> Any:
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _of(kind: type[Kind], value: Any) -> Kind | None:
    # bool is an int to Python, and no number of bytes.
    return value if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)) else None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _strings(values: Iterable[Any]) -> Iterable[str]:
    return (value for value in values if isinstance(value, str))


def time_of(value: Any) -> str | None:
    """Return a time as the store writes it, or None for what is none."""
    try:
        return clock.to_text(clock.from_text(value))
    except (TypeError, ValueError):
        return None
