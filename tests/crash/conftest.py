"""What the crash tests share: a centre that is ready for every act, and the acts of one morning, recorded."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from db.store import open_store
from lobbydesk.home import store_path
from tests.conftest import Clock
from tests.crash.morning import START
from tests.crash.replay import Run, run
from tests.reception.life import Life
from tests.reception.sign_life import SignLife

MEMORY = Path("/dev/shm")


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder that no real disk slows down, where the machine has one."""
    with tempfile.TemporaryDirectory(dir=MEMORY if os.access(MEMORY, os.W_OK) else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="package")
def ready(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeded centre with bookings that wait for their signatures, and finished work that waits for the owner's."""
    home = shutil.copytree(seeded, tmp_path_factory.mktemp("ready") / "home")
    store, clock = open_store(store_path(home)), Clock(START - timedelta(hours=1))
    bookings, repairs = SignLife(store, clock), Life(store, clock)
    for _ in range(4):
        bookings.reviewed(bookings.under_review())
    for _ in range(8):
        repairs.finished(liability="common")
    store.close()
    return home


@pytest.fixture(scope="package")
def full(ready: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The acts as the product does them: WAL with synchronous=FULL."""
    return run(ready, tmp_path_factory.mktemp("full"))
