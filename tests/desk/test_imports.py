"""Import and export at the desk: checked on screen, applied as checked, forgotten in time; lists go out and print."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from db.store import Store
from desk import imports as view
from desk.uploads import AT_MOST
from reception import repairs, spreadsheets
from reception.permissions import Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.desk.test_work import sign_in
from tests.routes import DESK, PHONE, endpoints

GOOD = "楼栋,单元,房号\n50,1,101\n50,1,102\n".encode()
BAD = "楼栋,单元,房号,x\n50,1,101,\n50,1,?,\n".encode()


@pytest.fixture
def manager(desk_app: Flask, store: Store, clock: Clock) -> FlaskClient:
    """The manager's browser."""
    return client_of(desk_app, store, actor(store, Role.MANAGER), clock())


def send(client: FlaskClient, data: bytes, kind: str = "units", **headers: str) -> TestResponse:
    """Upload a file, as a browser writes it."""
    part = '--x\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
    words = part.format("kind", "") + kind + "\r\n" + part.format("file", '; filename="homes.csv"')
    return client.post(
        "/settings/import",
        data=words.encode() + data + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
        headers=SAME_ORIGIN | headers,
    )


def button(client: FlaskClient) -> dict[str, str]:
    """The hidden fields of the import button on the page of the checked file."""
    html = client.get("/settings/import/checked").get_data(as_text=True)
    form = re.search(r'action="/settings/import/apply".*?</form>', html, re.DOTALL)
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0])) if form else {}


def press(client: FlaskClient, fields: dict[str, str]) -> TestResponse:
    """Press the import button."""
    return client.post("/settings/import/apply", data=fields, headers=SAME_ORIGIN)


def count(store: Store) -> int:
    """How many of the new homes there are."""
    found: int = store.value("SELECT count(*) FROM units WHERE building = '50'")
    return found


def test_check_then_import_exactly_that_file_once(manager: FlaskClient, store: Store) -> None:
    assert "settings/import" in manager.get("/settings").get_data(as_text=True)
    answer = send(manager, GOOD)
    assert (answer.status_code, answer.location) == (303, "/settings/import/checked") and count(store) == 0
    fields = button(manager)
    assert count(store) == 0
    done = press(manager, fields)
    assert done.status_code == 303 and count(store) == 2
    assert 'data-imported="units"' in manager.get(done.location).get_data(as_text=True)
    # The second press of a double tap is answered as the first was, though the file is gone.
    assert press(manager, fields).location == done.location and count(store) == 2
    assert manager.get("/settings/import/checked").status_code == 409


def test_bad_lines_stand_on_the_screen_and_nothing_is_offered(manager: FlaskClient, store: Store) -> None:
    send(manager, BAD)
    html = manager.get("/settings/import/checked").get_data(as_text=True)
    assert 'data-ok="0"' in html and html.count("data-bad=") == 1 and 'data-bad="unit_part_invalid"' in html
    assert not button(manager)


def test_many_bad_lines_come_in_pages(manager: FlaskClient) -> None:
    send(manager, "楼栋,单元,房号\n".encode() + b"50,1,?\n" * 250)
    for page, shown in (("1", 100), ("3", 50), ("99", 50), ("x", 100), ("-1", 100)):
        html = manager.get(f"/settings/import/checked?page={page}").get_data(as_text=True)
        assert html.count("data-bad=") == shown, page


def test_another_file_than_the_checked_one_is_not_imported(
    manager: FlaskClient, desk_app: Flask, store: Store, clock: Clock
) -> None:
    send(manager, GOOD)
    fields = button(manager)
    other = client_of(desk_app, store, actor(store, Role.ADMINISTRATOR), clock())
    assert press(other, fields).status_code == 409
    send(manager, GOOD + b"50,1,103\n")
    assert press(manager, fields).status_code == 409 and count(store) == 0
    assert press(manager, {**button(manager), "kind": "residents"}).status_code == 409
    assert press(manager, button(manager)).status_code == 303 and count(store) == 3


@pytest.mark.parametrize("way", ["time", "logout", "next", "clock back"])
def test_the_file_is_forgotten(
    manager: FlaskClient, desk: FlaskClient, desk_app: Flask, store: Store, clock: Clock, way: str
) -> None:
    send(manager, GOOD)
    fields = button(manager)
    kept = desk_app.extensions["uploads"]
    assert len(kept._kept) == 1
    if way == "time":
        for _ in range(3):
            clock.forward(minutes=10)
            manager.get("/settings/import")
        assert len(kept._kept) == 1
        clock.forward(minutes=1)
        desk.get("/login")  # anybody's request clears it away
    elif way == "clock back":
        clock.forward(minutes=-1)
        desk.get("/login")
    elif way == "logout":
        manager.post("/logout", headers=SAME_ORIGIN)
    else:
        assert send(manager, b"PK\x03\x04").status_code == 422
    assert not kept._kept
    again = client_of(desk_app, store, actor(store, Role.MANAGER), clock())
    assert press(again, fields).status_code == 409 and count(store) == 0


