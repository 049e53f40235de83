"""`lobbydesk print`: print what waits, for every printer of the centre or for one, until stopped."""

import argparse
import logging
import signal

from lobbydesk.home import add_home, store_path, unready


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_home(parser)
    parser.add_argument("--printer", help="serve this printer alone (default: every printer in the store)")


def run(options: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT; 1 when the printer is served already, unknown, or its device is forbidden."""
    from datetime import UTC, datetime, timedelta

    from lobbydesk import logs
    from lobbydesk.notify import Notify
    from printing.service import Service
    from printing.worker import Busy, NoSuchPrinter, Worker
    from reception.rules import clock

    logs.set_up()
    log = logging.getLogger("lobbydesk.print")
    path = store_path(options.home)
    if trouble := unready(path):
        log.error(trouble)
        return 1
    notify = Notify()

    def alive() -> None:
        # Ready is who goes round: nobody waits for a printer that may be switched off.
        notify.ready()
        notify.alive()

    def time_text(seconds_ago: float) -> str:
        return clock.to_text(datetime.now(UTC) - timedelta(seconds=seconds_ago))

    worker = Worker(path, options.printer, time_text, alive) if options.printer else Service(path, time_text)
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: worker.stop())
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
