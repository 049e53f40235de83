"""A backup or a restore that is cut off at any moment leaves the old or the new, never a half."""

import json
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from db import backup, backup_folder, restore
from db.backup_keep import Keep
from db.store import open_store
from lobbydesk.cli import main
from tests.backup import NOON, Box, a_box
from tests.crash.cut import state


@pytest.fixture
def box(home: Path, tmp_path: Path) -> Iterator[Box]:
    """A box with work in it."""
    yield from a_box(home, tmp_path)


def cuts(box: Box, what: str, room: Path, made: Path, stride: int) -> list[dict[str, Any]]:
    """Run the cuts; return what each left."""
    words = [what, box.home, box.folder, box.key, room, made, stride]
    command = [sys.executable, "-m", "tests.crash.cut", *map(str, words)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_restore_cut_off_at_any_step_leaves_the_old_store_or_the_new(box: Box, tmp_path: Path) -> None:
    made, new = box.back_up(), state(box.store)
    with closing(open_store(box.store)) as held_open:
        # The last acts stand in the log alone: a log of the old store must never be played into the new one.
        box.work(12, seed=5)
        assert box.store.with_name("lobbydesk.db-wal").stat().st_size > 0
        old_home = tmp_path / "old"
        shutil.copytree(box.home, old_home)
        held_open.execute("SELECT 1")
    old = state(box.store)
    assert old != new
    left = cuts(Box(old_home, box.folder, box.key), "restore", tmp_path / "room", made.path, 2)
    assert left[-1] == {"step": 2 * len(left) - 2, "ended": True, "state": new}
    seen = [one["state"] for one in left]
    assert set(seen) == {old, new}, [(one["step"], one["state"]) for one in left if one["state"] not in {old, new}]
    # First the old one at every step, then the new one: it does not change back.
    assert seen == [old] * seen.count(old) + [new] * seen.count(new)
    assert seen.count(old) > 10 and seen.count(new) > 3


def test_a_backup_cut_off_at_any_step_leaves_only_whole_ones(box: Box, tmp_path: Path) -> None:
    first = box.back_up(NOON - timedelta(hours=2), keep=Keep())
    kept = state_of(box, first.path, tmp_path / "first")
    box.work(12, seed=6)
    left = cuts(box, "backup", tmp_path / "room", first.path, 5)
    assert left[-1]["ended"] and len(left) > 10
    for one in left:
        assert one["found"][-1] == {"number": 1, "state": kept, "verified": True}, one
        assert all(found["state"] in {kept, state(box.store)} and found["verified"] for found in one["found"]), one
        assert one["left"] == [], one
    assert {len(one["found"]) for one in left} == {1, 2}


def state_of(box: Box, made: Path, room: Path) -> str:
    """Return what the store in a backup holds."""
    room.mkdir()
    backup.unpack(made, room, box.identity)
    return state(room / backup.STORE)


def test_sigkill_at_random_moments(box: Box, tmp_path: Path) -> None:
    """The real thing: the command, killed from outside, and the start of the box after it."""
    made = box.back_up(NOON)
    old = box.tables()["tickets"]
    where = ["--home", str(box.home), "--folder", str(box.folder), "--identity", str(box.key)]
    chance = random.Random(7)
    for turn in range(6):
        words = ["restore", str(made.path)] if turn % 2 else ["backup"]
        child = subprocess.Popen(
            [sys.executable, "-m", "lobbydesk", words[0], *where, *words[1:]], stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(0.15, 0.9))
        child.kill()
        child.wait()
        assert main(["migrate", "--recover", *where]) == 0
        assert box.tables()["tickets"] == old
        assert not (box.home / restore.READY).exists()
    assert main(["backup", *where]) == 0
    for one in backup_folder.listed(box.folder):
        state_of(box, one.path, tmp_path / f"x{one.number}")


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace (make setup installs it)")
@pytest.mark.parametrize("what", ["backup", "restore"])
def test_nothing_gets_its_name_before_it_is_on_the_disk(box: Box, tmp_path: Path, what: str) -> None:
    made = box.back_up(NOON)
    where = ["--home", str(box.home), "--folder", str(box.folder), "--identity", str(box.key)]
    log = tmp_path / "calls"
    calls = (
        "trace=write,pwrite64,writev,copy_file_range,sendfile,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat"
    )
    command = [sys.executable, "-m", "lobbydesk", what, *where, *([str(made.path)] if what == "restore" else [])]
    subprocess.run(["strace", "-f", "-y", "-s", "0", "-e", calls, "-o", log, *command], check=True, capture_output=True)
    unsafe: set[str] = set()
    unnamed: set[str] = set()
    named: list[str] = []
    for line in log.read_text().splitlines():
        name, _, rest = line.partition(" ")[2].strip().partition("(")
        opened = re.search(r"\d<(/[^>]+)>", rest)
        if name.startswith("rename") and rest.endswith("= 0"):
            source, target = re.findall(r'"([^"]+)"', rest)
            assert not [path for path in unsafe if path == source or path.startswith(f"{source}/")], line
            unnamed |= {str(Path(target).parent)}
            named.append(target)
        elif name.startswith("unlink"):
            (gone,) = re.findall(r'"([^"]+)"', rest)
            unsafe.discard(gone if opened is None else f"{opened[1]}/{gone}")
        elif name in {"fsync", "fdatasync"} and opened:
            unsafe.discard(opened[1])
            unnamed.discard(opened[1])
        elif opened and opened[1].startswith(str(tmp_path)) and not opened[1].endswith("-shm"):
            unsafe.add(opened[1])
    assert unnamed == set()
    assert any(path.endswith((".tar.age", "lobbydesk.db")) for path in named)
