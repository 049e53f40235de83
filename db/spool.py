"""The spool: papers wait here as facts, and leave only when a printer said what became of them.

queued -> sending (committed before the first byte) -> printed | sent | uncertain; failed only for a paper
that can never print; void by staff (`printing.md`, The spool). A queued paper may be held: then it waits for staff.
"""

from dataclasses import dataclass
from typing import Literal

from db.store import Store, writing

Outcome = Literal["printed", "sent", "uncertain", "failed"]
Held = Literal["stale", "called", "wiped"]
TOPIC = "papers"


@dataclass(frozen=True, slots=True)
class Job:
    """A paper claimed for printing. `facts` is JSON; `copy_no` 0 is the original, n the n-th copy."""

    id: int
    kind: str
    ref: str
    copy_no: int
    facts: str


def enqueue(
    store: Store,
    *,
    printer: str,
    kind: str,
    ref: str,
    facts: str,
    at: str,
    part: str = "",
    copy_no: int = 0,
    stale_at: str | None = None,
    wipe_at: str | None = None,
    pinned: bool = False,
    urgent: bool = False,
) -> int:
    """Put a paper into the spool within the act that it belongs to; return its job id.

    `ref`, `kind` and `part` together name the paper; of each there is one original (copy 0) and one of each copy. Once
    `stale_at` has come it is held instead of printed; once `wipe_at` has come its facts are wiped. A `pinned` one is
    about this very printer, and goes to no other; an `urgent` one comes out before all that wait.
    """
    with writing(store):
        store.touch(TOPIC)
        return store.insert(
            "INSERT INTO print_jobs (printer, kind, ref, part, copy_no, facts, queued_at, stale_at, wipe_at, pinned,"
            " urgent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [printer, kind, ref, part, copy_no, facts, at, stale_at, wipe_at, pinned, urgent],
        )


READY = "printer = :printer AND state = 'queued' AND held IS NULL AND (stale_at IS NULL OR stale_at > :at)"


def has_queued(store: Store, printer: str, at: str) -> bool:
    """Tell whether a paper waits for this printer and may come out."""
    return bool(
        store.value(
            f"SELECT EXISTS (SELECT 1 FROM print_jobs WHERE {READY})",  # noqa: S608
            {"printer": printer, "at": at},
        )
    )


def claim(store: Store, printer: str, at: str) -> Job | None:
    """Take the oldest waiting paper of this printer, an urgent one first, and commit `sending` before its first byte.

    None when none waits or another worker is sending: the partial UNIQUE index admits one. What has gone stale or is
    held is never taken, whatever the worker believed a moment ago.
    """
    with writing(store):
        row = store.row(
            "UPDATE print_jobs SET state = 'sending', sending_at = :at"  # noqa: S608
            f" WHERE id = (SELECT id FROM print_jobs WHERE {READY} ORDER BY urgent DESC, id LIMIT 1)"
            " AND state = 'queued'"
            " AND NOT EXISTS (SELECT 1 FROM print_jobs WHERE printer = :printer AND state = 'sending')"
            " RETURNING id, kind, ref, copy_no, facts",
            {"at": at, "printer": printer},
        )
        if row is not None:
            store.touch(TOPIC)
        return None if row is None else Job(*row)


def settle(
    store: Store, job_id: int, outcome: Outcome, at: str, error: str | None = None, *, length_mm: int | None = None
) -> bool:
    """Mark what became of a paper that was being sent, and what it took of the roll; False if it was not being sent."""
    with writing(store):
        store.touch(TOPIC)
        return store.changed(
            "UPDATE print_jobs SET state = ?, ended_at = ?, error = ?, length_mm = ?"
            " WHERE id = ? AND state = 'sending'",
            [outcome, at, error, length_mm, job_id],
        )


def put_back(store: Store, job_id: int) -> bool:
    """Return a claimed paper to the queue: only when not one byte of it was sent."""
    with writing(store):
        store.touch(TOPIC)
        return store.changed(
            "UPDATE print_jobs SET state = 'queued', sending_at = NULL WHERE id = ? AND state = 'sending'", [job_id]
        )


def is_sending(store: Store, job_id: int) -> bool:
    """Tell whether a paper is still being sent, as far as staff are concerned."""
    return bool(store.value("SELECT EXISTS (SELECT 1 FROM print_jobs WHERE id = ? AND state = 'sending')", [job_id]))


def doubt_interrupted(store: Store, printer: str, at: str) -> int:
    """On a worker's start: what was being sent when the last one ended is uncertain; return how many."""
    with writing(store):
        count = store.execute(
            "UPDATE print_jobs SET state = 'uncertain', ended_at = ?, error = 'interrupted'"
            " WHERE printer = ? AND state = 'sending'",
            [at, printer],
        ).rowcount
        if count:
            store.touch(TOPIC)
        return count


def paper_state(store: Store, ref: str) -> str | None:
    """Return the state of the newest paper of `ref` (`held` for a queued one that waits for staff), or None."""
    state: str | None = store.value(
        "SELECT iif(state = 'queued' AND held IS NOT NULL, 'held', state) FROM print_jobs WHERE ref = ?"
        " ORDER BY id DESC LIMIT 1",
        [ref],
    )
    return state


def unsettled(store: Store, printer: str | None = None) -> int:
    """Return how many papers wait for a printer, one or any; held ones wait for staff instead."""
    mine = "(:printer IS NULL OR printer = :printer)"
    count: int = store.value(
        f"SELECT (SELECT count(*) FROM print_jobs WHERE state = 'queued' AND held IS NULL AND {mine})"  # noqa: S608
        f" + (SELECT count(*) FROM print_jobs WHERE state = 'sending' AND {mine})",
        {"printer": printer},
    )
    return count
