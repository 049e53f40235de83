"""The printing half of the virtual printer: prints what the wire has buffered and answers in stream."""

import contextlib
import re
import socket
import threading
import time
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, get_args

from printing.interpreter import Command, Paper, Printer, Truncated, UnknownCommand, status
from printing.interpreter.printer import STATUS_REQUESTS
from printing.interpreter.tokenizer import next_command

Fault = Literal["none", "paper-out", "cover-open", "mute", "refuse", "reset", "slow", "garbage", "power-cycle"]
FAULTS: tuple[Fault, ...] = get_args(Fault)
Confirm = Literal["gs_h", "gs_r", "none"]

# How long it is off in a power cycle, in seconds.
OFF_SECONDS = 0.3
# A printer that runs for weeks must not keep every paper in memory; the folder has them all.
KEPT = 1000

# What burns dots or moves paper, or fills the line that will: with the first of these a paper begins.
_PRINTING = frozenset((
    "text", "LF", "HT", "FF", "ESC d", "ESC J", "ESC K", "ESC *", "GS v 0", "GS k", "GS V", "ESC i", "ESC m",
))  # fmt: skip
_PRINTING_FUNCTIONS = {"GS ( k": (b"1Q",), "GS ( L": (b"02", b"0\x02"), "GS 8 L": (b"02", b"0\x02")}

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
        self.broken = False
        self.to_skip = 0
        self.ended = False
        self.done = False
        self._sending = threading.Lock()

    def send(self, answer: bytes) -> None:
        """Answers, if the other side still listens."""
        with self._sending, contextlib.suppress(OSError):
            self.wire.sendall(answer)


