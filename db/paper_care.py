"""What becomes of papers that did not simply come out: held, diverted, moved, voided, looked at, wiped."""

from dataclasses import dataclass
from sqlite3 import Row

from db.printers import WORKING_SQL
from db.spool import TOPIC, Held
from db.store import Store, writing

LIST = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper in the spool as staff see it; times are UTC text. `held` is None or why it waits for staff."""

    id: int
    printer: str
    kind: str
    ref: str
    part: str
    copy_no: int
    state: str
    held: str | None
    error: str | None
    queued_at: str
    ended_at: str | None
    diverted_from: str | None
    looked_at: str | None
    wiped: bool
    pinned: bool

    @property
    def condition(self) -> str:
        """The state for a reader: `held` for a queued paper that waits for staff."""
        return "held" if self.held else self.state

    @property
    def on_its_way(self) -> bool:
        """True while it comes out by itself, or is coming out: then nobody need print it again."""
        return self.condition in {"queued", "sending"}

    @property
    def in_no_hand(self) -> bool:
        """True when it may well be in nobody's hand, and staff have not said otherwise."""
        doubtful = self.condition in {"uncertain", "failed"} and self.looked_at is None
        return doubtful or self.condition in {"held", "void"}


_SELECT = f"SELECT {', '.join(Entry.__slots__)} FROM print_jobs"  # noqa: S608


def _entry(row: Row) -> Entry:
    return Entry(**{**dict(row), "wiped": bool(row["wiped"]), "pinned": bool(row["pinned"])})


def find(store: Store, job_id: int) -> Entry | None:
    """Return one paper, or None."""
    row = store.row(f"{_SELECT} WHERE id = ?", [job_id])
    return None if row is None else _entry(row)


def newest(store: Store, ref: str, kind: str, part: str) -> Entry | None:
    """Return the original or the last copy of a paper, or None."""
    row = store.row(
        f"{_SELECT} WHERE ref = ? AND kind = ? AND part = ? ORDER BY copy_no DESC LIMIT 1", [ref, kind, part]
    )
    return None if row is None else _entry(row)


def of_ref(store: Store, ref: str) -> list[Entry]:
    """Return every paper about one subject, oldest first."""
    return [_entry(row) for row in store.rows(f"{_SELECT} WHERE ref = ? ORDER BY id", [ref])]


def waiting(store: Store) -> list[Entry]:
    """Return the papers that will come out as soon as their printers can, oldest first."""
    # +id: sorted afterwards. To have them in order SQLite would rather walk through the whole table.
    rows = store.rows(f"{_SELECT} WHERE state = 'sending'")
    rows += store.rows(f"{_SELECT} WHERE state = 'queued' AND held IS NULL ORDER BY +id LIMIT ?", [LIST])
    return sorted(map(_entry, rows), key=lambda entry: entry.id)


def held(store: Store) -> list[Entry]:
    """Return the papers that wait for staff to print them (待补打), oldest first."""
    return [
        _entry(row)
        for row in store.rows(f"{_SELECT} WHERE state = 'queued' AND held IS NOT NULL ORDER BY +id LIMIT ?", [LIST])
    ]


def doubtful(store: Store) -> list[Entry]:
    """Return the papers that are uncertain or failed and that nobody has looked at, newest first."""
    return [
        _entry(row)
        for row in store.rows(
            f"{_SELECT} WHERE state IN ('uncertain', 'failed') AND looked_at IS NULL ORDER BY id DESC LIMIT ?", [LIST]
        )
    ]


def newest_part(store: Store, subject: str, part: str) -> Entry | None:
    """Return the newest paper of this part about any subject of a sort (`printer_test`), or None."""
    row = store.row(
        f"{_SELECT} WHERE ref > ? AND ref < ? AND part = ? ORDER BY id DESC LIMIT 1",
        [f"{subject}:", f"{subject};", part],
    )
    return None if row is None else _entry(row)


def recent(store: Store, limit: int = 20) -> list[Entry]:
    """Return the papers that came out last, newest first."""
    return [
        _entry(row)
        for row in store.rows(f"{_SELECT} WHERE state IN ('printed', 'sent') ORDER BY id DESC LIMIT ?", [limit])
    ]


def waiting_for(store: Store, printer: str) -> list[Entry]:
    """Return every paper that waits for this printer and could go to another, oldest first."""
    return [
        _entry(row)
        for row in store.rows(
            f"{_SELECT} WHERE printer = ? AND state = 'queued' AND held IS NULL AND pinned = 0 ORDER BY id", [printer]
        )
    ]


def hold(store: Store, ref: str, why: Held, at: str) -> None:
    """Keep the papers about a subject from coming out by themselves: those that wait, and the one being sent, should
    not a byte of it leave us."""
    with writing(store):
        _go_stale_if_put_back(store, ref, at)
        if store.changed(
            "UPDATE print_jobs SET held = ? WHERE ref = ? AND state = 'queued' AND held IS NULL", [why, ref]
        ):
            store.touch(TOPIC)


def _go_stale_if_put_back(store: Store, ref: str, at: str) -> None:
    store.execute("UPDATE print_jobs SET stale_at = ? WHERE ref = ? AND state = 'sending'", [at, ref])


def release(store: Store, ref: str, why: Held) -> None:
    """Take back a hold that was set for this reason."""
    with writing(store):
        if store.changed(
            "UPDATE print_jobs SET held = NULL WHERE ref = ? AND state = 'queued' AND held = ? AND wiped = 0",
            [ref, why],
        ):
            store.touch(TOPIC)


def hold_stale(store: Store, at: str) -> int:
    """Hold what has gone stale meanwhile, at any printer; return how many."""
    return _change_what_is_due(store, "held = 'stale'", "state = 'queued' AND held IS NULL AND stale_at <= ?", [at])


