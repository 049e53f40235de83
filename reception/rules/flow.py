"""How many matters stood open, came, were over and are carried on in a span of time (domain.md K3, 19; K10)."""

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Final, NamedTuple

# A turn of a matter: it came (or came again), or it was over.
BEGIN: Final = 1
END: Final = -1


class Flow(NamedTuple):
    """`opening` + `received` + `reopened` - `closed` = `carried`."""

    opening: int
    received: int
    reopened: int
    closed: int
    carried: int

    @property
    def holds(self) -> bool:
        """Whether the identity holds."""
        return self.opening + self.received + self.reopened - self.closed == self.carried

    def __add__(self, other: object) -> "Flow":
        """The flow of both: a sum of matters, not a longer tuple."""
        if not isinstance(other, Flow):
            return NotImplemented
        return Flow(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


NOTHING: Final = Flow(0, 0, 0, 0, 0)


def of_one(turns: Sequence[tuple[str, int]], begin: str, end: str) -> Flow:
    """The flow of one matter in `begin` <= t < `end`, from its turns: (moment as a text that sorts, BEGIN or END).

    The first turn is its coming; every later beginning is a coming again. Beginnings and endings take turns: one more
    of the same is none, and a moment before the one that went before it (a clock that was set back) counts as that
    one. How it stands at `begin` and `end` is read from the last turn before: the identity is a finding, not a sum.
    Refuses `turns_invalid`: none, or the first is no beginning.
    """
    if not turns or turns[0][1] != BEGIN:
        raise ValueError("turns_invalid")
    kept = [turns[0]]
    for at, turn in turns[1:]:
        if turn != kept[-1][1]:
            kept.append((max(at, kept[-1][0]), turn))
    before = [turn for at, turn in kept if at < begin]
    until = [turn for at, turn in kept if at < end]
    within = until[len(before) :]
    came = not before and bool(within)
    return Flow(
        opening=int(before[-1:] == [BEGIN]),
        received=int(came),
        reopened=within.count(BEGIN) - came,
        closed=within.count(END),
        carried=int(until[-1:] == [BEGIN]),
    )


def median_minutes(spans: Iterable[float]) -> int | None:
    """The median of some spans, each in minutes, to the whole minute; None of none."""
    found = list(spans)
    return None if not found else round(median(found))
