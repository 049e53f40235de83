"""The months of a fee, as finance departments write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reception.rules.fee_periods import Period, parse

NOVEMBER = 2026 * 12 + 10


@pytest.mark.parametrize(
    ("text", "written", "months"),
    [
        ("2026-11", "2026-11", 1),
        ("2026年11月", "2026-11", 1),
        ("２０２６．１１", "2026-11", 1),
        ("2026-11-01", "2026-11", 1),
        ("2026-10至2026-12", "2026-10 – 2026-12", 3),
        ("2026年10月-2026年12月", "2026-10 – 2026-12", 3),
        ("2026-10 ~ 2026-12", "2026-10 – 2026-12", 3),
        ("2026Q4", "2026-10 – 2026-12", 3),
        ("2026年第4季度", "2026-10 – 2026-12", 3),
        ("2026年", "2026-01 – 2026-12", 12),
        ("2024-01至2026-12", "2024-01 – 2026-12", 36),
    ],
)
def test_what_lists_write(text: str, written: str, months: int) -> None:
    assert (parse(text).text, parse(text).months) == (written, months)


@pytest.mark.parametrize(
    "text",
    ["", "11", "2026-13", "2026-00", "2026-11-02", "2026-12至2026-10", "2023-12至2026-12", "1949-12", "2101-01", "本月",
     "2026-10至2026-11至2026-12", "2026Q5", "至", "2026-10至"],
)  # fmt: skip
def test_what_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="fee_period_invalid"):
        parse(text)


@given(st.text(max_size=30))
def test_any_text_is_a_period_or_refused_by_its_code(text: str) -> None:
    try:
        found = parse(text)
    except ValueError as error:
        assert str(error) == "fee_period_invalid"
    else:
        assert found.first <= found.last < found.first + 36 and parse(found.text) == found


def test_months_that_meet() -> None:
    quarter = Period(NOVEMBER - 1, NOVEMBER + 1)
    assert quarter.meets(Period(NOVEMBER, NOVEMBER)) and quarter.meets(Period(NOVEMBER + 1, NOVEMBER + 9))
    assert not quarter.meets(Period(NOVEMBER + 2, NOVEMBER + 2))