class Head:
    """Prints the streams one after another while it is online. `changed` guards everything that is shared."""

    def __init__(
        self, folder: Path | None, printer: Printer, confirm: Confirm, schedule: Iterable[tuple[int, Fault]] = ()
    ) -> None:
        self.folder = folder
        self.confirm = confirm
        self.changed = threading.Condition()
        self.fault: Fault = "none"
        self.near_end = False
        self.stopping = False
        self.streams: deque[Stream] = deque()
        self.papers: deque[Paper] = deque(maxlen=KEPT)
        self.errors: list[str] = []
        self.next_number = 1
        self._printer = printer
        self._made_of = bytearray()
        self.reset_after = 64
        self._schedule = sorted(schedule, key=lambda row: row[0])
        self._delivered = 0
        self._off_until = 0.0
        self._lost_power = False

    def condition(self) -> status.Condition:
        """What the sensors say now."""
        return status.Condition(self.fault == "cover-open", self.fault == "paper-out", self.near_end)

    def answer(self, stream: Stream, answer: bytes) -> None:
        """Sends a status, as far as the fault lets it."""
        if answer and self.fault != "mute":
            stream.send(_RUBBISH if self.fault == "garbage" else answer)

    def note(self, error: str) -> None:
        """Records an error, unless it is the one just recorded."""
        if self.errors[-1:] != [error] and len(self.errors) < KEPT:
            self.errors.append(error)

    def set_fault(self, fault: Fault) -> None:
        """Behaves so from now on, and tells those who asked to be told (ASB)."""
        with self.changed:
            before = self.condition()
            self.fault = fault
            for stream in self.streams if fault in ("mute", "power-cycle") else ():
                stream.buffer.clear()
                stream.lost = True
                stream.broken = fault == "power-cycle"
            if fault == "power-cycle":
                self._lost_power, self._off_until = True, time.monotonic() + OFF_SECONDS
            self.changed.notify_all()
        self.tell_change(before)

    def tell_change(self, before: status.Condition) -> None:
        """Sends Automatic Status Back where the sensors say something else than `before`."""
        with self.changed:
            now = self.condition()
            listeners = [stream for stream in self.streams if stream.asb and now != before]
        for stream in listeners:
            self.answer(stream, status.automatic(now))

    @property
    def unplugged(self) -> bool:
        """Whether nothing answers where it listened."""
        off = self.fault == "power-cycle" and time.monotonic() < self._off_until
        return off or self.fault == "refuse"

    def switch_on(self) -> None:
        """Ends a power cycle whose time is over: to be called when the port is open again."""
        with self.changed:
            if self.fault == "power-cycle" and not self.unplugged:
                self.fault = "none"
                self.changed.notify_all()

    def _tell(self, error: str) -> None:
        if len(self.errors) < KEPT:
            self.errors.append(error)

    def run(self) -> None:
        """Prints until `stopping`."""
        while True:
            with self.changed:
                self.changed.wait_for(lambda: self.stopping or self._has_work())
                if self.stopping:
                    return
                stream = self.streams[0]
                if self._lost_power:
                    self._start_afresh()
                self._drop_lost(stream)
                stream.pending += stream.buffer
                stream.buffer.clear()
                ended = stream.ended
                self.changed.notify_all()
            stream.stalled = not self._work(stream)
            if ended and not stream.stalled:
                self._end(stream)

    def _online(self) -> bool:
        return self.fault not in ("paper-out", "cover-open", "mute", "power-cycle")

    def _has_work(self) -> bool:
        if not self.streams or not self._online():
            return False
        first = self.streams[0]
        return bool(first.buffer) or first.stalled or first.ended or first.lost

    def _start_afresh(self) -> None:
        # What stands on the paper stays there; the line buffer, the modes and the stored symbols are gone.
        self._lost_power = False
        self._printer.switch_on()

    def _drop_lost(self, stream: Stream) -> None:
        # The printer was mute or off meanwhile: what it had not printed then is gone.
        if stream.lost:
            stream.pending.clear()
            stream.lost = stream.in_job = False
            stream.to_skip = 0
            self._mark_torn()

    def _mark_torn(self) -> None:
        if self._printer.page.blank and self._printer.line.empty:
            self._made_of.clear()
        else:
            self._printer.page.torn = True

    def _work(self, stream: Stream) -> bool:
        """Executes all whole commands that have arrived; False if a fault stopped it on the way."""
        data, at = bytes(stream.pending), stream.to_skip
        through = True
        while at < len(data):
            if not self._online() or self.stopping:
                through = False
                break
            unknown: UnknownCommand | None = None
            try:
                command = next_command(data, at)
            except Truncated:
                break
            except UnknownCommand as error:
                unknown = error
            if (unknown or _prints(command)) and self._fault_begins(stream, at):
                data = bytes(stream.pending)
            elif unknown:
                self._unknown(data[at : at + unknown.skip], unknown.command)
                at += unknown.skip
            else:
                self._execute(stream, command)
                at += len(command.raw)
        del stream.pending[:at]
        # An unknown command may be longer than what has arrived of it.
        stream.to_skip = max(at - len(data), 0)
        return through

    def _fault_begins(self, stream: Stream, at: int) -> bool:
        """Sets the fault that is to begin with the paper about to be printed from `at` on; whether there was one."""
        due = [fault for number, fault in self._schedule if number <= self._delivered + 1]
        if not due:
            return False
        del self._schedule[: len(due)]
        self.set_fault(due[-1])
        if due[-1] == "reset":
            with self.changed:
                # The paper has arrived already: it is cut off where the wire would have been.
                del stream.pending[at + self.reset_after :]
                stream.buffer.clear()
                stream.broken = True
        return True

    def _unknown(self, raw: bytes, shown: bytes) -> None:
        words = f"UNKNOWN COMMAND {shown.hex(' ').upper()}"
        self._tell(words)
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
            self._tell(f"{command.name}: {error!r}")
        self._reply(stream, command)

    def _reply(self, stream: Stream, command: Command) -> None:
        if not self._printer.selected:
            return
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
            self._tell(f"connection lost inside a command: {stream.pending[:8].hex(' ').upper()}")
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
                self._tell(f"{name}: {error}")
        with self.changed:
            self._delivered += 1
            self.papers.append(paper)
            self.changed.notify_all()


def _prints(command: Command) -> bool:
    return command.name in _PRINTING or command.selector in _PRINTING_FUNCTIONS.get(command.name, ())


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


def last_number(folder: Path) -> int:
    """The number of the newest paper in a folder; 0 if there is none."""
    names = [path.name for path in folder.iterdir() if re.match(r"\d+-\d{6}\.", path.name)]
    numbers = [int(name.split("-")[0]) for name in names]
    return max(numbers, default=0)
