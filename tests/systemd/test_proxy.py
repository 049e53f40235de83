"""What the LAN reaches of the box, and how little it can do to the lobby: before Debian's real caddy."""

import contextlib
import hashlib
import json
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from db.store import open_store
from kiosk.screen import AT_KIOSK
from kiosk.voice import as_wav, silence
from lobbydesk.home import store_path
from lobbydesk.serving import THREADS
from lobbydesk.voice_clips import clips
from reception import api_tokens
from reception.permissions import Role
from tests.conftest import actor
from tests.demo import until
from tests.routes import KIOSK_ONLY, STREAMS, endpoints
from tests.routes import LAN as OF_THE_LAN
from tests.systemd.lan import SYSTEMD, Answer, Lan, end, lan, start_proxy
from web.live import MAX_LAN_STREAMS, MAX_OF_ONE

CHUNKED = (
    b"POST /T/language HTTP/1.1\r\nHost: box\r\nSec-Fetch-Site: same-origin\r\nTransfer-Encoding: chunked\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\n20000\r\n" + b"x" * 0x20000 + b"\r\n0\r\n\r\n"
)
# Seconds for a number at the touch screen, or a page of the LAN, whatever some of the LAN do meanwhile.
AT_ONCE = 1.0


@pytest.fixture(scope="module")
def box(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lan]:
    """The lobby and its proxy, once for all these tests; its voice is seconds of silence."""
    if shutil.which("caddy") is None:
        pytest.fail("caddy is missing: run `make setup`, or sudo apt-get install caddy")
    with lan(seeded, tmp_path_factory.mktemp("lan")) as running:
        home = running.folder / "home"
        store = open_store(store_path(home))
        (home / "voice").mkdir()
        for clip in clips(store):
            (home / "voice" / clip.file).write_bytes(as_wav(silence(6)))
        store.close()
        yield running


@contextlib.contextmanager
def many(
    port: int,
    count: int,
    sent: bytes,
    tls: ssl.SSLContext | None = None,
    *,
    of: int = 1,
    each: int = 1000,
    **options: int,
) -> Iterator[Any]:
    """Hold so many connections that have sent no more than this, `each` from one address, 127.0.0.`of` first."""
    with contextlib.ExitStack() as held:
        connections = []
        for number in range(count):
            one = held.enter_context(socket.socket())
            for name, value in options.items():
                one.setsockopt(socket.SOL_SOCKET, getattr(socket, name), value)
            one.settimeout(10)
            one.bind((f"127.0.0.{of + number // each}", 0))
            one.connect(("127.0.0.1", port))
            if tls is not None:
                one = held.enter_context(tls.wrap_socket(one, server_hostname="127.0.0.1"))
            one.sendall(sent)
            connections.append(one)
        yield connections


def is_ended(one: socket.socket) -> bool:
    """Read until the other side has closed; it must within five seconds."""
    one.settimeout(5)
    with contextlib.suppress(ConnectionResetError):
        while one.recv(65536):
            pass
    return True


def check_in(box: Lan) -> Answer:
    """Take a number at the touch screen."""
    answer = box.touch_screen.post("/check-in", f"line=general&nonce={time.monotonic_ns()}")
    assert answer.status == 303
    return answer


def lobby_goes_on(box: Lan) -> None:
    """Take numbers, and look from the display and from the desk: each at once."""
    steps: list[Callable[[], int]] = [lambda: check_in(box).status] * 5
    steps += [lambda: box.phone.get("/display").status, lambda: box.desk.get("/login").status]
    for step in steps:
        started = time.monotonic()
        assert step() in {200, 303}
        assert time.monotonic() - started < AT_ONCE


