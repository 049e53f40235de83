"""The places for live streams: as many as the threads bear, given back by whoever leaves, shared with the practice."""

from pathlib import Path

import pytest
from flask import Flask

from desk.app import create
from tests.conftest import Clock, _close
from web import live


def test_a_stream_that_is_never_begun_gives_its_place_back(kiosk_app: Flask) -> None:
    browser = kiosk_app.test_client()
    for _ in range(live.MAX_STREAMS + 2):
        browser.head("/display/events").close()
    assert kiosk_app.extensions["live"].places.taken == 0
    answer = browser.get("/display/events", buffered=False)
    assert (answer.status_code, kiosk_app.extensions["live"].places.taken) == (200, 1)
    answer.close()
    assert kiosk_app.extensions["live"].places.taken == 0


def test_who_finds_no_place_is_told_so(kiosk_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MAX_STREAMS", 1)
    first = kiosk_app.test_client().get("/display/events", buffered=False)
    assert kiosk_app.test_client().get("/display/events").status_code == 429
    first.close()
    kiosk_app.test_client().get("/display/events", buffered=False).close()


def test_the_practice_takes_no_places_of_its_own(home: Path, clock: Clock) -> None:
    """Twice 28 streams on 40 threads would leave none for a press."""
    real = create(home / "lobbydesk.db", clock=clock)
    beside = real.extensions["practice"]._make(home / "lobbydesk.db")
    assert beside.extensions["live"].places is real.extensions["live"].places
    _close(real)
    _close(beside)
