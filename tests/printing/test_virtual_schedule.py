"""Faults that begin with the N-th paper, and the printer that is switched off and on again."""

import contextlib
import socket
import time
from pathlib import Path

import pytest

from printing.virtual import FAULTS, Fault, VirtualPrinter
from printing.virtual_head import OFF_SECONDS
from tests.printing.wire import CONFIRM, CONFIRMED, TICKET, ask, receive, silent, wire


def ticket(number: int) -> bytes:
    return TICKET.replace(b"A001", b"A%03d" % number)


@pytest.mark.parametrize("fault", ["paper-out", "cover-open"])
def test_two_papers_come_out_and_the_third_waits(fault: Fault) -> None:
    with VirtualPrinter(None, schedule=[(3, fault)]) as printer, wire(printer) as connection:
        connection.sendall(b"".join(ticket(number) + CONFIRM for number in range(1, 5)))
        # Each paper that is cut is confirmed too: the fault does not begin before the third does.
        assert receive(connection, 14) == CONFIRMED * 2
        assert silent(connection)
        assert printer.fault == fault
        assert [paper.text.split("\n")[0] for paper in printer.papers] == ["A001", "A002"]
        assert ask(connection, b"\x10\x04\x01") == b"\x1e"
        printer.fault = "none"
        assert receive(connection, 14) == CONFIRMED * 2
        assert [paper.text.split("\n")[0] for paper in printer.papers] == ["A001", "A002", "A003", "A004"]


@pytest.mark.parametrize("pieces", [1, 7, 64])
def test_the_schedule_holds_however_the_bytes_arrive(pieces: int) -> None:
    data = b"".join(ticket(number) + CONFIRM for number in range(1, 4))
    with VirtualPrinter(None, schedule=[(3, "paper-out")]) as printer, wire(printer) as connection:
        for at in range(0, len(data), pieces):
            connection.sendall(data[at : at + pieces])
        assert receive(connection, 14) == CONFIRMED * 2
        assert silent(connection)
        assert len(printer.papers) == 2


def test_settings_and_status_begin_no_paper() -> None:
    with VirtualPrinter(None, schedule=[(2, "paper-out")]) as printer, wire(printer) as connection:
        assert ask(connection, TICKET + CONFIRM, 7) == CONFIRMED
        assert ask(connection, b"\x1b@\x1ba\x01\x1bp\x00\x19\xfa\x1dr\x01") == b"\x00"
        faults = [printer.fault]
        connection.sendall(b"A")
        assert silent(connection)
        assert [*faults, printer.fault] == ["none", "paper-out"]


@pytest.mark.parametrize("begins", [b"\n", b"\x1dv0\x00\x01\x00\x01\x00\xff", b"\x1d(k\x03\x001Q0", b"\x1dV\x00",
                                    b"\x1dk\x04A\x00", b"\x1b\xff", b"\x1bd\x01"])  # fmt: skip
def test_whatever_prints_begins_a_paper(begins: bytes) -> None:
    with VirtualPrinter(None, schedule=[(1, "cover-open")]) as printer, wire(printer) as connection:
        connection.sendall(begins)
        assert silent(connection)
        assert (printer.fault, printer.papers, printer.errors) == ("cover-open", [], [])


def test_several_faults_follow_one_another() -> None:
    schedule: list[tuple[int, Fault]] = [(4, "none"), (2, "slow")]
    with VirtualPrinter(None, schedule=schedule) as printer, wire(printer) as connection:
        seen = []
        for number in range(1, 5):
            ask(connection, ticket(number) + CONFIRM, 7)
            seen.append(printer.fault)
        assert seen == ["none", "slow", "slow", "none"]


def test_a_fault_that_was_cleared_does_not_come_back() -> None:
    with VirtualPrinter(None, schedule=[(1, "paper-out")]) as printer, wire(printer) as connection:
        connection.sendall(ticket(1) + CONFIRM)
        assert silent(connection)
        printer.fault = "none"
        assert receive(connection, 7) == CONFIRMED
        assert ask(connection, ticket(2) + CONFIRM, 7) == CONFIRMED


def test_a_scheduled_reset_tears_the_paper_it_begins_with() -> None:
    with VirtualPrinter(None, schedule=[(2, "reset")]) as printer:
        printer.reset_after = 6
        with wire(printer) as connection, pytest.raises(ConnectionResetError):
            connection.sendall(ticket(1) + CONFIRM + ticket(2) + CONFIRM)
            while connection.recv(100):
                pass
        printer.fault = "none"
        with wire(printer) as connection:
            assert ask(connection, ticket(3) + CONFIRM, 7) == CONFIRMED
        first, second = printer.papers
        assert (first.text.split("\n")[0], first.torn, second.torn) == ("A001", False, True)
        assert second.text.startswith("A002\nA003")


