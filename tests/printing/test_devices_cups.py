"""Papers through a real CUPS: unchanged, once, with nothing around them, and its troubles in the store's words."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from printing.devices import Condition, ConnectionLost, Device, PrinterAbsent, cups, open_device
from printing.devices.probe import Findings, probe
from printing.virtual import VirtualPrinter
from tests.printing.cups import Cups, running
from tests.printing.running import until

PAPER = b"\x1b@A001 \xcd\xa8\xd6\xaa\n\x1bd\x03\x1dV\x00"
# Every byte there is, as a picture's could be: whoever converts or filters text would change some.
EVERY_BYTE = b"\x1b@\x1dv0\x00\x10\x00\x10\x00" + bytes(range(256)) + b"\n\x1dV\x00"


@pytest.fixture(scope="module")
def scheduler() -> Iterator[Cups]:
    with running() as started:
        yield started


@pytest.fixture
def own(scheduler: Cups, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cups]:
    """The scheduler, as the product's lp and lpstat find it, with no job left behind."""
    monkeypatch.setenv("CUPS_SERVER", scheduler.server)
    yield scheduler
    scheduler.run("cancel", "-a", "-x", check=False)


@pytest.fixture
def printer() -> Iterator[VirtualPrinter]:
    with VirtualPrinter(None) as device:
        yield device


@pytest.fixture
def queue(own: Cups, printer: VirtualPrinter) -> Device:
    own.add_queue("front", f"socket://127.0.0.1:{printer.port}")
    own.run("cupsenable", "front")
    return open_device("cups:front")


def patient(stalled: float) -> bool:
    raise AssertionError("lp takes a paper whole or not at all")


def empty(own: Cups) -> None:
    until(lambda: not own.waiting(), "the queue is empty")


@pytest.mark.parametrize("paper", [PAPER, EVERY_BYTE, PAPER * 100])
def test_a_paper_comes_out_once_and_unchanged(own: Cups, queue: Device, printer: VirtualPrinter, paper: bytes) -> None:
    assert queue.condition() == Condition("ready")
    queue.send(paper, patient=patient)
    empty(own)
    assert queue.condition() == Condition("ready")
    until(lambda: b"".join(printer.received) == paper, "the bytes arrive as they were sent")
    cuts = paper.count(b"\x1dV\x00")
    assert len(printer.wait_for(cuts + 1, 0.3)) == cuts


@pytest.mark.parametrize("default", ["job-sheets-default=standard,standard", "copies-default=2"])
def test_what_a_queue_adds_by_default_is_left_out(own: Cups, printer: VirtualPrinter, default: str) -> None:
    own.add_queue("office", f"socket://127.0.0.1:{printer.port}", "-o", default)
    open_device("cups:office").send(PAPER, patient=patient)
    empty(own)
    printer.wait_for(2, 0.3)
    assert b"".join(printer.received) == PAPER


def test_its_honest_word_is_sent(queue: Device) -> None:
    assert not queue.can_confirm
    assert not queue.confirmed("gs_h", 7, 0)
    assert probe(queue) == Findings(answers=False, confirms="none", model="")
    queue.close()
    queue.close()


def test_a_disabled_queue_is_an_error(own: Cups, queue: Device) -> None:
    own.run("cupsdisable", "-r", "paper jam", "front")
    assert queue.condition() == Condition("error")
    own.run("cupsenable", "front")
    assert queue.condition() == Condition("ready")


def test_a_queue_that_accepts_nothing_is_an_error_and_takes_no_paper(own: Cups, queue: Device) -> None:
    own.run("cupsreject", "front")
    assert queue.condition() == Condition("error")
    with pytest.raises(ConnectionLost) as lost:
        queue.send(PAPER, patient=patient)
    assert lost.value.sent == 0


def test_a_stuck_printer_gets_no_second_paper(own: Cups, queue: Device, printer: VirtualPrinter) -> None:
    printer.fault = "paper-out"
    # Larger than all buffers on the way: a small one CUPS would call done, as it does with a real printer.
    queue.send(b"\n" * 16_000_000, patient=patient)
    until(lambda: own.waiting(), "a paper waits in CUPS")
    assert queue.condition() == Condition("mute")
    assert open_device("cups:FRONT").condition() == Condition("mute"), "CUPS takes a name in any case"


def test_papers_for_a_printer_that_is_away_stay_with_us(own: Cups, queue: Device, printer: VirtualPrinter) -> None:
    printer.fault = "refuse"
    queue.send(PAPER, patient=patient)
    until(lambda: own.waiting(), "a paper waits in CUPS")
    assert queue.condition().state in {"mute", "absent"}


