"""What is written into the work log by hand (值班记录, FRM-20), and what one shift leaves to the next (交接班)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from sqlite3 import Row

from db.store import Store, writing
from reception import cases, events, nonces
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.wording import Words

NOTE, HANDOVER = "note", "handover"
KINDS = {NOTE: Words("值班记录", "Note of the day"), HANDOVER: Words("交接班", "For the next shift")}
TOPIC = "day"
# What was left to the next shift is news for a week: nobody who comes later must read years of it.
NEWS_FOR = timedelta(days=7)
MOST = 50


@dataclass(frozen=True, slots=True)
class Note:
    """A line written by hand: never changed, never taken back; a second one corrects it."""

    id: int
    at: str
    by_id: int
    by_name: str
    kind: str
    text: str


_SELECT = (
    "SELECT log_notes.id, at, by_id, staff.name AS by_name, kind, text FROM log_notes JOIN staff ON staff.id = by_id"
)


def write(store: Store, *, nonce: str, kind: str, text: str, by: Actor, now: datetime) -> int:
    """Write a line into today's log; return its id. The same nonce writes one.

    Refuses `choice_unknown`, `text_missing`, and what texts and nonces refuse.
    """
    permit(by, "write_log_note")
    if kind not in KINDS:
        raise Refused("choice_unknown")
    clean = cases.text(text)

    def make(at: datetime) -> int:
        note_id = store.insert(
            "INSERT INTO log_notes (at, by_id, kind, text) VALUES (?, ?, ?, ?)",
            [clock.to_text(at), by.id, kind, clean],
        )
        events.record(store, "write_log_note", "log_note", note_id, by=by, at=at, kind=kind)
        store.touch(TOPIC)
        return note_id

    return nonces.once(store, nonce, "write_log_note", {"kind": kind, "text": text}, now=now, make=make)


def between(store: Store, *, since: str, until: str) -> list[Note]:
    """Return the notes of a span of time, oldest first."""
    rows = store.rows(f"{_SELECT} WHERE at >= ? AND at < ? ORDER BY log_notes.id LIMIT 1000", [since, until])
    return [_note(row) for row in rows]


def unread(store: Store, *, by: Actor, now: datetime) -> list[Note]:
    """Return what colleagues left to the next shift this week and this reader has not read, oldest first."""
    permit(by, "write_log_note")
    rows = store.rows(
        f"{_SELECT} WHERE kind = 'handover' AND at >= :since AND by_id <> :me AND log_notes.id NOT IN"  # noqa: S608
        " (SELECT note_id FROM log_note_reads WHERE staff_id = :me) ORDER BY log_notes.id DESC LIMIT :most",
        {"me": by.id, "since": clock.to_text(events.moment(store, now) - NEWS_FOR), "most": MOST},
    )
    return [_note(row) for row in reversed(rows)]


def read(store: Store, *, by: Actor, now: datetime) -> int:
    """Note that this member of staff read what was left to him; return how many notes. Twice is once."""
    permit(by, "write_log_note")
    with writing(store):
        at, found = events.moment(store, now), unread(store, by=by, now=now)
        for note in found:
            store.execute(
                "INSERT INTO log_note_reads (note_id, staff_id, at) VALUES (?, ?, ?)",
                [note.id, by.id, clock.to_text(at)],
            )
            events.record(store, "read_log_note", "log_note", note.id, by=by, at=at)
        if found:
            store.touch(TOPIC)
        return len(found)


def readers(store: Store, *, since: str, until: str) -> dict[int, list[str]]:
    """Return, for the notes of a span of time, who read each."""
    found: dict[int, list[str]] = {}
    for row in store.rows(
        "SELECT note_id, staff.name FROM log_note_reads JOIN log_notes ON log_notes.id = note_id"
        " JOIN staff ON staff.id = staff_id WHERE log_notes.at >= ? AND log_notes.at < ?"
        " ORDER BY log_note_reads.at LIMIT 1000",
        [since, until],
    ):
        found.setdefault(row["note_id"], []).append(row["name"])
    return found


def _note(row: Row) -> Note:
    return Note(**{key: row[key] for key in Note.__slots__})
