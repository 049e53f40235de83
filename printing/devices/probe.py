"""Finding out once, at set-up, what a printer can do, without printing anything."""

import contextlib
from dataclasses import dataclass
from typing import Literal

from printing.devices.conversation import REPLY_SECONDS
from printing.devices.device import ConnectionLost, Device, PrinterAbsent
from printing.devices.replies import confirmation

ESC_AT = b"\x1b@"
PROBE_JOB = 0  # the store counts papers from 1: no answer to a probe confirms a paper


class NotReady(PrinterAbsent):
    """The printer is there, but while it is out of paper, open or in error its abilities cannot be told."""

    def __init__(self, state: str) -> None:
        super().__init__(f"the printer is not ready: {state}")
        self.state = state


@dataclass(frozen=True, slots=True)
class Findings:
    """What a printer can do: whether it answers DLE EOT, by what it confirms a paper, maker and model or ""."""

    answers: bool
    confirms: Literal["gs_h", "gs_r", "none"]
    model: str


def probe(device: Device) -> Findings:
    """Ask a printer what it can do; takes 4 s at most from one that answers nothing.

    The device must have been opened with `answers=True`, and no paper may be under way. Raises `ConnectionLost`,
    and `NotReady` when the printer says that it cannot print now.

    What can go wrong: a printer that does not know GS ( H or GS I may take their parameters for text. Hence DLE EOT
    first, which such printers pass over; no parameter is a line feed or fills a line, so that text stays in the line
    buffer; and ESC @ at the end, which empties that buffer. What remains: where ESC @ does not empty it, a dozen
    stray characters may stand in front of the first paper after the probe.
    """
    if not device.can_confirm:
        return Findings(answers=False, confirms="none", model="")
    condition = device.condition()
    answers = condition.state != "mute"
    if answers and not condition.ready:
        raise NotReady(condition.state)
    try:
        confirms = _confirms(device)
        # One that answers nothing would only get stray characters from the question.
        model = device.model() if answers or confirms != "none" else ""
    finally:
        with contextlib.suppress(ConnectionLost):
            device.send(ESC_AT, patient=_patient)
    return Findings(answers, confirms, model)


def _confirms(device: Device) -> Literal["gs_h", "gs_r", "none"]:
    device.send(confirmation("gs_h", PROBE_JOB), patient=_patient)
    if device.confirmed("gs_h", PROBE_JOB, REPLY_SECONDS):
        return "gs_h"
    # Clear the line before the next question: what came of the first must not be printed by it.
    device.send(ESC_AT + confirmation("gs_r", PROBE_JOB), patient=_patient)
    if device.confirmed("gs_r", PROBE_JOB, REPLY_SECONDS):
        # The first answer may only have been late.
        return "gs_h" if device.confirmed("gs_h", PROBE_JOB, 0) else "gs_r"
    return "none"


def _patient(stalled: float) -> bool:
    return stalled < REPLY_SECONDS
