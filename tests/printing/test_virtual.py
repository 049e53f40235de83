"""The virtual printer behaves on a real socket as a printer does."""

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printing import virtual, virtual_head
from printing.interpreter import commands as table
from printing.interpreter import status
from printing.virtual import FAULTS, Fault, VirtualPrinter
from tests.printing.wire import CONFIRM, CONFIRMED, TICKET, ask, receive, silent, wire


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[VirtualPrinter]:
    with VirtualPrinter(tmp_path / "paper") as running:
        yield running


def test_prints_confirms_and_keeps_picture_and_bytes(printer: VirtualPrinter) -> None:
    with wire(printer) as connection:
        assert ask(connection, TICKET + CONFIRM, 7) == CONFIRMED
        (paper,) = printer.papers
        assert ask(connection, TICKET + b"\x1dr\x01") == b"\x00"
    assert paper.text == "A001\n请留意叫号"
    assert (paper.data, paper.cut, paper.torn) == (TICKET, True, False)
    assert printer.folder is not None
    names = sorted(path.name for path in printer.folder.iterdir())
    assert [name.split("-")[0] + name[11:] for name in names] == [
        "0001.bin",
        "0001.png",
        "0002.bin",
        "0002.png",
    ]
    assert (printer.folder / names[0]).read_bytes() == TICKET
    assert (printer.folder / names[1]).read_bytes() == paper.png
    assert printer.received == [TICKET + CONFIRM + TICKET + b"\x1dr\x01"]
    assert printer.errors == []


def test_numbers_go_on_from_the_papers_in_the_folder(tmp_path: Path) -> None:
    (tmp_path / "0041-120000.png").write_bytes(b"")
    with VirtualPrinter(tmp_path) as printer:
        with wire(printer) as connection:
            ask(connection, TICKET + CONFIRM, 7)
        assert [path.name[:5] for path in tmp_path.glob("*.bin")] == ["0042-"]


def test_works_without_a_folder_and_can_be_started_again() -> None:
    printer = VirtualPrinter(None, width=384)
    for count in (1, 2):
        with printer, wire(printer) as connection:
            connection.sendall(TICKET)
            assert len(printer.wait_for(count, 3)) == count
    assert printer.papers[0].image.width == 384 + 64


