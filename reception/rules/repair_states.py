"""The life of a repair as data (domain.md K2, WorkOrder): which act leads from which states to which."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from reception.rules.states import Life, Step, step

# A repair has one state, that of its live work order: what is said on the paper, the phone and the board is the same.
STEPS: Final[Mapping[str, Step]] = MappingProxyType(
    {
        "dispatch": step("dispatched", "registered", "returned", "rework"),
        "accept": step("accepted", "dispatched"),
        # Workers who never use a phone page are on site before anybody says that they accepted.
        "arrive": step("on_site", "dispatched", "accepted"),
        "start": step(None, "on_site"),
        "send_back": step("returned", "dispatched", "accepted", "on_site", "suspended"),
        "reschedule": step(None, "dispatched", "accepted", "suspended"),
        "suspend": step("suspended", "accepted", "on_site"),
        "resume": step(None, "suspended"),
        "finish": step("finished", "on_site"),
        "recheck": step("rechecked", "finished"),
        "sign": step("signed", "finished", "rechecked"),
        "follow_up": step("followed_up", "signed"),
        "close": step("closed", "signed", "followed_up"),
        "rework": step("rework", "finished", "rechecked", "signed", "followed_up", "closed"),
        # Once somebody is on site its clocks have run; while it is set aside none of them does.
        "set_urgency": step(None, "registered", "dispatched", "accepted", "returned", "rework"),
        # Never once work has begun, so not in rework: there is something to be accepted, or closed without consent.
        "cancel": step("cancelled", "registered", "returned", "dispatched", "accepted", "on_site", "suspended"),
        # Wherever it stands after the work was done for the first time (RUL-14).
        "close_without_consent": step(
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
        "merge": step("merged", "registered", "returned", "rework"),
    }
)
# Where a suspended repair may go back to.
SUSPENDED_FROM: Final = STEPS["suspend"].before
TERMINAL: Final = frozenset({"closed", "cancelled", "merged"})

allowed, acts_in = Life(STEPS).allowed, Life(STEPS).acts_in
