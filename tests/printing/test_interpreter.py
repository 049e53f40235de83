"""The interpreter reads ESC/POS as printers do, and refuses what it does not know."""

import pytest
from PIL import ImageChops

from printing.interpreter import MARGIN, Printer, Truncated, UnknownCommand, interpret
from printing.interpreter import commands as table
from printing.interpreter.printer import HANDLERS, IGNORED
from tests.printing.escpos import CUT, han, ink, one, qr, symbol


def test_every_command_of_the_table_is_executed_or_ignored_on_purpose() -> None:
    names = {spec.name for spec in table.TABLE.values()}
    assert names == HANDLERS.keys() | IGNORED
    assert not HANDLERS.keys() & IGNORED


def test_chinese_and_ascii_share_a_line_and_fill_it_exactly() -> None:
    paper = one(han("一二三四五六七八九十") + b"1" * 28 + b"\n" + CUT)
    assert paper.overflows == paper.mistakes == []
    assert paper.text == "一二三四五六七八九十" + "1" * 28
    assert paper.image.size[0] == 576 + 2 * MARGIN
    assert paper.cut


@pytest.mark.parametrize("width", [384, 512, 576])
def test_a_line_wider_than_the_paper_is_reported_once_and_wraps(width: int) -> None:
    columns = width // 12
    fits = one(b"x" * columns + b"\n" + CUT, width=width)
    wide = one(b"x" * (2 * columns + 1) + b"\nok\n" + CUT, width=width)
    assert fits.overflows == []
    assert len(wide.overflows) == 1
    assert f"{(2 * columns + 1) * 12} dots wide" in wide.overflows[0]
    assert wide.text.split("\n") == ["x" * columns, "x" * columns, "x", "ok"]
    assert ink(wide)[2] <= width


def test_the_margin_and_the_print_area_narrow_the_line() -> None:
    narrowed = b"\x1dL\x18\x00\x1dW\xf0\x00"
    assert one(narrowed + b"x" * 20 + b"\n" + CUT).overflows == []
    assert len(one(narrowed + b"x" * 21 + b"\n" + CUT).overflows) == 1
    left, _, right, _ = ink(one(narrowed + b"\x1ba\x02M\n" + CUT))
    assert 24 + 240 - 12 <= left < right <= 24 + 240


@pytest.mark.parametrize(("n", "scale"), [(0x00, (1, 1)), (0x11, (2, 2)), (0x70, (8, 1)), (0x77, (8, 8))])
def test_size_repeats_dots(n: int, scale: tuple[int, int]) -> None:
    left, top, right, bottom = ink(one(bytes([0x1D, 0x21, n]) + b"\x1dB\x01A\n" + CUT))
    assert (right - left, bottom - top) == (12 * scale[0], 24 * scale[1])
    left, top, right, bottom = ink(one(bytes([0x1D, 0x21, n]) + b"\x1dB\x01" + han("中") + b"\n" + CUT))
    assert (right - left, bottom - top) == (24 * scale[0], 24 * scale[1])


def test_esc_exclamation_enlarges_no_chinese() -> None:
    enlarged = b"\x1b!\x30\x1dB\x01"
    left, top, right, bottom = ink(one(enlarged + han("中") + b"\n" + CUT))
    assert (right - left, bottom - top) == (24, 24)
    left, top, right, bottom = ink(one(enlarged + b"A\n" + CUT))
    assert (right - left, bottom - top) == (24, 48)


def test_reversed_cells_are_black_round_the_character() -> None:
    plain, reversed_ = one(b"A\n" + CUT), one(b"\x1dB\x01A\n" + CUT)
    box = (MARGIN, 48, MARGIN + 12, 72)
    assert (
        reversed_.image.crop(box).tobytes()
        == ImageChops.invert(plain.image.convert("L")).convert("1").crop(box).tobytes()
    )


