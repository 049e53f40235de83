"""The day at the desk over HTTP: its log, its checklists, who is in the building; bad input is refused, never a 5xx."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from db.store import Store
from reception import queue, visits
from reception.permissions import KIOSK, Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.reception.life import Life

BAD = [
    "",
    " ",
    "x",
    "0",
    "-1",
    "9" * 30,
    "\x00",
    "1e309",
    "' OR 1=1 --",
    "🙂" * 30,
    "0001-01-01",
    "9999-12-31",
    "2026-W48",
]


@pytest.fixture
def made(store: Store, clock: Clock) -> Life:
    """Who works there."""
    return Life(store, clock)


@pytest.fixture
def head(desk_app: Flask, store: Store, clock: Clock) -> FlaskClient:
    """The browser of the head of service."""
    return client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def post(client: FlaskClient, path: str, **form: str) -> int:
    return client.post(path, data=form, headers=SAME_ORIGIN).status_code


def nonce_in(html: str, action: str) -> str:
    found = re.search(
        rf'action="{action}">(?:<input type="hidden" name="day"[^>]*>)?<input[^>]*name="nonce" value="([^"]+)"', html
    )
    assert found is not None, action
    return found[1]


def visitor_to_a_host(store: Store, made: Life) -> str:
    ticket = visits.check_in(
        store, line="general", nonce="v", name="张建国", phone="13800005678", host="maintenance", by=KIOSK, now=made.now
    )
    queue.call_next(store, counter="1", by=made.desk, now=made.now)
    queue.complete(store, counter="1", holding=ticket.no, by=made.desk, now=made.now)
    return ticket.no


def test_the_log_page(desk: FlaskClient, head: FlaskClient, store: Store, made: Life) -> None:
    case = made.register()
    assert post(desk, "/log/notes", nonce="n", kind="handover", text="<b>钥匙</b>在抽屉") == 303
    html = text_of(desk, "/log")
    assert f'data-no="{case.no}"' in html and "&lt;b&gt;钥匙" in html and "13800005678" not in html
    assert 'action="/log/export"' not in html, "a receptionist takes no list out"
    assert 'data-unread="1"' in text_of(head, "/log") and 'data-unread-notes="1"' in text_of(head, "/")
    assert post(head, "/log/notes/read") == 303
    assert "data-unread=" not in text_of(head, "/log") and "陈静" in text_of(desk, "/log")
    assert 'data-line="repair"' not in text_of(desk, "/log?kind=complaint")
    # A day of before is only read.
    assert 'action="/log/notes"' not in text_of(desk, "/log?day=2026-11-20")


@pytest.mark.parametrize("field", ["day", "kind", "handler", "page"])
def test_bad_addresses_of_the_log(desk: FlaskClient, head: FlaskClient, field: str) -> None:
    for bad in BAD:
        assert desk.get("/log", query_string={field: bad}).status_code in {200, 422}, bad
        assert post(head, "/log/export", **{field: bad}) in {200, 422}, bad
        if field == "day":
            assert post(desk, "/log/print", nonce=f"p{bad}"[:100], day=bad) in {303, 422}, bad
            assert post(desk, "/log/print", nonce=f"p{bad}"[:100], day=bad) in {303, 422}, bad


def test_the_log_as_a_spreadsheet_is_written_down(head: FlaskClient, store: Store, made: Life) -> None:
    case = made.register()
    answer = head.post("/log/export", data={"kind": "repair"}, headers=SAME_ORIGIN)
    (sheet,) = load_workbook(io.BytesIO(answer.data))
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[2] for row in rows if case.no in row] == [case.no]
    detail = store.value("SELECT detail FROM events WHERE what = 'export'")
    assert '"list": "work_log"' in detail and '"kind": "repair"' in detail


def test_a_double_press_prints_the_day_once(desk: FlaskClient, store: Store) -> None:
    nonce = nonce_in(text_of(desk, "/log"), "/log/print")
    assert [post(desk, "/log/print", day="2026-11-23", nonce=nonce) for _ in range(2)] == [303, 303]
    assert store.value("SELECT count(*) FROM print_jobs WHERE kind = 'work_log'") == 1


def test_a_page_of_many_lines_leads_to_the_next(desk: FlaskClient, made: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reception.work_log.PAGE", 2)
    for _ in range(3):
        made.register()
    html = text_of(desk, "/log?kind=repair")
    assert html.count('data-line="repair"') == 2
    found = re.search(r'rel="next" href="([^"]+)"', html)
    assert found is not None
    assert text_of(desk, found[1].replace("&amp;", "&")).count('data-line="repair"') == 1
    assert text_of(desk, "/log?page=999").count("data-line") == 0


def test_the_checklists(desk: FlaskClient, head: FlaskClient, store: Store) -> None:
    assert 'data-open-checks="6"' in text_of(desk, "/")
    html = text_of(desk, "/day/opening")
    assert html.count("data-check-item") == 6 and 'action="/day/opening/self-test"' in html
    assert post(desk, "/self-test", nonce="t") == 303
    for item in ("paper", "clock", "handed-over", "comfort"):
        assert post(desk, f"/day/opening/{item}") == 303
    assert post(desk, "/day/opening/notices", skip="1", reason="") == 422
    assert post(desk, "/day/opening/notices", skip="1", reason="没有公告") == 303
    html = text_of(desk, "/day/opening")
    assert html.count('data-check-state="done"') == 5 and html.count('data-check-state="skipped"') == 1
    assert "data-open-checks" not in text_of(desk, "/") and "data-open-checks" not in text_of(desk, "/day-strip")
    assert "没有公告" in text_of(desk, "/log")
    # The day ends by way of the closing list, and nothing of it forbids it.
    assert 'href="/day/closing"' in text_of(desk, "/")
    assert 'action="/queue/close-day"' not in text_of(desk, "/day/closing")
    assert 'action="/queue/close-day"' in text_of(head, "/day/closing")
    assert post(head, "/queue/close-day") == 303
    assert 'data-checks="closing"' in text_of(head, "/days")


@pytest.mark.parametrize("path", ["/day/x", "/day/opening/x", "/day/x/comfort", "/day/opening/self-test"])
def test_bad_points(desk: FlaskClient, path: str) -> None:
    if path.count("/") == 2:
        assert desk.get(path).status_code == 422
    else:
        for form in ({}, {"skip": "1", "reason": "\x00"}, {"skip": "1", "reason": "长" * 81}):
            assert post(desk, path, **form) == 422, form


def test_who_is_in_the_building(desk: FlaskClient, store: Store, made: Life) -> None:
    no = visitor_to_a_host(store, made)
    html = text_of(desk, "/inside")
    assert f'data-person="{no}"' in html and "张**" in html and "张建国" not in html
    whole = desk.post("/inside/reveal", data={"reveal_reason": "asked"}, headers=SAME_ORIGIN).get_data(as_text=True)
    assert "张建国" in whole and "13800005678" in whole
    # What was shown whole is not refreshed behind somebody's back, nor shown again by a look.
    assert "hx-get" not in whole[whole.index('id="inside"') : whole.index("data-inside")]
    assert "张建国" not in text_of(desk, "/inside/list")
    nonce = nonce_in(html, "/inside/print")
    assert [post(desk, "/inside/print", nonce=nonce) for _ in range(2)] == [303, 303]
    assert store.value("SELECT count(*) FROM print_jobs WHERE kind = 'evacuation_roll' AND urgent = 1") == 1
    job = store.value("SELECT id FROM print_jobs WHERE kind = 'evacuation_roll'")
    store.execute("UPDATE print_jobs SET state = 'printed', sending_at = queued_at, ended_at = queued_at")
    assert post(desk, f"/papers/{job}/reprint", nonce="again") == 422
    assert post(desk, "/inside/left", ticket=no) == 303
    assert f'data-person="{no}"' not in text_of(desk, "/inside")
    for bad in BAD:
        assert post(desk, "/inside/left", ticket=bad) in {404, 422}, bad
        assert post(desk, "/inside/print", nonce=bad) in {303, 422}, bad


def test_the_counter_sends_a_visitor_on(desk: FlaskClient, store: Store, made: Life) -> None:
    visits.check_in(store, line="general", nonce="v", by=KIOSK, now=made.now)
    assert post(desk, "/queue/next", counter="1") == 303
    assert 'name="host" value="maintenance"' in text_of(desk, "/")
    for bad in BAD:
        assert post(desk, "/inside/host", counter="1", holding="A001", host=bad) == 422, bad
        assert post(desk, "/inside/host", counter=bad, holding="A001", host="maintenance") in {404, 409, 422}, bad
    assert post(desk, "/inside/host", counter="1", holding="A001", host="maintenance") == 303
    assert 'data-person="A001"' in text_of(desk, "/inside")


def test_he_scans_his_ticket_on_leaving(kiosk: FlaskClient, store: Store, made: Life) -> None:
    visitor_to_a_host(store, made)
    token = store.value("SELECT token FROM tickets")
    made.clock.forward(minutes=5)
    page = kiosk.post("/scan", data={"code": token}, headers=SAME_ORIGIN).headers["Location"]
    assert f'action="/T/{token}/leave"' in text_of(kiosk, page)
    assert post(kiosk, f"/T/{token}/leave") == 303
    assert f'action="/T/{token}/leave"' not in text_of(kiosk, page)
    kiosk.set_cookie("at_kiosk", "1")
    # The touch screen thanks him; he has missed no call.
    left = text_of(kiosk, page)
    assert "感谢您的到来" in left and "过号请" not in left
    assert store.value("SELECT left_at FROM visits") is not None
    assert post(kiosk, "/T/X/leave") in {404, 422}


def test_all_of_it_speaks_both_languages(desk: FlaskClient, store: Store, made: Life) -> None:
    visitor_to_a_host(store, made)
    desk.set_cookie("language", "en")
    for path, words in {
        "/log": "Work log",
        "/day/opening": "Opening checklist",
        "/day/closing": "visitor has not left",
        "/inside": "in the building now",
    }.items():
        assert words in text_of(desk, path), path
