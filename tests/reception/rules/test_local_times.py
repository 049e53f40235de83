"""Times as people type them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reception.rules import local_times

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Monday 2026-11-23, 10:24 in Shanghai.
NOW = datetime(2026, 11, 23, 2, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "local"),
    [
        ("14:05", "2026-11-23 14:05"),
        ("１４：０５", "2026-11-23 14:05"),
        ("9:30", "2026-11-23 09:30"),
        ("今天 14:00", "2026-11-23 14:00"),
        ("明天9点", "2026-11-24 09:00"),
        ("明天 下午2点半", "2026-11-24 14:30"),
        ("后天上午10:15", "2026-11-25 10:15"),
        ("昨天 16:40", "2026-11-22 16:40"),
        ("tomorrow 14:00", "2026-11-24 14:00"),
        ("today pm 3:00", "2026-11-23 15:00"),
        ("下午12:30", "2026-11-23 12:30"),
        ("11-21 14:05", "2026-11-21 14:05"),
        ("11月21日 14:05", "2026-11-21 14:05"),
        ("1-3 08:00", "2027-01-03 08:00"),
        ("2026-11-25T08:30", "2026-11-25 08:30"),
        ("2026-11-25 08:30", "2026-11-25 08:30"),
    ],
)
def test_what_is_typed(typed: str, local: str) -> None:
    assert local_times.written(local_times.parse(typed, zone=SHANGHAI, now=NOW), zone=SHANGHAI) == local


@pytest.mark.parametrize(
    "typed", ["", "工作日下午", "25:00", "14:60", "2026-02-30T10:00", "14", "明天", "2-30 10:00", "9" * 40]
)
def test_what_names_no_moment(typed: str) -> None:
    with pytest.raises(ValueError, match="time_invalid"):
        local_times.parse(typed, zone=SHANGHAI, now=NOW)


@pytest.mark.parametrize(
    "typed", ["", "14:05", "2026-11-24", "2026-11-24T10:00+08:00", "2026-11-24T10:00:00", "0001-01-01T00:00", "x\x00"]
)
def test_what_no_picker_gives(typed: str) -> None:
    with pytest.raises(ValueError, match="time_invalid"):
        local_times.from_picker(typed, zone=SHANGHAI)


def test_hours_that_the_clock_skips_are_none() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    with pytest.raises(ValueError, match="time_invalid"):
        local_times.from_picker("2026-03-29T02:30", zone=berlin)
    with pytest.raises(ValueError, match="time_invalid"):
        local_times.parse("2026-03-29T02:30", zone=berlin, now=NOW)


@given(st.text(max_size=20))
def test_nothing_else_is_raised(typed: str) -> None:
    try:
        assert local_times.parse(typed, zone=SHANGHAI, now=NOW).tzinfo is UTC
    except ValueError as error:
        assert str(error) == "time_invalid"
