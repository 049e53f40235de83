"""The life of a repair as data (domain.md K2, WorkOrder): which act leads from which states to which."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class Step(NamedTuple):
    """An act: the states it may be done in, and the state it leads to; None: the state stays as it is."""

    before: frozenset[str]
    after: str | None


def _step(after: str | None, *before: str) -> Step:
    return Step(frozenset(before), after)


# A repair has one state, that of its live work order: what is said on the paper, the phone and the board is the same.
STEPS: Final[Mapping[str, Step]] = MappingProxyType(
    {
        "dispatch": _step("dispatched", "registered", "returned", "rework"),
        "accept": _step("accepted", "dispatched"),
        # Workers who never use a phone page are on site before anybody says that they accepted.
        "arrive": _step("on_site", "dispatched", "accepted"),
        "start": _step(None, "on_site"),
        "send_back": _step("returned", "dispatched", "accepted", "on_site", "suspended"),
        "reschedule": _step(None, "dispatched", "accepted", "suspended"),
        "suspend": _step("suspended", "accepted", "on_site"),
        "resume": _step(None, "suspended"),
        "finish": _step("finished", "on_site"),
        "recheck": _step("rechecked", "finished"),
        "sign": _step("signed", "finished", "rechecked"),
        "follow_up": _step("followed_up", "signed"),
        "close": _step("closed", "signed", "followed_up"),
        "rework": _step("rework", "finished", "rechecked", "signed", "followed_up", "closed"),
        # Once somebody is on site its clocks have run; while it is set aside none of them does.
        "set_urgency": _step(None, "registered", "dispatched", "accepted", "returned", "rework"),
        # Never once work has begun, so not in rework: there is something to be accepted, or closed without consent.
        "cancel": _step("cancelled", "registered", "returned", "dispatched", "accepted", "on_site", "suspended"),
        # Wherever it stands after the work was done for the first time (RUL-14).
        "close_without_consent": _step(
            "closed",
            "finished",
            "rechecked",
            "signed",
            "followed_up",
            "rework",
            "returned",
            "dispatched",
            "accepted",
            "on_site",
            "suspended",
        ),
        # Not while somebody is on the way: his order is sent back first.
        "merge": _step("merged", "registered", "returned", "rework"),
    }
)
# Where a suspended repair may go back to.
SUSPENDED_FROM: Final = STEPS["suspend"].before
TERMINAL: Final = frozenset({"closed", "cancelled", "merged"})


def allowed(act: str, state: str) -> bool:
    """Whether the act may be done in this state. Raises KeyError for an act that no repair knows."""
    return state in STEPS[act].before


def acts_in(state: str) -> frozenset[str]:
    """The acts that may be done in a state."""
    return frozenset(act for act, step in STEPS.items() if state in step.before)
