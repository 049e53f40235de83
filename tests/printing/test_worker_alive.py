"""A print worker says that it lives while it works or waits, and no longer once it cannot read the store."""

import sqlite3
import threading
from collections.abc import Callable
from typing import Any

import pytest

from db import spool
from db.store import Store
from lobbydesk.home import store_path
from printing import worker
from printing.worker import Worker
from tests.printing.running import AT, Front, until


@pytest.fixture
def alive(front: Front, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The words of a worker at work, one a time that it was heard."""
    monkeypatch.setattr(worker, "FEED_SECONDS", 0.0)
    said: list[int] = []
    one = Worker(store_path(front.home), "front", lambda _: AT, lambda: said.append(1))
    thread = threading.Thread(target=one.run, name="worker", daemon=True)
    thread.start()
    yield said
    front.device.fault = "none"
    one.stop()
    thread.join(15)
    assert not thread.is_alive()


def _more(said: list[int]) -> Callable[[], bool]:
    before = len(said)
    return lambda: len(said) > before + 2


@pytest.mark.parametrize("fault", ["none", "mute", "paper-out"])
def test_it_is_heard_while_it_has_nothing_to_do_and_while_its_printer_is_in_trouble(
    front: Front, alive: list[int], fault: str
) -> None:
    front.until_state("ready")
    front.device.fault = fault  # type: ignore[assignment]
    front.take_ticket()
    until(_more(alive), "a word of it")


def test_it_is_heard_while_a_paper_hangs_in_the_printer(front: Front, alive: list[int]) -> None:
    front.take_on_a_long_way()
    front.device.fault = "paper-out"
    front.until_state("paper_out")
    until(_more(alive), "a word of it")


def test_it_is_heard_while_the_end_of_a_paper_cannot_be_written(
    front: Front, alive: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL
    stuck = threading.Event()

    def settle(*_: object, **__: object) -> None:
        stuck.set()
        raise full

    with monkeypatch.context() as patched:
        patched.setattr(spool, "settle", settle)
        ticket = front.take_ticket()
        assert stuck.wait(15)
        until(_more(alive), "a word of it: who starts it again makes a doubt of what was printed")
    front.until_paper(ticket, "printed")


def test_who_cannot_read_the_store_is_heard_no_more(
    front: Front, alive: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    front.until_state("ready")
    value, refused = Store.value, threading.Event()

    def unreadable(self: Store, sql: str, parameters: Any = ()) -> Any:
        if "print_jobs" in sql and threading.current_thread().name == "worker":
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR
            refused.set()
            raise error
        return value(self, sql, parameters)

    with monkeypatch.context() as patched:
        patched.setattr(Store, "value", unreadable)
        assert refused.wait(15)
        before = len(alive)
        threading.Event().wait(0.7)
        assert len(alive) == before
