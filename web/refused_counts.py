"""Counts what an app refuses: written at once when it is new, and then at most every ten seconds."""

import sqlite3
import threading
from datetime import datetime, timedelta

from flask import current_app, g, request

from reception import refusal_counts
from reception.refusal_counts import Key

# What tells of somebody who tries doors. A form filled in wrongly (409, 422) is the work of the day.
COUNTED = frozenset({400, 401, 403, 404, 405, 413, 431})
EVERY = timedelta(seconds=10)
# More kinds than there are rooms, refusals and colleagues; past it the rest of a flood is one row.
KINDS = 2000


class Counts:
    """What this process refused and has not written yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[Key, int] = {}
        self._written: dict[Key, datetime] = {}

    def note(self, key: Key, now: datetime) -> None:
        """Count one; write what waits when this one is due. A store in trouble keeps nobody from his answer."""
        with self._lock:
            if key not in self._written and len(self._written) >= KINDS:
                key = Key(key.app, "", "more", 0)
            self._waiting[key] = self._waiting.get(key, 0) + 1
            last = self._written.get(key)
            if last is not None and timedelta(0) <= now - last < EVERY:
                return
        self.flush(now)

    def flush(self, now: datetime) -> None:
        """Write what waits."""
        with self._lock:
            taken, self._waiting = self._waiting, {}
            self._written |= dict.fromkeys(taken, now)
        if not taken:
            return
        try:
            refusal_counts.add(current_app.extensions["stores"].get(), taken, now=now)
        except sqlite3.Error:
            current_app.logger.warning("refusals not counted: %d", sum(taken.values()))


def key(code: str) -> Key:
    """Return what a refusal of this request is counted as."""
    sitting = g.get("sitting") or g.get("device")
    who = getattr(getattr(sitting, "actor", None), "id", None)
    return Key("kiosk" if current_app.name == "kiosk" else "desk", request.endpoint or "", code, who or 0)
