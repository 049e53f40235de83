"""Several printers at once: one worker each, new ones served as they come, papers handed over in trouble."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from db import paper_care, printers
from db.store import Store
from lobbydesk.home import store_path
from printing import service, worker
from printing.service import Service
from printing.virtual import VirtualPrinter
from printing.worker import Worker
from reception import repairs
from reception.permissions import Actor
from tests.conftest import MORNING
from tests.printing.running import AT, Front, until


@contextmanager
def serving(home: Path) -> Iterator[Service]:
    """All printers of the centre served, as `lobbydesk print` does."""
    running = Service(store_path(home), lambda ago: AT if ago < 1 else "2026-11-23T02:23:00.000Z")
    thread = threading.Thread(target=running.run, name="service")
    thread.start()
    try:
        yield running
    finally:
        running.stop()
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture
def back(front: Front) -> Iterator[VirtualPrinter]:
    """A second printer, in the maintenance room, with a buzzer."""
    with VirtualPrinter(None, width=384) as device:
        printers.save(
            front.store, "back", address=f"tcp://127.0.0.1:{device.port}", columns=32, width_dots=384, buzzer="esc_b"
        )
        yield device


def dispatch(store: Store, receptionist: Actor, nonce: str = "r") -> None:
    """A repair is registered and dispatched: one receipt, and both copies of a work order."""
    repairs.register(
        store, nonce=nonce, name="", phone="5678", unit="1-1-101", category="water", content="漏水",
        convenient_time="今天", urgency="ordinary", dispatch=True, by=receptionist, now=MORNING,
    )  # fmt: skip


def test_each_kind_of_paper_comes_out_where_it_was_sent(
    front: Front, back: VirtualPrinter, receptionist: Actor
) -> None:
    printers.route(front.store, "work_order", "back")
    with serving(front.home):
        ticket = front.take_ticket()
        dispatch(front.store, receptionist)
        orders = back.wait_for(2, 10)
        receipts = front.device.wait_for(2, 10)
    assert [("维修联" in paper.text, "业主联" in paper.text) for paper in orders] == [(True, False), (False, True)]
    assert ticket.no in receipts[0].text and "报修受理回执" in receipts[1].text
    rung = [b"\x1bB" in paper.data for paper in orders]
    assert rung == [True, False], "the worker's copy rings, the owner's does not"


def test_a_printer_in_trouble_delays_no_other(front: Front, back: VirtualPrinter, receptionist: Actor) -> None:
    printers.route(front.store, "work_order", "back")
    back.fault = "mute"
    with serving(front.home):
        dispatch(front.store, receptionist)
        front.until_paper(front.take_ticket(), "printed")
        assert back.papers == []


def test_a_printer_added_meanwhile_is_served(front: Front) -> None:
    with serving(front.home), VirtualPrinter(None) as device:
        front.until_state("ready")
        printers.save(front.store, "late", address=f"tcp://127.0.0.1:{device.port}")
        printers.route(front.store, "ticket", "late")
        front.take_ticket()
        assert len(device.wait_for(1, 10)) == 1


def test_a_worker_that_breaks_is_started_again(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "AGAIN_SECONDS", 0.05)
    whole = Worker._tidy
    broken: list[bool] = []

    def break_once(self: Worker, printer: Any) -> None:
        if not broken:
            broken.append(True)
            raise RuntimeError("a defect")
        whole(self, printer)

    monkeypatch.setattr(Worker, "_tidy", break_once)
    with serving(front.home):
        front.until_paper(front.take_ticket(), "printed")
    assert broken


def test_a_device_that_the_system_forbids_ends_the_process(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: Any, **__: Any) -> Any:
        raise PermissionError(1, "Operation not permitted", "/dev/usb/lp0")

    monkeypatch.setattr(worker, "open_device", forbidden)
    with pytest.raises(PermissionError):
        Service(store_path(front.home), lambda _: AT).run()


def test_a_second_service_waits_and_takes_over(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "AGAIN_SECONDS", 0.05)
    with serving(front.home) as first:
        front.until_state("ready")
        with serving(front.home):
            front.until_paper(front.take_ticket(), "printed")
            first.stop()
            front.until_paper(front.take_ticket(), "printed")
    assert len(front.device.papers) == 2


@pytest.mark.parametrize("well", [True, False])
def test_the_fallback_takes_over_when_it_can(
    front: Front, back: VirtualPrinter, monkeypatch: pytest.MonkeyPatch, well: bool
) -> None:
    printers.save(front.store, "front", fallback="back", fallback_after=5)
    front.device.fault = "paper-out"
    back.fault = "none" if well else "cover-open"
    with serving(front.home):
        ticket = front.take_ticket()
        until(
            lambda: {p.state for p in printers.printers(front.store)} <= {"paper_out", "ready", "cover_open"}, "looks"
        )
        # Time goes on: the trouble has lasted for longer than was set.
        front.store.execute("UPDATE printers SET since = '2026-11-23T02:00:00.000Z' WHERE name = 'front'")
        if well:
            assert len(back.wait_for(1, 10)) == 1
            front.until_paper(ticket, "printed")
        else:
            front.device.fault = "none"
            front.until_paper(ticket, "printed")
    (entry,) = paper_care.recent(front.store)
    assert (entry.printer, entry.diverted_from) == (("back", "front") if well else ("front", None))
    assert len(front.device.papers) + len(back.papers) == 1


def test_a_probe_finds_out_and_prints_nothing(front: Front) -> None:
    with VirtualPrinter(None, confirm="gs_r") as device:
        printers.save(front.store, "front", address=f"tcp://127.0.0.1:{device.port}")
        printers.want_probe(front.store, "front")
        with serving(front.home):
            until(lambda: not printers.printers(front.store)[0].probe_wanted, "the probe done")
            assert printers.printers(front.store)[0].confirms == "gs_r"
            assert device.papers == []
            front.until_paper(front.take_ticket(), "printed")
        assert len(device.papers) == 1


def test_a_probe_of_a_printer_in_trouble_waits_until_it_is_well(front: Front) -> None:
    front.device.fault = "paper-out"
    printers.want_probe(front.store, "front")
    with serving(front.home):
        front.until_state("paper_out")
        assert printers.printers(front.store)[0].probe_wanted
        front.device.fault = "none"
        until(lambda: not printers.printers(front.store)[0].probe_wanted, "the probe done")
    assert printers.printers(front.store)[0].confirms == "gs_h"


def test_papers_to_a_folder_are_called_sent(front: Front, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    printers.save(front.store, "front", address=f"folder:{folder}")
    with serving(front.home):
        front.until_paper(front.take_ticket(), "sent")
    (paper,) = folder.glob("*.bin")
    assert paper.read_bytes().startswith(b"\x1b@")
