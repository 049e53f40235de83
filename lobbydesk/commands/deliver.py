"""`lobbydesk deliver`: tell the systems of the company what they asked to be told, until stopped."""

import argparse
import fcntl
import ipaddress
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lobbydesk.home import add_home, store_path, unready

if TYPE_CHECKING:
    from db.store import Store

log = logging.getLogger("lobbydesk.deliver")

LOOK_SECONDS = 2.0
# To one receiver in a row, before another has his turn.
IN_A_ROW = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_home(parser)
    parser.add_argument("--trial", action="store_true", help="let receivers stand on this very machine: never on a box")


def run(options: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT; 1 where the store is not up to date, or another delivers already."""
    from db import pulse
    from db.store import open_store
    from lobbydesk import logs
    from lobbydesk.notify import Notify, stop_asked
    from reception.rules import lan_address

    logs.set_up()
    path = store_path(options.home)
    if trouble := unready(path):
        log.error(trouble)
        return 1
    stop, notify = stop_asked(), Notify()
    reachable = _anywhere_here if options.trial else lan_address.is_lan
    run_folder = pulse.run_folder(path)
    run_folder.mkdir(parents=True, exist_ok=True)
    with (run_folder / "deliver.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # Two would send everything twice, and overtake each other.
            log.error("another delivers already")
            return 1
        store = open_store(path)
        try:
            with pulse.Listener(run_folder, "deliver") as listener:
                while not stop.is_set():
                    notify.ready()
                    _round(store, reachable, stop, notify.alive)
                    notify.alive()
                    listener.wait(LOOK_SECONDS)
        finally:
            store.close()
    return 0


def _round(store: "Store", reachable: Callable[[str], bool], stop: threading.Event, alive: Callable[[], None]) -> None:
    """Let each receiver that may be asked have what waits for it."""
    from lobbydesk.webhook_sending import send
    from reception import webhook_outbox, webhooks
    from reception.permissions import BOX

    webhook_outbox.tidy(store, by=BOX, now=datetime.now(UTC))
    for webhook_id in webhook_outbox.due(store, by=BOX, now=datetime.now(UTC)):
        for _ in range(IN_A_ROW):
            message = None if stop.is_set() else webhook_outbox.front(store, webhook_id, by=BOX)
            if message is None:
                break
            stamp = int(datetime.now(UTC).timestamp())
            why = send(message, stamp, reachable=reachable, printers=webhooks.printer_hosts(store))
            alive()
            if why:
                log.info("webhook %d not taken: %s", webhook_id, why)
                webhook_outbox.failed(store, message, why, by=BOX, now=datetime.now(UTC))
                break
            webhook_outbox.delivered(store, message, by=BOX, now=datetime.now(UTC))


def _anywhere_here(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback
