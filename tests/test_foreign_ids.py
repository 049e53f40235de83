"""Every route of the desk with ids of what is not the caller's: as if there were nothing, to the letter.

The table of the routes says who may call what; this says that to be allowed to call is not to be allowed to see. What
is shut to a role is asked by every method and step, and the answer must be that for a number which nothing has.
"""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from reception import worker_devices
from reception.permissions import Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.desk.test_sealed import PASSING
from tests.desk.test_work import PIN, sign_in
from tests.foreign import EVERYBODY, HEARERS, NAME, OWN, PHONE, STEPS, WORDS, Thing, things
from tests.reception.life import Life
from tests.routes import DESK

# What the forms of all acts may hold; a form that is refused before its case is looked for would show nothing.
FORM = {
    "nonce": "foreign",
    "reason": "核对情况",
    "text": "核对情况",
    "note": "核对情况",
    "result": "核对情况",
    "opinion": "同意",
    "findings": "核对情况",
    "finding": "valid",
    "handler": "chenjing",
    "worker": "zhaogang",
    "department": "maintenance",
    "channel": "phone",
    "method": "cash",
    "reached": "1",
    "score": "5",
    "about": "result",
    "kind": "receipt",
    "due_on": "2026-11-30",
    "due_at": "2026-11-30T10:00",
    "document": "id_card",
    "matched": "1",
    "hears": "service_head",
    "charge": "zhaoqiang",
    "owner": "zhaoqiang",
    "name": "张三",
    "phone": "13812345678",
    "work_done": "修好",
    "how": "paper",
    "liability": "common",
    "category": "water",
    "urgency": "ordinary",
    "to": "zhaogang",
    "printer": "front",
    "clock": "answer",
    "class": "A",
    "measures": "核对情况",
    "facts": "核对情况",
    "state": "done",
    "severity": "ordinary",
    "points": "5",
    "appointed_at": "2026-11-24T10:00",
    "text_en": "x",
    "stage": "before",
    "agent": "张三",
    "amount": "1",
    "wish": "道歉",
    "comment": "好",
}
# Where a form names the number of something else: the address, the field.
NAMED = (
    ("/cases/{own}/merge", "into"),
    ("/cases/{own}/link", "other"),
    ("/supervisions", "case_no"),
    ("/faults", "case_no"),
    ("/search", "query"),
    ("/search/export", "query"),
    ("/slips", "query"),
    ("/queue/complete", "holding"),
    ("/session/meet", "holding"),
    ("/complaints", "ticket"),
    ("/repairs", "ticket"),
    ("/cases/{own}/hand-out", "kind"),
)


def filled(rule: str, thing: Thing, key: str) -> list[str]:
    """Return the addresses of a rule with this key, one for each step that there is."""
    path = re.sub(rf"<[^<>]*{re.escape(thing.place.lstrip('<'))}", key, rule)
    found = [path]
    for place, steps in STEPS.items():
        found = [one.replace(place, step) for one in found for step in (steps if place in one else [""])]
    return [one for one in found if "<" not in one]


def answer(client: FlaskClient, method: str, path: str, form: dict[str, str], key: str) -> tuple[int, str]:
    """Return status and text of an answer, without what passes and without the number that was asked for."""
    with client.open(path, method=method, headers=SAME_ORIGIN, data=form if method == "POST" else None) as got:
        text = _text(got.data) + str(got.headers.get("Location", ""))
        return got.status_code, PASSING.sub("", text).replace(key if len(key) > 9 else f"/{key}", "")


def _text(data: bytes) -> str:
    """Return what an answer says; of a workbook its cells alone, for it bears the second in which it was made."""
    if not data.startswith(b"PK"):
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        cells = [name for name in sorted(book.namelist()) if name.startswith(("xl/worksheets/", "xl/sharedStrings"))]
        return "".join(book.read(name).decode() for name in cells)


def said(text: str) -> str:
    """Return the code of a refusal."""
    found = re.search(r'data-refused="(\w+)"', text)
    return found[1] if found else text[:80]


@pytest.fixture
def known(store: Store, clock: Clock) -> list[Thing]:
    """What there is that others may not know of."""
    return things(store, clock)


def reader(app: Flask, store: Store, clock: Clock, role: Role) -> FlaskClient:
    """Return the browser of the demo's member of staff of this role."""
    return client_of(app, store, actor(store, role), clock())


def told(store: Store) -> list[tuple[object, ...]]:
    """Return all that is known of the cases and orders, to see that nobody from outside moved them."""
    tables = ("cases", "work_orders", "supervisions", "photos", "tellings", "case_notes", "complaints", "print_jobs")
    return [tuple(row) for table in tables for row in store.rows(f"SELECT * FROM {table}")]  # noqa: S608


@pytest.mark.parametrize("role", sorted(EVERYBODY - HEARERS))
def test_what_is_not_ones_own_is_not_there(
    desk_app: Flask, store: Store, clock: Clock, known: list[Thing], role: Role
) -> None:
    client, before, tried, wrong = reader(desk_app, store, clock, role), told(store), 0, []
    for thing in (one for one in known if role in one.shut):
        for rule in desk_app.url_map.iter_rules():
            if thing.place not in rule.rule or DESK[rule.endpoint] in {"phone", "key"}:
                continue
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                for path, ghost in zip(
                    filled(rule.rule, thing, thing.key), filled(rule.rule, thing, thing.ghost), strict=True
                ):
                    found = answer(client, method, path, FORM, thing.key)
                    nothing = answer(client, method, ghost, FORM, thing.ghost)
                    if found != nothing or found[0] not in {403, 404}:
                        wrong.append((thing.name, method, path, found[0], nothing[0], said(found[1]), said(nothing[1])))
                    tried += 1
    assert not wrong
    assert told(store) == before
    assert tried > 100


