"""Tests of the numbers on tickets, cases and bookings, and of tokens."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reception.rules.numbers import (
    booking_no,
    canonical_token,
    case_no,
    new_token,
    parse_ticket_no,
    spoken,
    ticket_no,
)

DAY = date(2026, 11, 23)


def test_ticket_numbers_never_wrap() -> None:
    assert [ticket_no("A", n) for n in (1, 42, 999, 1000, 1001)] == ["A001", "A042", "A999", "A1000", "A1001"]


def test_case_and_booking_numbers() -> None:
    assert case_no("BX", DAY, 4) == "BX20261123-004"
    assert case_no("TS", date(2026, 1, 2), 1000) == "TS20260102-1000"
    assert booking_no(date(2026, 12, 4), 5) == "JF202612-05"
    assert booking_no(date(2027, 1, 4), 100) == "JF202701-100"


@pytest.mark.parametrize("number", [0, -1])
def test_numbers_begin_at_one(number: int) -> None:
    with pytest.raises(ValueError, match="number_invalid"):
        ticket_no("A", number)
    with pytest.raises(ValueError, match="number_invalid"):
        case_no("BX", DAY, number)
    with pytest.raises(ValueError, match="number_invalid"):
        booking_no(DAY, number)


@pytest.mark.parametrize("prefix", ["", "a", "AB", "Ａ", "1", "A\n"])
def test_other_prefixes_are_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="prefix_invalid"):
        ticket_no(prefix, 1)


@pytest.mark.parametrize("series", ["", "B", "bx", "BXX", "B1"])
def test_other_series_are_refused(series: str) -> None:
    with pytest.raises(ValueError, match="series_invalid"):
        case_no(series, DAY, 1)


def test_spoken_digit_by_digit() -> None:
    assert spoken("A001") == ("A", "零", "零", "一")
    assert spoken("w1023") == ("W", "一", "零", "二", "三")
    assert "".join(spoken("T456") + spoken("J789")) == "T四五六J七八九"
    with pytest.raises(ValueError, match="ticket_no_invalid"):
        spoken("A1")


@pytest.mark.parametrize(
    "text",
    ["", "A", "001", "A01", "A000", "A0001", "AA001", "A001x", "A-001", "ı001", "A００１", "A" + "9" * 5000],
)
def test_what_is_no_ticket_number(text: str) -> None:
    assert parse_ticket_no(text) is None


@settings(deadline=None)
@given(prefix=st.sampled_from("AWTJ"), number=st.integers(1, 99_999))
def test_a_ticket_number_reads_back(prefix: str, number: int) -> None:
    written = ticket_no(prefix, number)
    assert parse_ticket_no(written) == (prefix, number)
    assert parse_ticket_no(f" {written.lower()}\n") == (prefix, number)
    assert len(spoken(written)) == len(written)


@settings(deadline=None)
@given(text=st.text("AaWı019０ ", max_size=6))
def test_only_the_written_form_reads(text: str) -> None:
    parsed = parse_ticket_no(text)
    assert parsed is None or ticket_no(*parsed) == text.strip().upper()


def test_tokens_of_known_bytes() -> None:
    assert new_token(bytes(16)) == "A" * 26
    assert new_token(b"\xff" * 16) == "7" * 25 + "4"


@pytest.mark.parametrize("size", [0, 15, 17])
def test_a_token_needs_128_bits(size: int) -> None:
    with pytest.raises(ValueError, match="token_bytes_invalid"):
        new_token(bytes(size))


@settings(deadline=None)
@given(first=st.binary(min_size=16, max_size=16), second=st.binary(min_size=16, max_size=16))
def test_tokens_are_canonical_in_either_case_and_differ_with_their_bytes(first: bytes, second: bytes) -> None:
    token = new_token(first)
    assert canonical_token(token) == canonical_token(token.lower()) == token
    assert (token == new_token(second)) == (first == second)


@pytest.mark.parametrize(
    "text", ["", "A" * 25, "A" * 27, "A" * 25 + "1", "A" * 25 + "ı", "A" * 25 + "ß", "A" * 26 + "\n"]
)
def test_what_is_no_token(text: str) -> None:
    assert canonical_token(text) is None
