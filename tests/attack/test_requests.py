"""Requests that no page of ours sends: forged, misshapen, too much, or with something in them that is not for us."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from reception import case_filters
from reception.permissions import Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.routes import STREAMS, endpoints
from tests.written import written
from web.headers import POLICY

FOREIGN: tuple[dict[str, str], ...] = (
    {},
    {"Origin": "null"},
    {"Origin": "http://evil.example"},
    {"Origin": "http://[::1"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost/"},
    {"Origin": "http://localhost:81"},
    {"Origin": "http://user@localhost"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "same-origin, cross-site"},
    {"Sec-Fetch-Site": "", "Origin": "http://localhost"},
    {"Referer": "http://localhost/"},
)
SIMPLE = ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", "application/json", "")
OTHER_METHODS = ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "FOO")


@pytest.fixture
def manager(desk_app: Flask, store: Store, clock: Clock) -> FlaskClient:
    """The manager's browser, who sees most."""
    return client_of(desk_app, store, actor(store, Role.MANAGER), clock())


@pytest.mark.parametrize("said", FOREIGN, ids=str)
def test_forged_in_every_way(kiosk: FlaskClient, store: Store, said: dict[str, str]) -> None:
    kiosk.get("/")
    before = written(store)
    for kind in SIMPLE:
        answer = kiosk.post("/check-in", data="line=general&nonce=n", content_type=kind, headers=said)
        assert answer.status_code == 403, kind
    for method in OTHER_METHODS:
        assert kiosk.open("/check-in", method=method, headers=said).status_code in {403, 405}, method
    # A GET stays one, whatever it calls itself.
    for name in ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"):
        assert kiosk.get("/check-in?_method=POST", headers={name: "POST", **said}).status_code == 405
    assert written(store) == before and store.value("SELECT count(*) FROM tickets") == 0


# That the audit log was read is part of it: such a look is noted, and changes nothing else.
NOTED = {"audit.page", "audit.refusals"}


def test_no_look_changes_anything(manager: FlaskClient, kiosk: FlaskClient, store: Store) -> None:
    """Whatever can be asked by GET can be asked by any page of anybody's, with a picture."""
    for client in (manager, kiosk):
        # Its first request may say that its session was seen.
        client.get("/")
        before = written(store)
        version = store.value("PRAGMA data_version")
        for endpoint, (method, path) in endpoints(client.application).items():
            if method == "GET" and endpoint not in STREAMS | NOTED:
                with client.get(path) as answer:
                    assert answer.status_code < 500, path
                # Somebody committed: then only that something was refused.
                if version != (version := store.value("PRAGMA data_version")):
                    assert written(store) == before, endpoint


TRAVERSALS = (
    "../lobbydesk.db",
    "..%2flobbydesk.db",
    "%2e%2e/%2e%2e/lobbydesk.db",
    "..%5c..%5clobbydesk.db",
    "....//lobbydesk.db",
    "%2fetc%2fpasswd",
    "/etc/passwd",
    "desk.css%00.png",
    "..%c0%af..%c0%afetc/passwd",
    "C:%5cwindows%5cwin.ini",
    "login.json",
    "." * 300,
    "a/" * 500 + "x",
)


def test_no_path_leads_out_of_its_folder(manager: FlaskClient, kiosk: FlaskClient) -> None:
    kiosk_places = ("/assets/", "/assets/web/", "/display/voice/", "/T/")
    desk_places = ("/assets/", "/assets/web/", "/photos/", "/practice/papers/", "/cases/", "/settings/list/")
    for client, places in ((kiosk, kiosk_places), (manager, desk_places)):
        for place in places:
            for way in TRAVERSALS:
                with client.get(place + way) as answer:
                    assert 300 <= answer.status_code < 500, place + way
                    assert b"SQLite format" not in answer.data and b"root:x" not in answer.data, place + way


@pytest.mark.parametrize("path", ["/work/o/%s", "/work/q/%s", "/work/photos/%s"])
def test_no_address_puts_a_line_into_the_head_of_an_answer(desk_app: Flask, path: str) -> None:
    for text in (
        "%0d%0aSet-Cookie:%20a=b",
        "x%0aLocation:%20//evil.example",
        "%E5%98%8A%E5%98%8DX:y",
        "a&next=//evil.example",
    ):
        answer = desk_app.test_client().get(path % text)
        assert answer.status_code in {303, 404, 405}
        assert "Set-Cookie" not in answer.headers and "X" not in answer.headers
        assert answer.headers.get("Location", "/work/").startswith("/work/")
        assert "\n" not in answer.headers.get("Location", "") and answer.headers.get("Location", "").count("next=") <= 1