def test_a_paper_in_another_queue_is_none_of_ours(own: Cups, queue: Device, printer: VirtualPrinter) -> None:
    own.add_queue("front-2", "socket://127.0.0.1:1")
    open_device("cups:front-2").send(PAPER, patient=patient)
    until(lambda: own.waiting(), "a paper waits in the other queue")
    assert queue.condition() == Condition("ready")


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        ("media-empty-error", "paper_out"),
        ("media-low-warning", "paper_low"),
        ("cover-open-error", "cover_open"),
        ("door-open-report", "cover_open"),
        ("connecting-to-device", "ready"),
        ("timed-out-error", "ready"),
        ("toner-low-report", "ready"),
    ],
)
def test_what_a_backend_reports_is_said_in_the_words_of_the_store(own: Cups, reason: str, state: str) -> None:
    own.add_queue(reason, f"telling:/{reason}")
    queue = open_device(f"cups:{reason}")
    queue.send(PAPER, patient=patient)
    empty(own)
    assert queue.condition() == Condition(state)


@pytest.mark.parametrize(
    ("reason", "state"),
    [("offline-report", "absent"), ("connecting-to-device", "absent"), ("media-empty", "paper_out"), ("other", "mute")],
)
def test_what_a_backend_reports_while_it_is_stuck(own: Cups, reason: str, state: str) -> None:
    own.add_queue(f"stuck-{reason}", f"telling:/{reason}?stuck")
    queue = open_device(f"cups:stuck-{reason}")
    queue.send(PAPER, patient=patient)
    until(lambda: queue.condition() == Condition(state), state, 3)


def test_a_queue_that_is_not_there(own: Cups) -> None:
    with pytest.raises(PrinterAbsent, match="cellar"):
        open_device("cups:cellar")


@pytest.mark.parametrize("name", ["front,front", "-h", "front/office", "前台"])
def test_what_lpstat_would_take_for_something_else_is_no_queue(queue: Device, name: str) -> None:
    with pytest.raises(PrinterAbsent):
        open_device(f"cups:{name}")


def test_a_queue_that_was_taken_away(own: Cups, queue: Device) -> None:
    own.run("lpadmin", "-x", "front")
    assert queue.condition() == Condition("absent")
    with pytest.raises(ConnectionLost) as lost:
        queue.send(PAPER, patient=patient)
    assert lost.value.sent == 0


def test_no_scheduler(own: Cups, queue: Device, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CUPS_SERVER", str(tmp_path / "nowhere"))
    assert queue.condition() == Condition("absent")
    with pytest.raises(PrinterAbsent):
        open_device("cups:front")
    with pytest.raises(ConnectionLost) as lost:
        queue.send(PAPER, patient=patient)
    # What nobody can look up is not called untouched.
    assert lost.value.sent == len(PAPER)


def test_no_programs(queue: Device, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert queue.condition() == Condition("absent")
    with pytest.raises(PrinterAbsent, match="cups-client"):
        open_device("cups:front")
    with pytest.raises(ConnectionLost) as lost:
        queue.send(PAPER, patient=patient)
    assert lost.value.sent == 0


@pytest.mark.timeout(30)
def test_a_scheduler_that_stands_still_holds_nobody_up(
    own: Cups, queue: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cups, "SECONDS", 0.3)
    own.freeze(True)
    try:
        began = time.monotonic()
        assert queue.condition() == Condition("absent")
        with pytest.raises(PrinterAbsent, match="does not answer"):
            open_device("cups:front")
        with pytest.raises(ConnectionLost) as lost:
            queue.send(PAPER, patient=patient)
        assert time.monotonic() - began < 3
    finally:
        own.freeze(False)
    # It may have the paper, or get it yet: nobody knows, so it is not sent again.
    assert lost.value.sent == len(PAPER)


def test_a_scheduler_that_died_with_the_paper_prints_it_later(
    own: Cups, queue: Device, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # lp as it ends when the server dies after taking the paper and before saying so.
    liar = tmp_path / "lp"
    liar.write_text('#!/bin/sh\n/usr/bin/lp "$@" >/dev/null\necho "lp: Broken pipe" >&2\nexit 1\n')
    liar.chmod(0o755)
    own.add_queue("front", "socket://127.0.0.1:1")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(ConnectionLost) as lost:
        queue.send(PAPER, patient=patient)
    assert lost.value.sent == len(PAPER)
