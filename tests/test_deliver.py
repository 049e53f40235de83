"""`lobbydesk deliver` before real sockets: signed, in order, again after a kill, and never where it should not go."""

import ipaddress
import json
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from db.store import Store
from lobbydesk import webhook_sending
from lobbydesk.webhook_sending import send
from reception.rules import lan_address, webhook_signing
from reception.webhook_outbox import Message
from tests.conftest import Clock
from tests.demo import until
from tests.owner_cases import registered
from tests.reception.test_webhooks import subscribe, waiting
from tests.test_house import ROOT

SECRET = webhook_signing.secret(b"0" * 32)


class Receiver:
    """A system of the company on a real socket: keeps what it was sent, and answers as it is told."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], str]] = []
        self.answer: tuple[int, dict[str, str]] = (204, {})
        # What happens before it answers.
        self.before = threading.Event()
        self.before.set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                outer.got.append((self.path, {name.lower(): text for name, text in self.headers.items()}, body))
                outer.before.wait(30)
                status, heads = outer.answer
                self.send_response(status)
                for name, text in heads.items():
                    self.send_header(name, text)
                self.end_headers()

            do_GET = do_POST

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.server_port}/lobby?a=1"

    @property
    def bodies(self) -> list[str]:
        """What it was told, as often as it was told."""
        return [body for _, _, body in self.got]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """One that takes everything."""
    found = Receiver()
    yield found
    found.before.set()
    found.server.shutdown()
    found.server.server_close()


def message(url: str, body: str = "{}") -> Message:
    """Return a message to an address."""
    return Message(1, 1, url, SECRET, "msg_1", body)


def anywhere(_: str) -> bool:
    """Let it go wherever it leads."""
    return True


class Deliverer:
    """The program in a process of its own, as its unit runs it."""

    def __init__(self, home: Path) -> None:
        command = [sys.executable, "-m", "lobbydesk", "deliver", "--home", str(home), "--trial"]
        self.process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it, and return its status."""
        self.process.send_signal(how)
        return self.process.wait(20)


def told(store: Store, clock: Clock, url: str) -> int:
    """Let a system that stands on this machine be told."""
    # The program goes by the clock of the machine.
    clock.at = datetime.now(UTC)
    hook = subscribe(store, clock)
    store.execute("UPDATE webhooks SET url = ? WHERE id = ?", [url, hook])
    return hook


def test_it_is_signed_and_sent_whole(receiver: Receiver) -> None:
    body = json.dumps({"a": "一"}, ensure_ascii=False)
    assert send(message(receiver.url, body), 1795400640, reachable=anywhere) == ""
    [(path, heads, got)] = receiver.got
    assert (path, got, heads["content-type"]) == ("/lobby?a=1", body, "application/json")
    assert (heads["webhook-id"], heads["webhook-timestamp"]) == ("msg_1", "1795400640")
    assert heads["webhook-signature"] == webhook_signing.sign(SECRET, "msg_1", 1795400640, body)
    assert heads["host"] == f"127.0.0.1:{receiver.server.server_port}" and "cookie" not in heads


@pytest.mark.parametrize("status", [199 + 1, 299, 300, 302, 307, 400, 401, 410, 500, 503])
def test_taken_is_what_was_answered_2xx(receiver: Receiver, status: int) -> None:
    receiver.answer = (status, {"Content-Length": "0"})
    assert send(message(receiver.url), 1, reachable=anywhere) == ("" if status < 300 else f"http_{status}")


def test_a_redirect_leads_nowhere(receiver: Receiver) -> None:
    inside = Receiver()
    receiver.answer = (307, {"Location": inside.url, "Content-Length": "0"})
    assert send(message(receiver.url), 1, reachable=anywhere) == "http_307"
    assert (len(receiver.got), inside.got) == (1, [])
    inside.server.shutdown()
    inside.server.server_close()


