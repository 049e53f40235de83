"""A backup of a centre with a long history: against a plain copy of the file, and what check-ins feel of it."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from db import sealing
from db.backup_folder import Backup
from db.backup_keep import Keep
from db.store import open_store
from lobbydesk import box_backup
from lobbydesk.bench import centre
from lobbydesk.bench.figures import Row, rank, ratio
from lobbydesk.home import store_path


def measure(folder: Path, home: Path, visits: int, *, rounds: int) -> list[Row]:
    """Return the rows of backups of the centre `home` into `folder`, in turns with plain copies."""
    key, place, store = folder / "backup-identity", folder / "backups", store_path(home)
    sealing.new_identity(key)
    identity = sealing.read_identity(key)

    def take() -> Backup:
        return box_backup.take(
            home, place, identity, reason="hourly", keep=Keep(1, 0, 0), now=datetime.now(UTC), beside=[]
        )

    copies, backups = [], []
    for _ in range(rounds):
        copies.append(_time(lambda: _copy(store, folder / "copy.db")))
        backups.append(_time(take))
    (folder / "copy.db").unlink()
    # As on a box: the backup is a process of its own.
    command = [sys.executable, "-m", "lobbydesk", "backup", "--home", str(home), "--folder", str(place)]
    command += ["--identity", str(key), "--settings", str(folder / "none.toml")]
    quiet = _check_ins(home, [sys.executable, "-c", f"import time; time.sleep({rank(backups, 0.5)})"])
    busy = _check_ins(home, command)
    size, sealed = store.stat().st_size, take().path.stat().st_size
    return [
        Row(
            f"backup after {visits:,} visits, sealed and read back, time against a plain durable copy",
            f"{ratio(backups, copies):.1f} ({rank(backups, 0.5):.2f} s, {rank(copies, 0.5):.2f} s"
            f" for {size / 1e6:,.1f} MB)",
            "<= 60",
        ),
        Row("size of the backup as a share of the store", f"{sealed / size:.0%} ({sealed / 1e6:,.1f} MB)", "<= 50 %"),
        Row(
            "check-in act while a backup is made",
            f"p99 {rank(busy, 0.99) * 1000:.1f} ms, longest {max(busy) * 1000:.0f} ms"
            f" (without: {rank(quiet, 0.99) * 1000:.1f} ms, {max(quiet) * 1000:.0f} ms)",
            "longest <= 500 ms",
        ),
    ]


def _time(turn: Callable[[], object]) -> float:
    begun = time.perf_counter()
    turn()
    return time.perf_counter() - begun


def _copy(source: Path, target: Path) -> None:
    """Copy a file so that it outlives a power cut, as a backup does, and nothing more."""
    with source.open("rb") as read, target.open("wb") as written:
        shutil.copyfileobj(read, written, 1 << 20)
        written.flush()
        os.fsync(written.fileno())


def _check_ins(home: Path, beside: list[str]) -> list[float]:
    """Return the seconds of each check-in, a hundred a second at most, until another process has ended."""
    taken: list[float] = []
    with closing(open_store(store_path(home))) as store:
        with subprocess.Popen(beside, stdout=subprocess.DEVNULL) as other:
            while other.poll() is None or not taken:
                taken.append(_time(lambda: centre.tap(store)))
                time.sleep(0.01)
        if other.returncode:
            raise RuntimeError(f"{' '.join(beside)} ended with {other.returncode}")
        centre.empty_queue(store)
    return taken
