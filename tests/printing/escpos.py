"""Bytes of ESC/POS for the interpreter's tests, and what is looked at on the papers they make."""

from collections.abc import Callable
from typing import Any

import zxingcpp
from PIL import ImageChops

from printing.escpos_bytes import new_dummy
from printing.interpreter import MARGIN, Paper, interpret

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


def printed(*acts: Callable[[Any], object]) -> Paper:
    """The one paper of these acts, which end with a cut; nothing on it is wrong but what `mistakes` says."""
    dummy = new_dummy()
    for act in acts:
        act(dummy)
    dummy.cut()
    (paper,) = interpret(dummy.output)
    assert paper.cut
    assert paper.overflows == []
    return paper


def flawless(*acts: Callable[[Any], object]) -> Paper:
    paper = printed(*acts)
    assert paper.mistakes == []
    return paper


def dots(paper: Paper) -> int:
    return ImageChops.invert(paper.image.convert("L")).histogram()[255]