@pytest.mark.parametrize("role", sorted(EVERYBODY - HEARERS))
def test_nor_where_a_form_names_it(desk_app: Flask, store: Store, clock: Clock, known: list[Thing], role: Role) -> None:
    own = Life(store, clock).register(nonce="own")
    client, before, wrong = reader(desk_app, store, clock, role), told(store), []
    for thing in (one for one in known if role in one.shut and len(one.key) > 9):
        for place, field in NAMED:
            path, form = place.format(own=own.no), {**FORM, "counter": "1"}
            found = answer(client, "POST", path, form | {field: thing.key}, thing.key)
            nothing = answer(client, "POST", path, form | {field: thing.ghost}, thing.ghost)
            if found != nothing or any(secret in found[1] for secret in (NAME, PHONE, WORDS)):
                wrong.append((thing.name, path, field, found[0], nothing[0], said(found[1]), said(nothing[1])))
    assert not wrong
    assert told(store) == before


def test_nor_on_the_phone_of_another_worker(
    desk_app: Flask, store: Store, clock: Clock, known: list[Thing], home: Path
) -> None:
    token = store.value("SELECT token FROM work_orders")
    other = worker_devices.sign_in(
        store, name="sunlei", password=json.loads((home / "login.json").read_text())["password"], pin=PIN, again=PIN,
        kind="other", now=clock(),
    )  # fmt: skip
    assert other
    phones = Thing(
        "another's phone", "device_id>", str(store.value("SELECT max(id) FROM worker_devices")), "99999", OWN
    )
    codes = Thing("the code of an order", "<token>", token, "A" * 26, OWN)
    client, before, tried, wrong = sign_in(desk_app, home), told(store), 0, []
    for thing in [*known, phones, codes]:
        for rule in desk_app.url_map.iter_rules():
            if thing.place not in rule.rule or DESK[rule.endpoint] != "phone":
                continue
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                for path, ghost in zip(
                    filled(rule.rule, thing, thing.key), filled(rule.rule, thing, thing.ghost), strict=True
                ):
                    found = answer(client, method, path, FORM, thing.key)
                    nothing = answer(client, method, ghost, FORM, thing.ghost)
                    if found != nothing or found[0] not in {403, 404, 422}:
                        wrong.append((thing.name, method, path, found[0], nothing[0], said(found[1]), said(nothing[1])))
                    tried += 1
    assert not wrong
    assert told(store) == before and store.value("SELECT count(*) FROM worker_devices") == 2
    assert tried > 15


def test_a_code_opens_only_what_it_was_given_for(
    kiosk_app: Flask, store: Store, clock: Clock, known: list[Thing]
) -> None:
    """The worker's code is none of the owner's page, a case's none of a ticket's, a complaint's no repair's."""
    kinds = {row["kind"]: row["token"] for row in store.rows("SELECT kind, token FROM cases")}
    worker = store.value("SELECT token FROM work_orders")
    client, before, wrong = kiosk_app.test_client(), told(store), []
    for rule in kiosk_app.url_map.iter_rules():
        if "<token>" not in rule.rule:
            continue
        strange = {"worker": worker, "incident": kinds["incident"]}
        if rule.endpoint.startswith("repair."):
            strange |= {"complaint": kinds["complaint"]}
        if rule.endpoint.startswith("booking.") or rule.rule.endswith(("/cancel", "/later", "/leave")):
            strange |= kinds
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            for kind, token in strange.items():
                # The worker reads how it stands, by his own slip; none of what the owner decides is his to send.
                if kind == "worker" and rule.endpoint.startswith(("visitor_page.page", "visitor_page.state")):
                    continue
                found = answer(client, method, rule.rule.replace("<token>", token), FORM, token)
                nothing = answer(client, method, rule.rule.replace("<token>", "A" * 26), FORM, "A" * 26)
                told_off = kind == "worker" and method == "POST" and found[0] in {403, 404, 422}
                if found != nothing and not told_off:
                    wrong.append((kind, method, rule.rule, found[0], nothing[0], said(found[1]), said(nothing[1])))
    assert not wrong
    assert told(store) == before


def test_a_file_that_waits_for_its_import_is_its_own_session_s(desk_app: Flask, store: Store, clock: Clock) -> None:
    mine, other = (reader(desk_app, store, clock, role) for role in (Role.ADMINISTRATOR, Role.MANAGER))
    sample = mine.get("/settings/import/sample/units/csv").data
    form = {"kind": "units", "file": (io.BytesIO(sample), "homes.csv")}
    assert mine.post("/settings/import", data=form, headers=SAME_ORIGIN).status_code == 303
    page = mine.get("/settings/import/checked").get_data(as_text=True)
    digest = re.search(r'name="sha256" value="(\w+)"', page)
    assert digest is not None
    apply = {"kind": "units", "sha256": digest[1], "nonce": "x"}
    for got in (
        other.get("/settings/import/checked"), other.post("/settings/import/apply", data=apply, headers=SAME_ORIGIN)
    ):  # fmt: skip
        assert 'data-refused="upload_gone"' in got.get_data(as_text=True)
