"""The lobby as the LAN sees it: both apps behind sockets as systemd hands them over, and Debian's real caddy."""

import contextlib
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

from tests.demo import free_ports, until

SYSTEMD = Path(__file__).parents[2] / "systemd"
# Hands over the sockets that were passed on, from the third descriptor, as systemd does.
HAND_OVER = """
import os, sys
count = int(sys.argv[1])
held = [os.dup(int(number)) for number in sys.argv[2 : 2 + count]]
for place, number in enumerate(held):
    os.dup2(number, 40 + place)
for place in range(count):
    os.dup2(40 + place, 3 + place)
os.environ |= {"LISTEN_FDS": str(count), "LISTEN_PID": str(os.getpid())}
os.execv(sys.argv[2 + count], sys.argv[2 + count :])
"""


def served(what: str, home: Path, *sockets: socket.socket) -> subprocess.Popen[bytes]:
    """Start `lobbydesk WHAT` on these listening sockets."""
    numbers = [str(one.fileno()) for one in sockets]
    command = [str(Path(sys.executable).parent / "lobbydesk"), what, "--home", str(home)]
    return subprocess.Popen(
        [sys.executable, "-c", HAND_OVER, str(len(sockets)), *numbers, *command],
        pass_fds=[one.fileno() for one in sockets],
        start_new_session=True,
    )


def listening(path: Path) -> socket.socket:
    """Return a listening Unix socket."""
    one = socket.socket(socket.AF_UNIX)
    one.bind(str(path))
    one.listen(512)
    return one


class UnixConnection(HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=10)
        self._path = path

    def connect(self) -> None:
        """Connect."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


@dataclass(frozen=True)
class Answer:
    """What came back, read to its end."""

    status: int
    headers: Message
    text: str

    @property
    def by_app(self) -> bool:
        """Tell whether one of the apps answered, and not the proxy for itself."""
        return self.headers.get("Content-Security-Policy") is not None


@dataclass(frozen=True)
class Door:
    """Somewhere to ask, as somebody."""

    connect: Callable[[], HTTPConnection]

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a page."""
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: str = "", **headers: str) -> Answer:
        """Send a form, as a page of the same site does unless `Origin` is given."""
        said = {"Content_Type": "application/x-www-form-urlencoded"} | headers
        if "Origin" not in said:
            said["Sec_Fetch_Site"] = "same-origin"
        return self.ask("POST", path, body, **said)

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> Answer:
        """Ask on a connection of its own; the path is not tidied up; of a stream the head alone is read."""
        connection = self.connect()
        with contextlib.closing(connection):
            connection.request(method, path, body or None, {name.replace("_", "-"): headers[name] for name in headers})
            with connection.getresponse() as answer:
                endless = answer.headers.get_content_type() == "text/event-stream"
                text = "" if endless else answer.read().decode(errors="replace")
                return Answer(answer.status, answer.headers, text)

    def answers(self, path: str, below: int = 500) -> bool:
        """Tell whether anything answers there, with a status below this."""
        try:
            return self.get(path).status < below
        except OSError:
            return False


@dataclass
class Lan:
    """Where everything is: ports of the proxy, sockets of the apps, the kiosk's own port."""

    folder: Path
    http_port: int
    https_port: int
    own_port: int
    kiosk_socket: Path
    desk_socket: Path
    log: Path
    proxy: subprocess.Popen[bytes]

    @property
    def root(self) -> Path:
        """The certificate of the box's own authority."""
        return self.folder / "state" / "pki" / "authorities" / "local" / "root.crt"

    @property
    def phone(self) -> Door:
        """A phone, or a display."""
        return Door(lambda: HTTPConnection("127.0.0.1", self.http_port, timeout=10))

    @property
    def desk(self) -> Door:
        """A computer of the staff, which trusts what the set-up slip names."""
        trusting = ssl.create_default_context(cafile=str(self.root))
        return Door(lambda: HTTPSConnection("127.0.0.1", self.https_port, timeout=10, context=trusting))

    @property
    def touch_screen(self) -> Door:
        """The kiosk's own browser."""
        return Door(lambda: HTTPConnection("127.0.0.1", self.own_port, timeout=10))

    @property
    def past_the_proxy(self) -> Door:
        """The proxy's socket of the kiosk, without a proxy."""
        return Door(lambda: UnixConnection(self.kiosk_socket))


def start_proxy(folder: Path, sockets: tuple[Path, Path], **changes: str) -> tuple[subprocess.Popen[bytes], int, int]:
    """Start the proxy as its unit does; `changes` go into the Caddyfile: shorter times for tests."""
    release = folder / "release"
    release.mkdir()
    text = (SYSTEMD / "Caddyfile").read_text()
    for name, value in changes.items():
        found = [line for line in text.splitlines() if line.strip().startswith(name + " ")]
        assert found, name
        for line in found:
            text = text.replace(line, f"{line.split(name)[0]}{name} {value}")
    (release / "Caddyfile").write_text(text)
    shutil.copy(SYSTEMD / "proxy", release)
    (folder / "box.toml").write_text('[lan]\nname = "lobby.test"\naddress = "127.0.0.1"\n')
    http_port, https_port = free_ports(2)
    environment = os.environ | {
        "STATE_DIRECTORY": str(folder / "state"),
        "XDG_CONFIG_HOME": str(folder / "state"),
        "XDG_DATA_HOME": str(folder / "state"),
        "CREDENTIALS_DIRECTORY": str(folder),
        "LAN_HTTP_PORT": str(http_port),
        "LAN_HTTPS_PORT": str(https_port),
        "LAN_HTTPS_SUFFIX": f":{https_port}",
        "KIOSK_SOCKET": str(sockets[0]),
        "DESK_SOCKET": str(sockets[1]),
    }
    with (folder / "caddy.log").open("wb") as log:
        process = subprocess.Popen([str(release / "proxy")], env=environment, stderr=log, start_new_session=True)
    return process, http_port, https_port


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and its children."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


@contextlib.contextmanager
def lan(seeded: Path, folder: Path) -> Iterator[Lan]:
    """Run it all."""
    home = folder / "home"
    shutil.copytree(seeded, home)
    paths = folder / "kiosk.sock", folder / "desk.sock"
    kiosk, desk = listening(paths[0]), listening(paths[1])
    own = socket.create_server(("127.0.0.1", 0), backlog=512)
    running = [served("kiosk", home, kiosk, own), served("desk", home, desk)]
    try:
        proxy, http_port, https_port = start_proxy(folder, paths, read_header="1s", read_body="1500ms", idle="1s")
        running.append(proxy)
        own_port = own.getsockname()[1]
        found = Lan(folder, http_port, https_port, own_port, *paths, folder / "caddy.log", proxy)
        until(lambda: found.phone.answers("/display") and found.root.exists() and found.desk.answers("/login"))
        yield found
    finally:
        for process in running:
            end(process)
        for one in (kiosk, desk, own):
            one.close()
