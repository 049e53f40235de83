"""The child that is cut off: it does real acts on a store and acknowledges each one on its standard output.

An acknowledgement is one line of JSON, written in a single call after the act was committed: what somebody outside
(a visitor with a number, a printer with a paper) may rely on from that moment.
"""

import argparse
import hashlib
import itertools
import json
import os
import random
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from db import spool
from db.store import Store, open_store
from reception import queue, repairs, reprints, visits
from reception.permissions import KIOSK, Actor, Role
from reception.refusal import Refused

Ack = dict[str, Any]

START = datetime(2026, 11, 23, 2, 24, tzinfo=UTC)
LINES = ("repair", "complaint", "visit-day", "general")
COUNTERS = ("1", "2", "3")
# Small, so that checkpoints and restarts of the log fall between the acts many times.
CHECKPOINT_PAGES = 60


def fingerprint(connection: sqlite3.Connection) -> str:
    """Return a hash over every row of every table: two stores with the same one hold the same."""
    digest = hashlib.sha256()
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
        rows = connection.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608 (our own tables)
        digest.update(f"{table}{[tuple(row) for row in rows]}".encode())
    return digest.hexdigest()


class Morning:
    """A morning at the front desk, one act after the other; the same seed gives the same order of acts."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store = store
        self.chance = random.Random(seed)
        self.seed = seed
        self.done = 0
        self.sending: int | None = None
        row = store.row("SELECT id, name, department FROM staff WHERE role = ?", [Role.RECEPTIONIST])
        assert row is not None
        self.receptionist = Actor(Role.RECEPTIONIST, row["id"], row["name"], row["department"])

    @property
    def now(self) -> datetime:
        return START + timedelta(seconds=self.done)

    @property
    def at(self) -> str:
        """The moment as the store writes it."""
        return f"{self.now:%Y-%m-%dT%H:%M:%S}.000Z"

    @property
    def nonce(self) -> str:
        return f"morning-{self.seed}-{self.done}"

    def act(self) -> Ack:
        """Do the next act, one transaction, and return its acknowledgement."""
        self.done += 1
        kind = self.chance.choices(("check_in", "call", "dispatch", "print", "reprint"), weights=(36, 22, 10, 25, 7))[0]
        if kind == "call" and self.store.value("SELECT 1 FROM tickets WHERE state = 'waiting'"):
            return self.call()
        if kind == "dispatch":
            return self.dispatch()
        if kind == "print" and (self.sending is not None or spool.has_queued(self.store, "front", self.at)):
            return self.print()
        receipt = self.store.value(
            "SELECT max(id) FROM print_jobs WHERE kind = 'repair_receipt' AND state IN ('printed', 'uncertain')"
        )
        if kind == "reprint" and receipt is not None:
            return self.reprint(receipt)
        return self.check_in()

    def reprint(self, receipt: int) -> Ack:
        try:
            job = reprints.reprint(
                self.store, job_id=str(receipt), nonce=self.nonce, by=self.receptionist, now=self.now
            )
        except Refused:
            # Its copy waits for the printer.
            return self.check_in()
        return {"act": "reprint", "job": job}

    def check_in(self) -> Ack:
        line = self.chance.choice(LINES)
        ticket = visits.check_in(self.store, line=line, nonce=self.nonce, by=KIOSK, now=self.now)
        return {"act": "check_in", "no": ticket.no, "token": ticket.token}

    def call(self) -> Ack:
        counter = self.chance.choice(COUNTERS)
        ticket = queue.call_next(self.store, counter=counter, by=self.receptionist, now=self.now)
        assert ticket is not None
        return {"act": "call", "no": ticket.no, "counter": counter}

    def dispatch(self) -> Ack:
        case = repairs.register(
            self.store,
            nonce=self.nonce,
            name="欧阳文静",
            phone="13800005678",
            unit="1-1-101",
            category="water",
            content="厨房水管漏水",
            urgency="urgent",
            dispatch=True,
            by=self.receptionist,
            now=self.now,
        )
        order_no = repairs.details(self.store, case).work_order_no
        return {"act": "dispatch", "no": case.no, "token": case.token, "order_no": order_no}

    def print(self) -> Ack:
        """What the print worker marks: `sending` before the first byte, then what became of the paper."""
        at = self.at
        if self.sending is None:
            job = spool.claim(self.store, "front", at)
            assert job is not None
            self.sending = job.id
            return {"act": "print", "job": job.id, "state": "sending"}
        job_id, self.sending = self.sending, None
        outcome: spool.Outcome = "printed" if self.chance.random() < 0.8 else "uncertain"
        assert spool.settle(self.store, job_id, outcome, at)
        return {"act": "print", "job": job_id, "state": outcome}


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
    """For a control: from now on each statement of a check-in and of a call stands alone."""
    for where in ("reception.nonces.writing", "reception.queue.writing"):
        mock.patch(where, _no_transaction).start()
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
