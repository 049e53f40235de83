"""One line a command, for a reader who looks for what went wrong."""

import pytest

from printing.interpreter import commands as table
from printing.interpreter import explain
from printing.interpreter.printer import HANDLERS
from tests.printing.escpos import han, qr, symbol


def test_explain_gives_a_line_for_each_command_and_never_stops() -> None:
    lines = explain(b"\x1b@" + han("号") + qr(b"A") + b"\x1b\xffA\x1dV")
    assert lines[0].startswith("000000  1B 40")
    assert "Initialize printer" in lines[0]
    assert "'号'" in lines[2]
    assert any("QR Code: print" in line for line in lines)
    assert any("UNKNOWN" in line for line in lines)
    assert "TRUNCATED" in lines[-1]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x1d!\x11", "Select character size: n=0x11 width x2, height x2"),
        (b"\x1d!\x08", "n=0x08 (no effect)"),
        (b"\x1b!\x39", "n=0x39 font B, bold, double height, double width"),
        (b"\x1c!\x04", "n=0x04 double width"),
        (b"\x1ba1", "n=0x31 centre"),
        (b"\x1bE\x01", "n=0x01 on"),
        (b"\x1b-\x02", "2 dots"),
        (b"\x1bM\x01", "font B"),
        (b"\x1bt\x10", "n=0x10 cp1252"),
        (b"\x1bR\x0f", "China"),
        (b"\x1bd\x05", "5 lines"),
        (b"\x1bJ\x40", "64 dots"),
        (b"\x1b3\x50", "80 dots"),
        (b"\x1bA\x0a", "10 /60 inch"),
        (b"\x1b$\x2c\x01", "300 dots"),
        (b"\x1b\\\xfe\xff", "-2 dots"),
        (b"\x1bD\x08\x10\x00", "columns 8, 16"),
        (b"\x1bp\x00\x19\xfa", "drawer pin 2, 50 ms on, 500 ms off"),
        (b"\x1dVB\x03", "partial cut, after feeding to the blade and 3 dots more"),
        (b"\x1dV\x00", "full cut"),
        (b"\x1dv0\x00\x02\x00\x03\x00" + b"\xff" * 6, "16x3 dots"),
        (b"\x1b*\x21\x02\x00" + b"\xff" * 6, "2x24 dots, mode 33"),
        (b"\x1d(L\x0b\x000p\x30\x01\x01\x31\x08\x00\x01\x00\xff", "8x1 dots"),
        (symbol(80, b"0https://x.cn/\xe5\x8f\xb7"), "'https://x.cn/号'"),
        (symbol(67, b"\x06"), "6 dots a module"),
        (symbol(69, b"1"), "level M"),
        (b"\x1dk\x02400638133393\x00", "EAN13 '400638133393'"),
        (b"\x1dk\x49\x05{BA-1", "CODE128 '{BA-1'"),
        (b"\x1dH\x02", "text below"),
        (b"\x1d(H\x06\x0000abcd", "ID 'abcd'"),
        (b"\x10\x04\x04", "n=4 paper"),
        (b"\x1b=\x02", "not to the printer"),
    ],
)
def test_parameters_are_put_in_words(data: bytes, said: str) -> None:
    (line,) = explain(data)
    assert said in line


@pytest.mark.parametrize(
    ("data", "chinese", "said"),
    [
        (b"\xd6\xd0", "gbk", "'╓╨'"),
        (b"\x1c&\xd6\xd0", "gbk", "'中'"),
        (b"\x1c&\xd6\xd0", "none", "'╓╨'"),
        (b"\x1c&\x1b@\xd6\xd0", "gbk", "'╓╨'"),
        (b"\x1c&\x1c.\xd6\xd0", "gbk", "'╓╨'"),
        (b"\x1c&\x86\xb4", "gbk", "'喆'"),
        (b"\x1bt\x10\x80", "gbk", "'€'"),
        (b"\x1bR\x0f$", "gbk", "'¥'"),
    ],
)
def test_text_is_decoded_in_the_mode_of_the_moment(data: bytes, chinese: str, said: str) -> None:
    assert explain(data, chinese=chinese)[-1].endswith(said)


def test_long_data_are_shortened() -> None:
    (line,) = explain(b"A" * 5000)
    assert "(5000 bytes)" in line
    assert len(line) < 500


def test_every_parameter_that_does_something_has_words_or_a_value() -> None:
    for spec in table.TABLE.values():
        if spec.name in HANDLERS and spec.fields:
            (line, *_) = explain(spec.prefix + bytes(8))
            assert ": " in line or "UNKNOWN" in line, line
