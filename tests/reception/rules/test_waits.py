"""The range of a wait."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reception.rules.waits import Range, estimate


def test_a_free_counter_calls_at_once() -> None:
    assert estimate(0, 2, 1, []) == Range(0, 2)


def test_more_people_wait_longer_and_more_counters_shorten_it() -> None:
    one, two = estimate(10, 1, 0, [6.0] * 20), estimate(10, 2, 0, [6.0] * 20)
    assert one.low < 66 < one.high and two.low < 33 < two.high
    assert one.high > two.high and one.low > two.low


def test_what_was_measured_outweighs_the_guess() -> None:
    assert estimate(5, 1, 0, [20.0] * 30).low > estimate(5, 1, 0, []).high - 15
    assert estimate(5, 1, 0, [2.0] * 30).high < estimate(5, 1, 0, []).high


def test_who_may_be_overtaken_is_told_a_longer_end() -> None:
    plain, overtaken = estimate(8, 1, 0, [5.0] * 20), estimate(8, 1, 0, [5.0] * 20, share_overtaking=0.4)
    assert overtaken.low == plain.low and overtaken.high > plain.high


@given(
    st.integers(0, 300),
    st.integers(1, 12),
    st.integers(0, 12),
    st.lists(st.floats(0, 300), max_size=40),
    st.floats(0, 1),
)
def test_it_is_always_a_range(ahead: int, counters: int, free: int, spans: list[float], share: float) -> None:
    found = estimate(ahead, counters, min(free, counters), spans, share_overtaking=share)
    assert 0 <= found.low < found.high <= 610


def test_without_a_counter_nobody_can_say() -> None:
    with pytest.raises(ValueError, match="counters_invalid"):
        estimate(1, 0, 0, [])
