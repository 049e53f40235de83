"""The life of a tour as data (domain.md SYS-43), and whether it lies within the opening hours (RUL-32)."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

from reception.rules.hours import Span
from reception.rules.states import Life, step

_BEFORE: Final = ("received", "prepared", "checked")
tour: Final = Life(
    MappingProxyType(
        {
            "approve": step(None, "received"),
            # Agreed anew: another time is prepared and checked anew.
            "change": step(None, *_BEFORE),
            "prepare": step("prepared", "received"),
            "check": step("checked", "prepared"),
            "start": step("in_progress", "checked"),
            "restore": step("restored", "in_progress"),
            "review": step("reviewed", "restored"),
            "file": step("filed", "reviewed"),
            "cancel": step("cancelled", *_BEFORE),
        }
    )
)


def within(spans: Sequence[Span], begin: int, end: int) -> bool:
    """Whether the minutes from `begin` to `end` of a day lie whole in one of its spans: over a break is outside."""
    return any(span.begin <= begin and end <= span.end for span in spans)
