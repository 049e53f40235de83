"""The life of a procedure of a home, as data (domain.md SYS-35, SYS-38): its items say how far it is."""

from types import MappingProxyType
from typing import Final

from reception.rules.states import Life, step

procedure: Final = Life(MappingProxyType({"finish": step("done", "open"), "withdraw": step("withdrawn", "open")}))
