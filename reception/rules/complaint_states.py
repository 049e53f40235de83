"""The life of a complaint as data (domain.md K2): which act leads from which states to which."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from reception.rules.states import Life, Step, step

# Nobody has answered yet; a reopened one waits to be answered anew.
UNANSWERED: Final = frozenset({"received", "acknowledged", "assigned", "investigating", "reopened"})

STEPS: Final[Mapping[str, Step]] = MappingProxyType(
    {
        "acknowledge": step("acknowledged", "received"),
        "assign_complaint": step("assigned", *UNANSWERED),
        # Whoever took it in may look into it himself.
        "investigate": step("investigating", *UNANSWERED),
        "reply": step("replied", "investigating"),
        "follow_up": step("followed_up", "replied"),
        "close": step("closed", "followed_up"),
        # Once it was answered for the first time (RUL-14): a manager says where it ends.
        "close_without_consent": step("closed", "replied", "followed_up", "reopened", "assigned", "investigating"),
        "reopen": step("reopened", "replied", "followed_up", "closed"),
        "withdraw": step("withdrawn", *UNANSWERED),
        "merge": step("merged", *UNANSWERED),
        # A flag with a level, not a state: how far it has come stays as it is.
        "raise": step(None, *UNANSWERED),
    }
)
TERMINAL: Final = frozenset({"closed", "withdrawn", "merged"})

LIFE: Final = Life(STEPS)
allowed, acts_in = LIFE.allowed, LIFE.acts_in
