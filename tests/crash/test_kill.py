"""A process that is killed in the middle of its acts: what it acknowledged is there, once, and the next goes on."""

import json
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from lobbydesk.home import store_path
from reception.rules.numbers import parse_ticket_no
from tests.crash.morning import Ack
from tests.crash.verdict import HALF

RUNS = 20


def check_in_until_killed(path: Path, seed: int, chance: random.Random) -> list[Ack]:
    """Start a child that checks in without end, kill it at a random moment; return what it acknowledged."""
    command = [sys.executable, "-m", "tests.crash.workload", str(path), "--seed", str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        first = child.stdout.readline()
        time.sleep(chance.uniform(0, 0.05))
        child.kill()
        lines = [first, *child.stdout.readlines()]
    # A line in the pipe was said, whole or not at all: it is written by one call.
    return [json.loads(line) for line in lines]


def test_sigkill_loses_no_ticket_and_gives_none_twice(home: Path) -> None:
    path, chance = store_path(home), random.Random(1)
    said: list[str] = []
    before = held(path)
    for number in range(RUNS):
        acks = check_in_until_killed(path, number, chance)
        after = held(path)
        assert before <= after
        assert {(ack["no"], ack["token"]) for ack in acks} <= after - before
        # At most the act under way is there unsaid.
        assert len(after) - len(before) - len(acks) in {0, 1}
        said += [ack["no"] for ack in acks]
        before = after
    assert len(said) == len(set(said)) >= RUNS
    assert_whole(path)


def held(path: Path) -> set[tuple[str, str]]:
    """Return number and token of every ticket; numbers run from 1 without gap in each line."""
    with closing(sqlite3.connect(path)) as connection:
        tickets: set[tuple[str, str]] = set(connection.execute("SELECT no, token FROM tickets"))
    by_prefix: dict[str, list[int]] = {}
    for no, _ in tickets:
        parsed = parse_ticket_no(no)
        assert parsed is not None
        by_prefix.setdefault(parsed[0], []).append(parsed[1])
    for numbers in by_prefix.values():
        assert sorted(numbers) == list(range(1, len(numbers) + 1))
    return tickets


def assert_whole(path: Path) -> None:
    """The store is sound and holds no half act."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        for what, sql in HALF.items():
            assert connection.execute(sql).fetchone()[0] == 0, what
