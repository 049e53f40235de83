"""An erasure that dies at its n-th step, for every n, and the start of the box after it: one line of JSON a cut.

A step is whatever Python asks of the file system, and each statement that begins, journals or ends the act.
"""

import json
import shutil
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from db import erasure_journal as journal
from db.store import open_store
from lobbydesk.cli import main
from tests.backup import NOON
from tests.crash.cut import cut_off
from tests.erasing import erase, rows, traces

STATEMENTS = ("BEGIN", "COMMIT", "INSERT INTO erasure", "UPDATE cases", "DELETE FROM photos", "PRAGMA wal_checkpoint")


def _erase(home: Path, statements: tuple[str, ...]) -> None:
    def traced(sql: str) -> None:
        if sql.startswith(statements):
            # For the hook of `cut_off` a step like any other.
            sys.audit("open", sql, "r", 0)

    with closing(open_store(home / "lobbydesk.db")) as store:
        store.connection.set_trace_callback(traced)
        erase(store, NOON + timedelta(days=1))


def cuts(home: Path, room: Path, every: int) -> None:
    """Cut at every so many steps; print what the cut left, and what the next start made of it."""
    for step in range(0, 10_000, every):
        shutil.rmtree(room, ignore_errors=True)
        shutil.copytree(home, room)
        ended = cut_off(lambda: _erase(room, STATEMENTS), step)
        told = {"step": step, "ended": ended, "entries": len(journal.entries(room)), "damaged": journal.damaged(room)}
        told |= {"done": rows(room, "SELECT count(*) FROM erasure_entries")[0][0]}
        assert main(["migrate", "--home", str(room)]) == 0
        told |= {"after": traces(room), "known": rows(room, "SELECT count(*) FROM erasure_entries")[0][0]}
        print(json.dumps(told), flush=True)
        if ended:
            return


if __name__ == "__main__":
    cuts(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
