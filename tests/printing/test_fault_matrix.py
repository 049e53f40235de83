"""The fault matrix of paper: for every fault, what the visitor sees, what the desk sees, how many papers exist.

Each row is a real ticket, a real worker (a killed one is a process of its own) and real bytes on a real socket. The
screens are the apps' own answers. `pytest tests/printing/test_fault_matrix.py` prints the whole table at its end.
"""

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db import printers
from db.store import open_store, writing
from lobbydesk.home import store_path
from reception import tickets
from reception.permissions import Role
from reception.rules import clock as clocks
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.printing.running import Front, Working, until
from web.app import system_clock

ROOT = Path(__file__).parent.parent.parent
AT_THE_DESK = "请到前台领取号票"
PRINTED = "号票已打印"
PRINTING = "正在出票"


def real_time(seconds_ago: float) -> str:
    """The moment so many seconds ago, as the store writes it."""
    return clocks.to_text(system_clock() - timedelta(seconds=seconds_ago))


@dataclass
class Scene:
    """One ticket on its way to paper, with the eyes of everybody who looks at it."""

    front: Front
    kiosk: FlaskClient
    desk: FlaskClient
    stack: ExitStack = field(default_factory=ExitStack)
    ticket: tickets.Ticket | None = None

    def work(self) -> None:
        """Start the worker, and wait until it has looked at the printer."""
        self.stack.enter_context(Working(self.front.home, real_time))

    def take(self) -> None:
        """The visitor takes a number."""
        self.ticket = self.front.take_ticket()

    def take_on_a_long_way(self) -> None:
        """The visitor takes a number, and its paper is on the way."""
        self.ticket = self.front.take_on_a_long_way()

    @property
    def job(self) -> str:
        """The state of the ticket's paper."""
        assert self.ticket is not None
        return self.front.paper_state(self.ticket) or ""

    @property
    def visitor(self) -> str:
        """What the kiosk tells the visitor about the paper."""
        assert self.ticket is not None
        html = self.kiosk.get(f"/T/{self.ticket.token}/state").get_data(as_text=True)
        (said,) = re.findall(r'class="paper-state[^>]*>(?:<i[^>]*></i>)?(.*?)</p>', html)
        return str(said)

    @property
    def printer(self) -> str:
        """What the desk shows of the printer."""
        html = self.desk.get("/printers/state").get_data(as_text=True)
        return str(re.findall(r'data-printer="front" data-printer-state="([^"]+)"', html)[0])

    @property
    def listed(self) -> str:
        """In which list of the desk the paper stands, with its state there."""
        html = self.desk.get("/printers/state").get_data(as_text=True)
        found = re.findall(r'data-job="1" data-job-state="([^"]+)"', html)
        return str(found[0]) if found else "-"

    def papers(self) -> tuple[int, int]:
        """How many whole papers of the ticket exist without a mark, and how many marked 补打."""
        assert self.ticket is not None
        mine = [
            p.text for p in self.front.device.papers if p.cut and not p.torn and self.ticket.no in p.text.split("\n")
        ]
        marked = sum("补打" in text for text in mine)
        return len(mine) - marked, marked


# What happens; the scene then stands in the trouble.
Happening = Callable[[Scene], None]


@dataclass(frozen=True)
class Row:
    """One fault. `visitor`, `printer` and `job`: during the trouble; `after`: the paper's state once it is over."""

    name: str
    happen: Happening
    visitor: str
    printer: str
    job: str
    after: str
    papers: int
    repair: Happening


def fault(name: str) -> Happening:
    """The printer is in trouble before the visitor comes."""

    def happen(scene: Scene) -> None:
        scene.front.device.fault = name  # type: ignore[assignment]
        scene.work()
        until(lambda: scene.printer not in {"unknown", "unserved"}, "a look at the printer")
        scene.take()

    return happen


def on_the_way(name: str) -> Happening:
    """The printer gets into trouble in the middle of the paper."""

    def happen(scene: Scene) -> None:
        scene.work()
        scene.take_on_a_long_way()
        scene.front.device.fault = name  # type: ignore[assignment]

    return happen


def mended(scene: Scene) -> None:
    """Somebody mends the printer."""
    scene.front.device.fault = "none"


def nothing(scene: Scene) -> None:
    """It passes by itself."""


