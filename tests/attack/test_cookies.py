"""Cookies that are keys: what they say of themselves, and that nobody is given one that another chose."""

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from reception import staff
from reception.permissions import Role
from tests.conftest import SAME_ORIGIN, Clock, actor
from web.cookies import named

HTTPS = "https://lobbydesk.local"
CHOSEN = "chosen-by-somebody-else-0123456789abcdefghijk"


def given(answer: object) -> list[str]:
    """Return the cookies of an answer."""
    return answer.headers.getlist("Set-Cookie")  # type: ignore[attr-defined, no-any-return]


def log_in(client: FlaskClient, seeded: Path, base: str = HTTPS) -> list[str]:
    """Log in; return the cookies that were given."""
    login = json.loads((seeded / "login.json").read_text())
    answer = client.post("/login", data=login, headers=SAME_ORIGIN, base_url=base)
    assert answer.status_code == 303
    return given(answer)


def keys(store: Store) -> set[str]:
    """Return the sessions that are open."""
    return {row[0] for row in store.rows("SELECT key_hash FROM sessions")}


def test_over_tls_the_key_cannot_be_written_by_plain_http(desk_app: Flask, seeded: Path) -> None:
    client = desk_app.test_client()
    said = log_in(client, seeded)
    # The session's key, and the one by which this browser is known.
    assert [one.partition("=")[0] for one in said] == ["__Host-desk", "__Host-desk-browser"]
    for one in said:
        assert "Domain" not in one
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= {part.strip() for part in one.split(";")}
    assert client.get("/", base_url=HTTPS).status_code == 200
    (gone,) = given(client.post("/logout", headers=SAME_ORIGIN, base_url=HTTPS))
    # A browser heeds the end of such a cookie only if it is as well-formed as its beginning.
    assert gone.startswith("__Host-desk=;") and "Secure" in gone and "Path=/" in gone
    assert client.get("/", base_url=HTTPS).status_code == 303


def test_a_key_of_the_bare_name_opens_nothing_over_tls(desk_app: Flask, store: Store, clock: Clock) -> None:
    """Whoever sits on the phones' plain HTTP writes `desk=` with his own open session: nobody is to work in that."""
    client = desk_app.test_client()
    client.set_cookie("desk", staff.open_session(store, actor(store, Role.RECEPTIONIST), clock()), domain="lobby.local")
    assert client.get("/", base_url="http://lobby.local").status_code == 200
    assert client.get("/", base_url="https://lobby.local").status_code == 303


@pytest.mark.parametrize("base", [HTTPS, "http://localhost"])
def test_a_key_from_before_the_login_is_never_taken(desk_app: Flask, seeded: Path, store: Store, base: str) -> None:
    client = desk_app.test_client()
    domain = base.partition("://")[2]
    name = "__Host-desk" if base == HTTPS else "desk"
    client.set_cookie(name, CHOSEN, domain=domain)
    before = keys(store)
    said = log_in(client, seeded, base)
    assert not [one for one in said if CHOSEN in one]
    opened = keys(store) - before
    assert len(opened) == 1 and staff.session(store, CHOSEN, now=desk_app.extensions["clock"]()) is None
    # And a page that anybody may see gives none to be chosen.
    assert not given(desk_app.test_client().get("/login", base_url=base))


def test_a_worker_s_keys_too(desk_app: Flask, seeded: Path) -> None:
    client = desk_app.test_client()
    known = next(one for one in json.loads((seeded / "staff.json").read_text()) if one["name"] == "zhaogang")
    form = {"name": "zhaogang", "password": known["password"], "pin": "4071", "again": "4071"}
    assert client.post("/work/sign-in", data=form, headers=SAME_ORIGIN, base_url=HTTPS).status_code == 303
    for base in ("work", "work_open"):
        kept = client.get_cookie(f"__Secure-{base}", domain="lobbydesk.local", path="/work")
        assert kept is not None and kept.secure and kept.http_only and kept.same_site == "Strict"
        assert client.get_cookie(base, domain="lobbydesk.local", path="/work") is None


def test_practice_keeps_its_keys_apart_in_the_same_way(desk_app: Flask, seeded: Path) -> None:
    client = desk_app.test_client()
    log_in(client, seeded)
    said = given(client.post("/practice/start", headers=SAME_ORIGIN, base_url=HTTPS))
    assert sorted(one.partition("=")[0] for one in said) == ["__Host-desk-practice", "__Host-practice"]
    assert "data-practice" in client.get("/", base_url=HTTPS).get_data(as_text=True)
    marked = client.post("/practice/leave", data={"practice": "1"}, headers=SAME_ORIGIN, base_url=HTTPS)
    gone = [one for one in given(marked) if one.partition("=")[2].startswith(";")]
    assert len(gone) == 2 and all("Secure" in one for one in gone)
    assert "data-practice" not in client.get("/", base_url=HTTPS).get_data(as_text=True)


def test_the_names_are_those_browsers_protect(desk_app: Flask) -> None:
    with desk_app.test_request_context("/", base_url=HTTPS) as context:
        assert named("desk", context.request) == "__Host-desk"
        assert named("work", context.request, path="/work") == "__Secure-work"
    with desk_app.test_request_context("/", base_url="http://localhost") as context:
        assert named("desk", context.request) == "desk"
