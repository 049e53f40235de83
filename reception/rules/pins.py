"""The PIN of a worker's phone: which digits make one."""

from itertools import pairwise
from typing import Final

SHORTEST: Final = 4
LONGEST: Final = 6

_FULL_WIDTH: Final = {0xFF10 + digit: str(digit) for digit in range(10)}


def clean(typed: str) -> str:
    """The 4 to 6 ASCII digits of a PIN; full-width ones are read. Refuses anything else (`pin_invalid`)."""
    pin = typed.strip().translate(_FULL_WIDTH)
    if not (SHORTEST <= len(pin) <= LONGEST and pin.isascii() and pin.isdigit()):
        raise ValueError("pin_invalid")
    return pin


def chosen(typed: str) -> str:
    """A PIN that somebody chooses: `clean`, and none that a thief tries first, 1111 or 1234 (`pin_simple`)."""
    pin = clean(typed)
    steps = {(int(later) - int(earlier)) % 10 for earlier, later in pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        raise ValueError("pin_simple")
    return pin
