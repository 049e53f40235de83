"""What waits to be told to the company's systems: at least once, in order, each for three days (docs/api.md).

Rows come by triggers, in the transaction of the event. Of each subscription the first that waits is sent until its
receiver takes it; nothing overtakes it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from sqlite3 import Row
from typing import Any, Final

from db.store import Store, writing
from reception import events
from reception.permissions import Actor, permit
from reception.rules import clock

# After the first failure in a row, the second, and so on; then always the last.
WAITS: Final = tuple(timedelta(seconds=one) for one in (5, 15, 60, 5 * 60, 15 * 60, 60 * 60, 3 * 60 * 60))
KEPT: Final = timedelta(days=3)
# So long a parked message is there to be sent again.
PARKED: Final = timedelta(days=30)

_OPEN = (
    "SELECT webhooks.id, url, secret FROM webhooks WHERE ended_at IS NULL AND (next_at IS NULL OR next_at <= :now"
    # A clock that was set back would make somebody wait for days.
    " OR next_at > :latest) ORDER BY id"
)
_FRONT = (
    "SELECT webhook_messages.id, mark, happened_at, events.at, what, subject, subject_id, from_state, to_state, detail"
    " FROM webhook_messages LEFT JOIN events ON events.id = event_id"
    " WHERE webhook_id = ? AND parked_at IS NULL ORDER BY webhook_messages.id LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one receiver; `body` is the same at every try, `mark` its name."""

    id: int
    webhook_id: int
    url: str
    secret: str
    mark: str
    body: str


def due(store: Store, *, by: Actor, now: datetime) -> list[int]:
    """Return the subscriptions (ids) whose receiver may be asked now."""
    permit(by, "deliver_webhooks")
    at = {"now": clock.to_text(now), "latest": clock.to_text(now + WAITS[-1])}
    return [row["id"] for row in store.rows(_OPEN, at)]


def front(store: Store, webhook_id: int, *, by: Actor) -> Message | None:
    """Return the first message that waits for a receiver; None where none does.

    What can be told no more (its case was sealed meanwhile, its ticket or its event went) is dropped on the way.
    """
    permit(by, "deliver_webhooks")
    for row in _waiting(store, webhook_id):
        told = _told(store, row)
        hook = store.row("SELECT url, secret FROM webhooks WHERE id = ? AND ended_at IS NULL", [webhook_id])
        if hook is None:
            return None
        if told is not None:
            body = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
            return Message(row["id"], webhook_id, hook["url"], hook["secret"], row["mark"], body)
        with writing(store):
            store.execute("DELETE FROM webhook_messages WHERE id = ?", [row["id"]])
    return None


def _waiting(store: Store, webhook_id: int) -> Iterator[Row]:
    while (row := store.row(_FRONT, [webhook_id])) is not None:
        yield row


def delivered(store: Store, message: Message, *, by: Actor, now: datetime) -> None:
    """Note that a message was taken: it goes, and its receiver is well."""
    permit(by, "deliver_webhooks")
    with writing(store):
        if store.changed("DELETE FROM webhook_messages WHERE id = ? AND parked_at IS NULL", [message.id]):
            store.execute(
                "UPDATE webhooks SET delivered_at = ?, failures = 0, failed_by = NULL, next_at = NULL WHERE id = ?"
                " AND ended_at IS NULL",
                [clock.to_text(now), message.webhook_id],
            )
            store.touch("webhooks")


def failed(store: Store, message: Message, why: str, *, by: Actor, now: datetime) -> None:
    """Note that a message was not taken, `why` in one word, and let its receiver rest.

    What has waited for three days is parked, all of it at once, and the administrator's page says so.
    """
    permit(by, "deliver_webhooks")
    with writing(store):
        at = clock.to_text(now)
        failures = store.value("SELECT failures FROM webhooks WHERE id = ? AND ended_at IS NULL", [message.webhook_id])
        if failures is None:
            return
        rest = WAITS[min(failures, len(WAITS) - 1)]
        store.execute(
            "UPDATE webhooks SET failures = failures + 1, failed_at = ?, failed_by = ?, next_at = ? WHERE id = ?",
            [at, why, clock.to_text(now + rest), message.webhook_id],
        )
        sql = "UPDATE webhook_messages SET parked_at = ? WHERE webhook_id = ? AND parked_at IS NULL AND happened_at < ?"
        if store.changed(sql, [at, message.webhook_id, clock.to_text(now - KEPT)]):
            moment = events.moment(store, now)
            events.record(store, "park_messages", "webhook", message.webhook_id, by=by, at=moment)
        store.touch("webhooks")


def tidy(store: Store, *, by: Actor, now: datetime) -> None:
    """Remove what has been parked for a month."""
    permit(by, "deliver_webhooks")
    old = "parked_at IS NOT NULL AND parked_at < ?"
    at = clock.to_text(now - PARKED)
    if store.value(f"SELECT 1 FROM webhook_messages WHERE {old} LIMIT 1", [at]):  # noqa: S608
        with writing(store):
            store.execute(f"DELETE FROM webhook_messages WHERE {old}", [at])  # noqa: S608


def _told(store: Store, row: Row) -> dict[str, Any] | None:
    """Return what is said of an event, from what never changes: each try says the same."""
    if row["subject"] == "ticket":
        return _call(store, row)
    if row["subject"] == "case":
        return _change(store, row)
    return None


def _call(store: Store, row: Row) -> dict[str, Any] | None:
    found = store.row(
        "SELECT no, line FROM tickets JOIN lines ON lines.code = tickets.line WHERE tickets.id = ? AND hears IS NULL",
        [row["subject_id"]],
    )
    if found is None:
        return None
    counter = json.loads(row["detail"] or "{}").get("counter")
    data = {"ticket": found["no"], "line": found["line"], "counter": counter, "again": row["what"] == "recall"}
    return {"type": "ticket.called", "timestamp": row["at"], "data": data}


def _change(store: Store, row: Row) -> dict[str, Any] | None:
    found = store.row("SELECT no, kind FROM cases WHERE id = ? AND sealed = 0", [row["subject_id"]])
    if found is None:
        return None
    data = {"case": found["no"], "kind": found["kind"], "from_state": row["from_state"], "state": row["to_state"]}
    return {"type": "case.changed", "timestamp": row["at"], "data": data}
