"""Several printers at once: one worker each, new ones served as they come, papers handed over in trouble."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from db import paper_care, printers
from db.store import Store
from lobbydesk.home import store_path
from printing import service, worker
from printing.devices import ConnectionLost, open_device
from printing.devices.conversation import Conversation
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

    def break_once(self: Worker, printer: printers.Printer) -> None:
        if not broken:
            broken.append(True)
            raise RuntimeError("a defect")
        whole(self, printer)

    monkeypatch.setattr(Worker, "_tidy", break_once)
    with serving(front.home):
        front.until_paper(front.take_ticket(), "printed")
    assert broken


def test_a_new_device_that_the_system_forbids_ends_the_process_and_an_old_one_stops_no_other_printer(
    front: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = tmp_path / "lp0"
    device.touch()
    whole = open_device

    def forbidden(address: str, **more: Any) -> Any:
        if address.startswith("usb:"):
            raise PermissionError(1, "Operation not permitted", str(device))
        return whole(address, **more)

    monkeypatch.setattr(worker, "open_device", forbidden)
    printers.save(front.store, "usb", address="usb:/dev/usb/lp0")
    with pytest.raises(PermissionError):
        # The system decided at our start; a new process may be allowed.
        Service(store_path(front.home), lambda _: AT).run()
    monkeypatch.setattr(service, "_appeared_since_our_start", lambda _: False)
    with serving(front.home):
        front.until_paper(front.take_ticket(), "printed")
        until(lambda: printers.find(front.store, "usb").state == "absent", "said of the forbidden one")  # type: ignore[union-attr]


def test_trouble_in_the_middle_of_a_paper_keeps_none_behind_it_waiting(
    front: Front, back: VirtualPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commonest case: the roll ends in the middle of a ticket. Those behind it go to the fallback."""
    printers.save(front.store, "front", fallback="back", fallback_after=5)
    with serving(front.home):
        first = front.take_on_a_long_way()
        front.device.fault = "paper-out"
        front.until_state("paper_out")
        front.store.execute("UPDATE printers SET since = '2026-11-23T02:00:00.000Z' WHERE name = 'front'")
        second = front.take_ticket()
        front.until_paper(second, "printed")
        assert second.no in back.papers[0].text
        assert front.paper_state(first) == "sending"
        # Staff wait no longer for the first: it is uncertain, and can be printed again.
        assert paper_care.give_up(front.store, 1, AT)
        assert front.paper_state(first) == "uncertain"
        front.device.fault = "none"
        front.until_paper(front.take_ticket(), "printed")
    assert front.paper_state(first) == "uncertain", "what the printer says afterwards changes nothing"


def test_a_printer_that_moves_is_left_at_once_even_in_the_middle_of_a_paper(front: Front) -> None:
    with VirtualPrinter(None) as other, serving(front.home):
        first = front.take_on_a_long_way()
        front.device.fault = "paper-out"
        front.until_state("paper_out")
        printers.save(front.store, "front", address=f"tcp://127.0.0.1:{other.port}")
        front.until_paper(first, "uncertain")
        second = front.take_ticket()
        front.until_paper(second, "printed")
    assert len(other.papers) == 1 and front.device.papers == []


def test_a_printer_that_is_out_of_paper_and_moves_prints_at_its_new_place(front: Front) -> None:
    front.device.fault = "paper-out"
    with VirtualPrinter(None) as other, serving(front.home):
        ticket = front.take_ticket()
        front.until_state("paper_out")
        printers.save(front.store, "front", address=f"tcp://127.0.0.1:{other.port}")
        front.until_paper(ticket, "printed")
        front.device.fault = "none"
        front.until_paper(front.take_ticket(), "printed")
    assert len(other.papers) == 2 and front.device.papers == []


def test_a_printer_that_hangs_does_not_become_one_that_never_says_anything(front: Front) -> None:
    with serving(front.home):
        front.until_state("ready")
        front.device.fault = "mute"
        printers.want_probe(front.store, "front")
        front.until_state("mute")
        ticket = front.take_ticket()
        front.device.fault = "none"
        front.until_paper(ticket, "printed")
    found = printers.find(front.store, "front")
    assert found is not None and (found.answers, found.confirms, found.probe_wanted) == (True, "gs_h", False)


def test_a_device_that_says_ready_and_takes_nothing_is_said_and_not_asked_in_circles(
    front: Front, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[bool] = []

    def refuse(*_: Any, **__: Any) -> None:
        tries.append(True)
        raise ConnectionLost(0)

    monkeypatch.setattr(worker, "RETRY_SECONDS", 0.05)
    monkeypatch.setattr(Conversation, "send", refuse)
    with serving(front.home):
        ticket = front.take_ticket()
        # Said in the store for moments only, between two tries: a look now and then may miss it for long.
        until(lambda: "printer front: error" in caplog.text, "printer error")
        time.sleep(0.5)
        assert len(tries) < 8, "each pause is longer than the last"
        assert front.paper_state(ticket) == "queued"


def test_an_address_that_cannot_be_looked_up_ends_no_worker(front: Front) -> None:
    front.set(address="tcp://" + "a." * 40 + "b:9100")
    with serving(front.home):
        front.until_state("absent")


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
