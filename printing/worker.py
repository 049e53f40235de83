"""The print worker: one a printer. It claims, renders, sends, and marks only what the printer confirmed."""

import contextlib
import fcntl
import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

from db import paper_care, printers, pulse, spool
from db.printers import Printer
from db.spool import Job, Outcome
from db.store import Store, is_trouble, open_store
from printing import documents, escpos_bytes, glyphs
from printing.devices import ConnectionLost, Device, PrinterAbsent, confirmation, open_device
from printing.devices.probe import NotReady, probe
from printing.layout import Profile
from reception import papers

log = logging.getLogger("lobbydesk.print")

CONFIRM_SECONDS = 5.0
BYTES_A_SECOND = 960  # a serial interface at 9600 baud behind the socket
STALLED_SECONDS = 120.0  # a printer out of paper takes nothing, and goes on when somebody brings some
STEP_SECONDS = 1.0
RETRY_SECONDS = 1.0
LOOK_SECONDS = 5.0
KEEP_OPEN_SECONDS = 2.0
WIPE_SECONDS = 60.0

# The moment so many seconds ago, as the store writes it: the worker itself reads no clock but the monotonic one.
TimeText = Callable[[float], str]


class Busy(Exception):
    """Another worker already serves this printer."""


class NoSuchPrinter(Exception):
    """The store knows no printer of this name."""


