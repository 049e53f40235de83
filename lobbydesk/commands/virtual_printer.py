"""`lobbydesk virtual-printer`: an ESC/POS printer on a socket that draws its papers, and a page that shows them."""

import argparse
import signal
import threading
from pathlib import Path

from lobbydesk.home import port


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--folder", type=Path, default=Path("var/demo/paper"), help="where papers go (PNG and bytes)")
    parser.add_argument("--port", type=port, default=9100, help="the printer's TCP port")
    parser.add_argument("--paper-port", type=port, default=8602, help="the page that shows the papers")
    parser.add_argument("--width", type=int, default=576, help="dots across (576: 80 mm, 384: 58 mm)")


def run(options: argparse.Namespace) -> int:
    """Print until SIGTERM or SIGINT."""
    from printing.paper_page import PaperPage
    from printing.virtual import VirtualPrinter

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with (
        VirtualPrinter(options.folder, port=options.port, width=options.width) as printer,
        PaperPage(printer, port=options.paper_port),
    ):
        stop.wait()
    return 0
