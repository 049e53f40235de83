"""Papers: how many bytes each has, how long each takes to build, and how many a second one worker gets through."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from db import printers
from db.store import Store, open_store
from lobbydesk.bench import acts, centre
from lobbydesk.bench.figures import Row, rank, spread
from lobbydesk.bench.services import proportional_set, running
from lobbydesk.home import store_path
from reception import bookings, complaints, devices, hand_numbers, repairs
from reception.permissions import BOX, Actor, Role
from reception.rules import clock
from reception.site import configure

TICKET_BYTES = 700
MIB = 1024 * 1024


def measure(folder: Path, home: Path, *, builds: int, tickets: int) -> list[Row]:
    """Return the rows of papers: sizes and building times of every kind, and a worker before an instant printer."""
    with closing(open_store(store_path(home))) as store:
        return [*_documents(store, builds), *_worker(folder, home, store, tickets)]


def _documents(store: Store, builds: int) -> list[Row]:
    from printing import documents
    from printing.layout import Profile
    from reception import papers

    _one_of_each(store)
    rows = []
    jobs = store.rows("SELECT kind, facts FROM print_jobs GROUP BY kind, substr(part, -6) ORDER BY id")
    for kind, facts in jobs:
        paper, times, size = papers.from_json(kind, facts), [], 0
        for number in range(builds + 1):
            begun = time.perf_counter()
            size = len(documents.build(paper, Profile(), job_id=123456))
            if number:
                times.append(time.perf_counter() - begun)
        aim = f"<= {TICKET_BYTES} bytes" if kind == papers.Ticket.KIND else ">= 0"
        rows.append(Row(f"paper {kind}, 80 mm, native", f"{size:,} bytes, built in {spread(times)}", aim))
    store.execute("UPDATE print_jobs SET state = 'void', ended_at = queued_at WHERE state = 'queued'")
    return rows


def _one_of_each(store: Store) -> None:
    """Put one paper of every kind into the spool, by the acts that do so in a centre."""
    row = store.row("SELECT id, name, department FROM staff WHERE role = 'receptionist'")
    assert row is not None
    by, now = Actor(Role.RECEPTIONIST, row["id"], row["name"], row["department"]), datetime.now(UTC)
    configure(store, ticket_stale_minutes=0)
    centre.tap(store)
    repairs.register(
        store, name="", phone="5678", unit="1-1-101", nonce="bench-repair", category="water",
        content="厨房水槽下面的水管漏水，请尽快派师傅来。", place="厨房", convenient_time="明天 14:00",
        urgency="ordinary", dispatch=True, by=by, now=now,
    )  # fmt: skip
    complaints.register(
        store, name="", phone="5678", unit="1-1-101", nonce="bench-complaint", category="noise",
        facts="楼上半夜装修", wish="希望管理", by=by, now=now,
    )  # fmt: skip
    bookings.book(
        store, name="", phone="5678", unit="1-1-101", nonce="bench-visit", matter="想当面谈停车位", by=by, now=now
    )
    hand_numbers.print_slips(store, count="1", nonce="bench-slip", by=by, now=now)
    devices.setup_slip(store, by=BOX, now=now)
    devices.probe_and_test(store, name="front", by=BOX, now=now)


def _worker(folder: Path, home: Path, store: Store, tickets: int) -> list[Row]:
    log = folder / "papers.log"
    with instant_printer() as port:
        printers.save(store, "front", address=f"tcp://127.0.0.1:{port}")
        store.execute("UPDATE printers SET probe_wanted = 0")
        for _ in range(tickets):
            centre.tap(store)
        last = store.value("SELECT max(id) FROM print_jobs")
        with running("lobbydesk", "print", "--home", str(home), log=log) as worker:
            deadline = time.monotonic() + 120
            while store.value("SELECT state FROM print_jobs WHERE id = ?", [last]) != "printed":
                if time.monotonic() > deadline:
                    raise RuntimeError(f"the papers did not come out:\n{log.read_text(errors='replace')[-2000:]}")
                time.sleep(0.01)
            memory = proportional_set(worker.pid) / MIB
    ended = [
        clock.from_text(row[0]).timestamp()
        for row in store.rows("SELECT ended_at FROM print_jobs WHERE state = 'printed' AND id > ?", [last - tickets])
    ]
    rate = (len(ended) - 1) / (max(ended) - min(ended))
    bare = _bare_rate(folder)
    return [
        Row(
            "papers through one worker to an instant printer, each two durable commits",
            f"{rate:,.0f}/s, {rate * 2 / bare:.0%} of bare one-row commits ({bare:,.0f}/s)",
            ">= 20 /s",
        ),
        Row("memory (PSS) of the worker, one printer, after them", f"{memory:.0f} MB", "<= 40 MB"),
    ]


def _bare_rate(folder: Path, commits: int = 300) -> float:
    with closing(acts.bare_connection(folder / "bare-papers.db")) as bare:
        times = []
        for _ in range(5):
            begun = time.perf_counter()
            for _ in range(commits // 5):
                acts.commit_row(bare, "one row")
            times.append((time.perf_counter() - begun) / (commits // 5))
        return 1 / rank(times, 0.5)


@contextmanager
def instant_printer() -> Iterator[int]:
    """A printer that takes no time: always ready, it confirms at once what it never draws; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_serve, args=(listener,), name="instant-printer", daemon=True).start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)


def _serve(listener: socket.socket) -> None:
    while True:
        try:
            wire, _ = listener.accept()
        except OSError:
            return
        with wire:
            _answer(wire)


def _answer(wire: socket.socket) -> None:
    """Answer every DLE EOT with "all is well", and every GS ( H function 48 with its process id."""
    rest = b""
    while said := wire.recv(65536):
        data = rest + said
        for _ in range(data.count(b"\x10\x04")):
            wire.sendall(b"\x12")
        at = data.rfind(b"\x1d(H\x06\x00")
        if at >= 0 and len(data) >= at + 11:
            wire.sendall(b"\x37\x22" + data[at + 7 : at + 11] + b"\x00")
            rest = b""
        else:
            rest = data[at:] if at >= 0 else b""
