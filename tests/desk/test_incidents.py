"""Special receptions at the desk: by the forms that staff send, and nowhere for whoever is not let in."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db import printers
from db.store import Store, writing
from desk import incidents as views
from reception import incident_facts, incident_slips, incident_steps, incidents, tables
from reception.cases import Case
from reception.permissions import MAY, Role
from reception.table_columns import TABLES
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.desk.test_sealed import read
from tests.reception.test_incidents import RECORD, Incidents
from tests.routes import STREAMS, endpoints

HTMX = SAME_ORIGIN | {"HX-Request": "true"}
# Words that stand in this incident and nowhere else.
SECRET = ("紫荆花事", "隔壁茶室", "某某日报")


@pytest.fixture
def made(store: Store, clock: Clock) -> Incidents:
    return Incidents(store, clock)


def send(client: FlaskClient, path: str, **form: str) -> str:
    """Send a form, which must be good; return the page that it leads to."""
    answer = client.post(path, data=form, headers=SAME_ORIGIN)
    assert answer.status_code == 303, (path, answer.get_data(as_text=True))
    return str(client.get(answer.headers["Location"]).get_data(as_text=True))


def number(store: Store) -> str:
    return str(store.value("SELECT no FROM cases WHERE kind = 'incident' ORDER BY id DESC"))


def test_the_silent_press_answers_marks_alone(
    desk_app: Flask, desk: FlaskClient, store: Store, clock: Clock, made: Incidents
) -> None:
    made.serve()
    desk.post("/queue/seat", data={"counter": "1"}, headers=SAME_ORIGIN)
    answer = desk.post("/special", data={"nonce": "s"}, headers=HTMX)
    html = answer.get_data(as_text=True)
    no = number(store)
    assert answer.status_code == 200 and f'data-special="{no}"' in html
    # Not a word that could be read over the counter.
    assert re.sub(r"<[^>]*>", "", html).split() == []
    assert "A001" in desk.get(f"/special/{no}").get_data(as_text=True)
    head = client_of(desk_app, store, made.head, clock())
    live = head.get("/special/live").get_data(as_text=True)
    assert "请过来一下" in live and "突发" not in live
    seen = head.post(f"/special/{no}/do/acknowledge", data={"quiet": "1"}, headers=HTMX).get_data(as_text=True)
    assert "请过来一下" not in seen
    assert 'class="special-mark taken"' in desk.get("/special/live").get_data(as_text=True)
    # A press without the script leads back to the desk.
    assert desk.post("/special", data={"nonce": "s"}, headers=SAME_ORIGIN).headers["Location"] == "/"


def test_from_the_card_to_the_archive_by_forms(
    desk_app: Flask, desk: FlaskClient, store: Store, clock: Clock, made: Incidents
) -> None:
    page = send(
        desk,
        "/special/new",
        nonce="a",
        where="office",
        arrival="media",
        organisation="某某日报",
        headcount="2",
        composition="记者",
        purpose="采访电梯",
        eta="",
        place="",
    )
    no = number(store)
    assert "基层职员不接受采访" in page and "安全主管" in page and 'data-state="open"' in page
    assert store.value("SELECT count(*) FROM tickets") == 0
    assert "会议室" in send(desk, f"/special/{no}/do/lead-away", place="会议室")
    contact = re.findall(r'data-contact="(\d+)"', page)[0]
    assert "没联系上" in send(desk, f"/special/{no}/do/notify", contact=contact, channel="phone", reached="0")
    assert 'data-state="contained"' in send(desk, f"/special/{no}/do/contain")
    assert "填报期限" in send(desk, f"/special/{no}/do/handle")
    refused = desk.post(f"/special/{no}/do/report", headers=SAME_ORIGIN)
    assert refused.status_code == 422 and 'data-refused="record_incomplete"' in refused.get_data(as_text=True)
    send(desk, f"/special/{no}/do/record", version="0", **RECORD)
    assert 'data-state="reported"' in send(desk, f"/special/{no}/do/report")
    assert desk.post(f"/special/{no}/do/archive", headers=SAME_ORIGIN).status_code == 403
    manager = client_of(desk_app, store, made.manager, clock())
    assert "TF2026-001" in send(manager, f"/special/{no}/do/archive")
    page = send(manager, f"/special/{no}/do/study", title="媒体到访", text="先请到会议室，再由公司安排受访人。")
    assert "媒体到访" in page
    form = manager.get(f"/special/{no}/form").get_data(as_text=True)
    assert "突发事件处理记录表" in form and RECORD["facts"] in form and "TF2026-001" in form


def kept(store: Store) -> list[list[tuple[object, ...]]]:
    """Return all that an act could change of an incident."""
    names = ("cases", "incidents", "incident_notices", "incident_seen", "case_readers", "case_notes", "events")
    return [[tuple(row) for row in store.rows(f"SELECT * FROM {name}")] for name in names]  # noqa: S608


BAD: tuple[tuple[str, dict[str, str], int, str], ...] = (
    ("classify", {"where": "moon", "letter": "A"}, 422, "choice_unknown"),
    ("classify", {"where": "office", "letter": "D"}, 422, "class_missing"),
    ("notify", {"contact": "x", "channel": "phone", "reached": "1"}, 422, "contact_unknown"),
    ("notify", {"contact": "1", "channel": "smoke", "reached": "1"}, 422, "channel_unknown"),
    ("notify", {"contact": "1", "channel": "phone", "reached": "2"}, 422, "choice_unknown"),
    ("notify", {"contact": "9" * 30, "channel": "phone", "reached": "1"}, 422, "contact_unknown"),
    ("record", {"version": "0", "headcount": "0"}, 422, "headcount_invalid"),
    ("record", {"version": "0", "headcount": "１２３４"}, 422, "headcount_invalid"),
    ("record", {"version": "0", "eta": "tomorrowish"}, 422, "time_invalid"),
    ("record", {"version": "0", "media": "perhaps"}, 422, "choice_unknown"),
    ("record", {"version": "0", "facts": "长" * 501}, 422, "text_too_long"),
    ("record", {"version": "0", "facts": "a\u202eb"}, 422, "text_invalid"),
    ("record", {"version": ""}, 409, "changed_meanwhile"),
    ("record", {"version": "零"}, 409, "changed_meanwhile"),
    ("escalate", {"reason": ""}, 422, "reason_missing"),
    ("withdraw", {"reason": "长" * 81}, 422, "text_too_long"),
    ("lead-away", {"place": " "}, 422, "place_missing"),
    ("handle", {}, 422, "class_missing"),
    ("report", {}, 409, "step_not_now"),
    ("slip", {}, 422, "staff_printer_missing"),
)


def test_bad_input_is_refused_with_a_sentence_and_changes_nothing(
    desk: FlaskClient, store: Store, made: Incidents
) -> None:
    case = made.press()
    before = kept(store)
    for way, form, status, code in BAD:
        answer = desk.post(f"/special/{case.no}/do/{way}", data=form, headers=SAME_ORIGIN)
        assert (answer.status_code, way) == (status, way), form
        assert f'data-refused="{code}"' in answer.get_data(as_text=True), (way, form)
        assert kept(store) == before, (way, form)


def test_there_is_no_other_step(desk_app: Flask, desk: FlaskClient, store: Store, made: Incidents) -> None:
    assert desk.post(f"/special/{made.press().no}/do/explode", headers=SAME_ORIGIN).status_code == 404
    assert desk.get("/special/TX20260101-999").status_code == 404
    assert desk.get("/special?year=abc").status_code == 200
    head = client_of(desk_app, store, made.head, made.clock())
    assert head.get("/special?year=abc").status_code == 422


def test_the_centre_keeps_both_lists(desk_app: Flask, store: Store, clock: Clock, made: Incidents) -> None:
    contact = {
        "site": "office", "class": "B", "moment": "at_once", "title": "工会主席", "title_en": "", "name": "何平",
        "phone": "13900000001", "staff": "liuyang", "wait_minutes": "3", "position": "0", "active": "1",
    }  # fmt: skip
    tables.save(store, table=TABLES["incident_contacts"], key="", values=contact, by=made.manager, now=clock())
    card = {
        "site": "office",
        "class": "B",
        "kind": "say",
        "text": "我记下来",
        "text_en": "",
        "position": "0",
        "active": "1",
    }
    tables.save(store, table=TABLES["incident_cards"], key="", values=card, by=made.manager, now=clock())
    case = made.press()
    incident_steps.classify(store, no=case.no, where="office", letter="B", **made.also)
    assistant = client_of(desk_app, store, actor(store, Role.ASSISTANT), clock())
    page = assistant.get(f"/special/{case.no}").get_data(as_text=True)
    assert "工会主席" in page and "何平" in page and "我记下来" in page


# Nowhere for whoever is not let in.


def told_everything(store: Store, made: Incidents) -> Case:
    """Raise an incident at a counter, with words of its own in every part of it, a slip in the spool, and a ticket."""
    made.serve()
    case = made.press()
    no = case.no
    incident_steps.classify(store, no=no, where="office", letter="C", **made.also)
    incidents.lead_away(store, no=no, place="隔壁茶室", **made.also)
    said = RECORD | {"facts": "紫荆花事", "organisation": "某某日报", "result": "紫荆花事"}
    incident_steps.record(store, no=no, version="0", **said, **made.also)
    incident_steps.escalate(store, no=no, reason="紫荆花事", **made.also)
    with writing(store):
        printers.save(store, "back", address="tcp://127.0.0.1:9101")
        printers.route(store, "reception_slip", "back")
    incident_slips.print_slip(store, no=no, **made.also)
    incident_steps.handle(store, no=no, **made.also)
    made.clock.forward(days=9)
    return case


def pages(app: Flask, case: Case, job: int) -> Iterator[tuple[str, str]]:
    """Yield (endpoint, path) of every page of an app that is read, with the values of this incident."""
    values = {"BX20260101-001": case.no, "GD20260101-001": case.no, "A" * 26: case.token}
    for endpoint, (method, path) in endpoints(app).items():
        if method == "POST" or endpoint in STREAMS:
            continue
        for old, new in values.items():
            path = path.replace(old, new)
        yield endpoint, path
        if path.endswith("/1"):
            yield endpoint, f"{path[:-1]}{job}"
    for path in (
        "/cases?kind=incident&scope=all",
        "/cases?scope=all&state=handled",
        "/board?scope=all",
        "/special/live",
    ):
        yield "", path


def test_an_outsider_finds_it_nowhere(
    desk_app: Flask, kiosk: FlaskClient, kiosk_app: Flask, store: Store, clock: Clock, made: Incidents
) -> None:
    case = told_everything(store, made)
    job = int(store.value("SELECT max(id) FROM print_jobs"))
    now = made.clock()
    incident_steps.name_concerned(store, no=case.no, logins=["wanglin", "chenjing"], by=made.manager, now=now)
    hidden = (*SECRET, case.no, case.token, case.no[-3:] + " ")
    outsiders = [role for role in Role if role not in {Role.MANAGER, Role.KIOSK, Role.TOKEN_HOLDER, Role.BOX}]
    read = 0
    for role in outsiders:
        client = client_of(desk_app, store, actor(store, role), now)
        for endpoint, path in pages(desk_app, case, job):
            with client.get(path) as answer:
                text = answer.get_data().decode(errors="replace")
                assert answer.status_code < 500, (role, path)
                # Of what was asked for by its number, the address alone may come back.
                text = text.replace(path, "").replace(f'value="{path}"', "")
                assert not [word for word in hidden if word in text], (role, endpoint, path)
                read += 1
        for path, form in {
            "/search": {"query": case.no},
            "/search/export": {"query": case.no},
            "/cases/export": {"scope": "all"},
            "/due/export": {},
            f"/cases/{case.no}/reveal": {"reveal_reason": "asked"},
            f"/cases/{case.no}/note": {"text": "x"},
            f"/papers/{job}/reprint": {"nonce": f"r{role}"},
            **{f"/special/{case.no}/do/{way}": {"place": "x", "reason": "x"} for way in views.STEPS},
            f"/special/{case.no}/concerned": {},
        }.items():
            with client.post(path, data=form, headers=SAME_ORIGIN) as answer:
                text = answer.get_data().decode(errors="replace")
                assert answer.status_code < 500, (role, path)
                assert not [word for word in SECRET if word in text], (role, path)
    assert read > 200
    for endpoint, path in pages(kiosk_app, case, job):
        with kiosk.get(path) as answer:
            text = answer.get_data().decode(errors="replace").replace(path, "")
            assert answer.status_code < 500, path
            assert not [word for word in (*SECRET, case.no) if word in text], (endpoint, path)
    # All that was tried left it as it was.
    assert incident_facts.find(store, case.no, by=made.manager).state == "handled"


def test_to_the_letter_every_page_of_the_others_stays_the_same(
    desk_app: Flask, store: Store, clock: Clock, made: Incidents
) -> None:
    """Whatever comes of it: what they read, search, count and take out is what it was."""
    made.serve()
    with writing(store):
        printers.save(store, "back", address="tcp://127.0.0.1:9101")
        printers.route(store, "reception_slip", "back")
    others = (made.desk, actor(store, Role.ASSISTANT), actor(store, Role.ADMINISTRATOR))
    clients = {one.role: client_of(desk_app, store, one, made.clock()) for one in others}
    before = {}
    for role, client in clients.items():
        # The first look writes that it was a look.
        read(client, desk_app)
        before[role] = read(client, desk_app)
    case = incidents.press(store, nonce="n", counter="1", by=made.head, now=made.clock())
    no = case.no
    also: dict[str, Any] = {"by": made.head, "now": made.clock()}
    incident_steps.name_concerned(store, no=no, logins=["wanglin"], **also)
    incident_steps.classify(store, no=no, where="office", letter="A", **also)
    incident_slips.print_slip(store, no=no, **also)
    incident_steps.handle(store, no=no, **also)
    incident_steps.record(store, no=no, version="0", **RECORD, **also)
    for step in (incident_steps.report, incident_steps.archive):
        step(store, no=no, **also)
    for role, client in clients.items():
        after = read(client, desk_app)
        assert {path for path in after if before[role][path] != after[path]} == set(), role


def test_not_even_those_let_in_meet_it_where_others_look(
    desk_app: Flask, store: Store, clock: Clock, made: Incidents
) -> None:
    case = told_everything(store, made)
    job = int(store.value("SELECT max(id) FROM print_jobs"))
    for insider in (made.desk, made.head, made.manager):
        client = client_of(desk_app, store, insider, made.clock())
        for endpoint, path in pages(desk_app, case, job):
            if endpoint.startswith("incidents.") or path == "/special/live":
                continue
            with client.get(path) as answer:
                text = answer.get_data().decode(errors="replace").replace(path, "")
                assert answer.status_code < 500, path
                assert not [word for word in (*SECRET, case.no) if word in text], (insider.role, endpoint, path)
        assert case.no in client.get("/special").get_data(as_text=True)


def test_the_late_record_is_seen_by_the_heads_alone(
    desk_app: Flask, store: Store, clock: Clock, made: Incidents
) -> None:
    case = told_everything(store, made)
    for insider, late in ((made.desk, False), (made.head, True), (made.manager, True)):
        client = client_of(desk_app, store, insider, made.clock())
        for path in ("/special", f"/special/{case.no}"):
            assert ("overdue-mark" in client.get(path).get_data(as_text=True)) is late, (insider.role, path)
    assert MAY["see_incident_figures"] == {Role.SERVICE_HEAD, Role.MANAGER}
