"""How the service is: the store, its migrations, the clock, the printers."""

import os
import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Any

from db import migrations, printers
from db.store import Store, writing
from reception import SCHEMA, box_care, box_state, events

# Below this SQLite may find no page for the next act.
ROOM = 1024 * 1024


def report(get_store: Callable[[], Store], now: datetime, *, stranger: bool = False) -> dict[str, Any]:
    """Return the state as JSON-ready values; `ok` is about the store alone, never about a printer.

    To a `stranger` only what the contract promises (`design.md`): that it is well, and how the printers are, unnamed.
    How full the disk is, what does not run, when a backup was made: he would choose his hour by it.
    """
    try:
        store = get_store()
        names = migrations.pending(store, [SCHEMA])
        if names:
            return {"ok": False, "store": "migrations_pending", **({} if stranger else {"pending": names})}
        with writing(store, busy_seconds=1.0):
            # An empty act: it takes the write lock and so proves that the store can be written.
            pass
        if trouble := _no_room(store):
            return {"ok": False, "store": trouble}
        if stranger:
            return {
                "ok": True,
                "store": "ready",
                "printers": [{"state": one.state} for one in printers.printers(store)],
            }
        state = box_state.read(store.path)
        return {
            "ok": True,
            "store": "ready",
            "clock": "behind" if events.clock_is_behind(store, now) else "ready",
            "printers": [
                {"name": printer.name, "state": printer.state, "since": printer.since, "served": printer.served}
                for printer in printers.printers(store)
            ],
            "box": None if state is None else _public(state),
            "troubles": [
                {"code": one.code, "grave": one.grave, "what": one.what}
                for one in box_care.troubles_of(store, state, now)
            ],
        }
    except sqlite3.Error as error:
        return {"ok": False, "store": getattr(error, "sqlite_errorname", None) or "unreadable"}


def _public(state: box_state.BoxState) -> dict[str, Any]:
    """Return what anybody may read of the box: not where its backups lie, nor the version, whose faults a stranger
    would look up, nor since when it runs."""
    found = state.as_json()
    del found["version"], found["boottime"]
    if found["backup"] is not None:
        del found["backup"]["where"]
    return found


def _no_room(store: Store) -> str | None:
    """Return why nothing can be written although the lock was to be had: it needs no room on the disk."""
    try:
        room = os.statvfs(store.path)
    except OSError:
        return "unreadable"
    if room.f_flag & os.ST_RDONLY:
        return "read_only"
    return "disk_full" if room.f_bavail * room.f_frsize < ROOM else None