def test_a_name_that_leads_out_of_the_lan_is_not_connected_to(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Judged is the address that is connected to, each time anew: a name may have led elsewhere a moment before."""
    port = receiver.server.server_port
    asked = []

    def looked_up(host: str, port: int, **_: object) -> list[object]:
        asked.append(host)
        return [(2, 1, 6, "", ("127.0.0.1" if len(asked) < 3 else "203.0.113.5", port))]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    assert send(message(f"http://crm.lan:{port}/"), 1) == "not_lan"
    assert send(message(f"http://crm.lan:{port}/"), 1) == "not_lan"
    assert send(message("http://crm.lan/"), 1) == "not_lan"
    assert asked == ["crm.lan"] * 3 and receiver.got == []


def test_the_loopback_is_no_receiver(receiver: Receiver) -> None:
    """The touch screen's own door is there."""
    assert send(message(receiver.url), 1) == "not_lan" and receiver.got == []


def test_neither_the_box_itself_nor_a_printer_is_a_receiver(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert send(message(receiver.url), 1, reachable=anywhere, printers={"127.0.0.1"}) == "a_printer"

    class Own(socket.socket):
        """A connection from the box to its own address in the LAN."""

        def getsockname(self) -> tuple[str, int]:
            return "192.168.1.9", 50000

        def getpeername(self) -> tuple[str, int]:
            return "192.168.1.9", 80

    def connected(*_: object) -> socket.socket:
        line = Own()
        line.connect(("127.0.0.1", receiver.server.server_port))
        return line

    monkeypatch.setattr(socket, "create_connection", connected)
    assert send(message("http://192.168.1.9/"), 1) == "own_address" and receiver.got == []


def test_who_does_not_listen_does_not_speak_or_takes_his_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook_sending, "STEP_SECONDS", 0.4)
    monkeypatch.setattr(webhook_sending, "WHOLE_SECONDS", 1.0)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        assert send(message(f"http://127.0.0.1:{nobody.getsockname()[1]}/"), 1, reachable=anywhere) == "refused"
    assert send(message("http://no-such-name.invalid/"), 1, reachable=anywhere) == "no_such_name"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        assert send(message(url), 1, reachable=anywhere) == "timeout"
        for said, why in ((b"220 mail\r\n\r\n", "no_http"), (b"", "no_http")):
            threading.Thread(target=_say, args=(silent, said), daemon=True).start()
            assert send(message(url), 1, reachable=anywhere) == why
        threading.Thread(target=_say, args=(silent, b"HTTP/1.1 200 OK\r\n\r\n"), daemon=True).start()
        assert send(message(url.replace("http:", "https:")), 1, reachable=anywhere) == "no_http"
    with socket.create_server(("127.0.0.1", 0)) as slow:
        url = f"http://127.0.0.1:{slow.getsockname()[1]}/"
        # A byte now and then is no answer, though no single step takes long.
        threading.Thread(target=_drip, args=(slow,), daemon=True).start()
        started = time.monotonic()
        assert send(message(url), 1, reachable=anywhere) == "timeout"
        assert time.monotonic() - started < 3


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_the_limit_holds_in_the_middle_of_a_word(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, secure: bool) -> None:
    monkeypatch.setattr(webhook_sending, "WHOLE_SECONDS", 0.4)
    shown = _shown(tmp_path)
    # What the sender trusts, as the box does by its folder of certificates.
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    for said in (b"HTTP/1.1 200 OK", b"HTTP/1.1 200 OK\r\nA: "):
        with socket.create_server(("127.0.0.1", 0)) as slow:
            line = shown.wrap_socket(slow, server_side=True) if secure else slow
            threading.Thread(target=_drip, args=(line, said), daemon=True).start()
            started = time.monotonic()
            url = f"{'https' if secure else 'http'}://127.0.0.1:{_port(line)}/"
            assert send(message(url), 1, reachable=anywhere) == "timeout"
            assert time.monotonic() - started < 1.5
            line.close()


def _port(line: socket.socket) -> int:
    return int(line.getsockname()[1])


def _shown(folder: Path) -> ssl.SSLContext:
    """A server's side of https with a certificate for 127.0.0.1, which lies in `cert.pem` of a folder."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "crm")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return shown


def _say(server: socket.socket, words: bytes) -> None:
    # The silent try before stands in the row, too.
    server.settimeout(2)
    while True:
        try:
            line, _ = server.accept()
        except OSError:
            return
        with line:
            line.settimeout(1)
            try:
                line.recv(65536)
                line.sendall(words)
            except OSError:
                continue


def _drip(server: socket.socket, said: bytes = b"HTTP/1.1 200 OK\r\nA: ") -> None:
    line, _ = server.accept()
    with line:
        # The status at once, what follows byte by byte.
        line.sendall(said[:12])
        for sign in said[12:] + b"x" * 60:
            try:
                line.sendall(bytes([sign]))
            except OSError:
                return
            time.sleep(0.1)


def test_a_killed_deliverer_sends_again_and_nothing_is_lost_or_overtaken(
    home: Path, store: Store, clock: Clock, receiver: Receiver
) -> None:
    told(store, clock, receiver.url)
    numbers = [registered(store, clock, nonce=f"r{number}").no for number in range(3)]
    receiver.before.clear()
    first = Deliverer(home)
    # In the middle of the first: it was received, and its answer is still to come.
    assert until(lambda: len(receiver.got) == 1, 30)
    first.end(signal.SIGKILL)
    assert waiting(store) == 3
    receiver.before.set()
    second = Deliverer(home)
    assert until(lambda: waiting(store) == 0, 30)
    assert second.end() == 0
    cases = [json.loads(body)["data"]["case"] for body in receiver.bodies]
    assert cases == [numbers[0], *numbers]
    marks = [heads["webhook-id"] for _, heads, _ in receiver.got]
    # The same name and the same words: the receiver can tell.
    assert marks[0] == marks[1] and receiver.bodies[0] == receiver.bodies[1] and len(set(marks)) == 3


def test_a_receiver_that_comes_back_is_told_what_it_missed_and_at_once_of_what_follows(
    home: Path, store: Store, clock: Clock, receiver: Receiver
) -> None:
    told(store, clock, receiver.url)
    receiver.answer = (503, {"Content-Length": "0"})
    registered(store, clock, nonce="one")
    program = Deliverer(home)
    why = "SELECT failed_by FROM webhooks"
    assert until(lambda: store.value(why) == "http_503", 30)
    receiver.answer = (204, {})
    assert until(lambda: waiting(store) == 0, 30) and store.value(why) is None
    registered(store, clock, nonce="two")
    assert until(lambda: waiting(store) == 0, 10)
    assert [json.loads(body)["data"]["state"] for body in receiver.bodies[-2:]] == ["registered", "registered"]
    # A second one would send everything twice.
    assert Deliverer(home).process.wait(20) == 1
    assert program.end() == 0


def test_without_a_store_it_says_so(tmp_path: Path) -> None:
    assert Deliverer(tmp_path).process.wait(20) == 1


def test_unit_and_program_reach_the_same() -> None:
    unit = (ROOT / "systemd" / "lobbydesk-deliver.service").read_text(encoding="utf-8")
    assert "\nIPAddressDeny=any\n" in unit and "--trial" not in unit
    [allowed] = re.findall(r"^IPAddressAllow=(.*)$", unit, re.MULTILINE)
    assert allowed.split() == [str(one) for one in lan_address.NETWORKS]