def test_the_lan_reaches_what_its_table_says_and_no_more(box: Lan, kiosk_app: Flask) -> None:
    for endpoint, (method, path) in endpoints(kiosk_app).items():
        answer = box.phone.ask(method, path, Sec_Fetch_Site="same-origin")
        assert answer.status < 500, path
        if endpoint in OF_THE_LAN:
            assert answer.by_app, path
        elif path == "/":
            assert answer.status == 302
        else:
            assert answer.status == 404 and not answer.by_app, path
    for path in ("//check-in", "/T/../health", "/display/../health", "/assets/%2e%2e/health", "/T/..%2f..%2fhealth"):
        assert box.phone.get(path).status == 404, path


def test_the_kiosk_itself_refuses_the_lan_what_is_for_its_touch_screen(box: Lan, kiosk_app: Flask) -> None:
    """Whatever a proxy lets through: these requests come over its socket, past caddy."""
    for endpoint, (method, path) in endpoints(kiosk_app).items():
        if endpoint in KIOSK_ONLY - {"health"}:
            assert box.past_the_proxy.ask(method, path, Sec_Fetch_Site="same-origin").status == 404, path
        elif endpoint not in STREAMS:
            assert box.past_the_proxy.ask(method, path).by_app, path
    assert box.touch_screen.get("/health").status == 200
    # gunicorn would cut this off the front of the path, for whoever it believes.
    for door in (box.past_the_proxy, box.phone):
        connection = door.connect()
        with contextlib.closing(connection):
            connection.request("GET", "/display/calls", headers={"SCRIPT_NAME": "/display"})
            with connection.getresponse() as answer:
                assert answer.status == 200


def test_a_phone_is_no_touch_screen_by_saying_so(box: Lan) -> None:
    page = check_in(box).headers["Location"]
    said = {"Cookie": f"{AT_KIOSK}=1"}
    assert "visitor.css" not in box.touch_screen.get(page, **said).text
    for path in (page, page.replace("/T/", "/t/")):
        assert "visitor.css" in box.phone.get(path, **said).text


def test_other_systems_are_spoken_to_by_https_alone(box: Lan) -> None:
    for path in ("/api/v1/queue", "/api/v1/openapi.json", "/API/v1/queue"):
        answer = box.phone.get(path)
        assert answer.status == 404 and not answer.by_app, path
    answer = box.desk.get("/api/v1/queue")
    assert answer.by_app and (answer.status, answer.headers.get_content_type()) == (401, "application/problem+json")
    store = open_store(store_path(box.folder / "home"))
    with contextlib.closing(store):
        today = datetime.now(UTC)
        until_day = (today + timedelta(days=9)).date().isoformat()
        by = actor(store, Role.ADMINISTRATOR)
        key = api_tokens.make(store, name="x", scopes=["queue"], expires_on=until_day, nonce="api", by=by, now=today)
    answer = box.desk.get("/api/v1/queue", Authorization=f"Bearer {key}")
    assert answer.status == 200 and json.loads(answer.text)["lines"]
    # Not by the old name for a header that a proxy may let through.
    assert box.desk.get("/api/v1/queue", X_Authorization=f"Bearer {key}").status == 401


def test_the_desk_is_spoken_to_by_https_alone(box: Lan) -> None:
    moved = box.phone.get("/work/q/ABC?x=1")
    assert (moved.status, moved.headers["Location"]) == (302, f"https://127.0.0.1:{box.https_port}/work/q/ABC?x=1")
    assert box.phone.post("/login", "name=a&password=b").status == 404
    assert box.phone.get("/queue").status == 404
    stranger = ssl.create_default_context()
    with socket.create_connection(("127.0.0.1", box.https_port), 5) as one, pytest.raises(ssl.SSLError):
        stranger.wrap_socket(one, server_hostname="127.0.0.1")


