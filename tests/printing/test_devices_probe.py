"""The probe finds what a printer can do, and nothing comes out of the printer for it."""

import contextlib
import time

import pytest

from printing.devices import ConnectionLost, PrinterAbsent, confirmation, conversation, open_device
from printing.devices import probe as probing
from printing.devices.probe import Findings, NotReady, probe
from printing.interpreter import tokenize
from printing.virtual import Confirm, Fault, VirtualPrinter


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "REPLY_SECONDS", 0.3)
    monkeypatch.setattr(probing, "REPLY_SECONDS", 0.3)


@pytest.mark.parametrize("confirm", ["gs_h", "gs_r", "none"])
def test_what_a_printer_can_do_without_a_paper_of_it(confirm: Confirm) -> None:
    with VirtualPrinter(None, confirm=confirm) as printer:
        device = open_device(f"tcp://127.0.0.1:{printer.port}")
        assert probe(device) == Findings(answers=True, confirms=confirm, model="LOBBYDESK VIRTUAL")
        # The next paper is the first that comes out, and it stands alone.
        device.send(b"\x1b@A001\n\x1dV\x00" + confirmation("gs_r", 7), patient=lambda stalled: stalled < 1)
        papers = printer.wait_for(2, 0.3)
        device.close()
        assert [paper.text.strip() for paper in papers] == ["A001"]
        assert printer.errors == []


@pytest.mark.parametrize("fault", ["mute", "garbage"])
def test_a_printer_that_answers_nothing(fault: Fault) -> None:
    with VirtualPrinter(None) as printer:
        device = open_device(f"tcp://127.0.0.1:{printer.port}")
        printer.fault = fault
        began = time.monotonic()
        assert probe(device) == Findings(answers=False, confirms="none", model="")
        assert time.monotonic() - began < 2
        assert b"\x1dI" not in printer.received[0]
        device.close()


@pytest.mark.parametrize(("fault", "state"), [("paper-out", "paper_out"), ("cover-open", "cover_open")])
def test_a_printer_in_trouble_is_not_judged(fault: Fault, state: str) -> None:
    with VirtualPrinter(None) as printer:
        device = open_device(f"tcp://127.0.0.1:{printer.port}")
        printer.fault = fault
        with pytest.raises(NotReady, match=state) as refused:
            probe(device)
        assert refused.value.state == state
        assert isinstance(refused.value, PrinterAbsent)
        device.close()


def test_little_paper_is_enough() -> None:
    with VirtualPrinter(None) as printer:
        printer.near_end = True
        device = open_device(f"tcp://127.0.0.1:{printer.port}")
        assert probe(device).confirms == "gs_h"
        device.close()


def test_a_printer_that_goes_away_meanwhile() -> None:
    with VirtualPrinter(None) as printer:
        device = open_device(f"tcp://127.0.0.1:{printer.port}")
        printer.fault = "refuse"
        with pytest.raises(ConnectionLost):
            probe(device)
        device.close()


def test_what_a_strange_printer_may_take_for_text_is_cleared_and_never_a_line() -> None:
    with VirtualPrinter(None, confirm="none") as printer:
        device = open_device(f"tcp://127.0.0.1:{printer.port}")
        with contextlib.suppress(PrinterAbsent):
            probe(device)
        device.close()
        (said,) = printer.received
    names = [command.name for command in tokenize(said)]
    assert names[-1] == "ESC @"
    assert names.index("ESC @") < names.index("GS r"), "what came of GS ( H is cleared before the next question"
    assert not set(said) & {0x0A, 0x0C, 0x0D}
