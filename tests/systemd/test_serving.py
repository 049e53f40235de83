"""The web services under systemd: its socket, READY and the watchdog said by who serves, for as long as it can."""

import os
import signal
import sqlite3
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lobbydesk import logs, serving
from lobbydesk.commands import kiosk
from tests.systemd.manager import Manager


def test_the_worker_says_ready_through_a_socket_that_stays(home: Path, tmp_path: Path) -> None:
    with Manager(tmp_path, "kiosk", "--home", str(home)) as manager:
        worker = manager.hears("READY=1")
        assert worker != manager.process.pid, "the parent says so before anybody can serve"
        assert '"ok":true' in manager.get("/health")
        assert manager.hears("WATCHDOG=1") == worker
        # Killed, the next one serves at the same door.
        os.kill(worker, signal.SIGKILL)
        assert manager.hears("READY=1") not in {worker, manager.process.pid}
        assert '"ok":true' in manager.get("/health")
        manager.process.terminate()
        assert manager.process.wait(5) == 0
        assert manager.door.exists(), "the door is systemd's: who comes meanwhile waits in front of it"
    assert not [who for who, _ in manager.heard if who == manager.process.pid]


class Told:
    """Stands for the way to systemd, and for the threads and the store of a worker."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.reads = 0
        self.trouble: sqlite3.Error | None = None

    def ready(self) -> None:
        self.words.append("ready")

    def alive(self) -> None:
        self.words.append("alive")

    def get(self) -> "Told":
        return self

    def value(self, sql: str) -> int:
        if self.trouble is not None:
            raise self.trouble
        self.reads += 1
        return 1


def _worker(told: Told, pool: Any) -> Any:
    worker = object.__new__(serving.Worker)
    worker.wsgi = SimpleNamespace(extensions={"stores": told})
    worker.app = SimpleNamespace(notify=told)
    worker.tpool = pool
    return worker


class Nobody:
    """A pool whose threads all hang: what is handed to it waits for ever."""

    def submit(self, work: Any) -> "Future[None]":
        return Future()


def test_the_watchdog_is_fed_after_reading_and_ready_is_said_by_a_thread_that_serves() -> None:
    told = Told()
    with ThreadPoolExecutor(1) as pool:
        _worker(told, pool)._feed(100.0)
    assert told.reads == 2 and sorted(told.words) == ["alive", "ready"]


def test_who_cannot_read_the_store_is_not_fed(caplog: pytest.LogCaptureFixture) -> None:
    told = Told()
    told.trouble = sqlite3.OperationalError("disk I/O error on 张三.db")
    with ThreadPoolExecutor(1) as pool:
        worker = _worker(told, pool)
        for now in range(100, 200):
            worker._feed(float(now))
    assert told.words == []
    assert "张三" not in caplog.text


def test_who_hangs_in_every_thread_is_not_fed_for_ever() -> None:
    told = Told()
    worker = _worker(told, Nobody())
    for now in range(100, 200):
        worker._feed(float(now))
    assert len(told.words) == serving.BUSY_SECONDS, "a loop that only reads would be fed while nobody is served"


def test_a_pool_that_answers_again_is_fed_again() -> None:
    told, worker = Told(), _worker(Told(), Nobody())
    worker.app.notify = told
    for now in range(100, 140):
        worker._feed(float(now))
    worker._look.set_result(None)
    told.words.clear()
    worker._feed(140.0)
    assert told.words == ["alive"]


@pytest.mark.parametrize("there", [True, False])
def test_a_service_makes_no_store_and_takes_none_that_is_older(
    home: Path, there: bool, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "set_up", lambda: None)
    empty = home / "other"
    empty.mkdir()
    if there:
        sqlite3.connect(empty / "lobbydesk.db").close()
    assert kiosk.run(SimpleNamespace(home=empty, bind="127.0.0.1:0")) == 1  # type: ignore[arg-type]
    assert ("migrations pending" if there else "there is no store") in caplog.text
    assert there or not (empty / "lobbydesk.db").exists()