def test_bold_and_underline_add_ink() -> None:
    def dots(data: bytes) -> int:
        return ImageChops.invert(one(data + b"\n" + CUT).image.convert("L")).histogram()[255]

    assert dots(b"A") < dots(b"\x1bE\x01A") < dots(b"\x1bE\x01\x1b-\x01A") < dots(b"\x1bE\x01\x1b-\x02A")
    assert dots(han("中")) == dots(b"\x1b-\x02" + han("中")) < dots(b"\x1c-\x01" + han("中"))
    assert dots(b"\x1bE\x01\x1dB\x01\x1b-\x01A\x1b@\x1bE\x00A") == dots(b"A")


@pytest.mark.parametrize(("n", "left"), [(0, 0), (1, 264), (2, 528), (49, 264), (50, 528)])
def test_alignment(n: int, left: int) -> None:
    assert ink(one(b"\x1dB\x01" + bytes([0x1B, 0x61, n]) + b"ABCD\n" + CUT))[0] == left


def test_line_spacing_and_feeds() -> None:
    def height(data: bytes) -> int:
        _, top, _, bottom = ink(one(b"\x1dB\x01A" + data + b"A\n" + CUT))
        return bottom - top - 24

    assert height(b"\n") == 30
    assert height(b"\x1b3\x50\n") == 80
    assert height(b"\x1b3\x50\x1b2\n") == 30
    assert height(b"\x1b3\x00\n") == 24
    assert height(b"\x1bd\x03") == 90
    assert height(b"\x1bJ\x40") == 64
    assert height(b"\n\x1bJ\x40") == 94


def test_characters_of_one_line_stand_on_one_bottom_line() -> None:
    picture = one(b"\x1dB\x01\x1d!\x11A\x1d!\x00B\n" + CUT).image
    small = ImageChops.invert(picture.crop((MARGIN + 24, 0, MARGIN + 36, picture.height)).convert("L")).getbbox()
    assert small is not None
    assert (small[1], small[3]) == (48 + 24, 48 + 48)


def test_upside_down_turns_the_line() -> None:
    upright, turned = (one(mode + b"ABC\n" + CUT).image for mode in (b"", b"\x1b{\x01"))
    box = (MARGIN, 48, MARGIN + 36, 72)
    assert turned.crop(box).tobytes() == upright.crop(box).rotate(180).tobytes() != upright.crop(box).tobytes()


def test_tabs_and_positions() -> None:
    assert one(b"\x1dB\x01A\tB\n" + CUT).text == "A\tB"
    assert ink(one(b"\x1dB\x01A\tB\n" + CUT))[2] == 96 + 12
    assert ink(one(b"\x1dB\x01\x1bD\x03\x00A\tB\n" + CUT))[2] == 36 + 12
    assert ink(one(b"\x1dB\x01A\x1b$\x64\x00B\n" + CUT))[2] == 112
    assert ink(one(b"\x1dB\x01AB\x1b\\\xf4\xffC\n" + CUT))[2] == 24


def test_one_paper_for_each_cut_and_for_what_follows() -> None:
    papers = interpret(b"one\n\x1bd\x05\x1dV\x00two\n\x1bd\x05\x1dV\x01three\n")
    assert [paper.text for paper in papers] == ["one", "two", "three"]
    assert [paper.cut for paper in papers] == [True, True, False]
    assert interpret(b"") == interpret(b"\x1b@\n\n") == []


@pytest.mark.parametrize("cut", [b"\x1dV\x00", b"\x1dV\x30", b"\x1dV\x01", b"\x1dV\x31", b"\x1bi", b"\x1bm"])
def test_a_cut_without_feed_goes_through_the_print(cut: bytes) -> None:
    assert "blade" in one(b"A\n" + cut).mistakes[0]
    assert one(b"A\n\x1bd\x04" + cut).mistakes == []


def test_a_cut_with_feed_leaves_the_last_line_whole() -> None:
    short, long = one(b"A\n\x1dVA\x00"), one(b"A\n\x1dVB\x40")
    assert short.mistakes == long.mistakes == []
    assert long.image.height - short.image.height == 64


