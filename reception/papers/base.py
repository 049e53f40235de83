"""What every paper has."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from reception.wording import Words

NOTHING = Words("", "")


class PriceLine(NamedTuple):
    """A line of a price as papers show it: all texts, the quantity with its unit; `name_en` where it has one."""

    name: str
    quantity: str
    price: str
    amount: str
    name_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What every paper has: the centre, the moment, and whether English stands beside the Chinese."""

    KIND: ClassVar[str]
    site: Words
    at: str
    english: bool = True

    @property
    def secret(self) -> bool:
        """True for what must never be kept: it is printed directly to the device, and the spool refuses it."""
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedPaper(Paper):
    """A paper with a code that leads to its page.

    `on_phone` is true only where a phone can reach `url`; without it the paper promises the kiosk alone.
    """

    url: str
    on_phone: bool