@pytest.mark.parametrize(
    ("fault", "answers"),
    [("none", "16121212"), ("paper-out", "1e32127e"), ("cover-open", "1e161212")],
)
def test_real_time_status_is_answered_even_when_stopped(printer: VirtualPrinter, fault: str, answers: str) -> None:
    printer.fault = fault  # type: ignore[assignment]
    with wire(printer) as connection:
        connection.sendall(b"A" * 100)
        assert ask(connection, b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04", 4).hex() == answers
        connection.sendall(b"\x10")
        time.sleep(0.02)
        assert ask(connection, b"\x04\x01").hex() == answers[:2]


def test_near_end_is_a_warning(printer: VirtualPrinter) -> None:
    printer.near_end = True
    with wire(printer) as connection:
        assert ask(connection, b"\x10\x04\x04") == b"\x1e"
        assert ask(connection, b"\x10\x04\x01") == b"\x16"
        assert ask(connection, b"\x1dr1") == b"\x03"


def test_an_image_larger_than_the_buffer_is_printed(printer: VirtualPrinter) -> None:
    with wire(printer) as connection:
        image = b"\x1dv0\x00\x48\x00\xd0\x07" + b"\xaa" * (72 * 2000)
        assert ask(connection, b"\x1b@" + image + TICKET[2:] + CONFIRM, 7) == CONFIRMED
    assert printer.papers[0].image.height > 2000


def test_paper_out_outlives_the_connection(printer: VirtualPrinter) -> None:
    printer.fault = "paper-out"
    with wire(printer) as connection:
        connection.sendall(TICKET)
        time.sleep(0.05)
    with wire(printer) as connection:
        assert ask(connection, b"\x10\x04\x04") == b"\x7e"
        printer.fault = "none"
        assert ask(connection, TICKET + CONFIRM, 7) == CONFIRMED
    assert [paper.torn for paper in printer.wait_for(2, 3)] == [False, False]


@pytest.mark.parametrize(("confirm", "answer"), [("gs_h", CONFIRMED + b"\x00"), ("gs_r", b"\x00"), ("none", b"")])
def test_ways_to_confirm(confirm: str, answer: bytes) -> None:
    with VirtualPrinter(None, confirm=confirm) as printer, wire(printer) as connection:  # type: ignore[arg-type]
        connection.sendall(TICKET + CONFIRM + b"\x1dr\x01")
        assert receive(connection, len(answer)) == answer
        assert len(printer.wait_for(1, 3)) == 1
        assert silent(connection, 0.05)
        assert ask(connection, b"\x10\x04\x01") == b"\x16"
    with pytest.raises(ValueError, match="confirm"):
        VirtualPrinter(None, confirm="perhaps")  # type: ignore[arg-type]


def test_automatic_status_back(printer: VirtualPrinter) -> None:
    with wire(printer) as connection:
        assert ask(connection, b"\x1da\xff", 4).hex() == "1400000f"
        printer.fault = "paper-out"
        assert receive(connection, 4).hex() == "1c000f0f"
        printer.fault = "cover-open"
        assert receive(connection, 4).hex() == "3c00000f"
        printer.fault = "none"
        assert receive(connection, 4).hex() == "1400000f"
        printer.near_end = True
        assert receive(connection, 4).hex() == "1400030f"
        assert ask(connection, b"\x1da\x00\x1dI\x42", 11) == b"_LOBBYDESK\x00"
        printer.near_end = False
        assert silent(connection, 0.05)


def test_an_unknown_command_is_recorded_and_seen(printer: VirtualPrinter) -> None:
    with wire(printer) as connection:
        assert ask(connection, b"\x1b@\x1b\xff" + TICKET + CONFIRM, 7) == CONFIRMED
    assert printer.errors == ["UNKNOWN COMMAND 1B FF"]
    assert printer.papers[0].text.startswith("UNKNOWN COMMAND 1B FF")


def test_connections_wait_for_one_another(printer: VirtualPrinter) -> None:
    with wire(printer) as first, wire(printer) as second:
        second.sendall(b"\x10\x04\x01")
        assert silent(second)
        first.close()
        assert receive(second, 1) == b"\x16"


def test_half_closing_still_gets_the_answer(printer: VirtualPrinter) -> None:
    with wire(printer) as connection:
        connection.sendall(TICKET + CONFIRM)
        connection.shutdown(socket.SHUT_WR)
        assert receive(connection, 100) == CONFIRMED


def test_the_first_byte_of_a_job_is_timed_and_status_is_not(printer: VirtualPrinter) -> None:
    with wire(printer) as connection:
        ask(connection, b"\x10\x04\x01")
        ask(connection, b"\x1dr\x01")
        seen = [printer.first_byte_at]
        assert seen == [None]
        before = time.monotonic()
        ask(connection, TICKET + CONFIRM, 7)
        first = printer.first_byte_at or 0.0
        assert before <= first <= time.monotonic()
        ask(connection, b"\x10\x04\x01" + CONFIRM, 8)
        assert printer.first_byte_at == first
        ask(connection, TICKET + CONFIRM, 7)
        assert printer.first_byte_at > first


def test_a_kick_after_the_cut_belongs_to_the_paper_before_it(printer: VirtualPrinter) -> None:
    with wire(printer) as connection:
        connection.sendall(TICKET + b"\x1bp\x00\x19\xfa")
        connection.shutdown(socket.SHUT_WR)
        receive(connection, 1)
    assert printer.papers[0].drawer_kicks == 1
    with wire(printer) as connection:
        ask(connection, TICKET + CONFIRM, 7)
    assert [paper.data for paper in printer.papers] == [TICKET, TICKET]


def test_a_longer_unknown_command_is_passed_over_whole_when_it_comes_in_pieces(printer: VirtualPrinter) -> None:
    pdf417 = b"\x1d(k\x53\x000P0" + b"A" * 80
    with wire(printer) as connection:
        connection.sendall(pdf417[:30])
        time.sleep(0.05)
        assert ask(connection, pdf417[30:] + TICKET + CONFIRM, 7) == CONFIRMED
    assert printer.errors == ["UNKNOWN COMMAND 1D 28 6B 53 00 30 50"]
    assert "AA" not in printer.papers[0].text


def test_what_it_remembers_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (virtual, virtual_head):
        monkeypatch.setattr(module, "KEPT", 3)
    monkeypatch.setattr(virtual, "RECORDED", 10)
    with VirtualPrinter(None) as printer:
        for number in range(5):
            with wire(printer) as connection:
                ask(connection, b"\x1b\xff\x1b\xfe%d\n" % number + TICKET + CONFIRM, 7)
        assert [paper.text.split("\n")[2] for paper in printer.papers] == ["2", "3", "4"]
        assert [len(raw) for raw in printer.received] == [10, 10, 10]
        assert len(printer.errors) == 3


def test_a_printer_that_is_not_selected_prints_and_says_nothing(printer: VirtualPrinter) -> None:
    with wire(printer) as connection:
        connection.sendall(b"\x1b=\x02" + TICKET + CONFIRM)
        assert silent(connection)
        assert ask(connection, b"\x10\x04\x01") == b"\x16"
        assert ask(connection, b"\x1b=\x01" + TICKET + CONFIRM, 7) == CONFIRMED
    assert len(printer.papers) == 1


_pieces = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(sorted(table.TABLE)).flatmap(lambda prefix: st.binary(max_size=9).map(lambda tail: prefix + tail)),
)


@settings(max_examples=60, deadline=None, database=None, derandomize=True)
@given(st.lists(_pieces, max_size=8), st.sampled_from(FAULTS))
def test_no_bytes_kill_it(pieces: list[bytes], fault: Fault) -> None:
    with VirtualPrinter(None) as printer:
        with wire(printer) as connection, contextlib.suppress(ConnectionError):
            for number, piece in enumerate(pieces):
                connection.sendall(piece)
                if number == 3:
                    printer.fault = fault
        while printer.fault != "none":
            printer.fault = "none"
        with wire(printer) as connection:
            connection.sendall(b"\x1b=\x01" + TICKET + CONFIRM)
            seen = b""
            while CONFIRMED not in seen:
                seen += receive(connection, 1)
        assert "A001" in printer.papers[-1].text


@given(st.lists(st.sampled_from([b"\x10", b"\x04", b"\x01", b"\x02", b"\x10\x04\x03", b"A"]), max_size=12))
@settings(database=None, derandomize=True)
def test_real_time_requests_are_found_however_they_are_cut(pieces: list[bytes]) -> None:
    scanner = status.RealTimeScanner()
    found = [kind for piece in pieces for kind in scanner.feed(piece)]
    assert found == status.RealTimeScanner().feed(b"".join(pieces))
