"""The virtual printer fails on demand as printers fail."""

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from printing.virtual import FAULTS, VirtualPrinter
from tests.printing.wire import CONFIRM, CONFIRMED, TICKET, ask, receive, silent, wire


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[VirtualPrinter]:
    with VirtualPrinter(tmp_path / "paper") as running:
        yield running


@pytest.mark.parametrize("fault", ["paper-out", "cover-open"])
def test_a_stopped_printer_goes_on_with_the_same_paper(printer: VirtualPrinter, fault: str) -> None:
    with wire(printer) as connection:
        connection.sendall(TICKET[:10])
        time.sleep(0.05)
        printer.fault = fault  # type: ignore[assignment]
        connection.sendall(TICKET[10:] + b"\x1dr\x01" + CONFIRM)
        assert silent(connection)
        assert printer.papers == []
        printer.fault = "none"
        assert receive(connection, 8) == b"\x00" + CONFIRMED
        assert [paper.text for paper in printer.papers] == ["A001\n请留意叫号"]
        assert printer.papers[0].data == TICKET
    assert not printer.papers[0].torn


def test_a_stopped_printer_takes_only_a_buffer_full(printer: VirtualPrinter) -> None:
    printer.fault = "paper-out"
    rows = 4000
    image = b"\x1dv0\x00\x48\x00" + rows.to_bytes(2, "little") + bytes(72 * rows)
    with wire(printer) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        connection.sendall(image[:1000])
        time.sleep(0.05)
        connection.settimeout(0.3)
        with contextlib.suppress(TimeoutError):
            connection.sendall(image[1000:] * 40)
        assert 1000 < len(printer.received[0]) <= 65_536
        printer.fault = "none"


def test_a_mute_printer_swallows_and_says_nothing(printer: VirtualPrinter) -> None:
    printer.fault = "mute"
    with wire(printer) as connection:
        connection.sendall(b"\x10\x04\x01" + TICKET + CONFIRM)
        assert silent(connection)
        printer.fault = "none"
        assert ask(connection, b"\x10\x04\x01") == b"\x16"
        assert printer.papers == []
        assert ask(connection, TICKET + CONFIRM, 7) == CONFIRMED
    assert len(printer.papers) == 1


def test_a_mute_printer_sends_no_automatic_status_either(printer: VirtualPrinter) -> None:
    with wire(printer) as connection:
        ask(connection, b"\x1da\xff", 4)
        printer.fault = "paper-out"
        receive(connection, 4)
        printer.fault = "mute"
        assert silent(connection, 0.05)


def test_a_mute_printer_forgets_what_it_was_passing_over(printer: VirtualPrinter) -> None:
    with wire(printer) as connection:
        assert ask(connection, b"\x1dr\x01") == b"\x00"
        connection.sendall(b"\x1d(k\x53\x000P0" + b"A" * 20)
        time.sleep(0.05)
        printer.fault = "mute"
        printer.fault = "none"
        assert ask(connection, TICKET + CONFIRM, 7) == CONFIRMED
    assert "A001" in printer.papers[0].text


def test_what_was_not_printed_when_it_fell_mute_is_gone(printer: VirtualPrinter) -> None:
    with wire(printer) as connection:
        assert ask(connection, b"half\n\x1dr\x01\x1dv0\x00\x48\x00\x40\x00\xff") == b"\x00"
        printer.fault = "mute"
        printer.fault = "none"
        assert ask(connection, TICKET + CONFIRM, 7) == CONFIRMED
    (paper,) = printer.papers
    assert paper.torn
    assert paper.text.startswith("half\nA001")


def test_refused_until_it_is_back_on_the_same_port(printer: VirtualPrinter) -> None:
    with wire(printer) as connection:
        printer.fault = "refuse"
        assert connection.recv(1) == b""
    with pytest.raises(ConnectionRefusedError), wire(printer):
        pass
    printer.fault = "none"
    with wire(printer) as connection:
        assert ask(connection, TICKET + CONFIRM, 7) == CONFIRMED


def test_reset_in_the_middle_of_a_job_leaves_a_torn_paper(printer: VirtualPrinter) -> None:
    printer.fault = "reset"
    printer.reset_after = 10
    with wire(printer) as connection:
        assert ask(connection, b"\x10\x04\x01") == b"\x16"
        connection.sendall(TICKET)
        with pytest.raises(ConnectionResetError):
            while connection.recv(1):
                pass
    printer.fault = "none"
    with wire(printer) as connection:
        assert ask(connection, TICKET + CONFIRM, 7) == CONFIRMED
    (paper,) = printer.papers
    assert paper.torn
    assert paper.text.count("A001") == 2
    assert paper.data == TICKET[:10] + TICKET


def test_a_connection_lost_inside_a_command_is_told(printer: VirtualPrinter) -> None:
    with wire(printer) as connection:
        connection.sendall(b"\x1b@A001\n\x1dv0\x00\x48\x00\x40\x00\xff")
    with wire(printer) as connection:
        assert ask(connection, TICKET + CONFIRM, 7) == CONFIRMED
    assert printer.papers[0].torn
    assert printer.errors == ["connection lost inside a command: 1D 76 30 00 48 00 40 00"]


def test_slow_prints_in_the_end(printer: VirtualPrinter) -> None:
    printer.fault = "slow"
    with wire(printer) as connection:
        begun = time.monotonic()
        assert ask(connection, b"A" * 40 + b"\n" + b"B" * 400 + TICKET + CONFIRM, 7) == CONFIRMED
        assert time.monotonic() - begun > 0.1


def test_garbage_is_no_status(printer: VirtualPrinter) -> None:
    printer.fault = "garbage"
    with wire(printer) as connection:
        assert ask(connection, b"\x10\x04\x01", 3)[0] & 0x93 != 0x12
        assert CONFIRMED not in ask(connection, TICKET + CONFIRM, 3)
    assert len(printer.wait_for(1, 3)) == 1


def test_unknown_faults_are_refused(printer: VirtualPrinter) -> None:
    with pytest.raises(ValueError, match="fault"):
        printer.fault = "fire"  # type: ignore[assignment]
    for fault in FAULTS:
        printer.fault = fault
        assert printer.fault == fault
    assert FAULTS[-1] == "power-cycle"  # the only one that ends by itself
