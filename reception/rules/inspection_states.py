"""The life of an inspection of a home at hand-over, as data (domain.md SYS-36): inspected, put right, accepted."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from reception.rules.states import Life, Step, step

OPEN: Final = ("appointed", "inspected", "rectifying", "rechecked", "reappointed")

INSPECTION: Final[Mapping[str, Step]] = MappingProxyType(
    {
        "reschedule": step(None, "appointed"),
        "read": step(None, *OPEN),
        "inspect": step("inspected", "appointed"),
        # Follows at once where the first inspection found something.
        "rectify": step("rectifying", "inspected"),
        "add_defect": step(None, "appointed", "rectifying"),
        # A second look finds something: it begins again.
        "find_defect": step("rectifying", "inspected", "rechecked", "reappointed"),
        "drop_defect": step(None, *OPEN),
        "pass": step("rechecked", "rectifying"),
        "reappoint": step("reappointed", "rechecked", "reappointed"),
        "accept": step("accepted", "inspected", "reappointed"),
        "withdraw": step("withdrawn", *OPEN),
    }
)
inspection: Final = Life(INSPECTION)
