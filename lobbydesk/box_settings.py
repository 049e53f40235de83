"""`/etc/lobbydesk/box.toml`: the few things of a box that its programs must know before there is a store."""

import re
import sys
import tomllib
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

PATH = Path("/etc/lobbydesk/box.toml")
# A name or an address as the network knows them; `lobbydesk.local`, `192.168.1.20`, `fd00::20`.
HOST = re.compile(r"[0-9A-Za-z]([0-9A-Za-z.:-]{0,251}[0-9A-Za-z])?")


class BadSettings(Exception):
    """The file cannot be used; the text says where and why, in plain words."""


@dataclass(frozen=True, slots=True)
class Lan:
    """How the rest of the building reaches the box; `address` where names are not known there."""

    name: str = "lobbydesk.local"
    address: str = ""

    @property
    def host(self) -> str:
        """What stands in the addresses on paper: the address where one is given, else the name."""
        return f"[{self.address}]" if ":" in self.address else self.address or self.name


@dataclass(frozen=True, slots=True)
class Backup:
    """Where backups go and how many stay: all of so many hours, then one a day, then one a month."""

    folder: str = "/var/backups/lobbydesk"
    second: str = ""
    keep_hours: int = 48
    keep_days: int = 30
    keep_months: int = 6


@dataclass(frozen=True, slots=True)
class Screens:
    """Which screens hang on this box itself."""

    kiosk: bool = True
    display: bool = False


@dataclass(frozen=True, slots=True)
class BoxSettings:
    """The whole file; every key may be missing."""

    lan: Lan = Lan()
    backup: Backup = Backup()
    screens: Screens = Screens()


def read(path: Path = PATH) -> BoxSettings:
    """Return the settings of the box; those of a new one where there is no file.

    Raises `BadSettings` for what cannot be read, an unknown key, a wrong type or a value out of range.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return BoxSettings()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path} cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"{path} is no TOML: {error}") from None
    try:
        settings: BoxSettings = _table(BoxSettings, content, "")
        _check(settings)
    except BadSettings as error:
        raise BadSettings(f"{path}: {error}") from None
    return settings


def _table(of_class: Any, content: dict[str, Any], where: str) -> Any:
    known = {field.name: field for field in fields(of_class)}
    values = {}
    for key, value in content.items():
        place = f"{where}{key}"
        if key not in known:
            raise BadSettings(f"{place} is not known; known here: {', '.join(known)}")
        default = known[key].default
        if is_dataclass(default):
            if not isinstance(value, dict):
                raise BadSettings(f"{place} is a section: write [{place}] and its keys beneath")
            values[key] = _table(type(default), value, f"{place}.")
        elif type(value) is not type(default):
            kind = {bool: "true or false", int: "a whole number"}.get(type(default), 'text in "quotes"')
            raise BadSettings(f"{place} is {kind}")
        else:
            values[key] = value
    return of_class(**values)


def _check(settings: BoxSettings) -> None:
    lan, backup = settings.lan, settings.backup
    if not HOST.fullmatch(lan.name) or ":" in lan.name:
        raise BadSettings("lan.name is no name of a computer: letters, digits, hyphens and dots")
    if lan.address and not HOST.fullmatch(lan.address):
        raise BadSettings("lan.address is no address: write it as 192.168.1.20, without http:// and port")
    for key in ("folder", "second"):
        place = getattr(backup, key)
        if (place or key == "folder") and not place.startswith("/"):
            raise BadSettings(f"backup.{key} is the whole path of a folder, beginning with /")
    for key, least, most in (("keep_hours", 1, 24 * 366), ("keep_days", 0, 3660), ("keep_months", 0, 240)):
        if not least <= getattr(backup, key) <= most:
            raise BadSettings(f"backup.{key} is from {least} to {most}")


def main(keys: list[str]) -> int:
    """Print the values of keys such as `screens.kiosk`, for scripts; 1 with a sentence where the file is wrong."""
    try:
        settings = read()
    except BadSettings as error:
        print(error, file=sys.stderr)
        return 1
    for key in keys:
        section, name = key.split(".")
        print(getattr(getattr(settings, section), name))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
