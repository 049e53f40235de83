"""What every way to a printer promises, and the words in which it says that it cannot."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class PrinterAbsent(Exception):
    """No way to the printer: refused, unreachable, not there, or held by another. Its text is the reason."""


class ConnectionLost(Exception):
    """The connection ended while the printer was needed. `sent` counts the bytes that had left us.

    Only 0 allows a paper to be sent again: not one byte of it left us.
    """

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


class Device(Protocol):
    """One open way to a printer. Every wait has an end; nothing here trusts that a write was a print.

    `can_confirm` is False where nobody can say that a paper came out: the honest word for it is "sent".
    """

    can_confirm: bool

    def condition(self) -> Condition:
        """Ask how the printer is. Raises `ConnectionLost`."""

    def send(self, data: bytes, *, patient: Callable[[float], bool]) -> None:
        """Send a paper and its request for confirmation.

        `patient` is asked, with the seconds for which the printer has taken nothing, whether to wait on; while the
        paper moves it may be told so (0.0), and what it answers counts for nothing. Raises
        `ConnectionLost`, with how much had left us, when the connection ends or patience does: what the printer
        will do with the part it has, nobody knows.
        """

    def confirmed(self, confirms: str, job_id: int, seconds: float) -> bool:
        """Wait for the confirmation of a sent paper; False when none came in time. Raises `ConnectionLost`."""

    def model(self) -> str:
        """Return maker and model as the printer gives them, else "". Ask only while no paper is under way."""

    def close(self) -> None:
        """Let go of the printer. Does no harm twice."""