@contextmanager
def _nobody_answers() -> Iterator[int]:
    """A port where nobody answers at all: its queue of connections is full, and the kernel drops the next."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as deaf, ExitStack() as stack:
        port = deaf.getsockname()[1]
        for _ in range(8):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1", port))
        time.sleep(0.1)
        yield port


def absent(scene: Scene) -> None:
    """No such host, or no cable: connecting gets no answer at all."""
    port = scene.stack.enter_context(_nobody_answers())
    printers.save(scene.front.store, "front", address=f"tcp://127.0.0.1:{port}")
    scene.work()
    scene.take()


def plugged_in(scene: Scene) -> None:
    """The printer is there again."""
    printers.save(scene.front.store, "front", address=f"tcp://127.0.0.1:{scene.front.device.port}")


DYING = """
import os, signal, sys
from printing.devices.conversation import Conversation
def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
setattr(Conversation, sys.argv.pop(1), die)
from lobbydesk.cli import main
sys.exit(main(sys.argv[1:]))
"""


def killed_in(what: str) -> Happening:
    """The worker's process is killed in the moment of an act: `send` before any byte, `confirmed` after all."""

    def happen(scene: Scene) -> None:
        scene.take()
        words = ["print", "--home", str(scene.front.home), "--printer", "front"]
        dead = subprocess.run([sys.executable, "-c", DYING, what, *words], cwd=ROOT, timeout=30, check=False)
        assert dead.returncode == -signal.SIGKILL
        if what == "confirmed":
            scene.front.device.wait_for(1, 5)

    return happen


def killed_on_the_way(scene: Scene) -> None:
    """The worker's process is killed while the paper goes through the wire; what the kernel took still arrives."""
    words = [sys.executable, "-m", "lobbydesk", "print", "--home", str(scene.front.home)]
    with subprocess.Popen(words, cwd=ROOT) as worker:
        scene.take_on_a_long_way()
        worker.kill()


def started_again(scene: Scene) -> None:
    """systemd starts the worker again; the printer is well."""
    scene.front.device.fault = "none"
    scene.work()


def store_locked(scene: Scene) -> None:
    """Another process holds the store while the paper comes out."""
    scene.work()
    scene.take_on_a_long_way()
    other = open_store(store_path(scene.front.home))
    scene.stack.callback(other.close)
    scene.stack.callback(lambda: other.in_transaction and other.execute("ROLLBACK"))
    other.execute("BEGIN IMMEDIATE")
    scene.front.device.fault = "none"
    scene.front.device.wait_for(1, 10)
    # Long enough for the worker to have tried, and been told that the store is busy.
    time.sleep(0.5)
    scene.stack.callback(scene.front.store.execute, "SELECT 1")
    scene.unlock = lambda: other.execute("ROLLBACK")  # type: ignore[attr-defined]


def unlocked(scene: Scene) -> None:
    """The store is free again."""
    scene.unlock()  # type: ignore[attr-defined]


def two_workers(scene: Scene) -> None:
    """A second worker for the same printer is started beside the first."""
    scene.work()
    scene.front.until_state("ready")
    words = [sys.executable, "-m", "lobbydesk", "print", "--home", str(scene.front.home), "--printer", "front"]
    second = subprocess.Popen(words, cwd=ROOT, stderr=subprocess.DEVNULL)
    scene.stack.callback(second.wait)
    scene.stack.callback(second.kill)
    assert second.wait(15) == 1
    scene.take()


MATRIX = [
    Row("absent: nobody answers", absent, AT_THE_DESK, "absent", "queued", "printed", 1, plugged_in),
    Row("refused: switched off", fault("refuse"), AT_THE_DESK, "absent", "queued", "printed", 1, mended),
    Row("mute before", fault("mute"), AT_THE_DESK, "mute", "queued", "printed", 1, mended),
    Row("garbage replies", fault("garbage"), AT_THE_DESK, "mute", "queued", "printed", 1, mended),
    Row("paper out before", fault("paper-out"), AT_THE_DESK, "paper_out", "queued", "printed", 1, mended),
    Row("cover open before", fault("cover-open"), AT_THE_DESK, "cover_open", "queued", "printed", 1, mended),
    Row("paper out during", on_the_way("paper-out"), AT_THE_DESK, "paper_out", "sending", "printed", 1, mended),
    Row("cover open during", on_the_way("cover-open"), AT_THE_DESK, "cover_open", "sending", "printed", 1, mended),
    Row("mute during", on_the_way("mute"), AT_THE_DESK, "mute", "uncertain", "uncertain", 0, mended),
    Row("garbage during", on_the_way("garbage"), AT_THE_DESK, "mute", "uncertain", "uncertain", 1, mended),
    Row("reset mid-stream", on_the_way("reset"), AT_THE_DESK, "ready", "uncertain", "uncertain", 0, mended),
    Row("unplugged during", on_the_way("refuse"), AT_THE_DESK, "absent", "uncertain", "uncertain", 0, mended),
    Row(
        "power cycle of the printer",
        on_the_way("power-cycle"),
        AT_THE_DESK,
        "ready",
        "uncertain",
        "uncertain",
        0,
        nothing,
    ),
    Row("slow", fault("slow"), PRINTED, "ready", "printed", "printed", 1, mended),
    Row(
        "killed before the first byte",
        killed_in("send"),
        AT_THE_DESK,
        "unserved",
        "sending",
        "uncertain",
        0,
        started_again,
    ),
    Row("killed mid-job", killed_on_the_way, AT_THE_DESK, "unserved", "sending", "uncertain", 1, started_again),
    Row(
        "killed after the last byte",
        killed_in("confirmed"),
        AT_THE_DESK,
        "unserved",
        "sending",
        "uncertain",
        1,
        started_again,
    ),
    Row("store locked meanwhile", store_locked, PRINTING, "ready", "sending", "printed", 1, unlocked),
    Row("two workers for one printer", two_workers, PRINTED, "ready", "printed", "printed", 1, nothing),
]
SEEN: list[tuple[str, ...]] = []
HEAD = ("fault", "visitor", "desk: printer", "desk: paper", "papers", "afterwards", "papers", "reprinted by staff")


