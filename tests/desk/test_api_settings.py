"""The administrator's page of the interface: a key and a secret are shown once; every press says what came of it."""

import re
from collections.abc import Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from reception import webhook_outbox, webhooks
from reception.permissions import BOX, Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.desk.test_api import Caller
from tests.owner_cases import registered

KEY: dict[str, object] = {"name": "总部呼叫中心", "scopes": ["queue", "cases"], "expires_on": "2027-11-23"}
HOOK: dict[str, object] = {
    "name": "物业大屏",
    "url": "http://192.168.1.20:8080/lobby",
    "kinds": ["ticket_called", "case_changed"],
}


@pytest.fixture
def admin(desk_app: Flask, store: Store, clock: Clock) -> FlaskClient:
    """The administrator's browser."""
    return client_of(desk_app, store, actor(store, Role.ADMINISTRATOR), clock())


def post(client: FlaskClient, path: str, fields: Mapping[str, object], nonce: str = "n") -> tuple[int, str]:
    """Send a form; return status and text."""
    answer = client.post(f"/settings/api{path}", data={**fields, "nonce": nonce}, headers=SAME_ORIGIN)
    return answer.status_code, answer.get_data(as_text=True)


def shown(page: str, what: str) -> str:
    """Return the key or the secret that a page shows."""
    [found] = re.findall(rf"data-{what}>([^<]+)<", page)
    return str(found)


def test_a_key_is_shown_once_opens_what_it_is_for_and_is_taken_back(
    admin: FlaskClient, desk_app: Flask, store: Store
) -> None:
    status, page = post(admin, "/tokens", KEY)
    key = shown(page, "key")
    system = Caller(desk_app, key)
    assert status == 200 and system.get("/queue").status_code == 200 and system.get("/health").status_code == 403
    # A second tap makes no second key, and cannot show the first again.
    again = post(admin, "/tokens", KEY)
    assert again[0] == 200 and key not in again[1] and store.value("SELECT count(*) FROM api_tokens") == 1
    assert "已经提交过" in again[1]
    assert post(admin, "/tokens", KEY | {"name": "别的"})[0] == 422
    page = admin.get("/settings/api").get_data(as_text=True)
    assert key not in page and "总部呼叫中心" in page
    assert post(admin, "/tokens/1/revoke", {})[0] == 303
    assert system.get("/queue").status_code == 401
    assert post(admin, "/tokens/1/revoke", {})[0] == 404
    whats = [row[0] for row in store.rows("SELECT what FROM events WHERE subject = 'api_token' ORDER BY id")]
    assert whats == ["make_api_token", "revoke_api_token"]
    assert key not in "".join(str(tuple(row)) for row in store.rows("SELECT * FROM events"))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": " "}, "system_name_invalid"),
        ({"name": "x" * 61}, "system_name_invalid"),
        ({"name": "a\x07b"}, "system_name_invalid"),
        ({"scopes": []}, "scopes_missing"),
        ({"scopes": ["persons"]}, "scopes_missing"),
        ({"scopes": ["queue", "persons"]}, "scopes_missing"),
        ({"expires_on": "2026-11-22"}, "expiry_invalid"),
        ({"expires_on": "2029-01-01"}, "expiry_invalid"),
        ({"expires_on": "morgen"}, "expiry_invalid"),
        ({"expires_on": ""}, "expiry_invalid"),
    ],
)
def test_a_key_that_cannot_be_is_a_sentence(
    admin: FlaskClient, store: Store, changed: dict[str, object], code: str
) -> None:
    status, page = post(admin, "/tokens", KEY | changed)
    assert status == 422 and f'data-refused="{code}"' in page
    assert store.value("SELECT count(*) FROM api_tokens") == store.value("SELECT count(*) FROM nonces") == 0


