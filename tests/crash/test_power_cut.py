"""A power cut at any system call loses nothing that was acknowledged (`box.md`, SQLite); the control does lose.

A child does real acts under strace. Its calls are replayed onto a disk that keeps only what was synced,
and none, all, some or torn parts of the rest; each of those disks is opened and judged. With
synchronous=NORMAL the same judge must find losses: otherwise the test is blind.

The number of states is set by LOBBYDESK_CRASH_STATES (the control takes half as many), their choice by
LOBBYDESK_CRASH_SEED.
"""

import json
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from lobbydesk.home import store_path
from tests.crash.disk import WAYS, Disk, How
from tests.crash.trace import Call, record
from tests.crash.verdict import judge, lay_out
from tests.crash.workload import Ack

STATES = int(os.environ.get("LOBBYDESK_CRASH_STATES", "2000"))
SEED = int(os.environ.get("LOBBYDESK_CRASH_SEED", "1"))
ACTS = 72
MEMORY = Path("/dev/shm")

pytestmark = [
    pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace (make setup installs it)"),
    pytest.mark.timeout(300),
]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the workload: the store before it, its calls, and what it acknowledged."""

    before: dict[str, bytes]
    calls: list[Call]
    acks: list[Ack]


@dataclass
class Tally:
    """What the judge said."""

    states: int = 0
    lossy: int = 0
    broken: int = 0
    first: str = ""


def run(seeded: Path, folder: Path, *options: str) -> Run:
    """Do the acts on a copy of the seeded store and record them."""
    path = store_path(shutil.copytree(seeded, folder / "home"))
    before = {path.name: path.read_bytes()}
    command = [sys.executable, "-m", "tests.crash.workload", str(path), "--seed", str(SEED), "--acts", str(ACTS)]
    acks, log = folder / "acks", folder / "strace"
    calls = record([*command, *options], folder=path.parent, acks=acks, log=log)
    # Some 20 MB, and pytest keeps its folders.
    log.unlink()
    return Run(before, calls, [json.loads(line) for line in acks.read_text().splitlines()])


def moments(calls: list[Call], before: dict[str, bytes]) -> list[tuple[int, How]]:
    """Return every moment at which the power may go, after so many calls, with each way it may end."""
    disk, every = Disk(before), []
    for number, call in enumerate(calls, start=1):
        disk.feed(call)
        # A mere write changes nothing of what is safe: without it the disk is the one judged a moment before.
        ways = WAYS if call.what in {"sync", "acknowledge"} else WAYS[1:]
        every += [(number, how) for how in ways if how == "none" or disk.at_risk]
    return every


def choose(
    every: list[tuple[int, How]], calls: list[Call], states: int, chance: random.Random
) -> list[tuple[int, How]]:
    """Return so many of them, among them always: the power goes just after an act was acknowledged."""
    sharpest: set[tuple[int, How]] = {
        (number, "none") for number, call in enumerate(calls, start=1) if call.what == "acknowledge"
    }
    rest = [moment for moment in every if moment not in sharpest]
    return sorted([*sharpest, *chance.sample(rest, max(0, min(states - len(sharpest), len(rest))))])


def crashes(
    recorded: Run, chosen: list[tuple[int, How]], chance: random.Random
) -> Iterator[tuple[str, int, dict[str, bytes]]]:
    """Yield for each chosen moment its description, how many acts were acknowledged by then, and the files found."""
    disk, fed, acknowledged = Disk(recorded.before), 0, -1
    for number, how in chosen:
        for call in recorded.calls[fed:number]:
            disk.feed(call)
            acknowledged += call.what == "acknowledge"
        fed = number
        # Before the child said that the store is open it had promised nothing.
        yield f"call {number}, {how}", max(0, acknowledged), disk.after_crash(how, chance)


def cut(recorded: Run, states: int, folder: Path) -> Tally:
    """Let the power go in so many ways and judge what is found."""
    chance, tally = random.Random(SEED), Tally()
    chosen = choose(moments(recorded.calls, recorded.before), recorded.calls, states, chance)
    for moment, acknowledged, files in crashes(recorded, chosen, chance):
        lay_out(files, folder)
        wrong = judge(folder / "lobbydesk.db", recorded.acks, acknowledged)
        tally.states += 1
        tally.lossy += any(what.startswith("lost") for what in wrong)
        tally.broken += any(what.startswith("broken") for what in wrong)
        tally.first = tally.first or (f"{moment}: {wrong[0]}" if wrong else "")
    return tally


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder that no real disk slows down, where the machine has one."""
    with tempfile.TemporaryDirectory(dir=MEMORY if os.access(MEMORY, os.W_OK) else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def full(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The acts as the product does them: WAL with synchronous=FULL."""
    return run(seeded, tmp_path_factory.mktemp("full"))


def test_a_power_cut_loses_nothing_acknowledged(
    full: Run, seeded: Path, tmp_path: Path, memory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = cut(full, STATES, memory)
    control = cut(run(seeded, tmp_path, "--synchronous", "NORMAL"), STATES // 2, memory)
    with capsys.disabled():
        print(
            f"\ncrash states: {kept.states}, lost an acknowledged act: {kept.lossy}, broken: {kept.broken};"
            f" control (NORMAL): {control.states} states, lost: {control.lossy}, broken: {control.broken}"
        )
    assert (kept.lossy, kept.broken) == (0, 0), kept.first
    assert control.lossy > 0, "the control lost nothing: this test is blind"
    # NORMAL gives up durability, not soundness; anything else would be the replay's own fault.
    assert control.broken == 0, control.first


def test_an_act_without_its_transaction_is_found_by_half(seeded: Path, tmp_path: Path, memory: Path) -> None:
    control = cut(run(seeded, tmp_path, "--apart"), STATES // 10, memory)
    assert control.broken > 0, "no half act was found: the judge is blind"
    assert control.lossy == 0, control.first


def test_the_workload_covers_what_it_claims(full: Run) -> None:
    assert len(full.acks) == ACTS + 1
    assert {ack["act"] for ack in full.acks} == {"open", "check_in", "call", "dispatch", "print", "reprint"}
    log = [call for call in full.calls if call.file == "lobbydesk.db-wal"]
    # Checkpoints write to the store itself, the log starts again from its head, is emptied, removed and made anew.
    assert any(call.what == "write" and call.file == "lobbydesk.db" for call in full.calls)
    assert sum(call.what == "write" and call.number == 0 for call in log) > 4
    assert sum(call.what == "create" for call in log) > 1
    assert {"unlink", "truncate", "sync"} <= {call.what for call in log}
    # Between the last write of an act and its acknowledgement stands a sync: the order that FULL is for.
    said = [before.what for before, call in pairwise(full.calls) if call.what == "acknowledge"]
    assert set(said[1:]) <= {"sync", "truncate"}
