"""`lobbydesk paper` as a stranger calls it: real files, real pipes."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from printing import documents
from printing.interpreter import interpret_all
from tests.demo import read_qr
from tests.printing.samples import URL, profile, sample

ROOT = Path(__file__).parent.parent.parent


def paper(*words: str, given_in: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-W", "error", "-m", "lobbydesk", "paper", *words]
    return subprocess.run(command, cwd=ROOT, input=given_in, capture_output=True, timeout=30)


def test_a_file_becomes_a_picture_that_reads_like_the_paper(tmp_path: Path) -> None:
    (tmp_path / "ticket.bin").write_bytes(documents.build(sample("ticket"), profile(), job_id=1))
    drawn = paper("render", str(tmp_path / "ticket.bin"))
    assert (drawn.returncode, drawn.stderr) == (0, b"")
    (tmp_path / "ticket.png").write_bytes(drawn.stdout)
    assert read_qr(tmp_path / "ticket.png") == URL


def test_several_papers_stand_one_below_the_other() -> None:
    one = paper("render", "-", given_in=b"A\n\x1dV\x00")
    two = paper("render", "-", given_in=b"A\n\x1dV\x00B\n\x1dV\x00")
    heights = [Image.open(io.BytesIO(drawn.stdout)).height for drawn in (one, two)]
    assert heights[1] == 2 * heights[0] + 24


def test_the_width_and_the_rom_are_the_printer_s() -> None:
    drawn = paper("render", "--width", "384", "--chinese", "none", "-", given_in=b"A" * 33 + b"\n")
    assert Image.open(io.BytesIO(drawn.stdout)).width == 384 + 64
    assert drawn.returncode == 1
    assert b"396 dots wide, the printable area is 384" in drawn.stderr


def test_what_is_unknown_is_said_and_the_rest_is_drawn() -> None:
    drawn = paper("render", "-", given_in=b"before\n\x1b\xffafter\n\x1dV\x00")
    assert drawn.returncode == 1
    assert b"unknown command 1B FF at byte 7" in drawn.stderr
    assert drawn.stdout.startswith(b"\x89PNG")


def test_each_command_is_explained_in_one_line() -> None:
    told = paper("explain", "-", given_in=b"A001\n\x1dV\x00\x1b\xff")
    lines = told.stdout.decode().splitlines()
    assert told.returncode == 0
    assert [line.split()[0] for line in lines] == ["000000", "000004", "000005", "000008"]
    assert "'A001'" in lines[0]
    assert "UNKNOWN" in lines[3]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["render", "/nowhere"], 1),
        (["explain", "/nowhere"], 1),
        (["render", "--width", "0", "-"], 2),
        (["render", "-"], 1),
    ],
)
def test_what_cannot_be_read_is_a_sentence(words: list[str], status: int) -> None:
    ended = paper(*words)
    assert ended.returncode == status
    assert ended.stderr
    assert b"Traceback" not in ended.stderr


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300)
    | st.lists(st.sampled_from([b"\x1b", b"\x1d", b"(k", b"v0", b"\x00", b"\x03", b"A", b"V"])).map(b"".join)
)
def test_no_bytes_break_it(data: bytes) -> None:
    interpret_all(data)
