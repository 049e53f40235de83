"""A backup or a restore that dies at its n-th step, for every n: a child ends itself there as SIGKILL would.

A step is whatever Python asks of the file system: it raises an audit event before. Prints one line of JSON a cut.
"""

import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from db import backup, backup_folder, restore
from tests.backup import NOON, Box
from tests.crash.workload import fingerprint

STEPS = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.listdir", "os.scandir", "sqlite3.connect"}


def cut_off(act: Callable[[], object], step: int) -> bool:
    """Do an act in a child that dies before its step of this number; tell whether it came to its end before."""
    child = os.fork()
    if child == 0:
        left = step

        def count(event: str, _: object) -> None:
            nonlocal left
            if event in STEPS:
                left -= 1
                if left < 0:
                    os._exit(9)

        sys.addaudithook(count)
        act()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def state(store: Path) -> str:
    """Return what a store holds; what is no store is said."""
    if not store.is_file():
        return "no store"
    with closing(sqlite3.connect(store)) as opened:
        if opened.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            return "damaged"
        return fingerprint(opened)


def restores(box: Box, made: Path, room: Path, stride: int) -> None:
    """Cut a restore at every `stride`-th step; print what the store is at the next start."""
    for step in range(0, 10_000, stride):
        shutil.rmtree(room, ignore_errors=True)
        shutil.copytree(box.home, room)
        there = Box(room, box.folder, box.key)
        ended = cut_off(lambda: there.put_back(made, exact=True), step)  # noqa: B023 (called at once)
        restore.finish(room)
        print(json.dumps({"step": step, "ended": ended, "state": state(there.store)}), flush=True)
        if ended:
            return


def backups(box: Box, room: Path, stride: int) -> None:
    """Cut a backup at every `stride`-th step; print which backups there are, and whether each opens and is whole."""
    for step in range(0, 10_000, stride):
        folder = room / "folder"
        shutil.rmtree(room, ignore_errors=True)
        shutil.copytree(box.folder, folder)
        there = Box(box.home, folder, box.key)
        ended = cut_off(lambda: there.back_up(), step)  # noqa: B023 (called at once)
        found = []
        for one in backup_folder.listed(folder):
            with backup.workroom(room) as work:
                backup.unpack(one.path, work, box.identity)
                found.append(
                    {"number": one.number, "state": state(work / backup.STORE), "verified": one.details.get("verified")}
                )
        there.back_up(NOON)
        left = sorted(path.name for path in [*folder.rglob("*.part"), *box.home.glob("backup.work")])
        print(json.dumps({"step": step, "ended": ended, "found": found, "left": left}), flush=True)
        if ended:
            return


if __name__ == "__main__":
    what, home, folder, key, room, made, stride = sys.argv[1:]
    box = Box(Path(home), Path(folder), Path(key))
    if what == "restore":
        restores(box, Path(made), Path(room), int(stride))
    else:
        backups(box, Path(room), int(stride))
