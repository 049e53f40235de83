"""Tests of what the voice says: numbers sign by sign or as cardinals, and one file for each text."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reception.rules.announcement import DEFAULT_EN, DEFAULT_ZH, Clip, announcement, check_template, needed

TICKETS = st.builds("{}{:03d}".format, st.sampled_from("ABJTWZ"), st.integers(1, 999_999_999))
# Names as people write them, and anything else.
NAMES = st.text(max_size=30) | st.text("12号窗口 0９①A-a'（）,./\\~\t\n", max_size=12)
FRAGMENTS = st.text(st.characters(exclude_characters="{}"), max_size=15)
TEMPLATES = st.builds("{}{{ticket}}{}{{place}}{}".format, FRAGMENTS, FRAGMENTS, FRAGMENTS)


def words(*sentence: Clip) -> list[str]:
    """Return the texts of clips."""
    return [clip.text for clip in sentence]


def place_words(zh: str, en: str = "") -> list[str]:
    """Return what is said of a place: the clips that stand after the ticket, in Chinese or, if given, English."""
    *_, last = announcement("A001", zh, en, template_zh="{ticket}{place}", template_en="{ticket}{place}")
    return words(*last)[4:]


def test_a_call_in_both_languages() -> None:
    chinese, english = announcement("A035", "12号窗口", "Counter 12")
    assert words(*chinese) == ["请", "A", "零", "三", "五", "号到", "十", "二", "号窗口"]
    assert words(*english) == ["Ticket", "A", "zero", "three", "five", "please go to", "Counter", "twelve"]
    assert {clip.language for clip in chinese} == {"zh"} and {clip.language for clip in english} == {"en"}


def test_chinese_only_without_an_english_sentence_or_an_english_name() -> None:
    both = announcement("a1023", "咨询台", "Help desk")
    assert words(*both[0]) == ["请", "A", "一", "零", "二", "三", "号到", "咨询台"]
    assert announcement("A1023", "咨询台", "Help desk", template_en="") == both[:1]
    assert announcement("A1023", "咨询台", " – ") == both[:1]


@pytest.mark.parametrize(
    ("digits", "chinese", "english"),
    [
        ("0", "零", "zero"),
        ("2", "二", "two"),
        ("10", "十", "ten"),
        ("12", "十二", "twelve"),
        ("20", "二十", "twenty"),
        ("21", "二十一", "twenty one"),
        ("99", "九十九", "ninety nine"),
        ("100", "一百", "one hundred"),
        ("105", "一百零五", "one hundred five"),
        ("110", "一百一十", "one hundred ten"),
        ("111", "一百一十一", "one hundred eleven"),
        ("230", "二百三十", "two hundred thirty"),
        ("1000", "一千", "one thousand"),
        ("1005", "一千零五", "one thousand five"),
        ("1010", "一千零一十", "one thousand ten"),
        ("1205", "一千二百零五", "one thousand two hundred five"),
        ("9999", "九千九百九十九", "nine thousand nine hundred ninety nine"),
        ("12345", "一二三四五", "one two three four five"),
        ("007", "零零七", "zero zero seven"),
        ("00", "零零", "zero zero"),
        ("１２", "十二", "twelve"),
    ],
)
def test_numbers_in_a_place(digits: str, chinese: str, english: str) -> None:
    assert place_words(digits) == list(chinese)
    assert place_words("台", digits) == english.split()


def test_what_stands_between_numbers_is_one_clip() -> None:
    assert place_words("2楼（东）3号窗口") == ["二", "楼(东", "三", "号窗口"]
    assert place_words("台", "Floor 2, east wing: window  3.") == ["Floor", "two", "east wing: window", "three"]
    assert place_words(" …（12）\t") == ["十", "二"]


def test_latin_words_in_chinese_are_clips_of_their_own() -> None:
    assert place_words("VIP窗口A") == ["VIP", "窗口", "A"]
    assert place_words("B12") == ["B", "十", "二"]


def test_numbers_in_the_sentence_itself_are_said_too() -> None:
    (chinese,) = announcement("A001", "台", "", template_zh="（一）请{ticket}号到2楼{place}。谢谢！")
    assert words(*chinese) == ["一)请", "A", "零", "零", "一", "号到", "二", "楼", "台", "谢谢"]


@pytest.mark.parametrize("ticket", ["", "A1", "035", "A000", "AA035", "A03５"])
def test_what_is_no_ticket_is_refused(ticket: str) -> None:
    with pytest.raises(ValueError, match="ticket_no_invalid"):
        announcement(ticket, "1号窗口", "Counter 1")


@pytest.mark.parametrize(
    "template",
    [
        "",
        "请{ticket}号",
        "到{place}",
        "{place}请{ticket}",
        "{ticket}{ticket}{place}",
        "{ticket}{place}{place}",
        "{ticket}{place}{name}",
        "{ticket}{place}}",
        "{{ticket}}{place}",
        "{ticket!r}{place}",
        "请" * 66 + "{ticket}{place}",
    ],
)
def test_a_sentence_that_cannot_be_said_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match="template_invalid"):
        check_template(template)
    with pytest.raises(ValueError, match="template_invalid"):
        announcement("A001", "台", "", template_zh=template)


@pytest.mark.parametrize("template", [DEFAULT_ZH, DEFAULT_EN, "{ticket}{place}", "请" * 64 + "{ticket}{place}？"])
def test_a_sentence_that_can_be_said(template: str) -> None:
    check_template(template)


def test_clips_that_calls_need() -> None:
    clips = needed(["A", "W"], [("1号窗口", "Counter 1"), ("咨询台", "Help desk")])
    assert len(set(clips)) == len(clips)
    chinese = {clip.text for clip in clips if clip.language == "zh"}
    assert chinese == {"请", "号到", "号窗口", "咨询台", "A", "W", *"零一二三四五六七八九十百千"}
    english = {clip.text for clip in clips if clip.language == "en"}
    assert {"Ticket", "please go to", "Counter", "Help desk", "A", "zero", "nineteen", "ninety", "thousand"} <= english
    assert len(english) == 6 + 20 + 8 + 2
    assert {clip.language for clip in needed(["A"], [("台", "Desk")], template_en="")} == {"zh"}
    languages = [clip.language for clip in clips]
    assert languages == sorted(languages, reverse=True), "Chinese first"


@settings(deadline=None)
@given(ticket=TICKETS, zh=NAMES, en=NAMES, template_zh=TEMPLATES, template_en=TEMPLATES | st.just(""))
def test_any_ticket_and_place_can_be_said_and_needs_no_other_clip(
    ticket: str, zh: str, en: str, template_zh: str, template_en: str
) -> None:
    sentences = announcement(ticket, zh, en, template_zh=template_zh, template_en=template_en)
    clips = {clip for sentence in sentences for clip in sentence}
    assert clips <= set(needed([ticket[0]], [(zh, en)], template_zh=template_zh, template_en=template_en))
    assert all(clip.text and any(sign.isalnum() for sign in clip.text) for clip in clips)
    assert len({clip.file for clip in clips}) == len(clips)


@pytest.mark.parametrize(
    ("clip", "file"),
    [
        (Clip("zh", "请"), "zh-请.wav"),
        (Clip("zh", "A"), "zh-A.wav"),
        (Clip("en", "please go to"), "en-please go to.wav"),
    ],
)
def test_files_are_named_after_what_is_said(clip: Clip, file: str) -> None:
    assert clip.file == file


@pytest.mark.parametrize("text", ["../../etc/passwd", ".hidden", "a\\b", "a\0b", "e\u0301", "窗" * 41, "a~b", "\ud800"])
def test_a_text_that_had_to_change_bears_a_hash(text: str) -> None:
    name = Clip("en", text).file
    assert "~" in name and not {"/", "\\", "\0"} & set(name) and len(name) < 61
    assert Clip("en", name.removeprefix("en-").removesuffix(".wav")).file != name


@settings(deadline=None, max_examples=300)
@given(texts=st.sets(st.text(max_size=60) | st.text("aé\u0301./~_A", max_size=3), min_size=2, max_size=8))
def test_no_two_texts_share_a_file(texts: set[str]) -> None:
    clips = [Clip("zh", text) for text in texts] + [Clip("en", text) for text in texts]
    names = {clip.file for clip in clips}
    assert len(names) == len(clips)
    assert all(len(name.encode()) < 255 and unicodedata.is_normalized("NFC", name) for name in names)
    assert not any(sign in name for name in names for sign in "/\\\0\n")
