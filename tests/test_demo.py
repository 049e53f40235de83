"""The demo as a newcomer starts it: tap, ticket, call, route, slip, over real sockets; and through every kill."""

import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo import Demo, read_qr, until


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """A running demo in a folder whose path is longer than a socket's may be."""
    running = Demo(tmp_path / ("long-" * 20) / "home").start()
    yield running
    if running.process.poll() is None:
        running.stop(signal.SIGKILL)


def test_from_tap_to_paper_to_call_to_slip(demo: Demo) -> None:
    place = demo.check_in("repair", "n1", unit="1-1-101", phone="5678")
    (ticket,) = until(demo.papers)
    assert read_qr(ticket).lower() == demo.url("kiosk", place).lower()
    assert ticket.with_suffix(".bin").read_bytes().startswith(b"\x1b@")
    demo.log_in()
    assert demo.call_next() == "W001"
    assert 'data-ticket-no="W001" data-counter="1"' in demo.get("kiosk", "/display")[1]
    status, text, _ = demo.post(
        "desk",
        "/repairs",
        nonce="r1",
        ticket="W001",
        unit="1-1-101",
        phone="5678",
        category="water",
        content="水龙头漏水",
        convenient_time="今天",
        urgency="ordinary",
        dispatch="1",
    )
    assert status == 204, text
    papers = until(lambda: demo.papers() if len(demo.papers()) == 4 else [])
    assert len({read_qr(paper) for paper in papers}) == 4 - 1, "receipt and owner's copy lead to the same case"
    until(lambda: "已打印" in demo.get("desk", "/queue/counter")[1])
    assert demo.call_next() is None


def test_ctrl_c_stops_it_all_and_the_second_start_keeps_its_data(demo: Demo) -> None:
    place = demo.check_in("general", "before")
    assert demo.stop() == 0
    assert not demo.pids()
    demo.start()
    assert demo.ticket_no(place) == "A001"
    assert demo.check_in("general", "before") == place, "the nonce holds across a restart"
    assert demo.ticket_no(demo.check_in("general", "after")) == "A002"


def test_a_taken_port_is_a_sentence(demo: Demo, tmp_path: Path) -> None:
    second = Demo(tmp_path / "second")
    second.ports["kiosk"] = demo.ports["kiosk"]
    import subprocess
    import sys

    options = [f"--{name}-port={number}" for name, number in second.ports.items()]
    command = [str(Path(sys.executable).parent / "lobbydesk"), "demo", f"--home={second.home}", *options]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert result.returncode == 1
    assert f"port {demo.ports['kiosk']} is in use" in result.stderr
    assert not second.home.exists()


@pytest.mark.timeout(240)
def test_sigkill_of_any_process_loses_nothing_that_was_shown(demo: Demo) -> None:
    shown: dict[str, str] = {}
    chance = random.Random(7)
    for round_number in range(8):
        service = ("kiosk", "print", "desk", "paper")[round_number % 4]
        for number in range(4):
            nonce = f"k{round_number}-{number}"
            shown[nonce] = demo.check_in(chance.choice(["general", "repair", "complaint", "visit-day"]), nonce)
        for pid in until(lambda name=service: demo.pids().get(name, [])):  # type: ignore[misc]
            os.kill(pid, signal.SIGKILL)
        until(lambda: demo._answers("kiosk") and demo._answers("desk"), 30)
        until(lambda: {"kiosk", "desk", "print", "paper"} <= demo.pids().keys(), 30)
    numbers = [demo.ticket_no(place) for place in shown.values()]
    assert len(set(numbers)) == len(numbers) == 32
    for nonce, place in shown.items():
        assert demo.get("kiosk", place)[0] == 200, nonce
    demo.log_in()
    called = [demo.call_next() for _ in range(33)]
    assert sorted(filter(None, called)) == sorted(numbers) and called[-1] is None
