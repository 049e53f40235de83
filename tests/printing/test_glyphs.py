"""Text as printers see it: where it breaks, and that what is drawn reads like what is printed."""

import pytest
from PIL import Image, ImageFont

from printing import glyphs

CLOSING = "，。、；：？！）》」』】”’"
OPENING = "（《「『【“‘"


def ink(image: Image.Image) -> tuple[int, int, int, int]:
    box = image.convert("L").point(lambda dot: 255 - dot).getbbox()
    assert box is not None
    return box


def burnt(image: Image.Image) -> int:
    return image.convert("L").histogram()[0]


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("", 10, [""]),
        ("水龙头漏水", 6, ["水龙头", "漏水"]),
        ("水龙头漏水", 7, ["水龙头", "漏水"]),
        ("one two three", 7, ["one two", "three"]),
        ("one  two", 4, ["one", "two"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("水管坏了WiFi", 10, ["水管坏了", "WiFi"]),
        ("a 水管WiFi", 8, ["a 水管", "WiFi"]),
        ("水管（WiFi）", 8, ["水管", "（WiFi）"]),
        ("一\n二\n\n三", 10, ["一", "二", "", "三"]),
        ("cafe\u0301 x", 4, ["cafe\u0301", "x"]),
    ],
)
def test_where_lines_break(text: str, columns: int, lines: list[str]) -> None:
    assert glyphs.wrap(text, columns) == lines


@pytest.mark.parametrize(
    ("character", "columns"),
    [("A", 1), ("水", 2), ("，", 2), ("é", 2), ("·", 2), ("—", 2), ("ñ", 1), ("\u0301", 0), ("\ufe0f", 0), ("😀", 2)],
)
def test_how_wide_characters_are(character: str, columns: int) -> None:
    assert glyphs.width(character) == columns


def test_the_dot_and_the_dash_print_on_the_smallest_chinese_rom() -> None:
    assert glyphs.encode("玛丽·科斯塔 —", "gb2312") == "玛丽·科斯塔 —".encode("gbk")
    assert glyphs.encode("喆", "gb2312") is None


@pytest.mark.parametrize("sign", CLOSING + OPENING)
def test_no_line_begins_with_what_closes_or_ends_with_what_opens(sign: str) -> None:
    for before in range(1, 12):
        lines = glyphs.wrap("水" * before + sign + "电" * 8, 10)
        assert not any(line[0] in CLOSING or line[-1] in OPENING for line in lines)


@pytest.mark.parametrize(("align", "begins", "ends"), [("left", 0, 1), ("center", 0.4, 0.6), ("right", 0.8, 1)])
def test_a_drawn_line_stands_where_it_is_told(align: str, begins: float, ends: float) -> None:
    left, _, right, _ = ink(glyphs.picture("䶮", 576, align=align))
    assert begins * 576 <= left < right <= ends * 576


def test_drawn_values_end_where_printed_ones_do() -> None:
    label, value = "电话 Phone", "138****5678"
    left, _, right, _ = ink(glyphs.picture(label + " " * 27 + value, 576))
    assert left < 12
    assert right >= 576 - 12


def test_a_drawn_line_that_is_indented_begins_at_its_indent() -> None:
    left, _, _, _ = ink(glyphs.picture("  24 小时内首次答复 First answer within", 576))
    assert 24 <= left < 32


@pytest.mark.parametrize("character", ["䶮", "囊", "繁"])
def test_bold_is_no_blot(character: str) -> None:
    plain, bold = glyphs.picture(character, 384), glyphs.picture(character, 384, bold=True)
    assert 1.05 * burnt(plain) < burnt(bold) < 1.7 * burnt(plain)


def test_a_drawn_line_is_reversed_whole() -> None:
    plain, reverse = (glyphs.picture("补打 1", 384, reverse=reverse) for reverse in (False, True))
    assert burnt(plain) + burnt(reverse) == 384 * plain.height


@pytest.mark.parametrize("scale", [1, 2, 4, 8])
def test_a_drawn_line_is_as_high_as_a_printed_one(scale: int) -> None:
    image = glyphs.picture("报修", 576, size=(scale, scale))
    _, top, _, bottom = ink(image)
    assert image.height == max(30, 24 * scale)
    assert 0.7 * 24 * scale < bottom - top <= 24 * scale


@pytest.mark.parametrize("text", ["报修 BX20261123-004", "Kiosk, 自助机: ñ ő €", "│ 材料 │ 12.50 │", "喆😀x"])
def test_every_drawn_character_stands_in_its_printed_cell(text: str) -> None:
    whole, at = glyphs.picture(text, 576, leading=0), 0
    for character in text:
        cell = 12 * glyphs.width(character)
        alone = glyphs.picture(character, cell, leading=0)
        assert whole.crop((at, 0, at + cell, 24)).tobytes() == alone.tobytes()
        at += cell


@pytest.mark.parametrize("pieces", ["┌┬┐", "├┼┤", "└┴┘", "│ │", "├─┤"])
def test_a_drawn_frame_has_no_gaps(pieces: str) -> None:
    image = glyphs.picture(pieces, 12 * glyphs.text_width(pieces), leading=0)
    left, top, right, bottom = ink(image)
    assert (left, right) == (11, image.width - 11)
    assert top == (0 if pieces[0] in "├└│" else 11)
    assert bottom == (24 if pieces[0] in "┌├│" else 13)


@pytest.mark.parametrize(("character", "missing"), [("Ł", "\ue000"), ("😀", "\U0010fffd")])
def test_a_character_that_no_chinese_font_has_is_drawn_from_another(character: str, missing: str) -> None:
    assert glyphs.text_width(character) == glyphs.text_width(missing)
    assert glyphs.picture(character, 24).tobytes() != glyphs.picture(missing, 24).tobytes()


def test_joiners_and_marks_take_no_room_and_leave_no_trace() -> None:
    assert glyphs.text_width("\u202eA\u200b\ufe0f水\u200d") == 3
    assert glyphs.picture("A\u200b水", 96).tobytes() == glyphs.picture("A水", 96).tobytes()


def test_chinese_is_drawn_in_its_simplified_form() -> None:
    # The inside of 骨 turns to the left in China and to the right in Japan, whose face is the collection's first.
    path, face = glyphs._font_of("骨")
    if "Noto" in path:
        assert ImageFont.truetype(path, 24, index=face).getname()[0] == "Noto Sans Mono CJK SC"


@pytest.mark.parametrize("columns", [20, 22, 27])
def test_an_address_breaks_before_its_path(columns: int) -> None:
    assert glyphs.wrap("http://10.0.0.1:8600/display", columns) == ["http://10.0.0.1:8600", "/display"]


def test_nothing_is_grey() -> None:
    assert glyphs.picture("灰", 384).mode == "1"
