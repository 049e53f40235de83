"""The session page, the agenda and the display of the room, over HTTP: every door with what people press."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db import printers, spool
from db.store import Store, writing
from reception import booking_facts, queue, session_agenda, tickets, visits
from reception.permissions import KIOSK, Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.reception.session_life import SessionLife

HTMX = SAME_ORIGIN | {"HX-Request": "true"}
NAMES = ("张建国", "138****5678", "13800005678", "地下车库")


@pytest.fixture
def made(store: Store, clock: Clock) -> SessionLife:
    made = SessionLife(store, clock, guests=3)
    made.at("10:00")
    return made


@pytest.fixture
def desk(desk_app: Flask, store: Store, made: SessionLife, clock: Clock) -> FlaskClient:
    """The recorder's page on the visit day."""
    return client_of(desk_app, store, actor(store, Role.RECEPTIONIST), clock())


def send(client: FlaskClient, path: str, **form: str) -> str:
    answer = client.post(path, data=form, headers=SAME_ORIGIN)
    assert answer.status_code == 303, (path, answer.get_data(as_text=True))
    return str(client.get(answer.headers["Location"]).get_data(as_text=True))


def refused(client: FlaskClient, path: str, **form: str) -> str:
    answer = client.post(path, data=form, headers=HTMX)
    assert 400 <= answer.status_code < 500, (path, answer.status_code)
    return str(re.findall(r'data-refused="([a-z_]+)"', answer.get_data(as_text=True))[0])


def test_a_guest_from_the_scanner_to_the_signed_decision(
    desk: FlaskClient, kiosk: FlaskClient, made: SessionLife, store: Store
) -> None:
    case = made.guests[0]
    kiosk.set_cookie("at_kiosk", "1")
    answer = kiosk.post("/scan", data={"code": f"http://box/T/{case.token}".upper()}, headers=SAME_ORIGIN)
    assert answer.status_code == 303
    screen = kiosk.get(answer.headers["Location"]).get_data(as_text=True)
    assert 'data-ticket-no="H001"' in screen and 'action="/priority"' not in screen and "/cancel" not in screen
    assert 'data-expected="10:00"' in screen
    assert "签到" in desk.get(f"/cases/{made.guests[1].no}").get_data(as_text=True)
    page = send(desk, "/session/check-in", who=made.guests[1].no)
    assert f"/session/guest/{made.guests[1].no}" in desk.get(f"/cases/{made.guests[1].no}").get_data(as_text=True)
    assert 'data-guest="H001"' in page and 'data-guest="H002"' in page
    assert not any(name in page for name in NAMES), "an owner looks on: nothing of those who wait"
    page = send(desk, "/session/call", holding="")
    assert 'data-holding="H001"' in page and "张建国" in page
    for wall in ("/display", "/display/room"):
        shown = kiosk.get(wall).get_data(as_text=True)
        assert 'data-ticket-no="H001"' in shown and not any(name in shown for name in NAMES)
    since = kiosk.get("/display/since?after=0").get_json()
    assert [call["no"] for call in since["calls"]] == ["H001"]
    assert [call["no"] for call in kiosk.get("/display/since?after=0&room=1").get_json()["calls"]] == ["H001"]
    visits.check_in(store, line="visit-day", nonce="j", by=KIOSK, now=made.now)
    queue.call_next(store, counter="1", by=made.desk, now=made.now)
    assert [call["no"] for call in kiosk.get("/display/since?after=0").get_json()["calls"]] == ["H001", "J001"]
    assert [call["no"] for call in kiosk.get("/display/since?after=0&room=1").get_json()["calls"]] == ["H001"]
    phone = kiosk.application.test_client().get(answer.headers["Location"]).get_data(as_text=True)
    assert 'data-state="called"' in phone and "接待室" in phone
    page = send(desk, "/session/begin", holding="H001")
    assert 'data-left="15"' in page and 'action="/session/decide"' in page
    assert refused(desk, "/session/end", holding="H001") == "talk_undecided"
    whole = {
        "no": case.no,
        "nonce": "d1",
        "opinion": "两周内修好道闸",
        "department": "maintenance",
        "due_on": "2026-12-18",
    }
    for field in ("opinion", "department", "due_on"):
        assert refused(desk, "/session/decide", **whole | {field: "", "nonce": f"d{field}"})
    page = send(desk, "/session/decide", **whole)
    assert 'data-decision="1"' in page and 'action="/session/read-back"' in page
    page = send(desk, "/session/decide", **whole | {"nonce": "d2", "opinion": "再加一盏灯"})
    assert 'data-decision="2"' in page
    page = send(desk, "/session/read-back", no=case.no, signed="paper")
    assert 'action="/session/decide"' not in page and 'action="/session/end"' in page
    # The paper is out, and he will not sign it: what is kept is what really happened.
    page = send(desk, "/session/signature", no=case.no, signed="refused")
    assert "不愿签字" in page and set(store.rows("SELECT signed FROM resolutions")[0]) == {"refused"}
    assert refused(desk, "/session/signature", no=case.no, signed="refused") == "nothing_changed"
    assert refused(desk, "/session/signature", no=case.no, signed="perhaps") == "signed_unknown"
    assert refused(desk, "/session/signature", no=made.guests[1].no, signed="paper") == "step_not_now"
    page = send(desk, "/session/end", holding="H001")
    assert 'data-holding=""' in page and made.again(case).state == "supervised"
    done = kiosk.get("/display").get_data(as_text=True)
    assert "H001" not in done, "who was received is on the wall while he is called, and no longer"


