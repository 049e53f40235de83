"""The lock of a session: nothing is shown or done until the same person has given his password; then he goes on."""

from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from desk import session
from reception import sessions, staff
from reception.permissions import Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of, give_password
from tests.routes import STREAMS, endpoints

RIGHT = "korrekte Pferde"
HTMX = {**SAME_ORIGIN, "HX-Request": "true"}


@pytest.fixture
def mine(desk: FlaskClient, store: Store) -> FlaskClient:
    """The receptionist's browser, at counter 1; her password is `RIGHT`."""
    give_password(store, "wanglin", RIGHT)
    assert desk.post("/queue/seat", data={"counter": "1"}, headers=SAME_ORIGIN).status_code == 303
    return desk


def unlock(client: FlaskClient, who: str = "wanglin", password: str = RIGHT, **other: str) -> int:
    """Give the password at the lock of a page that htmx runs in."""
    form = {"who": who, "password": password, **other}
    return client.post("/unlock", data=form, headers=HTMX).status_code


def test_every_route_is_locked_for_every_role(desk_app: Flask, store: Store, clock: Clock) -> None:
    routes = endpoints(desk_app).items()
    for role in (Role.RECEPTIONIST, Role.ADMINISTRATOR):
        client = client_of(desk_app, store, actor(store, role), clock())
        clock.forward(minutes=16)
        before = [tuple(row) for row in store.rows("SELECT * FROM events ORDER BY id")]
        for endpoint, (method, path) in routes:
            if endpoint in session.OPEN | session.LOCKED or urlsplit(path).path.startswith(("/work/", "/api/")):
                continue
            if urlsplit(path).path == "/work":
                continue
            answer = client.open(path, method=method, headers=SAME_ORIGIN, data={} if method == "POST" else None)
            assert answer.status_code == 423, endpoint
            if endpoint in STREAMS:
                assert answer.get_data() == b""
        after = [tuple(row) for row in store.rows("SELECT * FROM events ORDER BY id")]
        assert [row[2] for row in after[len(before) :]] in (["lock_session"], ["lock_session", "counter_closed"])


def test_who_unlocks_goes_on_where_he_was_with_another_key(mine: FlaskClient, store: Store, clock: Clock) -> None:
    clock.forward(minutes=16)
    page = mine.get("/cases?state=open")
    assert page.status_code == 423 and 'name="back" value="/cases?state=open"' in page.get_data(as_text=True)
    assert store.value("SELECT state FROM counters WHERE no = '1'") == "closed"
    old = mine.get_cookie("desk")
    form = {"who": "wanglin", "password": RIGHT, "back": "/cases?state=open"}
    assert mine.post("/unlock", data=form, headers=SAME_ORIGIN).headers["Location"] == "/cases?state=open"
    new = mine.get_cookie("desk")
    assert old is not None and new is not None and old.value != new.value
    assert store.value("SELECT state FROM counters WHERE no = '1'") == "open"
    assert 'data-counter="1"' in mine.get("/queue/counter").get_data(as_text=True) or mine.get("/").status_code == 200
    assert staff.session(store, old.value, now=clock()) is None
    # An address of another site is none to go back to.
    mine.post("/lock", headers=SAME_ORIGIN)
    form |= {"back": "//evil.example"}
    assert mine.post("/unlock", data=form, headers=SAME_ORIGIN).headers["Location"] == "/"


def test_a_wrong_password_unlocks_nothing_and_counts(mine: FlaskClient, clock: Clock) -> None:
    mine.post("/lock", headers=SAME_ORIGIN)
    assert [unlock(mine, password="wrong-wrong") for _ in range(6)] == [422] * 5 + [429]
    assert mine.get("/").status_code == 423
    assert unlock(mine) == 429
    clock.forward(minutes=1)
    assert unlock(mine) == 204 and mine.get("/").status_code == 200


def test_the_button_locks_at_once_and_keeps_the_counter_for_a_while(
    mine: FlaskClient, store: Store, clock: Clock
) -> None:
    assert mine.post("/lock", headers=HTMX).status_code == 423
    assert mine.get("/queue/counter", headers=HTMX).get_data() == b""
    assert mine.post("/queue/issue", data={"line": "general", "nonce": "n"}, headers=HTMX).status_code == 423
    assert store.value("SELECT count(*) FROM tickets") == 0
    assert store.value("SELECT state FROM counters WHERE no = '1'") == "open"
    clock.forward(minutes=16)
    staff.open_session(store, actor(store, Role.ASSISTANT), clock())
    assert store.value("SELECT state FROM counters WHERE no = '1'") == "closed"


