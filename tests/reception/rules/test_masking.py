"""Tests of masking: what is shown, and that no text whatever shows more."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reception.rules.masking import mask_name, mask_phone, public_unit

any_text = st.text(max_size=20)
hanzi = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("", ""),
        (" ", " "),
        ("张", "*"),
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("欧阳修", "欧阳*"),
        ("諸葛孔明", "諸葛**"),
        ("欧阳", "欧*"),  # the whole name is never shown
        ("贺兰芝", "贺**"),
        ("𬱖小明", "𬱖**"),
        ("阿凡提·买买提", "阿******"),
        ("欧阳•某", "欧***"),
        ("张 三", "张**"),
        (" 张三 ", " 张* "),
        ("John Smith", "J*** *****"),
        ("Émile", "É****"),
        ("O'Neil-Wu", "O********"),
        ("A", "*"),
        ("(John)", "(*****"),
    ],
)
def test_names(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("", ""),
        ("13812345678", "138****5678"),
        ("01062345678", "010******78"),
        ("010-62345678", "010-******78"),
        ("075512345678", "*" * 12),  # no subscriber number begins with 1
        ("075582345678", "0755******78"),
        ("010--62345678", "*" * 13),
        ("05717654321", "0571*****21"),
        ("62345678", "********"),
        ("013812345678", "*" * 12),
        ("1381234567", "*" * 10),
        ("138123456789", "*" * 12),
        ("138 1234 5678", "*" * 13),
        ("13812345678\n", "*" * 12),
        ("１３８１２３４５６７８", "*" * 11),
        ("4008123123", "*" * 10),
    ],
)
def test_phones(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        ("3", "3号楼"),
        ("3-1-101", "3号楼"),
        ("3号楼", "3号楼"),
        ("A2-1-1203", "A2号楼"),
        ("", ""),
        ("3-1", ""),
        ("3号楼1单元101", ""),
        ("阳光花园3-1-101", ""),
        ("3-1-101\n", ""),
    ],
)
def test_units(unit: str, shown: str) -> None:
    assert public_unit(unit) == shown


@settings(deadline=None)
@given(name=st.one_of(any_text, st.text(hanzi, max_size=6), st.text("Aé 张·-", max_size=8)))
@example("司马·x")
def test_a_masked_name_keeps_its_length_and_shows_two_characters_at_most(name: str) -> None:
    masked = mask_name(name)
    assert len(masked) == len(name)
    shown = [(n, char) for n, char in enumerate(name) if not char.isspace() and char != "*" and masked[n] == char]
    start = len(name) - len(name.lstrip())
    body = name.strip()
    assert [n for n, _ in shown] in ([], [start], [start, start + 1])
    assert all(new in (old, "*") for old, new in zip(name, masked, strict=True))
    if len(shown) == 2:  # a compound surname, and something after it stays hidden
        assert masked.strip() == body[:2] + "*" * (len(body) - 2)
        assert len(body) > 2 and "·" not in body
    if len(body) == 1:
        assert masked.strip() == "*"


@settings(deadline=None)
@given(first=st.sampled_from("张王李赵刘"), rest=st.text(hanzi, min_size=1, max_size=3))
def test_a_single_surname_shows_one_character(first: str, rest: str) -> None:
    assert mask_name(first + rest) == first + "*" * len(rest)


phones = st.one_of(any_text, st.from_regex(r"[01+][0-9 -]{5,13}", fullmatch=True))


@settings(deadline=None)
@given(phone=phones)
def test_a_masked_phone_keeps_its_length_and_hides_its_middle(phone: str) -> None:
    masked = mask_phone(phone)
    assert len(masked) == len(phone)
    shown = [n for n, char in enumerate(masked) if char != "*"]
    assert all(masked[n] == phone[n] for n in shown)
    if not shown:
        return
    if phone[0] == "1":
        assert len(phone) == 11 and masked[3:7] == "****" and len(shown) == 7
    else:
        assert phone[0] == "0" and masked.count("*") in (5, 6)
        assert "*" not in masked[-2:] and masked[-3] == "*"


@settings(deadline=None)
@given(unit=any_text)
def test_any_text_shows_a_building_or_nothing(unit: str) -> None:
    shown = public_unit(unit)
    assert shown == "" or (shown.endswith("号楼") and unit.startswith(shown[:-2]) and shown[:-2].isalnum())


@settings(deadline=None)
@given(st.lists(st.from_regex(r"[0-9A-Za-z]{1,8}", fullmatch=True), min_size=3, max_size=3))
def test_unit_and_room_are_never_shown(parts: list[str]) -> None:
    assert public_unit("-".join(parts)) == parts[0] + "号楼"
