"""The interpreter reads ESC/POS as printers do, and refuses what it does not know."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import qrcode
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw

from printing.interpreter import (
    MARGIN,
    Paper,
    Printer,
    Truncated,
    UnknownCommand,
    explain,
    interpret,
    render,
    tokenize,
)
from printing.interpreter import commands as table
from printing.interpreter.printer import HANDLERS, IGNORED

CUT = b"\x1dVB\x00"


def han(text: str) -> bytes:
    return b"\x1c&" + text.encode("gbk") + b"\x1c."


def symbol(function: int, payload: bytes) -> bytes:
    return b"\x1d(k" + (len(payload) + 2).to_bytes(2, "little") + bytes([49, function]) + payload


def qr(data: bytes, *, module: int = 6, level: bytes = b"1") -> bytes:
    settings_ = symbol(65, b"2\x00") + symbol(67, bytes([module])) + symbol(69, level)
    return settings_ + symbol(80, b"0" + data) + symbol(81, b"0")


def one(data: bytes, **options: int | str) -> Paper:
    papers = interpret(data, **options)  # type: ignore[arg-type]
    assert len(papers) == 1
    return papers[0]


def ink(paper: Paper) -> tuple[int, int, int, int]:
    """The box of everything printed, from the left edge of the printable area."""
    box = ImageChops.invert(paper.image.convert("L")).getbbox()
    assert box is not None
    return box[0] - MARGIN, box[1], box[2] - MARGIN, box[3]


def codes(paper: Paper) -> list[zxingcpp.Barcode]:
    return list(zxingcpp.read_barcodes(paper.image.convert("L")))


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


def test_an_image_wider_than_the_paper_is_reported_and_clipped() -> None:
    paper = one(b"\x1dv0\x00" + bytes([73, 0, 1, 0]) + b"\xff" * 73 + CUT)
    assert paper.overflows == ["image 584 dots wide, the printable area is 576"]
    assert ink(paper)[:3:2] == (0, 576)
    assert one(qr(b"A" * 600, module=10) + CUT).overflows


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


@pytest.mark.parametrize(("level", "letter"), [(b"0", "L"), (b"1", "M"), (b"2", "Q"), (b"3", "H")])
def test_native_qr_is_drawn_with_its_size_and_level(level: bytes, letter: str) -> None:
    url = b"HTTP://192.168.1.20:8600/T/ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    paper = one(b"\x1ba\x01" + qr(url, module=4, level=level) + b"\n" + CUT)
    (code,) = codes(paper)
    assert code.text.encode() == url
    assert code.ec_level == letter
    model = qrcode.QRCode(error_correction={"L": 1, "M": 0, "Q": 3, "H": 2}[letter], border=0)
    model.add_data(url)
    model.make()
    left, top, right, bottom = ink(paper)
    assert right - left == bottom - top == 4 * model.modules_count
    assert left == (576 - (right - left)) // 2


def test_graphics_and_rasters_draw_the_same_dots() -> None:
    rows = b"\x80\x01" * 8
    raster = one(b"\x1dv0\x03\x02\x00\x08\x00" + rows + CUT)
    header = bytes([48, 2, 2, 49, 16, 0, 8, 0])
    stored = b"0p" + header + rows
    small = one(b"\x1d(L" + len(stored).to_bytes(2, "little") + stored + b"\x1d(L\x02\x0002" + CUT)
    large = one(b"\x1d8L" + len(stored).to_bytes(4, "little") + stored + b"\x1d(L\x02\x000\x02" + CUT)
    assert raster.image.tobytes() == small.image.tobytes() == large.image.tobytes()
    assert ink(raster) == (0, 48, 32, 64)


@pytest.mark.parametrize(("mode", "box"), [(0, (4, 24)), (1, (2, 24)), (32, (4, 24)), (33, (2, 24))])
def test_column_images(mode: int, box: tuple[int, int]) -> None:
    count = 2 * (3 if mode >= 32 else 1)
    left, top, right, bottom = ink(one(bytes([0x1B, 0x2A, mode, 2, 0]) + b"\xff" * count + b"\n" + CUT))
    assert (right - left, bottom - top) == box


@pytest.mark.parametrize(
    ("data", "offset", "shown"),
    [
        (b"ok\x1b\xff", 2, b"\x1b\xff"),
        (b"\x00", 0, b"\x00"),
        (b"\x1dk\x04123\x00", 0, b"\x1dk"),
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


def test_explain_gives_a_line_for_each_command_and_never_stops() -> None:
    lines = explain(b"\x1b@" + han("号") + qr(b"A") + b"\x1b\xffA\x1dV")
    assert lines[0].startswith("000000  1B 40")
    assert "Initialize printer" in lines[0]
    assert "'号'" in lines[2]
    assert any("QR Code: print" in line for line in lines)
    assert any("UNKNOWN" in line for line in lines)
    assert "TRUNCATED" in lines[-1]


def test_a_runaway_feed_does_not_fill_the_memory() -> None:
    paper = one(b"A\n" + b"\x1b3\xff" + b"\x1bd\xff" * 1000 + CUT)
    assert paper.image.height < 33_000
    assert any("longer" in mistake for mistake in paper.mistakes)


@pytest.fixture
def fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[tuple[tuple[str, int], ...]], None]]:
    def use(found: tuple[tuple[str, int], ...]) -> None:
        monkeypatch.setattr(render, "_FONTS", found)
        render._fonts.cache_clear()
        render.glyph.cache_clear()

    yield use
    for cached in (render._fonts, render.glyph):
        cached.cache_clear()


def test_a_missing_font_names_the_package(fonts: Callable[[tuple[tuple[str, int], ...]], None]) -> None:
    fonts(())
    with pytest.raises(render.FontMissing, match="fonts-noto-cjk"):
        render.glyph("号", render.HAN)


@pytest.mark.parametrize("font", render._FONTS)
def test_every_font_of_the_list_yields_all_letters(
    font: tuple[str, int], fonts: Callable[[tuple[tuple[str, int], ...]], None]
) -> None:
    if not Path(font[0]).is_file():
        pytest.skip(f"{font[0]} is not installed")
    fonts((font,))
    for cell, characters in ((render.FONT_A, "A0gé"), (render.FONT_B, "A0g"), (render.HAN, "号“，￥")):
        drawn = [render.glyph(character, cell).tobytes() for character in characters]
        assert len(set(drawn)) == len(characters)
        assert render.glyph("\uffff", cell).tobytes() not in drawn


_pieces = st.one_of(
    st.sampled_from(sorted(table.TABLE)),
    st.binary(max_size=12),
    st.sampled_from([b"\x1d(k\x03\x001", b"\x1d(L\x02\x000", b"A", CUT, b"\x1c&", b"\x01\x00", qr(b"A")]),
)


# Whole commands with any parameters: these go on where random bytes soon meet something unknown.
_whole = st.sampled_from(
    [spec for spec in table.TABLE.values() if not spec.functions and len(spec.fields) < 3]
).flatmap(
    lambda spec: st.binary(min_size=len(spec.fields), max_size=len(spec.fields)).map(
        lambda params: spec.prefix + params
    )
)
_text = st.binary(max_size=30).map(lambda raw: bytes(byte | 0x20 for byte in raw))


@settings(max_examples=300, deadline=None, database=None)
@given(st.lists(st.one_of(_pieces, _whole, _text), max_size=25).map(b"".join), st.sampled_from([384, 576]))
def test_no_bytes_bring_it_down(data: bytes, width: int) -> None:
    covered = 0
    try:
        for command in tokenize(data):
            assert command.offset == covered
            assert command.raw
            covered += len(command.raw)
        assert covered == len(data)
        interpret(data, width=width)
    except (UnknownCommand, Truncated) as error:
        assert error.offset < len(data)
    explain(data)


@settings(max_examples=100, deadline=None, database=None)
@given(st.lists(st.one_of(_whole, _text, st.just(qr(b"A")), st.just(han("号"))), max_size=25).map(b"".join))
def test_any_parameters_give_papers(data: bytes) -> None:
    try:
        papers = interpret(data + b"\n" + CUT)
    except (UnknownCommand, Truncated):
        return
    assert papers[-1].image.width == 576 + 2 * MARGIN


@pytest.fixture
def dummy(tmp_path, monkeypatch):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("ESCPOS_CAPABILITIES_PICKLE_DIR", str(tmp_path))
    from escpos.printer import Dummy

    return Dummy()


def test_reads_what_python_escpos_writes(dummy) -> None:  # type: ignore[no-untyped-def]
    dummy.text("Hello, printer\n")
    dummy.set(align="center", bold=True, double_height=True, double_width=True)
    dummy.text("A001\n")
    dummy.set(align="left", bold=False, normal_textsize=True)
    dummy.qr("HTTP://LOCALHOST/T/NATIVE", native=True, size=6, ec=1)
    dummy.cashdraw(2)
    dummy.cut()
    paper = one(dummy.output)
    assert paper.text.strip().split("\n")[:2] == ["Hello, printer", "A001"]
    assert [code.text for code in codes(paper)] == ["HTTP://LOCALHOST/T/NATIVE"]
    assert (paper.drawer_kicks, paper.cut, paper.overflows) == (1, True, [])


@pytest.mark.parametrize("impl", ["bitImageRaster", "graphics", "bitImageColumn"])
def test_reads_the_images_of_python_escpos(dummy, impl: str) -> None:  # type: ignore[no-untyped-def]
    picture = Image.new("1", (200, 72), 255)
    ImageDraw.Draw(picture).line((0, 0, 199, 71), fill=0, width=3)
    ImageDraw.Draw(picture).rectangle((0, 0, 199, 71), outline=0)
    dummy.image(picture, impl=impl)
    dummy.cut()
    paper = one(dummy.output)
    left, top, right, bottom = ink(paper)
    assert (left, right - left, bottom - top) == (0, 200, 72)
    printed = paper.image.crop((MARGIN, top, MARGIN + 200, bottom))
    assert printed.tobytes() == picture.tobytes()


def test_reads_the_raster_qr_of_python_escpos(dummy) -> None:  # type: ignore[no-untyped-def]
    dummy.qr("HTTP://LOCALHOST/T/RASTER", size=6, native=False)
    dummy.cut()
    assert [code.text for code in codes(one(dummy.output))] == ["HTTP://LOCALHOST/T/RASTER"]
