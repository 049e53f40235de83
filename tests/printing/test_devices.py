"""A conversation over TCP: one answer is never taken for another, every wait has an end, a write proves nothing."""

import contextlib
import select
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from printing.devices import (
    Condition,
    ConnectionLost,
    PrinterAbsent,
    confirmation,
    conversation,
    open_device,
    process_id,
)
from printing.devices.conversation import Conversation
from printing.devices.tcp import TcpLine
from printing.virtual import Fault, VirtualPrinter

OF_JOB_7 = b"\x37\x22" + process_id(7) + b"\x00"
PAPER = b"\x1b@A001\n\x1dV\x00"


def patient(stalled: float) -> bool:
    return stalled < 1


def tcp(port: int, *, answers: bool = True) -> Conversation:
    return Conversation(TcpLine(f"127.0.0.1:{port}"), answers=answers)


def narrow(wire: Conversation) -> None:
    assert isinstance(wire._line, TcpLine)
    wire._line._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)


class FewWords(threading.Thread):
    """A printer of a few answers: what it says to each DLE EOT, and what it adds after the first of them."""

    def __init__(self, answers: dict[int, bytes], *, extra: bytes = b"") -> None:
        super().__init__(name="device", daemon=True)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._answers = answers
        self._extra = extra
        self.heard = b""
        self.start()

    def run(self) -> None:
        wire, _ = self._listener.accept()
        with wire, contextlib.suppress(ConnectionError):
            while said := wire.recv(4096):
                self.heard += said
                if said[:2] == b"\x10\x04":
                    wire.sendall(self._answers.get(said[2], b"") + self._extra)
                    self._extra = b""

    def __enter__(self) -> Conversation:
        self.wire = tcp(self.port)
        return self.wire

    def __exit__(self, *_: object) -> None:
        self.wire.close()
        self.join(3)
        self._listener.close()
        assert not self.is_alive()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "REPLY_SECONDS", 0.3)


@pytest.mark.parametrize(
    ("paper", "offline", "printer", "state"),
    [
        (0x12, 0x12, 0x12, "ready"),
        (0x12, 0x12, 0x16, "ready"),
        (0x1E, 0x12, 0x12, "paper_low"),
        (0x7E, 0x32, 0x1A, "paper_out"),
        (0x72, 0x12, 0x12, "paper_out"),
        (0x12, 0x32, 0x1A, "paper_out"),
        (0x12, 0x16, 0x1A, "cover_open"),
        (0x7E, 0x36, 0x1A, "cover_open"),
        (0x12, 0x52, 0x1A, "error"),
        (0x12, 0x12, 0x1A, "error"),
    ],
)
def test_what_the_sensors_say(paper: int, offline: int, printer: int, state: str) -> None:
    with FewWords({4: bytes([paper]), 2: bytes([offline]), 1: bytes([printer])}) as wire:
        condition = wire.condition()
    assert condition == Condition(state)
    assert condition.ready == (state in {"ready", "paper_low"})


@pytest.mark.parametrize("answer", [b"", b"\xff\x80", b"\x00", OF_JOB_7, OF_JOB_7[:3]])
def test_a_printer_that_does_not_answer_the_question_is_mute(answer: bytes) -> None:
    with FewWords({4: answer}) as wire:
        assert wire.condition() == Condition("mute")


def test_a_printer_that_goes_silent_between_questions_is_mute() -> None:
    with FewWords({4: b"\x12", 2: b"\x12"}) as wire:
        assert wire.condition() == Condition("mute")


@pytest.mark.parametrize("confirms", ["gs_h", "gs_r"])
def test_an_old_answer_confirms_no_new_paper(confirms: str) -> None:
    with FewWords({4: b"\x12", 2: b"\x12", 1: b"\x12"}, extra=OF_JOB_7 + b"\x00") as wire:
        wire.condition()
        wire.send(b"A001\n", patient=lambda stalled: stalled < 1)
        assert not wire.confirmed(confirms, 7, 0.1)


