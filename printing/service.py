"""All printers of the centre: one worker a printer, each in its own thread, started again when it ends."""

import logging
import threading
import time
from pathlib import Path

from db import printers, pulse
from db.store import open_store
from printing.worker import Busy, NoSuchPrinter, TimeText, Worker

log = logging.getLogger("lobbydesk.print")

AGAIN_SECONDS = 1.0
WATCH_SECONDS = 0.5
STOP_SECONDS = 15.0


class Serving(threading.Thread):
    """One worker at work; `error` is what ended it."""

    def __init__(self, store_path: Path, printer: str, time_text: TimeText) -> None:
        super().__init__(name=f"print-{printer}", daemon=True)
        self.printer = printer
        self.worker = Worker(store_path, printer, time_text)
        self.error: BaseException | None = None

    def run(self) -> None:
        """Serve until stopped or broken."""
        try:
            self.worker.run()
        except BaseException as error:
            self.error = error


class Service:
    """Serves every printer that the store knows, also those added meanwhile, until told to stop."""

    def __init__(self, store_path: Path, time_text: TimeText) -> None:
        self._path = store_path
        self._time_text = time_text
        self._stop = threading.Event()
        self._serving: dict[str, Serving] = {}
        self._not_before: dict[str, float] = {}
        self._served_elsewhere: set[str] = set()

    def stop(self) -> None:
        """Ask every worker to end after the paper in hand."""
        self._stop.set()
        for serving in list(self._serving.values()):
            serving.worker.stop()

    def run(self) -> None:
        """Work until stopped. Raises PermissionError when the system forbids a device that appeared since our start: a
        new process may be allowed. One that was there before is simply not for us, and stops no other printer."""
        store = open_store(self._path)
        try:
            with pulse.Listener(pulse.run_folder(self._path), "printers") as listener:
                while not self._stop.is_set():
                    wanted = {printer.name for printer in printers.printers(store)}
                    self._bury(wanted)
                    for printer in wanted:
                        self._serve(printer)
                    listener.wait(WATCH_SECONDS)
        finally:
            store.close()
            self.stop()
            for serving in self._serving.values():
                serving.join(STOP_SECONDS)

    def _serve(self, printer: str) -> None:
        if printer in self._serving or time.monotonic() < self._not_before.get(printer, 0) or self._stop.is_set():
            return
        self._serving[printer] = Serving(self._path, printer, self._time_text)
        self._serving[printer].start()

    def _bury(self, wanted: set[str]) -> None:
        """See which workers ended, and why; they are started again a moment later."""
        for printer, serving in list(self._serving.items()):
            if serving.is_alive():
                if printer not in wanted:
                    serving.worker.stop()
                continue
            del self._serving[printer]
            self._not_before[printer] = time.monotonic() + AGAIN_SECONDS
            if isinstance(serving.error, PermissionError) and _appeared_since_our_start(serving.error.filename):
                # The unit's device policy was resolved before this device was there (box.md, Units).
                raise serving.error
            if isinstance(serving.error, Busy):
                if printer not in self._served_elsewhere:
                    log.warning("another worker serves printer %s; this one waits for its turn", printer)
                self._served_elsewhere.add(printer)
            elif serving.error is not None and not isinstance(serving.error, NoSuchPrinter):
                log.error("the worker of printer %s ended: %s", printer, type(serving.error).__name__)


def _appeared_since_our_start(device: str) -> bool:
    try:
        return Path(device).stat().st_ctime > Path("/proc/self").stat().st_ctime
    except OSError:
        return False