def test_nobody_unlocks_another_s_screen(mine: FlaskClient, store: Store) -> None:
    give_password(store, "liuyang", RIGHT)
    mine.post("/lock", headers=SAME_ORIGIN)
    answer = mine.post("/unlock", data={"who": "liuyang", "password": RIGHT}, headers=HTMX)
    assert answer.headers["HX-Redirect"] == "/" and mine.get("/").status_code == 423
    # He logs in as himself, and sees nothing of hers.
    assert mine.post("/logout", headers=SAME_ORIGIN).headers["Location"] == "/login"


def test_what_a_page_asks_by_itself_keeps_nothing_open(mine: FlaskClient, clock: Clock) -> None:
    clock.forward(minutes=2)
    mine.post("/here", headers=SAME_ORIGIN)
    for _ in range(14):
        clock.forward(minutes=1)
        assert mine.get("/queue/counter", headers={"X-Look": "1"}).status_code == 200
    clock.forward(minutes=2)
    assert mine.get("/here", headers={"X-Look": "1"}).status_code == 423


def test_whoever_types_for_an_hour_is_not_locked(mine: FlaskClient, clock: Clock) -> None:
    for _ in range(30):
        clock.forward(minutes=2)
        assert mine.post("/here", headers=SAME_ORIGIN).status_code == 204


def test_a_session_ends_after_twelve_hours_and_the_page_goes_on_all_the_same(
    mine: FlaskClient, store: Store, clock: Clock
) -> None:
    for _ in range(73):
        clock.forward(minutes=10)
        mine.post("/here", headers=SAME_ORIGIN)
    assert mine.get("/").status_code == 303
    # What was typed is still there: the page covers itself, and the password opens a new session under it.
    assert mine.get("/here", headers={"X-Look": "1"}).status_code == 423
    assert unlock(mine) == 204 and mine.get("/").status_code == 200
    assert store.value("SELECT count(*) FROM sessions WHERE locked_at IS NULL") == 1


def test_the_stream_ends_at_the_lock(desk_app: Flask, store: Store, clock: Clock) -> None:
    client = client_of(desk_app, store, actor(store, Role.RECEPTIONIST), clock())
    with client.get("/events") as answer:
        words = iter(answer.response)
        assert b"retry" in next(words)
        client.post("/lock", headers=SAME_ORIGIN)
        # Whatever came now would come after the lock.
        assert next(words, None) is None
    with client.get("/events") as answer:
        assert answer.status_code == 423


def test_one_sees_and_ends_one_s_own_log_ins(desk_app: Flask, store: Store, clock: Clock) -> None:
    me, other = actor(store, Role.RECEPTIONIST), actor(store, Role.ASSISTANT)
    here, there, third = (client_of(desk_app, store, me, clock()) for _ in range(3))
    theirs = client_of(desk_app, store, other, clock())
    marks = {one.mark for one in sessions.own(store, _of(store, here, clock), now=clock()) if not one.own}
    assert len(marks) == 2
    mark = sessions.hash_of(_key(there))[: sessions.MARK]
    their_mark = sessions.hash_of(_key(theirs))[: sessions.MARK]
    assert here.post("/password/sessions/end", data={"mark": their_mark}, headers=SAME_ORIGIN).status_code == 404
    assert here.post("/password/sessions/end", data={"mark": mark}, headers=SAME_ORIGIN).status_code == 303
    assert there.get("/").status_code == 303 and third.get("/").status_code == 200
    here.post("/password/sessions/end-others", headers=SAME_ORIGIN)
    assert third.get("/").status_code == 303 and theirs.get("/").status_code == 200
    assert here.get("/password").status_code == 200


def test_who_manages_the_staff_ends_anybody_s(desk_app: Flask, store: Store, clock: Clock) -> None:
    theirs = client_of(desk_app, store, actor(store, Role.RECEPTIONIST), clock())
    boss = client_of(desk_app, store, actor(store, Role.MANAGER), clock())
    mark = sessions.hash_of(_key(theirs))[: sessions.MARK]
    assert f'data-session="{mark}"' in boss.get("/accounts/wanglin").get_data(as_text=True)
    wrong = {"mark": mark}
    assert boss.post("/accounts/liuyang/sessions/end", data=wrong, headers=SAME_ORIGIN).status_code == 404
    assert theirs.get("/").status_code == 200
    assert boss.post("/accounts/wanglin/sessions/end", data=wrong, headers=SAME_ORIGIN).status_code == 303
    assert theirs.get("/").status_code == 303


def _key(client: FlaskClient) -> str:
    cookie = client.get_cookie("desk")
    assert cookie is not None
    return cookie.value


def _of(store: Store, client: FlaskClient, clock: Clock) -> sessions.Session:
    found = staff.session(store, _key(client), now=clock())
    assert found is not None
    return found