def test_many_sessions_do_not_fill_the_memory(desk_app: Flask, store: Store, clock: Clock) -> None:
    for _ in range(AT_MOST + 3):
        send(client_of(desk_app, store, actor(store, Role.MANAGER), clock()), GOOD)
    assert len(desk_app.extensions["uploads"]._kept) == AT_MOST


def test_nothing_of_a_file_is_kept_before_it_is_imported(manager: FlaskClient, home: Path) -> None:
    send(manager, "房号,姓名,电话,身份\n1-1-101,无人知晓,13911119999,业主\n".encode(), "residents")
    assert button(manager)
    for file in home.rglob("*"):
        assert not file.is_file() or "无人知晓".encode() not in file.read_bytes(), file


@pytest.mark.parametrize(
    ("data", "code"), [(b"", "file_empty"), (b"\xff\xff", "file_unreadable"), (b"\xd0\xcf\x11\xe0", "file_old_excel")]
)
def test_a_file_that_is_none_says_so(manager: FlaskClient, data: bytes, code: str) -> None:
    for headers in ({}, {"HX-Request": "true"}):
        answer = send(manager, data, **headers)
        assert answer.status_code == 422 and f'data-refused="{code}"' in answer.get_data(as_text=True)
    assert send(manager, GOOD, "staff").status_code == 404
    answer = manager.post("/settings/import", data={"kind": "units"}, headers=SAME_ORIGIN)
    assert 'data-refused="file_missing"' in answer.get_data(as_text=True)


def test_a_file_up_to_the_bound_and_not_beyond(manager: FlaskClient) -> None:
    rows = GOOD + b"\n" * (spreadsheets.MAX_BYTES - len(GOOD))
    assert send(manager, rows).status_code == 303
    answer = send(manager, rows + b"\n")
    assert answer.status_code == 422 and 'data-refused="file_too_big"' in answer.get_data(as_text=True)
    assert send(manager, b"x" * view.MAX_UPLOAD).status_code == 413
    assert send(manager, GOOD, "x" * 300_000).status_code == 413


# Who may send more than 64 KB, how much, and why: a table of the centre; a photo of a work order.
PHOTO = (12 * 1024 + 64) * 1024
TAKES_MORE = {
    "imports.check": 2 * 1024 * 1024 + 16 * 1024,
    "work_photos.add": PHOTO,
    "patrols.report": PHOTO,
    "patrols.report_on_phone": PHOTO,
    "custody_rounds.report": PHOTO,
    "custody_rounds.report_on_phone": PHOTO,
}
# What ends or changes the caller's own session, in the order in which he can still do it.
LEAVING = {
    name: turn
    for turn, name in enumerate(
        ("practice.start", "login.lock", "work_sign_in.lock", "login.leave", "work_sign_in.leave")
    )
}


def test_few_routes_take_more_than_64_kilobytes_and_no_other(
    desk_app: Flask, kiosk_app: Flask, store: Store, clock: Clock, home: Path
) -> None:
    """Asked of each view that runs: somebody is let in by every route, and what it may take by then is noted."""
    bounds: dict[str, set[int | None]] = {}
    let_in: set[str] = set()

    def note(answer: Response) -> Response:
        bounds.setdefault(str(request.endpoint), set()).add(request.max_content_length)
        door = answer.location and answer.location.split("?")[0] in {"/login", "/work/sign-in", "/work/pin"}
        if answer.status_code != 403 and (request.endpoint in LEAVING or not door):
            let_in.add(str(request.endpoint))
        return answer

    for app in (desk_app, kiosk_app):
        app.after_request_funcs.setdefault(None, []).append(note)
    sign_in(desk_app, home, "zhaogang")
    # Each with the routes that are his; what ends a session or a phone comes last.
    callers = [(kiosk_app.test_client(), set(endpoints(kiosk_app))), (sign_in(desk_app, home), PHONE)]
    roles = (Role.MANAGER, Role.RECEPTIONIST, Role.SERVICE_HEAD, Role.TEAM_LEADER, Role.ADMINISTRATOR)
    desk = set(DESK) - PHONE
    callers += [(client_of(desk_app, store, actor(store, role), clock()), desk) for role in roles]
    changing: set[str] = set()
    for client, his in callers:
        routes = endpoints(client.application)
        for name in sorted(his, key=lambda name: (LEAVING.get(name, -1), name)):
            if routes[name][0] == "POST":
                client.post(routes[name][1], headers=SAME_ORIGIN)
                changing.add(name)
    assert let_in >= changing, changing - let_in
    assert {name: most for name, most in bounds.items() if most != {64 * 1024}}.keys() == TAKES_MORE.keys()
    # Who is turned away at the door meets 64 KB; who is let in, this much.
    assert {name: max(size or 10**9 for size in bounds[name]) for name in TAKES_MORE} == TAKES_MORE


