"""How the service is: the store, its migrations, the clock, the printers."""

import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Any

from db import migrations, printers
from db.store import Store, writing
from reception import SCHEMA, events


def report(get_store: Callable[[], Store], now: datetime) -> dict[str, Any]:
    """Return the state as JSON-ready values; `ok` is about the store alone, never about a printer."""
    try:
        store = get_store()
        names = migrations.pending(store, [SCHEMA])
        if names:
            return {"ok": False, "store": "migrations_pending", "pending": names}
        with writing(store, busy_seconds=1.0):
            # An empty act: it takes the write lock and so proves that the store can be written.
            pass
        return {
            "ok": True,
            "store": "ready",
            "clock": "behind" if events.clock_is_behind(store, now) else "ready",
            "printers": [
                {"name": printer.name, "state": printer.state, "since": printer.since, "served": printer.served}
                for printer in printers.printers(store)
            ],
        }
    except sqlite3.Error as error:
        return {"ok": False, "store": getattr(error, "sqlite_errorname", None) or "unreadable"}
