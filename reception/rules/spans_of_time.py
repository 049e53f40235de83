"""Average, median, nine of ten and longest of some spans of time (domain.md STA-01), to the whole minute."""

from collections.abc import Iterable
from statistics import mean, median
from typing import NamedTuple


class Spread(NamedTuple):
    """How spans lie, each in whole minutes; None of none. `p90`: nine of ten were not longer (nearest rank)."""

    average: int | None
    median: int | None
    p90: int | None
    longest: int | None


def spread(minutes: Iterable[float]) -> Spread:
    """Return how some spans lie, each given in minutes."""
    found = sorted(minutes)
    if not found:
        return Spread(None, None, None, None)
    # The smallest that at least nine of ten do not exceed; in whole numbers, for 0.9 is none of a computer's.
    rank = -(-len(found) * 9 // 10) - 1
    return Spread(round(mean(found)), round(median(found)), round(found[rank]), round(found[-1]))
