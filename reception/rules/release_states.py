"""The life of a pass for goods as data, and how a number of things is typed (domain.md SYS-34, K2 ReleasePass)."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from reception.rules.states import Life, Step, step

RELEASE: Final[Mapping[str, Step]] = MappingProxyType(
    {
        "approve": step("approved", "applied"),
        "print": step("printed", "approved"),
        "release": step("released", "printed"),
        # From the paper that came back: the close of the day may have ended it before the paper was here.
        "enter": step("released", "printed", "expired"),
        "refuse": step("refused", "applied", "approved", "printed"),
        "refuse_at_gate": step("refused", "printed"),
        "take_back": step("returned", "released"),
        "expire": step("expired", "applied", "approved", "printed"),
    }
)
release = Life(RELEASE)

MOST_OF_ONE: Final = 999
_QUANTITY: Final = re.compile(r"([0-9]{1,3})\s*([^\d\s]{0,4})")
_WIDE: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def quantity(text: str) -> tuple[int, str]:
    """Return a number of things and its word as typed: `2箱` -> (2, 箱), `3` -> (3, ''), empty -> (1, '').

    Raises ValueError of `item_count_bad` for anything else, and for none or more than 999.
    """
    clean = text.translate(_WIDE).strip()
    if not clean:
        return 1, ""
    found = _QUANTITY.fullmatch(clean)
    if found is None or not 1 <= int(found[1]) <= MOST_OF_ONE:
        raise ValueError("item_count_bad")
    return int(found[1]), found[2]
