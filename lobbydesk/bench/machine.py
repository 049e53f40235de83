"""The machine that the figures belong to: its cores, its versions, the file system under the stores."""

import os
import platform
import sqlite3
from pathlib import Path


def facts(folder: Path) -> str:
    """Return one line about this machine. Figures of two machines compare only as ratios."""
    parts = [
        f"{os.cpu_count()} cores ({platform.machine()})",
        f"load {os.getloadavg()[0]:.1f}",
        f"Python {platform.python_version()}",
        f"SQLite {sqlite3.sqlite_version}",
        f"stores on {file_system(folder)}",
    ]
    return ", ".join(parts)


def file_system(folder: Path) -> str:
    """Return the type of the file system that holds `folder`; on `tmpfs` a commit is not durable, nor its cost real."""
    found, best = "?", -1
    place = folder.resolve()
    for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
        fields = line.split()
        mount = Path(fields[4].encode().decode("unicode_escape"))
        # A later mount on the same point hides the earlier one.
        if place.is_relative_to(mount) and len(mount.parts) >= best:
            found, best = fields[fields.index("-") + 1], len(mount.parts)
    return found
