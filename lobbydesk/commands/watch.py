"""`lobbydesk watch`: hand on what the sandboxes may not do: wishes of the desk, printers that come and go."""

import argparse
import logging
import time
from pathlib import Path
from typing import TYPE_CHECKING

from lobbydesk.home import add_home, store_path, unready

if TYPE_CHECKING:
    from db.store import Store

log = logging.getLogger("lobbydesk.watch")

LOOK_SECONDS = 2.0
# A unit that failed is asked again; one that succeeded has ended the wish.
AGAIN_SECONDS = 60.0
# Which unit serves a printer: USB needs a device and no network, the others the network and no device.
KINDS = {"usb": "usb", "tcp": "net", "cups": "net", "folder": "net"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_home(parser)


def run(options: argparse.Namespace) -> int:
    """Watch until SIGTERM or SIGINT; 1 where the store is not up to date."""
    from db import pulse
    from db.store import open_store
    from lobbydesk import logs
    from lobbydesk.notify import Notify, stop_asked

    logs.set_up()
    path = store_path(options.home)
    if trouble := unready(path):
        log.error(trouble)
        return 1
    stop, notify = stop_asked(), Notify()
    watch, store = Watch(pulse.run_folder(path) / "wishes"), open_store(path)
    try:
        with pulse.Listener(pulse.run_folder(path), "watch") as listener:
            while not stop.is_set():
                # An error of the store ends us, unfed and said; we are started again.
                watch.look(store)
                notify.ready()
                notify.alive()
                listener.wait(LOOK_SECONDS)
    finally:
        store.close()
    return 0


class Watch:
    """What was handed on already, below one folder, where path units of systemd look."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._printers: str | None = None
        self._asked: dict[int, float] = {}

    def look(self, store: "Store") -> None:
        """Hand on what is new: `wishes/<kind>` with the wish's number, `wishes/print-units` with a line a printer."""
        from db import printers
        from reception import box_wishes

        self._folder.mkdir(parents=True, exist_ok=True)
        wanted = "".join(f"{kind} {one.name}\n" for one in printers.printers(store) if (kind := unit_kind(one.address)))
        if wanted != self._printers:
            put(self._folder / "print-units", wanted)
            self._printers = wanted
        open_ones = box_wishes.asked(store)
        for wish in open_ones:
            if time.monotonic() - self._asked.get(wish["id"], float("-inf")) >= AGAIN_SECONDS:
                put(self._folder / wish["kind"], f"{wish['id']}\n")
                self._asked[wish["id"]] = time.monotonic()
        self._asked = {wish["id"]: self._asked[wish["id"]] for wish in open_ones}


def unit_kind(address: str) -> str:
    """Return `usb` or `net`, the kind of unit that serves a printer at this address; "" for an address nobody knows."""
    from db.printers import parse_address

    try:
        return KINDS[parse_address(address)[0]]
    except ValueError:
        return ""


def put(path: Path, text: str) -> None:
    """Write a file whole or not at all: its reader, woken by the change, must not find half a line."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
