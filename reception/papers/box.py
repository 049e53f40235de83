"""The papers about the box itself, for whoever stands at the desk when it does not."""

from dataclasses import dataclass
from typing import ClassVar

from reception.papers.base import Paper
from reception.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerCutCard(Paper):
    """停电应急卡: what to do by hand while the power is off, and what to enter once it is back; it hangs at the desk.

    `lines` has one pair a line of business: its prefix and Chinese name, its English name. `first` is the number to
    begin with where nobody knows the last one: no day of late reached it. `keeper_phone`: whom to call where the box
    stays dark; '' where nobody entered it.
    """

    KIND: ClassVar[str] = "power_cut_card"
    lines: tuple[Words, ...]
    first: int
    desk_phone: str
    keeper_phone: str
