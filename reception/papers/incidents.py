"""The facts of the slip for whoever receives a visitor apart from the queue."""

from dataclasses import dataclass
from typing import ClassVar

from reception.papers.base import Paper
from reception.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptionSlip(Paper):
    """接待便条: where to, which class by its letter alone, what to do and not; for staff, and it tells nothing aloud.

    `letter` and `counter` may be empty. No code: it leads nowhere.
    """

    KIND: ClassVar[str] = "reception_slip"
    no: str
    letter: str
    counter: str
    place: str
    steps: tuple[Words, ...]
    donts: tuple[Words, ...]
