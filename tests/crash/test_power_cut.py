"""A power cut at any system call loses nothing that was acknowledged (`box.md`, SQLite); the control does lose.

A child does real acts under strace. Its calls are replayed onto a disk that keeps only what was synced,
and none, all, some or torn parts of the rest; each of those disks is opened and judged. With
synchronous=NORMAL the same judge must find losses of every kind of act: otherwise the test is blind.

The number of states is set by LOBBYDESK_CRASH_STATES (the controls take half as many each), their choice by
LOBBYDESK_CRASH_SEED. `make test-crash` takes thousands.
"""

import os
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from tests.crash.morning import ACTS
from tests.crash.replay import LENGTH, Run, Tally, cut, run

STATES = int(os.environ.get("LOBBYDESK_CRASH_STATES", "400"))

pytestmark = [
    pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace (make setup installs it)"),
    pytest.mark.timeout(1800),
]


def tell(capsys: pytest.CaptureFixture[str], what: str, tally: Tally) -> None:
    """Print the figures of one run, whoever swallows what tests print."""
    with capsys.disabled():
        print(f"\ncrash states, {what}: {tally}")


def test_a_power_cut_loses_nothing_acknowledged(full: Run, memory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = cut(full, STATES, memory)
    tell(capsys, "as it is (FULL)", kept)
    assert (kept.lossy, kept.broken) == (0, 0), kept.first


def test_without_a_sync_acts_of_every_kind_are_lost(
    ready: Path, tmp_path: Path, memory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    control = cut(run(ready, tmp_path, "--synchronous", "NORMAL"), STATES // 2, memory)
    tell(capsys, "control without a sync (NORMAL)", control)
    assert set(control.kinds) == set(ACTS), "no act of some kind was lost: the test is blind for it"
    # NORMAL gives up durability, not soundness; anything else would be the replay's own fault.
    assert control.broken == 0, control.first


def test_an_act_without_its_transaction_is_found_by_half(
    ready: Path, tmp_path: Path, memory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    control = cut(run(ready, tmp_path, "--apart"), STATES // 2, memory, between=False)
    tell(capsys, "control without transactions", control)
    assert control.broken > control.states // 10, "hardly a half act was found: the judge is blind"
    assert control.lossy == 0, control.first


def test_the_workload_covers_what_it_claims(full: Run) -> None:
    assert len(full.acks) == LENGTH + 1
    assert {ack["act"] for ack in full.acks} == {"open", *ACTS}
    assert {ack["mark"] for ack in full.acks if "mark" in ack} == {
        "start", "miss", "complete", "paper_came_out", "void_paper",
    }  # fmt: skip
    assert any(ack.get("admits") for ack in full.acks)
    log = [call for call in full.calls if call.file == "lobbydesk.db-wal"]
    # Checkpoints write to the store itself, the log starts again from its head, is emptied, removed and made anew.
    assert any(call.what == "write" and call.file == "lobbydesk.db" for call in full.calls)
    assert sum(call.what == "write" and call.number == 0 for call in log) > 4
    assert sum(call.what == "create" for call in log) > 1
    assert {"unlink", "truncate", "sync"} <= {call.what for call in log}
    # Between the last write of an act and its acknowledgement stands a sync: the order that FULL is for.
    said = [before.what for before, call in pairwise(full.calls) if call.what == "acknowledge"]
    assert set(said[1:]) <= {"sync", "truncate"}
