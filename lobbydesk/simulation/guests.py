"""Whom the host of a simulated visit day is going to receive: drawn from the seed alone, before anybody books."""

import math
from dataclasses import dataclass
from random import Random

from lobbydesk.simulation.visitors import HOUR, MINUTE

# As many book as there are times, and one more, who waits until somebody withdraws.
BOOKED, WALK_INS = 9, 2
WALKS_IN = (9.9 * HOUR, 11.2 * HOUR)
# How they come, in minutes after their time; every day has each way, who takes which is drawn.
WAYS: tuple[tuple[float, float] | None, ...] = (
    (-40, -20),
    (-14, -3),
    (-14, -3),
    (-14, -3),
    (-10, 4),
    (-10, 4),
    (12, 20),
    None,
)
# A talk in minutes; one a day takes longer than its time.
TALK, TALK_SCATTER, SHORTEST, LONGEST, OVERRUN = 11.5, 0.25, 5.0, 15.0, 19.0
ABSENT = 0.15


@dataclass(frozen=True, slots=True)
class Invited:
    """One guest. `after` is when he comes, in seconds after his time; None: never. `at`: he walks in, then, unbooked.

    `talk` is how many minutes he takes in the room. `absent`: he is not in the waiting room at his first call and comes
    back after some minutes. `withdraws`: he takes his booking back some days before. `at_kiosk`: he books by himself.
    """

    nonce: str
    after: float | None
    talk: float
    absent: bool
    withdraws: bool = False
    at_kiosk: bool = False
    at: float | None = None


def invited(seed: int) -> list[Invited]:
    """Return the guests of a day, as they book, then those who walk in; the same seed, the same guests."""
    rng = Random(f"invited:{seed}")
    withdraws = rng.randrange(BOOKED - 1)
    ways = rng.sample(WAYS, len(WAYS))
    ways.insert(withdraws, None)
    longest = rng.choice([number for number, way in enumerate(ways) if way is not None])
    found = []
    for number, way in enumerate(ways):
        after = None if way is None else rng.uniform(*way) * MINUTE
        talk = OVERRUN if number == longest else _talk(rng)
        found.append(
            Invited(
                f"guest-{number}",
                after,
                talk,
                absent=rng.random() < ABSENT,
                withdraws=number == withdraws,
                at_kiosk=number % 3 == 2,
            )
        )
    for number in range(WALK_INS):
        found.append(Invited(f"walk-in-{number}", None, _talk(rng), absent=False, at=rng.uniform(*WALKS_IN)))
    return found


def _talk(rng: Random) -> float:
    return min(max(rng.lognormvariate(math.log(TALK), TALK_SCATTER), SHORTEST), LONGEST)
