"""An erasure that is cut off at any moment: whole and not reported, or done again at the next start; never half."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.backup import NOON
from tests.erasing import live_here, traces

# Each cut is a whole erasure, a whole start, and all bytes read: `make test` takes every ninth, `make test-crash` all.
EVERY = 1 if "LOBBYDESK_CRASH_STATES" in os.environ else 9


@pytest.mark.timeout(600)
def test_an_erasure_cut_off_at_any_step_is_not_begun_or_done_at_the_next_start(home: Path, memory: Path) -> None:
    live_here(home, NOON)
    command = [sys.executable, "-m", "tests.crash.cut_erasure", str(home), str(memory / "room"), str(EVERY)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    left = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
    whole, last = traces(home), left[-1]
    assert last["ended"] and last["entries"] == last["known"] == last["done"] == 2
    assert all(one["damaged"] == [] for one in left)
    for one in left:
        # Named in the journal, by whatever part of its entries: nowhere. In no entry: whole.
        assert one["after"] == ([] if one["entries"] else whole), one
        # What the start found in the journal it wrote into the store, and never less than the act had.
        assert one["known"] == one["entries"] >= one["done"], one
    between = [one for one in left if one["entries"] and not one["done"]]
    assert [one["entries"] for one in left if not one["entries"]] and between
    assert len(left) > 25 / EVERY


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace (make setup installs it)")
def test_the_journal_is_on_the_disk_before_the_act_is(home: Path, tmp_path: Path) -> None:
    live_here(home, NOON)
    log, script = tmp_path / "calls", "import sys; from tests.erasing import *; erase_in(Path(sys.argv[1]), NOON)"
    script = f"from tests.backup import NOON; {script}"
    calls = "trace=rename,renameat,renameat2,fsync,fdatasync,write,pwrite64"
    command = ["strace", "-f", "-y", "-s", "0", "-e", calls, "-o", str(log), sys.executable, "-c", script, str(home)]
    subprocess.run(command, check=True, capture_output=True)
    told = [line for line in log.read_text().splitlines() if str(home) in line]
    kinds = [
        "named" if "rename" in line and ".json" in line
        else "settled" if "fsync" in line and re.search(r"/erasures>", line)
        else "act" if "fdatasync" in line and "lobbydesk.db-wal>" in line
        else "" for line in told
    ]  # fmt: skip
    order = [kind for kind in kinds if kind]
    # Behind the look at him, which is an act of its own: each entry has its name and that is on the disk, then the act.
    entries = order[order.index("named") :]
    assert entries[:5] == ["named", "settled", "named", "settled", "act"] and "named" not in entries[5:], order