@pytest.mark.parametrize(
    ("version", "spoken"),
    [
        (ssl.TLSVersion.TLSv1, False),
        (ssl.TLSVersion.TLSv1_1, False),
        (ssl.TLSVersion.TLSv1_2, True),
        (ssl.TLSVersion.TLSv1_3, True),
    ],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_old_tls_is_not_spoken(box: Lan, version: ssl.TLSVersion, spoken: bool) -> None:
    context = ssl.create_default_context(cafile=str(box.root))
    # Debian's own OpenSSL would refuse the old ones by itself.
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    with socket.create_connection(("127.0.0.1", box.https_port), 5) as one:
        try:
            with context.wrap_socket(one, server_hostname="127.0.0.1") as held:
                cipher = held.cipher()
        except ssl.SSLError as error:
            # By the proxy's word, not for want of one here.
            assert not spoken and "ALERT_PROTOCOL_VERSION" in str(error).replace(" ", "_").upper(), error
        else:
            # A key that is stolen later opens nothing that was heard before; nor does what is old and weak.
            assert spoken and cipher is not None and not re.search("CBC|RC4|3DES|NULL|^AES", cipher[0]), cipher


def test_no_host_name_and_no_header_puts_the_desk_on_plain_http(box: Lan, desk_app: Flask) -> None:
    for endpoint, (method, path) in endpoints(desk_app).items():
        answer = box.phone.ask(method, path, Host="lobby.test", X_Forwarded_Proto="https", Sec_Fetch_Site="same-origin")
        told = answer.headers.get("Set-Cookie", "")
        assert "desk" not in told and answer.status < 500, endpoint
        # What it answers by itself leads to where it is safe, or is a path that the kiosk has as well.
        assert answer.status in {302, 404} or path.lower().startswith(("/assets/", "/t/", "/display")), endpoint


def log_in(box: Lan, origin: str, **said: str) -> Answer:
    """Log in as a browser does that says no more of a page than where it came from."""
    login = json.loads((box.folder / "home" / "login.json").read_text())
    return box.desk.post("/login", f"name={login['name']}&password={login['password']}", Origin=origin, **said)


def test_behind_tls_the_desk_knows_its_own_pages_and_keeps_its_cookie_to_them(box: Lan) -> None:
    here = f"https://127.0.0.1:{box.https_port}"
    answer = log_in(box, here)
    assert answer.status == 303 and "Secure" in answer.headers["Set-Cookie"] and "Server" not in answer.headers
    # The same name in plain HTTP is written by whoever sits on the wire.
    assert log_in(box, here.replace("https", "http")).status == 403
    assert log_in(box, "https://evil.example").status == 403
    # What the caller says of the way he came is not believed, and does no harm.
    told = log_in(box, here, X_Forwarded_Proto="http", X_Forwarded_Ssl="off", X_Forwarded_Host="evil.example")
    assert told.status == 303 and "Secure" in told.headers["Set-Cookie"]
    over_http = f"http://127.0.0.1:{box.http_port}"
    spoken = {"X_Forwarded_Proto": "https", "X_Forwarded_Ssl": "on", "Origin": over_http}
    assert box.phone.post("/T/language", "language=en", **spoken).status == 303


def test_idle_and_half_open_connections_keep_nobody_from_his_number(box: Lan) -> None:
    with (
        many(box.http_port, 100, b"") as idle,
        many(box.http_port, 100, b"GET /display HTTP/1.1\r\nHost: box\r\nX-Sl") as half_open,
        many(box.https_port, 50, b"\x16\x03\x01"),
        many(box.http_port, 20, b"GET /display HTTP/1.1\r\nHost: box\r\n\r\n") as asked_once,
    ):
        lobby_goes_on(box)
        # And they are not kept.
        assert is_ended(idle[-1]) and is_ended(half_open[-1]) and is_ended(asked_once[-1])


def test_slow_bodies_hold_no_thread(box: Lan) -> None:
    slow = (
        b"POST %s HTTP/1.1\r\nHost: box\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 60000\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\nname="
    )
    tls = ssl.create_default_context(cafile=str(box.root))
    with (
        many(box.http_port, 60, slow % b"/T/language") as phones,
        many(box.https_port, 60, slow % b"/login", tls) as desks,
    ):
        lobby_goes_on(box)
        assert is_ended(phones[-1]) and is_ended(desks[-1])


def test_slow_readers_hold_no_thread(box: Lan) -> None:
    asking = b"GET /display/voice/test.wav HTTP/1.1\r\nHost: box\r\n\r\n"
    # More than the proxy has connections to the kiosk; each takes as little at once as the kernel lets it.
    with many(box.http_port, 15, asking, SO_RCVBUF=1024):
        sound = box.phone.get("/display/voice/test.wav")
        # More than the kernel holds between two.
        assert sound.status == 200 and int(sound.headers["Content-Length"]) > 6_000_000
        lobby_goes_on(box)


def test_too_much_is_refused(box: Lan) -> None:
    for door, path in ((box.phone, "/T/language"), (box.desk, "/login"), (box.desk, "/logout")):
        answer = door.post(path, "x" * 70_000)
        assert answer.status == 413 and not answer.by_app
    assert box.desk.ask("POST", "/settings/import", Content_Length="13000000").status == 413
    # Who does not say how much there is, is cut by the proxy, and what is left is read by nobody.
    for _ in range(5):
        with many(box.http_port, 1, CHUNKED) as (one,):
            assert one.recv(12) in {b"HTTP/1.1 411", b"HTTP/1.1 413"}
    # A table of the centre goes through, to the desk that asks who sends it. It reads what it refuses to its end, or
    # the proxy, which still sends, would take the end of the connection for a broken line (502).
    assert {box.desk.post("/settings/import", "x" * 1_000_000).status for _ in range(60)} == {303}
    assert box.phone.get("/display", X_Long="x" * 40_000).status == 431


def test_streams_of_the_lan_leave_places_for_the_touch_screen_and_for_each_other(box: Lan) -> None:
    asking = b"GET /display/events HTTP/1.1\r\nHost: box\r\n%s\r\n"
    # Whatever one says of where he comes from: he is counted by where the proxy saw him.
    saying = asking % b"X-Forwarded-For: 10.9.8.7\r\nForwarded: for=10.9.8.7\r\nX-Real-IP: 10.9.8.7\r\n"
    with contextlib.ExitStack() as held:
        streams = held.enter_context(many(box.http_port, MAX_OF_ONE, saying, of=66))
        assert all(one.recv(12) == b"HTTP/1.1 200" for one in streams)
        (more,) = held.enter_context(many(box.http_port, 1, saying.replace(b"10.9.8.7", b"10.9.8.6"), of=66))
        assert more.recv(12) == b"HTTP/1.1 429"
        left = MAX_LAN_STREAMS - MAX_OF_ONE
        streams += held.enter_context(many(box.http_port, left, asking % b"", of=67, each=MAX_OF_ONE))
        assert all(one.recv(12) == b"HTTP/1.1 200" for one in streams[MAX_OF_ONE:])
        assert box.phone.get("/display/events").status == 429
        assert box.touch_screen.get("/events").status == 200
        lobby_goes_on(box)
        # A stream outlives every limit of time: what is to be read within 1.5 s is the request.
        time.sleep(2)
        streams[0].settimeout(0.1)
        with pytest.raises(TimeoutError):
            while streams[0].recv(4096):
                pass


def test_a_name_of_the_internet_is_not_this_box(box: Lan) -> None:
    """A page whose name was led to the box's address (DNS rebinding) is the same site to its browser."""
    for door in (box.phone, box.desk, box.touch_screen):
        for path in ("/display", "/login", "/"):
            strange = door.get(path, Host="evil.example", X_Forwarded_Host="127.0.0.1", X_Box_Name="evil.example")
            assert strange.status in ({421} if strange.by_app else {302, 404}), path
    # The name in the settings of the box is the proxy's to tell.
    assert box.desk.get("/login", Host="lobby.test").status == 200
    assert box.desk.get("/login", Host="lobbydesk.local").status == 200
    assert box.past_the_proxy.get("/display", Host="evil.example").status == 421


def test_whatever_the_lan_asks_threads_stay_for_the_touch_screen() -> None:
    kiosk = (SYSTEMD / "Caddyfile").read_text().partition("http:// {")[2].partition("(desk) {")[0]
    pages = [int(found) for found in re.findall(r"max_conns_per_host (\d+)", kiosk)]
    # Of pages a connection each, of streams one a place.
    assert len(pages) == 1 and pages[0] + MAX_LAN_STREAMS <= THREADS - 8


def test_the_fingerprint_of_the_slip_is_that_of_the_certificate_staff_install(box: Lan) -> None:
    told = subprocess.run([SYSTEMD / "fingerprint", box.root], capture_output=True, text=True, check=True).stdout
    given = box.desk.get("/lobbydesk.crt").text
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(given.strip())).hexdigest().upper()
    assert told.replace(":", "").replace("\n", "") == digest
    # Its key lies beside it, and nobody gets it.
    assert (box.root.parent / "root.key").exists()
    for path in (
        "/root.key",
        "/lobbydesk.crt/root.key",
        "/lobbydesk.crt/../root.key",
        "/lobbydesk.crt%2f..%2froot.key",
    ):
        assert "PRIVATE" not in box.desk.get(path).text
    none = subprocess.run([SYSTEMD / "fingerprint", box.folder / "none"], capture_output=True, text=True, check=False)
    assert none.returncode == 1 and "lobbydesk-proxy.service" in none.stderr


