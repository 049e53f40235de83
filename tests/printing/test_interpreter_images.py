"""The interpreter draws images, QR symbols and bar codes as printers do."""

import pytest
import qrcode

from tests.printing.escpos import CUT, codes, ink, one, qr


def test_an_image_wider_than_the_paper_is_reported_and_clipped() -> None:
    paper = one(b"\x1dv0\x00" + bytes([73, 0, 1, 0]) + b"\xff" * 73 + CUT)
    assert paper.overflows == ["image 584 dots wide, the printable area is 576"]
    assert ink(paper)[:3:2] == (0, 576)
    assert one(qr(b"A" * 600, module=10) + CUT).overflows


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