def test_drawer_kicks_are_counted_also_after_the_cut() -> None:
    assert one(b"\x1bp\x00\x19\xfaA\n" + CUT + b"\x1bp\x01\x19\xfa\x10\x14\x01\x00\x01").drawer_kicks == 3


@pytest.mark.parametrize(
    ("data", "mistake"),
    [
        (han("中")[:3] + b"\x1c.\n", "no character for D6"),
        (b"\x1c&\xfd\x9c\x81\x30\x81\x30\x1c.\n", "no character for 81"),
        (b"\x1c&\xaa\xa1\x1c.\n", "no character for AA A1"),
        (b"\x1b@left\x1b@\n", "throws away"),
        (b"left \x1ba\x01right\n", "ESC a in the middle of a line"),
        (b"\x1d!\xff\n", "GS ! has no effect"),
        (symbol(81, b"0"), "without stored data"),
        (symbol(65, b"1\x00") + qr(b"A")[9:], "QR model"),
        (qr(b"\xff" * 3000), "too long"),
        (b"\x1d(L\x02\x0002", "without stored data"),
        (b"\x1dv0\x00\x00\x00\x01\x00", "without width"),
        (b"text", "in the middle of a line"),
    ],
)
def test_what_a_real_printer_would_do_wrong_is_reported(data: bytes, mistake: str) -> None:
    paper = one(data + CUT)
    assert any(mistake in found for found in paper.mistakes), paper.mistakes


def test_chinese_without_kanji_mode_is_no_chinese() -> None:
    assert "中" not in one("中".encode("gbk") + b"\n" + CUT).text
    assert "中" not in one(han("中") + b"\n" + CUT, chinese="none").text
    assert one(han("中") + b"\n" + CUT).text == "中"


def test_a_small_rom_lacks_rare_characters() -> None:
    assert one(han("喆") + b"\n" + CUT).mistakes == []
    assert one(han("喆") + b"\n" + CUT, chinese="gb2312").mistakes


def test_code_tables_and_national_sets() -> None:
    assert one(b"\x1bt\x10\x80\x1bt\x02\x80\x1bR\x0f$\x1bR\x00$\n" + CUT).text == "€Ç¥$"
    with pytest.raises(ValueError, match="chinese"):
        interpret(b"", chinese="big5")
    with pytest.raises(ValueError, match="wide"):
        Printer(8)


@pytest.mark.parametrize(
    ("data", "offset", "shown"),
    [
        (b"ok\x1b\xff", 2, b"\x1b\xff"),
        (b"\x00", 0, b"\x00"),
        (b"\x1d*\x01\x01", 0, b"\x1d*"),
        (b"\x1dk\x07", 0, b"\x1dk\x07"),
        (b"\x1b?\x41", 0, b"\x1b?\x41"),
        (b"\x1d(k\x03\x000A0", 0, b"\x1d(k\x03\x000A"),
        (b"\x1dVZ", 0, b"\x1dVZ"),
        (b"\x1b*\x02\x01\x00", 0, b"\x1b*\x02"),
        (b"\x1dv0\x09\x01\x00", 0, b"\x1dv0\x09"),
        (b"\x10\x04\x09", 0, b"\x10\x04\x09"),
    ],
)
def test_unknown_commands_are_refused(data: bytes, offset: int, shown: bytes) -> None:
    with pytest.raises(UnknownCommand) as caught:
        interpret(data)
    assert (caught.value.offset, caught.value.command) == (offset, shown)
    assert shown.hex(" ").upper() in str(caught.value)


@pytest.mark.parametrize(
    "data",
    [b"\x1b", b"\x1d(", b"\x1dv0\x00\x01\x00\x02\x00\xff", b"\x1d(k\x03\x001C", b"\x1bp\x00", b"\x1bD\x01"],
)
def test_a_command_cut_short_is_truncated(data: bytes) -> None:
    with pytest.raises(Truncated) as caught:
        interpret(b"ok\n" + data)
    assert caught.value.offset == 3
    assert "byte 3" in str(caught.value)
