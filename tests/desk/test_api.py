"""The interface for a company's own systems: by a key alone, of nobody a word, and what is sealed does not exist."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from db.store import Store, writing
from desk import api_document
from desk.api_rate import BURST, Buckets
from reception import api_tokens, queue
from reception.permissions import KIOSK, Role
from reception.visits import check_in
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.owner_cases import HOME, NAME, PERSONAL, PHONE, dispatched, registered
from tests.reception.test_complaints import Complaints
from tests.test_house import ROOT

ALL = list(api_tokens.SCOPES)
READ = ("/health", "/queue", "/tickets", "/cases", "/cases/BX20261123-001", "/cases/BX20261123-001/events", "/months")


def key_of(store: Store, clock: Clock, *scopes: str, nonce: str = "n", expires_on: str = "2027-01-01") -> str:
    """Return a key for these scopes; for all where none is named."""
    by = actor(store, Role.ADMINISTRATOR)
    made = api_tokens.make(
        store, name="总部", scopes=list(scopes) or ALL, expires_on=expires_on, nonce=nonce, by=by, now=clock()
    )
    assert made
    return made


class Caller:
    """Another system: it has a key and nothing else."""

    def __init__(self, app: Flask, key: str) -> None:
        self.client, self.key = app.test_client(), key

    def get(self, path: str, **heads: str) -> TestResponse:
        """Ask for a path below the interface."""
        return self.client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {self.key}", **heads})

    def read(self, path: str) -> Any:
        """Return what a path answers."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json


@pytest.fixture
def system(desk_app: Flask, store: Store, clock: Clock) -> Caller:
    """A system of the company with every scope."""
    return Caller(desk_app, key_of(store, clock))


