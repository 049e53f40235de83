"""Where a missed ticket (过号) comes back into the queue."""

from collections.abc import Sequence
from typing import NamedTuple


class Rank(NamedTuple):
    """A place in a queue, which is sorted by (at, tie, id).

    `at` is a time as `clock.to_text` writes it; `tie` is 0 for a ticket standing by its own time and
    counts up for those put back behind it.
    """

    at: str
    tie: int


def restored_rank(waiting: Sequence[Rank], now_at: str, skip: int = 3) -> Rank:
    """The rank that puts a missed ticket just behind the `skip`-th waiting one (domain.md K2, K5: 3).

    `waiting` is sorted ascending. With fewer waiting it comes behind the last; with none it stands at
    `now_at`. It also comes behind every ticket with the same `at` as the one it follows: those are
    tickets restored to that place before it, which it must not jump, and tickets of the very same
    millisecond, which no rank can part. Refuses a skip below 1 (`skip_invalid`): without anyone to
    follow, a later one would jump an earlier one.
    """
    if skip < 1:
        raise ValueError("skip_invalid")
    if not waiting:
        return Rank(now_at, 0)
    at = waiting[min(skip, len(waiting)) - 1].at
    return Rank(at, max(rank.tie for rank in waiting if rank.at == at) + 1)
