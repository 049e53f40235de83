"""Carrying bytes to a printer over TCP 9100, asking whether it is ready, and hearing whether it printed."""

import select
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

DLE_EOT = b"\x10\x04"
CONNECT_SECONDS = 2.0
REPLY_SECONDS = 1.0
STALL_LOOK_SECONDS = 0.2
CHUNK = 4096
PROCESS_REPLY = b"\x37\x22"
PROCESS_REPLY_LENGTH = 7


class PrinterAbsent(Exception):
    """No connection to the printer: refused, unreachable, or not there."""


class ConnectionLost(Exception):
    """The connection ended while the printer was needed. `sent` counts the bytes that had left us."""

    def __init__(self, sent: int) -> None:
        super().__init__(f"connection lost after {sent} bytes")
        self.sent = sent


@dataclass(frozen=True, slots=True)
class Condition:
    """What a printer says of itself; `state` is one of the store's words for it."""

    state: str

    @property
    def ready(self) -> bool:
        """True when paper can come out."""
        return self.state in {"ready", "paper_low"}


@dataclass(slots=True)
class Replies:
    """What a printer said, sorted by its framing (`printing.md`, Reply framing); rubbish falls through."""

    statuses: list[int] = field(default_factory=list)
    processes: set[bytes] = field(default_factory=set)
    transmitted: int = 0
    _rest: bytes = b""

    def feed(self, said: bytes) -> None:
        """Sort the bytes: GS ( H replies begin with 37 22, DLE EOT is 0xx1xx10, GS r is 0xx0xxxx."""
        data = self._rest + said
        while data:
            if PROCESS_REPLY.startswith(data[:2]):
                if len(data) < PROCESS_REPLY_LENGTH:
                    break
                self.processes.add(data[2:6])
                data = data[PROCESS_REPLY_LENGTH:]
                continue
            if data[0] & 0x93 == 0x12:
                self.statuses.append(data[0])
            elif data[0] & 0x90 == 0:
                self.transmitted += 1
            data = data[1:]
        self._rest = data


class TcpPrinter:
    """One connection to a printer. Every wait has an end; nothing here trusts that a write was a print."""

    def __init__(self, host: str, port: int) -> None:
        try:
            self._socket = socket.create_connection((host, port), timeout=CONNECT_SECONDS)
        except OSError as error:
            raise PrinterAbsent(str(error)) from None
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setblocking(False)
        self._replies = Replies()

    def condition(self) -> Condition:
        """Ask by DLE EOT how the printer is. Raises `ConnectionLost`."""
        answers = []
        for question in (4, 2, 1):
            answer = self._status(question)
            if answer is None:
                return Condition("mute")
            answers.append(answer)
        paper, offline, printer = answers
        if offline & 0x04:
            return Condition("cover_open")
        if paper & 0x60 or offline & 0x20:
            return Condition("paper_out")
        if offline & 0x40 or printer & 0x08:
            return Condition("error")
        return Condition("paper_low" if paper & 0x0C else "ready")

    def _status(self, question: int) -> int | None:
        """Return the answer to one DLE EOT, or None when none of its form comes in time."""
        self._replies.statuses.clear()
        try:
            self._socket.sendall(DLE_EOT + bytes([question]))
        except BlockingIOError:
            # No room: a printer out of paper takes nothing. That is no answer, and no loss.
            return None
        except OSError:
            raise ConnectionLost(0) from None
        if not self._await(lambda: bool(self._replies.statuses), REPLY_SECONDS):
            return None
        return self._replies.statuses[0]

    def send(self, data: bytes, *, patient: Callable[[float], bool]) -> None:
        """Send a paper and its request for confirmation.

        `patient` is asked, with the seconds for which the printer has taken nothing, whether to wait on. Raises
        `ConnectionLost`, with how much had left us, when the connection ends or patience does: what the printer
        will do with the part it has, nobody knows.
        """
        # No old reply may confirm a new paper.
        self._replies = Replies()
        sent, moved_at = 0, time.monotonic()
        while sent < len(data):
            _, writable, _ = select.select([], [self._socket], [], STALL_LOOK_SECONDS)
            if not writable:
                if not patient(time.monotonic() - moved_at):
                    raise ConnectionLost(sent)
                continue
            try:
                sent += self._socket.send(data[sent : sent + CHUNK])
            except BlockingIOError:
                continue
            except OSError:
                raise ConnectionLost(sent) from None
            moved_at = time.monotonic()

    def confirmed(self, confirms: str, job_id: int, seconds: float) -> bool:
        """Wait for the confirmation of a sent paper; False when none came in time. Raises `ConnectionLost`.

        GS ( H replies when printing is completed; GS r is executed in stream, after all before it.
        """
        wanted = process_id(job_id)
        if confirms == "gs_h":
            return self._await(lambda: wanted in self._replies.processes, seconds)
        return self._await(lambda: self._replies.transmitted > 0, seconds)

    def _await(self, found: Callable[[], bool], seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not found():
            if not self._hear(deadline):
                return False
        return True

    def _hear(self, deadline: float) -> bool:
        """Sort what the printer says next; False when nothing came in time."""
        readable, _, _ = select.select([self._socket], [], [], max(0.0, deadline - time.monotonic()))
        if not readable:
            return False
        try:
            said = self._socket.recv(CHUNK)
        except BlockingIOError:
            return False
        except OSError:
            raise ConnectionLost(0) from None
        if not said:
            raise ConnectionLost(0)
        self._replies.feed(said)
        return True

    def close(self) -> None:
        """Half-close, drain, close: an abrupt end may take the last bytes of a paper with it."""
        try:
            self._socket.shutdown(socket.SHUT_WR)
            deadline = time.monotonic() + 0.2
            while self._hear(deadline):
                pass
        except (OSError, ConnectionLost):
            pass
        finally:
            self._socket.close()


def process_id(job_id: int) -> bytes:
    """Return a job's four process-id characters for GS ( H: letters A-O, which no status reply looks like."""
    letters = []
    for _ in range(4):
        job_id, digit = divmod(job_id, 15)
        letters.append(0x41 + digit)
    return bytes(letters)


def confirmation(confirms: str, job_id: int) -> bytes:
    """Return the request for confirmation to send behind a paper (`gs_h`, `gs_r`, or nothing)."""
    if confirms == "gs_h":
        return b"\x1d(H\x06\x0000" + process_id(job_id)
    return b"\x1dr\x01" if confirms == "gs_r" else b""
