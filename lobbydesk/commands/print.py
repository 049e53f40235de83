"""`lobbydesk print`: print what waits, for every printer of the centre or for one, until stopped."""

import argparse
import logging
import signal

from lobbydesk.home import add_home, store_path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_home(parser)
    parser.add_argument("--printer", help="serve this printer alone (default: every printer in the store)")


def run(options: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT; 1 when the printer is served already, unknown, or its device is forbidden."""
    from datetime import UTC, datetime, timedelta

    from db.migrations import check
    from db.store import open_store
    from printing.service import Service
    from printing.worker import Busy, NoSuchPrinter, Worker
    from reception import SCHEMA
    from reception.rules import clock

    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    path = store_path(options.home)
    store = open_store(path)
    check(store, [SCHEMA])
    store.close()

    def time_text(seconds_ago: float) -> str:
        return clock.to_text(datetime.now(UTC) - timedelta(seconds=seconds_ago))

    worker = Worker(path, options.printer, time_text) if options.printer else Service(path, time_text)
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: worker.stop())
    log = logging.getLogger("lobbydesk.print")
    try:
        worker.run()
    except Busy:
        log.error("another worker serves printer %s", options.printer)
        return 1
    except NoSuchPrinter:
        log.error("there is no printer %s in this store", options.printer)
        return 1
    except PermissionError as error:
        log.error("the system forbids the device %s", error.filename)
        return 1
    return 0
