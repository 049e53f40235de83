"""`lobbydesk paper` as a stranger calls it: real files, real pipes, real sockets."""

import io
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from lobbydesk import cli
from lobbydesk.commands import paper as paper_command
from lobbydesk.commands.paper import GAP
from printing.interpreter import commands
from tests.demo import free_ports, read_qr, until
from tests.printing.escpos import qr
from tests.printing.wire import CONFIRM, CONFIRMED, TICKET, receive, silent

ROOT = Path(__file__).parent.parent.parent
FEED_AND_CUT = b"\x1dVB\x00"
URL = "HTTP://192.168.1.20:8600/T/ABC"
PAPER = b"\x1b@\x1ba\x01\x1c&" + "号票".encode("gbk") + b"\x1c.\n" + qr(URL.encode()) + FEED_AND_CUT


def command(*words: str) -> list[str]:
    return [sys.executable, "-W", "error", "-m", "lobbydesk", "paper", *words]


def paper(*words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command(*words), cwd=ROOT, input=given, capture_output=True, timeout=30)


def sentence(ended: subprocess.CompletedProcess[bytes]) -> str:
    """The one line on standard error."""
    (line,) = ended.stderr.decode().splitlines()
    return line


# render


def test_a_file_becomes_a_picture_that_reads_like_the_paper(tmp_path: Path) -> None:
    (tmp_path / "ticket.bin").write_bytes(PAPER)
    drawn = paper("render", str(tmp_path / "ticket.bin"))
    assert (drawn.returncode, drawn.stderr) == (0, b"")
    (tmp_path / "ticket.png").write_bytes(drawn.stdout)
    assert read_qr(tmp_path / "ticket.png") == URL


def test_the_picture_may_go_to_a_file(tmp_path: Path) -> None:
    drawn = paper("render", "-", "--output", str(tmp_path / "x.png"), given=PAPER)
    assert (drawn.returncode, drawn.stdout, drawn.stderr) == (0, b"", b"")
    assert read_qr(tmp_path / "x.png") == URL


