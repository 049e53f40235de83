"""Tests of reading what people type."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reception.rules.people import clean_phone, clean_text, parse_flag, parse_unit


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("", ""),
        ("  张三 ", "张三"),
        ("张\u3000\u3000三", "张 三"),
        ("水管\t漏水\r\n\n请来", "水管 漏水 请来"),
        ("e\u0301", "é"),
        ("e\u200b\u0301", "é"),
        ("\ufeff\u200b", ""),
        ("㛃𬱖", "㛃𬱖"),
        ("👨\u200d👩", "👨\u200d👩"),
    ],
)
def test_one_line(typed: str, clean: str) -> None:
    assert clean_text(typed, limit=20) == clean


def test_several_lines() -> None:
    typed = "\n 一  二 \t\r\n三\r四\u2028五  \n\n"
    assert clean_text(typed, limit=20, multiline=True) == "一  二\n三\n四\n五"


@pytest.mark.parametrize("multiline", [False, True])
@pytest.mark.parametrize(
    "char",
    [
        "\x00",
        "\x07",
        "\x0b",
        "\x1b",
        "\x1f",
        "\x7f",
        "\x85",
        "\ud800",
        "\udfff",
        "\u202e",
        "\u2066",
        "\u200f",
    ],
)
def test_what_could_disturb_a_screen_or_printer_is_refused(char: str, multiline: bool) -> None:
    for text in (char, f"a{char}b", f"a{char}"):
        with pytest.raises(ValueError, match=r"^text_invalid$"):
            clean_text(text, limit=20, multiline=multiline)


def test_the_limit_counts_what_is_kept() -> None:
    assert clean_text(" 一  二三 ", limit=4) == "一 二三"
    assert clean_text("e\u0301" * 4, limit=4) == "é" * 4
    with pytest.raises(ValueError, match=r"^text_too_long$"):
        clean_text("一二三四五", limit=4)


@settings(deadline=None)
@given(
    text=st.text(st.one_of(st.characters(), st.sampled_from(" \t\r\n\u200b\u0301e")), max_size=30),
    several=st.booleans(),
)
def test_clean_text_is_stable_and_clean(text: str, several: bool) -> None:
    try:
        clean = clean_text(text, limit=30, multiline=several)
    except ValueError as refused:
        assert str(refused) in ("text_invalid", "text_too_long")
        return
    assert clean_text(clean, limit=30, multiline=several) == clean
    assert clean == clean.strip() == unicodedata.normalize("NFC", clean)
    clean.encode()  # no lone surrogate
    allowed = {"\n"} if several else set()
    assert {char for char in clean if unicodedata.category(char) == "Cc"} <= allowed
    assert several or "  " not in clean


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("13812345678", "13812345678"),
        ("138 1234-5678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("＋８６　138–1234—5678", "13812345678"),
        ("+8613812345678", "13812345678"),
        ("\u202a+86 138 1234 5678\u202c", "13812345678"),
        ("010-62345678", "01062345678"),
        ("6234567", "6234567"),
        ("075582345678", "075582345678"),
        ("861381234567", "861381234567"),  # no plus, no country code
    ],
)
def test_phones(typed: str, clean: str) -> None:
    assert clean_phone(typed) == clean


@pytest.mark.parametrize(
    "typed",
    ["", " - ", "123456", "1234567890123", "+86", "+861234", "+1 13812345678", "138+12345678",
     "8613812345678", "1381234567a", "138①2345678", "٠١٢٣٤٥٦٧٨٩", "13812345678\n",
     "138\x001234567", "(010)62345678"],
)  # fmt: skip
def test_what_is_no_phone(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^phone_invalid$"):
        clean_phone(typed)


@settings(deadline=None)
@given(text=st.one_of(st.text(max_size=16), st.text("0123456789０９+- 　", max_size=20)))
def test_a_clean_phone_is_ascii_digits_and_stays(text: str) -> None:
    try:
        clean = clean_phone(text)
    except ValueError as refused:
        assert str(refused) == "phone_invalid"
        return
    assert clean.isascii() and clean.isdigit() and 7 <= len(clean) <= 12
    assert clean_phone(clean) == clean


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("1-1-101", ("1", "1", "101")),
        (" 12-2-1203 ", ("12", "2", "1203")),
        ("A-b-12345678", ("A", "b", "12345678")),
        ("１－２－３０１", ("1", "2", "301")),
    ],
)
def test_units(typed: str, parts: tuple[str, str, str]) -> None:
    assert parse_unit(typed) == parts


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "1",
        "1-1",
        "1-1-",
        "--",
        "1-1-1-1",
        "1-1-123456789",
        "1 -1-101",
        "1-1-10é",
        "1-1-١",
        "一-1-101",
        "1_1_1",
    ],
)
def test_what_is_no_unit(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^unit_invalid$"):
        parse_unit(typed)


@pytest.mark.parametrize("value", [None, "", " ", "0", "off", "False", "NO"])
def test_flags_down(value: str | None) -> None:
    assert parse_flag(value) is False


@pytest.mark.parametrize("value", ["1", "on", " on ", "True", "YES"])
def test_flags_up(value: str) -> None:
    assert parse_flag(value) is True


@pytest.mark.parametrize("value", ["2", "y", "是", "１", "onon"])
def test_what_is_no_flag(value: str) -> None:
    with pytest.raises(ValueError, match=r"^flag_invalid$"):
        parse_flag(value)
