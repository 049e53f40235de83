"""The child that is cut off: it does real acts on a store and acknowledges each one on its standard output.

An acknowledgement is one line of JSON, written in a single call after the act was committed: what somebody outside
(a visitor with a number, a printer with a paper) may rely on from that moment.
"""

import argparse
import hashlib
import itertools
import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from db.store import Store, open_store
from tests.crash.morning import Ack, Morning

# Small, so that checkpoints and restarts of the log fall between the acts many times.
CHECKPOINT_PAGES = 60


def fingerprint(connection: sqlite3.Connection) -> str:
    """Return a hash over every row of every table: two stores with the same one hold the same."""
    digest = hashlib.sha256()
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
        rows = connection.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608 (our own tables)
        digest.update(f"{table}{[tuple(row) for row in rows]}".encode())
    return digest.hexdigest()


def acknowledge(ack: Ack) -> None:
    """Say it, unbuffered: the call is the moment from which the act counts."""
    os.write(sys.stdout.fileno(), json.dumps(ack).encode() + b"\n")


def _open(path: Path, synchronous: str) -> Store:
    store = open_store(path, synchronous=synchronous)
    store.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    return store


def _power_cut(path: Path, synchronous: str, seed: int, acts: int) -> Iterator[Ack]:
    """Yield the start and each act with the fingerprint of what the store must hold at least."""
    store = _open(path, synchronous)
    morning = Morning(store, seed)
    yield {"act": "open", "fingerprint": fingerprint(store.connection)}
    for number in range(acts):
        if number == acts // 3:
            # Erasure empties the log.
            store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if number == acts * 2 // 3:
            # The last connection to close takes the log away; the next one makes another.
            store.close()
            store = morning.store = _open(path, synchronous)
        yield {**morning.act(), "fingerprint": fingerprint(store.connection)}
    store.close()


def _check_ins(path: Path, seed: int) -> Iterator[Ack]:
    """Yield check-ins until somebody pulls the plug."""
    morning = Morning(_open(path, "FULL"), seed)
    for morning.done in itertools.count(1):
        yield morning.check_in()


@contextmanager
def _no_transaction(store: Store) -> Iterator[Store]:
    yield store


def fall_apart() -> None:
    """For a control: from now on each statement of an act stands alone."""
    for where in ("nonces", "queue", "absence", "signing", "reprints"):
        mock.patch(f"reception.{where}.writing", _no_transaction).start()
    mock.patch.object(Store, "touch", lambda store, *topics: None).start()


def main() -> None:
    """Run one of the two workloads."""
    parser = argparse.ArgumentParser()
    parser.add_argument("store", type=Path)
    parser.add_argument("--synchronous", default="FULL")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--acts", type=int, help="a mixed morning of so many acts; without it check-ins for ever")
    parser.add_argument("--apart", action="store_true", help="for a control: acts without their transaction")
    options = parser.parse_args()
    if options.apart:
        fall_apart()
    if options.acts is None:
        acks = _check_ins(options.store, options.seed)
    else:
        acks = _power_cut(options.store, options.synchronous, options.seed, options.acts)
    for ack in acks:
        acknowledge(ack)


if __name__ == "__main__":
    main()
