"""Who is received when on the visit day (K5, K6): on time or not, in which order, and when that will be."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

EARLY, ON_TIME, LATE, WALK_IN = "early", "on_time", "late", "walk_in"
# Received by their time; the others after them.
BY_TIME: Final = frozenset({EARLY, ON_TIME})


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody of the day. `starts`: when his slot begins, None without one; `minutes`: how long a talk takes.

    `arrived` is when he checked in, None while he is expected; `arrival` how he came; `missed`: he was called and was
    not there, so often.
    """

    id: int
    starts: datetime | None
    minutes: int
    arrived: datetime | None = None
    arrival: str | None = None
    missed: int = 0


def arrival(at: datetime, starts: datetime | None, *, early: timedelta, late: timedelta, walk_in: bool = False) -> str:
    """Return how somebody comes who is here at `at`: from `early` before his slot to `late` after it he is on time.

    Without a slot he came by no appointment, whoever entered him.
    """
    if walk_in or starts is None:
        return WALK_IN
    if at < starts - early:
        return EARLY
    return LATE if at > starts + late else ON_TIME


def order(guests: Iterable[Guest]) -> list[Guest]:
    """Return who is here as they are received: by slot, then arrival; late ones and walk-ins after those on time.

    Who was called and was not there goes behind all others.
    """
    return sorted((one for one in guests if one.arrived is not None), key=_place)


def _place(one: Guest) -> tuple[int, bool, datetime, datetime, int]:
    assert one.arrived is not None
    by_time = one.arrival in BY_TIME and one.starts is not None
    return (one.missed, not by_time, one.starts if by_time and one.starts else one.arrived, one.arrived, one.id)


def expected(guests: Iterable[Guest], *, free_at: datetime, late: timedelta) -> Iterator[tuple[int, datetime]]:
    """Yield (id, when he will be received) of who is here and of who is still to come, in that order.

    `free_at` is when the room is free. Nobody is expected before his slot, who comes late holds nobody up: his slot
    counts until `late` after it, as long as he is not here.
    """
    every = list(guests)
    here = {one.id for one in every if one.arrived is not None}
    queue = order(every)
    coming = sorted(
        (one for one in every if one.arrived is None and one.starts is not None and free_at <= one.starts + late),
        key=lambda one: (one.starts, one.id),
    )
    while queue or coming:
        one = _next(queue, coming, free_at)
        (queue if one.id in here else coming).remove(one)
        at = max(free_at, one.starts) if one.starts is not None else free_at
        yield one.id, at
        free_at = at + timedelta(minutes=one.minutes)


def _next(queue: list[Guest], coming: list[Guest], free_at: datetime) -> Guest:
    """Return whom the room takes next: who is here, unless somebody who is still to come has an earlier time."""
    if not queue or not coming:
        return (queue or coming)[0]
    first, later = queue[0], coming[0]
    assert later.starts is not None
    by_time = first.arrival in BY_TIME and first.starts is not None and not first.missed
    if by_time and first.starts is not None:
        return first if first.starts <= later.starts else later
    # Without a time of his own he fills what lies before the next slot.
    return first if free_at + timedelta(minutes=first.minutes) <= later.starts else later
