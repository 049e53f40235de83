"""A whole box at work: kiosk, desk, print worker and a printer; its papers, its calls, its memory."""

from contextlib import ExitStack, closing
from pathlib import Path

from db.store import open_store
from lobbydesk import demo_centre
from lobbydesk.bench import calls, centre, taps
from lobbydesk.bench.figures import Row
from lobbydesk.bench.services import proportional_set, running, serving
from lobbydesk.home import store_path
from printing.virtual import VirtualPrinter

MIB = 1024 * 1024


def measure(folder: Path, home: Path, *, tickets: int, presses: int) -> list[Row]:
    """Return the rows of the box that runs on the centre in `home`: papers, calls, memory at the end of both."""
    log = folder / "box.log"
    with ExitStack() as stack:
        printer = stack.enter_context(VirtualPrinter(None))
        kiosk, kiosk_port = stack.enter_context(serving("kiosk", home, log))
        store = stack.enter_context(closing(open_store(store_path(home))))
        demo_centre.open_doors(store, kiosk_port=kiosk_port, printer_port=printer.port)
        desk, desk_port = stack.enter_context(serving("desk", home, log))
        worker = stack.enter_context(running("lobbydesk", "print", "--home", str(home), log=log))
        rows = [taps.measure(printer, kiosk_port, taps=tickets)]
        centre.empty_queue(store)
        displays = stack.enter_context(calls.Displays(kiosk_port))
        numbers = [centre.tap(store) for _ in range(presses + 1)]
        printer.wait_for(tickets + 1 + len(numbers), taps.PAPER_SECONDS)
        rows.append(calls.measure(displays, desk_port, home, numbers))
        pids = {"kiosk": kiosk.pid, "desk": desk.pid, "print": worker.pid}
        rows.append(_memory({name: proportional_set(pid) / MIB for name, pid in pids.items()}))
    return rows


def _memory(shares: dict[str, float]) -> Row:
    parts = " + ".join(f"{name} {share:.0f}" for name, share in shares.items())
    return Row(
        f"memory (PSS) of the services, {calls.DISPLAYS} displays connected",
        f"{sum(shares.values()):.0f} MB ({parts})",
        "<= 120 MB",
    )
