"""History: every act writes an event, and no act stands before the last one."""

import json
from datetime import datetime
from typing import Any

from db.store import Store
from reception.permissions import Actor
from reception.rules import clock


def last_at(store: Store) -> datetime | None:
    """Return the time of the last event, or None in an empty store."""
    text = store.value("SELECT at FROM events ORDER BY id DESC LIMIT 1")
    return None if text is None else clock.from_text(text)


def moment(store: Store, now: datetime) -> datetime:
    """Return the effective time of an act: the clock, but never before the last event (`domain.md` K3, 16)."""
    return clock.effective(now, last_at(store))


def clock_is_behind(store: Store, now: datetime) -> bool:
    """Tell whether the box's clock stands so far before the last event that staff must be told."""
    return clock.is_behind(now, last_at(store))


def record(
    store: Store,
    what: str,
    subject: str,
    subject_id: int,
    *,
    by: Actor,
    at: datetime,
    from_state: str | None = None,
    to_state: str | None = None,
    **detail: Any,
) -> None:
    """Append an event inside the act's transaction. `detail` holds ids and codes, never data of a person."""
    store.execute(
        "INSERT INTO events (at, what, subject, subject_id, by_role, by_id, from_state, to_state, detail)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            clock.to_text(at),
            what,
            subject,
            subject_id,
            by.role,
            by.id,
            from_state,
            to_state,
            json.dumps(detail, ensure_ascii=False) if detail else None,
        ],
    )


def history(store: Store, subject: str, subject_id: int) -> list[dict[str, Any]]:
    """Return the events of one subject, oldest first, with the name of the member of staff."""
    return [
        dict(row)
        for row in store.rows(
            "SELECT events.*, staff.name AS by_name FROM events LEFT JOIN staff ON staff.id = events.by_id"
            " WHERE subject = ? AND subject_id = ? ORDER BY events.id",
            [subject, subject_id],
        )
    ]
