"""The service centres to measure: the demo's, in folders of their own, and how their queues are emptied."""

import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path

from db.migrations import migrate
from db.store import Store, open_store, writing
from lobbydesk import demo_centre
from lobbydesk.home import store_path
from reception import SCHEMA
from reception.permissions import KIOSK
from reception.visits import check_in

LINE = "general"


def found(home: Path) -> Path:
    """Make a centre in `home`, with an empty queue; return `home`."""
    home.mkdir(parents=True)
    migrate(store_path(home), [SCHEMA])
    store = open_store(store_path(home))
    try:
        demo_centre.seed(store, home)
        # Until a measurement opens its own doors there is no printer behind this address.
        demo_centre.open_doors(store, kiosk_port=8600, printer_port=9100)
    finally:
        store.close()
    return home


def copy(home: Path, name: str) -> Path:
    """Copy a centre that nobody has open to a folder beside it; return that folder."""
    return Path(shutil.copytree(home, home.with_name(name)))


def tap(store: Store) -> str:
    """Take a number as one tap at the kiosk does, with no more than the line; return the number."""
    return check_in(store, line=LINE, nonce=secrets.token_hex(16), by=KIOSK, now=datetime.now(UTC)).no


def empty_queue(store: Store) -> None:
    """End every waiting ticket and print every waiting paper, between two measurements.

    No lobby holds a thousand people; a queue that only grows would measure that, and not the act.
    """
    with writing(store):
        store.execute(
            "UPDATE visits SET state = 'closed', left_at = arrived_at"
            " WHERE id IN (SELECT visit_id FROM tickets WHERE state = 'waiting')"
        )
        store.execute("UPDATE tickets SET state = 'completed', ended_at = issued_at WHERE state = 'waiting'")
        store.execute(
            "UPDATE print_jobs SET state = 'printed', sending_at = queued_at, ended_at = queued_at"
            " WHERE state = 'queued'"
        )
