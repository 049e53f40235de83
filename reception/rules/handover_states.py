"""The lives of what is handed over for somebody, and of official business, as data (domain.md SYS-25, SYS-29)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from reception.rules.states import Life, Step, step

HANDOVER: Final[Mapping[str, Step]] = MappingProxyType(
    {
        # Told once more, it stands where it stood.
        "notify": step("notified", "received", "notified"),
        "deliver": step("delivered", "received", "notified"),
        "give_back": step("returned", "received", "notified"),
    }
)
OFFICIAL: Final[Mapping[str, Step]] = MappingProxyType(
    {
        # To another one too: the first was not the matching person.
        "hand": step("handed", "received", "handed"),
        "close": step("closed", "handed"),
    }
)
handover, official = Life(HANDOVER), Life(OFFICIAL)
