"""Who comes on a simulated day, and what each of them is going to do: drawn from the seed alone, before the day."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

MINUTE, HOUR = 60, 3600
KINDS = ("normal", "visit-day", "burst")

# Visitors of a normal day, and where in the day they come: from, until (seconds after midnight), and their weight.
NORMAL = 170
RUSH = (
    (8.5 * HOUR, 9.5 * HOUR, 1.0),
    (9.5 * HOUR, 11 * HOUR, 1.25),
    (11 * HOUR, 12 * HOUR, 0.85),
    (12 * HOUR, 13.5 * HOUR, 0.05),
    (13.5 * HOUR, 14.5 * HOUR, 0.9),
    (14.5 * HOUR, 16 * HOUR, 1.15),
    (16 * HOUR, 17.5 * HOUR, 0.7),
)
# Those who come to book a visit day, on the day of this month's.
VISIT_DAY, VISIT_DAY_SPAN = 16, (9 * HOUR, 12 * HOUR)
BURST, BURST_SPAN = 200, (10 * HOUR, 10 * HOUR + 10 * MINUTE)

# Of each line: the share of the visitors, and the mean minutes at the counter.
LINES = {"general": (0.46, 4.0), "repair": (0.32, 6.0), "complaint": (0.14, 9.0), "visit-day": (0.08, 5.0)}
SCATTER = 0.6  # of the logarithm: the scatter is about two thirds of the mean
SHORTEST, LONGEST = 0.5, 45.0

PRIORITY, ABSENT, SLOW = 0.08, 0.06, 0.10
COMES_BACK, CANCELS, POSTPONES = 0.65, 0.04, 0.03
DOUBLE_TAPS, AT_THE_DESK, TELLS_WHO = 0.06, 0.02, 0.3
ON_THE_WAY = (("transfer", 0.03), ("send", 0.02), ("park", 0.03))
NAMES = ("欧阳文静", "李䶮", "赵敏之", "诸葛明远", "司马兰心", "Maria Costa")


@dataclass(frozen=True, slots=True)
class Visitor:
    """One visitor and his day. Times are seconds after midnight at the site, spans are seconds, `service` is minutes.

    `absent`: he is not there at his first call; `back_after` the missed call he comes back (None: never).
    `on_the_way`: transfer, send or park, once, in the middle of his service; `aside` is how long he is parked.
    """

    at: float
    line: str
    service: float
    priority: bool
    absent: bool
    slow: bool
    walk: float
    back_after: float | None
    cancels_after: float | None
    postpones_after: float | None
    double_tap: bool
    at_the_desk: bool
    name: str
    phone: str
    on_the_way: str
    aside: float


def expected(kind: str, seed: int) -> list[Visitor]:
    """Return the visitors of a day of this kind, in the order in which they come; the same seed, the same visitors.

    `burst` is the normal day of that seed plus 200 people within ten minutes. Raises KeyError for another kind.
    """
    extra = {"normal": _nobody, "visit-day": _visit_day, "burst": _burst}[kind]
    rng = Random(f"normal:{seed}")
    count = round(rng.gauss(NORMAL, math.sqrt(NORMAL)))
    found = [_visitor(rng, at) for at in (_in_the_day(rng) for _ in range(count))]
    found += extra(Random(f"{kind}:{seed}"))
    return sorted(found, key=lambda one: one.at)


def _nobody(rng: Random) -> Iterator[Visitor]:
    return iter(())


def _visit_day(rng: Random) -> Iterator[Visitor]:
    for _ in range(VISIT_DAY):
        yield _visitor(rng, rng.uniform(*VISIT_DAY_SPAN), "visit-day")


def _burst(rng: Random) -> Iterator[Visitor]:
    for _ in range(BURST):
        yield _visitor(rng, rng.uniform(*BURST_SPAN))


def _in_the_day(rng: Random) -> float:
    begin, end, _ = rng.choices(RUSH, [(end - begin) * weight for begin, end, weight in RUSH])[0]
    return rng.uniform(begin, end)


def _visitor(rng: Random, at: float, line: str = "") -> Visitor:
    line = line or rng.choices(list(LINES), [share for share, _ in LINES.values()])[0]
    mean = LINES[line][1]
    service = rng.lognormvariate(math.log(mean) - SCATTER**2 / 2, SCATTER)
    tells = rng.random() < TELLS_WHO
    return Visitor(
        at=at,
        line=line,
        service=min(max(service, SHORTEST), LONGEST),
        priority=rng.random() < PRIORITY,
        absent=rng.random() < ABSENT,
        slow=rng.random() < SLOW,
        walk=rng.uniform(8, 40),
        back_after=_maybe(rng, COMES_BACK, 2 * MINUTE, 20 * MINUTE),
        cancels_after=_maybe(rng, CANCELS, 3 * MINUTE, 30 * MINUTE),
        postpones_after=_maybe(rng, POSTPONES, MINUTE, 8 * MINUTE),
        double_tap=rng.random() < DOUBLE_TAPS,
        at_the_desk=rng.random() < AT_THE_DESK,
        name=rng.choice(NAMES) if tells else "",
        phone=f"139{rng.randrange(10**8):08d}" if tells else "",
        on_the_way=_detour(rng),
        aside=rng.uniform(4, 15) * MINUTE,
    )


def _maybe(rng: Random, share: float, low: float, high: float) -> float | None:
    # Both are always drawn: a changed share must not change the rest of the day.
    happens, after = rng.random() < share, rng.uniform(low, high)
    return after if happens else None


def _detour(rng: Random) -> str:
    drawn = rng.random()
    for what, share in ON_THE_WAY:
        if drawn < share:
            return what
        drawn -= share
    return ""
