"""What staff ask of the box itself: the desk may not do it; a unit with just that right does, and says how it ended."""

import json
from datetime import datetime
from sqlite3 import Row
from typing import Any

from db.store import Store
from reception import events
from reception.permissions import BOX, Actor
from reception.refusal import Refused
from reception.rules import clock

TOPIC = "box"


def ask(store: Store, kind: str, detail: dict[str, Any], *, by: Actor, at: datetime) -> int:
    """Write a wish down, inside an act that checked who may; return its id. Refuses `box_wish_open` (one under way)."""
    if store.value("SELECT 1 FROM box_wishes WHERE kind = ? AND state = 'asked'", [kind]):
        raise Refused("box_wish_open")
    wish = store.insert(
        "INSERT INTO box_wishes (kind, detail, asked_by, asked_at) VALUES (?, ?, ?, ?)",
        [kind, json.dumps(detail, ensure_ascii=False), by.id, clock.to_text(at)],
    )
    events.record(store, f"ask_{kind}", "box", wish, by=by, at=at, **detail)
    store.touch(TOPIC)
    return wish


def asked(store: Store) -> list[Row]:
    """Return the wishes that nobody has ended yet, oldest first."""
    return store.rows("SELECT * FROM box_wishes WHERE state = 'asked' ORDER BY id")


def latest(store: Store, kind: str) -> Row | None:
    """Return the newest wish of a kind, whatever became of it."""
    return store.row("SELECT * FROM box_wishes WHERE kind = ? ORDER BY id DESC LIMIT 1", [kind])


def settle(store: Store, wish: int, *, done: bool, outcome: str, at: datetime) -> bool:
    """Say how a wish ended (`outcome` is a code, or figures), inside an act; False if it had ended already."""
    state = "done" if done else "failed"
    changed = store.changed(
        "UPDATE box_wishes SET state = ?, outcome = ?, ended_at = ? WHERE id = ? AND state = 'asked'",
        [state, outcome, clock.to_text(at), wish],
    )
    if changed:
        events.record(store, "box_wish", "box", wish, by=BOX, at=at, from_state="asked", to_state=state)
        store.touch(TOPIC)
    return changed