@pytest.fixture(scope="module", autouse=True)
def table(request: pytest.FixtureRequest) -> Iterator[None]:
    """Print what was seen as one table, at the end."""
    yield
    lines = [HEAD, *SEEN]
    rows = ["| " + " | ".join(line) + " |" for line in lines]
    rows.insert(1, "|" + "---|" * len(HEAD))
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print("\n" + "\n".join(rows))


@pytest.fixture
def scene(front: Front, kiosk: FlaskClient, desk_app: Flask, clock: Clock) -> Iterator[Scene]:
    """A kiosk, a desk, a printer; no worker yet."""
    kiosk.get("/")
    # A process of its own has the real time, and so has everybody else here.
    front.now, clock.at = system_clock, system_clock()
    client = client_of(desk_app, front.store, actor(front.store, Role.RECEPTIONIST), clock())
    made = Scene(front, kiosk, client)
    with made.stack:
        yield made


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: row.name)
def test_the_matrix(scene: Scene, row: Row) -> None:
    row.happen(scene)
    until(lambda: scene.job == row.job, f"paper {row.job}, is {scene.job}")
    until(lambda: scene.printer == row.printer, f"printer {row.printer}, is {scene.printer}")
    until(lambda: row.visitor in scene.visitor, f"visitor reads {row.visitor}, but: {scene.visitor}")
    assert scene.listed == row.job
    during = (row.name, scene.visitor, scene.printer, scene.listed, "+".join(map(str, scene.papers())))

    row.repair(scene)
    until(lambda: scene.job == row.after, f"paper {row.after}, is {scene.job}")
    # Were it to print twice, it would by the time the next visitor has a ticket.
    scene.front.until_paper(scene.front.take_ticket(), "printed")
    # The picture of a paper is written a moment after its bytes were confirmed.
    until(lambda: scene.papers()[0] >= row.papers, f"papers {row.papers}, are {scene.papers()}")
    assert scene.papers() == (row.papers, 0), "what printed without a mark"
    after = (scene.job, "+".join(map(str, scene.papers())))

    reprinted = "-"
    if row.after == "uncertain":
        # With a Chinese ROM again, so that the mark can be read as text.
        scene.front.set(chinese="gbk")
        answer = scene.desk.post("/papers/1/reprint", data={"nonce": "again"}, headers=SAME_ORIGIN)
        assert answer.status_code == 303
        until(lambda: scene.job == "printed", "the copy printed")
        assert scene.papers() == (row.papers, 1), "a copy says that it is one"
        reprinted = "补打 1"
    SEEN.append((*during, *after, reprinted))


def test_the_matrix_covers_every_fault_that_the_printer_knows() -> None:
    from printing.virtual import FAULTS

    source = Path(__file__).read_text(encoding="utf-8")
    for name in set(FAULTS) - {"none"}:
        assert f'fault("{name}")' in source or f'on_the_way("{name}")' in source, name


def test_a_kiosk_s_ticket_that_comes_too_late_waits_at_the_desk(scene: Scene) -> None:
    """The stale rule, through a real worker: the printer is mended after three minutes, and nothing comes out."""
    scene.front.device.fault = "paper-out"
    scene.take()
    with writing(scene.front.store):
        scene.front.store.execute("UPDATE print_jobs SET stale_at = queued_at")
    scene.work()
    until(lambda: scene.job == "held", "the late ticket held")
    scene.front.device.fault = "none"
    scene.front.until_state("ready")
    assert AT_THE_DESK in scene.visitor and scene.listed == "held"
    assert scene.papers() == (0, 0)
    scene.desk.post("/papers/1/reprint", data={"nonce": "late"}, headers=SAME_ORIGIN)
    until(lambda: scene.job == "printed", "the copy printed")
    assert scene.papers() == (0, 1)