def test_a_form_that_does_not_say_how_long_it_is_may_have_been_cut(kiosk: FlaskClient, store: Store) -> None:
    """The proxy cuts it at its limit (seen: half of such forms were then read as if they had been whole)."""
    form = {"line": "general", "nonce": "n"}
    answer = kiosk.post("/check-in", data=form, headers={**SAME_ORIGIN, "Transfer-Encoding": "chunked"})
    assert answer.status_code == 411 and store.value("SELECT count(*) FROM tickets") == 0


AWAY = (
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "http://evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/\n/evil.example",
    " //evil.example",
    "/%0d%0a//evil.example",
    "/..//evil.example",
    "/.//evil.example",
    "@evil.example",
    "",
)


def test_no_way_back_leads_away(kiosk: FlaskClient, desk_app: Flask) -> None:
    """`back`, `next`: as a browser reads what stands in `Location`."""
    from urllib.parse import urljoin, urlsplit

    for back in AWAY:
        for client, path in (
            (kiosk, "/language"),
            (kiosk, "/show"),
            (kiosk, "/T/language"),
            (desk_app.test_client(), "/language"),
        ):
            answer = client.post(path, data={"back": back, "language": "zh"}, headers=SAME_ORIGIN)
            assert answer.status_code == 303
            place = answer.headers["Location"].replace("\\", "/").strip()
            assert urlsplit(urljoin("http://localhost/x", place)).netloc == "localhost", back
            assert not place.startswith("//"), back


def test_too_much_of_anything_is_a_4xx_and_nothing_is_written(
    kiosk: FlaskClient, manager: FlaskClient, store: Store
) -> None:
    kiosk.get("/"), manager.get("/")
    before = written(store)
    form = "application/x-www-form-urlencoded"
    for body, kind in (
        ("line=general&nonce=" + "n" * 70_000, form),
        ("&".join(f"a{n}=" for n in range(9000)), form),
        ("&".join(["line=general"] * 4000), form),
        ("line=general&nonce=" + "%F0%9F%98%80" * 5000, form),
        ('{"a":' * 9000, "application/json"),
        (
            "--x\r\nContent-Disposition: form-data; name=line\r\n\r\ngeneral\r\n" * 900 + "--x--",
            "multipart/form-data; boundary=x",
        ),
        ("--x\r\n" + "A: b\r\n" * 9000, "multipart/form-data; boundary=x"),
        ("x" * 60_000, "multipart/form-data; boundary=" + "x" * 5000),
        ("a=b", "application/x-www-form-urlencoded; charset=utf-7"),
    ):
        for client, path in ((kiosk, "/check-in"), (kiosk, "/scan"), (manager, "/search"), (manager, "/repairs")):
            answer = client.post(path, data=body, content_type=kind, headers=SAME_ORIGIN)
            assert 200 <= answer.status_code < 500, (path, kind[:40])
            assert path in {"/search"} or answer.status_code >= 400, (path, kind[:40])
    long = "x" * 60_000
    for path in (
        f"/cases?kind={long}",
        f"/cases/{long}",
        f"/T/{long}",
        f"/display?lines={'a,' * 20_000}",
        f"/due?show={long}",
    ):
        for client in (kiosk, manager):
            assert client.get(path).status_code < 500
            assert client.get("/", headers={"Cookie": f"desk={long}; language={long}", "X": long}).status_code < 500
    assert written(store) == before


INJECTIONS = (
    "' OR 1=1 --",
    '" OR ""="',
    "1 UNION SELECT password_hash FROM staff",
    "'; DROP TABLE tickets; --",
    "%",
    "_",
    "%%%",
    "a%' ESCAPE '\\",
    "*",
    "{{7*7}}",
    "{% print(config) %}",
    "${7*7}",
    "%(name)s %s %d {0} {name.__class__}",
    "\\",
    "\x00",
    "NULL",
)


# How the one visitor is shown, masked, to who finds him.
FOUND = "张"
ASKED = ("q", "find", "kind", "state", "department", "person", "month", "sort", "page", "from", "to", "show", "worker")


