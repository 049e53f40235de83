"""The fault matrix of `printing.md`: what the worker does when the printer is out, open, mute, gone, reset, mad."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from db import printers, spool
from db.store import StoreBusy
from printing import delivery, documents
from printing.devices import Condition
from reception import papers
from tests.printing.running import AT, SCRAP, Front, Working, until
from tests.printing.samples import sample
from web.app import system_clock

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ("refuse", "absent"),
        ("mute", "mute"),
        ("garbage", "mute"),
        ("paper-out", "paper_out"),
        ("cover-open", "cover_open"),
    ],
)
def test_a_printer_in_trouble_gets_nothing_and_the_paper_waits(front: Front, fault: str, state: str) -> None:
    front.device.fault = fault  # type: ignore[assignment]
    with Working(front.home):
        ticket = front.take_ticket()
        front.until_state(state)
        assert printers.printers(front.store)[0].in_trouble
        assert front.paper_state(ticket) == "queued"
        assert front.device.first_byte_at is None
        front.device.fault = "none"
        front.until_paper(ticket, "printed")
        front.until_state("ready")
    assert len(front.settled()) == 1
    assert front.times_sent(ticket) == 1


def test_trouble_shows_before_a_ticket_is_taken(front: Front) -> None:
    with Working(front.home):
        front.until_state("ready")
        for fault, state in (("paper-out", "paper_out"), ("cover-open", "cover_open"), ("none", "ready")):
            front.device.fault = fault  # type: ignore[assignment]
            front.until_state(state)


def test_little_paper_is_a_warning_only(front: Front) -> None:
    front.device.near_end = True
    with Working(front.home):
        front.until_paper(front.take_ticket(), "printed")
        front.until_state("paper_low")
        assert not printers.printers(front.store)[0].in_trouble


@pytest.mark.parametrize("fault", ["paper-out", "cover-open"])
def test_trouble_in_the_middle_of_a_paper_is_waited_out_on_the_same_connection(front: Front, fault: str) -> None:
    # Pictures through a slow wire: long enough for the fault to come in the middle.
    with Working(front.home):
        ticket = front.take_on_a_long_way()
        front.device.fault = fault  # type: ignore[assignment]
        front.until_state(fault.replace("-", "_"))
        waiting = len(front.device.received)
        assert front.paper_state(ticket) == "sending"
        assert front.device.papers == []
        front.device.fault = "none"
        front.until_paper(ticket, "printed")
        assert len(front.device.received) == waiting
    (text,) = front.settled()
    assert ticket.no in text.split("\n")
    assert front.times_sent(ticket) == 1
    assert not front.device.papers[0].torn


def test_it_waits_longer_than_one_confirmation_takes(front: Front) -> None:
    with Working(front.home):
        ticket = front.take_on_a_long_way()
        front.device.fault = "paper-out"
        front.until_state("paper_out")
        asked = front.device.received[-1].count(b"\x10\x04")
        until(lambda: front.device.received[-1].count(b"\x10\x04") >= asked + 9, "three more looks at the printer")
        assert front.paper_state(ticket) == "sending"
        front.device.fault = "none"
        front.until_paper(ticket, "printed")
    assert len(front.settled()) == 1


@pytest.mark.parametrize("reset_after", [1, 64, 300])
def test_a_paper_lost_on_the_way_is_never_sent_again_by_itself(front: Front, reset_after: int) -> None:
    front.device.reset_after = reset_after
    front.device.fault = "reset"
    with Working(front.home):
        ticket = front.take_ticket()
        front.until_paper(ticket, "uncertain")
        front.device.fault = "none"
        second = front.take_ticket()
        front.until_paper(second, "printed")
        assert front.paper_state(ticket) == "uncertain"
    assert front.error(ticket) == "connection_lost"
    assert front.times_sent(ticket) == 1
    assert len(front.settled()) == 1


def test_nobody_is_handed_his_ticket_with_the_beginning_of_another_s_paper_on_it(front: Front) -> None:
    front.device.reset_after = 300
    front.device.fault = "reset"
    with Working(front.home):
        ticket = front.take_ticket()
        front.until_paper(ticket, "uncertain")
        front.device.fault = "none"
        second, third = front.take_ticket(), front.take_ticket()
        front.until_paper(third, "printed")
    torn, clean, after = front.device.papers
    assert ticket.no in torn.text and SCRAP in torn.text
    assert ticket.no not in clean.text and second.no in clean.text.split("\n")
    assert third.no in after.text and SCRAP not in clean.text + after.text, "once is enough"


def test_a_printer_that_falls_silent_leaves_a_doubt(front: Front) -> None:
    with Working(front.home):
        ticket = front.take_on_a_long_way()
        front.device.fault = "mute"
        front.until_paper(ticket, "uncertain")
        assert front.error(ticket) == "unconfirmed_mute"
        front.device.fault = "none"
        second = front.take_ticket()
        front.until_paper(second, "printed")
    assert front.times_sent(ticket) == 1


def test_a_mad_answer_confirms_nothing(front: Front) -> None:
    with Working(front.home):
        ticket = front.take_on_a_long_way()
        front.device.fault = "garbage"
        front.until_paper(ticket, "uncertain")
    assert front.times_sent(ticket) == 1


def test_a_long_paper_on_a_slow_printer_is_no_doubt(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    # The ticket takes 0.15 s through the slow wire: three times what is allowed to the shortest paper.
    monkeypatch.setattr(delivery, "CONFIRM_SECONDS", 0.05)
    monkeypatch.setattr(delivery, "BYTES_A_SECOND", 500, raising=False)
    front.device.fault = "slow"
    with Working(front.home):
        ticket = front.take_ticket()
        until(lambda: front.paper_state(ticket) not in {"queued", "sending"}, "ticket settled")
    assert front.paper_state(ticket) == "printed"


def test_a_slow_printer_prints_once(front: Front) -> None:
    front.device.fault = "slow"
    with Working(front.home):
        ticket = front.take_ticket()
        front.until_paper(ticket, "printed")
    assert len(front.settled()) == 1


@contextmanager
def process(home: Path, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A real worker process, `lobbydesk print`, ended at the end."""
    command = [sys.executable, "-W", "error", "-m", "lobbydesk", "print", "--home", str(home), *more]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as running:
        try:
            yield running
        finally:
            if running.poll() is None:
                running.kill()


