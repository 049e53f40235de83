"""Readings of meters, as typed."""

import pytest

from reception.rules import meters, money


@pytest.mark.parametrize(
    ("typed", "hundredths"),
    [
        ("0", 0),
        ("345", 34500),
        (" 345.6 ", 34560),
        ("００１２．５", 1250),
        ("12。05", 1205),
        ("999999.99", meters.LARGEST),
    ],
)
def test_readings_as_typed(typed: str, hundredths: int) -> None:
    assert meters.parse_reading(typed) == hundredths


@pytest.mark.parametrize("typed", ["", "-1", "1.234", "1,200", "12m", "1000000", "1.", ".5", "一"])
def test_what_is_no_reading(typed: str) -> None:
    with pytest.raises(ValueError, match="reading_invalid"):
        meters.parse_reading(typed)


def test_a_meter_does_not_run_back() -> None:
    assert money.format_quantity(meters.used(34500, 34725)) == "2.25"
    with pytest.raises(ValueError, match="reading_below"):
        meters.used(34500, 34499)
