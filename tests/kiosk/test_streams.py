"""The places for live streams: as many as the threads bear, given back by whoever leaves, shared with the practice."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

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


def test_one_has_his_share_and_leaves_the_rest_to_others(
    kiosk_app: Flask, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address of the LAN as the proxy saw it, a member of staff at the desk; nobody counts the touch screen."""
    monkeypatch.setattr(live, "MAX_OF_ONE", 2)
    kiosk, places = kiosk_app.test_client(), kiosk_app.extensions["live"].places

    def watch(address: str) -> TestResponse:
        said, lan = {"X-Forwarded-For": address}, {"REMOTE_ADDR": ""}
        return kiosk.get("/display/events", headers=said, environ_base=lan, buffered=False)

    held = [watch("10.0.0.1"), watch("10.0.0.1"), watch("10.0.0.2")]
    assert [one.status_code for one in held] == [200] * 3 and watch("10.0.0.1").status_code == 429
    held += [kiosk.get("/events", buffered=False) for _ in range(4)]
    assert [one.status_code for one in held] == [200] * 7
    held.pop(0).close()
    held.append(watch("10.0.0.1"))
    assert held[-1].status_code == 200
    at_desk = [desk.get("/events", buffered=False) for _ in range(3)]
    assert [one.status_code for one in at_desk] == [200, 200, 429]
    for one in held + at_desk:
        one.close()
    # Nobody's address is remembered once he has left.
    assert places.taken == 0 and not places._of_each


def test_the_practice_takes_no_places_of_its_own(home: Path, clock: Clock) -> None:
    """Twice 28 streams on 40 threads would leave none for a press."""
    real = create(home / "lobbydesk.db", clock=clock)
    beside = real.extensions["practice"]._make(home / "lobbydesk.db")
    assert beside.extensions["live"].places is real.extensions["live"].places
    _close(real)
    _close(beside)
