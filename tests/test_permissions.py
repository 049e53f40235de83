"""Every route of both apps, called as every role and as nobody: the table below is the whole truth."""

import ast
import io
import sys
from collections.abc import Iterator
from functools import cache

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from reception.permissions import KIOSK, MAY, Role, may
from reception.refusal import Refused
from reception.visits import check_in
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.routes import DESK, KIOSK_ONLY, LAN, STREAMS, endpoints
from tests.test_house import ROOT

STAFF = [role for role in Role if role not in {Role.KIOSK, Role.TOKEN_HOLDER, Role.BOX}]


def call(client: FlaskClient, method: str, path: str) -> int:
    """Call a route with the guard's header; return the status."""
    with client.open(path, method=method, headers=SAME_ORIGIN, data={} if method == "POST" else None) as answer:
        return answer.status_code


def test_the_tables_name_every_route(desk_app: Flask, kiosk_app: Flask) -> None:
    assert set(endpoints(desk_app)) == set(DESK)
    assert set(endpoints(kiosk_app)) == KIOSK_ONLY | LAN


def test_what_the_lan_reaches_lies_under_its_three_paths(kiosk_app: Flask) -> None:
    for endpoint in LAN:
        _, path = endpoints(kiosk_app)[endpoint]
        assert path.lower().startswith(("/t/", "/display", "/assets/")), path


@pytest.mark.parametrize("role", [*STAFF, None])
def test_every_desk_route_as_every_role_and_as_nobody(
    desk_app: Flask, store: Store, clock: Clock, role: Role | None
) -> None:
    for endpoint, (method, path) in endpoints(desk_app).items():
        if endpoint in STREAMS or endpoint == "login.leave":
            continue
        who = actor(store, role) if role else None
        client = client_of(desk_app, store, who, clock()) if who else desk_app.test_client()
        status = call(client, method, path)
        act = DESK[endpoint]
        if act == "open":
            assert status < 500 and status not in {401, 403}, (endpoint, status)
        elif act == "key":
            assert status == 401, (endpoint, status)
        elif who is None or act == "phone":
            assert status == 303, (endpoint, status)
        elif act is None or may(who, act):
            assert status < 500 and status != 403, (endpoint, role, status)
        else:
            assert status == 403, (endpoint, role, status)


def test_streams_and_logout_ask_for_a_session(desk_app: Flask) -> None:
    assert call(desk_app.test_client(), "GET", "/events") == 303
    assert call(desk_app.test_client(), "POST", "/logout") == 303


@pytest.mark.parametrize("app_name", ["kiosk", "desk"])
def test_no_route_that_changes_anything_accepts_a_foreign_origin(
    kiosk_app: Flask, desk_app: Flask, store: Store, clock: Clock, app_name: str
) -> None:
    app = kiosk_app if app_name == "kiosk" else desk_app
    client = (
        client_of(desk_app, store, actor(store, Role.RECEPTIONIST), clock()) if app is desk_app else app.test_client()
    )
    for method, path in endpoints(app).values():
        if method == "POST":
            for said in ({"Origin": "http://evil.example"}, {}):
                answer = client.post(path, headers=said)
                # For where it comes from: not, say, because this role may not do it.
                assert (answer.status_code, 'data-refused="http_403"' in answer.text) == (403, True), path


# What a view reads before its act is asked, so that the act is reached; and an address of a step that there is.
WHO = {"phone": "13800005678", "name": "张建国", "reason": "request", "query": "13800005678", "unit": "1-1-101"}
SAID = WHO | {"amount": "1", "refund_amount": "1"}
STEPS = {
    "incidents.move": "/special/BX20260101-001/do/acknowledge",
    "supervisions.go_on": "/supervisions/BX20260101-001/done",
    "visit_session.press": "/session/recall",
}
# They change nothing: a hint, a proposal, or a list of a matter that is looked for first.
ASKED_BY_THE_VIEW = {
    "answers.hints",
    "known_faults.export_homes",
    "known_faults.hint",
    "paid_work.draft",
    "paid_work.propose",
    "practice.leave",
    "practice.visitors",
    "visit_day_bookings.export",
    "visit_session.history",
}