def test_several_papers_stand_one_below_the_other_with_a_cut_line_between() -> None:
    papers = [qr(text) + FEED_AND_CUT for text in (b"ONE", b"TWO")]
    one, both = (paper("render", "-", given=given) for given in (papers[0], b"".join(papers)))
    single, whole = (Image.open(io.BytesIO(drawn.stdout)) for drawn in (one, both))
    assert both.returncode == 0
    assert whole.height == 2 * single.height + GAP
    found = zxingcpp.read_barcodes(whole)
    assert {(code.text, code.position.top_left.y > single.height) for code in found} == {("ONE", False), ("TWO", True)}
    line = whole.crop((0, single.height + GAP // 2, whole.width, single.height + GAP // 2 + 1))
    assert len({line.getpixel((x, 0)) for x in range(line.width)}) == 2


def test_the_width_and_the_rom_are_the_printer_s() -> None:
    drawn = paper("render", "--width", "384", "--chinese", "none", "-", given=b"A" * 33 + b"\n")
    assert Image.open(io.BytesIO(drawn.stdout)).width == 384 + 64
    assert drawn.returncode == 1
    assert "396 dots wide, the printable area is 384" in sentence(drawn)
    rare = b"\x1c&\x86\xb4\x1c.\n" + FEED_AND_CUT
    assert paper("render", "-", given=rare).returncode == 0
    assert "no character for 86 B4" in sentence(paper("render", "--chinese", "gb2312", "-", given=rare))


def test_what_is_wrong_is_said_with_the_paper_it_is_on_and_the_rest_is_drawn() -> None:
    given = b"before\n\x1b\xffafter\n" + FEED_AND_CUT + b"A" * 50 + b"\n\x1dV\x00"
    drawn = paper("render", "-", given=given)
    said = drawn.stderr.decode()
    assert drawn.returncode == 1
    assert "unknown command 1B FF at byte 7" in said
    assert "paper 2: line 2: " in said
    assert "paper 2: cut 6 dots after printing" in said
    assert Image.open(io.BytesIO(drawn.stdout)).height > 300


def test_a_picture_is_not_written_to_a_terminal() -> None:
    primary, terminal = os.openpty()
    try:
        ended = subprocess.run(
            command("render", "-"), cwd=ROOT, input=PAPER, stdout=terminal, stderr=subprocess.PIPE, timeout=30
        )
    finally:
        os.close(terminal)
        os.close(primary)
    assert ended.returncode == 2
    assert b"terminal" in ended.stderr
    assert b"Traceback" not in ended.stderr


# explain and commands


def test_each_command_is_explained_in_one_line() -> None:
    told = paper("explain", "-", given=b"A001\n\x1d!\x11\x1dV\x00\x1b\xff")
    lines = told.stdout.decode().splitlines()
    assert told.returncode == 0
    assert [line.split()[0] for line in lines] == ["000000", "000004", "000005", "000008", "000011"]
    assert "'A001'" in lines[0]
    assert "width x2, height x2" in lines[2]
    assert "UNKNOWN" in lines[4]


def test_explain_knows_the_rom_and_any_terminal() -> None:
    chinese = b"\x1c&\xd6\xd0\x1c."
    assert "'中'" in paper("explain", "-", given=chinese).stdout.decode()
    assert "'中'" not in paper("explain", "--chinese", "none", "-", given=chinese).stdout.decode()
    poor = subprocess.run(
        command("explain", "-"), cwd=ROOT, input=chinese, capture_output=True, timeout=30,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert (poor.returncode, poor.stderr) == (0, b"")
    assert rb"'\u4e2d'" in poor.stdout


def test_a_reader_who_leaves_early_sees_no_traceback() -> None:
    with subprocess.Popen(
        command("explain", "-"), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as told:
        assert told.stdin and told.stdout and told.stderr
        told.stdout.close()
        told.stdin.write(b"\n" * 10_000)
        told.stdin.close()
        assert told.stderr.read() == b""
        assert told.wait(30) == 0


def test_the_commands_are_listed_with_their_sources() -> None:
    listed = paper("commands")
    lines = listed.stdout.decode().splitlines()
    assert listed.returncode == 0
    for spec in commands.TABLE.values():
        assert any(line.startswith(spec.name + " ") and f"[{spec.source}]" in line for line in lines), spec.name
    assert any("1D 28 6B .. 31 51" in line and "QR Code: print" in line for line in lines)
    assert all("Reference" in line or "anual" in line or "Specifications" in line for line in lines)


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["render", "/nowhere/x.bin"], 2, "cannot read /nowhere/x.bin: No such file"),
        (["explain", "/nowhere/x.bin"], 2, "cannot read /nowhere/x.bin: No such file"),
        (["render", "/"], 2, "cannot read /: Is a directory"),
        (["render", "-"], 1, "nothing is printed by these bytes"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(words: list[str], status: int, said: str) -> None:
    ended = paper(*words)
    assert (ended.returncode, ended.stdout) == (status, b"")
    assert said in sentence(ended)


def test_what_is_far_too_large_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(paper_command, "MOST_BYTES", 1_000_000)
    (tmp_path / "x.bin").write_bytes(b"\n" * 1_000_001)
    assert cli.main(["paper", "explain", str(tmp_path / "x.bin")]) == 2
    assert "larger than 1 MB" in capsys.readouterr().err


def test_a_picture_that_cannot_be_written_is_one_sentence() -> None:
    ended = paper("render", "-", "--output", "/nowhere/x.png", given=PAPER)
    assert ended.returncode == 2
    assert "cannot write /nowhere/x.png: No such file" in sentence(ended)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["render", "--width", "8", "-"], "not a width"),
        (["render", "--chinese", "big5", "-"], "invalid choice"),
        (["printer", "--fault", "fire"], "paper-out, cover-open, mute"),
        (["printer", "--fault", "slow@0"], "not the number of a paper"),
        (["printer", "--fault", "slow@x"], "not the number of a paper"),
        (["printer", "--confirm", "perhaps"], "invalid choice"),
        ([], "required"),
    ],
)
def test_wrong_options_are_told(words: list[str], said: str) -> None:
    ended = paper(*words)
    assert ended.returncode == 2
    assert said in ended.stderr.decode()
    assert "Traceback" not in ended.stderr.decode()


# printer


@contextmanager
def running(folder: Path, *words: str) -> Iterator[tuple[int, int]]:
    """A printer with its own ports, ended by a signal as a shell does it; its port and that of its page."""
    port, page = free_ports(2)
    options = [f"--port={port}", f"--paper-port={page}", f"--folder={folder}", *words]
    with subprocess.Popen(command("printer", *options), cwd=ROOT, stdout=subprocess.PIPE) as printer:
        try:
            assert printer.stdout
            # The page is the last to come.
            assert f"127.0.0.1:{page}" in printer.stdout.readline().decode()
            yield port, page
        finally:
            printer.send_signal(signal.SIGINT)
            printer.stdout and printer.stdout.read()
            assert printer.wait(10) == 0


def page_says(page: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", page), timeout=5) as connection:
        connection.sendall(request)
        return receive(connection, 1_000_000)


def test_a_printer_on_a_port_whose_third_paper_waits_until_the_page_clears_it(tmp_path: Path) -> None:
    with (
        running(tmp_path / "paper", "--fault", "paper-out@3", "--width", "384") as (port, page),
        socket.create_connection(("127.0.0.1", port), timeout=5) as connection,
    ):
        connection.sendall((TICKET + CONFIRM) * 3)
        assert receive(connection, 14) == CONFIRMED * 2
        assert silent(connection)
        assert len(list((tmp_path / "paper").glob("*.png"))) == 2
        assert b'value="paper-out" aria-pressed="true"' in page_says(page, b"GET / HTTP/1.0\r\n\r\n")
        clear = b"POST /fault HTTP/1.0\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 10\r\n\r\nfault=none"
        assert b" 303 " in page_says(page, clear)
        assert receive(connection, 7) == CONFIRMED
        pictures = until(lambda: len(found := sorted((tmp_path / "paper").glob("*.png"))) == 3 and found)
        assert pictures
        with Image.open(pictures[2]) as picture:
            assert picture.width == 384 + 64


def test_a_fault_without_a_number_is_there_at_once_and_confirmation_is_chosen(tmp_path: Path) -> None:
    with (
        running(tmp_path, "--fault", "cover-open", "--confirm", "gs_r") as (port, page),
        socket.create_connection(("127.0.0.1", port), timeout=5) as connection,
    ):
        connection.sendall(b"\x10\x04\x02")
        assert receive(connection, 1) == b"\x16"
        assert b" 303 " in page_says(
            page, b"POST /fault HTTP/1.0\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 10\r\n\r\nfault=none"
        )
        connection.sendall(TICKET + CONFIRM + b"\x1dr\x01")
        assert receive(connection, 1) == b"\x00"


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = paper("printer", "--port", str(taken.getsockname()[1]), "--folder", str(tmp_path))
    assert ended.returncode == 2
    assert "Address already in use" in sentence(ended)
