"""The facts of the papers of the day: 工作日志 and the roll for an evacuation. Both stay with the staff."""

from dataclasses import dataclass
from typing import ClassVar

from reception.papers.base import Paper
from reception.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkLog(Paper):
    """工作日志 of a day, short: its figures (a label and a count each), its lines as far as they fit, how many more.

    A line is the time and what happened, its English beneath. Nothing of a sealed case, whoever prints it: paper lies
    about.
    """

    KIND: ClassVar[str] = "work_log"
    day: Words
    figures: tuple[Words, ...]
    counts: tuple[str, ...]
    lines: tuple[Words, ...]
    more: int
    printed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvacuationRoll(Paper):
    """疏散点名单: everybody inside, to be called and ticked outside.

    `people` and `places` go together: who (whole name, phone; or the ticket alone), and where he was last known to be.
    """

    KIND: ClassVar[str] = "evacuation_roll"
    people: tuple[str, ...]
    places: tuple[Words, ...]
    count: int
    printed_by: str
