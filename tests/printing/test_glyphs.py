"""Text as printers see it: where it breaks, and that what is drawn reads like what is printed."""

import pytest
from PIL import Image

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


@pytest.mark.parametrize("scale", [1, 2, 4])
def test_a_drawn_line_is_as_high_as_its_cells(scale: int) -> None:
    image = glyphs.picture("报修", 576, scale=scale)
    _, top, _, bottom = ink(image)
    assert image.height == 30 * scale
    assert 0.7 * 24 * scale < bottom - top <= 30 * scale


def test_nothing_is_grey() -> None:
    assert glyphs.picture("灰", 384).mode == "1"