def test_there_are_so_many_and_no_more(admin: FlaskClient, store: Store) -> None:
    for number in range(20):
        assert post(admin, "/tokens", KEY, nonce=f"t{number}")[0] == 200
    assert post(admin, "/tokens", KEY, nonce="more")[0] == 409
    assert post(admin, "/tokens/3/revoke", {})[0] == 303
    assert post(admin, "/tokens", KEY, nonce="more")[0] == 200
    for number in range(8):
        assert post(admin, "/webhooks", HOOK, nonce=f"w{number}")[0] == 200
    assert post(admin, "/webhooks", HOOK, nonce="another")[0] == 409


def test_a_subscription_its_secret_its_trouble_and_its_end(admin: FlaskClient, store: Store, clock: Clock) -> None:
    status, page = post(admin, "/webhooks", HOOK)
    secret = shown(page, "secret")
    assert status == 200 and secret == store.value("SELECT secret FROM webhooks")
    assert secret not in post(admin, "/webhooks", HOOK)[1] + admin.get("/settings/api").get_data(as_text=True)
    registered(store, clock, nonce="one")
    registered(store, clock, nonce="two")
    message = webhook_outbox.front(store, 1, by=BOX)
    assert message is not None
    webhook_outbox.failed(store, message, "refused", by=BOX, now=clock())
    page = admin.get("/settings/api").get_data(as_text=True)
    assert "连续 1 次未送达" in page and "没有服务在监听" in page and "2 条待推送" in page
    [mark] = re.findall(r'name="mark" value="([^"]+)"', page)
    assert mark == message.mark
    assert post(admin, "/webhooks/1/pass-over", {"mark": mark})[0] == 303
    assert post(admin, "/webhooks/1/pass-over", {"mark": mark})[0] == 409
    page = admin.get("/settings/api").get_data(as_text=True)
    assert "1 条待推送" in page and "1 条" in page and "已搁置" in page
    assert post(admin, "/webhooks/1/again", {})[0] == 303
    [listed] = webhooks.listed(store, by=actor(store, Role.ADMINISTRATOR))
    assert (listed.waiting, listed.parked, listed.next_at) == (2, 0, None)
    assert post(admin, "/webhooks/1/end", {})[0] == 303
    assert "物业大屏" not in admin.get("/settings/api").get_data(as_text=True)
    assert post(admin, "/webhooks/1/again", {})[0] == 404


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": ""}, "system_name_invalid"),
        ({"url": "192.168.1.20/lobby"}, "webhook_url_invalid"),
        ({"url": "http://127.0.0.1:8600/"}, "webhook_not_lan"),
        ({"url": "https://example.com.localhost/"}, "webhook_not_lan"),
        ({"url": "http://8.8.8.8/"}, "webhook_not_lan"),
        ({"kinds": []}, "webhook_kinds_missing"),
        ({"kinds": ["ended_at"]}, "webhook_kinds_missing"),
    ],
)
def test_a_subscription_that_cannot_be_is_a_sentence(
    admin: FlaskClient, store: Store, changed: dict[str, object], code: str
) -> None:
    status, page = post(admin, "/webhooks", HOOK | changed)
    assert status == 422 and f'data-refused="{code}"' in page
    assert store.value("SELECT count(*) FROM webhooks") == 0


def test_nobody_but_the_administrator_finds_the_page(desk_app: Flask, store: Store, clock: Clock) -> None:
    manager = client_of(desk_app, store, actor(store, Role.MANAGER), clock())
    assert "/settings/api" not in manager.get("/settings").get_data(as_text=True)
    assert manager.get("/settings/api").status_code == 403
    admin = client_of(desk_app, store, actor(store, Role.ADMINISTRATOR), clock())
    assert 'href="/settings/api"' in admin.get("/settings").get_data(as_text=True)
    assert "发放接口令牌" not in admin.get("/audit").get_data(as_text=True)
    assert post(admin, "/tokens", KEY)[0] == 200
    assert "发放接口令牌" in admin.get("/audit").get_data(as_text=True)
