"""The life of an incident as data (domain.md K2): which act leads from which states to which."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from reception.rules.states import Life, Step, step

# The visitor is still there, or on his way.
LIVE: Final = frozenset({"open", "contained"})
# The record may be written: when it was filed it stands.
WRITTEN_IN: Final = LIVE | {"handled"}

STEPS: Final[Mapping[str, Step]] = MappingProxyType(
    {
        "acknowledge_incident": step(None, *LIVE),
        "lead_away": step(None, *LIVE),
        "escalate_incident": step(None, *LIVE),
        "classify_incident": step(None, *WRITTEN_IN),
        "notify_incident": step(None, *WRITTEN_IN, "reported"),
        "record_incident": step(None, *WRITTEN_IN),
        "name_concerned": step(None, *WRITTEN_IN, "reported", "archived"),
        "contain_incident": step("contained", "open"),
        "handle_incident": step("handled", *LIVE),
        "report_incident": step("reported", "handled"),
        "archive_incident": step("archived", "reported"),
        "keep_study": step(None, "archived"),
        # The key was pressed by mistake: nothing is deleted, it says so.
        "withdraw_incident": step("withdrawn", *LIVE),
    }
)
TERMINAL: Final = frozenset({"archived", "withdrawn"})

LIFE: Final = Life(STEPS)
allowed, acts_in = LIFE.allowed, LIFE.acts_in
