"""What stands in the journal: its weight, where a defect showed, and nothing that anybody typed."""

import io
import logging
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from kiosk import app as kiosk_app
from lobbydesk import cli, logs, serving

SECRET = "张三 13800138000"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Everything written to the journal in the test, as it is then."""
    written = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    monkeypatch.setattr(sys, "stderr", written)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr("threading.excepthook", None)
    monkeypatch.setenv("JOURNAL_STREAM", "8:1234")
    logs.set_up()
    yield lambda: written.getvalue().splitlines()
    root.handlers[:] = before
    root.setLevel(level)


def _broken() -> None:
    try:
        int(SECRET)
    except ValueError as error:
        raise sqlite3.OperationalError(f"no such column: {SECRET}") from error


def test_an_exception_is_its_kind_and_its_way_and_never_its_words(lines: Any) -> None:
    try:
        _broken()
    except sqlite3.Error:
        logging.getLogger("lobbydesk").exception("broken")
    (line,) = lines()
    assert line.startswith("<3>lobbydesk: broken: OperationalError at systemd/test_logs.py:")
    assert "after ValueError at systemd/test_logs.py:" in line
    assert SECRET not in line and "13800138000" not in line


def test_every_weight_is_the_journal_s_and_a_line_stays_one(lines: Any) -> None:
    log = logging.getLogger("lobbydesk.some")
    log.warning("two\nlines")
    log.critical("out")
    sys.excepthook(OSError, OSError(28, SECRET), None)
    assert lines() == ["<4>lobbydesk.some: two lines", "<2>lobbydesk.some: out", "<2>lobbydesk: ended: OSError ENOSPC"]


def test_gunicorn_quotes_no_address(lines: Any) -> None:
    server = serving.Server(lambda: Flask(__name__), "127.0.0.1:0")
    log = serving.Log(server.cfg)
    try:
        raise KeyError(SECRET)
    except KeyError:
        log.exception("Error handling request %s %s", "GET", "/T/SECRETTOKEN")
    log.warning("Invalid request from ip=10.0.0.7: Invalid HTTP Header: 'X-NAME: SECRETTOKEN'")
    said = "\n".join(lines())
    assert "a request broke off: KeyError" in said and "a request was no HTTP" in said
    assert "SECRETTOKEN" not in said and "10.0.0.7" not in said and SECRET not in said


def test_a_defect_in_a_page_names_its_route_alone(home: Path, lines: Any) -> None:
    app = kiosk_app.create(home / "lobbydesk.db")

    @app.get("/broken/<token>")
    def broken(token: str) -> str:
        raise ValueError(f"{token} {SECRET}")

    assert app.test_client().get("/broken/SECRETTOKEN").status_code == 500
    (line,) = lines()
    assert line.startswith("<3>") and "defect at GET /broken/<token>: ValueError at" in line
    assert "SECRETTOKEN" not in line and SECRET not in line


@pytest.mark.parametrize("unit", [True, False])
def test_what_ends_a_unit_quotes_nobody_either(
    unit: bool, tmp_path: Path, lines: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A timer's command has no server around it: its last words would be a traceback, words and all."""
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    if unit:
        monkeypatch.setenv("LOBBYDESK_HOME", str(tmp_path))
    with pytest.raises(sqlite3.OperationalError):
        cli.main(["clocks", "--home", str(tmp_path)])
    assert (sys.excepthook is not sys.__excepthook__) == unit