def test_the_page_said_who_is_there_and_is_made_anew_when_that_changes(desk: FlaskClient, made: SessionLife) -> None:
    made.check_in(made.guests[0])
    assert "HX-Refresh" not in desk.get("/session/now?page=").headers
    made.call()
    assert desk.get("/session/now?page=").headers["HX-Refresh"] == "true"
    assert "HX-Refresh" not in desk.get("/session/now?page=H001-called-checked_in").headers
    page = send(desk, "/session/call", holding="")
    assert 'data-holding="H001"' in page, "a press that came late shows who is there"
    assert refused(desk, "/session/recall", holding="H002") == "no_longer_held"
    assert refused(desk, "/session/nothing", holding="H001") == "choice_unknown"


def test_ten_to_twelve_the_page_warns_and_offers_what_to_do(
    desk_app: Flask, desk: FlaskClient, made: SessionLife, clock: Clock
) -> None:
    for case in made.guests[:2]:
        made.check_in(case)
    made.call()
    made.begin()
    assert "data-warns" not in desk.get("/session").get_data(as_text=True)
    made.at("11:50")
    # Nobody sat there for so long.
    desk = client_of(desk_app, made.store, made.desk, clock())
    page = desk.get("/session").get_data(as_text=True)
    assert 'data-warns="10"' in page and 'class="talk-clock late"' in page
    page = send(desk, "/session/extend", holding="H001", minutes="15")
    assert 'class="talk-clock late"' not in page and "(+15)" in page
    made.at("12:04")
    assert 'data-over="4"' in desk.get("/session").get_data(as_text=True)
    form = desk.get(f"/session/guest/{made.guests[1].no}").get_data(as_text=True)
    assert 'action="/session/rebook"' in form and 'action="/session/hand-over"' in form
    day = re.findall(r'<option value="(\d{4}-\d\d-\d\d)"', form)[0]
    send(desk, "/session/rebook", no=made.guests[1].no, day=day, starts="", reason="时间不够")
    assert booking_facts.details(made.store, made.guests[1]).visit_day_on == day


def test_those_who_wait_read_how_late_it_is(kiosk: FlaskClient, made: SessionLife) -> None:
    for case in made.guests[:2]:
        made.check_in(case)
    made.call()
    made.begin()
    made.at("10:25")
    token = made.store.value("SELECT token FROM tickets WHERE no = 'H002'")
    for path in (f"/T/{token}", f"/T/{token}/state", "/display/room"):
        page = kiosk.get(path).get_data(as_text=True)
        assert 'data-expected="10:25"' in page and 'data-behind="10"' in page, path
    booked = kiosk.get(f"/T/{made.guests[2].token}").get_data(as_text=True)
    assert 'data-visit-note="today"' in booked and 'data-expected="10:40"' in booked


def test_the_history_of_a_home_is_opened_and_written_down(desk: FlaskClient, made: SessionLife) -> None:
    made.check_in(made.guests[0])
    made.call()
    answer = desk.post("/session/history", data={"no": made.guests[0].no}, headers=SAME_ORIGIN)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200 and f'data-case="{made.guests[0].no}"' in page
    assert made.store.value("SELECT 1 FROM events WHERE what = 'see_home'")
    assert desk.post("/session/history", data={"no": "JF999999-01"}, headers=HTMX).status_code == 404


def test_no_session_today_and_who_was_left_over(desk_app: Flask, made: SessionLife, clock: Clock) -> None:
    made.check_in(made.guests[0])
    with writing(made.store):
        made.store.execute("UPDATE tickets SET state = 'expired', ended_at = issued_at WHERE no = 'H001'")
    made.at("12:05")
    made.tick()
    desk = client_of(desk_app, made.store, made.desk, clock())
    page = desk.get("/session").get_data(as_text=True)
    assert 'data-held="2026-12-04"' in page and f'data-left-over="{made.guests[0].no}"' in page
    assert made.guests[0].no in desk.get("/today").get_data(as_text=True)
    hand = {"opinion": "约时间", "department": "maintenance", "due_on": "2026-12-18", "signed": "absent", "nonce": "h"}
    page = send(desk, "/session/hand-over", no=made.guests[0].no, **hand)
    assert "data-left-over" not in page


