"""The interpreter reads everything python-escpos sends to a receipt printer (bar codes: the module beside this)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from printing.escpos_bytes import new_dummy
from printing.interpreter import MARGIN, UnknownCommand, interpret
from tests.printing.escpos import codes, dots, flawless, ink, printed

# What it sends that no receipt printer's manual has: a lone FS, which takes the next byte with it.
UNREADABLE = {"use_slip_only"}
# These send nothing; bar codes have their own module.
SILENT = {"barcode", "open", "close", "check_barcode", "query_status", "clear", "device", "output", "is_usable"}
QUESTIONS = {"is_online", "paper_status"}
DISPLAY = {"linedisplay_clear", "linedisplay_select"}


def test_text_lines_and_feeds() -> None:
    paper = flawless(
        lambda dummy: dummy.text("Hello, printer\n"),
        lambda dummy: dummy.textln("line"),
        lambda dummy: dummy.ln(2),
        lambda dummy: dummy.block_text("one two three four", columns=9),
        lambda dummy: dummy.print_and_feed(3),
    )
    assert paper.text == "Hello, printer\nline\n\n\none two\nthree\nfour"


def test_it_brings_characters_of_many_languages_with_their_code_tables() -> None:
    paper = flawless(lambda dummy: dummy.textln("Grüße, señor: 5 € Жук"))
    assert paper.text == "Grüße, señor: 5 € Жук"


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ("CP437", "ñ"),
        ("CP932", "ｱｲｳ"), ("CP850", "Ø"), ("CP852", "Ł"), ("CP857", "Ğ"), ("CP858", "€"), ("CP860", "ã"),
        ("CP863", "Ê"), ("CP865", "Å"), ("CP866", "Ж"), ("CP874", "ก"), ("CP1252", "€"), ("ISO_8859-7", "Ω"),
        ("ISO_8859-2", "ž"), ("ISO_8859-15", "€"), ("CP1125", "Ґ"), ("CP1250", "ř"), ("CP1251", "Я"), ("CP1253", "Ψ"),
        ("CP1254", "ş"), ("CP1257", "ū"), ("CP720", "ع"), ("CP775", "ų"), ("CP855", "ђ"), ("CP861", "þ"),
        ("CP862", "א"),
        ("CP869", "Δ"), ("CP737", "Σ"),
    ],
)  # fmt: skip
def test_code_tables(table: str, text: str) -> None:
    assert flawless(lambda dummy: dummy.charcode(table), lambda dummy: dummy.textln(text)).text == text


def test_its_chinese_is_no_chinese_on_a_printer() -> None:
    assert "号" not in printed(lambda dummy: dummy.textln("号票")).text


@pytest.mark.parametrize(
    "style",
    [
        {"bold": True}, {"underline": 1}, {"underline": 2}, {"invert": True}, {"double_width": True},
        {"double_height": True}, {"double_width": True, "double_height": True},
        {"custom_size": True, "width": 3, "height": 4}, {"font": "b"},
    ],
)  # fmt: skip
def test_styles_change_what_is_printed(style: dict[str, Any]) -> None:
    plain = flawless(lambda dummy: dummy.textln("STYLE"))
    styled = flawless(lambda dummy: dummy.set(**style), lambda dummy: dummy.textln("STYLE"))
    assert styled.text == plain.text == "STYLE"
    assert dots(styled) != dots(plain)


def test_sizes_alignment_and_flip() -> None:
    assert (
        ink(flawless(lambda dummy: dummy.set(align="right", invert=True), lambda dummy: dummy.textln("AB")))[2] == 576
    )
    left, top, right, bottom = ink(
        flawless(
            lambda dummy: dummy.set(custom_size=True, width=8, height=8, invert=True), lambda dummy: dummy.textln("A")
        )
    )
    assert (right - left, bottom - top) == (96, 192)
    upright = flawless(lambda dummy: dummy.set(flip=False), lambda dummy: dummy.textln("F")).image
    flipped = flawless(lambda dummy: dummy.set(flip=True), lambda dummy: dummy.textln("F")).image
    box = (MARGIN, 48, MARGIN + 12, 72)
    assert flipped.crop(box).tobytes() == upright.crop(box).rotate(180).tobytes()


@pytest.mark.parametrize("head", [*({"density": density} for density in range(10)), {"smooth": True}])
def test_what_only_changes_the_head_changes_no_dots(head: dict[str, Any]) -> None:
    plain = flawless(lambda dummy: dummy.textln("A"))
    set_ = flawless(lambda dummy: dummy.set_with_default(**head), lambda dummy: dummy.textln("A"))
    assert set_.image.tobytes() == plain.image.tobytes()


@pytest.mark.parametrize(("divisor", "spacing", "rows"), [(180, 60, 60), (60, 20, 68), (360, 180, 102)])
def test_line_spacing(divisor: int, spacing: int, rows: int) -> None:
    _, top, _, bottom = ink(
        flawless(
            lambda dummy: dummy.set(invert=True),
            lambda dummy: dummy.line_spacing(spacing, divisor=divisor),
            lambda dummy: dummy.text("A\nA\n"),
            lambda dummy: dummy.line_spacing(),
        )
    )
    assert bottom - top - 24 == rows


@pytest.mark.parametrize("impl", ["bitImageRaster", "graphics", "bitImageColumn"])
@pytest.mark.parametrize(("across", "down"), [(True, True), (False, True), (True, False), (False, False)])
def test_images(impl: str, across: bool, down: bool) -> None:
    picture = Image.new("1", (200, 72), 255)
    ImageDraw.Draw(picture).line((0, 0, 199, 71), fill=0, width=3)
    ImageDraw.Draw(picture).rectangle((0, 0, 199, 71), outline=0)
    paper = flawless(
        lambda dummy: dummy.image(picture, impl=impl, high_density_horizontal=across, high_density_vertical=down)
    )
    left, top, right, bottom = ink(paper)
    if impl == "bitImageColumn" and not down:
        # It sends 8 dots a line and 16 rows of spacing: 24 rows each, three times as high.
        assert (right - left, bottom - top) == (200 * (2 - across), 216)
        return
    # `graphics` calls the factor of one direction by the name of the other (Epson: bx is horizontal).
    size = (200 * (1 if across else 2), 72 * (1 if down else 2))
    assert (left, right - left, bottom - top) == (0, *size)
    shown = paper.image.crop((MARGIN, top, MARGIN + size[0], bottom))
    assert shown.tobytes() == picture.resize(size, Image.Resampling.NEAREST).tobytes()


def test_a_long_image_comes_in_pieces_without_a_seam() -> None:
    picture = Image.new("1", (64, 700), 0)
    _, top, _, bottom = ink(flawless(lambda dummy: dummy.image(picture, fragment_height=100)))
    assert bottom - top == 700


@pytest.mark.parametrize("options", [{"native": True}, {"impl": "bitImageRaster"}, {"impl": "graphics"},
                                     {"impl": "bitImageColumn"}])  # fmt: skip
@pytest.mark.parametrize("ec", range(4))
def test_qr(options: dict[str, Any], ec: int) -> None:
    arguments = {"image_arguments": {"impl": options["impl"]}} if "impl" in options else options
    paper = flawless(lambda dummy: dummy.qr("https://example.org/号", ec=ec, size=6, **arguments))
    (code,) = codes(paper)
    assert code.text == "https://example.org/号"
    assert code.ec_level == "LMQH"[ec]


def test_qr_models_other_than_2_are_said_to_be_missing() -> None:
    paper = printed(lambda dummy: dummy.qr("A", model=1, native=True))
    assert any("QR model" in mistake for mistake in paper.mistakes)
    assert "QR model" in paper.text


def test_cuts_and_the_drawer() -> None:
    dummy = new_dummy()
    for cut in ({"mode": "FULL"}, {"mode": "PART"}, {"feed": False}):
        dummy.textln("A")
        dummy.cut(**cut)
    dummy.cashdraw(2)
    dummy.cashdraw(5)
    dummy.cashdraw([27, 112, 0, 25, 255])
    papers = interpret(dummy.output)
    assert [(paper.cut, paper.mistakes) for paper in papers] == [(True, [])] * 3
    assert papers[-1].drawer_kicks == 3


def _ask(dummy: Any) -> None:
    for question in (dummy.is_online, dummy.paper_status):
        with pytest.raises(NotImplementedError):
            question()


def test_what_makes_noise_or_asks_leaves_no_trace() -> None:
    plain = flawless(lambda dummy: dummy.textln("A")).image.tobytes()
    for act in (
        lambda dummy: dummy.buzzer(3, 2),
        lambda dummy: dummy.panel_buttons(False),
        lambda dummy: dummy.panel_buttons(True),
        lambda dummy: dummy.hw("INIT"),
        lambda dummy: dummy.hw("SELECT"),
        lambda dummy: dummy.hw("RESET"),
        lambda dummy: dummy.target("ROLL"),
        _ask,
    ):
        assert flawless(act, lambda dummy: dummy.textln("A")).image.tobytes() == plain


def test_reset_resets() -> None:
    assert (
        ink(
            flawless(
                lambda dummy: dummy.set(invert=True, custom_size=True, width=8, height=8),
                lambda dummy: dummy.hw("RESET"),
                lambda dummy: dummy.set(invert=True),
                lambda dummy: dummy.textln("A"),
            )
        )[2]
        == 12
    )


def test_controls() -> None:
    paper = flawless(
        lambda dummy: dummy.control("HT", count=4, tab_size=10),
        lambda dummy: dummy.text("A\tB"),
        lambda dummy: dummy.control("CR"),
        lambda dummy: dummy.control("LF"),
    )
    assert paper.text == "A\tB"
    assert 120 <= ink(paper)[2] <= 132


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda dummy: dummy.control("FF"), "FF has no effect"),
        (lambda dummy: dummy.control("VT"), "VT has no effect"),
        (lambda dummy: dummy.print_and_eject_slip(), "FF has no effect"),
        (lambda dummy: dummy.eject_slip(), "does not feed backwards"),
        (lambda dummy: dummy.target("SLIP"), "only the roll"),
        (lambda dummy: dummy.linedisplay("Total 5.00"), "customer display"),
    ],
)
def test_what_this_printer_does_not_have_is_said(act: Callable[[Any], object], said: str) -> None:
    paper = printed(act, lambda dummy: dummy.textln("A"))
    assert [said in mistake for mistake in paper.mistakes] == [True]
    assert paper.text == "A"


def test_a_lone_fs_is_refused() -> None:
    dummy = new_dummy()
    dummy.use_slip_only()
    dummy.textln("text")
    with pytest.raises(UnknownCommand):
        interpret(dummy.output)


def test_no_method_of_the_library_is_forgotten() -> None:
    """Each public method is called above, or is named as one that sends nothing or nothing readable."""
    source = Path(__file__).read_text(encoding="utf-8")
    methods = {name for name in dir(new_dummy()) if not name.startswith("_") and name not in ("profile", "magic")}
    forgotten = {name for name in methods - SILENT - UNREADABLE - QUESTIONS - DISPLAY if f"dummy.{name}(" not in source}
    assert not forgotten