def problem(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    """Return what a refusal says, once it is one as RFC 9457 has it."""
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text
    said: dict[str, Any] = json.loads(answer.text)
    assert said["status"] == status and said["code"] == code and said["title"]
    return said


@pytest.mark.parametrize("path", READ)
def test_nobody_reads_without_a_key_and_a_log_in_is_none(
    desk_app: Flask, store: Store, clock: Clock, path: str
) -> None:
    staff = client_of(desk_app, store, actor(store, Role.ADMINISTRATOR), clock())
    for client in (desk_app.test_client(), staff):
        answer = client.get(f"/api/v1{path}")
        problem(answer, 401, "key_unknown")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    good = key_of(store, clock)
    for said in ("Bearer", "Bearer x", f"Bearer {good}x", f"Basic {good}", good, "Bearer \xff"):
        problem(desk_app.test_client().get(f"/api/v1{path}", headers={"Authorization": said}), 401, "key_unknown")
    # Addresses are kept in too many places to hold a key.
    assert desk_app.test_client().get(f"/api/v1{path}?access_token={good}").status_code == 401


def test_a_key_opens_what_it_is_for_until_its_day_is_over_or_it_is_taken_back(
    desk_app: Flask, store: Store, clock: Clock
) -> None:
    other = Caller(desk_app, key_of(store, clock, "queue", expires_on="2026-11-23"))
    assert other.get("/queue").status_code == other.get("/tickets").status_code == 200
    for path in ("/health", "/cases", "/cases/X", "/cases/X/events"):
        answer = other.get(path)
        assert problem(answer, 403, "scope_missing")["scope"] in answer.headers["WWW-Authenticate"]
    # Its last day ends at midnight of the site: 16:00 UTC.
    clock.forward(hours=13, minutes=35)
    assert other.get("/queue").status_code == 200
    clock.forward(minutes=2)
    problem(other.get("/queue"), 401, "key_unknown")
    third = Caller(desk_app, key_of(store, clock, "queue", nonce="m"))
    assert third.get("/queue").status_code == 200
    token_id = store.value("SELECT max(id) FROM api_tokens")
    api_tokens.revoke(store, token_id=token_id, by=actor(store, Role.ADMINISTRATOR), now=clock())
    problem(third.get("/queue"), 401, "key_unknown")


def test_the_store_keeps_a_hash_alone_and_when_a_key_was_used(desk_app: Flask, store: Store, clock: Clock) -> None:
    system = Caller(desk_app, key_of(store, clock))
    assert system.key not in "\n".join(store.connection.iterdump())
    used = "SELECT used_at FROM api_tokens"
    assert store.value(used) is None
    system.read("/queue")
    first = store.value(used)
    clock.forward(seconds=30)
    system.read("/queue")
    # Not a commit for each reading.
    assert first and store.value(used) == first
    clock.forward(seconds=31)
    system.read("/queue")
    assert store.value(used) > first


def test_who_knocks_with_a_bad_key_is_counted_for_the_audit_log(desk_app: Flask, store: Store) -> None:
    assert desk_app.test_client().get("/api/v1/queue").status_code == 401
    row = store.row("SELECT place, code, count FROM refusals")
    assert row is not None and tuple(row) == ("api.queue", "http_401", 1)


def test_the_queue_and_the_tickets_of_today(system: Caller, store: Store, clock: Clock) -> None:
    made = [check_in(store, line="general", nonce=n, name=NAME, phone=PHONE, by=KIOSK, now=clock()) for n in "abc"]
    called = queue.call_next(store, counter="1", by=actor(store, Role.RECEPTIONIST), now=clock.forward(minutes=2))
    assert called is not None
    seen = system.read("/queue")
    [line] = [one for one in seen["lines"] if one["line"] == "general"]
    assert line["waiting"] == 2 and line["name"] and line["wait_minutes"][0] <= line["wait_minutes"][1]
    assert {one["counter"]: one["ticket"] for one in seen["counters"]}["1"] == called.no
    page = system.read("/tickets?limit=2")
    rest = system.read(f"/tickets?limit=2&after={page['next']}")
    assert [one["no"] for one in page["items"] + rest["items"]] == [one.no for one in made] and rest["next"] is None
    assert [one["no"] for one in system.read("/tickets?state=called&line=general")["items"]] == [called.no]
    assert system.read("/tickets?line=repair")["items"] == []
    clock.forward(days=1)
    assert system.read("/tickets")["items"] == []


def test_the_cases_in_the_order_in_which_they_changed(system: Caller, store: Store, clock: Clock) -> None:
    first = dispatched(store, clock)
    since = clock.forward(minutes=5).strftime("%Y-%m-%dT%H:%M:%SZ")
    others = []
    for number in range(5):
        clock.forward(minutes=1)
        others.append(registered(store, clock, nonce=f"r{number}").no)
    read, after = [], ""
    while True:
        page = system.read(f"/cases?limit=2{after}")
        read += [one["no"] for one in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert read == [first.no, *others]
    assert [one["no"] for one in system.read(f"/cases?changed_since={since}&limit=200")["items"]] == others
    for asked, found in (
        ("kind=repair", [first.no, *others]),
        ("kind=complaint", []),
        ("state=dispatched", [first.no]),
        ("open=false", []),
        ("open=true&state=dispatched", [first.no]),
    ):
        assert [one["no"] for one in system.read(f"/cases?{asked}")["items"]] == found, asked
    one = system.read(f"/cases/{first.no}")
    assert (one["kind"], one["state"], one["closed_at"]) == ("repair", "dispatched", None)
    whole = system.read(f"/cases/{first.no}/events")["items"]
    assert whole[0]["from_state"] is None and whole[-1]["state"] == "dispatched" and len(whole) > 1
    begun = system.read(f"/cases/{first.no}/events?limit=1")
    assert begun["items"] + system.read(f"/cases/{first.no}/events?after={begun['next']}")["items"] == whole
    problem(system.get("/cases/BX20200101-001"), 404, "unknown")
    problem(system.get("/cases/BX20200101-001/events"), 404, "unknown")


def test_nothing_of_a_person_is_in_any_answer(system: Caller, store: Store, clock: Clock) -> None:
    case = dispatched(store, clock)
    check_in(store, line="general", nonce="v", name=NAME, phone=PHONE, unit=HOME, by=KIOSK, now=clock())
    read = [system.get(path.replace("BX20261123-001", case.no)) for path in READ]
    assert [one.status_code for one in read] == [200] * len(READ)
    whole = "\n".join(one.text for one in read)
    assert case.no in whole and not re.search(PERSONAL, whole)
    codes = "SELECT token FROM cases UNION SELECT token FROM tickets UNION SELECT token FROM work_orders"
    secret = [row[0] for row in store.rows(codes)]
    assert secret and not [one for one in secret if one in whole]
    staff = [row[0] for row in store.rows("SELECT name FROM staff UNION SELECT login FROM staff")]
    assert not [one for one in staff if one in whole]


def test_what_is_sealed_does_not_exist(system: Caller, desk_app: Flask, store: Store, clock: Clock) -> None:
    """Sealed from the beginning, or later: it is answered like a number that nobody has; so is who comes in private."""
    open_one = registered(store, clock)
    desk = client_of(desk_app, store, actor(store, Role.RECEPTIONIST), clock())
    form = {"category": "service", "facts": "请负责人回电", "phone": "5678", "unit": "1-1-101", "hears": "manager"}
    answer = desk.post("/complaints", data=form | {"nonce": "sealed"}, headers=SAME_ORIGIN)
    assert answer.status_code == 303, answer.text
    sealed = store.value("SELECT no FROM cases WHERE sealed > 0")
    assert [one["no"] for one in system.read("/cases")["items"]] == [open_one.no]
    for path in ("", "/events"):
        told = system.get(f"/cases/{sealed}{path}"), system.get(f"/cases/BX20200101-001{path}")
        assert told[0].status_code == 404 and told[0].text == told[1].text
    # One that was there for all is gone the moment it turns out to be about one of us.
    ordinary = Complaints(store, clock).receive()
    assert system.get(f"/cases/{ordinary.no}").status_code == 200
    head = client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())
    seal = {"hears": "service_head", "accused": "zhaoqiang"}
    assert head.post(f"/complaints/{ordinary.no}/seal", data=seal, headers=SAME_ORIGIN).status_code == 303
    assert system.get(f"/cases/{ordinary.no}").status_code == 404
    assert [one["no"] for one in system.read("/cases")["items"]] == [open_one.no]
    private = store.value("SELECT code FROM lines WHERE hears = 'manager'")
    ticket = check_in(store, line="general", nonce="p", by=KIOSK, now=clock())
    with writing(store):
        store.execute(
            "UPDATE tickets SET line = ?, state = 'called', counter = '1', called_at = issued_at WHERE id = ?",
            [private, ticket.id],
        )
    assert ticket.no not in system.get("/tickets").text + system.get("/queue").text


def test_what_is_not_well_formed_is_named(system: Caller, store: Store) -> None:
    for path, wrong in {
        "/cases?limit=0": "limit",
        "/cases?limit=201": "limit",
        "/cases?limit=": "limit",
        "/cases?limit=１": "limit",
        "/cases?limit=1&limit=2": "limit",
        "/cases?after=x": "after",
        "/cases?after=2026-11-23T02:24:00.000Z~BX-1%0a": "after",
        "/cases?changed_since=2026-11-23": "changed_since",
        "/cases?open=yes": "open",
        "/cases?kind=%27%20OR%201=1": "kind",
        "/cases?name=x": "name",
        "/queue?limit=1": "limit",
        "/cases/BX20261123-001/events?after=-1": "after",
        "/cases?%0d%0aX=1": "?",
        "/cases?=1": "?",
    }.items():
        assert problem(system.get(path), 400, "parameter_invalid")["parameter"] == wrong, path
    long = "/tickets?state=" + "x" * 3000
    problem(system.get(long), 400, "parameter_invalid")


def test_errors_of_the_house_are_problems_too(desk_app: Flask, system: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    problem(system.get("/nothing-here"), 404, "http_404")
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = desk_app.test_client().open("/api/v1/cases", method=method)
        problem(answer, 405, "http_405")
        assert "GET" in answer.headers["Allow"]
    problem(desk_app.test_client().get("/api/v1/queue", base_url="http://evil.example"), 421, "http_421")
    import sqlite3

    def locked(*_: object, **__: object) -> None:
        error = sqlite3.OperationalError("database is locked")
        error.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise error

    monkeypatch.setattr(api_tokens, "admitted", locked)
    problem(system.get("/queue"), 503, "store_trouble")


def test_what_did_not_change_is_not_sent_again(system: Caller, store: Store, clock: Clock) -> None:
    registered(store, clock)
    for path in ("/cases", "/tickets", "/health"):
        first = system.get(path)
        assert first.headers["Cache-Control"] == "private, no-cache" and "Set-Cookie" not in first.headers
        again = system.get(path, **{"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), path
    first = system.get("/cases")
    registered(store, clock, nonce="more")
    assert system.get("/cases", **{"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_key_that_asks_too_often_waits_and_no_other_with_it(desk_app: Flask, store: Store, clock: Clock) -> None:
    greedy, other = Caller(desk_app, key_of(store, clock)), Caller(desk_app, key_of(store, clock, nonce="m"))
    statuses = [greedy.get("/tickets").status_code for _ in range(BURST + 1)]
    assert statuses == [200] * BURST + [429]
    answer = greedy.get("/tickets")
    problem(answer, 429, "too_often")
    assert other.get("/tickets").status_code == 200
    clock.forward(seconds=int(answer.headers["Retry-After"]))
    assert greedy.get("/tickets").status_code == 200


def test_a_clock_that_was_set_back_shuts_nobody_out() -> None:
    from tests.conftest import MORNING

    buckets = Buckets()
    assert [buckets.take(1, MORNING) for _ in range(BURST)] == [0] * BURST
    assert buckets.take(1, MORNING - timedelta(days=1)) > 0
    assert buckets.take(1, MORNING - timedelta(days=1) + timedelta(seconds=1)) == 0


def test_a_browser_that_practises_reads_the_real_box_by_its_key(system: Caller, store: Store, clock: Clock) -> None:
    system.client.set_cookie("practice", "anything")
    assert system.get("/queue").status_code == 200


def test_the_document_in_the_docs_is_the_one_that_is_served(desk_app: Flask) -> None:
    served = desk_app.test_client().get("/api/v1/openapi.json").json
    assert served == api_document.document()
    kept = (ROOT / "docs" / "openapi.json").read_text(encoding="utf-8")
    assert kept == json.dumps(api_document.document(), ensure_ascii=False, indent=1) + "\n", (
        "write it anew: python -m desk.api_document > docs/openapi.json"
    )
    # Each route is in it, and nothing else.
    routes = {rule.rule for rule in desk_app.url_map.iter_rules() if rule.endpoint.startswith("api.")}
    told = {f"/api/v1{path}".replace("{", "<").replace("}", ">") for path in served["paths"]}
    assert routes == told | {"/api/v1/openapi.json"}