@pytest.mark.parametrize("fault", ["slow", "paper-out"])
def test_a_worker_killed_while_sending_leaves_a_doubt_and_no_second_paper(front: Front, fault: str) -> None:
    front.now = system_clock
    front.set(chinese="none")
    front.device.fault = "slow"
    ticket = front.take_ticket()
    with process(front.home) as running:
        front.until_first_byte()
        front.device.fault = fault  # type: ignore[assignment]
        assert front.paper_state(ticket) == "sending"
        running.send_signal(signal.SIGKILL)
        running.wait(5)
    assert front.paper_state(ticket) == "sending"
    front.device.fault = "none"
    second = front.take_ticket()
    with process(front.home) as running:
        front.until_paper(ticket, "uncertain")
        front.until_paper(second, "printed")
        running.send_signal(signal.SIGTERM)
        assert running.wait(5) == 0
    assert front.error(ticket) == "interrupted"
    # None where the power went before the line with its number was through.
    assert front.times_sent(ticket) <= 1
    assert not list((front.home / "run").glob(f"print-front.{running.pid}-*.pulse"))


def test_a_second_process_for_one_printer_exits_with_1(front: Front) -> None:
    front.now = system_clock
    with process(front.home) as first:
        front.until_state("ready")
        with process(front.home, "--printer", "front") as second:
            _, complaint = second.communicate(timeout=10)
            assert second.returncode == 1
        assert b"another worker serves printer front" in complaint
        assert first.poll() is None
        front.until_paper(front.take_ticket(), "printed")
        os.kill(first.pid, signal.SIGTERM)
        assert first.wait(5) == 0


@pytest.mark.parametrize("what", ["note_state", "settle"])
def test_a_store_in_trouble_in_the_middle_of_a_paper_blocks_none_behind_it(
    front: Front, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    room = printers if what == "note_state" else spool
    act = getattr(room, what)
    times: list[bool] = []

    def busy_once(*arguments: Any, **more: Any) -> Any:
        if not times and (what == "settle" or arguments[2] == "absent"):
            times.append(True)
            raise StoreBusy("another act of this process holds the store")
        return act(*arguments, **more)

    monkeypatch.setattr(room, what, busy_once)
    if what == "settle":
        # A paper that can never print, and cannot even be called failed at once.
        spool.enqueue(front.store, printer="front", kind="poster", ref="broken", facts="{}", at=AT)
    else:
        front.device.fault = "reset"
        spool.enqueue(
            front.store, printer="front", kind="ticket", ref="broken", facts=papers.to_json(sample("ticket")), at=AT
        )
    with Working(front.home):
        until(lambda: times, "trouble of the store")
        front.device.fault = "none"
        ticket = front.take_ticket()
        until(lambda: front.paper_state(ticket) == "printed", "the paper behind it printed", 4)
    assert spool.paper_state(front.store, "broken") == ("failed" if what == "settle" else "uncertain")


def test_patience_with_a_long_paper_hides_no_trouble_and_delays_no_stop(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "BYTES_A_SECOND", 20)
    with Working(front.home) as working:
        ticket = front.take_on_a_long_way()
        front.device.fault = "paper-out"
        until(lambda: front.state == "paper_out", "paper-out seen while a long paper is awaited", 4)
        assert front.paper_state(ticket) == "sending"
        assert working.stop() < 4
    assert front.error(ticket) == "stopped"


def test_a_paper_larger_than_the_buffers_waits_for_paper_as_any_other(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "measured", lambda *_, **__: (b"\n" * 8_000_000 + b"\x1dV\x00", 100))
    front.device.fault = "paper-out"
    front.set(state="ready")
    monkeypatch.setattr(Condition, "ready", property(lambda _: True))
    with Working(front.home) as working:
        ticket = front.take_ticket()
        front.until_first_byte()
        until(lambda: front.state == "mute", "a printer that takes nothing shows")
        assert front.paper_state(ticket) == "sending"
        assert working.stop() < 4
    assert (front.paper_state(ticket), front.error(ticket)) == ("uncertain", "connection_lost")


def test_a_printer_the_store_does_not_know_is_a_sentence(front: Front) -> None:
    command = [sys.executable, "-W", "error", "-m", "lobbydesk", "print", "--home", str(front.home)]
    ended = subprocess.run([*command, "--printer", "cellar"], cwd=ROOT, capture_output=True, text=True, timeout=20)
    assert ended.returncode == 1
    assert "there is no printer cellar" in ended.stderr
    assert "Traceback" not in ended.stderr
