"""The facts of the agenda of a visit day. It bears whole names and stays with the staff."""

from dataclasses import dataclass
from typing import ClassVar

from reception.papers.base import Paper
from reception.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAgenda(Paper):
    """接访日议程: who is received when, about what, what was said of it, and who accompanies the host.

    `times`, `people` (name and home), `matters` and `opinions` go together; a time is '' for who has none.
    """

    KIND: ClassVar[str] = "day_agenda"
    day: Words
    hours: str
    room: Words
    host: str
    accompany: tuple[Words, ...]
    times: tuple[str, ...]
    people: tuple[str, ...]
    matters: tuple[str, ...]
    opinions: tuple[str, ...]
    printed_by: str