def test_the_agenda_is_settled_and_the_heads_are_told(
    desk_app: Flask, desk: FlaskClient, made: SessionLife, clock: Clock, store: Store
) -> None:
    made.clock.at = made.clock.at.replace(day=1)
    head = client_of(desk_app, store, made.maintenance, clock())
    host = client_of(desk_app, store, made.manager, clock())
    assert head.get("/session/agenda").status_code == 409, "nobody chose his department yet"
    page = host.get("/session/agenda").get_data(as_text=True)
    assert re.search(r'value="maintenance" checked', page), "proposed from the signatures"
    assert all(f'data-entry="{case.no}"' in page for case in made.guests) and "张建国" in page
    assert refused(host, "/session/agenda", accompany="nobody") == "department_unknown"
    page = send(host, "/session/agenda", day="2026-12-04", accompany="maintenance")
    assert {made.again(case).state for case in made.guests} == {"scheduled"}
    told = head.get("/told").get_data(as_text=True)
    assert 'data-telling="accompany"' in told and 'href="/session/agenda"' in told
    assert "张建国" in head.get("/session/agenda").get_data(as_text=True)
    looks = store.value("SELECT count(*) FROM events WHERE what = 'read_agenda' AND by_id = ?", [made.maintenance.id])
    assert looks == 1
    assert desk.post("/session/agenda", data={"accompany": "x"}, headers=SAME_ORIGIN).status_code == 403
    # The deputy of another department does what the host does; whoever is neither does not.
    assert head.post("/session/agenda", data={"accompany": "maintenance"}, headers=SAME_ORIGIN).status_code == 409


def test_the_agenda_never_comes_out_at_the_kiosk(desk: FlaskClient, made: SessionLife, store: Store) -> None:
    assert refused(desk, "/session/agenda/print", nonce="p1") == "staff_printer_missing"
    with writing(store):
        printers.save(store, "behind", label="里间")
        printers.route(store, "day_agenda", "behind")
    page = send(desk, "/session/agenda/print", nonce="p2")
    assert 'class="saved"' in page
    row = store.row("SELECT printer, kind, facts FROM print_jobs WHERE kind = 'day_agenda'")
    assert row is not None and row["printer"] == "behind" and "张建国" in row["facts"]
    send(desk, "/session/agenda/print", nonce="p2")
    assert store.value("SELECT count(*) FROM print_jobs WHERE kind = 'day_agenda'") == 1
    assert spool is not None and session_agenda.MOST


def test_the_silent_key_in_the_room_marks_the_room_and_its_guest(
    desk: FlaskClient, made: SessionLife, store: Store
) -> None:
    page = desk.get("/session").get_data(as_text=True)
    assert "data-silent" in page and """hx-vals='{"room": "1"}'""" in page
    made.check_in(made.guests[0])
    made.call()
    made.begin()
    answer = desk.post("/special", data={"nonce": "s1", "room": "1"}, headers=HTMX)
    assert answer.status_code < 300
    row = store.row("SELECT incidents.counter, place, tickets.no FROM incidents JOIN tickets ON tickets.id = ticket_id")
    assert row is not None and tuple(row) == (None, "接待室", "H001")
    no = store.value("SELECT no FROM cases WHERE kind = 'incident'")
    send(desk, f"/special/{no}/do/lead-away", place="二楼会议室")
    assert tickets.by_id(store, store.value("SELECT id FROM tickets WHERE no = 'H001'")).state == "serving"


def test_nobody_but_those_of_the_session_reads_it(
    desk_app: Flask, made: SessionLife, clock: Clock, store: Store
) -> None:
    head = client_of(desk_app, store, made.maintenance, clock())
    for path in ("/session", "/session/now", "/session/list", f"/session/guest/{made.guests[0].no}"):
        answer = head.get(path)
        assert answer.status_code == 409 and "张建国" not in answer.get_data(as_text=True), path
    worker = client_of(desk_app, store, actor(store, Role.ADMINISTRATOR), clock())
    assert worker.get("/session").status_code == 403


def test_a_beginning_is_taken_back_and_the_session_ends_by_two_presses(
    desk: FlaskClient, made: SessionLife, store: Store
) -> None:
    for case in made.guests:
        made.check_in(case)
    send(desk, "/session/call", holding="")
    page = send(desk, "/session/begin", holding="H001")
    assert "/session/take-back" in page and "/session/end" not in page
    page = send(desk, "/session/take-back", holding="H001")
    assert "/session/begin" in page and 'data-holding="H001"' in page
    assert refused(desk, "/session/take-back", holding="H001") == "talk_not_begun"
    send(desk, "/session/begin", holding="H001")
    made.decide(made.guests[0])
    assert "/session/take-back" not in desk.get("/session").get_data(as_text=True)
    assert refused(desk, "/session/take-back", holding="H001") == "talk_decided"
    send(desk, "/session/end", holding="H001")
    while made.waiting:
        made.receive()
    page = desk.get("/session").get_data(as_text=True)
    asked = page[page.index('data-shortcut="x"') :]
    assert asked.index("</summary>") < asked.index('action="/session/hold"'), "the key opens a question"
    assert "/summary" in send(desk, "/session/hold")