def test_who_sends_more_is_asked_who_he_is_first(desk_app: Flask, desk: FlaskClient) -> None:
    large = {"name": "x" * 70_000, "query": "1"}
    assert desk.post("/search", data=large, headers=SAME_ORIGIN).status_code == 413
    assert desk.post("/settings/import", data=large, headers=SAME_ORIGIN).status_code == 403
    for stranger in (desk_app.test_client(), desk):
        answer = stranger.post("/work/o/GD20260101-001/photos", data=large, headers=SAME_ORIGIN)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/work/sign-in")


def test_samples(manager: FlaskClient) -> None:
    for kind in ("units", "residents", "cases", "prices"):
        answer = manager.get(f"/settings/import/sample/{kind}/xlsx")
        assert answer.headers["Cache-Control"] == "no-store" and "attachment" in answer.headers["Content-Disposition"]
        assert load_workbook(io.BytesIO(answer.data)).active.max_row == 3
        assert manager.get(f"/settings/import/sample/{kind}/csv").data.startswith(b"\xef\xbb\xbf")
    assert manager.get("/settings/import/sample/units/pdf").status_code == 404
    assert manager.get("/settings/import/sample/staff/csv").status_code == 404


@pytest.fixture
def some_cases(store: Store, clock: Clock) -> Iterator[None]:
    """More open repairs than a screen shows."""
    by = actor(store, Role.RECEPTIONIST)
    for number in range(103):
        repairs.register(
            store, nonce=f"{number}", name="张建国", phone="13800005678", unit="1-1-101", category="water",
            content="漏水", convenient_time="周六", urgency="ordinary", by=by, now=clock(),
        )  # fmt: skip
    yield


def sheet_of(answer: TestResponse) -> list[tuple[object, ...]]:
    """The rows of an exported list."""
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert "attachment" in answer.headers["Content-Disposition"]
    return list(load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True))


def test_the_list_of_cases_goes_out_whole_masked_and_written_down(
    desk_app: Flask, desk: FlaskClient, store: Store, clock: Clock, some_cases: None
) -> None:
    head = client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())
    assert "data-export" in head.get("/cases").get_data(as_text=True)
    assert "data-export" not in desk.get("/cases").get_data(as_text=True)
    rows = sheet_of(head.post("/cases/export", data={"kind": "repair"}, headers=SAME_ORIGIN))
    assert rows[0][:6] == ("编号", "类型", "状态", "住址", "姓名", "电话")
    assert len(rows) == 104 and rows[1][4:6] == ("张**", "138****5678") and "2026-11-23 10:24" in rows[1]
    detail = store.value("SELECT detail FROM events WHERE what = 'export'")
    assert '"rows": 103' in detail and "张" not in detail and "138" not in detail
    assert head.post("/cases/export", data={"kind": "x"}, headers=SAME_ORIGIN).status_code == 422
    assert desk.post("/cases/export", data={"kind": "repair"}, headers=SAME_ORIGIN).status_code == 403
    assert head.post("/cases/export", data={"kind": "repair"}).status_code == 403
    assert store.value("SELECT count(*) FROM events WHERE what = 'export'") == 1


def test_the_lists_of_the_settings_go_out(manager: FlaskClient, store: Store) -> None:
    for table in ("lines", "purposes", "counters", "notices", "visit_day_rules", "departments", "staff"):
        rows = sheet_of(manager.post(f"/settings/list/{table}/export", headers=SAME_ORIGIN))
        shown = manager.get(f"/settings/list/{table}").get_data(as_text=True)
        assert all(str(head) in shown for head in rows[0]), table
        assert not any("argon2" in str(cell) for row in rows for cell in row)
    assert store.value("SELECT count(*) FROM events WHERE what = 'export'") == 7
    assert manager.post("/settings/list/x/export", headers=SAME_ORIGIN).status_code == 404


def test_lists_can_be_printed(manager: FlaskClient, desk: FlaskClient) -> None:
    for client, page in ((desk, "/cases"), (manager, "/settings/list/lines")):
        html = client.get(page).get_data(as_text=True)
        assert "data-print" in html and 'class="print-head"' in html and "onclick" not in html
