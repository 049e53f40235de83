"""`lobbydesk printer` as the person who sets up a box uses it: at a terminal, with or without a print service."""

import os
import pty
import subprocess
import sys
from pathlib import Path

from db import printers
from db.store import Store
from printing.virtual import VirtualPrinter
from tests.printing.running import until

ROOT = Path(__file__).parent.parent.parent
COMMAND = [sys.executable, "-W", "error", "-m", "lobbydesk", "printer"]


def command(home: Path, *words: str) -> tuple[int, str]:
    """Run it without a terminal; return status and all it said."""
    done = subprocess.run(
        [*COMMAND, *words, "--home", str(home)], cwd=ROOT, capture_output=True, text=True, timeout=90, check=False
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def test_a_printer_is_added_listed_and_gets_its_papers(home: Path, store: Store) -> None:
    status, said = command(
        home, "add", "workshop", "usb:/dev/usb/lp0", "--label", "维修间", "--route", "work_order",
        "--fallback", "front", "--after", "30",
    )  # fmt: skip
    assert status == 0 and "printer test workshop" in said
    workshop = printers.find(store, "workshop")
    assert workshop is not None
    assert (workshop.label, workshop.address, workshop.fallback, workshop.fallback_after) == (
        "维修间",
        "usb:/dev/usb/lp0",
        "front",
        30,
    )
    status, said = command(home, "list")
    assert status == 0
    _, front, listed = said.splitlines()
    assert "everything else" in front and "work_order" in listed and "unserved" in listed
    assert command(home, "route", "work_order")[0] == 0
    assert printers.routes(store) == {}
    assert command(home, "remove", "front")[1].startswith("refused: printer in use")
    assert command(home, "remove", "workshop") == (0, "")
    assert [printer.name for printer in printers.printers(store)] == ["front"]


def test_what_cannot_be_is_a_sentence(home: Path, tmp_path: Path) -> None:
    assert command(home, "add", "Workshop", "tcp://a")[1].startswith("refused: printer name invalid (a name begins")
    assert command(home, "add", "workshop", "somewhere")[1].startswith("refused: address invalid (write tcp://HOST")
    assert command(home, "test", "cellar") == (1, "refused: printer unknown\n")
    assert command(home, "route", "poster", "front")[1].startswith("refused: property invalid (kinds of paper are")
    assert command(home, "add", "workshop", "tcp://a", "--route", "tickets")[0] == 1
    assert "workshop" not in command(home, "list")[1], "nothing half-written"
    status, said = command(tmp_path / "nowhere", "list")
    assert status == 1 and "there is no store" in said


def test_it_probes_prints_and_asks_what_came_out(home: Path, store: Store) -> None:
    """At a terminal, before any print service runs."""
    with VirtualPrinter(None, width=384, confirm="gs_r") as device:
        assert command(home, "add", "front", f"tcp://127.0.0.1:{device.port}")[0] == 0
        terminal, side = pty.openpty()
        with subprocess.Popen(
            [*COMMAND, "test", "front", "--home", str(home)], cwd=ROOT, stdin=side, stdout=subprocess.PIPE
        ) as asking:
            os.close(side)
            os.write(terminal, b"32\ngb2312\nperhaps\n1\n0\n\n")
            said, _ = asking.communicate(timeout=60)
        os.close(terminal)
        assert asking.returncode == 0
        assert "confirms gs_r" in said.decode() and "self-test printed" in said.decode()
        assert len(device.papers) == 1
    front = printers.find(store, "front")
    assert front is not None
    assert (front.columns, front.width_dots, front.chinese, front.native_qr, front.cutter, front.confirms) == (
        32,
        384,
        "gb2312",
        True,
        False,
        "gs_r",
    )


def test_a_running_print_service_does_it(home: Path, store: Store) -> None:
    with VirtualPrinter(None) as device:
        assert command(home, "add", "front", f"tcp://127.0.0.1:{device.port}")[0] == 0
        service = [sys.executable, "-W", "error", "-m", "lobbydesk", "print", "--home", str(home)]
        with subprocess.Popen(service, cwd=ROOT) as running:
            until(lambda: any(printer.served for printer in printers.printers(store)), "the print service serves")
            status, said = command(home, "test", "front", "--no-questions")
            running.terminate()
            assert running.wait(10) == 0
        assert status == 0 and "self-test printed" in said
        assert len(device.papers) == 1


def test_a_self_test_that_did_not_come_out_is_said(home: Path) -> None:
    with VirtualPrinter(None, confirm="none") as device:
        assert command(home, "add", "front", f"tcp://127.0.0.1:{device.port}")[0] == 0
        status, said = command(home, "test", "front", "--no-questions")
        assert status == 0 and "confirms none" in said and "self-test sent" in said
        assert len(device.papers) == 1
