"""Known faults at the desk, through its forms: declared, seen at once everywhere, joined, restored, told."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from db.store import Store
from reception.permissions import Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of

HTMX = SAME_ORIGIN | {"HX-Request": "true"}
PIPE = {"nonce": "d", "area": "building", "building": "3", "cause": "water", "what": "主管爆裂"}


def post(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Send a form as htmx does."""
    return client.post(path, data=fields, headers=HTMX)


def plain(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Send a form as a browser without scripts does."""
    return client.post(path, data=fields, headers=SAME_ORIGIN)


def text(answer: TestResponse) -> str:
    """Return what an answer says, which must be a good one."""
    assert answer.status_code == 200, answer.get_data(as_text=True)[:400]
    return answer.get_data(as_text=True)


@pytest.fixture
def fault(desk: FlaskClient) -> str:
    """A burst pipe in building 3, declared at this desk; its address."""
    answer = post(desk, "/faults", **PIPE, expected_at="2026-11-23T16:00")
    assert answer.status_code == 204
    return answer.headers["HX-Redirect"]


def test_without_a_fault_nothing_is_shown(desk: FlaskClient) -> None:
    assert "fault-line" not in text(desk.get("/")) + text(desk.get("/printers"))
    assert "No known fault" in text(desk.get("/faults")) or "没有" in text(desk.get("/faults"))


def test_every_desk_screen_shows_an_open_fault(desk: FlaskClient, fault: str) -> None:
    assert fault == "/faults/1"
    for page in ("/", "/cases", "/printers", "/repairs/new", "/faults", fault):
        html = text(desk.get(page))
        assert 'data-fault="1" data-households="0"' in html and "主管爆裂" in html, page
    assert "16:00" in text(desk.get("/faults/bar"))


def test_our_home_too_from_the_bar_of_any_screen(desk: FlaskClient, fault: str) -> None:
    html = text(post(desk, f"{fault}/join", nonce="a", unit="3-2-501"))
    assert 'data-joined="new"' in html and 'data-households="1"' in html
    assert 'data-joined="already"' in text(post(desk, f"{fault}/join", nonce="b", unit="3-2-501"))
    # What is wrong is said in the bar, beside what was typed: not every screen has another place for it.
    wrong = post(desk, f"{fault}/join", nonce="c", unit="3-2-999")
    html = wrong.get_data(as_text=True)
    assert wrong.status_code == 422
    assert 'data-refused="unit_unknown"' in html and 'value="3-2-999"' in html and 'id="faults"' in html
    assert plain(desk, f"{fault}/join", nonce="f", unit="3-2-502").headers["Location"] == fault
    assert plain(desk, f"{fault}/join", nonce="e", unit="x").status_code == 422


def test_one_line_a_home_on_its_page(desk: FlaskClient, fault: str, store: Store) -> None:
    html = text(post(desk, f"{fault}/households", nonce="a", unit="3-2-501", phone="13900001111"))
    assert 'data-joined="new"' in html and "3-2-501" in html and 'value="3-2-501"' not in html
    assert text(desk.get(f"{fault}/state")).count("data-home=") == 1
    assert post(desk, f"{fault}/households", nonce="b", unit="").status_code == 422
    assert store.value("SELECT phone FROM fault_households") == "13900001111"


def test_whoever_registers_a_repair_is_told_first(desk: FlaskClient, fault: str, store: Store) -> None:
    assert 'id="fault-hint"' in text(desk.get("/repairs/new"))
    assert "data-hint" not in text(post(desk, "/faults/hint", unit="1-1-101"))
    assert "data-hint" not in text(post(desk, "/faults/hint", unit="3-"))
    html = text(post(desk, "/faults/hint", unit="3-1-102"))
    assert 'data-hint="1"' in html and "主管爆裂" in html
    html = text(post(desk, f"{fault}/instead", join_nonce="j", unit="3-1-102", phone=""))
    assert 'data-joined="new"' in html and "data-hint" not in html
    assert store.value("SELECT count(*) FROM cases") == 0


def test_whoever_notes_a_call_is_told_first_too(desk: FlaskClient, fault: str, store: Store) -> None:
    window = text(desk.get("/calls/new"))
    assert 'id="call-fault-hint"' in window and "change from:previous input[name=" in window
    here = HTMX | {"HX-Target": "call-fault-hint"}
    html = text(desk.post("/faults/hint", data={"unit": "3-1-102"}, headers=here))
    assert 'id="call-fault-hint"' in html and 'data-hint="1"' in html and 'hx-target="#call-fault-hint"' in html
    # Three callers of one building are three homes of one fault, and not three repairs.
    for number, unit in enumerate(("3-1-102", "3-1-101", "3-2-501")):
        form = {"join_nonce": f"c{number}", "unit": unit, "phone": ""}
        html = text(desk.post(f"{fault}/instead", data=form, headers=here))
        # The window stays, ready for the next: nothing below it is left.
        assert 'data-joined="new"' in html and 'hx-get="/calls/new"' in html and 'href="/"' not in html
    assert store.value("SELECT count(*) FROM cases") == 0
    assert store.value("SELECT count(*) FROM fault_households") == 3


def test_another_time_with_its_reason(desk: FlaskClient, fault: str) -> None:
    assert post(desk, f"{fault}/expected", expected_at="2026-11-23T18:30", reason="").status_code == 422
    assert post(desk, f"{fault}/expected", expected_at="2026-11-23T18:30", reason="配件未到").status_code == 204
    html = text(desk.get(fault))
    assert "18:30" in html and "16:00" in html and "配件未到" in html


def test_restored_told_one_by_one_and_closed(desk: FlaskClient, fault: str, store: Store) -> None:
    for number, unit in enumerate(("3-1-101", "3-1-102", "3-2-501")):
        post(desk, f"{fault}/households", nonce=str(number), unit=unit, phone="13900001111")
    html = text(desk.get(fault))
    proposed = re.search(r"<textarea[^>]*>(.*?)</textarea>", html, re.DOTALL)
    assert proposed and "3号楼供水已恢复" in proposed[1] and "water is back" in proposed[1]
    assert "/told/" not in html
    assert post(desk, f"{fault}/restore", text="水来了。\nWater is back.").status_code == 204
    html = text(desk.get(fault))
    assert 'data-untold="3"' in html and html.count("水来了。") == 5 and "3-2-501：水来了。" in html
    assert 'data-to-tell="1"' in text(desk.get("/")) and "data-households" not in text(desk.get("/faults/bar"))
    homes = [row["id"] for row in store.rows("SELECT id FROM fault_households ORDER BY id")]
    html = text(post(desk, f"{fault}/told/{homes[0]}", channel="phone", reached="1"))
    assert 'data-untold="2"' in html
    assert post(desk, f"{fault}/told/{homes[0]}", channel="phone", reached="1").status_code == 409
    noted = re.search(r'name="noted_at" value="([^"]+)"', html)
    assert noted and 'data-untold="3"' in text(post(desk, f"{fault}/untold/{homes[0]}", noted_at=noted[1]))
    assert post(desk, f"{fault}/untold/{homes[0]}", noted_at=noted[1]).status_code == 409
    assert 'data-untold="2"' in text(post(desk, f"{fault}/told/{homes[0]}", channel="phone", reached="1"))
    assert 'data-untold="1"' in text(post(desk, f"{fault}/told/{homes[1]}", channel="paper", reached="1"))
    for left in (1, 0):
        html = text(post(desk, f"{fault}/told/{homes[2]}", channel="phone", reached="0"))
        assert f'data-untold="{left}"' in html
    assert 'data-state="closed"' in html and "/untold/" not in html
    assert "fault-line" not in text(desk.get("/faults/bar"))
    assert store.value("SELECT kind FROM print_jobs") == "fault_list"
    job = store.value("SELECT id FROM print_jobs")
    store.execute("UPDATE print_jobs SET state = 'sent', sending_at = queued_at, ended_at = queued_at")
    # The paper can be asked for again, from the records, masked.
    assert plain(desk, f"/papers/{job}/reprint", nonce="again").status_code == 303
    assert "GZ20261123-001" in text(desk.get("/printers"))


def test_others_see_masked_names_until_they_look_and_that_is_written_down(
    desk: FlaskClient, desk_app: Flask, fault: str, store: Store, clock: Clock
) -> None:
    post(desk, f"{fault}/households", nonce="a", unit="3-1-102", phone="13900001111")
    assert "13900001111" in text(desk.get(fault))
    head = client_of(desk_app, store, actor(store, Role.DEPARTMENT_HEAD), clock())
    assert "13900001111" not in text(head.get(fault)) and "139****1111" in text(head.get(fault))
    assert "13900001111" in text(plain(head, f"{fault}/reveal", reveal_reason="asked"))
    assert "13900001111" not in text(head.get(f"{fault}/state"))
    colleague = client_of(desk_app, store, actor(store, Role.ASSISTANT), clock())
    assert plain(colleague, f"{fault}/hold").status_code == 303
    assert "13900001111" in text(colleague.get(fault)) and "13900001111" not in text(desk.get(fault))
    acts = [row["what"] for row in store.rows("SELECT what FROM events WHERE subject = 'fault' ORDER BY id")]
    assert acts == ["declare_fault", "join_fault", "reveal_fault", "hold_fault"]


def test_heads_see_but_neither_declare_nor_end(desk_app: Flask, fault: str, store: Store, clock: Clock) -> None:
    head = client_of(desk_app, store, actor(store, Role.DEPARTMENT_HEAD), clock())
    assert "主管爆裂" in text(head.get("/faults")) and 'name="cause"' not in text(head.get("/faults"))
    assert 'name="text"' not in text(head.get(fault))
    assert post(head, f"{fault}/restore", text="").status_code == 403
    worker = client_of(desk_app, store, actor(store, Role.WORKER), clock())
    assert worker.get("/faults").status_code == 403


def test_an_unknown_fault_is_not_found(desk: FlaskClient) -> None:
    for path in ("/faults/1", "/faults/x", "/faults/１", "/faults/99999999999999999999/state"):
        assert desk.get(path).status_code == 404, path


def test_withdrawn_and_a_repair_added(desk: FlaskClient, fault: str, store: Store) -> None:
    fields = {"name": "李桂兰", "phone": "13800001111", "unit": "3-2-101", "category": "water", "content": "没水"}
    post(desk, "/repairs", nonce="r", **fields, urgency="urgent", dispatch="0")
    no = store.value("SELECT no FROM cases")
    assert post(desk, f"{fault}/attach", case_no=no).status_code == 204
    assert no in text(desk.get(fault)) and "3-2-101" in text(desk.get(fault))
    assert post(desk, f"{fault}/withdraw", reason="误报").status_code == 204
    assert 'data-state="withdrawn"' in text(desk.get(fault))


def test_forty_households_at_kiosk_and_desk_end_in_one_notice(
    desk: FlaskClient, kiosk: FlaskClient, fault: str, store: Store
) -> None:
    """The whole way through the forms: forty homes, most of them twice, one notice, one list, all told, closed."""
    rooms = [f"{floor}0{door}" for floor in range(1, 7) for door in (1, 2)]
    homes = [("3", unit, room) for unit in ("1", "2") for room in rooms]
    homes += [("2", unit, room) for unit in ("1", "2") for room in rooms[:8]]
    assert len(homes) == 40
    for number, (building, unit, room) in enumerate(homes):
        label = f"{building}-{unit}-{room}"
        if number % 2:
            post(desk, f"{fault}/join", nonce=f"desk-{number}", unit=label)
        form = {"nonce": f"kiosk-{number}", "building": building, "unit_no": unit, "room": room, "skip": "1"}
        answer = plain(kiosk, "/fault/1/step", **form)
        assert answer.headers["Location"].endswith("/known" if number % 2 else "/noted")
        post(desk, f"{fault}/households", nonce=f"again-{number}", unit=label)
    assert 'data-households="40"' in text(desk.get("/faults/bar"))
    assert post(desk, f"{fault}/restore", text="").status_code == 204
    html = text(desk.get(f"{fault}/state"))
    assert html.count("data-home=") == html.count('class="tell"') == 40
    assert store.value("SELECT count(*) FROM notices") == 1
    assert store.value("SELECT json_array_length(facts, '$.homes') FROM print_jobs WHERE kind = 'fault_list'") == 40
    for row in store.rows("SELECT id FROM fault_households"):
        html = text(post(desk, f"{fault}/told/{row['id']}", channel="phone", reached="1"))
    assert 'data-state="closed" data-households="40" data-untold="0"' in html
    assert store.value("SELECT count(*) FROM known_faults") == 1
    assert "fault-band" not in kiosk.get("/faults").get_data(as_text=True)


def test_a_repair_stands_under_its_fault_on_both_pages(desk: FlaskClient, fault: str, store: Store) -> None:
    form = {"nonce": "r", "name": "李桂兰", "phone": "13800001111", "unit": "3-2-101", "category": "water"}
    post(desk, "/repairs", **form, content="没水", urgency="urgent")
    no = store.value("SELECT no FROM cases")
    assert post(desk, f"{fault}/attach", case_no=no).status_code == 204
    page = text(desk.get(f"/cases/{no}"))
    assert 'data-its-fault="1" data-held="1"' in page and f'href="{fault}"' in page and f"{fault}/detach" in page
    assert f'action="/repairs/{no}/dispatch"' not in page
    listed = text(desk.get(f"{fault}/state"))
    assert 'data-attached="held"' in listed and f"/cases/{no}" in listed and f"{fault}/detach" in listed
    answer = post(desk, f"{fault}/detach", case_no=no)
    assert answer.headers["HX-Redirect"] == f"/cases/{no}"
    assert "data-its-fault" not in text(desk.get(f"/cases/{no}")) and "data-attached" not in text(desk.get(fault))
    assert post(desk, f"{fault}/detach", case_no=no).status_code == 422


def test_many_are_told_with_one_press(desk: FlaskClient, fault: str, store: Store, clock: Clock) -> None:
    for number, unit in enumerate(("3-1-101", "3-1-102", "3-2-501")):
        post(desk, f"{fault}/households", nonce=str(number), unit=unit, phone="13900001111")
    assert "tell-many" not in text(desk.get(fault))
    clock.forward(minutes=5)
    post(desk, f"{fault}/expected", expected_at="2026-11-23T18:30", reason="配件未到")
    html = text(desk.get(f"{fault}/state"))
    assert 'data-hear="3"' in html and "预计 11月23日 18:30 恢复" in html and 'value="promise"' in html
    assert html.count('type="checkbox"') == 3 and "data-copy" in html and '<option value="3-1">' in html
    html = text(post(desk, f"{fault}/tell", about="promise", entrance="3-1", channel="paper"))
    assert 'data-hear="1"' in html and html.count('type="checkbox"') == 1
    post(desk, f"{fault}/restore", text="水来了。")
    # Pressed a moment too late: what was told is not what is true now, and nothing is recorded.
    late = post(desk, f"{fault}/tell", about="promise", entrance="3-2", channel="paper")
    assert late.status_code == 409 and store.value("SELECT count(*) FROM fault_tellings") == 0
    assert post(desk, f"{fault}/tell", about="over", channel="paper").status_code == 422
    html = text(post(desk, f"{fault}/tell", about="over", entrance="3-1", channel="paper"))
    assert 'data-untold="1"' in html and "3-2-501：水来了。</textarea>" in html and "data-copy " in html
    for _ in range(2):
        post(desk, f"{fault}/told/3", channel="phone", reached="0")
    closed = text(desk.get(fault))
    assert 'data-state="closed"' in closed and "办结：已告知 2 户，未联系上 1 户" in closed
    assert "<dt>故障情况</dt>" in closed and "有误之处" not in closed
