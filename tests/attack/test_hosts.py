"""The name a request asks for: ours, or refused; and it stands in no address that we write."""

from pathlib import Path

import pytest
from flask import Flask

from db.store import Store
from reception.permissions import KIOSK
from reception.site import configure
from reception.visits import check_in
from tests.conftest import SAME_ORIGIN, Clock

OURS = (
    "localhost",
    "127.0.0.1:8600",
    "192.168.1.20",
    "[fd00::7]:8443",
    "lobbydesk",
    "LobbyDesk.Local",
    "box.home.arpa",
    "front.lan:80",
)
STRANGE = (
    "evil.example",
    "127.0.0.1.evil.example",
    "lobbydesk.local.evil.example",
    "evil.example:8600",
    "xn--local.cn",
)
NO_NAMES = ("[::1", "[zz]", "a b", "a@b", "evil.example#", "\x7f", "127.0.0.1:99999999")


@pytest.mark.parametrize("name", ["kiosk", "desk"])
def test_ours_are_answered_and_others_are_not(kiosk_app: Flask, desk_app: Flask, store: Store, name: str) -> None:
    app, page = (kiosk_app, "/") if name == "kiosk" else (desk_app, "/login")
    client = app.test_client()
    for host in OURS:
        assert client.get(page, headers={"Host": host}).status_code == 200, host
    for host in STRANGE:
        assert client.get(page, headers={"Host": host}).status_code == 421, host
        # Not even where the browser says that it is the same site: to it, it is.
        form = {"line": "general", "nonce": "n"}
        told = client.post("/check-in", data=form, headers={"Host": host, **SAME_ORIGIN})
        assert told.status_code == 421, host
    for host in NO_NAMES:
        assert client.get(page, headers={"Host": host}).status_code in {200, 400, 421}, host
        origin = client.post("/language", data={}, headers={"Host": host, "Origin": f"http://{host}"})
        assert origin.status_code in {400, 403, 421}, host
    assert store.value("SELECT count(*) FROM tickets") == 0


def test_the_public_name_of_the_settings_is_ours(kiosk_app: Flask, store: Store) -> None:
    client = kiosk_app.test_client()
    assert client.get("/display", headers={"Host": "wuye.example.cn"}).status_code == 421
    configure(store, public_url="https://wuye.example.cn/lobby")
    assert client.get("/display", headers={"Host": "wuye.example.cn"}).status_code == 200
    assert client.get("/display", headers={"Host": "example.cn"}).status_code == 421


def test_only_the_proxy_tells_the_name_of_the_box(kiosk_app: Flask) -> None:
    said = {"Host": "front.centre.example", "X-Box-Name": "front.centre.example"}
    client = kiosk_app.test_client()
    assert client.get("/display", headers=said).status_code == 421
    assert client.get("/display", headers=said, environ_base={"REMOTE_ADDR": ""}).status_code == 200


def test_no_address_of_ours_is_made_of_the_one_asked_for(kiosk_app: Flask, store: Store, clock: Clock) -> None:
    """What a QR shows, where a redirect leads: from the settings, or without a host."""
    token = check_in(store, line="general", nonce="n", by=KIOSK, now=clock()).token
    client = kiosk_app.test_client()
    pages = [f"/T/{token}", f"/T/{token}/state", f"/T/{token}/qr.svg", "/", "/display", "/about"]
    for page in pages:
        one = client.get(page, headers={"Host": "other.local"})
        assert b"other.local" not in one.data and one.status_code == 200, page
        assert one.data == client.get(page, headers={"Host": "localhost"}).data or b"nonce" in one.data, page
    answer = client.post("/check-in", data={"line": "general", "nonce": "m"}, headers={**SAME_ORIGIN, "Host": "o.lan"})
    assert answer.headers["Location"].startswith("/T/")


def test_no_module_asks_what_host_was_asked_for() -> None:
    """But for the two that decide whether it is ours: whatever builds an address takes it from the settings."""
    asking = set()
    for room in ("web", "kiosk", "desk", "reception", "printing"):
        for path in Path(__file__).parents[2].joinpath(room).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if any(word in text for word in ("request.host", "url_root", "base_url", "_external", "request.url,")):
                asking.add(path.name)
    assert asking == {"guard.py", "hosts.py"}
