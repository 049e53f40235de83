"""The life of an appointment as data (domain.md SYS-12): which act leads from which states to which."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from reception.rules.states import Life, Step, step

# The visitor is still to come.
EXPECTED: Final = frozenset({"booked", "confirmed", "rescheduled"})

STEPS: Final[Mapping[str, Step]] = MappingProxyType(
    {
        # The host's word that he receives the visitor at this time.
        "confirm": step("confirmed", "booked", "rescheduled"),
        # Who did not come may be given another time: it is the same appointment.
        "change": step("rescheduled", *EXPECTED, "no_show"),
        "arrive": step("arrived", *EXPECTED),
        # The host met him; also one who went straight to him.
        "finish": step("done", *EXPECTED, "arrived"),
        "cancel": step("cancelled", *EXPECTED),
        "miss": step("no_show", *EXPECTED),
    }
)
TERMINAL: Final = frozenset({"done", "cancelled", "no_show"})

allowed, acts_in = Life(STEPS).allowed, Life(STEPS).acts_in
