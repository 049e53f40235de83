"""Complaints at the desk, by the forms that staff send: from the first word to the file, each by whoever does it."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from reception import complaint_steps, without_consent
from reception.permissions import Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.reception.test_complaints import Complaints


@pytest.fixture
def made(store: Store, clock: Clock) -> Complaints:
    return Complaints(store, clock)


def send(client: FlaskClient, path: str, **form: str) -> str:
    """Send a form, which must be good; return the page that it leads to."""
    answer = client.post(path, data=form, headers=SAME_ORIGIN)
    assert answer.status_code == 303, (path, answer.get_data(as_text=True))
    return str(client.get(answer.headers["Location"]).get_data(as_text=True))


def stands(page: str) -> str:
    """Return the state that the page of a case shows."""
    return str(re.findall(r'data-state="([a-z_]+)"', page)[0])


def test_a_complaint_walks_from_the_desk_to_the_file(
    desk_app: Flask, desk: FlaskClient, store: Store, clock: Clock
) -> None:
    page = send(
        desk,
        "/complaints",
        nonce="w",
        unit="1-1-101",
        phone="5678",
        name="",
        category="noise",
        severity="serious",
        facts="楼上夜间施工",
        wish="八点后停工",
    )
    no = re.findall(r"TS\d{8}-\d{3}", page)[0]
    assert stands(page) == "received" and "严重" in page
    assert stands(send(desk, f"/complaints/{no}/acknowledge")) == "acknowledged"
    page = send(desk, f"/complaints/{no}/assign", handler="zhaoqiang")
    assert stands(page) == "assigned" and "赵强" in page
    head = client_of(desk_app, store, actor(store, Role.DEPARTMENT_HEAD), clock())
    page = send(head, f"/complaints/{no}/investigate", finding="invalid", findings="三晚巡查未见施工")
    assert stands(page) == "investigating" and "不属实" in page
    page = send(desk, f"/complaints/{no}/reply", text="三晚巡查未发现施工，将继续留意", channel="phone")
    assert stands(page) == "replied" and "三晚巡查未发现施工，将继续留意" in page
    # Nobody files it before the person was asked.
    refused = desk.post(f"/cases/{no}/close", headers=SAME_ORIGIN)
    assert refused.status_code == 409
    page = send(desk, f"/cases/{no}/follow-up", method="phone", reached="1", score="4", comment="可以")
    assert stands(page) == "followed_up"
    assert stands(send(desk, f"/cases/{no}/close")) == "closed"


def test_a_page_offers_what_can_be_done_and_nothing_else(desk: FlaskClient, made: Complaints) -> None:
    def acts(no: str) -> set[str]:
        html = desk.get(f"/cases/{no}").get_data(as_text=True)
        return set(re.findall(rf'action="/complaints/{no}/([a-z-]+)"', html))

    fresh = made.receive()
    assert acts(fresh.no) == {"acknowledge", "investigate", "assign", "hand-up", "regrade", "withdraw"}
    assert acts(made.replied().no) == {"reopen"}


def test_a_refused_step_says_why_and_a_foreign_one_is_not_there(desk: FlaskClient, made: Complaints) -> None:
    case = made.receive()
    refused = desk.post(f"/complaints/{case.no}/reply", data={"text": "x", "channel": "phone"}, headers=SAME_ORIGIN)
    assert refused.status_code == 409 and 'data-refused="step_not_now"' in refused.get_data(as_text=True)
    assert desk.post(f"/complaints/{case.no}/explode", headers=SAME_ORIGIN).status_code == 404


def test_who_passes_it_to_another_department_is_led_to_what_he_still_sees(
    desk_app: Flask, store: Store, clock: Clock, made: Complaints
) -> None:
    case = made.receive()
    complaint_steps.assign(store, no=case.no, handler="zhaoqiang", **made.also)
    head = client_of(desk_app, store, actor(store, Role.DEPARTMENT_HEAD), clock())
    answer = head.post(f"/complaints/{case.no}/assign", data={"handler": "chenjing"}, headers=SAME_ORIGIN)
    assert answer.status_code == 303 and answer.headers["Location"] == "/cases"


def test_its_follow_up_is_on_the_sheet_and_its_class_proposes_who_looks_into_it(
    desk: FlaskClient, made: Complaints
) -> None:
    case = made.receive(category="repair")
    html = desk.get(f"/cases/{case.no}").get_data(as_text=True)
    assert '<option value="zhaoqiang" selected>' in html
    replied = made.replied()
    assert replied.no in desk.get("/follow-ups/sheet").get_data(as_text=True)


def test_the_person_reads_that_a_manager_closed_it(kiosk: FlaskClient, store: Store, made: Complaints) -> None:
    case = made.replied()
    manager = actor(store, Role.MANAGER)
    without_consent.close(store, no=case.no, reason="多次沟通", by=manager, now=made.clock())
    html = kiosk.get(f"/T/{case.token}").get_data(as_text=True)
    assert "已由项目经理决定结案" in html and "谢谢" not in html


def test_a_complaint_by_telephone_is_noted_over_what_is_being_done(desk: FlaskClient, store: Store) -> None:
    form = {"nonce": "tel", "kind": "complaint", "unit": "1-1-101", "phone": "5678", "class": "noise", "content": "吵"}
    answer = desk.post("/calls", data=form, headers=SAME_ORIGIN | {"HX-Request": "true"})
    assert answer.status_code == 200 and answer.headers["HX-Trigger-After-Swap"] == "call-saved"
    row = store.row("SELECT kind, source, state FROM cases ORDER BY id DESC LIMIT 1")
    assert row is not None and tuple(row) == ("complaint", "phone", "received")
    refused = desk.post("/calls", data=form | {"nonce": "tel2", "content": ""}, headers=SAME_ORIGIN)
    assert refused.status_code == 422 and 'data-refused="facts_missing"' in refused.get_data(as_text=True)


def test_a_repeated_one_is_seen(desk: FlaskClient, made: Complaints) -> None:
    first = made.receive()
    second = made.receive()
    html = desk.get(f"/cases/{second.no}").get_data(as_text=True)
    assert "重复投诉" in html and f'href="/cases/{first.no}"' in html


def test_the_person_rates_it_on_the_phone_and_two_points_open_it_again(
    kiosk: FlaskClient, store: Store, made: Complaints
) -> None:
    case = made.replied()
    html = kiosk.get(f"/T/{case.token}").get_data(as_text=True)
    assert "已答复您" in html and "22点后停工" not in html
    answer = kiosk.post(f"/T/{case.token}/rate", data={"score": "1", "comment": "还在施工"}, headers=SAME_ORIGIN)
    assert answer.status_code == 303
    assert "已重新处理" in kiosk.get(f"/T/{case.token}").get_data(as_text=True)
    assert store.value("SELECT state FROM cases WHERE id = ?", [case.id]) == "reopened"


def test_the_manager_keeps_the_list_of_classes(desk_app: Flask, store: Store, clock: Clock) -> None:
    manager = client_of(desk_app, store, actor(store, Role.MANAGER), clock())
    form = {"code": "pets", "name": "宠物管理", "name_en": "Pets", "department": "", "position": "9", "active": "1"}
    assert manager.post("/settings/list/complaint_classes", data=form, headers=SAME_ORIGIN).status_code == 303
    desk = client_of(desk_app, store, actor(store, Role.RECEPTIONIST), clock())
    assert "宠物管理" in desk.get("/complaints/new").get_data(as_text=True)
