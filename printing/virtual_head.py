"""The printing half of the virtual printer: prints what the wire has buffered and answers in stream."""

import contextlib
import re
import socket
import threading
import time
from collections import deque
from pathlib import Path
from typing import Literal, get_args

from printing.interpreter import Command, Paper, Printer, Truncated, UnknownCommand, status
from printing.interpreter.printer import STATUS_REQUESTS
from printing.interpreter.tokenizer import next_command

Fault = Literal["none", "paper-out", "cover-open", "mute", "refuse", "reset", "slow", "garbage"]
FAULTS: tuple[Fault, ...] = get_args(Fault)
Confirm = Literal["gs_h", "gs_r", "none"]

_RUBBISH = b"\xff\x80\xa5"


class Stream:
    """One connection: its socket, what arrived and waits (`buffer`), what is being printed (`pending`)."""

    def __init__(self, wire: socket.socket) -> None:
        self.wire = wire
        self.scanner = status.RealTimeScanner()
        self.raw = bytearray()
        self.buffer = bytearray()
        self.pending = bytearray()
        self.head = b""
        self.in_job = False
        self.job_bytes = 0
        self.last_paper: Paper | None = None
        self.asb = 0
        self.stalled = False
        self.lost = False
        self.ended = False
        self.done = False
        self._sending = threading.Lock()

    def send(self, answer: bytes) -> None:
        """Answers, if the other side still listens."""
        with self._sending, contextlib.suppress(OSError):
            self.wire.sendall(answer)


class Head:
    """Prints the streams one after another while it is online. `changed` guards everything that is shared."""

    def __init__(self, folder: Path | None, printer: Printer, confirm: Confirm) -> None:
        self.folder = folder
        self.confirm = confirm
        self.changed = threading.Condition()
        self.fault: Fault = "none"
        self.near_end = False
        self.stopping = False
        self.streams: deque[Stream] = deque()
        self.papers: list[Paper] = []
        self.errors: list[str] = []
        self.next_number = 1
        self._printer = printer
        self._made_of = bytearray()

    def condition(self) -> status.Condition:
        """What the sensors say now."""
        return status.Condition(self.fault == "cover-open", self.fault == "paper-out", self.near_end)

    def answer(self, stream: Stream, answer: bytes) -> None:
        """Sends a status, as far as the fault lets it."""
        if answer and self.fault != "mute":
            stream.send(_RUBBISH if self.fault == "garbage" else answer)

    def note(self, error: str) -> None:
        """Records an error, unless it is the one just recorded."""
        if self.errors[-1:] != [error]:
            self.errors.append(error)

    def run(self) -> None:
        """Prints until `stopping`."""
        while True:
            with self.changed:
                self.changed.wait_for(lambda: self.stopping or self._has_work())
                if self.stopping:
                    return
                stream = self.streams[0]
                self._drop_lost(stream)
                stream.pending += stream.buffer
                stream.buffer.clear()
                ended = stream.ended
                self.changed.notify_all()
            stream.stalled = not self._work(stream)
            if ended and not stream.stalled:
                self._end(stream)

    def _online(self) -> bool:
        return self.fault not in ("paper-out", "cover-open", "mute")

    def _has_work(self) -> bool:
        if not self.streams or not self._online():
            return False
        first = self.streams[0]
        return bool(first.buffer) or first.stalled or first.ended or first.lost

    def _drop_lost(self, stream: Stream) -> None:
        # The printer was mute meanwhile: what it had not printed then is gone.
        if stream.lost:
            stream.pending.clear()
            stream.lost = stream.in_job = False
            self._mark_torn()

    def _mark_torn(self) -> None:
        if self._printer.page.blank and self._printer.line.empty:
            self._made_of.clear()
        else:
            self._printer.page.torn = True

    def _work(self, stream: Stream) -> bool:
        """Executes all whole commands that have arrived; False if a fault stopped it on the way."""
        data, at = bytes(stream.pending), 0
        through = True
        while at < len(data):
            if not self._online() or self.stopping:
                through = False
                break
            try:
                command = next_command(data, at)
            except Truncated:
                break
            except UnknownCommand as error:
                self._unknown(data[at : at + error.skip], error.command)
                at += error.skip
                continue
            self._execute(stream, command)
            at += len(command.raw)
        del stream.pending[:at]
        return through

    def _unknown(self, raw: bytes, shown: bytes) -> None:
        words = f"UNKNOWN COMMAND {shown.hex(' ').upper()}"
        self.errors.append(words)
        self._made_of += raw
        self._printer.remark(words)

    def _execute(self, stream: Stream, command: Command) -> None:
        if command.name not in STATUS_REQUESTS or self._made_of:
            self._made_of += command.raw
        try:
            self._printer.execute(command)
            while self._printer.papers:
                stream.in_job = False
                stream.last_paper = self._printer.papers.pop(0)
                self._deliver(stream.last_paper)
        except Exception as error:
            # A printer that dies on one command would hide what comes after it.
            self.errors.append(f"{command.name}: {error!r}")
        self._reply(stream, command)

    def _reply(self, stream: Stream, command: Command) -> None:
        if command.name == "GS ( H" and self.confirm == "gs_h":
            self.answer(stream, status.process_id(command.payload))
        elif command.name == "GS r" and self.confirm != "none":
            self.answer(stream, status.transmitted(command.params[0], self.condition()))
        elif command.name == "GS I":
            self.answer(stream, status.printer_id(command.params[0]))
        elif command.name == "GS a":
            stream.asb = command.params[0]
            if stream.asb:
                self.answer(stream, status.automatic(self.condition()))

    def _end(self, stream: Stream) -> None:
        """The connection is over and everything whole has been executed."""
        if stream.pending:
            self.errors.append(f"connection lost inside a command: {stream.pending[:8].hex(' ').upper()}")
        if stream.last_paper is not None and self._printer.page.blank:
            self._printer.late_news(stream.last_paper)
        self._mark_torn()
        with self.changed:
            self.streams.popleft()
            stream.done = True
            self.changed.notify_all()

    def _deliver(self, paper: Paper) -> None:
        paper.data = bytes(self._made_of)
        self._made_of.clear()
        if self.folder is not None:
            name = f"{self.next_number:04d}-{time.strftime('%H%M%S')}"
            self.next_number += 1
            try:
                _write(self.folder / f"{name}.bin", paper.data)
                _write(self.folder / f"{name}.png", paper.png)
            except OSError as error:
                self.errors.append(f"{name}: {error}")
        with self.changed:
            self.papers.append(paper)
            self.changed.notify_all()


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


def last_number(folder: Path) -> int:
    """The number of the newest paper in a folder; 0 if there is none."""
    names = [path.name for path in folder.iterdir() if re.match(r"\d+-\d{6}\.", path.name)]
    numbers = [int(name.split("-")[0]) for name in names]
    return max(numbers, default=0)
