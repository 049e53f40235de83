"""One paper on its way: sent, and waited for until the printer says what became of it, or nobody will ever know."""

import threading
import time
from collections.abc import Callable

from db.spool import Outcome
from printing.devices import ConnectionLost, Device, confirmation

CONFIRM_SECONDS = 5.0
BYTES_A_SECOND = 960  # a serial interface at 9600 baud behind the socket
STALLED_SECONDS = 120.0  # a printer out of paper takes nothing, and goes on when somebody brings some
STEP_SECONDS = 1.0

# What became of a paper, and why nobody knows; no outcome when not one byte of it left us.
End = tuple[Outcome | None, str | None]


class Delivery:
    """Delivers a paper to a device. `lost` tells afterwards whether the connection ended on the way.

    `note` hears how the printer is meanwhile. `meanwhile` is called again and again while the printer is in trouble,
    so that others need not wait for it; it returns False when nobody waits for this paper any more. `alive` is called
    while it waits in any way: a long paper on a slow line is no worker that hangs.
    """

    def __init__(
        self,
        device: Device,
        confirms: str,
        job_id: int,
        *,
        note: Callable[[str], None],
        meanwhile: Callable[[], bool],
        alive: Callable[[], None],
        stop: threading.Event,
    ) -> None:
        self._device = device
        # A queue or a folder cannot confirm, whatever was set for the printer.
        self._confirms = confirms if device.can_confirm else "none"
        self._job_id = job_id
        self._note = note
        self._meanwhile = meanwhile
        self._alive = alive
        self._stop = stop
        self.lost = False

    def run(self, data: bytes) -> End:
        """Send the bytes of a paper and wait for the printer's word."""
        try:
            self._device.send(data + confirmation(self._confirms, self._job_id), patient=self._patient)
        except ConnectionLost as lost:
            self.lost = True
            return (None, None) if lost.sent == 0 else ("uncertain", "connection_lost")
        if self._confirms == "none":
            return "sent", None
        try:
            return self._confirmed(CONFIRM_SECONDS + len(data) / BYTES_A_SECOND)
        except ConnectionLost:
            self.lost = True
            return "uncertain", "connection_lost"

    def _patient(self, stalled: float) -> bool:
        """Tell whether to wait on for a printer that has taken nothing for so many seconds."""
        self._alive()
        if stalled >= CONFIRM_SECONDS:
            # It cannot be asked either: the question would stand behind the paper.
            self._note("mute")
            if not self._meanwhile():
                return False
        return stalled < STALLED_SECONDS and not self._stop.is_set()

    def _confirmed(self, patience: float) -> End:
        """Wait for the printer's word, looking at it meanwhile, so that paper-out shows while it is so.

        While it is out of paper or open, it will resume: never send twice, and never count that time.
        """
        deadline = time.monotonic() + patience
        while True:
            self._alive()
            stopping, last = self._stop.is_set(), time.monotonic() + STEP_SECONDS >= deadline
            if self._device.confirmed(self._confirms, self._job_id, min(STEP_SECONDS, patience)):
                return "printed", None
            state = self._device.condition().state
            waits = state in {"paper_out", "cover_open"}
            if waits or last or state != "mute":
                # Busy with a long paper, it may leave one question unanswered: that alone is no news.
                self._note(state)
            if waits and not self._meanwhile():
                return "uncertain", "given_up"
            if stopping and (waits or last):
                return "uncertain", "stopped"
            if waits:
                deadline = time.monotonic() + patience
            elif last:
                # One more look: the confirmation may have come between the two questions.
                if self._device.confirmed(self._confirms, self._job_id, 0):
                    return "printed", None
                return "uncertain", f"unconfirmed_{state}"
            elif stopping:
                # The paper in hand may still come out, but whoever stops us does not wait for ever.
                deadline = min(deadline, time.monotonic() + CONFIRM_SECONDS)
