"""How long somebody will wait, as an honest range (`screens.md`, Words: never one figure)."""

import math
from collections.abc import Sequence
from typing import NamedTuple

# Until enough visitors were served today the range leans on this guess: minutes a visitor, and how many it counts for.
GUESS_MINUTES = 6.0
GUESS_WEIGHT = 4
# Spans of service scatter; fewer than this share of their mean is luck.
LEAST_SCATTER = 0.6
# Eight of ten waits should lie within the range; the simulator measures how many do.
REACH = 1.2
LONGEST_MINUTES = 600


class Range(NamedTuple):
    """A wait in whole minutes: at least, at most."""

    low: int
    high: int


def estimate(ahead: int, counters: int, free: int, spans: Sequence[float], *, share_overtaking: float = 0.0) -> Range:
    """Return the range of the wait of somebody with so many ahead.

    `counters` are open for his line, of which `free` hold nobody; `spans` are the minutes from call to completion of
    recent visitors. `share_overtaking` is the share of visitors called before their turn: it lengthens the range
    upwards only. With more free counters than people ahead he is called at once: (0, 2). Refuses `counters` below 1.
    """
    if counters < 1:
        raise ValueError("counters_invalid")
    mean = (sum(spans) + GUESS_WEIGHT * GUESS_MINUTES) / (len(spans) + GUESS_WEIGHT)
    scatter = max(LEAST_SCATTER, _scatter(spans, mean))
    completions = ahead + 1 - free
    if completions <= 0:
        return Range(0, 2)
    middle = completions * mean / counters
    # Each visitor scatters by himself, and the mean itself is known only from so many of them: for a long queue that
    # is the greater doubt.
    doubt = completions + completions**2 / (len(spans) + GUESS_WEIGHT)
    reach = REACH * scatter * mean * math.sqrt(doubt) / counters
    return _rounded(middle - reach, (middle + reach) * (1 + share_overtaking))


def _scatter(spans: Sequence[float], mean: float) -> float:
    if len(spans) < GUESS_WEIGHT or mean <= 0:
        return LEAST_SCATTER
    return math.sqrt(sum((span - mean) ** 2 for span in spans) / len(spans)) / mean


def _rounded(low: float, high: float) -> Range:
    """Return the range in figures that people say: by five minutes from ten on, by ten from an hour on."""
    floor, ceiling = min(max(0.0, low), LONGEST_MINUTES - 60), min(high, LONGEST_MINUTES)
    down = int(floor // _step(floor) * _step(floor))
    up = int(-(-ceiling // _step(ceiling)) * _step(ceiling))
    return Range(down, max(up, down + int(_step(down)), 2))


def _step(minutes: float) -> float:
    return 1 if minutes < 5 else 5 if minutes < 60 else 10
