"""Subscriptions (事件推送): which system of the company is told of calls and of cases, as the administrator says."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row
from typing import Final

from db import printers
from db.store import Store, writing
from reception import events, nonces
from reception.api_tokens import system_name
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, lan_address, webhook_signing
from reception.wording import Words

# What somebody may be told of, each in a column of its own.
KINDS: Final[dict[str, Words]] = {
    "ticket_called": Words("叫号", "A ticket is called"),
    "case_changed": Words("事项状态变更", "The state of a case changes"),
}
MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Webhook:
    """A subscription as the administrator's list shows it; times are UTC text.

    `failures`: how often in a row its receiver took nothing, the last time because of `failed_by`; it is asked again at
    `next_at`. `waiting` and `parked` count what was not taken yet, and what nobody sends any more;
    `front` is the mark of the first that waits.
    """

    id: int
    name: str
    url: str
    kinds: tuple[str, ...]
    made_by: str
    made_at: str
    delivered_at: str | None
    failures: int
    failed_at: str | None
    failed_by: str | None
    next_at: str | None
    waiting: int
    parked: int
    front: str | None


# A case that was sealed since is told to nobody, and not counted: whoever keeps the box need not hear it.
COUNTS = (
    "(SELECT count(*) FROM webhook_messages JOIN events ON events.id = event_id WHERE webhook_id = webhooks.id"
    " AND {} AND (subject <> 'case' OR EXISTS (SELECT 1 FROM cases WHERE cases.id = subject_id AND sealed = 0)))"
)
_FRONT = "(SELECT min(id) FROM webhook_messages WHERE webhook_id = ? AND parked_at IS NULL)"
_SELECT = (
    f"SELECT webhooks.*, staff.name AS maker, {COUNTS.format('parked_at IS NULL')} AS waiting,"  # noqa: S608
    f" {COUNTS.format('parked_at IS NOT NULL')} AS parked,"
    " (SELECT mark FROM webhook_messages WHERE id = " + _FRONT.replace("?", "webhooks.id") + ") AS front"
    " FROM webhooks JOIN staff ON staff.id = made_by"
    " WHERE ended_at IS NULL"
)


def listed(store: Store, *, by: Actor) -> list[Webhook]:
    """Return the subscriptions that hold, the oldest first."""
    permit(by, "manage_api")
    return [_webhook(row) for row in store.rows(f"{_SELECT} ORDER BY webhooks.id")]


def subscribe(store: Store, *, name: str, url: str, kinds: Iterable[str], nonce: str, by: Actor, now: datetime) -> str:
    """Let a system be told, and return the secret of its signatures. '' where this very form has done it before.

    Refuses `system_name_invalid`, `webhook_url_invalid`, `webhook_not_lan`, `webhook_to_printer`,
    `webhook_kinds_missing`, `webhooks_full`, what `nonces.once` refuses, `not_permitted`.
    """
    permit(by, "manage_api")
    clean, address, asked = system_name(name), url.strip(), set(kinds)
    try:
        host = lan_address.receiver(address).host
    except ValueError as error:
        raise Refused(str(error)) from None
    if host in printer_hosts(store):
        raise Refused("webhook_to_printer")
    if not asked or not asked <= set(KINDS):
        raise Refused("webhook_kinds_missing")
    made = []

    def insert(at: datetime) -> int:
        if store.value("SELECT count(*) FROM webhooks WHERE ended_at IS NULL") >= MOST:
            raise Refused("webhooks_full")
        secret = webhook_signing.secret(secrets.token_bytes(webhook_signing.SIZE))
        made.append(secret)
        webhook_id = store.insert(
            "INSERT INTO webhooks (name, url, secret, ticket_called, case_changed, made_by, made_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [clean, address, secret, *(one in asked for one in KINDS), by.id, clock.to_text(at)],
        )
        events.record(store, "make_webhook", "webhook", webhook_id, by=by, at=at, keys=sorted(asked))
        return webhook_id

    content = {"name": clean, "url": address, "kinds": sorted(asked)}
    nonces.once(store, nonce, "make_webhook", content, now=now, make=insert)
    return made[0] if made else ""


def printer_hosts(store: Store) -> set[str]:
    """Return the hosts of the printers in the network: whatever is sent there would come out as paper.

    Not the loopback, where the demo has its printer: that is judged by itself.
    """
    places = [printers.parse_address(one.address) for one in printers.printers(store)]
    hosts = {place.rpartition(":")[0].strip("[]").lower() for transport, place in places if transport == "tcp"}
    return hosts - {"127.0.0.1", "localhost", "::1"}


def end(store: Store, *, webhook_id: int, by: Actor, now: datetime) -> None:
    """Tell a system nothing more; what waits for it goes, and so does the secret. Refuses `webhook_unknown`."""
    permit(by, "manage_api")
    with writing(store):
        at = events.moment(store, now)
        sql = "UPDATE webhooks SET ended_at = ?, secret = NULL WHERE id = ? AND ended_at IS NULL"
        if not store.changed(sql, [clock.to_text(at), webhook_id]):
            raise Refused("webhook_unknown")
        store.execute("DELETE FROM webhook_messages WHERE webhook_id = ?", [webhook_id])
        events.record(store, "end_webhook", "webhook", webhook_id, by=by, at=at)


def end_all(store: Store, *, by: Actor, at: datetime) -> int:
    """End every subscription inside an act, with what waits, and return how many: after a restore, as with the keys."""
    found = [row["id"] for row in store.rows("SELECT id FROM webhooks WHERE ended_at IS NULL ORDER BY id")]
    store.execute("UPDATE webhooks SET ended_at = ?, secret = NULL WHERE ended_at IS NULL", [clock.to_text(at)])
    store.execute("DELETE FROM webhook_messages")
    for webhook_id in found:
        events.record(store, "end_webhook", "webhook", webhook_id, by=by, at=at)
    return len(found)


def try_again(store: Store, *, webhook_id: int, by: Actor, now: datetime) -> None:
    """Ask the receiver at once, for what was parked too, in its old order. Refuses `webhook_unknown`."""
    permit(by, "manage_api")
    with writing(store):
        at = events.moment(store, now)
        if not store.changed("UPDATE webhooks SET next_at = NULL WHERE id = ? AND ended_at IS NULL", [webhook_id]):
            raise Refused("webhook_unknown")
        store.execute("UPDATE webhook_messages SET parked_at = NULL WHERE webhook_id = ?", [webhook_id])
        events.record(store, "try_webhook_again", "webhook", webhook_id, by=by, at=at)
        store.touch("webhooks")


def pass_over(store: Store, *, webhook_id: int, mark: str, by: Actor, now: datetime) -> None:
    """Park the message of this mark, the first that waits, which its receiver does not take.

    Refuses `webhook_unknown`, `message_gone` (taken or parked meanwhile, or not the first).
    """
    permit(by, "manage_api")
    with writing(store):
        at = events.moment(store, now)
        if not store.changed("UPDATE webhooks SET next_at = NULL WHERE id = ? AND ended_at IS NULL", [webhook_id]):
            raise Refused("webhook_unknown")
        sql = f"UPDATE webhook_messages SET parked_at = ? WHERE parked_at IS NULL AND mark = ? AND id = {_FRONT}"  # noqa: S608
        if not store.changed(sql, [clock.to_text(at), mark, webhook_id]):
            raise Refused("message_gone")
        events.record(store, "pass_over_message", "webhook", webhook_id, by=by, at=at)
        store.touch("webhooks")


def _webhook(row: Row) -> Webhook:
    return Webhook(
        row["id"],
        row["name"],
        row["url"],
        tuple(one for one in KINDS if row[one]),
        row["maker"],
        row["made_at"],
        row["delivered_at"],
        row["failures"],
        row["failed_at"],
        row["failed_by"],
        row["next_at"],
        row["waiting"],
        row["parked"],
        row["front"],
    )
