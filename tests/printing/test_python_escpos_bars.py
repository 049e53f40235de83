"""The bar codes python-escpos asks for are drawn: read back from the picture, or a remark where they are missing."""

from typing import Any

import pytest
import zxingcpp

from printing.escpos_bytes import new_dummy
from printing.interpreter import Paper, interpret
from tests.printing.escpos import dots, flawless, ink, printed

# zxing-cpp reports UPC-A as the EAN13 with a leading nought, which is the same bars.
BARS = [
    ("UPC-A", "04210000526", "0042100005264", zxingcpp.BarcodeFormat.EAN13),
    ("UPC-A", "042100005264", "0042100005264", zxingcpp.BarcodeFormat.EAN13),
    ("EAN13", "400638133393", "4006381333931", zxingcpp.BarcodeFormat.EAN13),
    ("EAN13", "4006381333931", "4006381333931", zxingcpp.BarcodeFormat.EAN13),
    ("EAN8", "9638507", "96385074", zxingcpp.BarcodeFormat.EAN8),
    ("CODE39", "AB-12 $%", "AB-12 $%", zxingcpp.BarcodeFormat.Code39),
    ("CODE39", "*AB12*", "AB12", zxingcpp.BarcodeFormat.Code39),
    ("ITF", "00123456789012", "00123456789012", zxingcpp.BarcodeFormat.ITF),
    ("CODABAR", "A12345-6B", "A12345-6B", zxingcpp.BarcodeFormat.Codabar),
    ("NW7", "a12345-6b", "A12345-6B", zxingcpp.BarcodeFormat.Codabar),
]


def read(paper: Paper) -> zxingcpp.Barcode:
    (code,) = zxingcpp.read_barcodes(paper.image.convert("L"))
    return code


@pytest.mark.parametrize("function", ["A", "B"])
@pytest.mark.parametrize("width", [2, 3])
@pytest.mark.parametrize(("system", "data", "meant", "form"), BARS)
def test_bar_codes(system: str, data: str, meant: str, form: Any, width: int, function: str) -> None:
    paper = flawless(lambda dummy: dummy.barcode(data, system, width=width, function_type=function))
    code = read(paper)
    assert (code.text.strip("*"), code.format) == (meant, form)
    assert paper.text.strip("*").upper() in meant
    assert len(paper.text) >= len(data)


@pytest.mark.parametrize(
    ("data", "meant", "shown"),
    [
        ("{BLobby-12", "Lobby-12", "Lobby-12"),
        ("{AAB\t1", "AB\t1", "AB 1"),
        ("{B{{x", "{x", "{x"),
        ("{C\x0c\x22{BX", "1234X", "1234X"),
        ("{BABC{1D", "ABC\x1dD", "ABCD"),
        ("{A1{Sb2", "1b2", "1b2"),
    ],
)
def test_code128_in_the_code_sets_it_is_told(data: str, meant: str, shown: str) -> None:
    paper = flawless(lambda dummy: dummy.barcode(data, "CODE128", width=3, function_type="B", check=False))
    code = read(paper)
    assert code.format == zxingcpp.BarcodeFormat.Code128
    assert code.bytes.decode() == meant
    assert shown in paper.text


@pytest.mark.parametrize(
    ("system", "data"),
    [
        ("UPC-E", "01234565"), ("CODE93", "ABC-12"), ("GS1-128", "{B0112345"), ("GS1 DATABAR LIMITED", "0123456789012"),
        ("GS1 DATABAR OMNIDIRECTIONAL", "0123456789012"), ("GS1 DATABAR TRUNCATED", "0123456789012"),
        ("GS1 DATABAR EXPANDED", "(01)12345678901231"),
    ],
)  # fmt: skip
def test_what_is_not_drawn_is_said_on_the_paper(system: str, data: str) -> None:
    paper = printed(lambda dummy: dummy.barcode(data, system, function_type="B"))
    assert any("is not drawn here" in mistake and data in mistake for mistake in paper.mistakes)
    assert data in paper.text
    assert dots(paper) > 3000


@pytest.mark.parametrize(
    ("system", "data"),
    [("EAN13", "4006381333932"), ("EAN13", "12AB"), ("ITF", "123"), ("CODE39", "abc"), ("CODABAR", "123"),
     ("CODE128", "AB"), ("CODE128", "{C\x80\x80"), ("CODE128", "{B{9"), ("CODE128", "{BA{")],
)  # fmt: skip
def test_bars_that_cannot_be_are_said_on_the_paper(system: str, data: str) -> None:
    paper = printed(lambda dummy: dummy.barcode(data, system, function_type="B", check=False))
    assert len(paper.mistakes) == 1
    assert zxingcpp.read_barcodes(paper.image.convert("L")) == []


@pytest.mark.parametrize(("pos", "places"), [("OFF", 0), ("ABOVE", 1), ("BELOW", 1), ("BOTH", 2)])
@pytest.mark.parametrize(("font", "row"), [("A", 24), ("B", 17)])
def test_bars_have_the_height_the_place_and_the_text_they_are_told(pos: str, places: int, font: str, row: int) -> None:
    paper = flawless(
        lambda dummy: dummy.barcode("A1B", "CODABAR", height=100, width=2, pos=pos, font=font, align_ct=False)
    )
    left, top, _, bottom = ink(paper)
    assert left == 0
    bars = bottom - top - 100
    assert row * places - 8 <= bars <= row * places
    assert ("A1B" in paper.text) == (pos != "OFF")


def test_a_bar_code_wider_than_the_paper_is_reported() -> None:
    dummy = new_dummy()
    dummy.barcode("A" + "1" * 40 + "B", "CODABAR", width=6)
    dummy.cut()
    (paper,) = interpret(dummy.output)
    assert any(overflow.startswith("bar code") for overflow in paper.overflows)


@pytest.mark.parametrize("impl", ["bitImageRaster", "graphics", "bitImageColumn"])
def test_bars_drawn_by_the_library(impl: str) -> None:
    paper = flawless(lambda dummy: dummy.barcode("4006381333931", "EAN13", height=80, width=3, force_software=impl))
    assert read(paper).text == "4006381333931"
