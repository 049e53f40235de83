"""The replay: acts recorded once, the power gone at any of their calls, and the judge's word on what is found."""

import json
import os
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lobbydesk.home import store_path
from tests.crash.disk import WAYS, Disk, How
from tests.crash.morning import Ack
from tests.crash.trace import Call, record
from tests.crash.verdict import judge, lay_out

SEED = int(os.environ.get("LOBBYDESK_CRASH_SEED", "1"))
LENGTH = 108


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
    # How many states lost an act of each kind.
    kinds: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def __str__(self) -> str:
        """The figures in one line, for whoever runs it."""
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(self.kinds.items()))
        lost = f"{self.lossy} ({kinds})" if kinds else f"{self.lossy}"
        return f"{self.states} states, lost an acknowledged act: {lost}, broken: {self.broken}; {self.seconds:.0f} s"


def run(ready: Path, folder: Path, *options: str) -> Run:
    """Do the acts on a copy of the store that is ready for them, and record them."""
    path = store_path(shutil.copytree(ready, folder / "home"))
    before = {path.name: path.read_bytes()}
    command = [sys.executable, "-m", "tests.crash.workload", str(path), "--seed", str(SEED), "--acts", str(LENGTH)]
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


def cut(recorded: Run, states: int, folder: Path, *, between: bool = True) -> Tally:
    """Let the power go in so many ways and judge what is found; `between`: after each acknowledged act, too."""
    chance, tally, begun = random.Random(SEED), Tally(), time.monotonic()
    every = moments(recorded.calls, recorded.before)
    chosen = (
        choose(every, recorded.calls, states, chance)
        if between
        else sorted(chance.sample(every, min(states, len(every))))
    )
    for moment, acknowledged, files in crashes(recorded, chosen, chance):
        lay_out(files, folder)
        wrong = judge(folder / "lobbydesk.db", recorded.acks, acknowledged)
        tally.states += 1
        kinds = {what.split()[1] for what in wrong if what.startswith("lost")}
        tally.lossy += bool(kinds)
        tally.kinds.update(kinds)
        tally.broken += any(what.startswith("broken") for what in wrong)
        tally.first = tally.first or (f"{moment}: {wrong[0]}" if wrong else "")
    tally.seconds = time.monotonic() - begun
    return tally
