"""Procedures of a home by their forms: from the desk's form to the closed case; papers, register, tasks; bad input."""

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from db.store import Store
from reception import residents
from reception.permissions import Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.desk.test_follow_ups import post, text
from tests.reception.procedure_life import OWNER, Procedures, Toured

BAD = ["", " ", "x", "0", "-1", "9" * 30, "\x00", "' OR 1=1 --", "🙂" * 90, "2026-W48", "<b>"]


@pytest.fixture
def made(store: Store, clock: Clock) -> Procedures:
    return Procedures(store, clock)


@pytest.fixture
def head(desk_app: Flask, store: Store, clock: Clock) -> FlaskClient:
    return client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())


def items(html: str) -> list[str]:
    return re.findall(r'name="item" value="(\d+)"', html)


def test_from_the_form_to_the_file_of_the_home(desk: FlaskClient, head: FlaskClient, store: Store) -> None:
    form = text(desk, "/procedures/new?template=move-in")
    assert 'value="move-in-company"' in form and "新业主姓名" not in form
    sent = {"nonce": "n", "template": "move-in", "variant": "move-in-agent", **OWNER, "agent_name": "何强"}
    status, page = post(desk, "/procedures", **sent)
    assert status == 303 and post(desk, "/procedures", **sent)[1] == page
    no = page.rpartition("/")[2]
    html = text(desk, page)
    assert 'data-items-lacking="15"' in html and "何强" in html and f"/procedures/{no}/finish" not in html
    answer = desk.post(f"/cases/{no}/items/tick", data={"item": items(html)[1:], "note": "原件"}, headers=SAME_ORIGIN)
    assert answer.status_code == 303
    html = text(desk, page)
    assert 'data-lacking="1"' in html and "/items/waive" not in html
    assert post(desk, f"/cases/{no}/items/waive", item=items(html)[0], reason="急")[0] == 403
    assert post(desk, f"/procedures/{no}/finish", channel="face", handover_on="2026-11-23")[0] == 409
    assert "/items/waive" in text(head, page)
    assert post(head, f"/cases/{no}/items/waive", item=items(html)[0], reason="已看护照")[0] == 303
    html = text(desk, page)
    assert f"/procedures/{no}/finish" in html and "已看护照" in html
    # A day that is known is shown, and nothing is typed.
    store.execute("UPDATE units SET handover_on = '2024-05-01' WHERE building = '1' AND room = '102'")
    html = text(desk, page)
    assert 'name="handover_on"' not in html and "2024-05-01" in html
    store.execute("UPDATE units SET handover_on = NULL")
    assert 'name="handover_on"' in text(desk, page)
    assert post(desk, f"/procedures/{no}/finish", channel="face", handover_on="2026-11-23")[0] == 303
    assert 'data-state="done"' in text(desk, page)
    assert store.value("SELECT handover_on FROM units WHERE building = '1' AND room = '102'") == "2026-11-23"


def test_its_forms_are_masked_until_who_looks_says_why(desk: FlaskClient, head: FlaskClient, made: Procedures) -> None:
    case = made.begin()
    for sheet, words in {"list": "业主身份证", "receipt": "房屋钥匙", "household": "紧急联系人"}.items():
        page = f"/procedures/{case.no}/form/{sheet}"
        assert words in text(desk, page) and "何晓梅" in text(desk, page)
        assert "何晓梅" not in text(head, page)
        answer = head.post(page, data={"reveal_reason": "asked"}, headers=SAME_ORIGIN)
        assert answer.status_code == 200 and "何晓梅" in answer.get_data(as_text=True)
    assert made.store.value("SELECT count(*) FROM events WHERE what = 'reveal'") == 3
    # Who else is known to live there stands on it by the same rule; each print is an act.
    who: dict[str, Any] = {"name": "何小宝", "phone": "13711112222", "relation": "family"}
    residents.add(made.store, nonce="r", unit="1-1-102", **who, **made.also)
    page = f"/procedures/{case.no}/form/household"
    assert "何小宝" in text(desk, page) and "何小宝" not in text(head, page) and "何**" in text(head, page)
    assert f"/forms/household_form/{case.no}/printed" in text(desk, page)
    assert (
        desk.post(f"/forms/household_form/{case.no}/printed", data={"whole": "1"}, headers=SAME_ORIGIN).status_code
        == 204
    )
    assert desk.get(f"/procedures/{case.no}/form/x").status_code == 404
    assert desk.get("/procedures/BL20260101-009/form/list").status_code == 404


def test_the_register_and_its_export(desk: FlaskClient, head: FlaskClient, made: Procedures) -> None:
    case = made.begin()
    html = text(desk, "/procedures?template=move-in")
    assert f'data-procedure="{case.no}"' in html and "何**" in html and "何晓梅" not in html
    assert 'action="/procedures/export"' not in html, "a receptionist takes no list out"
    assert f'data-procedure="{case.no}"' not in text(desk, "/procedures?show=done")
    answer = head.post("/procedures/export", data={"show": "open", "template": ""}, headers=SAME_ORIGIN)
    (sheet,) = load_workbook(io.BytesIO(answer.data))
    assert [row[0].value for row in sheet.iter_rows()][-1] == case.no
    assert desk.get("/procedures?show=x").status_code == 422


