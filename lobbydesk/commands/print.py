"""`lobbydesk print`: print what waits for one printer, until stopped."""

import argparse
import logging
import signal

from lobbydesk.home import add_home, store_path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_home(parser)
    parser.add_argument("--printer", default="front", help="the printer's name in the store (default front)")


def run(options: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT; 1 when another worker serves this printer, or there is none."""
    from datetime import UTC, datetime

    from db.migrations import check
    from db.store import open_store
    from printing.worker import Busy, NoSuchPrinter, Worker
    from reception import SCHEMA
    from reception.rules import clock

    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    path = store_path(options.home)
    store = open_store(path)
    check(store, [SCHEMA])
    store.close()
    worker = Worker(path, options.printer, lambda: clock.to_text(datetime.now(UTC)))
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: worker.stop())
    try:
        worker.run()
    except Busy:
        logging.getLogger("lobbydesk.print").error("another worker serves printer %s", options.printer)
        return 1
    except NoSuchPrinter:
        logging.getLogger("lobbydesk.print").error("there is no printer %s in this store", options.printer)
        return 1
    return 0
