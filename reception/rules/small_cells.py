"""Small cells (domain.md K10): what so few people make up is not broken down further.

A total that stands beside its parts would tell what is left out of them. So more is left out than is small: until
what is hidden could be shared out among its cells in another way, and would look the same.
"""

from collections.abc import Sequence
from typing import Final

FEWEST: Final = 5


def hide(parts: Sequence[int], fewest: int = FEWEST) -> list[int | None]:
    """Return the parts of a total with None for each that is not shown: 1 to `fewest` - 1, and what would tell it.

    As long as all hidden are equal, the smallest of the others go too, all alike: then whoever knows the total and this
    rule cannot tell which of the hidden is which. Where nobody is left to be shown, nothing is: not even which are 0.
    The total may stand beside it; of a single part, which is its total, it must not. Refuses `counts_invalid`.
    """
    if min(parts, default=0) < 0:
        raise ValueError("counts_invalid")
    hidden = {count for count in parts if 0 < count < fewest}
    others = sorted({count for count in parts if count >= fewest})
    if len(hidden) == 1 and others:
        hidden.add(others.pop(0))
    if hidden and not others:
        return [None] * len(parts)
    return [None if count in hidden else count for count in parts]
