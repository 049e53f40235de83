"""Money in whole fen: what people type, the amounts of lines, and 大写 read back by an independent reader."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reception.rules import money

FEN = st.integers(0, money.LARGEST)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0), ("12", 1200), ("12.5", 1250), ("12.50", 1250), ("12.05", 1205), ("0.01", 1), ("１２．５０", 1250),
        ("￥30", 3000), ("¥30.00", 3000), ("30元", 3000), (" 30 ", 3000), ("1,200", 120000), ("1,200.50", 120050),
        ("12。5", 1250), ("007", 700), ("9,999,999.99", 999_999_999), ("1 200", 120000),
    ],
)  # fmt: skip
def test_what_people_type(text: str, fen: int) -> None:
    assert money.parse_yuan(text) == fen


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "1.234", ".5", "1.", "1e3", "一百", "1,20", "12,00.5", "NaN", "٣", "²", "1.2.3", "\x001"]
)
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match="money_invalid"):
        money.parse_yuan(text)


def test_too_much_money() -> None:
    with pytest.raises(ValueError, match="money_too_large"):
        money.parse_yuan("10000000")


@given(FEN)
def test_what_is_shown_is_read_again(fen: int) -> None:
    assert money.parse_yuan(money.format_yuan(fen)) == fen


@given(st.text(max_size=12))
def test_whatever_is_typed(text: str) -> None:
    try:
        assert 0 <= money.parse_yuan(text) <= money.LARGEST
    except ValueError as error:
        assert str(error) in {"money_invalid", "money_too_large"}


@pytest.mark.parametrize(
    ("text", "hundredths"), [("1", 100), ("1.5", 150), ("0.25", 25), ("２", 200), ("12.05", 1205), ("9999.99", 999_999)]
)
def test_quantities(text: str, hundredths: int) -> None:
    assert money.parse_quantity(text) == hundredths
    assert money.parse_quantity(money.format_quantity(hundredths)) == hundredths


@pytest.mark.parametrize("text", ["", "0", "0.00", "-1", "1.234", "x", "10000", "1e2"])
def test_no_quantities(text: str) -> None:
    with pytest.raises(ValueError, match="quantity_invalid"):
        money.parse_quantity(text)


@given(st.integers(1, 10**6), st.integers(0, 10**7))
def test_the_amount_of_a_line_is_what_the_store_checks(quantity: int, price: int) -> None:
    (stored,) = sqlite3.connect(":memory:").execute("SELECT (? * ? + 50) / 100", [quantity, price]).fetchone()
    assert money.amount(quantity, price) == stored


def test_half_a_fen_goes_up() -> None:
    assert [money.amount(50, 1), money.amount(49, 1), money.amount(150, 333)] == [1, 0, 500]


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        # The examples of 支付结算办法, 附一.
        (140950, "壹仟肆佰零玖元伍角"), (600714, "陆仟零柒元壹角肆分"), (168032, "壹仟陆佰捌拾元零叁角贰分"),
        (10700053, "壹拾万柒仟元零伍角叁分"), (1640902, "壹万陆仟肆佰零玖元零贰分"), (32504, "叁佰贰拾伍元零肆分"),
        (0, "零元整"), (1, "壹分"), (10, "壹角"), (15, "壹角伍分"), (100, "壹元整"), (1000, "壹拾元整"),
        (1100, "壹拾壹元整"), (12345, "壹佰贰拾叁元肆角伍分"), (10000, "壹佰元整"), (10100, "壹佰零壹元整"),
        (11000, "壹佰壹拾元整"), (100005, "壹仟元零伍分"), (100050, "壹仟元零伍角"), (1000000, "壹万元整"),
        (1000100, "壹万零壹元整"), (1001000, "壹万零壹拾元整"), (10000000, "壹拾万元整"),
        (10010000, "壹拾万零壹佰元整"),
        (10000000000, "壹亿元整"), (10000000700, "壹亿零柒元整"), (10001000000, "壹亿零壹万元整"),
        (10500000000, "壹亿零伍佰万元整"), (999999999, "玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)  # fmt: skip
def test_in_capitals(fen: int, words: str) -> None:
    assert money.capital(fen) == "人民币" + words


def read(words: str) -> int:
    """Read 大写 as a clerk does: each digit times its place, sections summed; independent of how it was written."""
    digits = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
    places = {"拾": 10, "佰": 100, "仟": 1000}
    total = section = digit = fen = 0
    for char in words.removeprefix("人民币"):
        if char in digits:
            digit = digits[char]
        elif char in places:
            section, digit = section + digit * places[char], 0
        elif char in "万亿":
            total, section, digit = total + (section + digit) * (10**4 if char == "万" else 10**8), 0, 0
        elif char == "元":
            fen, total, section, digit = (total + section + digit) * 100, 0, 0, 0
        elif char in "角分":
            fen, digit = fen + digit * (10 if char == "角" else 1), 0
        else:
            assert char == "整"
    return fen


@given(st.one_of(FEN, st.integers(0, 10**14 - 1), st.integers(0, 10**5).map(lambda n: n * 10**4)))
def test_capitals_read_back(fen: int) -> None:
    words = money.capital(fen)
    assert read(words) == fen
    assert "零零" not in words
    assert words.endswith("整") == (fen % 100 == 0)
    assert not words.endswith("零")


@pytest.mark.parametrize("fen", [-1, 10**14])
def test_no_capitals(fen: int) -> None:
    with pytest.raises(ValueError, match="money_invalid"):
        money.capital(fen)
