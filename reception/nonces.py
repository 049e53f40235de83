"""Nonces: a double tap, a reload, a retry after a crash gives the same result once."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from db.store import Store, writing
from reception import events
from reception.refusal import Refused
from reception.rules import clock

LIMIT = 128


def clean(nonce: str) -> str:
    """Return the nonce. Refuses `nonce_missing` and `nonce_invalid` (over 128 characters, or not printable)."""
    if not nonce:
        raise Refused("nonce_missing")
    if len(nonce) > LIMIT or not nonce.isprintable():
        raise Refused("nonce_invalid")
    return nonce


def _fingerprint(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def once(
    store: Store, nonce: str, act: str, content: dict[str, Any], *, now: datetime, make: Callable[[datetime], int]
) -> int:
    """Do `make` at the effective time, in one transaction, and return its id; the same nonce returns that id again.

    Refuses what `clean` and `find` refuse, and what `make` refuses.
    """
    clean(nonce)
    with writing(store):
        earlier = find(store, nonce, act, content)
        if earlier is not None:
            return earlier
        at = events.moment(store, now)
        result = make(at)
        keep(store, nonce, act, content, result, at)
        return result


def find(store: Store, nonce: str, act: str, content: dict[str, Any]) -> int | None:
    """Return the result of an earlier act with this nonce, or None.

    Refuses `nonce_reused` when the same nonce came with another act or other content.
    """
    row = store.row("SELECT act, fingerprint, result FROM nonces WHERE nonce = ?", [nonce])
    if row is None:
        return None
    if row["act"] != act or row["fingerprint"] != _fingerprint(content):
        raise Refused("nonce_reused")
    result: int = row["result"]
    return result


def keep(store: Store, nonce: str, act: str, content: dict[str, Any], result: int, at: datetime) -> None:
    """Remember what the act with this nonce made, inside its transaction."""
    store.execute(
        "INSERT INTO nonces (nonce, act, fingerprint, result, at) VALUES (?, ?, ?, ?, ?)",
        [nonce, act, _fingerprint(content), result, clock.to_text(at)],
    )
