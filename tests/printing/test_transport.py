"""The transport sorts what a printer says, and never takes one answer for another."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printing import transport
from printing.interpreter import tokenize
from printing.transport import (
    Condition,
    ConnectionLost,
    PrinterAbsent,
    Replies,
    TcpPrinter,
    confirmation,
    process_id,
)

OF_JOB_7 = b"\x37\x22" + process_id(7) + b"\x00"
JOBS = st.integers(1, 15**4 - 1)


def sorted_out(*pieces: bytes) -> Replies:
    replies = Replies()
    for piece in pieces:
        replies.feed(piece)
    return replies


def seen(replies: Replies) -> tuple[list[int], set[bytes], int]:
    return replies.statuses, replies.processes, replies.transmitted


def test_each_answer_is_known_by_its_form() -> None:
    replies = sorted_out(b"\x12" + OF_JOB_7 + b"\x16\x00\x0f")
    assert seen(replies) == ([0x12, 0x16], {process_id(7)}, 2)


@given(st.lists(st.sampled_from([b"\x12", b"\x1e", OF_JOB_7, b"\x00", b"\xff", b"\x80\xa5"])), st.data())
@settings(database=None)
def test_answers_are_the_same_however_they_are_cut(answers: list[bytes], data: st.DataObject) -> None:
    said = b"".join(answers)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(said)))))
    pieces = [said[start:end] for start, end in zip([0, *cuts], [*cuts, len(said)], strict=True)]
    assert seen(sorted_out(*pieces)) == seen(sorted_out(said))


@pytest.mark.parametrize("rubbish", [b"\xff\x80\xa5", b"\x37\xff\x37", b"\x10\x14\x38", b"\xf7\x22ABCD"[:1]])
def test_rubbish_is_no_answer(rubbish: bytes) -> None:
    assert seen(sorted_out(rubbish)) == ([], set(), 0)


@pytest.mark.parametrize("automatic", [b"\x14", b"\x1c", b"\x3c", b"\x10"])
def test_the_first_byte_of_an_automatic_status_is_no_answer_to_a_question(automatic: bytes) -> None:
    assert seen(sorted_out(automatic)) == ([], set(), 0)


def test_half_an_answer_waits_for_its_rest() -> None:
    replies = sorted_out(OF_JOB_7[:4])
    assert seen(replies) == ([], set(), 0)
    replies.feed(OF_JOB_7[4:])
    assert seen(replies) == ([], {process_id(7)}, 0)


@given(JOBS)
@settings(database=None)
def test_the_letters_of_a_process_id_are_printable_and_like_no_status(job_id: int) -> None:
    letters = process_id(job_id)
    assert len(letters) == 4
    assert all(0x20 <= letter <= 0x7E for letter in letters)
    assert sorted_out(b"\x37\x22" + letters + b"\x00").statuses == []
    # Nor when the beginning of the answer was lost.
    assert sorted_out(letters + b"\x00").statuses == []


@given(JOBS, JOBS)
@settings(database=None)
def test_each_job_has_its_own_process_id(one: int, other: int) -> None:
    assert (process_id(one) == process_id(other)) == (one == other)


def test_the_request_for_confirmation_stands_in_the_makers_manual() -> None:
    assert confirmation("gs_h", 7) == b"\x1d\x28\x48\x06\x00\x30\x30" + process_id(7)
    assert confirmation("gs_r", 7) == b"\x1d\x72\x01"
    assert confirmation("none", 7) == b""
    assert [command.name for command in tokenize(confirmation("gs_h", 7) + confirmation("gs_r", 7))] == [
        "GS ( H",
        "GS r",
    ]


class Device(threading.Thread):
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

    def __enter__(self) -> TcpPrinter:
        self.wire = TcpPrinter("127.0.0.1", self.port)
        return self.wire

    def __exit__(self, *_: object) -> None:
        self.wire.close()
        self.join(3)
        self._listener.close()
        assert not self.is_alive()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "REPLY_SECONDS", 0.3)


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
    with Device({4: bytes([paper]), 2: bytes([offline]), 1: bytes([printer])}) as wire:
        condition = wire.condition()
    assert condition == Condition(state)
    assert condition.ready == (state in {"ready", "paper_low"})


@pytest.mark.parametrize("answer", [b"", b"\xff\x80", b"\x00", OF_JOB_7, OF_JOB_7[:3]])
def test_a_printer_that_does_not_answer_the_question_is_mute(answer: bytes) -> None:
    with Device({4: answer}) as wire:
        assert wire.condition() == Condition("mute")


def test_a_printer_that_goes_silent_between_questions_is_mute() -> None:
    with Device({4: b"\x12", 2: b"\x12"}) as wire:
        assert wire.condition() == Condition("mute")


@pytest.mark.parametrize("confirms", ["gs_h", "gs_r"])
def test_an_old_answer_confirms_no_new_paper(confirms: str) -> None:
    with Device({4: b"\x12", 2: b"\x12", 1: b"\x12"}, extra=OF_JOB_7 + b"\x00") as wire:
        wire.condition()
        wire.send(b"A001\n", patient=lambda stalled: stalled < 1)
        assert not wire.confirmed(confirms, 7, 0.1)


def test_the_answer_to_another_job_is_none() -> None:
    with Device({}) as wire:
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
        TcpPrinter("127.0.0.1", closed_port)


def test_nobody_answers_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, timeout: float) -> socket.socket:
        raise TimeoutError(timeout)

    monkeypatch.setattr(socket, "create_connection", nobody)
    with pytest.raises(PrinterAbsent):
        TcpPrinter("192.0.2.1", 9100)


@pytest.fixture
def pair() -> Iterator[tuple[TcpPrinter, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wire = TcpPrinter("127.0.0.1", listener.getsockname()[1])
        other, _ = listener.accept()
    with other:
        yield wire, other
    wire._socket.close()


def reset(other: socket.socket) -> None:
    other.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    other.close()


def test_a_connection_that_ended_is_lost(pair: tuple[TcpPrinter, socket.socket]) -> None:
    wire, other = pair
    other.close()
    with pytest.raises(ConnectionLost):
        wire.condition()


def test_a_reset_before_the_first_byte_says_that_nothing_left(pair: tuple[TcpPrinter, socket.socket]) -> None:
    wire, other = pair
    reset(other)
    with pytest.raises(ConnectionLost) as lost:
        wire.send(b"A001\n", patient=lambda stalled: stalled < 1)
    assert lost.value.sent == 0


def test_a_reset_while_waiting_for_the_answer_is_a_loss(pair: tuple[TcpPrinter, socket.socket]) -> None:
    wire, other = pair
    wire.send(b"A001\n", patient=lambda stalled: stalled < 1)
    reset(other)
    with pytest.raises(ConnectionLost):
        wire.confirmed("gs_h", 7, 1)


def test_a_printer_that_takes_nothing_more_is_given_up(pair: tuple[TcpPrinter, socket.socket]) -> None:
    wire, _ = pair
    wire._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    size = 10_000_000
    with pytest.raises(ConnectionLost) as lost:
        wire.send(bytes(size), patient=lambda stalled: stalled < 0.2)
    assert 0 < lost.value.sent < size


def test_a_question_that_finds_no_room_is_no_loss(pair: tuple[TcpPrinter, socket.socket]) -> None:
    wire, _ = pair
    wire._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    with contextlib.suppress(ConnectionLost):
        wire.send(bytes(10_000_000), patient=lambda stalled: stalled < 0.2)
    assert wire.condition() == Condition("mute")


def test_closing_lets_the_last_bytes_through(pair: tuple[TcpPrinter, socket.socket]) -> None:
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


def test_closing_twice_does_no_harm(pair: tuple[TcpPrinter, socket.socket]) -> None:
    wire, other = pair
    other.close()
    wire.close()
    wire.close()
