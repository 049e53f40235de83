"""Check-in over HTTP by eight clients at once: against the barest durable view, and in a long history."""

import json
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import IO, Self

from db.store import open_store
from lobbydesk.bench import centre
from lobbydesk.bench.figures import Row, ratio
from lobbydesk.bench.services import HOST, await_answer, free_port, running, serving, stop
from lobbydesk.home import store_path

CLIENTS = 8
# Time for every client to hear of its order and to connect.
NOTICE_SECONDS = 0.1


class Crowd:
    """Eight clients in processes of their own, so that no interpreter lock of theirs is measured."""

    def __init__(self) -> None:
        self._clients = [
            subprocess.Popen(
                [sys.executable, "-m", "lobbydesk.bench.client"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(CLIENTS)
        ]

    def rate(self, port: int, path: str, seconds: float) -> float:
        """Let all clients post to one server for `seconds`; return the requests a second it answered in all."""
        order = {"host": HOST, "port": port, "path": path, "line": centre.LINE, "seconds": seconds}
        order["begin"] = time.monotonic() + NOTICE_SECONDS
        for client in self._clients:
            _pipe(client.stdin).write(json.dumps(order) + "\n")
            _pipe(client.stdin).flush()
        answers = [_pipe(client.stdout).readline() for client in self._clients]
        if not all(answers):
            raise RuntimeError("a client of the measurement ended; see what it said above")
        return sum(float(json.loads(answer)) for answer in answers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._clients:
            stop(client)
            _pipe(client.stdin).close()
            _pipe(client.stdout).close()


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


def measure(folder: Path, small: Path, big: Path, visits: int, *, rounds: int, seconds: float) -> list[Row]:
    """Return the rows of the check-in over HTTP in the centres `small` and `big`; `seconds` a turn, in turns."""
    log = folder / "over_http.log"
    with ExitStack() as stack:
        port = free_port()
        plain = stack.enter_context(
            running("lobbydesk.bench.bare_server", str(folder / "bare_http.db"), f"{HOST}:{port}", log=log)
        )
        await_answer(plain, port, "/", log)
        doors = [(port, "/row")]
        doors += [(stack.enter_context(serving("kiosk", home, log))[1], "/check-in") for home in (small, big)]
        stores = [stack.enter_context(closing(open_store(store_path(home)))) for home in (small, big)]
        crowd = stack.enter_context(Crowd())
        rates: list[list[float]] = [[], [], []]
        # One unmeasured round opens the threads' connections.
        for number in range(rounds + 1):
            for which, (port, path) in enumerate(doors):
                rate = crowd.rate(port, path, seconds)
                if number:
                    rates[which].append(rate)
            for store in stores:
                centre.empty_queue(store)
    return _rows(rates, visits)


def _rows(rates: list[list[float]], visits: int) -> list[Row]:
    bare, near, far = (statistics.median(rate) for rate in rates)
    return [
        Row(
            f"check-in over HTTP, {CLIENTS} clients, as a share of a view that commits one row",
            f"{ratio(rates[1], rates[0]):.0%} ({near:,.0f}/s of {bare:,.0f}/s)",
            ">= 60 %",
        ),
        Row(
            f"check-in over HTTP after {visits:,} visits, time against a new store",
            f"{ratio(rates[1], rates[2]):.2f} ({far:,.0f}/s, {near:,.0f}/s)",
            "<= 1.2",
        ),
    ]
