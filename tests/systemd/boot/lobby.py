"""What happens in the lobby of a booted box: visitors tap, a printer prints, and all is compared with the store."""

import http.client
import json
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

from tests.systemd.boot.machine import STATE, Machine, eventually

REPOSITORY = Path(__file__).parents[3]


class Visitors:
    """Visitors at the kiosk, from `start` to `leave`; `shown` is every number that any of them was shown."""

    def __init__(self, machine: Machine, folder: Path) -> None:
        self._machine = machine
        self._log = folder / "shown.jsonl"
        self._log.touch()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def shown(self) -> list[dict[str, Any]]:
        """All acknowledged numbers so far: nonce, token, how often it was tried, when (the host's clock)."""
        return [json.loads(line) for line in self._log.read_text().splitlines()]

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.systemd.boot.visitors"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._machine.on_its_network(*command), stdout=log, cwd=REPOSITORY)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        ended = self._process.poll()
        self._process.kill()
        self._process.wait()
        assert ended is None, f"a visitor was sent away: {ended}"

    def forget_all_but(self, known: list[dict[str, Any]]) -> None:
        """Send away for good whose numbers went down with a disk."""
        self._log.write_text("".join(json.dumps(one) + "\n" for one in known))

    def go_on(self, count: int = 10, seconds: float = 60.0) -> float:
        """Wait until so many more numbers were shown; return the seconds that took."""
        before, began = len(self.shown), time.monotonic()
        eventually(f"{count} more numbers", lambda: len(self.shown) >= before + count, seconds)
        return time.monotonic() - began

    def pause_of(self, seconds: float) -> bool:
        """Look for so long; tell whether nobody was shown a number meanwhile."""
        before = len(self.shown)
        time.sleep(seconds)
        return len(self.shown) == before

    def longest_wait(self, since: float) -> float:
        """Return the longest time, in seconds, between two numbers shown after `since` (the host's clock)."""
        times = [since, *(one["at"] for one in self.shown if one["at"] > since)]
        return max((later - earlier for earlier, later in pairwise(times)), default=0.0)


class VirtualPaper:
    """The virtual printer on the machine's network: a printer in the lobby, its papers in a folder out here."""

    def __init__(self, machine: Machine, folder: Path) -> None:
        self._machine = machine
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def plug(self) -> None:
        """Switch it on."""
        command = [sys.executable, "-m", "lobbydesk", "paper", "printer", "--quiet"]
        self._process = subprocess.Popen(
            self._machine.on_its_network(*command, "--folder", str(self.folder), "--port", "9100"), cwd=REPOSITORY
        )

    def pull(self) -> None:
        """Pull its plug, in the middle of whatever it prints."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @property
    def papers(self) -> list[Path]:
        """The pictures of the papers so far, oldest first."""
        return sorted(self.folder.glob("*.png"))


class Desk:
    """A receptionist at the desk, by its socket: what the proxy would pass on to it."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._cookies: dict[str, str] = {}

    def post(self, path: str, **form: str) -> tuple[int, str]:
        """Send a form; return status and body."""
        return self._ask("POST", path, urlencode(form))

    def get(self, path: str) -> tuple[int, str]:
        """Fetch a page; return status and body."""
        return self._ask("GET", path, "")

    def _ask(self, method: str, path: str, body: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("box", timeout=10)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(10)
        connection.sock.connect(str(self._machine.inside("/run/lobbydesk/desk.sock")))
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
        }
        with closing(connection):
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            for value in answer.headers.get_all("Set-Cookie") or []:
                name, _, key = value.split(";")[0].partition("=")
                self._cookies[name] = key
            return answer.status, text


class Building:
    """Phones and computers of the building, as they reach the box: by its proxy, under its name."""

    # What the proxy made for itself at its first start.
    AUTHORITY = "/var/lib/lobbydesk-proxy/pki/authorities/local/root.crt"

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def ask(self, *urls: str) -> list[tuple[int, str, str]]:
        """Return status, where it leads, and what is on each page. A certificate that is not the box's own fails."""
        command = self._passers_by("ask", str(self._machine.inside(self.AUTHORITY)), *urls)
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, cwd=REPOSITORY)
        return [(*json.loads(line),) for line in done.stdout.splitlines()]

    @contextmanager
    def half_open(self, count: int) -> Iterator[None]:
        """Hold so many connections half open, at both doors of the proxy."""
        command = self._passers_by("hold", str(count))
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY) as process:
            try:
                assert process.stdout is not None and process.stdout.readline() == "held\n"
                yield
                assert process.poll() is None
            finally:
                process.kill()

    def _passers_by(self, *words: str) -> list[str]:
        return self._machine.on_its_network(sys.executable, "-m", "tests.systemd.boot.passers_by", *words)


ASK = """
import sys, urllib.request, urllib.error
try:
    print(urllib.request.urlopen(sys.argv[1], timeout=5).read().decode())
except urllib.error.HTTPError as error:
    print(error.read().decode())
except OSError:
    pass
"""


def health(machine: Machine) -> dict[str, Any]:
    """Return what the kiosk says of the box at its own door; empty when it does not answer."""
    done = subprocess.run(
        machine.on_its_network(sys.executable, "-c", ASK, "http://127.0.0.1:8600/health"),
        capture_output=True,
        check=False,
    )
    try:
        report: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return {}
    return report


def is_well(machine: Machine) -> bool:
    """Tell whether the kiosk says that all is well, and the desk serves."""
    try:
        return health(machine).get("ok") is True and Desk(machine).get("/login")[0] == 200
    except (OSError, http.client.HTTPException):
        return False


def rows(machine: Machine, sql: str) -> list[tuple[Any, ...]]:
    """Read the box's store, while it runs or not."""
    path = machine.root / STATE / "lobbydesk.db"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchall()


def check_kept(machine: Machine, shown: list[dict[str, Any]]) -> None:
    """Every number that was shown is in the store, once, and no number was given to two visitors."""
    tokens = Counter(token for (token,) in rows(machine, "SELECT token FROM tickets"))
    missing = [one for one in shown if tokens[one["token"]] != 1]
    assert not missing, f"{len(missing)} of {len(shown)} numbers that were shown are lost, the first: {missing[0]}"
    twice = rows(machine, "SELECT no, day_on, count(*) FROM tickets GROUP BY no, day_on HAVING count(*) > 1")
    assert not twice, f"given to two visitors: {twice}"
    nonces = Counter(one["nonce"] for one in shown)
    assert max(nonces.values(), default=1) == 1, "one tap was answered with two numbers"


def check_papers(machine: Machine) -> None:
    """Of every ticket there is one original paper, and none that is said to be printed was sent twice."""
    assert not rows(
        machine,
        "SELECT ref, count(*) FROM print_jobs WHERE kind = 'ticket' AND copy_no = 0 GROUP BY ref HAVING count(*) > 1",
    )
