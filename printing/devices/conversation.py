"""Talking with a printer, question and answer, over any line that can be read, written and waited for."""

import select
import time
from collections.abc import Callable
from typing import Protocol

from printing.devices.device import Condition, ConnectionLost
from printing.devices.replies import Replies, process_id

DLE_EOT = b"\x10\x04"
GS_I = b"\x1dI"
MODEL, MAKER = 67, 66
REPLY_SECONDS = 1.0
STALL_LOOK_SECONDS = 0.2
STALE_SECONDS = 0.2
BREATH_SECONDS = 0.02
CHUNK = 4096


class Line(Protocol):
    """The open end of a wire. Nothing in it waits, but `close`, shortly. OSError means: the wire is gone."""

    def fileno(self) -> int:
        """Return what select can wait for."""

    def read(self) -> bytes:
        """Return what has come; empty when there is nothing after all."""

    def write(self, data: bytes) -> int:
        """Hand over what there is room for; return how many bytes."""

    def close(self) -> None:
        """Close so that the last bytes of a paper get through. Does no harm twice."""


class Conversation:
    """One connection to a printer. Every wait has an end; nothing here trusts that a write was a print.

    `answers` is False for a printer known to answer no status questions.
    """

    can_confirm: bool = True

    def __init__(self, line: Line, *, answers: bool = True) -> None:
        self._line = line
        self._answers = answers
        self._replies = Replies()

    def condition(self) -> Condition:
        """Ask by DLE EOT how the printer is. Raises `ConnectionLost`."""
        if not self._answers:
            return self._standing()
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

    def _standing(self) -> Condition:
        """All that is known of a printer that says nothing: the connection stands, and has room."""
        self._hear_out()
        return Condition("ready" if self._has_room(0) else "mute")

    def _status(self, question: int) -> int | None:
        """Return the answer to one DLE EOT, or None when none of its form comes in time."""
        self._replies.statuses.clear()
        if not self._ask(DLE_EOT + bytes([question])):
            return None
        if not self._await(lambda: bool(self._replies.statuses), REPLY_SECONDS):
            return None
        return self._replies.statuses[0]

    def _ask(self, question: bytes) -> bool:
        """Send a question. False when there is no room: a printer out of paper takes nothing, which is no loss."""
        took = self._write(question, 0)
        if 0 < took < len(question):
            # Half a question would swallow the beginning of what comes next.
            raise ConnectionLost(0)
        return took > 0

    def send(self, data: bytes, *, patient: Callable[[float], bool]) -> None:
        """Send a paper and its request for confirmation.

        `patient` is asked, with the seconds for which the printer has taken nothing, whether to wait on; while the
        paper moves it is told so (0.0), and what it answers counts for nothing. Raises `ConnectionLost`, with how much
        had left us, when the connection ends or patience does: what the printer will do with its part, nobody knows.
        """
        # No old reply may confirm a new paper: neither one that was read, nor one that waits to be (behind USB
        # it may be the answer to whoever had the printer open before us).
        self._hear_out()
        self._replies = Replies()
        sent, moved_at = 0, time.monotonic()
        while sent < len(data):
            took = self._write(data[sent : sent + CHUNK], sent) if self._has_room(STALL_LOOK_SECONDS) else 0
            if took:
                sent, moved_at = sent + took, time.monotonic()
                # On a slow line a long paper moves for a minute: whoever watches over us hears that we live.
                patient(0.0)
            elif patient(time.monotonic() - moved_at):
                # usblp says "writable" while out of paper and takes nothing: without a breath, a loop at full speed.
                time.sleep(BREATH_SECONDS)
            else:
                raise ConnectionLost(sent)

    def confirmed(self, confirms: str, job_id: int, seconds: float) -> bool:
        """Wait for the confirmation of a sent paper; False when none came in time. Raises `ConnectionLost`.

        GS ( H replies when printing is completed; GS r is executed in stream, after all before it.
        """
        if confirms == "gs_h":
            wanted = process_id(job_id)
            return self._await(lambda: wanted in self._replies.processes, seconds)
        return confirms == "gs_r" and self._await(lambda: self._replies.transmitted > 0, seconds)

    def model(self) -> str:
        """Return maker and model by GS I, as far as the printer gives them. Raises `ConnectionLost`.

        It is answered in stream, so ask only while no paper is under way.
        """
        name = self._name(MODEL) if self._answers else ""
        # Whoever keeps its model to itself is not asked for a second of waiting more.
        return f"{self._name(MAKER)} {name}".strip() if name else ""

    def _name(self, which: int) -> str:
        self._replies = Replies(naming=True)
        try:
            heard = self._ask(GS_I + bytes([which])) and self._await(lambda: bool(self._replies.names), REPLY_SECONDS)
            return self._replies.names[0] if heard else ""
        finally:
            self._replies = Replies()

    def close(self) -> None:
        """Close so that the last bytes of a paper get through."""
        self._line.close()

    def _has_room(self, seconds: float) -> bool:
        _, writable, _ = select.select([], [self._line], [], seconds)
        return bool(writable)

    def _write(self, data: bytes, sent: int) -> int:
        try:
            return self._line.write(data)
        except OSError:
            raise ConnectionLost(sent) from None

    def _hear_out(self) -> None:
        """Sort all that has come already, though not for ever: a mad printer never ends."""
        deadline = time.monotonic() + STALE_SECONDS
        while time.monotonic() < deadline and self._hear(0):
            pass

    def _await(self, found: Callable[[], bool], seconds: float) -> bool:
        """Listen until `found`; False when the time is over, however much else the printer says meanwhile."""
        deadline = time.monotonic() + seconds
        # One look at what is there is owed even to those who have no time.
        self._hear(0)
        while not found():
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                return False
            self._hear(remaining)
        return True

    def _hear(self, seconds: float) -> bool:
        """Sort what the printer says next; False when nothing came in time. Raises `ConnectionLost`."""
        readable, _, _ = select.select([self._line], [], [], seconds)
        if not readable:
            return False
        try:
            said = self._line.read()
        except OSError:
            raise ConnectionLost(0) from None
        if not said and seconds:
            # usblp gives empty packets on to us, one at once after the other.
            time.sleep(min(BREATH_SECONDS, seconds))
        self._replies.feed(said)
        return bool(said)
