"""What one line of an import comes to: what would be done, and the writing of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from reception.permissions import Actor


@dataclass(frozen=True, slots=True)
class Deed:
    """The import under way: its id, who does it, its effective time."""

    import_id: int
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """`added`, `changed` or `same`; `write` does it inside the act."""

    verdict: Literal["added", "changed", "same"]
    write: Callable[[Deed], object] = lambda deed: None


class BadCell(Exception):
    """A line that cannot be: the name of its column, and a code."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(field, code)
        self.field, self.code = field, code


Judge = Callable[[dict[str, Any]], Step]
SAME = Step("same")
