"""A receipt printer that is only a TCP socket: takes ESC/POS, answers status, fails on demand, keeps papers.

It behaves as the manuals say a printer behaves and knows nothing of the code that prints on it.
"""

import socket
import threading
import time
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self, get_args

from printing.interpreter import Paper, Printer, status
from printing.virtual_head import FAULTS, KEPT, Confirm, Fault, Head, Stream, last_number

__all__ = ["FAULTS", "Confirm", "Fault", "VirtualPrinter"]

# What a stalled printer still takes in before the sender has to wait.
BUFFER = 65_536
# What of one connection is remembered for who asks what came.
RECORDED = 4_000_000
_TICK = 0.05
_UNPLUGGED = ("refuse", "power-cycle")


class VirtualPrinter:
    """A printer on `host`:`port` (0: any free port) whose papers appear in `folder` and in `papers`.

    `confirm`: "gs_h" answers GS ( H function 48 and GS r; "gs_r" passes over GS ( H and answers GS r; "none"
    answers neither; DLE EOT and GS a are always answered. One connection is served at a time.

    Faults: "mute" swallows what comes and answers nothing, as a printer that hangs until it is switched off
    and on (what it swallowed is never printed); "refuse" also drops the open connection, as one unplugged;
    "reset" sends RST after `reset_after` bytes of a job; "slow" reads 64 bytes in 20 ms; "garbage" prints
    and answers rubbish; "power-cycle" switches it off and, 0.3 s later, on again: connections are reset, what was
    not yet on the paper is lost, and the fault is "none" by itself.

    `schedule`: pairs (N, fault). The fault begins with the first printing command of the N-th paper (from 1) since
    the start, when the paper before is cut and its confirmation has been answered.
    """

    def __init__(
        self,
        folder: Path | None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        width: int = 576,
        chinese: str = "gbk",
        confirm: Confirm = "gs_h",
        schedule: Iterable[tuple[int, Fault]] = (),
    ) -> None:
        if confirm not in get_args(Confirm):
            raise ValueError(f"confirm must be one of {get_args(Confirm)}, not {confirm!r}")
        self.folder = folder
        self.host = host
        self.first_byte_at: float | None = None
        self._head = Head(folder, Printer(width, chinese), confirm, schedule)
        self._changed = self._head.changed
        self._port = port
        self._received: deque[bytearray] = deque(maxlen=KEPT)
        self._listening = False
        self._threads: list[threading.Thread] = []

    # Life

    def start(self) -> None:
        """Listens and prints until `stop`. Raises OSError if the port cannot be had."""
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._head.next_number = 1 + last_number(self.folder)
        listener = self._listen()
        self._port = listener.getsockname()[1]
        self._head.stopping, self._listening = False, True
        self._threads = [
            threading.Thread(target=self._serve, args=(listener,), name="virtual-printer-wire", daemon=True),
            threading.Thread(target=self._head.run, name="virtual-printer-head", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Closes everything and waits until the threads are gone; what waited in the buffer is lost."""
        with self._changed:
            self._head.stopping = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()
        self._threads = []
        self._head.streams.clear()
        if self._head.fault == "power-cycle":
            self._head.fault = "none"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        """The port it listens on; before `start` the one asked for."""
        return self._port

    # What others see and set

    @property
    def papers(self) -> list[Paper]:
        """The papers so far (the newest 1000), in the order they were cut."""
        with self._changed:
            return list(self._head.papers)

    @property
    def errors(self) -> list[str]:
        """Unknown commands and what else went wrong, in order."""
        return self._head.errors

    @property
    def received(self) -> list[bytes]:
        """What each connection (of the newest 1000) has sent so far, at most its first 4 MB."""
        with self._changed:
            return [bytes(raw) for raw in self._received]

    def wait_for(self, count: int, timeout: float) -> list[Paper]:
        """All papers as soon as there are `count`; what there is when `timeout` seconds are over."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._head.papers) >= count, timeout)
            return list(self._head.papers)

    @property
    def near_end(self) -> bool:
        """Whether the paper is about to end: a warning in the status, no fault."""
        return self._head.near_end

    @near_end.setter
    def near_end(self, near_end: bool) -> None:
        with self._changed:
            before = self._head.condition()
            self._head.near_end = near_end
        self._head.tell_change(before)

    @property
    def reset_after(self) -> int:
        """Bytes of a job after which "reset" resets the connection."""
        return self._head.reset_after

    @reset_after.setter
    def reset_after(self, count: int) -> None:
        self._head.reset_after = count

    @property
    def fault(self) -> Fault:
        """What is wrong with it; once set, the printer behaves so already. Raises ValueError."""
        return self._head.fault

    @fault.setter
    def fault(self, fault: Fault) -> None:
        if fault not in FAULTS:
            raise ValueError(f"fault must be one of {FAULTS}, not {fault!r}")
        if fault == "power-cycle" and not self._threads:
            return
        self._head.set_fault(fault)
        with self._changed:
            if self._threads:
                self._changed.wait_for(lambda: self._listening == (self.fault not in _UNPLUGGED), 2)

    # The wire

    def _listen(self) -> socket.socket:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((self.host, self._port))
            listener.listen(16)
            listener.settimeout(_TICK)
        except OSError:
            listener.close()
            raise
        return listener

    def _serve(self, first: socket.socket) -> None:
        listener: socket.socket | None = first
        while not self._head.stopping:
            if self._head.unplugged:
                if listener is not None:
                    listener.close()
                    listener = None
                self._set_listening(False)
                with self._changed:
                    self._changed.wait_for(lambda: self._head.stopping or not self._head.unplugged, _TICK)
                continue
            try:
                listener = listener or self._listen()
                self._set_listening(True)
                self._head.switch_on()
                wire, _ = listener.accept()
            except TimeoutError:
                continue
            except OSError as error:
                self._head.note(f"listening: {error}")
                time.sleep(_TICK)
                continue
            self._converse(wire)
        if listener is not None:
            listener.close()

    def _set_listening(self, listening: bool) -> None:
        with self._changed:
            if self._listening != listening:
                self._listening = listening
                self._changed.notify_all()

    def _converse(self, wire: socket.socket) -> None:
        """Receives from one connection until it ends, and closes it when what it sent has been printed."""
        wire.settimeout(_TICK)
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream = Stream(wire)
        with self._changed:
            self._head.streams.append(stream)
            self._received.append(stream.raw)
            # It may have connected in the moment the power went.
            stream.broken = self._head.fault == "power-cycle"
        with wire:
            self._receive(stream)
            with self._changed:
                stream.ended = True
                self._changed.notify_all()
                if stream.broken:
                    # Linger of zero: closing sends RST, also for what nobody has read.
                    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
                    return
                # A sender that only closed its half may still wait for an answer. A stalled printer closes
                # soon: the next connection must be able to ask why nothing comes.
                self._changed.wait_for(lambda: stream.done or self._head.stopping, 0.3)

    def _receive(self, stream: Stream) -> None:
        while not (self._head.stopping or stream.broken or self._head.fault == "refuse"):
            with self._changed:
                room = BUFFER - len(stream.buffer)
                if room <= 0:
                    self._changed.wait(_TICK)
                    continue
            try:
                chunk = stream.wire.recv(64 if self._head.fault == "slow" else min(room, 16_384))
            except TimeoutError:
                continue
            except OSError:
                return
            if not chunk:
                return
            self._take(stream, chunk)
            if self._head.fault == "slow":
                time.sleep(0.02)

    def _take(self, stream: Stream, chunk: bytes) -> None:
        """Takes what arrived; marks the connection `broken` if it is to be reset."""
        arrived = time.monotonic()
        with self._changed:
            stream.raw += chunk[: max(RECORDED - len(stream.raw), 0)]
            if stream.broken:
                return
            if not stream.in_job:
                stream.head += chunk
                if not status.is_only_status(stream.head):
                    stream.in_job, stream.head, stream.job_bytes = True, b"", 0
                    self.first_byte_at = arrived
            if stream.in_job:
                stream.job_bytes += len(status.without_status(chunk))
            if self._head.fault == "mute":
                stream.lost = True
                return
            if self._head.fault == "reset" and stream.in_job and stream.job_bytes >= self.reset_after:
                chunk = chunk[: max(len(chunk) - (stream.job_bytes - self.reset_after), 0)]
                stream.broken = True
            stream.buffer += chunk
            self._changed.notify_all()
        for kind in stream.scanner.feed(chunk):
            self._head.answer(stream, status.real_time(kind, self._head.condition()))
