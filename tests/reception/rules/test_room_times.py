"""The rows of the table of rooms: everything is drawn, in its order, and the columns add up."""

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from reception.rules.room_times import DAY, Stretch, hours_shown, parse, parse_span, stretches, written


def test_a_row_is_cut_at_full_hours() -> None:
    assert stretches([(555, 615)], 540, 660) == [
        Stretch(540, 555),
        Stretch(555, 615, 0),
        Stretch(615, 660),
    ]
    assert [one.quarters for one in stretches([], 480, 600)] == [4, 4]


def test_a_meeting_left_early_and_the_next_one_stand_side_by_side() -> None:
    row = stretches([(600, 607), (607, 660)], 600, 720)
    assert [(one.begin, one.end) for one in row if one.place is not None] == [(600, 615), (615, 660)]


def test_times_are_read_on_the_quarter() -> None:
    assert parse_span("09:15", "00:00") == (555, DAY) and parse("24:00") == DAY
    assert written(555) == "09:15"


@example([1066, 1067])
@given(st.lists(st.integers(0, 1430), min_size=2, max_size=12, unique=True).map(sorted))
def test_whatever_is_booked_is_drawn_and_the_columns_add_up(ends: list[int]) -> None:
    spans = list(zip(ends[::2], ends[1::2], strict=False))
    begin, end = hours_shown([spans], (480, 1080))
    row = stretches(spans, begin, end)
    assert [row[0].begin, row[-1].end] == [begin, end]
    assert all(first.end == second.begin for first, second in pairwise(row))
    assert all(one.begin % 15 == 0 and one.quarters > 0 for one in row)
    drawn = [one.place for one in row if one.place is not None]
    # But for what is pushed over midnight by those before it.
    assert drawn == list(range(len(drawn))) and (len(drawn) == len(spans) or spans[-1][1] > DAY - 15 * len(spans))