def test_the_answer_to_another_job_is_none() -> None:
    with FewWords({}) as wire:
        wire._replies.feed(OF_JOB_7)
        assert wire.confirmed("gs_h", 7, 0)
        assert not wire.confirmed("gs_h", 8, 0.05)
        assert not wire.confirmed("gs_r", 7, 0.05)


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def test_nobody_there(closed_port: int) -> None:
    with pytest.raises(PrinterAbsent):
        open_device(f"tcp://127.0.0.1:{closed_port}")


def test_nobody_answers_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, timeout: float) -> socket.socket:
        raise TimeoutError(timeout)

    monkeypatch.setattr(socket, "create_connection", nobody)
    with pytest.raises(PrinterAbsent):
        open_device("tcp://192.0.2.1:9100")


@pytest.fixture
def pair() -> Iterator[tuple[Conversation, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wire = tcp(listener.getsockname()[1])
        other, _ = listener.accept()
    with other:
        yield wire, other
    wire.close()


def reset(other: socket.socket) -> None:
    other.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    other.close()


def test_a_connection_that_ended_is_lost(pair: tuple[Conversation, socket.socket]) -> None:
    wire, other = pair
    other.close()
    with pytest.raises(ConnectionLost):
        wire.condition()


def test_a_reset_before_the_first_byte_says_that_nothing_left(pair: tuple[Conversation, socket.socket]) -> None:
    wire, other = pair
    reset(other)
    with pytest.raises(ConnectionLost) as lost:
        wire.send(b"A001\n", patient=lambda stalled: stalled < 1)
    assert lost.value.sent == 0


def test_a_reset_while_waiting_for_the_answer_is_a_loss(pair: tuple[Conversation, socket.socket]) -> None:
    wire, other = pair
    wire.send(b"A001\n", patient=lambda stalled: stalled < 1)
    reset(other)
    with pytest.raises(ConnectionLost):
        wire.confirmed("gs_h", 7, 1)


def test_a_printer_that_takes_nothing_more_is_given_up(pair: tuple[Conversation, socket.socket]) -> None:
    wire, _ = pair
    narrow(wire)
    size = 10_000_000
    with pytest.raises(ConnectionLost) as lost:
        wire.send(bytes(size), patient=lambda stalled: stalled < 0.2)
    assert 0 < lost.value.sent < size


def test_a_question_that_finds_no_room_is_no_loss(pair: tuple[Conversation, socket.socket]) -> None:
    wire, _ = pair
    narrow(wire)
    with contextlib.suppress(ConnectionLost):
        wire.send(bytes(10_000_000), patient=lambda stalled: stalled < 0.2)
    assert wire.condition() == Condition("mute")


def test_closing_lets_the_last_bytes_through(pair: tuple[Conversation, socket.socket]) -> None:
    wire, other = pair
    wire.send(b"x" * 50_000, patient=lambda stalled: stalled < 1)
    # An answer that nobody read makes an abrupt close a reset, which may take what was sent with it.
    other.sendall(b"\x12" * 10)
    closing = threading.Thread(target=wire.close)
    closing.start()
    heard = 0
    while said := other.recv(4096):
        heard += len(said)
    other.close()
    closing.join(3)
    assert heard == 50_000


def test_closing_twice_does_no_harm(pair: tuple[Conversation, socket.socket]) -> None:
    wire, other = pair
    other.close()
    wire.close()
    wire.close()


@pytest.mark.parametrize(
    "address", ["", "tcp:front", "tcp://", "lpt:1", "usb:/dev/nowhere", "folder:/nowhere", "cups:-h", "cups:a,b"]
)
def test_what_leads_to_no_printer_is_a_reason_in_words(address: str) -> None:
    with pytest.raises(PrinterAbsent, match=r"\w"):
        open_device(address)


def test_an_address_of_ipv6(closed_port: int) -> None:
    with pytest.raises(PrinterAbsent, match=r"refused|unreachable|Cannot assign"):
        open_device(f"tcp://[::1]:{closed_port}")


@pytest.mark.parametrize("confirms", ["gs_h", "gs_r"])
def test_a_paper_through_the_whole_door(confirms: str) -> None:
    with VirtualPrinter(None) as printer:
        device = open_device(f"tcp://127.0.0.1:{printer.port}")
        assert device.can_confirm
        assert device.condition() == Condition("ready")
        assert device.model() == "LOBBYDESK VIRTUAL"
        device.send(PAPER + confirmation(confirms, 7), patient=patient)
        assert device.confirmed(confirms, 7, 3)
        device.close()
        assert [paper.data.count(b"A001") for paper in printer.wait_for(2, 0.2)] == [1]


FAULTS: list[tuple[Fault, str]] = [
    ("paper-out", "paper_out"),
    ("cover-open", "cover_open"),
    ("mute", "mute"),
    ("garbage", "mute"),
]


@pytest.mark.parametrize(("fault", "state"), FAULTS)
def test_the_trouble_of_a_printer_shows(fault: Fault, state: str) -> None:
    with VirtualPrinter(None) as printer:
        device = open_device(f"tcp://127.0.0.1:{printer.port}")
        printer.fault = fault
        assert device.condition() == Condition(state)
        device.close()


def test_a_printer_known_to_say_nothing_is_ready_while_its_connection_stands(
    pair: tuple[Conversation, socket.socket],
) -> None:
    wire, other = pair
    wire._answers = False
    began = time.monotonic()
    assert wire.condition() == Condition("ready")
    assert wire.model() == ""
    assert time.monotonic() - began < 0.2
    narrow(wire)
    with contextlib.suppress(ConnectionLost):
        wire.send(bytes(10_000_000), patient=lambda stalled: stalled < 0.2)
    # No byte more fits in: whatever it is, ready it is not.
    assert wire.condition() == Condition("mute")
    reset(other)
    with pytest.raises(ConnectionLost):
        wire.condition()


def test_an_answer_that_waits_unread_confirms_no_new_paper(pair: tuple[Conversation, socket.socket]) -> None:
    wire, other = pair
    other.sendall(OF_JOB_7 + b"\x00")
    select.select([wire._line], [], [], 1)
    wire.send(PAPER, patient=patient)
    assert not wire.confirmed("gs_h", 7, 0.1)
    assert not wire.confirmed("gs_r", 7, 0.1)


def test_nothing_confirms_a_paper_that_asked_for_nothing(pair: tuple[Conversation, socket.socket]) -> None:
    wire, other = pair
    wire.send(PAPER, patient=patient)
    other.sendall(OF_JOB_7 + b"\x00")
    assert not wire.confirmed("none", 7, 0.1)


@pytest.fixture
def chatter(pair: tuple[Conversation, socket.socket]) -> Iterator[Conversation]:
    """A printer that never stops talking rubbish."""
    wire, other = pair
    over = threading.Event()

    def talk() -> None:
        with contextlib.suppress(OSError):
            while not over.is_set():
                other.sendall(b"\xff" * 4096)

    talking = threading.Thread(target=talk, daemon=True)
    talking.start()
    yield wire
    over.set()
    wire.close()
    talking.join(3)


@pytest.mark.timeout(20)
def test_a_printer_that_never_stops_talking_holds_nobody_up(chatter: Conversation) -> None:
    began = time.monotonic()
    assert chatter.condition() == Condition("mute")
    assert chatter.model() == ""
    chatter.send(PAPER, patient=patient)
    assert not chatter.confirmed("gs_r", 7, 0.2)
    chatter.close()
    assert time.monotonic() - began < 3


class NoRoom:
    """A line that says it has room and takes nothing, as usblp does while the printer is out of paper."""

    def __init__(self) -> None:
        self._ends = socket.socketpair()
        self.tries = 0

    def fileno(self) -> int:
        return self._ends[0].fileno()

    def read(self) -> bytes:
        return b""

    def write(self, data: bytes) -> int:
        self.tries += 1
        return 0

    def close(self) -> None:
        for end in self._ends:
            end.close()


@pytest.mark.timeout(10)
def test_room_that_is_none_wears_patience_out_and_not_the_processor() -> None:
    line = NoRoom()
    wire = Conversation(line)
    with pytest.raises(ConnectionLost) as lost:
        wire.send(PAPER, patient=lambda stalled: stalled < 0.3)
    assert lost.value.sent == 0
    assert line.tries < 40
    wire.close()


def test_half_a_question_ends_the_conversation() -> None:
    line = NoRoom()
    line.write = lambda data: 1  # type: ignore[method-assign]
    wire = Conversation(line)
    with pytest.raises(ConnectionLost):
        wire.condition()
    wire.close()
