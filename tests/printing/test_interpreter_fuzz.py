"""On any bytes whatever the interpreter stays on its feet: random ones, spoilt papers, commands with any parameters."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from printing import documents
from printing.escpos_bytes import new_dummy
from printing.interpreter import MARGIN, Truncated, UnknownCommand, explain, interpret, interpret_all, tokenize
from printing.interpreter import commands as table
from reception import papers
from tests.printing.escpos import CUT, han, qr
from tests.printing.samples import profile, sample

# A second for the example, and a millisecond a byte: ten times what it takes.
SECONDS, SECONDS_A_BYTE = 1.0, 0.001


def _foreign() -> bytes:
    dummy = new_dummy()
    dummy.set(align="center", bold=True, double_height=True)
    dummy.text("Receipt\n")
    dummy.barcode("4006381333931", "EAN13", function_type="A")
    dummy.barcode("{BAB-12", "CODE128", function_type="B")
    dummy.qr("https://example.org", native=True)
    dummy.cashdraw(2)
    dummy.cut()
    output: bytes = dummy.output
    return output


_documents = [documents.build(sample(kind), profile(), job_id=1) for kind in papers.KINDS] + [_foreign()]


def _sized(spec: table.Spec) -> st.SearchStrategy[bytes]:
    """The command with parameters that fit it: as many as it has, or a length and so many bytes."""
    if spec.functions:
        size = spec.selector_at
        chosen = st.tuples(st.sampled_from(sorted(spec.functions)), st.binary(max_size=40)).map(b"".join)
        return chosen.map(lambda tail: spec.prefix + len(tail).to_bytes(size, "little") + tail)
    if spec.name == "GS v 0":
        shape = st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(0, 9))
        return shape.map(lambda mxy: spec.prefix + bytes([mxy[0], mxy[1], 0, mxy[2], 0]) + b"\xa5" * (mxy[1] * mxy[2]))
    if spec.name == "GS k":
        ends = st.tuples(st.integers(0, 6), st.text("0123456789AB*$", max_size=20))
        counted = st.tuples(st.integers(65, 78), st.binary(max_size=40))
        return st.one_of(
            ends.map(lambda row: spec.prefix + bytes([row[0]]) + row[1].encode() + b"\x00"),
            counted.map(lambda row: spec.prefix + bytes([row[0], len(row[1])]) + row[1]),
        )
    count = len(spec.fields)
    return st.binary(min_size=count, max_size=count).map(lambda params: spec.prefix + params)


_commands = st.sampled_from(sorted(table.TABLE.values(), key=lambda spec: spec.prefix)).flatmap(_sized)
_text = st.binary(max_size=30).map(lambda raw: bytes(byte | 0x20 for byte in raw))
_sequences = st.lists(
    st.one_of(_commands, _commands, _text, st.sampled_from([CUT, b"\n", qr(b"A"), han("号"), b"\x1c&", b"\x1b@"])),
    max_size=30,
).map(b"".join)
_edits = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 3), st.binary(max_size=6)), max_size=8)


def _spoil(document: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    """The document with some pieces replaced, lost or put in."""
    spoilt = bytearray(document)
    for place, lost, put_in in edits:
        at = int(place * len(spoilt))
        spoilt[at : at + lost] = put_in
    return bytes(spoilt)


def _read(data: bytes, width: int, chinese: str) -> None:
    began, covered = time.monotonic(), 0
    try:
        for command in tokenize(data):
            assert command.offset == covered
            assert command.raw
            covered += len(command.raw)
        assert covered == len(data)
        interpret(data, width=width, chinese=chinese)
    except (UnknownCommand, Truncated) as error:
        assert error.offset < len(data)
    pieces, _ = interpret_all(data, width=width, chinese=chinese)
    assert all(paper.image.width == width + 2 * MARGIN for paper in pieces)
    assert len(explain(data, chinese=chinese)) <= len(data)
    assert time.monotonic() - began < SECONDS + len(data) * SECONDS_A_BYTE


_widths, _roms = st.sampled_from([24, 384, 576]), st.sampled_from(["gbk", "gb2312", "gb18030", "none"])


@settings(max_examples=400, deadline=None, database=None, derandomize=True)
@given(st.binary(max_size=400), _widths, _roms)
def test_random_bytes(data: bytes, width: int, chinese: str) -> None:
    _read(data, width, chinese)


@settings(max_examples=200, deadline=None, database=None, derandomize=True)
@given(st.sampled_from(_documents), _edits, _widths, _roms)
def test_spoilt_papers(document: bytes, edits: list[tuple[float, int, bytes]], width: int, chinese: str) -> None:
    _read(_spoil(document, edits), width, chinese)


@settings(max_examples=600, deadline=None, database=None, derandomize=True)
@given(_sequences, _widths, _roms)
def test_commands_with_any_parameters(data: bytes, width: int, chinese: str) -> None:
    _read(data, width, chinese)
