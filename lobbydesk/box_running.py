"""What should run on a box and does not: everything that its target begins, as systemd sees it."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

from lobbydesk.box_look import ask, units_said

WANTS = Path("/etc/systemd/system/lobbydesk.target.wants")
TARGET = "lobbydesk.target"
SCREENS = {"lobbydesk-kiosk-browser.service", "lobbydesk-display.service"}
WELL = {"active", "activating", "reloading"}


def stopped(wants: Path = WANTS) -> list[str] | None:
    """Return the names of the units that should run and do not, or the target's alone where nothing was begun.

    None where systemd does not answer. What ends by itself (a backup, the migration) is no matter of this.
    """
    names = sorted(path.name for path in wants.glob("lobbydesk-*")) if wants.is_dir() else []
    said = ask("systemctl", "show", TARGET, *names, "--property=Id,ActiveState,Type,ConditionResult")
    return None if said is None else of(units_said(said))


def desktop(wants: Path = WANTS) -> bool:
    """Return whether a desktop holds the screen that the kiosk's browser wants."""
    if not (wants / "lobbydesk-kiosk-browser.service").is_symlink():
        return False
    try:
        asked = ["systemctl", "--quiet", "is-active", "display-manager.service"]
        return subprocess.run(asked, check=False, timeout=10).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def of(units: Iterable[dict[str, str]]) -> list[str]:
    """Return which of these units are stopped."""
    down = [
        unit["Id"]
        for unit in units
        if unit.get("ActiveState") not in WELL
        and unit.get("Type") != "oneshot"
        # A screen's unit where no screen can be.
        and not (unit.get("ConditionResult") == "no" and unit["Id"] in SCREENS)
    ]
    return [TARGET] if TARGET in down else down
