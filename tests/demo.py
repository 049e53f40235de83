"""A real demo for tests: its own processes, its own ports, its own folder, started as its users start it."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Self, TypeVar

from PIL import Image

from db import pulse

T = TypeVar("T")
SERVICES = ("kiosk", "desk", "print", "paper")
PORTS = ("kiosk", "desk", "printer", "paper")


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    numbers = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return numbers


def until(found: Callable[[], T], seconds: float = 15.0) -> T:
    """Return the first true answer of `found`; fail when none comes in time."""
    deadline = time.monotonic() + seconds
    while True:
        answer = found()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"waited {seconds} s in vain"
        time.sleep(0.02)


class Demo:
    """`lobbydesk demo` in its own process group."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
        self.cookie = ""
        self.process: subprocess.Popen[bytes]

    def start(self) -> Self:
        """Start it and wait until all of it is there: a number that is called before it is printed gets no ticket."""
        self.begin()
        until(lambda: self._answers("kiosk") and self._answers("desk") and (self.home / "login.json").exists(), 30)
        until(lambda: pulse.listening(self.home / "run", "print-front"))
        return self

    @property
    def words(self) -> list[str]:
        """The words of its command."""
        return ["demo", f"--home={self.home}", *(f"--{name}-port={number}" for name, number in self.ports.items())]

    def begin(self) -> None:
        """Run the command."""
        self.process = subprocess.Popen(
            [str(Path(sys.executable).parent / "lobbydesk"), *self.words],
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _answers(self, name: str) -> bool:
        try:
            return self.get(name, "/health")[0] == 200
        except OSError:
            return False

    @property
    def group(self) -> int:
        """The id of its process group."""
        return self.process.pid

    def stop(self, number: int = signal.SIGINT) -> int:
        """Send a signal to the group, as Ctrl-C does; return the exit status."""
        os.killpg(self.group, number)
        return self.ended()

    def ended(self) -> int:
        """Wait for its end; return the exit status."""
        return self.process.wait(15)

    def url(self, name: str, path: str = "/") -> str:
        """Return an address of one of its services."""
        return f"http://127.0.0.1:{self.ports[name]}{path}"

    def get(self, name: str, path: str) -> tuple[int, str]:
        """Return status and text of a page."""
        return self._ask(name, "GET", path, None)[:2]

    def post(self, service: str, path: str, /, **fields: str) -> tuple[int, str, str]:
        """Send a form; return status, text, and where it leads."""
        return self._ask(service, "POST", path, urllib.parse.urlencode(fields))

    def _ask(self, name: str, method: str, path: str, body: str | None) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[name], timeout=20)
        try:
            headers = {"Sec-Fetch-Site": "same-origin", "Cookie": self.cookie, "HX-Request": "true"}
            if path in {"/login", "/check-in"} or method == "GET":
                del headers["HX-Request"]
            if body is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            if path == "/login" and answer.headers.get("Set-Cookie"):
                self.cookie = answer.headers["Set-Cookie"].split(";")[0]
            return answer.status, answer.read().decode(), answer.headers.get("Location", "")
        finally:
            connection.close()

    def log_in(self) -> None:
        """Log in at the desk with the login the demo wrote down."""
        login = json.loads((self.home / "login.json").read_text(encoding="utf-8"))
        assert self.post("desk", "/login", **login)[0] == 303

    def check_in(self, line: str, nonce: str, **fields: str) -> str:
        """Take a number; return the path of its page."""
        status, text, place = self.post("kiosk", "/check-in", line=line, nonce=nonce, **fields)
        assert status == 303, text
        return place

    def call_next(self, counter: str = "1") -> str | None:
        """Press next; return the number called, or None when nobody waits."""
        status, text, _ = self.post("desk", "/queue/next", counter=counter)
        assert status == 200, text
        found = re.findall(r'data-ticket-no="([^"]+)"', text)
        return found[0] if found else None

    def ticket_no(self, place: str) -> str:
        """Return the number on a visitor's page."""
        return str(re.findall(r'data-ticket-no="([^"]+)"', self.get("kiosk", place)[1])[0])

    def papers(self) -> list[Path]:
        """Return the pictures of the papers so far, oldest first."""
        return sorted((self.home / "paper").glob("*.png"))

    def pids(self) -> dict[str, list[int]]:
        """Return the processes of each service, the parent first."""
        found: dict[str, list[int]] = {}
        for folder in Path("/proc").iterdir():
            try:
                name = (folder / "comm").read_text().strip()
                group = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[2])
            except (OSError, ValueError, IndexError):
                continue
            if group == self.group and name in SERVICES:
                found.setdefault(name, []).append(int(folder.name))
        return {name: sorted(pids) for name, pids in found.items()}


def read_qr(picture: Path) -> str:
    """Return what the QR code on the picture of a paper says."""
    import zxingcpp

    with Image.open(picture) as image:
        (code,) = zxingcpp.read_barcodes(image.convert("L"))
    return str(code.text)
