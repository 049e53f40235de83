"""`lobbydesk demo`: a whole centre on loopback: kiosk, desk, print worker, virtual printer."""

import argparse
import importlib
import json
import multiprocessing
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

from lobbydesk.home import add_home, port, store_path

if TYPE_CHECKING:
    from multiprocessing.context import ForkProcess

    from db.store import Store

HOST = "127.0.0.1"
START_SECONDS = 20.0
RESTART_SECONDS = 0.5
DAY_CLOSE_SECONDS = 60.0
# What the services import. Once for all of them: that is most of the time of their start.
SERVED = ("desk.app", "kiosk.app", "lobbydesk.practice_paper", "lobbydesk.serving", "printing.service")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_home(parser)
    parser.add_argument("--kiosk-port", type=port, default=8600)
    parser.add_argument("--desk-port", type=port, default=8601)
    parser.add_argument("--printer-port", type=port, default=9100)
    parser.add_argument("--paper-port", type=port, default=8602, help="papers as they come, in a browser")


def run(options: argparse.Namespace) -> int:
    """Start everything, say where it is, and watch over it until Ctrl-C or SIGTERM."""
    taken = [
        number
        for number in (options.kiosk_port, options.desk_port, options.printer_port, options.paper_port)
        if not _free(number)
    ]
    if taken:
        print(f"port {taken[0]} is in use: stop what listens there, or choose another (see --help)", file=sys.stderr)
        return 1
    prepare(options)
    for module in SERVED:
        importlib.import_module(module)
    stopping: list[int] = []
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda number, _: stopping.append(number))
    services = {name: _start(words) for name, words in _services(options).items()}
    try:
        if not _ready(options, stopping):
            return 0 if stopping else 1
        _announce(options)
        _watch(options, services, stopping)
    finally:
        _stop(services)
    print("stopped; the demo's data stay in", options.home)
    return 0


def prepare(options: argparse.Namespace) -> None:
    """Bring the demo's store up to date and tell it this run's ports."""
    from datetime import UTC, datetime

    from db.migrations import migrate
    from db.store import open_store
    from lobbydesk import demo_centre, demo_visit_days
    from lobbydesk.commands import health
    from reception import SCHEMA, closing, visit_day_calendar
    from reception.permissions import BOX

    options.home.mkdir(parents=True, exist_ok=True)
    path = store_path(options.home)
    migrate(path, [SCHEMA])
    store = open_store(path)
    try:
        demo_centre.seed(store, options.home)
        demo_centre.draw_map(options.home)
        demo_centre.open_doors(
            store, kiosk_port=options.kiosk_port, desk_port=options.desk_port, printer_port=options.printer_port
        )
        closing.close_due(store, by=BOX, now=datetime.now(UTC))
        demo_visit_days.announce(store, now=datetime.now(UTC))
        visit_day_calendar.tick(store, by=BOX, now=datetime.now(UTC))
        health.look(store, options.home, [options.home / "backups"], now=datetime.now(UTC))
        _give_voice(store, options.home)
    finally:
        store.close()


def _give_voice(store: "Store", home: Path) -> None:
    """Make the clips of the voice; a demo without them is silent, and its display and self-test say so."""
    from lobbydesk import voice_clips

    try:
        voice_clips.build(store, home)
    except voice_clips.CannotSpeak as error:
        print(f"no voice: {error}", file=sys.stderr)


def _free(number: int) -> bool:
    with socket.socket() as probe:
        # As the services will bind it: a port in TIME_WAIT from the last run is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, number))
        except OSError:
            return False
        return True


def _services(options: argparse.Namespace) -> dict[str, list[str]]:
    home = str(options.home)
    return {
        "printer": [
            "paper",
            "printer",
            "--quiet",
            "--folder",
            str(options.home / "paper"),
            "--port",
            str(options.printer_port),
            "--paper-port",
            str(options.paper_port),
        ],
        "kiosk": ["kiosk", "--home", home, "--bind", f"{HOST}:{options.kiosk_port}"],
        "desk": ["desk", "--home", home, "--bind", f"{HOST}:{options.desk_port}"],
        "print": ["print", "--home", home],
    }


