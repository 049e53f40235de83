"""Tests of the place a missed ticket comes back to."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reception.rules.order import Rank, restored_rank

NOW = "2026-11-23T04:00:00.000Z"

# (rank, id) sorted as the queue sorts: by at, tie, id.
Ticket = tuple[Rank, int]


def at(second: int) -> str:
    return f"2026-11-23T02:00:{second:02d}.000Z"


def line_of(*seconds: int) -> list[Ticket]:
    return sorted((Rank(at(second), 0), n) for n, second in enumerate(seconds))


def restore(line: list[Ticket], ticket: int, skip: int = 3) -> list[Ticket]:
    return sorted([*line, (restored_rank([rank for rank, _ in line], NOW, skip), ticket)])


def ids(line: list[Ticket]) -> list[int]:
    return [ticket for _, ticket in line]


@pytest.mark.parametrize(
    ("waiting", "expected"),
    [
        (0, [99]),
        (1, [0, 99]),
        (3, [0, 1, 2, 99]),
        (5, [0, 1, 2, 99, 3, 4]),
    ],
)
def test_behind_the_third_or_the_last(waiting: int, expected: list[int]) -> None:
    assert ids(restore(line_of(*range(waiting)), 99)) == expected


def test_the_ranks_themselves() -> None:
    assert restored_rank([], NOW) == Rank(NOW, 0)
    assert restored_rank([Rank(at(n), 0) for n in range(5)], NOW) == Rank(at(2), 1)


def test_a_ticket_issued_afterwards_stays_behind() -> None:
    line = restore(line_of(0), 99)
    assert ids(sorted([*line, (Rank(at(1), 0), 1)])) == [0, 99, 1]


def test_restored_tickets_keep_their_order_whatever_their_ids() -> None:
    line = line_of(*range(5))
    for ticket in (50, -1, 49):  # smaller ids must not slip ahead
        line = restore(line, ticket)
    assert ids(line) == [0, 1, 2, 50, -1, 49, 3, 4]


def test_two_restored_to_an_empty_queue_keep_their_order() -> None:
    assert ids(restore(restore([], 7), 3)) == [7, 3]


def test_a_skip_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="skip_invalid"):
        restored_rank([], NOW, 0)


distinct_seconds = st.lists(st.integers(0, 59), unique=True, max_size=12)
skips = st.integers(1, 5)


@settings(deadline=None)
@given(seconds=distinct_seconds, skip=skips, ticket=st.integers(-50, 50).filter(lambda n: not 0 <= n < 12))
def test_exactly_skip_tickets_go_first(seconds: list[int], skip: int, ticket: int) -> None:
    line = line_of(*seconds)
    after = ids(restore(line, ticket, skip))
    place = min(skip, len(line))
    assert after == [*ids(line)[:place], ticket, *ids(line)[place:]]


@settings(deadline=None)
@given(
    seconds=st.lists(st.integers(0, 5), max_size=12),  # several in the same instant
    skip=skips,
    tickets=st.permutations([-3, -2, -1, 101, 102, 103]),
    calls=st.lists(st.integers(0, 2), min_size=6, max_size=6),
)
def test_restored_one_after_the_other_none_jumps_and_none_goes_early(
    seconds: list[int], skip: int, tickets: list[int], calls: list[int]
) -> None:
    line = line_of(*seconds)
    restored: list[int] = []
    for ticket, called in zip(tickets, calls, strict=True):
        line = line[called:]  # the counters call some between two restorations
        before = ids(line)
        line = restore(line, ticket, skip)
        restored.append(ticket)
        after = ids(line)
        assert [other for other in after if other != ticket] == before  # nobody else moves
        assert after.index(ticket) >= min(skip, len(before))
        still = [other for other in restored if other in after]
        assert [other for other in after if other in restored] == still
