"""The life of a suggestion as data (domain.md K2, SYS-20): received, passed on to whoever decides, answered."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from reception.rules.states import Life, Step, step

UNANSWERED: Final = frozenset({"received", "forwarded"})

STEPS: Final[Mapping[str, Step]] = MappingProxyType(
    {
        "forward": step("forwarded", *UNANSWERED),
        "answer": step("answered", "forwarded"),
        "close": step("closed", "answered"),
    }
)
TERMINAL: Final = frozenset({"closed"})

LIFE: Final = Life(STEPS)
allowed, acts_in = LIFE.allowed, LIFE.acts_in
