"""Charts: nothing leaves its frame, heights follow the counts, a gap stays a gap."""

from hypothesis import given
from hypothesis import strategies as st

from desk import charts

COUNTS = st.lists(st.integers(0, 100_000), min_size=1, max_size=40)


@given(COUNTS)
def test_columns_stay_in_their_frame_and_follow_the_counts(counts: list[int]) -> None:
    chart = charts.columns([(str(at), count) for at, count in enumerate(counts)])
    assert len(chart.bars) == len(counts)
    base = charts.HEIGHT - charts.BELOW
    for bar, count in zip(chart.bars, counts, strict=True):
        assert bar.x >= charts.LEFT and bar.x + bar.width <= charts.WIDTH + 0.1
        assert charts.ABOVE <= bar.y <= base and abs(bar.y + bar.height - base) < 0.11
        assert (bar.height == 0) == (bar.y == base)
        assert count or bar.height == 0
    ranked = sorted(zip(counts, (bar.height for bar in chart.bars), strict=True))
    assert [height for _count, height in ranked] == sorted(bar.height for bar in chart.bars)
    assert [number for _y, number in chart.ticks] == sorted({number for _y, number in chart.ticks})
    assert chart.ticks[-1][1] >= max(counts)


def test_a_month_without_a_figure_is_a_gap_in_its_line() -> None:
    chart = charts.lines(["1", "2", "3", "4"], [("waits", [3, 5, None, 4]), ("none", [None] * 4)])
    waits, none = chart.paths
    assert len(waits.parts) == 1 and waits.parts[0].count(",") == 2, "one point alone is a dot, no line"
    assert [shown for _x, _y, shown in waits.dots] == ["3", "5", "4"]
    assert (none.parts, none.dots) == ((), ())


def test_an_empty_chart_is_one_too() -> None:
    assert charts.columns([]).bars == () and charts.lines([], []).paths == ()
    assert charts.columns([("1", 0)]).bars[0].height == 0


@given(COUNTS)
def test_shades_and_shares(counts: list[int]) -> None:
    most = max(counts)
    for count in counts:
        assert 0 <= charts.share(count, most) <= 100
        assert (charts.level(count, most) == 0) == (count == 0) and charts.level(count, most) <= 4
    assert charts.level(None, most) == 0
