"""What `lobbydesk watch` hands on, and what the root script behind it believes of that."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from db import printers
from db.store import Store, writing
from lobbydesk.commands import watch
from reception import box_wishes
from reception.permissions import BOX
from tests.conftest import MORNING
from tests.systemd.manager import Manager

SCRIPT = Path(__file__).parents[2] / "systemd" / "print-units"
# systemctl as far as the script asks it: what runs is told, what it is asked to do is written down.
SYSTEMCTL = """#!/bin/sh
if [ "$1" = list-units ]; then cat "$RUNNING"; else echo "$@" >> "$ASKED"; fi
"""


def _ask(store: Store, kind: str) -> int:
    with writing(store):
        return box_wishes.ask(store, kind, {}, by=BOX, at=MORNING)


def test_the_printers_are_told_as_they_come_and_go(store: Store, tmp_path: Path) -> None:
    watching, told = watch.Watch(tmp_path / "wishes"), tmp_path / "wishes" / "print-units"
    watching.look(store)
    assert told.read_text() == "net front\n"
    printers.save(store, "back", address="usb:/dev/lobbydesk/XP-80")
    watching.look(store)
    assert told.read_text() == "usb back\nnet front\n"
    printers.retire(store, "front")
    told.unlink()
    watching.look(store)
    assert told.read_text() == "usb back\n"
    told.unlink()
    watching.look(store)
    assert not told.exists(), "what is known is not told again: each telling starts a unit"


def test_a_wish_is_handed_on_until_it_has_ended(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watching, handed = watch.Watch(tmp_path), tmp_path / "set_time"
    wish = _ask(store, "set_time")
    watching.look(store)
    assert handed.read_text() == f"{wish}\n"
    handed.unlink()
    watching.look(store)
    assert not handed.exists(), "its unit is at work"
    now = time.monotonic() + watch.AGAIN_SECONDS
    monkeypatch.setattr("time.monotonic", lambda: now)
    watching.look(store)
    assert handed.exists(), "its unit failed: it is asked again"
    handed.unlink()
    with writing(store):
        box_wishes.settle(store, wish, done=True, outcome="", at=MORNING)
    monkeypatch.setattr("time.monotonic", lambda: now + watch.AGAIN_SECONDS)
    watching.look(store)
    assert not handed.exists()


def test_it_is_fed_and_ends_when_told(home: Path, tmp_path: Path) -> None:
    with Manager(tmp_path, "watch", "--home", str(home)) as manager:
        manager.hears("READY=1")
        assert (home / "run" / "wishes" / "print-units").read_text() == "net front\n"
        assert manager.hears("WATCHDOG=1") == manager.process.pid
        manager.process.send_signal(signal.SIGTERM)
        assert manager.process.wait(5) == 0


def _asked(tmp_path: Path, wanted: str, running: str = "") -> list[str]:
    (tmp_path / "systemctl").write_text(SYSTEMCTL)
    (tmp_path / "systemctl").chmod(0o755)
    (tmp_path / "list").write_text(wanted)
    (tmp_path / "running").write_text(running)
    asked = tmp_path / "asked"
    asked.write_text("")
    path = {"PATH": f"{tmp_path}:/usr/bin:/bin", "RUNNING": str(tmp_path / "running"), "ASKED": str(asked)}
    subprocess.run([SCRIPT, tmp_path / "list"], check=True, env=os.environ | path)
    return asked.read_text().splitlines()


def test_a_unit_a_printer_is_started_and_what_is_not_wanted_stopped(tmp_path: Path) -> None:
    running = (
        "lobbydesk-print-usb@old.service loaded active running Prints\n"
        "lobbydesk-print-net@front.service loaded active running Prints\n"
        "lobbydesk-print-usb@moved.service loaded failed failed Prints\n"
    )
    assert _asked(tmp_path, "net front\nnet moved\nusb new-one\n", running) == [
        "stop lobbydesk-print-usb@old.service",
        "stop lobbydesk-print-usb@moved.service",
        "start --no-block lobbydesk-print-net@front.service",
        "start --no-block lobbydesk-print-net@moved.service",
        "start --no-block lobbydesk-print-usb@new-one.service",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "usb ../../etc",
        "usb a b",
        "usb a; reboot",
        "usb $(reboot)",
        "tcp front",
        "usb",
        " usb front",
        "usb Front",
        "usb -x",
        "usb a@b",
        "net " + "a" * 40,
        "lobbydesk-desk.service",
    ],
)
def test_the_list_is_believed_only_to_the_letter(tmp_path: Path, line: str) -> None:
    assert _asked(tmp_path, f"{line}\nnet front\n") == ["start --no-block lobbydesk-print-net@front.service"]


def test_a_list_of_a_thousand_does_not_take_the_memory_from_the_lobby(tmp_path: Path) -> None:
    """Whoever has taken over a web service writes the list as he likes."""
    assert len(_asked(tmp_path, "".join(f"net a{number}\n" for number in range(900)))) == 32