def test_the_acts_refuse_what_no_view_has_asked(
    desk_app: Flask, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every view's own asking taken away, whatever a form does is refused to every role that may not do it."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("desk.", "web.")) and hasattr(module, "permit"):
            monkeypatch.setattr(module, "permit", lambda *_: None)
    clients = {role: client_of(desk_app, store, actor(store, role), clock()) for role in STAFF}
    for client in clients.values():
        client.get("/keys")
    # Every act leaves an event; to have seen a home, or searched for somebody, is one that the desk may do.
    acts = "SELECT count(*) FROM events WHERE what NOT IN ('see_home', 'search_person')"
    before, tried, through = store.value(acts), 0, set()
    for endpoint, (method, path) in endpoints(desk_app).items():
        act = DESK[endpoint]
        if method == "POST" and act not in {"open", "phone", "key", None}:
            for role in set(STAFF) - MAY[str(act)]:
                table = {"file": (io.BytesIO(b"a,b\n1,2\n"), "a.csv"), "kind": "units"}
                said = SAID | (table if endpoint == "imports.check" else {})
                answer = clients[role].post(STEPS.get(endpoint, path), data=said, headers=SAME_ORIGIN)
                tried += 1
                if answer.status_code != 403:
                    through.add(endpoint)
    assert tried > 500 and through == ASKED_BY_THE_VIEW and store.value(acts) == before


def test_every_act_of_the_table_is_asked_inside_an_act() -> None:
    """In reception, not in the views alone: by its name, or through a function that asks for the act it is given."""
    rooms = {room: _functions(room) for room in ("reception", "desk", "kiosk", "web", "lobbydesk")}
    named = _constants("reception")
    # function -> where in its arguments the act stands.
    askers: dict[str, set[tuple[int, str]]] = {"permit": {(1, "act")}, "may": {(1, "act")}}
    asked: set[str] = set()
    known = 0
    while known < (known := len(asked) + sum(map(len, askers.values()))):
        for room, functions in rooms.items():
            for function, calls in functions:
                places = {one.arg: at for at, one in enumerate([*function.args.args, *function.args.kwonlyargs])}
                for act in _acts(calls, askers, inside=room == "reception"):
                    if isinstance(act, ast.Constant):
                        asked.add(str(act.value))
                    elif isinstance(act, ast.Name) and act.id in places:
                        askers.setdefault(function.name, set()).add((places[act.id], act.id))
                        asked |= _default(function, act.id)
                    elif isinstance(act, ast.Name | ast.Attribute):
                        asked.add(named.get(act.id if isinstance(act, ast.Name) else act.attr, ""))
    assert set(MAY) - asked == set()


@cache
def _trees(room: str) -> list[ast.Module]:
    return [ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / room).rglob("*.py"))]


def _functions(room: str) -> list[tuple[ast.FunctionDef, list[ast.Call]]]:
    """Return every function of a room with what it calls."""
    found = [node for tree in _trees(room) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return [(one, [node for node in ast.walk(one) if isinstance(node, ast.Call)]) for one in found]


def _constants(room: str) -> dict[str, str]:
    """Return the names that stand for one text."""
    found = [node for tree in _trees(room) for node in tree.body if isinstance(node, ast.Assign)]
    return {
        ast.unparse(node.targets[0]): str(node.value.value) for node in found if isinstance(node.value, ast.Constant)
    }


def _acts(calls: list[ast.Call], askers: dict[str, set[tuple[int, str]]], *, inside: bool) -> Iterator[ast.expr]:
    """Yield what a function gives as the act to those who ask; both branches where it chooses.

    What it asks itself by `permit` and `may` counts `inside` reception alone.
    """
    for call in calls:
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        if name in {"permit", "may"} and not inside:
            continue
        for at, keyword in askers.get(name, ()):
            given = [one.value for one in call.keywords if one.arg == keyword] or call.args[at : at + 1]
            for one in given:
                yield from [one.body, one.orelse] if isinstance(one, ast.IfExp) else [one]


def _default(function: ast.FunctionDef, name: str) -> set[str]:
    """Return the act that is asked where none is given."""
    pairs = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    return {str(given.value) for one, given in pairs if one.arg == name and isinstance(given, ast.Constant)}


@pytest.mark.parametrize("role", [Role.WORKER, Role.ADMINISTRATOR, Role.TOKEN_HOLDER])
def test_the_acts_themselves_refuse(store: Store, clock: Clock, role: Role) -> None:
    """Not the views alone: whoever calls an act from anywhere is asked."""
    from reception import queue

    check_in(store, line="general", nonce="n", by=KIOSK, now=clock())
    with pytest.raises(Refused, match="not_permitted"):
        check_in(store, line="general", nonce="m", by=actor(store, role), now=clock())
    with pytest.raises(Refused, match="not_permitted"):
        queue.call_next(store, counter="1", by=actor(store, role), now=clock())


def test_login_gives_a_new_key_each_time_and_logout_ends_it(desk_app: Flask, seeded: object) -> None:
    import json
    from pathlib import Path

    assert isinstance(seeded, Path)
    login = json.loads((seeded / "login.json").read_text())
    client = desk_app.test_client()
    keys = set()
    for _ in range(2):
        assert client.post("/login", data=login, headers=SAME_ORIGIN).status_code == 303
        cookie = client.get_cookie("desk")
        assert cookie is not None and cookie.http_only and cookie.same_site == "Strict"
        keys.add(cookie.value)
    assert len(keys) == 2
    assert client.get("/").status_code == 200
    here = client.get_cookie("desk")
    assert here is not None
    client.post("/logout", headers=SAME_ORIGIN)
    # Whoever kept the key has nothing; the other log-in goes on.
    for key in keys:
        client.set_cookie("desk", key)
        assert client.get("/").status_code == (303 if key == here.value else 200)


def test_a_session_is_locked_after_a_quarter_of_an_hour(desk: FlaskClient, clock: Clock) -> None:
    for _ in range(4):
        clock.forward(minutes=14)
        assert desk.get("/").status_code == 200
    clock.forward(minutes=16)
    assert desk.get("/").status_code == 423


def test_wrong_logins_say_the_same_and_are_throttled_across_restarts(
    desk_app: Flask, store: Store, clock: Clock
) -> None:
    client = desk_app.test_client()

    def attempt(name: str) -> tuple[int, bytes]:
        answer = client.post("/login", data={"name": name, "password": "wrong"}, headers=SAME_ORIGIN)
        return answer.status_code, answer.data.replace(name.encode(), b"")

    assert attempt("wanglin") == attempt("nobody-here")
    for _ in range(4):
        attempt("wanglin")
    assert attempt("wanglin")[0] == 429
    clock.forward(minutes=2)
    assert attempt("wanglin")[0] == 422
