"""Whether phones outside reach the box: it asks for its own page through the public address, and must find itself."""

import http.client
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from db.store import Store, writing
from reception import events
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.site import site

PATH = "/T/box"
PATIENCE_SECONDS = 5.0
LARGEST_ANSWER = 1000


@dataclass(frozen=True, slots=True)
class Reach:
    """When the box last tried its public address, and whether it found itself there."""

    tried_at: str
    reached: bool


def box_id(store: Store) -> str:
    """Return what the box answers to whoever asks who it is: random, and no secret."""
    return str(json.loads(store.value("SELECT value FROM settings WHERE key = 'box_id'")))


def last(store: Store) -> Reach | None:
    """Return how the present public address was found, or None when it was never tried or there is none."""
    row = store.row("SELECT tried_at, reached FROM reachability WHERE url = ?", [site(store).public_url])
    return None if row is None else Reach(row["tried_at"], bool(row["reached"]))


def probe(store: Store, *, by: Actor, now: datetime) -> bool:
    """Try the public address and note what came of it; no paper and no screen promises the phone before it is reached.

    Refuses `public_url_missing`. Waits for the network at most some seconds, outside any transaction.
    """
    permit(by, "configure")
    url = site(store).public_url
    if not url:
        raise Refused("public_url_missing")
    reached = _asks(url + PATH) == box_id(store)
    with writing(store):
        at = events.moment(store, now)
        store.execute(
            "INSERT INTO reachability (url, tried_at, reached) VALUES (?, ?, ?) ON CONFLICT (url) DO UPDATE SET"
            " tried_at = excluded.tried_at, reached = excluded.reached",
            [url, clock.to_text(at), reached],
        )
        events.record(store, "probe_public_url", "site", 0, by=by, at=at, reached=reached)
        store.touch("site", "self_test")
    return reached


def _asks(url: str) -> str:
    """Return the id that the page at `url` tells, or '' when there is none or no answer."""
    if urlsplit(url).scheme not in {"http", "https"}:
        return ""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS) as answer:
            return str(json.loads(answer.read(LARGEST_ANSWER)).get("box", ""))
    except (OSError, ValueError, AttributeError, urllib.error.URLError, http.client.HTTPException):
        return ""
