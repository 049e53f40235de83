"""A print worker at work against a virtual printer on a real socket, for the tests of the spool's guarantees."""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

from db import printers, pulse, spool
from db.store import Store, writing
from lobbydesk.home import store_path
from printing import delivery, worker
from printing.virtual import VirtualPrinter
from printing.worker import TimeText, Worker
from reception import tickets, visits
from reception.permissions import KIOSK
from reception.rules import clock
from reception.tickets import Ticket
from tests.conftest import MORNING

AT = clock.to_text(MORNING)
DEADLINE = 15.0
SCRAP = "以上作废"


def until(condition: Callable[[], object], what: str, seconds: float = DEADLINE) -> None:
    """Wait for a condition; fail with `what` when it does not come in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"not within {seconds} s: {what}")
        time.sleep(0.005)


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the worker's pauses; the order of what it does stays."""
    monkeypatch.setattr(worker, "RETRY_SECONDS", 0.05)
    monkeypatch.setattr(delivery, "CONFIRM_SECONDS", 0.6)
    monkeypatch.setattr(delivery, "STEP_SECONDS", 0.2)
    monkeypatch.setattr(worker, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(delivery, "BYTES_A_SECOND", 1_000_000)


class Working:
    """A worker for printer `front` in its own thread, from `with` to the end of it."""

    def __init__(self, home: Path, time_text: TimeText = lambda _: AT) -> None:
        self._path = store_path(home)
        self.worker = Worker(self._path, "front", time_text)
        self.error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="worker")

    def _run(self) -> None:
        try:
            self.worker.run()
        except BaseException as error:
            self.error = error

    @property
    def alive(self) -> bool:
        """Whether it is still at work."""
        return self._thread.is_alive()

    def stop(self, seconds: float = DEADLINE) -> float:
        """Stop it and wait until it has ended; return how long that took."""
        began = time.monotonic()
        self.worker.stop()
        self._thread.join(seconds)
        assert not self.alive, f"the worker did not end within {seconds} s"
        return time.monotonic() - began

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.worker.stop()
        # Spares the rest of its pause; what `stop` alone takes has its own tests.
        pulse.announce(pulse.run_folder(self._path), frozenset({"stop"}))
        self.stop()
        if kind is None and self.error is not None:
            raise self.error


class Front:
    """The front printer as the store knows it, the papers that wait for it, and the device behind it."""

    def __init__(self, home: Path, store: Store, device: VirtualPrinter) -> None:
        self.home = home
        self.store = store
        self.device = device
        # A real process has the real clock, and holds as stale what was taken by another one.
        self.now: Callable[[], datetime] = lambda: MORNING
        self._taken = 0
        printers.save(store, "front", address=f"tcp://127.0.0.1:{device.port}")

    def set(self, **columns: Any) -> None:
        """Change the printer's settings in the store."""
        with writing(self.store):
            for column, value in columns.items():
                self.store.execute(f"UPDATE printers SET {column} = ? WHERE name = 'front'", [value])  # noqa: S608

    def take_ticket(self) -> Ticket:
        """A visitor takes a number at the kiosk."""
        self._taken += 1
        return visits.check_in(self.store, line="general", nonce=f"n{self._taken}", by=KIOSK, now=self.now())

    def take_on_a_long_way(self) -> Ticket:
        """A visitor takes a number whose paper takes its time: pictures, through a slow wire. It is on the way now."""
        self.set(chinese="none")
        self.device.fault = "slow"
        ticket = self.take_ticket()
        self.until_first_byte()
        return ticket

    @property
    def state(self) -> str:
        """How its worker last saw it."""
        printer = printers.find(self.store, "front")
        assert printer is not None
        return printer.state

    def paper_state(self, ticket: Ticket) -> str | None:
        """What became of a ticket's paper."""
        return spool.paper_state(self.store, tickets.ref(ticket.id))

    def error(self, ticket: Ticket) -> str | None:
        """Why a ticket's paper is in doubt."""
        error: str | None = self.store.value(
            "SELECT error FROM print_jobs WHERE ref = ? ORDER BY id DESC", [tickets.ref(ticket.id)]
        )
        return error

    def until_paper(self, ticket: Ticket, state: str) -> None:
        """Wait for a state of a ticket's paper."""
        until(lambda: self.paper_state(ticket) == state, f"paper of {ticket.no} {state}, is {self.paper_state(ticket)}")

    def until_state(self, state: str) -> None:
        """Wait for a state of the printer."""
        until(lambda: self.state == state, f"printer {state}, is {self.state}")

    def until_first_byte(self) -> None:
        """Wait until the device has the first byte of a paper."""
        until(lambda: self.device.first_byte_at is not None, "first byte of a paper")

    def times_sent(self, ticket: Ticket) -> int:
        """How often the bytes of a ticket reached the device, whole or in part."""
        return sum(raw.count(ticket.no.encode() + b"\n") for raw in self.device.received)

    def settled(self) -> list[str]:
        """The texts of the papers that lie under the device, after waiting a little for one too many; without the
        scraps that end what was left half printed."""
        count = len(self.device.papers)
        return [paper.text for paper in self.device.wait_for(count + 1, 0.2) if SCRAP not in paper.text]
