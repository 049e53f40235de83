"""What the worker's tests share: a front printer that is a virtual one, and a worker in a hurry."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.store import Store
from printing.virtual import VirtualPrinter
from tests.printing.running import Front, hurry


@pytest.fixture
def front(home: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Front]:
    """The front printer of a fresh centre; no worker serves it yet."""
    hurry(monkeypatch)
    with VirtualPrinter(None) as device:
        yield Front(home, store, device)
