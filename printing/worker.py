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
from printing.delivery import Delivery
from printing.devices import ConnectionLost, Device, PrinterAbsent, open_device
from printing.devices.probe import NotReady, probe
from printing.layout import Profile
from reception import papers

log = logging.getLogger("lobbydesk.print")

RETRY_SECONDS = 1.0
LOOK_SECONDS = 5.0
KEEP_OPEN_SECONDS = 2.0
IDLE_SECONDS = 0.5
MOST_REFUSALS = 3
LONGEST_PAUSE_SECONDS = 30.0
WIPE_SECONDS = 60.0
FEED_SECONDS = 5.0

# Doubts that leave nothing under the head: the printer is well, and only did not say so.
CUT_ALL_THE_SAME = frozenset({"unconfirmed_ready", "unconfirmed_paper_low"})

# The moment so many seconds ago, as the store writes it: the worker itself reads no clock but the monotonic one.
TimeText = Callable[[float], str]


class Busy(Exception):
    """Another worker already serves this printer."""


class NoSuchPrinter(Exception):
    """The store knows no printer of this name."""


class Worker:
    """Serves one printer until told to stop. `time_text(0)` is the present moment as the store's text.

    `alive` is called, every few seconds at least, after the store was read: who hears it no more may start us again.
    """

    def __init__(
        self, store_path: Path, printer: str, time_text: TimeText, alive: Callable[[], None] = lambda: None
    ) -> None:
        self._path = store_path
        self._name = printer
        self._time_text = time_text
        self._alive = alive
        self._stop = threading.Event()
        self._connection: Device | None = None
        self._opened = ("", True)
        self._refusals = 0
        # The address where a paper may hang half printed under the head.
        self._torn = ""
        self._used_at = 0.0
        self._looked_at = self._wiped_at = self._fed_at = float("-inf")
        self._store: Store
        self._here: Printer

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
                self._here = self._printer()
                if spool.doubt_interrupted(self._store, self._name, self._time_text(0)):
                    self._torn = self._here.address
                with pulse.Listener(folder, f"print-{self._name}") as listener:
                    while not self._stop.is_set():
                        self._rest(listener, self._patient_round())
            except PermissionError:
                self._note("absent")
                raise
            except NoSuchPrinter:
                raise
            except Exception:
                # A defect of ours: whoever starts us again tries anew, and meanwhile nobody believes all is well.
                self._note("error")
                raise
            finally:
                self._hang_up()
                self._store.close()

    def _rest(self, listener: pulse.Listener, pause: float | None) -> None:
        """Sleep until something happens; but after a round in vain no less than was meant: our own notes of the trouble
        announce themselves, and would have us run in circles."""
        if pause is None:
            listener.wait(IDLE_SECONDS)
        else:
            self._stop.wait(pause)

    def _patient_round(self) -> float | None:
        """One round; trouble of the store (busy, disk full) is waited out, with every paper as it stands."""
        try:
            return self._round()
        except sqlite3.Error as error:
            if not is_trouble(error):
                raise
            log.error("store: %s", getattr(error, "sqlite_errorname", "busy"))
            return RETRY_SECONDS

    def _round(self) -> float | None:
        """Print what waits; return the seconds to pause, or None when there is nothing to do until a pulse comes."""
        self._here = self._printer()
        self._feed()
        self._tidy(self._here)
        try:
            if self._here.probe_wanted:
                self._probe(self._here)
                return 0.0
            if not self._waits():
                self._look(self._here)
                return None
            while not self._stop.is_set() and self._waits():
                # Read anew for each paper: staff may have changed what it is able to do, or where it is.
                self._here = self._printer()
                if not self._ready(self._here):
                    return RETRY_SECONDS
                job = spool.claim(self._store, self._name, self._time_text(0))
                if job is None or not self._print(self._here, job):
                    return self._pause()
        except NotReady as trouble:
            self._hang_up()
            self._note(trouble.state)
            return RETRY_SECONDS
        except (PrinterAbsent, ConnectionLost):
            self._lose()
            return RETRY_SECONDS
        return 0.0

    def _pause(self) -> float:
        """Return how long to wait after a paper that the printer, though ready, did not take: longer each time."""
        return min(RETRY_SECONDS * float(2 ** min(self._refusals, 10)), LONGEST_PAUSE_SECONDS)

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
        other = printers.find(self._store, printer.fallback) if printer.fallback and printer.in_trouble else None
        if other is not None and not other.in_trouble:
            count = paper_care.divert(self._store, self._name, self._time_text(printer.fallback_after))
            if count:
                log.warning("printer %s: %d papers go to %s instead", self._name, count, other.name)
        if time.monotonic() - self._wiped_at >= WIPE_SECONDS:
            self._wiped_at = time.monotonic()
            paper_care.wipe(self._store, self._time_text(0))

    def _probe(self, printer: Printer) -> None:
        """Find out what the printer answers, and write it down. Raises `PrinterAbsent`, `ConnectionLost`."""
        self._hang_up()
        self._connection = open_device(printer.address)
        found = probe(self._connection)
        silent = not found.answers and found.confirms == "none" and self._connection.can_confirm
        # What it still has to say about the probe must confirm no paper.
        self._hang_up()
        if silent and printer.answers and printer.since is not None:
            # It has answered before: it hangs, and from now on must not count as one that never says anything.
            raise NotReady("mute")
        printers.note_findings(self._store, printer, answers=found.answers, confirms=found.confirms, model=found.model)

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
        if self._connection is not None and self._opened != (printer.address, printer.answers):
            self._hang_up()
        try:
            condition = self._connected(printer).condition()
        except ConnectionLost:
            # A printer may end a connection that idled: a fresh one decides.
            self._hang_up()
            condition = self._connected(printer).condition()
        self._used_at = time.monotonic()
        # Ready, it says, and took not one of the last papers: staff must hear of it.
        refuses = condition.ready and self._refusals >= MOST_REFUSALS
        self._note("error" if refuses else condition.state)
        if condition.state == "mute":
            self._hang_up()
        return condition.ready

    def _connected(self, printer: Printer) -> Device:
        if self._connection is None:
            self._connection = open_device(printer.address, answers=printer.answers)
            self._opened = (printer.address, printer.answers)
        return self._connection

    def _print(self, printer: Printer, job: Job) -> bool:
        """Build a paper, send it, and write down what became of it; False when not one byte of it left us."""
        assert self._connection is not None
        profile = Profile.of(printer)
        try:
            paper = papers.from_json(job.kind, job.facts)
            data, length = documents.measured(paper, profile, job_id=job.id, copy_no=job.copy_no)
        except Exception as error:
            # A paper that can never print must not stop the ones behind it. The type alone: no data in logs.
            log.error("paper %d (%s) cannot be built: %s", job.id, job.kind, type(error).__name__)
            self._settle(job, "failed", type(error).__name__)
            return True
        delivery = Delivery(
            self._connection,
            printer.confirms,
            job.id,
            note=self._note,
            meanwhile=lambda: self._meanwhile(job),
            alive=self._feed,
            stop=self._stop,
        )
        scrap = documents.scrap(profile) if self._torn == printer.address else b""
        outcome, reason = delivery.run(scrap + data)
        if delivery.lost:
            self._lose()
        self._used_at = time.monotonic()
        if outcome == "uncertain":
            # Its answer may still come, and must confirm no other paper.
            self._hang_up()
        if outcome is not None:
            # One that was all there and only went unconfirmed was cut.
            self._torn = printer.address if outcome == "uncertain" and reason not in CUT_ALL_THE_SAME else ""
        self._settle(job, outcome, reason, length)
        self._refusals = self._refusals + 1 if outcome is None else 0
        return outcome is not None

    def _settle(self, job: Job, outcome: Outcome | None, reason: str | None, mm: int | None = None) -> None:
        """Write down what became of a paper, however long the store is in trouble; it is `sending` until then."""
        while True:
            # A full disk takes no word of it for hours, and is read all the same: we wait, we do not hang.
            self._feed()
            try:
                if outcome is None:
                    spool.put_back(self._store, job.id)
                else:
                    spool.settle(self._store, job.id, outcome, self._time_text(0), reason, length_mm=mm)
                return
            except sqlite3.Error as error:
                if not is_trouble(error) or self._stop.wait(RETRY_SECONDS):
                    raise

    def _meanwhile(self, job: Job) -> bool:
        """Care for the papers behind the one in hand. False when staff wait for that one no longer, or the printer has
        gone elsewhere. Trouble of the store must not come between a paper and its end."""
        try:
            now = self._printer()
            self._tidy(now)
            return spool.is_sending(self._store, job.id) and self._opened == (now.address, now.answers)
        except sqlite3.Error as error:
            if not is_trouble(error):
                raise
            return True

    def _feed(self) -> None:
        """Say that we live, now and then, if the store can be read: what hangs, or reads nothing, is started again."""
        if time.monotonic() - self._fed_at < FEED_SECONDS:
            return
        try:
            self._store.value("SELECT max(id) FROM print_jobs")
        except sqlite3.Error as error:
            if not is_trouble(error):
                raise
            return
        self._fed_at = time.monotonic()
        self._alive()

    def _lose(self) -> None:
        self._hang_up()
        self._note("absent")

    def _note(self, state: str) -> None:
        """Note what the printer looks like. Trouble of the store must not come between a paper and its end."""
        try:
            if printers.note_state(self._store, self._here, state, self._time_text(0)):
                log.log(logging.INFO if state == "ready" else logging.WARNING, "printer %s: %s", self._name, state)
        except sqlite3.Error as error:
            if not is_trouble(error):
                raise

    def _hang_up(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.close()
            self._connection = None
