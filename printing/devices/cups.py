"""Papers through a queue of CUPS, as raw bytes. What CUPS does with them it does not tell: "sent"."""

import os
import re
import subprocess
import time
from collections.abc import Callable

from printing.devices.device import Condition, ConnectionLost, PrinterAbsent

SECONDS = 5.0
# lpstat takes a list of names where one is meant, and a name in front of which stands a dash for an option.
QUEUE = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_.@+=:-]*")
# The words of RFC 8011 (printer-state-reasons) for what the store has words for; the first that fits.
ALERTS = {
    "cover-open": "cover_open",
    "door-open": "cover_open",
    "media-empty": "paper_out",
    "media-needed": "paper_out",
    "offline": "absent",
}
# Words for what happens while a job is being tried; CUPS may leave them behind when the job is gone.
TRYING = {"connecting-to-device": "absent", "timed-out": "absent"}


class CupsQueue:
    """A queue by name. lp and lpstat find the server, by CUPS_SERVER where that is set. Raises `PrinterAbsent`."""

    can_confirm: bool = False

    def __init__(self, queue: str) -> None:
        if not QUEUE.fullmatch(queue):
            raise PrinterAbsent(f"{queue!r} is no name of a queue")
        self._queue = queue
        self._lpstat(time.monotonic() + SECONDS, "-p", queue)

    def condition(self) -> Condition:
        """Return ready only if the queue is enabled, accepts papers, and none waits in it. Waits 5 s at most.

        A paper that waits there means that the printer behind takes none ("mute"). The next then stays in our own
        spool, where staff see it and can hold it back.
        """
        deadline = time.monotonic() + SECONDS
        try:
            # -l counts only for what stands behind it.
            about = self._lpstat(deadline, "-l", "-p", self._queue)
            accepts = self._lpstat(deadline, "-a", self._queue)
            return Condition(state(about, accepts, self._waits(deadline)))
        except PrinterAbsent:
            return Condition("absent")

    def send(self, data: bytes, *, patient: Callable[[float], bool]) -> None:
        """Hand a paper to CUPS, unchanged, once, with no sheets around it. Waits 5 s at most.

        Raises `ConnectionLost`: 0 only when CUPS refused it and nothing waits in the queue.
        """
        # The queue may have a banner page or more copies as its default.
        command = ["lp", "-d", self._queue, "-n", "1", "-o", "raw", "-o", "job-sheets=none", "-"]
        try:
            done = _run(command, data, SECONDS)
        except subprocess.TimeoutExpired:
            raise ConnectionLost(len(data)) from None
        except OSError:
            raise ConnectionLost(0) from None
        if done.returncode != 0:
            # A server that died after taking the paper, and before saying so, will print it when it is back.
            raise ConnectionLost(0 if self._kept_nothing() else len(data))

    def _kept_nothing(self) -> bool:
        try:
            return not self._waits(time.monotonic() + SECONDS)
        except PrinterAbsent:
            return False

    def _waits(self, deadline: float) -> bool:
        """Tell whether any paper, of whomever, waits in the queue. Raises `PrinterAbsent`."""
        listed = self._lpstat(deadline, "-o")
        # CUPS takes a name in any case, and lists it in its own.
        job = re.compile(rf"{re.escape(self._queue)}-\d+\s", re.IGNORECASE)
        return any(job.match(line) for line in listed.splitlines())

    def _lpstat(self, deadline: float, *asked: str) -> str:
        """Return what lpstat says. Raises `PrinterAbsent`: no program, no server, no such queue, no answer in time."""
        try:
            done = _run(["lpstat", *asked], b"", max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise PrinterAbsent(f"CUPS does not answer within {SECONDS:.0f} s") from None
        except OSError:
            raise PrinterAbsent("the program lpstat cannot be run (Debian package cups-client)") from None
        if done.returncode != 0:
            raise PrinterAbsent(done.stderr.decode(errors="replace").strip() or f"CUPS has no queue {self._queue}")
        return done.stdout.decode(errors="replace")

    def confirmed(self, confirms: str, job_id: int, seconds: float) -> bool:
        """Return False: CUPS cannot say that a paper came out."""
        return False

    def model(self) -> str:
        """Return "": a raw queue does not know its printer."""
        return ""

    def close(self) -> None:
        """Nothing is held open between two papers."""


def _run(command: list[str], data: bytes, seconds: float) -> subprocess.CompletedProcess[bytes]:
    # A session of its own: lp must not ask for a password on the terminal of whoever started us.
    return subprocess.run(
        command,
        input=data,
        capture_output=True,
        timeout=seconds,
        env={**os.environ, "LC_ALL": "C"},
        start_new_session=True,
        check=False,
    )


def state(about: str, accepts: str, waits: bool) -> str:
    """Return the store's word for what `lpstat -l -p`, `lpstat -a` and the waiting jobs say."""
    alerts = re.search(r"^\s*Alerts:(.*)$", about, re.MULTILINE)
    said = {re.sub(r"-(report|warning|error)$", "", word) for word in (alerts[1].split() if alerts else [])}
    words = {**ALERTS, **TRYING} if waits else ALERTS
    for alert, word in words.items():
        if alert in said:
            return word
    first = about.partition("\n")[0]
    if " disabled since " in first or " not accepting " in accepts.partition("\n")[0]:
        return "error"
    if waits:
        return "mute"
    return "paper_low" if "media-low" in said else "ready"
