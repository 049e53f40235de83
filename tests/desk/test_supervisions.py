"""Supervision by its forms: from the case to the person told; what is not one's own is not there; bad input."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from db.store import Store
from reception import supervision_steps
from reception.permissions import BOX, Actor, Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.desk.test_follow_ups import post, text
from tests.reception.test_complaints import Complaints
from tests.reception.test_supervisions import Decisions

FORM = {
    "nonce": "n",
    "matter": "更换3号楼门禁",
    "opinion": "一周内更换",
    "department": "maintenance",
    "due_on": "2026-11-26",
}


@pytest.fixture
def made(store: Store, clock: Clock) -> Decisions:
    return Decisions(store, clock)


@pytest.fixture
def manager(desk_app: Flask, store: Store, clock: Clock) -> FlaskClient:
    return client_of(desk_app, store, actor(store, Role.MANAGER), clock())


def test_from_the_case_to_the_person_told(
    desk_app: Flask, kiosk: FlaskClient, desk: FlaskClient, manager: FlaskClient, store: Store, clock: Clock
) -> None:
    case = Complaints(store, clock).replied()
    assert f"/supervisions/new?case={case.no}" in text(manager, f"/cases/{case.no}")
    assert f'value="{case.no}"' in text(manager, f"/supervisions/new?case={case.no}")
    status, page = post(manager, "/supervisions", **FORM, case_no=case.no)
    assert (status, page) == (303, "/supervisions/DB20261123-001")
    assert post(manager, "/supervisions", **FORM, case_no=case.no)[1] == page, "a second tap opens no second one"
    no = page.rpartition("/")[2]
    assert 'data-state="open"' in text(manager, page) and no in text(desk, f"/cases/{case.no}")
    # He reads it at kiosk and phone, without a word of the matter.
    for cookie in ("", "1"):
        kiosk.set_cookie("at_kiosk", cookie)
        read = text(kiosk, f"/T/{case.token}")
        assert "跟进落实" in read and "工程维修部 11月26日（周四）前落实" in read and "门禁" not in read
    head = client_of(desk_app, store, actor(store, Role.DEPARTMENT_HEAD), clock())
    assert post(head, f"{page}/done", result=" ") == (422, "result_missing")
    assert post(head, f"{page}/done", result="已更换，试用正常") == (303, page)
    assert 'data-state="done"' in text(desk, page) and "还没告诉本人" in text(desk, page)
    assert "跟进落实：已更换，试用正常" in text(desk, page)
    assert post(desk, f"{page}/tell", text="", channel="phone") == (422, "feedback_text_missing")
    assert post(desk, f"{page}/tell", text="好", channel="pigeon") == (422, "channel_unknown")
    assert post(desk, f"{page}/tell", text="门禁已更换", channel="phone") == (303, page)
    assert 'data-state="closed" data-verdict="kept"' in text(desk, page)
    assert "已告诉您结果" in text(kiosk, f"/T/{case.token}")
    history = text(desk, f"/cases/{case.no}")
    assert "列入督办" in history and "督办结果已告知" in history


def test_overdue_stands_before_the_manager_everywhere(
    desk_app: Flask, store: Store, made: Decisions, clock: Clock
) -> None:
    one = made.open()
    clock.forward(days=2)
    made.watch()
    manager = client_of(desk_app, store, made.manager, clock())
    assert f'data-supervision="{one.no}" data-state="reminded"' in text(manager, "/due?show=all")
    assert one.no not in text(manager, "/due?show=escalated")
    clock.forward(days=2)
    supervision_steps.watch(store, by=BOX, now=clock())
    # A night is longer than a session.
    manager = client_of(desk_app, store, made.manager, clock())
    assert f'data-supervision="{one.no}" data-state="overdue"' in text(manager, "/due?show=escalated")
    assert 'data-supervised-late="1"' in text(manager, "/")
    assert re.search(rf'data-supervision="{one.no}" data-state="overdue"', text(manager, "/supervisions?show=overdue"))
    answer = manager.post("/supervisions/export", data={"show": "overdue"}, headers=SAME_ORIGIN)
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None and one.no in str(list(sheet.iter_rows(values_only=True)))


def test_bad_input_is_refused_and_nothing_of_it_is_kept(manager: FlaskClient, store: Store) -> None:
    for changed, code in (
        ({"due_on": "2026-11-28"}, "not_a_working_day"),
        ({"due_on": "明天"}, "date_invalid"),
        ({"due_on": "2026-02-30"}, "date_invalid"),
        ({"opinion": "\x00"}, "text_invalid"),
        ({"charge": "' OR 1=1"}, "charge_unknown"),
        ({"nonce": ""}, "nonce_missing"),
        ({"nonce": "x" * 200}, "nonce_invalid"),
    ):
        assert post(manager, "/supervisions", **{**FORM, **changed}) == (422, code)
    assert post(manager, "/supervisions", **FORM, case_no="TS1") == (404, "case_unknown")
    assert manager.get("/supervisions/new?case=nothing").status_code == 404
    assert store.value("SELECT count(*) FROM supervisions") == 0
    assert manager.get("/supervisions?show=%00&month=2026-11").status_code == 200
    assert manager.get("/supervisions?month=2099-01").status_code == 422
    assert post(manager, "/supervisions/export", month="x")[0] == 422
    one = post(manager, "/supervisions", **FORM)[1]
    for way, form, code in (
        ("move", {"due_on": "2026-11-30", "reason": "等", "was": ""}, "changed_meanwhile"),
        ("withdraw", {"reason": ""}, "reason_missing"),
        ("hand-to", {"charge": "wanglin"}, "charge_unknown"),
        ("print", {"nonce": ""}, "nonce_missing"),
        ("tell", {"text": "x", "channel": "phone"}, "step_not_now"),
    ):
        assert post(manager, f"{one}/{way}", **form)[1] == code, way
    assert post(manager, f"{one}/explode")[0] == 404
    was = store.value("SELECT due_at FROM supervisions")
    assert post(manager, f"{one}/move", due_on="2026-11-30", reason="等配件", was=was) == (303, one)
    assert "等配件" in text(manager, one) and 'data-promise="moved"' in text(manager, one)


def test_another_department_finds_nothing(desk_app: Flask, store: Store, made: Decisions, clock: Clock) -> None:
    one = made.open(department="security")
    head = client_of(desk_app, store, actor(store, Role.DEPARTMENT_HEAD), clock())
    assert one.no not in text(head, "/supervisions")
    assert head.get(f"/supervisions/{one.no}").status_code == 404
    for way in ("done", "move", "withdraw", "hand-to", "print", "tell"):
        assert post(head, f"/supervisions/{one.no}/{way}", result="x", nonce="z")[0] in {403, 404}, way
    # The form opens for his own alone.
    assert post(head, "/supervisions", **{**FORM, "department": "security"}) == (403, "department_not_yours")
    bare = client_of(desk_app, store, Actor(Role.RECEPTIONIST, made.desk.id, "王琳", "service"), clock())
    assert bare.get("/supervisions/new").status_code == 403 and post(bare, "/supervisions", **FORM)[0] == 403