class Worker:
    """Serves one printer until told to stop. `time_text(0)` is the present moment as the store's text."""

    def __init__(self, store_path: Path, printer: str, time_text: TimeText) -> None:
        self._path = store_path
        self._name = printer
        self._time_text = time_text
        self._stop = threading.Event()
        self._connection: Device | None = None
        self._used_at = 0.0
        self._looked_at = self._wiped_at = float("-inf")
        self._store: Store

    def stop(self) -> None:
        """Ask the worker to end after the paper in hand."""
        self._stop.set()

    def run(self) -> None:
        """Work until stopped. Raises `Busy` when another worker serves this printer, and `NoSuchPrinter`."""
        folder = pulse.run_folder(self._path)
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"print-{self._name}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Busy(self._name) from None
            escpos_bytes.warm_up()
            glyphs.warm_up()
            self._store = open_store(self._path)
            try:
                self._printer()
                spool.doubt_interrupted(self._store, self._name, self._time_text(0))
                with pulse.Listener(folder, f"print-{self._name}") as listener:
                    while not self._stop.is_set():
                        listener.wait(self._patient_round())
            finally:
                self._hang_up()
                self._store.close()

    def _patient_round(self) -> float:
        """One round; trouble of the store (busy, disk full) is waited out, with every paper as it stands."""
        try:
            return self._round()
        except sqlite3.Error as error:
            if not is_trouble(error):
                raise
            log.error("store: %s", getattr(error, "sqlite_errorname", "busy"))
            return RETRY_SECONDS

    def _round(self) -> float:
        """Print what waits; return the seconds to sleep when no pulse comes first."""
        printer = self._printer()
        self._tidy(printer)
        try:
            if printer.probe_wanted:
                self._probe(printer)
                return 0.0
            if not self._waits():
                self._look(printer)
                return 0.5
            while not self._stop.is_set() and self._waits():
                if not self._ready(printer):
                    return RETRY_SECONDS
                job = spool.claim(self._store, self._name, self._time_text(0))
                if job is None:
                    return RETRY_SECONDS
                self._print(printer, job)
        except NotReady as trouble:
            self._hang_up()
            self._note(trouble.state)
            return RETRY_SECONDS
        except (PrinterAbsent, ConnectionLost):
            self._lose()
            return RETRY_SECONDS
        return 0.0

    def _printer(self) -> Printer:
        printer = printers.find(self._store, self._name)
        if printer is None:
            raise NoSuchPrinter(self._name)
        return printer

    def _waits(self) -> bool:
        return spool.has_queued(self._store, self._name, self._time_text(0))

    def _tidy(self, printer: Printer) -> None:
        """Hold what went stale, hand over what waited too long for a printer in trouble, wipe what is kept too long."""
        paper_care.hold_stale(self._store, self._time_text(0))
        if printer.fallback and printer.in_trouble:
            count = paper_care.divert(self._store, self._name, self._time_text(printer.fallback_after))
            if count:
                log.warning("printer %s: %d papers go to %s instead", self._name, count, printer.fallback)
        if time.monotonic() - self._wiped_at >= WIPE_SECONDS:
            self._wiped_at = time.monotonic()
            paper_care.wipe(self._store, self._time_text(0))

    def _probe(self, printer: Printer) -> None:
        """Find out what the printer answers, and write it down. Raises `PrinterAbsent`, `ConnectionLost`."""
        self._hang_up()
        self._connection = open_device(printer.address)
        found = probe(self._connection)
        # What it still has to say about the probe must confirm no paper.
        self._hang_up()
        printers.note_findings(
            self._store, self._name, answers=found.answers, confirms=found.confirms, model=found.model
        )

    def _look(self, printer: Printer) -> None:
        """See now and then how an idle printer is, so that trouble shows before a ticket is taken."""
        if self._connection is not None and time.monotonic() - self._used_at > KEEP_OPEN_SECONDS:
            self._hang_up()
        if time.monotonic() - self._looked_at < LOOK_SECONDS:
            return
        self._ready(printer)

    def _ready(self, printer: Printer) -> bool:
        """Ask the printer how it is, and note the answer. Raises `PrinterAbsent`, `ConnectionLost`."""
        self._looked_at = time.monotonic()
        if self._connection is None:
            self._connection = open_device(printer.address, answers=printer.answers)
        try:
            condition = self._connection.condition()
        except ConnectionLost:
            # A printer may end a connection that idled: a fresh one decides.
            self._hang_up()
            self._connection = open_device(printer.address, answers=printer.answers)
            condition = self._connection.condition()
        self._used_at = time.monotonic()
        self._note(condition.state)
        if condition.state == "mute":
            self._hang_up()
        return condition.ready

    def _print(self, printer: Printer, job: Job) -> None:
        assert self._connection is not None
        try:
            paper = papers.from_json(job.kind, job.facts)
            data = documents.build(paper, _profile(printer), job_id=job.id, copy_no=job.copy_no)
        except Exception as error:
            # A paper that can never print must not stop the ones behind it. The type alone: no data in logs.
            log.error("paper %d (%s) cannot be built: %s", job.id, job.kind, type(error).__name__)
            self._settle(job, "failed", type(error).__name__)
            return
        outcome, reason = self._deliver(printer, job, data)
        self._used_at = time.monotonic()
        if outcome == "uncertain":
            # Its answer may still come, and must confirm no other paper.
            self._hang_up()
        self._settle(job, outcome, reason)

    def _settle(self, job: Job, outcome: Outcome | None, reason: str | None) -> None:
        """Write down what became of a paper, however long the store is in trouble; it is `sending` until then."""
        while True:
            try:
                if outcome is None:
                    spool.put_back(self._store, job.id)
                else:
                    spool.settle(self._store, job.id, outcome, self._time_text(0), reason)
                return
            except sqlite3.Error as error:
                if not is_trouble(error) or self._stop.wait(RETRY_SECONDS):
                    raise

    def _deliver(self, printer: Printer, job: Job, data: bytes) -> tuple[Outcome | None, str | None]:
        """Send a paper and wait for the printer's word; None when not one byte of it left us."""
        assert self._connection is not None
        try:
            self._connection.send(data + confirmation(self._confirms(printer), job.id), patient=self._patient)
        except ConnectionLost as lost:
            self._lose()
            return (None, None) if lost.sent == 0 else ("uncertain", "connection_lost")
        try:
            return self._confirmed(printer, job, CONFIRM_SECONDS + len(data) / BYTES_A_SECOND)
        except ConnectionLost:
            self._lose()
            return "uncertain", "connection_lost"

    def _confirms(self, printer: Printer) -> str:
        """Return how this paper can be confirmed: a queue or a folder cannot, whatever was set for the printer."""
        return printer.confirms if self._connection is not None and self._connection.can_confirm else "none"

    def _patient(self, stalled: float) -> bool:
        """Tell whether to wait on for a printer that has taken nothing for so many seconds."""
        if stalled >= CONFIRM_SECONDS:
            # It cannot be asked either: the question would stand behind the paper.
            self._note("mute")
        return stalled < STALLED_SECONDS and not self._stop.is_set()

    def _confirmed(self, printer: Printer, job: Job, patience: float) -> tuple[Outcome, str | None]:
        """Wait for the printer's word, looking at it meanwhile, so that paper-out shows while it is so.

        While it is out of paper or open, it will resume: never send twice, and never count that time.
        """
        assert self._connection is not None
        confirms = self._confirms(printer)
        if confirms == "none":
            return "sent", None
        deadline = time.monotonic() + patience
        while True:
            stopping, last = self._stop.is_set(), time.monotonic() + STEP_SECONDS >= deadline
            if self._connection.confirmed(confirms, job.id, min(STEP_SECONDS, patience)):
                return "printed", None
            state = self._connection.condition().state
            waits = state in {"paper_out", "cover_open"}
            if waits or last or state != "mute":
                # Busy with a long paper, it may leave one question unanswered: that alone is no news.
                self._note(state)
            if stopping and (waits or last):
                return "uncertain", "stopped"
            if waits:
                deadline = time.monotonic() + patience
            elif last:
                # One more look: the confirmation may have come between the two questions.
                if self._connection.confirmed(confirms, job.id, 0):
                    return "printed", None
                return "uncertain", f"unconfirmed_{state}"
            elif stopping:
                # The paper in hand may still come out, but whoever stops us does not wait for ever.
                deadline = min(deadline, time.monotonic() + CONFIRM_SECONDS)

    def _lose(self) -> None:
        self._hang_up()
        self._note("absent")

    def _note(self, state: str) -> None:
        """Note what the printer looks like. Trouble of the store must not come between a paper and its end."""
        try:
            if printers.note_state(self._store, self._name, state, self._time_text(0)):
                log.log(logging.INFO if state == "ready" else logging.WARNING, "printer %s: %s", self._name, state)
        except sqlite3.Error as error:
            if not is_trouble(error):
                raise

    def _hang_up(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.close()
            self._connection = None


def _profile(printer: Printer) -> Profile:
    return Profile(
        printer.width_dots,
        printer.columns,
        printer.chinese,
        printer.native_qr,
        printer.cutter,
        dpi=printer.dpi,
        buzzer=printer.buzzer,
        drawer=printer.drawer,
    )
