"""The life of a supervision (督办, domain.md SYS-21) as data: which act leads from which states to which."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from reception.rules.states import Life, Step, step

# What is still to be done.
RUNNING: Final = ("open", "reminded", "overdue")

STEPS: Final[Mapping[str, Step]] = MappingProxyType(
    {
        "remind": step("reminded", "open"),
        "lapse": step("overdue", "open", "reminded"),
        # With a case; without one there is nobody to tell, and it is closed at once.
        "finish": step("done", *RUNNING),
        "tell": step("closed", "done"),
        "withdraw": step("withdrawn", *RUNNING),
        # The new deadline counts from now: it is open, and reminds anew.
        "move": step("open", *RUNNING),
        "hand_to": step(None, *RUNNING),
    }
)
TERMINAL: Final = frozenset({"closed", "withdrawn"})

allowed, acts_in = Life(STEPS).allowed, Life(STEPS).acts_in
