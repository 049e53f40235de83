"""From the press of "call next" at the desk to the change on twenty displays."""

import json
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Self
from urllib.parse import urlencode

from lobbydesk.bench.figures import Row, spread
from lobbydesk.bench.services import SAME_ORIGIN, request, stop

DISPLAYS = 20
# Few enough processes for two cores, and enough that their interpreter locks are not what is measured.
PROCESSES = 4
ARRIVE_SECONDS = 10.0
PAUSE_SECONDS = 0.2


class Displays:
    """Twenty displays connected to one kiosk, and what they say of the numbers that they show."""

    def __init__(self, kiosk_port: int) -> None:
        self._said: queue.Queue[tuple[str, float]] = queue.Queue()
        words = [sys.executable, "-m", "lobbydesk.bench.screens", str(kiosk_port), str(DISPLAYS // PROCESSES)]
        self._processes = [
            subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)
        ]
        self._readers = [
            threading.Thread(target=self._read, args=(process.stdout,), daemon=True) for process in self._processes
        ]
        for reader in self._readers:
            reader.start()

    def _read(self, said: IO[str]) -> None:
        for line in said:
            number, _, arrived = line.partition(" ")
            self._said.put((number, float(arrived)))

    def await_number(self, number: str) -> list[float]:
        """Return when the number arrived at each display, in monotonic seconds. Raises RuntimeError if at some not."""
        arrivals: list[float] = []
        deadline = time.monotonic() + ARRIVE_SECONDS
        while len(arrivals) < DISPLAYS:
            try:
                shown, arrived = self._said.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise RuntimeError(f"a call reached {len(arrivals)} of {DISPLAYS} displays") from None
            if shown == number:
                arrivals.append(arrived)
        return arrivals

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            stop(process)
        for reader in self._readers:
            reader.join()
        for process in self._processes:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()


def measure(displays: Displays, desk_port: int, home: Path, numbers: list[str]) -> Row:
    """Return the row of the calls of `numbers`, which wait in this order and are all that wait.

    Raises RuntimeError when a call does not reach every display.
    """
    cookie = log_in(desk_port, home)
    # What the displays show before the first call.
    displays.await_number("-")
    times: list[float] = []
    for place, number in enumerate(numbers):
        time.sleep(PAUSE_SECONDS)
        pressed = time.monotonic()
        press_next(desk_port, cookie)
        arrivals = displays.await_number(number)
        # The first call loads the views' templates, once in the life of a service.
        if place:
            times += [arrived - pressed for arrived in arrivals]
    return Row(
        f'press of "call next" to change on {DISPLAYS} displays, {len(numbers) - 1} calls', spread(times), "<= 100 ms"
    )


def log_in(desk_port: int, home: Path) -> str:
    """Log the demo's receptionist in at the desk; return the cookie."""
    form = urlencode(json.loads((home / "login.json").read_text(encoding="utf-8")))
    status, headers, _ = request(desk_port, "POST", "/login", form, SAME_ORIGIN)
    if status != 303:
        raise RuntimeError(f"the desk answered a login with {status}")
    return headers["Set-Cookie"].partition(";")[0]


def press_next(desk_port: int, cookie: str) -> None:
    """Press "call next" at counter 1, as the desk's page does. Raises RuntimeError when it is refused."""
    headers = {**SAME_ORIGIN, "Cookie": cookie, "HX-Request": "true"}
    status, _, _ = request(desk_port, "POST", "/queue/next", "counter=1", headers)
    if status != 200:
        raise RuntimeError(f"the desk answered a call with {status}")
