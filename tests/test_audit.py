"""`make audit`: an audit that could not be made never passes for one that found nothing."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

HERE = Path(__file__).parents[1]
CONTROL = ("jinja2", "GHSA-462w-v97r-4m45", "2.10.1")


class Osv(BaseHTTPRequestHandler):
    """A stand-in for the public list, which no test may reach: weaknesses as (package, id, first sound version)."""

    known: ClassVar[list[tuple[str, str, str]]] = []

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name, version = asked["package"]["name"].lower(), asked["version"]
        parts = [int(part) for part in version.split(".") if part.isdigit()]
        found = [
            weakness
            for weakness in self.known
            if weakness[0] == name and parts < [int(part) for part in weakness[2].split(".")]
        ]
        body = json.dumps({"vulns": [entry(*weakness) for weakness in found]} if found else {}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def entry(name: str, code: str, fixed: str) -> dict[str, object]:
    """Return a weakness as OSV writes it."""
    ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}]
    affected = [{"package": {"ecosystem": "PyPI", "name": name}, "ranges": ranges}]
    return {"id": code, "summary": "", "modified": "2026-01-01T00:00:00Z", "affected": affected}


@pytest.fixture
def osv() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Osv)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query"
    server.shutdown()
    server.server_close()


def audit(url: str) -> subprocess.CompletedProcess[str]:
    # The other list must not be reached by chance: what it says is not this test's.
    closed = {"OSV_URL": url, "HTTPS_PROXY": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    return subprocess.run(
        [HERE / "requirements" / "audit", sys.executable],
        env=os.environ | closed | {"no_proxy": "127.0.0.1"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_list_that_knows_nothing_is_no_audit(osv: str) -> None:
    Osv.known = []
    said = audit(osv)
    assert said.returncode == 3 and "NOT AUDITED" in said.stderr


def test_nobody_to_ask_is_no_audit() -> None:
    said = audit("http://127.0.0.1:9/")
    assert said.returncode == 3 and "NOT AUDITED" in said.stderr


def test_a_list_that_finds_the_control_is_asked_about_every_dependency(osv: str) -> None:
    Osv.known = [CONTROL]
    said = audit(osv)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "asking osv about" in said.stdout


def test_what_is_known_fails_and_is_named(osv: str) -> None:
    Osv.known = [CONTROL, ("werkzeug", "GHSA-0000-0000-0000", "999.0")]
    said = audit(osv)
    assert said.returncode == 1 and "GHSA-0000-0000-0000" in said.stdout