def _change_what_is_due(store: Store, change: str, due: str, values: list[str]) -> int:
    """Change the papers for which `due` is true; return how many. Asked often and seldom true: it looks before it
    takes its turn to write."""
    if not store.value(f"SELECT EXISTS (SELECT 1 FROM print_jobs WHERE {due})", values):  # noqa: S608
        return 0
    with writing(store):
        store.touch(TOPIC)
        return store.execute(f"UPDATE print_jobs SET {change} WHERE {due}", values).rowcount  # noqa: S608


def divert(store: Store, printer: str, trouble_since: str) -> int:
    """Give the waiting papers of a printer in trouble since before `trouble_since` to its fallback; return how many.

    Only while it is in trouble still, and only to a printer that works: else they stay where they are.
    """
    return _change_what_is_due(
        store,
        "diverted_from = printer, printer = (SELECT fallback FROM printers WHERE name = print_jobs.printer)",
        "printer = ? AND state = 'queued' AND held IS NULL AND pinned = 0"  # noqa: S608 (our own words)
        " AND EXISTS (SELECT 1 FROM printers AS own"
        " JOIN printers AS other ON other.name = own.fallback WHERE own.name = print_jobs.printer"
        f" AND own.since <= ? AND own.state NOT IN {WORKING_SQL} AND other.state IN ('ready', 'paper_low'))",
        [printer, trouble_since],
    )


def move(store: Store, job_id: int, printer: str) -> bool:
    """Give a waiting paper to another printer; False if it does not wait (any more)."""
    with writing(store):
        store.touch(TOPIC)
        return store.changed(
            "UPDATE print_jobs SET diverted_from = printer, printer = ?"
            " WHERE id = ? AND state = 'queued' AND held IS NULL AND pinned = 0 AND printer <> ?",
            [printer, job_id, printer],
        )


def void(store: Store, job_id: int, at: str) -> bool:
    """Declare a paper that did not come out void; False if it is being sent, came out, or is void already."""
    with writing(store):
        store.touch(TOPIC)
        return store.changed(
            "UPDATE print_jobs SET state = 'void', held = NULL, ended_at = ?"
            " WHERE id = ? AND state IN ('queued', 'uncertain', 'failed')",
            [at, job_id],
        )


def doubt_all(store: Store, at: str) -> int:
    """The store was put back from a backup: what waited then may have come out since.

    It is uncertain; return how many. What is held waits for staff anyway.
    """
    with writing(store):
        store.touch(TOPIC)
        return store.execute(
            "UPDATE print_jobs SET state = 'uncertain', sending_at = coalesce(sending_at, queued_at), ended_at = ?,"
            " error = 'restored' WHERE state = 'sending' OR (state = 'queued' AND held IS NULL)",
            [at],
        ).rowcount


def give_up(store: Store, job_id: int, at: str) -> bool:
    """Stop waiting for a printer in trouble that has a paper in its hands: it is uncertain. False if it is not so."""
    with writing(store):
        store.touch(TOPIC)
        return store.changed(
            "UPDATE print_jobs SET state = 'uncertain', ended_at = ?, error = 'given_up'"  # noqa: S608
            " WHERE id = ? AND state = 'sending' AND (SELECT state FROM printers WHERE name = print_jobs.printer)"
            f" NOT IN {WORKING_SQL}",
            [at, job_id],
        )


def close(store: Store, ref: str, at: str) -> None:
    """A subject is over and nobody needs its papers any more: void what waits; nobody need look at what is in doubt."""
    with writing(store):
        _go_stale_if_put_back(store, ref, at)
        ended = store.changed(
            "UPDATE print_jobs SET state = 'void', held = NULL, ended_at = ?, error = 'over'"
            " WHERE ref = ? AND state = 'queued'",
            [at, ref],
        )
        looked = store.changed(
            "UPDATE print_jobs SET looked_at = ?"
            " WHERE ref = ? AND state IN ('uncertain', 'failed') AND looked_at IS NULL",
            [at, ref],
        )
        if ended or looked:
            store.touch(TOPIC)


def reopen(store: Store, ref: str) -> None:
    """A subject was closed by mistake: what was void for that waits for staff."""
    with writing(store):
        if store.changed(
            "UPDATE print_jobs SET state = 'queued', held = 'called', ended_at = NULL, error = NULL"
            " WHERE ref = ? AND state = 'void' AND error = 'over'",
            [ref],
        ):
            store.touch(TOPIC)


def look(store: Store, job_id: int, at: str) -> bool:
    """Note that staff looked at a doubtful paper; its state stays what the printer let us know. False if it is none."""
    with writing(store):
        store.touch(TOPIC)
        return store.changed(
            "UPDATE print_jobs SET looked_at = ?"
            " WHERE id = ? AND state IN ('uncertain', 'failed') AND looked_at IS NULL",
            [at, job_id],
        )


def wipe(store: Store, at: str) -> int:
    """Wipe the facts whose time is over, and hold what can then not print by itself; return how many.

    Never those of a paper in the printer's hands.
    """
    return _change_what_is_due(
        store,
        "facts = '{}', wiped = 1, held = iif(state = 'queued', coalesce(held, 'wiped'), held)",
        "wiped = 0 AND wipe_at <= ? AND state <> 'sending'",
        [at],
    )


def wipe_no_later(store: Store, latest: str) -> None:
    """Bring forward what is set to be wiped later than this, by a clock that was wrong."""
    store.execute("UPDATE print_jobs SET wipe_at = ? WHERE wiped = 0 AND wipe_at > ?", [latest, latest])