def proxy_script() -> Any:
    """Return the start of the proxy as a module."""
    loader = SourceFileLoader("lan_proxy", str(SYSTEMD / "proxy"))
    spec = spec_from_loader("lan_proxy", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("settings", "sites"),
    [
        ("", "https://lobbydesk.local"),
        ("no settings", "https://lobbydesk.local"),
        ("lan = 3", "https://lobbydesk.local"),
        ('[lan]\nname = "Lobby.Lan"\naddress = "192.168.1.7"', "https://lobby.lan, https://192.168.1.7"),
        ('[lan]\naddress = "fd00::7"', "https://lobbydesk.local, https://[fd00::7]"),
        ('[lan]\nname = "a {\\n respond 1 }"\naddress = "1.2.3.4 {"', "https://lobbydesk.local"),
        ('[lan]\nname = "{$HOME}"\naddress = 7', "https://lobbydesk.local"),
    ],
)
def test_the_names_of_the_box_are_names_or_the_usual_one(tmp_path: Path, settings: str, sites: str) -> None:
    (tmp_path / "box.toml").write_text(settings)
    assert proxy_script().names(tmp_path / "box.toml")["LAN_HTTPS"] == sites


def test_a_stop_ends_streams_and_what_fails_names_nobody(box: Lan, tmp_path: Path) -> None:
    proxy, http_port, https_port = start_proxy(tmp_path, (box.kiosk_socket, tmp_path / "gone.sock"), level="DEBUG")
    try:
        other = replace(box, folder=tmp_path, http_port=http_port, https_port=https_port)
        until(lambda: other.phone.answers("/display") and other.root.exists() and other.desk.answers("/", below=600))
        # The desk is not there: the page says so and tries again. And were every word logged, none would be of his.
        starting = other.desk.get("/work/q/SECRET", Cookie="desk=SECRET")
        assert starting.status == 502 and starting.headers["Refresh"] == "5" and "正在启动" in starting.text
        log = tmp_path / "caddy.log"
        until(lambda: "gone.sock" in log.read_text())
        assert "SECRET" not in log.read_text()
        # Those of the test before have their places until the next beat.
        until(lambda: other.phone.get("/display/events").status == 200)
        with many(http_port, 1, b"GET /display/events HTTP/1.1\r\nHost: box\r\n\r\n") as (stream,):
            assert b"HTTP/1.1 200" in stream.recv(4096)
            started = time.monotonic()
            proxy.terminate()
            proxy.wait(10)
            assert time.monotonic() - started < 5 and is_ended(stream)
    finally:
        end(proxy)
