"""练习模式: the real desk on a store of its own; neither store is ever written by a page of the other."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store, open_store, writing
from desk import practice as room
from lobbydesk.home import store_path
from lobbydesk.practice_paper import draw
from reception import practice
from reception.permissions import KIOSK, Role
from reception.visits import check_in
from tests import erasing
from tests.conftest import SAME_ORIGIN, Clock, _close, actor, client_of

MARK = {"practice": "1"}
FORM = {
    "nonce": "n1",
    "name": "练习甲",
    "phone": "13800000001",
    "unit": "1-1-101",
    "category": "noise",
    "facts": "夜间施工",
    "severity": "ordinary",
}


@pytest.fixture
def app(home: Path, clock: Clock) -> Iterator[Flask]:
    """The desk as the front door makes it, with pictures of papers."""
    from desk.app import create

    made = create(store_path(home), clock=clock, draw=draw)
    yield made
    _close(made)


@pytest.fixture
def client(app: Flask, store: Store, clock: Clock) -> FlaskClient:
    """A receptionist's browser, who begins to practise."""
    browser = client_of(app, store, actor(store, Role.RECEPTIONIST), clock())
    answer = browser.post("/practice/start", headers=SAME_ORIGIN)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    return browser


def everything(store: Store) -> dict[str, int]:
    """Return how many rows each table of a store has: whatever is written shows."""
    tables = [row[0] for row in store.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {table: store.value(f"SELECT count(*) FROM {table}") for table in tables}  # noqa: S608


def post(client: FlaskClient, path: str, fields: dict[str, str], status: int = 303) -> str:
    """Send a form; return the answer."""
    answer = client.post(path, data=fields, headers=SAME_ORIGIN)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def test_it_is_the_real_desk_and_every_page_says_that_it_is_not_real(client: FlaskClient) -> None:
    for path in ("/", "/today", "/cases", "/complaints/new", "/printers", "/practice/papers"):
        page = client.get(path).get_data(as_text=True)
        assert "practice-frame" in page and "练习 PRACTICE" in page and "data-practice" in page, path
        posts = re.findall(r'<form\b[^>]*method="post"[^>]*>(.{0,60})', page)
        assert posts and all('name="practice" value="1"' in after for after in posts), path
    assert client.get("/").get_data(as_text=True).count("data-waiting=") == 3


def test_what_is_done_is_done_in_practice_alone(client: FlaskClient, store: Store) -> None:
    before = everything(store)
    post(client, "/queue/next", {"counter": "1"} | MARK)
    page = client.get("/").get_data(as_text=True)
    assert re.search(r'data-ticket-no="[A-Z]90\d"', page)
    post(client, "/complaints", FORM | MARK)
    assert re.search(r"TS\d{8}-901", client.get("/cases").get_data(as_text=True))
    papers = client.get("/practice/papers").get_data(as_text=True)
    pictures = re.findall(r'src="(/practice/papers/\d+\.png)"', papers)
    assert len(pictures) >= 3
    assert client.get(pictures[0]).get_data().startswith(b"\x89PNG")
    assert client.get("/practice/papers/999999.png").status_code == 404
    post(client, "/practice/visitors", {"nonce": "more"} | MARK)
    for nonce in ("", "x" * 500, "\0"):
        answer = client.post("/practice/visitors", data={"nonce": nonce} | MARK, headers=SAME_ORIGIN)
        assert answer.status_code in {303, 422}, nonce
    # But for the one thing that is told: that he passed a task of the script (`training`), and its event.
    told = {"training_passes": 1, "events": before["events"] + 1, "pulse": everything(store)["pulse"]}
    assert everything(store) == before | told


def test_a_page_of_practice_changes_nothing_once_practice_is_over(
    client: FlaskClient, app: Flask, store: Store, clock: Clock
) -> None:
    post(client, "/practice/leave", MARK)
    real = client.get("/")
    assert real.status_code == 200 and "practice-frame" not in real.get_data(as_text=True)
    before = everything(store)
    post(client, "/complaints", FORM | MARK, 409)
    answer = client.post("/complaints", data=FORM, headers=SAME_ORIGIN | {"HX-Request": "true", "X-Practice": "1"})
    assert answer.status_code == 409 and everything(store) == before
    # A part of a practice page that renews itself is not filled with what is real.
    part = client.get("/queue/list", headers={"HX-Request": "true", "X-Practice": "1"})
    assert (part.status_code, part.headers["HX-Refresh"]) == (204, "true")
    post(client, "/complaints", FORM)
    assert everything(store)["cases"] == before["cases"] + 1


def test_a_page_of_the_real_desk_changes_nothing_while_its_browser_practises(client: FlaskClient, app: Flask) -> None:
    practising = app.extensions["practice"].app
    with practising.app_context():
        mine: Store = practising.extensions["stores"].get()
        before = everything(mine)
        post(client, "/complaints", FORM, 409)
        assert client.get("/queue/list", headers={"HX-Request": "true"}).status_code == 204
        assert everything(mine) == before


def test_a_key_of_practice_opens_nothing_real_nor_the_other_way_round(
    client: FlaskClient, app: Flask, store: Store, clock: Clock
) -> None:
    seat = client.get_cookie(room.SESSION_COOKIE)
    assert seat is not None
    stranger = app.test_client()
    stranger.set_cookie("desk", seat.value)
    assert stranger.get("/").headers["Location"] == "/login"
    key = client.get_cookie(room.COOKIE)
    assert key is not None
    stranger.set_cookie(room.COOKIE, key.value)
    stranger.set_cookie(room.SESSION_COOKIE, "made-up")
    assert stranger.get("/cases").headers["Location"] == room.TOLD
    # It is led to the real door, where nothing of practice is left.
    assert stranger.get_cookie(room.COOKIE) is None and stranger.get("/").headers["Location"] == "/login"


def test_after_a_restart_or_with_a_made_up_key_the_browser_is_led_back_and_nothing_is_done(
    client: FlaskClient, app: Flask, store: Store
) -> None:
    before = everything(store)
    for key in ("é", "练习", "x" * 3000):
        odd = app.test_client()
        odd.set_cookie(room.COOKIE, key)
        assert odd.get("/").status_code == 303
    client.set_cookie(room.COOKIE, "made-up")
    answer = client.post("/complaints", data=FORM | MARK, headers=SAME_ORIGIN)
    assert answer.status_code == 303 and everything(store) == before
    assert client.get_cookie(room.COOKIE) is None and client.get("/").status_code == 200


def test_whose_practice_an_erasing_ended_is_told_and_begins_anew(
    client: FlaskClient, app: Flask, store: Store, clock: Clock
) -> None:
    old = app.extensions["practice"].app
    with client.get("/events", buffered=False) as stream:
        assert next(iter(stream.response))
        check_in(store, line="general", nonce="real", name=erasing.NAME, phone=erasing.PHONE, by=KIOSK, now=clock())
        with writing(store):
            store.execute("UPDATE tickets SET state = 'completed', ended_at = issued_at")
        post(client, "/complaints", FORM | {"phone": erasing.PHONE} | MARK)
        erasing.erase(store, clock())
        # The watcher of its streams has noticed, and ended them.
        old.extensions["live"]._thread.join(10)
        assert not old.extensions["live"]._thread.is_alive()
    # No press reaches it any more, whatever it may remember.
    assert app.extensions["practice"].of(app.extensions["practice"].key) is None
    before = everything(store)
    answer = client.post("/complaints", data=FORM | MARK, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.headers["Location"]) == (303, room.TOLD)
    assert everything(store) == before
    page = client.get(room.TOLD)
    assert "练习已结束" in page.get_data(as_text=True) and "practice-frame" not in page.get_data(as_text=True)
    assert "练习已结束" not in client.get("/").get_data(as_text=True)
    post(client, "/practice/start", {})
    assert client.get("/").get_data(as_text=True).count("data-waiting=") == 3


def test_a_press_that_an_erasing_cut_off_leads_back(
    client: FlaskClient, app: Flask, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reception import complaints, erasure

    def cut(*_: object, **__: object) -> None:
        assert erasure.end_practice(store)
        app.extensions["practice"].app.extensions["stores"].get().value("SELECT count(*) FROM cases")

    monkeypatch.setattr(complaints, "register", cut)
    answer = client.post("/complaints", data=FORM | MARK, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.headers["Location"]) == (303, room.TOLD)


def test_nothing_of_anybody_is_copied_and_nothing_is_left_behind(
    client: FlaskClient, app: Flask, store: Store, home: Path, clock: Clock
) -> None:
    check_in(store, line="general", nonce="real", unit="1-1-101", phone="5678", by=KIOSK, now=clock())
    practising = app.extensions["practice"].app
    with practising.app_context():
        mine: Store = practising.extensions["stores"].get()
        names = {row[0] for row in mine.rows("SELECT name FROM residents")}
        assert names == set(practice.PEOPLE) and mine.value("SELECT count(*) FROM visits") == 3
        real = {row[0] for row in store.rows("SELECT password_hash FROM staff")}
        assert real.isdisjoint(row[0] for row in mine.rows("SELECT password_hash FROM staff"))
        assert mine.value("SELECT count(*) FROM staff") == store.value("SELECT count(*) FROM staff")
        assert mine.rows("PRAGMA foreign_key_check") == []
    assert list((home / "practice").rglob("*.db"))
    # Two practise together; the last to leave takes everything away.
    other = client_of(app, store, actor(store, Role.SERVICE_HEAD), clock())
    other.post("/practice/start", headers=SAME_ORIGIN)
    post(client, "/practice/leave", MARK)
    assert other.get("/today").status_code == 200
    post(other, "/practice/leave", MARK)
    assert not (home / "practice").exists()


def test_a_request_that_is_under_way_when_practice_ends_leaves_nothing_behind(
    client: FlaskClient, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, removed = shutil.rmtree, []

    def interrupted(folder: Path, *, ignore_errors: bool) -> None:
        real(folder, ignore_errors=ignore_errors)
        removed.append(folder)
        if len(removed) < 3:
            (folder / "key").mkdir(parents=True)
            (folder / "key" / "lobbydesk.db-wal").touch()

    monkeypatch.setattr(shutil, "rmtree", interrupted)
    post(client, "/practice/leave", MARK)
    assert len(removed) == 3 and not (home / "practice").exists()


def test_who_may_practise_and_where_its_doors_are(app: Flask, desk: FlaskClient, store: Store, clock: Clock) -> None:
    for role in (Role.MANAGER, Role.TEAM_LEADER, Role.WORKER, Role.ADMINISTRATOR):
        person = client_of(app, store, actor(store, role), clock())
        assert person.post("/practice/start", headers=SAME_ORIGIN).status_code == 403, role
    for path in ("/practice/leave", "/practice/visitors"):
        assert desk.post(path, headers=SAME_ORIGIN).status_code == 409
    assert desk.get("/practice/papers").status_code == 409


def test_a_head_of_yesterday_hears_what_is_practised(home: Path, store: Store, clock: Clock) -> None:
    store.execute("UPDATE staff SET heads_behind = 5000 WHERE login = 'chenjing'")
    path = home / "practice-of-a-head" / "lobbydesk.db"
    practice.build(store, path, by=actor(store, Role.RECEPTIONIST), now=clock())
    made = open_store(path)
    try:
        assert made.value("SELECT heads_behind FROM staff WHERE login = 'chenjing'") is None
    finally:
        made.close()
