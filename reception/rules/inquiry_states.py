"""The life of an inquiry as data (domain.md K2, SYS-11): answered at once, or promised and replied to."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from reception.rules.states import Life, Step, step

# The person has no answer yet. `open` is never rested in: the act that opens an inquiry answers or promises.
UNANSWERED: Final = frozenset({"open", "promised"})

STEPS: Final[Mapping[str, Step]] = MappingProxyType(
    {
        "answer": step("answered", "open"),
        # Again while promised: another time was agreed.
        "promise": step("promised", "open", "promised"),
        "consult": step(None, "promised"),
        "advise": step(None, "promised"),
        "reply": step("replied", "promised"),
        "close": step("closed", "answered", "replied"),
        "ask_again": step("open", "answered", "replied", "closed"),
    }
)
TERMINAL: Final = frozenset({"closed"})

LIFE: Final = Life(STEPS)
allowed, acts_in = LIFE.allowed, LIFE.acts_in
