"""From the tap on a tile to the first byte of the ticket on the printer's socket."""

import secrets
import time

from lobbydesk.bench.centre import LINE
from lobbydesk.bench.figures import Row, spread
from lobbydesk.bench.services import SAME_ORIGIN, request
from printing.virtual import VirtualPrinter

PAPER_SECONDS = 20.0
# The worker notes the last paper as printed before the next visitor comes.
PAUSE_SECONDS = 0.1


def measure(printer: VirtualPrinter, kiosk_port: int, *, taps: int) -> Row:
    """Return the row of `taps` tickets, one after another, taken at a kiosk whose worker prints on `printer`.

    Raises RuntimeError when a paper does not come.
    """
    times: list[float] = []
    # The first paper also opens the worker's connection and warms its caches, and is not counted.
    for number in range(taps + 1):
        before = len(printer.papers)
        tapped = time.monotonic()
        take_number(kiosk_port)
        papers, first = printer.wait_for(before + 1, PAPER_SECONDS), printer.first_byte_at
        if len(papers) <= before or first is None:
            raise RuntimeError(f"no paper came within {PAPER_SECONDS:.0f} s of a tap")
        if number:
            times.append(first - tapped)
        time.sleep(PAUSE_SECONDS)
    return Row(f"tap to first byte at the printer, {taps} taps", spread(times), "<= 50 ms")


def take_number(kiosk_port: int) -> None:
    """Take a number over HTTP. Raises RuntimeError when it is refused, OSError when nobody answers."""
    form = f"line={LINE}&nonce={secrets.token_hex(16)}"
    status, _, _ = request(kiosk_port, "POST", "/check-in", form, SAME_ORIGIN)
    if status != 303:
        raise RuntimeError(f"the kiosk answered a check-in with {status}")
