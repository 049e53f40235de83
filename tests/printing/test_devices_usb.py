"""A printer on USB, through a pseudo-terminal.

This is the one mock of these tests: no USB printer can exist here, so the device file is the end of a pty, and a
thread carries its bytes to and from the virtual printer. The questions, answers and papers are real ones.
"""

import errno
import os
import select
import socket
import threading
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from printing.devices import Condition, ConnectionLost, Device, PrinterAbsent, confirmation, conversation, open_device
from printing.devices.usb import UsbLine
from printing.virtual import Fault, VirtualPrinter
from tests.printing.running import until

PAPER = b"\x1b@A001 \xcd\xa8\xd6\xaa\n\x1dV\x00"


def patient(stalled: float) -> bool:
    return stalled < 1


class Cable:
    """A pty whose far end is a printer; `held` stops what goes to the printer, as a full printer does."""

    def __init__(self, printer: VirtualPrinter) -> None:
        self._far, self._near = os.openpty()
        tty.setraw(self._near)
        self.path = os.ttyname(self._near)
        self._wire = socket.create_connection(("127.0.0.1", printer.port))
        self.held = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()

    def _carry(self) -> None:
        while not self._over.is_set():
            ends = [self._wire.fileno()] if self.held else [self._wire.fileno(), self._far]
            ready, _, _ = select.select(ends, [], [], 0.01)
            try:
                if self._far in ready:
                    self._wire.sendall(os.read(self._far, 4096))
                if self._wire.fileno() in ready and not self._answer(self._wire.recv(4096)):
                    return
            except OSError:
                return

    def _answer(self, said: bytes) -> bool:
        return bool(said) and os.write(self._far, said) > 0

    def say(self, said: bytes) -> None:
        """Say something as the printer would."""
        os.write(self._far, said)

    def unplug(self) -> None:
        """Pull the cable."""
        self._over.set()
        self._thread.join(3)
        self._wire.close()
        if self._far >= 0:
            os.close(self._far)
            self._far = -1

    def close(self) -> None:
        self.unplug()
        os.close(self._near)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "REPLY_SECONDS", 0.3)


@pytest.fixture
def printer() -> Iterator[VirtualPrinter]:
    with VirtualPrinter(None) as device:
        yield device


@pytest.fixture
def cable(printer: VirtualPrinter) -> Iterator[Cable]:
    plugged = Cable(printer)
    yield plugged
    plugged.close()


@pytest.fixture
def usb(cable: Cable) -> Iterator[Device]:
    device = open_device(f"usb:{cable.path}")
    yield device
    device.close()


@pytest.mark.parametrize("confirms", ["gs_h", "gs_r"])
def test_a_paper_is_printed_once_and_confirmed(usb: Device, printer: VirtualPrinter, confirms: str) -> None:
    assert usb.can_confirm
    assert usb.condition() == Condition("ready")
    usb.send(PAPER + confirmation(confirms, 7), patient=patient)
    assert usb.confirmed(confirms, 7, 3)
    assert [paper.data.count(b"A001") for paper in printer.wait_for(2, 0.2)] == [1]
    assert usb.model() == "LOBBYDESK VIRTUAL"


FAULTS: list[tuple[Fault, str]] = [
    ("none", "ready"),
    ("paper-out", "paper_out"),
    ("cover-open", "cover_open"),
    ("mute", "mute"),
    ("garbage", "mute"),
    ("slow", "ready"),
]


@pytest.mark.parametrize(("fault", "state"), FAULTS)
def test_how_the_printer_is(usb: Device, printer: VirtualPrinter, fault: Fault, state: str) -> None:
    printer.fault = fault
    assert usb.condition() == Condition(state)


def test_a_printer_out_of_paper_confirms_when_it_has_some(usb: Device, printer: VirtualPrinter) -> None:
    printer.fault = "paper-out"
    usb.send(PAPER + confirmation("gs_h", 7), patient=patient)
    assert not usb.confirmed("gs_h", 7, 0.2)
    assert usb.condition() == Condition("paper_out")
    printer.fault = "none"
    assert usb.confirmed("gs_h", 7, 3)
    assert len(printer.wait_for(2, 0.2)) == 1


def test_a_printer_that_takes_nothing_more_is_given_up_and_is_no_loss_to_ask(usb: Device, cable: Cable) -> None:
    cable.held = True
    with pytest.raises(ConnectionLost) as lost:
        usb.send(bytes(1_000_000), patient=lambda stalled: stalled < 0.3)
    assert 0 < lost.value.sent < 1_000_000
    assert usb.condition() == Condition("mute")
    cable.held = False


def test_a_cable_pulled_between_two_papers(usb: Device, cable: Cable) -> None:
    assert usb.condition() == Condition("ready")
    cable.unplug()
    with pytest.raises(ConnectionLost):
        usb.condition()
    with pytest.raises(ConnectionLost) as lost:
        usb.send(PAPER, patient=patient)
    assert lost.value.sent == 0


def test_a_cable_pulled_in_the_middle_of_a_paper(usb: Device, cable: Cable) -> None:
    cable.held = True

    def pull(stalled: float) -> bool:
        cable.unplug()
        return stalled < 1

    with pytest.raises(ConnectionLost) as lost:
        usb.send(bytes(100_000), patient=pull)
    assert 0 < lost.value.sent < 100_000


def test_the_answer_to_whoever_had_it_open_before_confirms_no_paper(usb: Device, cable: Cable) -> None:
    cable.say(b"\x00\x37\x22HAAA\x00")
    until(lambda: select.select([usb._line], [], [], 0)[0], "the old answer waits")  # type: ignore[attr-defined]
    usb.send(PAPER, patient=patient)
    assert not usb.confirmed("gs_r", 7, 0.2)
    assert not usb.confirmed("gs_h", 7, 0.1)


def test_a_printer_known_to_say_nothing(cable: Cable, printer: VirtualPrinter) -> None:
    printer.fault = "mute"
    device = open_device(f"usb:{cable.path}", answers=False)
    assert device.condition() == Condition("ready")
    device.close()
    device.close()


@pytest.mark.parametrize("what", ["file", "folder", "/dev/null", "pipe"])
def test_what_is_no_printer_is_not_printed_on(tmp_path: Path, what: str) -> None:
    path = tmp_path / what
    if what == "file":
        path.write_bytes(b"")
    elif what == "folder":
        path.mkdir()
    elif what == "pipe":
        os.mkfifo(path)
    with pytest.raises(PrinterAbsent, match=r"\w"):
        open_device(f"usb:{path}")
    assert what != "file" or path.read_bytes() == b""


@pytest.mark.parametrize("number", [errno.ENOENT, errno.ENXIO, errno.ENODEV, errno.EBUSY, errno.EACCES, errno.EIO])
def test_why_a_printer_is_not_there(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def refuse(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(PrinterAbsent, match=r"\w"):
        open_device("usb:/dev/usb/lp0")


def test_what_the_policy_of_the_unit_forbids_is_raised_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbid(*_: object) -> int:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "open", forbid)
    with pytest.raises(PermissionError):
        open_device("usb:/dev/usb/lp0")


def test_closing_waits_for_the_block_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    # A line of its own making: usblp alone drops what is under way, and a pty always has it in its buffer.
    line = UsbLine.__new__(UsbLine)
    line._fd = ours.detach()
    while line.write(bytes(4096)):
        pass
    closing = threading.Thread(target=line.close)
    closing.start()
    closing.join(0.2)
    assert closing.is_alive()
    with theirs:
        while closing.is_alive():
            theirs.recv(65536)
            closing.join(0.01)
    assert line._fd == -1
