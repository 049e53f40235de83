"""After a restore: what the store must not forget about itself, and the word staff owe that they have read it.

What was done since the backup is missing, but not undone: people hold its papers. So every series of numbers goes on,
what waited for a printer is doubtful, nobody stays logged in, no other system has access, and the gap is said until
somebody who may has read it.
"""

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime
from sqlite3 import Row

from db import paper_care
from db.store import Store, writing
from reception import api_tokens, events, webhooks
from reception.permissions import BOX, Actor, permit
from reception.refusal import Refused
from reception.rules import clock, renumbering
from reception.site import site

TOPIC = "box"


@dataclass(frozen=True, slots=True)
class Gap:
    """Why a store was put back, from which backup, and what it may have lost. Times as the store writes them.

    `jumps`: what earlier restores put on since the backup was taken, which it cannot know of.
    """

    reason: str
    backup: str
    lost_from: str
    lost_until: str
    pictures_missing: int
    kept_aside: str
    jumps: int = 0

    @property
    def jump(self) -> int:
        """By how much every series goes forward."""
        lost = clock.from_text(self.lost_until) - clock.from_text(self.lost_from)
        return self.jumps + renumbering.jump(lost)


def evidence(old: sqlite3.Connection) -> dict[str, int]:
    """Return the last numbers as far as an old store, damaged perhaps, still tells them; never raises."""
    found: dict[str, int] = {}
    try:
        for series, last in old.execute("SELECT series, last FROM sequences"):
            if isinstance(series, str) and isinstance(last, int) and 0 < last < 1_000_000:
                found[series] = last
    except sqlite3.Error:
        return found
    return found


def note_restored(store: Store, gap: Gap, numbers: dict[str, int], *, now: datetime) -> int:
    """Make a store that was put back fit to go on with; return by how much its numbers jumped.

    `numbers`: the last ones of the old store, as far as it still told them.
    """
    with writing(store):
        at = events.moment(store, now)
        _renumber(store, gap.jump, numbers)
        paper_care.doubt_all(store, clock.to_text(at))
        store.execute("DELETE FROM sessions")
        # A key or a subscription that was ended since the backup must not come back: which were, nobody knows any more.
        ended = api_tokens.revoke_all(store, by=BOX, at=at) + webhooks.end_all(store, by=BOX, at=at)
        store.execute(
            "UPDATE box_wishes SET state = 'failed', outcome = 'restored', ended_at = ? WHERE state = 'asked'",
            [clock.to_text(at)],
        )
        restoration = store.insert(
            "INSERT INTO restorations (at, reason, backup, lost_from, lost_until, jump, days_through, pictures_missing,"
            " kept_aside, systems_ended) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                clock.to_text(at),
                gap.reason,
                gap.backup,
                gap.lost_from,
                gap.lost_until,
                gap.jump,
                _last_day(store, at, gap).isoformat(),
                gap.pictures_missing,
                gap.kept_aside,
                ended,
            ],
        )
        events.record(
            store, "restore_store", "site", restoration, by=BOX, at=at, reason=gap.reason, backup=gap.backup,
            lost_from=gap.lost_from, lost_until=gap.lost_until, numbers_jump=gap.jump,
            systems_ended=ended,
        )  # fmt: skip
        store.touch(TOPIC, "queue", "site", "printers", "cases")
    return gap.jump


def _last_day(store: Store, at: datetime, gap: Gap) -> date:
    latest = max(at, clock.from_text(gap.lost_until))
    return clock.local_day(latest, site(store).zone)


def _renumber(store: Store, jump: int, numbers: dict[str, int]) -> None:
    for series, last in numbers.items():
        store.execute(
            "INSERT INTO sequences (series, last) VALUES (?, ?)"
            " ON CONFLICT (series) DO UPDATE SET last = max(last, excluded.last)",
            [series, last],
        )
    store.execute("UPDATE sequences SET last = last + ?", [jump])


def unread(store: Store) -> Row | None:
    """Return the newest restore that nobody has acknowledged: what the red banner says; None when there is none."""
    return store.row("SELECT * FROM restorations WHERE acknowledged_at IS NULL ORDER BY id DESC LIMIT 1")


def latest(store: Store) -> Row | None:
    """Return the newest restore, read or not."""
    return store.row("SELECT * FROM restorations ORDER BY id DESC LIMIT 1")


def acknowledge(store: Store, *, restoration: str, by: Actor, now: datetime) -> None:
    """Say that one has read what a restore may have lost; the banner goes. All up to it are read with it.

    Refuses `restoration_unknown`, and one that was acknowledged already by doing nothing.
    """
    permit(by, "acknowledge_restoration")
    with writing(store):
        number = int(restoration) if restoration.isascii() and restoration.isdigit() and len(restoration) < 10 else 0
        if store.value("SELECT 1 FROM restorations WHERE id = ?", [number]) is None:
            raise Refused("restoration_unknown")
        at = events.moment(store, now)
        if store.changed(
            "UPDATE restorations SET acknowledged_by = ?, acknowledged_at = ?"
            " WHERE id <= ? AND acknowledged_at IS NULL",
            [by.id, clock.to_text(at), number],
        ):
            events.record(store, "acknowledge_restoration", "site", number, by=by, at=at)
            store.touch(TOPIC)
