"""From the start of the kiosk's process to the first ticket it gives."""

import time
from pathlib import Path

from lobbydesk.bench.figures import Row, rank
from lobbydesk.bench.services import HOST, START_SECONDS, free_port, running
from lobbydesk.bench.taps import take_number


def measure(folder: Path, home: Path, *, starts: int) -> Row:
    """Return the row of `starts` starts on the centre in `home`, whose store is up to date."""
    times = sorted(_start(folder, home) for _ in range(starts))
    return Row(
        f"start of the kiosk to the first ticket, {starts} starts",
        f"median {rank(times, 0.5):.2f} s, longest {times[-1]:.2f} s",
        "<= 1 s",
    )


def _start(folder: Path, home: Path) -> float:
    port = free_port()
    begun = time.monotonic()
    with running("lobbydesk", "kiosk", "--home", str(home), "--bind", f"{HOST}:{port}", log=folder / "start.log"):
        while True:
            try:
                take_number(port)
                return time.monotonic() - begun
            except OSError:
                if time.monotonic() > begun + START_SECONDS:
                    raise
                time.sleep(0.005)
