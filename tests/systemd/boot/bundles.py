"""Bundles to install from: this checkout's, the next version's, and versions that are broken in one way or another."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]
NEXT = "99.0"

Change = Callable[[Path], None]


def bundle(folder: Path, *, packages: bool) -> Path:
    """Make the bundle of this checkout as `make bundle` does, without the kiosk browser (300 MB that this test does not
    look at); return its folder."""
    _make(REPOSITORY, folder, "--screens", "no", "--packages", "yes" if packages else "no")
    return folder


def next_version(of: Path, folder: Path, *, version: str = NEXT, change: Change | None = None) -> Path:
    """Return the bundle of a later version: that of `of`, its own wheel built anew after `change` to the source."""
    source = folder / f"source-{version}"
    shutil.copytree(REPOSITORY, source, ignore=shutil.ignore_patterns(".git", ".venv", "var", "build", "*.egg-info"))
    if change is not None:
        change(source)
    target = folder / f"bundle-{version}"
    _make(source, target, "--screens", "no", "--packages", "no", "--version", version, "--wheels", str(of / "wheels"))
    shutil.rmtree(source)
    return target


def _make(source: Path, folder: Path, *options: str) -> None:
    done = subprocess.run(
        [source / "systemd" / "bundle", folder, *options], capture_output=True, text=True, check=False, timeout=400
    )
    assert done.returncode == 0, f"no bundle:\n{done.stdout}{done.stderr}"


def kiosk_that_never_starts(source: Path) -> None:
    """Break a version so that only its services tell: its migrations succeed, its kiosk ends at the start."""
    (source / "reception" / "schema" / "9999_marks.sql").write_text(
        "CREATE TABLE marks (id INTEGER PRIMARY KEY) STRICT;\n"
    )
    app = source / "kiosk" / "app.py"
    app.write_text(app.read_text(encoding="utf-8") + '\nraise RuntimeError("broken on purpose")\n', encoding="utf-8")


def migration_that_fails(source: Path) -> None:
    """Break a version so that it cannot take over the store."""
    (source / "reception" / "schema" / "9999_broken.sql").write_text("DROP TABLE there_is_no_such_table;\n")