def test_no_search_or_filter_takes_its_words_for_a_statement(
    manager: FlaskClient, desk: FlaskClient, store: Store
) -> None:
    """An oracle: there is one case, which none of these names; where it is found, it was found by a statement."""
    case = {"unit": "1-1-101", "name": "张建国", "phone": "13800005678", "content": "水龙头漏水", "nonce": "r"}
    how = {"category": "water", "place": "private", "urgency": "ordinary", "convenient_time": "随时"}
    assert desk.post("/repairs", data=case | how, headers=SAME_ORIGIN).status_code == 303
    # The first search by letters spells the names that are new.
    for query in ("张建国", "zjg"):
        assert FOUND in manager.post("/search", data={"query": query}, headers=SAME_ORIGIN).get_data(as_text=True)
    kept = written(store, but="events")
    for text in INJECTIONS:
        page = manager.post("/search", data={"query": text}, headers=SAME_ORIGIN).get_data(as_text=True)
        assert written(store, but="events") == kept, text
        # That somebody was searched for by what may be his name is noted: NULL, and nothing else here.
        before = written(store)
        assert not any(word in page for word in ("argon2", "5678", FOUND)), text
        pages: list[tuple[str, tuple[str, ...]]] = [("/cases", (name,)) for name in case_filters.FIELDS]
        pages += [("/board", (name,)) for name in ("department", "worker", "category")]
        pages += [(path, ASKED) for path in ("/due", "/figures", "/workers", "/homes", "/settings/list/staff", "/log")]
        for path, names in pages:
            answer = manager.get(path, query_string=dict.fromkeys(names, text))
            shown = answer.get_data(as_text=True)
            assert answer.status_code < 500, (path, text)
            assert "argon2" not in shown and "sqlite" not in shown.lower() and "Traceback" not in shown
            assert not re.search(r'value="49"|>49<', shown), (path, text)
            assert written(store) == before, (path, text)
    assert store.value("SELECT count(*) FROM events WHERE what = 'search_person'") == 3


@pytest.mark.parametrize("name", ["kiosk", "desk"])
def test_no_answer_says_what_serves_it_or_lets_itself_be_framed(kiosk_app: Flask, desk_app: Flask, name: str) -> None:
    client = (kiosk_app if name == "kiosk" else desk_app).test_client()
    for path, method in (
        ("/", "GET"),
        ("/login", "GET"),
        ("/nothing", "GET"),
        ("/check-in", "GET"),
        ("/language", "POST"),
        ("/assets/x", "GET"),
    ):
        answer = client.open(path, method=method)
        said = answer.get_data(as_text=True).lower() + str(answer.headers).lower()
        assert not re.search(r"werkzeug|flask|gunicorn|python|sqlite|caddy|\b\d+\.\d+\.\d+\b", said), path
        policy = answer.headers["Content-Security-Policy"]
        for part in (
            "default-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "object-src 'none'",
            "form-action 'self'",
        ):
            assert part in policy
        assert "unsafe" not in policy and "data:" not in policy
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        # Phones read their pages in plain HTTP under the same name: a browser that was told this would never find them.
        assert "Strict-Transport-Security" not in answer.headers


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.mark.parametrize("name", ["kiosk", "desk"])
def test_every_answer_of_every_route_has_its_headers(kiosk_app: Flask, manager: FlaskClient, name: str) -> None:
    """As nobody and as the manager, to what is there, what is not, and what is refused."""
    app = kiosk_app if name == "kiosk" else manager.application
    wanted = [*endpoints(app).items(), ("missing", ("GET", "/nothing")), ("other method", ("POST", "/nothing"))]
    for client in (app.test_client(), manager) if name == "desk" else (app.test_client(),):
        kept = {}
        for endpoint, (method, path) in wanted:
            if endpoint not in {"login.leave", "login.lock"}:
                for said in (SAME_ORIGIN, {}) if method == "POST" else (SAME_ORIGIN,):
                    with client.open(path, method=method, headers=said) as answer:
                        assert HEADERS.items() <= dict(answer.headers).items(), (endpoint, answer.headers)
                        assert answer.headers["Content-Security-Policy"] == POLICY, endpoint
                        if answer.headers.get("Cache-Control") != "no-store":
                            kept[endpoint] = answer.headers.get("Cache-Control", "")
        # A cache keeps files of ours, and nothing else.
        assert kept.pop("visitor_page.state", "private, no-cache") == "private, no-cache"
        assert set(kept) <= {"static", "web.asset", "web.htmx_script"}


def test_what_is_written_for_the_journal_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever a request holds: what is said of it stands on one line, with no sign that moves a terminal."""
    import logging

    from lobbydesk.logs import Plain

    record = logging.LogRecord(
        "desk", logging.ERROR, "", 0, "defect at %s\n<0>forged\x1b[2J\x85\u2028x", ("A\r\nB",), None
    )
    text = Plain(weighed=True).format(record)
    assert text.splitlines() == [text] and text.count("<") == 2 and text.startswith("<3>desk: ")
    assert text.isprintable()


def test_every_file_that_is_sent_down_has_a_name_of_ours() -> None:
    """No `Content-Disposition` is put together of anything: the library quotes, and no name comes from who asks."""
    root = Path(__file__).parents[2]
    for room in ("web", "kiosk", "desk"):
        for path in (root / room).rglob("*.py"):
            said = re.findall(r'Content-Disposition"\] = (.*)', path.read_text(encoding="utf-8"))
            assert set(said) <= {'"inline"'}, path
