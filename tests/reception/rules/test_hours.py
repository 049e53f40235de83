"""Opening hours: written, read, and asked at a moment."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reception.rules import hours
from reception.rules.hours import Span

OFFICE = hours.parse("08:30-12:00,13:30-17:30")


def test_hours_are_read_and_written() -> None:
    assert (Span(510, 720), Span(810, 1050)) == OFFICE
    assert hours.written(OFFICE) == "08:30–12:00、13:30–17:30"
    assert hours.parse("") == () and hours.parse("00:00-24:00") == (Span(0, 1440),)
    assert hours.parse("08:30-12:00，13:30-17:30") == OFFICE


@pytest.mark.parametrize(
    "text", ["8:30-12:00", "12:00-08:30", "08:30-08:30", "08:60-09:00", "25:00-26:00", "08:00-12:00,11:00-13:00", "x"]
)
def test_bad_hours_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="hours_invalid"):
        hours.parse(text)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        hours.parse(text)
    except ValueError as error:
        assert str(error) == "hours_invalid"


def test_the_last_number_is_given_some_minutes_before_the_end_of_the_day() -> None:
    assert hours.takes_tickets(OFFICE, 510, 10) and not hours.takes_tickets(OFFICE, 509, 10)
    # Before the lunch break numbers go on: whoever waits is served after it.
    assert hours.takes_tickets(OFFICE, 719, 10) and not hours.takes_tickets(OFFICE, 720, 10)
    assert hours.takes_tickets(OFFICE, 1039, 10) and not hours.takes_tickets(OFFICE, 1040, 10)
    # Round the clock there is no end of the day.
    assert hours.takes_tickets(hours.parse("00:00-24:00"), 1439, 10)


def test_a_wait_goes_on_after_the_break_and_never_past_the_end_of_the_day() -> None:
    assert hours.stretched(OFFICE, 600, 30) == 30
    assert hours.stretched(OFFICE, 710, 20) == 110
    assert hours.stretched(OFFICE, 730, 5) == 85
    assert hours.stretched(OFFICE, 1040, 11) is None
    assert hours.stretched(hours.parse("00:00-24:00"), 1430, 60) == 60


def test_the_next_opening() -> None:
    assert hours.next_begin(OFFICE, 0) == 510 and hours.next_begin(OFFICE, 730) == 810
    assert hours.next_begin(OFFICE, 810) is None


def test_a_moment_of_a_local_day() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    assert hours.moment(date(2026, 11, 23), 510, zone).isoformat() == "2026-11-23T08:30:00+08:00"
    assert hours.moment(date(2026, 12, 31), 1440, zone).isoformat() == "2027-01-01T00:00:00+08:00"
