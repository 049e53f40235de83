"""The spool: papers wait here as facts, and leave only when a printer said what became of them.

queued -> sending (committed before the first byte) -> printed | sent | uncertain; failed only for a paper
that can never print; void by staff (`printing.md`, The spool).
"""

from dataclasses import dataclass
from typing import Literal

from db.store import Store, writing

Outcome = Literal["printed", "sent", "uncertain", "failed"]
TOPIC = "papers"
PRINTERS_TOPIC = "printers"


@dataclass(frozen=True, slots=True)
class Job:
    """A paper claimed for printing. `facts` is JSON; `copy_no` 0 is the original, n the n-th copy."""

    id: int
    kind: str
    ref: str
    copy_no: int
    facts: str


@dataclass(frozen=True, slots=True)
class Printer:
    """A printer's address, its properties, and the state its worker last saw (since: UTC text or None)."""

    name: str
    label: str
    host: str
    port: int
    width_dots: int
    columns: int
    chinese: str
    native_qr: bool
    cutter: bool
    confirms: str
    state: str
    since: str | None

    @property
    def in_trouble(self) -> bool:
        """True while no paper can come out."""
        return self.state not in {"unknown", "ready", "paper_low"}


def add_printer(
    store: Store, name: str, host: str, port: int, *, label: str = "", width_dots: int = 576, columns: int = 48
) -> None:
    """Add a printer, or move the one of that name to another address. `label` is what staff read."""
    with writing(store):
        store.execute(
            "INSERT INTO printers (name, label, host, port, width_dots, columns) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (name) DO UPDATE SET host = excluded.host, port = excluded.port",
            [name, label, host, port, width_dots, columns],
        )
        store.touch(PRINTERS_TOPIC)


def printers(store: Store) -> list[Printer]:
    """Return every printer, by name."""
    return [
        Printer(
            name=row["name"],
            label=row["label"] or row["name"],
            host=row["host"],
            port=row["port"],
            width_dots=row["width_dots"],
            columns=row["columns"],
            chinese=row["chinese"],
            native_qr=bool(row["native_qr"]),
            cutter=bool(row["cutter"]),
            confirms=row["confirms"],
            state=row["state"],
            since=row["since"],
        )
        for row in store.rows("SELECT * FROM printers ORDER BY name")
    ]


def set_printer_state(store: Store, name: str, state: str, at: str) -> bool:
    """Note what the worker sees of its printer; True if that is news."""
    with writing(store):
        news = store.changed(
            "UPDATE printers SET state = ?, since = ? WHERE name = ? AND state <> ?", [state, at, name, state]
        )
        if news:
            store.touch(PRINTERS_TOPIC)
        return news


def enqueue(store: Store, *, printer: str, kind: str, ref: str, facts: str, at: str, copy_no: int = 0) -> int:
    """Put a paper into the spool within the act that it belongs to; return its job id."""
    with writing(store):
        store.touch(TOPIC)
        return store.insert(
            "INSERT INTO print_jobs (printer, kind, ref, copy_no, facts, queued_at) VALUES (?, ?, ?, ?, ?, ?)",
            [printer, kind, ref, copy_no, facts, at],
        )


def has_queued(store: Store, printer: str) -> bool:
    """Tell whether a paper waits for this printer."""
    return bool(
        store.value("SELECT EXISTS (SELECT 1 FROM print_jobs WHERE printer = ? AND state = 'queued')", [printer])
    )


def claim(store: Store, printer: str, at: str) -> Job | None:
    """Take the oldest waiting paper of this printer and commit `sending` before its first byte.

    None when none waits or another worker is sending: the partial UNIQUE index admits one.
    """
    with writing(store):
        row = store.row(
            "UPDATE print_jobs SET state = 'sending', sending_at = :at"
            " WHERE id = (SELECT id FROM print_jobs WHERE printer = :printer AND state = 'queued' ORDER BY id LIMIT 1)"
            " AND state = 'queued'"
            " AND NOT EXISTS (SELECT 1 FROM print_jobs WHERE printer = :printer AND state = 'sending')"
            " RETURNING id, kind, ref, copy_no, facts",
            {"at": at, "printer": printer},
        )
        if row is not None:
            store.touch(TOPIC)
        return None if row is None else Job(*row)


def settle(store: Store, job_id: int, outcome: Outcome, at: str, error: str | None = None) -> bool:
    """Mark what became of a paper that was being sent; False if it was not being sent any more."""
    with writing(store):
        store.touch(TOPIC)
        return store.changed(
            "UPDATE print_jobs SET state = ?, ended_at = ?, error = ? WHERE id = ? AND state = 'sending'",
            [outcome, at, error, job_id],
        )


def put_back(store: Store, job_id: int) -> bool:
    """Return a claimed paper to the queue: only when not one byte of it was sent."""
    with writing(store):
        store.touch(TOPIC)
        return store.changed(
            "UPDATE print_jobs SET state = 'queued', sending_at = NULL WHERE id = ? AND state = 'sending'", [job_id]
        )


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
    """Return the state of the newest paper of `ref`, or None when it has none."""
    state: str | None = store.value("SELECT state FROM print_jobs WHERE ref = ? ORDER BY id DESC LIMIT 1", [ref])
    return state


def unsettled(store: Store) -> int:
    """Return how many papers wait to come out."""
    count: int = store.value("SELECT count(*) FROM print_jobs WHERE state IN ('queued', 'sending')")
    return count


@dataclass(frozen=True, slots=True)
class Doubt:
    """A paper that staff must look at: nobody knows whether it came out, or it never can."""

    id: int
    ref: str
    kind: str
    state: str
    ended_at: str


def doubtful(store: Store) -> list[Doubt]:
    """Return the newest papers that are uncertain or failed, newest first, at most twenty."""
    return [
        Doubt(*row)
        for row in store.rows(
            "SELECT id, ref, kind, state, ended_at FROM print_jobs WHERE state IN ('uncertain', 'failed')"
            " ORDER BY id DESC LIMIT 20"
        )
    ]
