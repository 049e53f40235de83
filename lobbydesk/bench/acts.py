"""The check-in act by itself: against a bare durable commit, and against its own speed in a long history."""

import sqlite3
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from db.store import open_store
from lobbydesk.bench import centre
from lobbydesk.bench.figures import Row, ratio
from lobbydesk.home import store_path


def measure(folder: Path, small: Path, big: Path, visits: int, *, rounds: int, batch: int) -> list[Row]:
    """Return the rows of the act in the centres `small` and `big`; `batch` acts or commits a turn, in turns."""
    bare = bare_connection(folder / "bare.db")
    with closing(bare), closing(open_store(store_path(small))) as near, closing(open_store(store_path(big))) as far:
        turns: list[Callable[[], object]] = [
            lambda: commit_row(bare, "one row"),
            lambda: centre.tap(near),
            lambda: centre.tap(far),
        ]
        # One unmeasured round: caches and prepared statements as a running service has them.
        taken: list[list[float]] = [[], [], []]
        for number in range(rounds + 1):
            for which, turn in enumerate(turns):
                seconds = _time(turn, batch)
                if number:
                    taken[which].append(seconds)
            centre.empty_queue(near)
            centre.empty_queue(far)
    rates = [batch / statistics.median(seconds) for seconds in taken]
    share = ratio(taken[0], taken[1])
    return [
        Row(
            "check-in act, durable, as a share of bare one-row commits",
            f"{share:.0%} ({rates[1]:,.0f}/s of {rates[0]:,.0f}/s)",
            ">= 50 %",
        ),
        Row(
            f"check-in act after {visits:,} visits, time against a new store",
            f"{ratio(taken[2], taken[1]):.2f} ({1000 / rates[2]:.2f} ms, {1000 / rates[1]:.2f} ms)",
            "<= 1.2",
        ),
    ]


def _time(turn: Callable[[], object], times: int) -> float:
    begun = time.perf_counter()
    for _ in range(times):
        turn()
    return time.perf_counter() - begun


def bare_connection(path: Path) -> sqlite3.Connection:
    """Open SQLite with the durability of the store (`db.store`) and nothing else of it; one table `bare`, and an empty
    one for the server that looks whether its store can be read (`lobbydesk.serving`)."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL").fetchall()
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
    connection.execute("CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY)")
    return connection


def commit_row(connection: sqlite3.Connection, text: str) -> None:
    """Insert one row in a durable transaction of its own."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO bare (text) VALUES (?)", [text])
    connection.execute("COMMIT")