def test_a_scheduled_mute_swallows_the_paper_it_begins_with() -> None:
    with VirtualPrinter(None, schedule=[(2, "mute")]) as printer, wire(printer) as connection:
        connection.sendall(ticket(1) + CONFIRM + ticket(2) + CONFIRM)
        assert receive(connection, 7) == CONFIRMED
        assert silent(connection)
        printer.fault = "none"
        assert ask(connection, ticket(3) + CONFIRM, 7) == CONFIRMED
        assert [paper.text[:4] for paper in printer.papers] == ["A001", "A003"]


# Power


def gone(connection: socket.socket) -> bool:
    with contextlib.suppress(ConnectionResetError):
        while connection.recv(100):
            pass
        return False
    return True


def test_a_power_cycle_drops_what_was_not_on_the_paper() -> None:
    with VirtualPrinter(None) as printer:
        with wire(printer) as connection:
            # One line is on the paper, one is in the line buffer, an image has arrived in part; modes are set.
            half = b"half\n\x1dB\x01\x1d!\x11lost\x1dr\x01\x1dv0\x00\x48\x00\x40\x00\xff"
            assert ask(connection, half) == b"\x00"
            printer.fault = "power-cycle"
            assert gone(connection)
        wait_until_on(printer)
        with wire(printer) as connection:
            assert ask(connection, b"\x10\x04\x01") == b"\x16"
            assert ask(connection, b"after\n" + TICKET[2:] + CONFIRM, 7) == CONFIRMED
        (paper,) = printer.papers
        assert paper.torn
        assert paper.text == "half\nafter\nA001\n请留意叫号"
        # Reverse and double size are forgotten: nothing on it is as black as that.
        assert paper.mistakes == []
        assert printer.errors == []


def wait_until_on(printer: VirtualPrinter) -> None:
    deadline = time.monotonic() + 3
    while printer.fault != "none":
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_while_it_is_off_connections_are_refused_and_then_it_is_back_by_itself() -> None:
    with VirtualPrinter(None) as printer:
        began = time.monotonic()
        printer.fault = "power-cycle"
        assert printer.fault == "power-cycle"
        with pytest.raises(ConnectionRefusedError), wire(printer):
            pass
        wait_until_on(printer)
        assert OFF_SECONDS <= time.monotonic() - began < OFF_SECONDS + 1
        # The port is open again before it says so.
        with wire(printer) as connection:
            assert ask(connection, TICKET + CONFIRM, 7) == CONFIRMED
        assert [paper.torn for paper in printer.papers] == [False]


def test_a_power_cycle_of_a_waiting_printer_loses_what_waited() -> None:
    with VirtualPrinter(None) as printer:
        printer.fault = "paper-out"
        with wire(printer) as connection:
            connection.sendall(TICKET + CONFIRM)
            time.sleep(0.1)
            printer.fault = "power-cycle"
            assert gone(connection)
        wait_until_on(printer)
        time.sleep(0.1)
        assert printer.papers == []
        with wire(printer) as connection:
            assert ask(connection, ticket(2) + CONFIRM, 7) == CONFIRMED
        assert [(paper.text[:4], paper.torn) for paper in printer.papers] == [("A002", False)]


def test_a_scheduled_power_cycle_loses_that_paper_only() -> None:
    with VirtualPrinter(None, schedule=[(2, "power-cycle")]) as printer:
        with wire(printer) as connection:
            connection.sendall(ticket(1) + CONFIRM + ticket(2) + CONFIRM)
            assert receive(connection, 7) == CONFIRMED
            assert gone(connection)
        wait_until_on(printer)
        time.sleep(0.1)
        with wire(printer) as connection:
            assert ask(connection, ticket(3) + CONFIRM, 7) == CONFIRMED
        assert [(paper.text[:4], paper.torn) for paper in printer.papers] == [("A001", False), ("A003", False)]


def test_a_printer_that_is_not_running_has_no_power_to_lose() -> None:
    printer = VirtualPrinter(None)
    seen = []
    printer.fault = "power-cycle"
    seen.append(printer.fault)
    with printer:
        printer.fault = "power-cycle"
    seen.append(printer.fault)
    assert seen == ["none", "none"]


def test_every_fault_may_follow_every_other(tmp_path: Path) -> None:
    with VirtualPrinter(tmp_path) as printer:
        for fault in (*FAULTS, *reversed(FAULTS)):
            printer.fault = fault
        wait_until_on(printer)
        time.sleep(0.1)
        with wire(printer) as connection:
            assert ask(connection, TICKET + CONFIRM, 7) == CONFIRMED
