"""Whoever came in with a one-time code sees one page of the desk, until the code is changed."""

from flask import Flask

from db.store import Store, writing
from desk import session
from reception import staff
from reception.permissions import Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.routes import DESK, PHONE, STREAMS, endpoints

CODE, OWN = "7K3M-Q8ZT-49XA", "one of my own"


def test_nothing_but_the_change_is_open(desk_app: Flask, store: Store, clock: Clock) -> None:
    who = actor(store, Role.ADMINISTRATOR)
    with writing(store):
        hashed = staff.hash_password(CODE)
        store.execute("UPDATE staff SET password_hash = ?, must_change = 1 WHERE id = ?", [hashed, who.id])
    desk = client_of(desk_app, store, who, clock())
    for path in ("/", "/settings", "/printers", "/cases", "/box"):
        answer = desk.get(path)
        assert (answer.status_code, answer.headers.get("Location")) == (303, "/password"), path
    shut = set(DESK) - PHONE - session.OPEN - session.CHANGING - STREAMS - {"work_sign_in.show", "work_sign_in.enter"}
    for endpoint, (method, place) in endpoints(desk_app).items():
        # The interface has keys of its own, which no log-in stands for (tests/desk/test_api.py).
        if endpoint in shut and not place.startswith("/api/"):
            answer = desk.open(place, method=method, headers=SAME_ORIGIN)
            assert (answer.status_code, answer.headers.get("Location")) == (303, "/password"), endpoint
    assert len(shut) > 250
    answer = desk.post("/printers/setup-slip", headers=SAME_ORIGIN)
    assert answer.status_code == 303 and not store.value("SELECT count(*) FROM print_jobs")
    answer = desk.get("/settings", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/password")
    page = desk.get("/password")
    assert page.status_code == 200 and "一次性密码" in page.get_data(as_text=True)

    answer = desk.post("/password", data={"old": CODE, "new": CODE}, headers=SAME_ORIGIN)
    assert answer.status_code == 422 and 'data-refused="password_same"' in answer.get_data(as_text=True)
    answer = desk.post("/password", data={"old": CODE, "new": OWN}, headers=SAME_ORIGIN)
    assert answer.headers["Location"] == "/password?changed=1"
    assert desk.get("/settings").status_code == 200
    assert "一次性密码" not in desk.get("/password").get_data(as_text=True)


def test_who_has_a_code_may_leave(desk_app: Flask, store: Store, clock: Clock) -> None:
    who = actor(store, Role.ADMINISTRATOR)
    with writing(store):
        store.execute("UPDATE staff SET must_change = 1 WHERE id = ?", [who.id])
    desk = client_of(desk_app, store, who, clock())
    assert desk.post("/logout", headers=SAME_ORIGIN).headers["Location"] == "/login"
    assert desk.get("/password").headers["Location"] == "/login"
