"""Bytes made to fill the memory or to take for ever: a few kilobytes that ask for gigabytes, read in bounded room."""

import subprocess
import sys
from pathlib import Path

import pytest

from printing.interpreter import ROLL, UnknownCommand, interpret, tokenize
from tests.printing.escpos import CUT, one, qr, symbol

ROOT = Path(__file__).parent.parent.parent
MEGABYTES = 120
SECONDS = 6  # of the processor
BIG = b"\x1d!\x77"
HOME = b"\x1b$\x00\x00"
ACROSS = b"\x1dv0\x03\x48\x00\x50\xc3" + b"\xaa" * (72 * 50_000)
TALL = b"\x1dv0\x03\x01\x00\xff\xff" + b"\xaa" * 65_535
WIDE = b"\x1dv0\x03\xff\xff\x3d\x00" + b"\xaa" * (65_535 * 61)
COLUMNS = b"\x1b*\x20\xff\xff" + b"\xaa" * (3 * 65_535)
BARS = b"\x1dw\x06\x1dh\xff\x1dH\x03\x1dk\x47\xffA" + b"0" * 253 + b"A"

# Named, because the bytes themselves are no name for a test.
BOMBS = {
    "qr": qr(b"\xff" * 2000, module=16) + symbol(81, b"0") * 20_000,
    "many-qr": b"".join(qr(bytes([0xFF, n]) + b"\xff" * 600, module=16) for n in range(15)),
    "too-long-qr": symbol(80, b"0" + b"\xff" * 60_000) + symbol(81, b"0") * 20_000,
    "feeds": b"A" + b"\x1bJ\xff" * 100_000,
    "feeds-cuts": b"A\n\x1b3\xff" + b"\x1bd\xff\x1bd\xff\x1dV\x00" * 20_000,
    "cuts": b"\x1bi" * 50_000,
    "no-line-feed": b"A" * 700_000,
    "large-text": BIG + b"AB" * 30_000,
    "overprint": BIG + (b"AB" + HOME) * 20_000,
    "gaps": b"\x1b \xff\x1cS\xff\xff\x1c&" + BIG + b"".join(
        HOME + bytes([0xB0 + n // 90, 0xA1 + n % 90]) for n in range(4_000)),
    "reverse-gaps": b"\x1dB\x01\x1b \xff" + BIG + b"".join(HOME + bytes([33 + n % 90]) for n in range(8_000)),
    "rasters": ACROSS * 3,
    "tall": TALL * 20,
    "wide": WIDE,
    "stored": b"".join(b"\x1d8L" + (len(raster) + 2).to_bytes(4, "little") + b"0p" + raster for raster in [
        b"\x30\x02\x021" + (576).to_bytes(2, "little") + (50_000).to_bytes(2, "little") + b"\xaa" * (72 * 50_000)] * 2),
    "columns": (COLUMNS + HOME) * 10,
    "barcodes": BARS * 300,
    "barcode-remarks": (b"\x1dk\x48\xff" + b"A" * 255) * 3_000,
    "unknown": b"\x00" * 200_000,
    "mistakes": b"".join(b"%d\x1b@" % n for n in range(20_000)),
    "overflows": b"".join(b"\x1d(L\x02\x0002" + b"\x1dv0\x00" + (80 + n).to_bytes(2, "little") + b"\x01\x00"
                          + bytes(80 + n) for n in range(200)),
}  # fmt: skip

CHILD = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
from printing.interpreter import explain, interpret_all
data = sys.stdin.buffer.read()
papers, said = interpret_all(data)
# A page of the greatest length and its PNG are among it.
assert sum(paper.image.height for paper in papers) < {ROLL} + 100_000
assert all(len(paper.mistakes) <= 101 and len(paper.overflows) <= 101 for paper in papers)
with open("/proc/self/status") as status:
    peak = next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))
print(peak)
assert peak < {MEGABYTES} + len(data) // 1_000_000 * 5, peak
"""


@pytest.mark.parametrize("name", BOMBS)
def test_no_bytes_fill_the_memory_or_take_for_ever(name: str) -> None:
    ended = subprocess.run([sys.executable, "-c", CHILD], cwd=ROOT, input=BOMBS[name], capture_output=True, timeout=60)
    assert ended.returncode == 0, (ended.returncode, ended.stderr.decode()[-2000:])


@pytest.mark.parametrize("command", [b"\x1dv0\x00\xff\xff\xff\xff", b"\x1d8L\xff\xff\xff\xff0p"])
def test_a_command_that_asks_for_gigabytes_is_no_command(command: bytes) -> None:
    with pytest.raises(UnknownCommand):
        list(tokenize(command))


def test_a_bar_code_without_end_swallows_nothing() -> None:
    with pytest.raises(UnknownCommand):
        interpret(b"\x1dk\x04" + b"A" * 300 + CUT)
    with pytest.raises(UnknownCommand) as caught:
        interpret(b"\x1dk\x04AB\nC\n" + CUT)
    assert caught.value.skip == 5  # the line feed is read as one


def test_overprinting_a_row_for_ever_still_prints_it() -> None:
    often = one((b"ABC" + HOME) * 1000 + b"D\n" + CUT)
    once = one(b"ABC" + HOME + b"D\n" + CUT)
    assert often.image.tobytes() == once.image.tobytes()


def test_a_runaway_feed_does_not_fill_the_memory() -> None:
    paper = one(b"A\n" + b"\x1b3\xff" + b"\x1bd\xff" * 1000 + CUT)
    assert paper.image.height < 33_000
    assert any("longer" in mistake for mistake in paper.mistakes)
