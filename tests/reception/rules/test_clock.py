"""Tests of effective time and of times as text."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reception.rules.clock import effective, from_text, is_behind, local_day, to_text

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NAIVE = NOON.replace(tzinfo=None)
SHANGHAI = ZoneInfo("Asia/Shanghai")
SECOND = timedelta(seconds=1)

moments = st.datetimes(
    datetime(2000, 1, 1),  # noqa: DTZ001 - Hypothesis wants its bounds naive
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, SHANGHAI, timezone(-SECOND * 12600)]),
)


def test_effective_time_is_the_later_of_the_two() -> None:
    assert effective(NOON, None) == NOON
    assert effective(NOON, NOON - SECOND) == NOON
    assert effective(NOON, NOON + SECOND) == NOON + SECOND


def test_effective_time_is_utc_and_right_in_the_hour_put_back() -> None:
    zone = ZoneInfo("America/New_York")
    earlier = datetime(2026, 11, 1, 1, 50, tzinfo=zone)  # summer time
    later = datetime(2026, 11, 1, 1, 10, fold=1, tzinfo=zone)  # 20 minutes after it
    assert effective(earlier, later) == later.astimezone(UTC)
    assert effective(earlier, later).tzinfo is UTC


def test_behind_only_past_the_tolerance() -> None:
    two = timedelta(minutes=2)
    assert not is_behind(NOON, None)
    assert not is_behind(NOON, NOON + two)
    assert is_behind(NOON, NOON + two + SECOND)
    assert not is_behind(NOON, NOON - timedelta(days=1))
    assert is_behind(NOON, NOON + SECOND, tolerance=timedelta(0))


def test_text_has_milliseconds_cut_and_utc() -> None:
    at = datetime(2026, 11, 23, 20, 0, 1, 999_999, tzinfo=SHANGHAI)
    assert to_text(at) == "2026-11-23T12:00:01.999Z"
    assert to_text(NOON) == "2026-11-23T12:00:00.000Z"
    assert from_text("2026-11-23T12:00:01.999Z") == datetime(2026, 11, 23, 12, 0, 1, 999_000, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-23",
        "2026-11-23T12:00:00Z",
        "2026-11-23T12:00:00.000",
        "2026-11-23T12:00:00.000+00:00",
        "2026-11-23T12:00:00.000000Z",
        "2026-11-23 12:00:00.000Z",
        "2026-02-30T12:00:00.000Z",
        "2026-11-23T25:00:00.000Z",
        "2026-11-23T12:00:00.000Z\n",
        "２０２６-11-23T12:00:00.000Z",
    ],
)
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^time_invalid$"):
        from_text(text)


def test_the_local_day_changes_at_local_midnight() -> None:
    assert local_day(datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC), SHANGHAI) == date(2026, 11, 23)
    assert local_day(datetime(2026, 11, 23, 16, 0, tzinfo=UTC), SHANGHAI) == date(2026, 11, 24)


def test_naive_datetimes_are_refused() -> None:
    for refused in (
        lambda: effective(NAIVE, None),
        lambda: effective(NOON, NAIVE),
        lambda: is_behind(NAIVE, None),
        lambda: is_behind(NOON, NAIVE),
        lambda: to_text(NAIVE),
        lambda: local_day(NAIVE, SHANGHAI),
    ):
        with pytest.raises(ValueError, match="time_naive"):
            refused()


@settings(deadline=None)
@given(first=moments, second=moments)
def test_texts_sort_as_times_do_and_read_back(first: datetime, second: datetime) -> None:
    texts = to_text(first), to_text(second)
    assert len(texts[0]) == len(texts[1]) == 24
    lost = first - from_text(texts[0])
    assert timedelta(0) <= lost < timedelta(milliseconds=1)
    assert to_text(from_text(texts[0])) == texts[0]
    if second.astimezone(UTC) - first.astimezone(UTC) >= timedelta(milliseconds=1):
        assert texts[0] < texts[1]
    elif first.astimezone(UTC) <= second.astimezone(UTC):
        assert texts[0] <= texts[1]