def test_what_to_bring_is_looked_up_and_printed_once(desk: FlaskClient, store: Store) -> None:
    html = text(desk, "/procedures/bring?template=move-in&variant=move-in-company")
    assert "单位证明" in html and "委托书" not in html
    for _ in range(2):
        assert post(desk, "/procedures/bring", nonce="b", template="move-in", variant="move-in-company")[0] == 303
    assert store.value("SELECT count(*) FROM print_jobs WHERE kind = 'materials_slip'") == 1
    # What opens no procedure has its list, and no way to begin one.
    html = text(desk, "/procedures/bring?template=bring-release&variant=bring-release-tenant")
    assert "业主书面同意" in html and "/procedures/new?template=" not in html
    assert "bring-release" not in text(desk, "/procedures/new?template=bring-release")
    assert post(desk, "/procedures", nonce="r", template="bring-release", variant="", **OWNER)[0] == 422
    assert post(desk, "/procedures/bring", nonce="b2", template="x", variant="")[0] == 422


def test_tasks_of_a_department(desk_app: Flask, store: Store, clock: Clock) -> None:
    made = Toured(store, clock)
    case, _agreed = made.open()
    clock.forward(hours=23)
    theirs, desk = (
        client_of(desk_app, store, actor(store, role), clock()) for role in (Role.DEPARTMENT_HEAD, Role.RECEPTIONIST)
    )
    html = text(theirs, "/tasks")
    assert "开启空调" in html and "客服人员到岗" not in html and f'href="/cases/{case.no}"' not in html
    assert 'data-group="tasks"' in text(theirs, "/today")
    item = items(html)[0]
    assert post(theirs, f"/cases/{case.no}/items/tick", item=item, back="tasks") == (303, "/tasks")
    assert "开启空调" not in text(theirs, "/tasks") and "检查逃生通道" in text(theirs, "/tasks")
    assert post(desk, f"/cases/{case.no}/items/tick", item=items(text(theirs, "/tasks"))[0])[0] == 403


@pytest.mark.parametrize("field", ["template", "variant", "name", "phone", "unit", "agent_name", "from_on", "remark"])
def test_bad_fields_leave_nothing(desk: FlaskClient, store: Store, field: str) -> None:
    form = {"template": "lease", "variant": "lease-owner", **OWNER, "from_on": "2026-12-01", "until_on": "2027-11-30"}
    for number, bad in enumerate(BAD):
        status, _page = post(desk, "/procedures", nonce=f"{field}{number}", **form | {field: bad})
        assert status in {303, 409, 422}, (field, bad, status)
        if status != 303:
            assert not store.value(
                "SELECT count(*) FROM cases WHERE kind = 'procedure' AND id NOT IN (SELECT case_id FROM procedures)"
            )


def test_bad_items_and_addresses(desk: FlaskClient, made: Procedures) -> None:
    case = made.begin()
    for bad in BAD:
        assert post(desk, f"/cases/{case.no}/items/tick", item=bad)[0] == 404, bad
        assert post(desk, f"/cases/{case.no}/items/untick", item=bad)[0] == 404, bad
        assert post(desk, f"/procedures/{case.no}/finish", channel="face", handover_on=bad)[0] in {409, 422}, bad
        assert desk.get("/procedures/new", query_string={"template": bad}).status_code == 200, bad
        assert desk.get("/procedures/bring", query_string={"template": bad, "variant": bad}).status_code == 200, bad
        assert desk.get("/procedures", query_string={"template": bad}).status_code in {200, 422}, bad
    assert post(desk, f"/cases/{case.no}/items/x", item="1")[0] == 404
    assert post(desk, f"/procedures/{case.no}/x")[0] == 404
    assert 'data-items-lacking="13"' in text(desk, f"/cases/{case.no}")


def test_the_kiosk_shows_and_prints_it_without_a_login(kiosk: FlaskClient, store: Store) -> None:
    kiosk.get("/")
    assert "/bring/move-in" in text(kiosk, "/bring") and "/bring/bring-custody" in text(kiosk, "/bring")
    assert "房屋钥匙" in text(kiosk, "/bring/bring-custody")
    page = text(kiosk, "/bring/move-in?variant=move-in-agent")
    assert "委托书" in page and "单位证明" not in page
    form = {"nonce": "k", "variant": "move-in-agent"}
    assert [post(kiosk, "/bring/move-in", **form) for _ in range(2)] == [
        (303, "/bring/move-in?printed=1&variant=move-in-agent")
    ] * 2
    assert store.value("SELECT count(*) FROM print_jobs WHERE kind = 'materials_slip'") == 1
    assert 'data-printed="1"' in text(kiosk, "/bring/move-in?printed=1&variant=move-in-agent")
    assert kiosk.get("/bring/x").status_code == 422 and post(kiosk, "/bring/x", nonce="k2", variant="")[0] == 422
    store.execute("UPDATE procedure_templates SET public = 0 WHERE code = 'move-in'")
    assert "/bring/move-in" not in text(kiosk, "/bring") and kiosk.get("/bring/move-in").status_code == 422