def _start(words: list[str]) -> "ForkProcess":
    # In our own process group, so that one signal to the group reaches everything.
    service = multiprocessing.get_context("fork").Process(target=_serve, args=(words,))
    service.start()
    return service


def _serve(words: list[str]) -> None:
    """Be one service, as `lobbydesk <words>` is; in a process of its own."""
    from lobbydesk import cli

    # For `top` and `pkill`: on the box, too, a service is told by its name.
    Path("/proc/self/comm").write_text(words[0])
    # Those of the parent only take note that it is to stop.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    sys.exit(cli.main(words))


def _ready(options: argparse.Namespace, stopping: list[int]) -> bool:
    deadline = time.monotonic() + START_SECONDS
    addresses = [
        f"http://{HOST}:{options.kiosk_port}/health",
        f"http://{HOST}:{options.desk_port}/health",
        f"http://{HOST}:{options.paper_port}/",
    ]
    while addresses and not stopping:
        if time.monotonic() > deadline:
            print("not every service answers; see what they said above", file=sys.stderr)
            return False
        try:
            with urllib.request.urlopen(addresses[0], timeout=2):
                addresses.pop(0)
        except (urllib.error.URLError, OSError):
            time.sleep(0.03)
    return not stopping


def _announce(options: argparse.Namespace) -> None:
    login = json.loads(Path(options.home / "login.json").read_text(encoding="utf-8"))
    print(
        f"\n接待台 Lobbydesk is running; Ctrl-C stops it all.\n"
        f"  kiosk    自助机    http://{HOST}:{options.kiosk_port}/\n"
        f"  display  叫号屏    http://{HOST}:{options.kiosk_port}/display\n"
        f"  desk     前台      http://{HOST}:{options.desk_port}/\n"
        f"  papers   出票      http://{HOST}:{options.paper_port}/   (files in {options.home / 'paper'})\n"
        f"  login    登录      {login['name']}  {login['password']}   (every role: {options.home / 'staff.json'})\n",
        flush=True,
    )


def _watch(options: argparse.Namespace, services: "dict[str, ForkProcess]", stopping: list[int]) -> None:
    """Start again whatever ends, as systemd does on the box, until told to stop."""
    looked = time.monotonic()
    while not stopping:
        time.sleep(0.1)
        if time.monotonic() - looked > DAY_CLOSE_SECONDS:
            looked = time.monotonic()
            _keep_house(options.home)
        for name, service in list(services.items()):
            if not service.is_alive() and not stopping:
                print(f"{name} ended ({service.exitcode}); starting it again", file=sys.stderr, flush=True)
                time.sleep(RESTART_SECONDS)
                services[name] = _start(_services(options)[name])


def _keep_house(home: Path) -> None:
    """Close the days that are over, do what the clocks keep, make clips for what was renamed: as timers on the box."""
    from datetime import UTC, datetime

    from db.store import open_store
    from lobbydesk.commands import clocks, health
    from reception import box_backups, closing
    from reception.permissions import BOX

    store = open_store(store_path(home))
    try:
        closing.close_due(store, by=BOX, now=datetime.now(UTC))
        clocks.keep(store, now=datetime.now(UTC))
        health.look(store, home, [home / "backups"], now=datetime.now(UTC))
        # No stick reaches the demo; whoever asked for one is told so.
        box_backups.stick_ended(store, outcome="no_stick", now=datetime.now(UTC))
        _give_voice(store, home)
    finally:
        store.close()


def _stop(services: "dict[str, ForkProcess]") -> None:
    for service in services.values():
        service.terminate()
    deadline = time.monotonic() + 6
    for service in services.values():
        service.join(max(0.1, deadline - time.monotonic()))
        if service.is_alive():
            service.kill()
            service.join()
