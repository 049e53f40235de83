"""Homes at hand-over by their forms: agreed, entered, put right, accepted; the form on A4, the lists, bad input."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from reception import procedures
from reception.permissions import Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.desk.test_follow_ups import post, text
from tests.reception.inspected import HOME, Inspected
from tests.reception.life import Life

BAD = ["", " ", "x", "0", "-1", "9" * 30, "\x00", "' OR 1=1 --", "🙂" * 90, "9999-12-31T10:00", "0000-01-01", "<b>"]


@pytest.fixture
def made(store: Store, clock: Clock) -> Inspected:
    return Inspected(store, clock)


@pytest.fixture
def leader(desk_app: Flask, store: Store, clock: Clock) -> FlaskClient:
    return client_of(desk_app, store, actor(store, Role.TEAM_LEADER), clock())


def test_from_the_form_to_the_signature(desk: FlaskClient, leader: FlaskClient, made: Inspected) -> None:
    assert "开发商" in text(desk, "/inspections/new")
    sent = {"nonce": "n", **HOME, "developer": "安居置业", "agreed_at": "2026-11-24T09:30"}
    status, page = post(desk, "/inspections", **sent)
    assert status == 303 and post(desk, "/inspections", **sent)[1] == page
    no = page.rpartition("/")[2]
    steps = f"/inspections/{no}"
    html = text(desk, page)
    assert "安居置业" in html and 'data-unread="3"' in html and f"{steps}/inspect" not in html
    assert "约定的房屋验收" in text(leader, "/today") and f'data-case-no="{no}"' in text(leader, "/inspections")
    items = re.findall(r'name="item" value="(\d+)"', html)
    ticked = desk.post(f"/cases/{no}/items/tick", data={"item": items}, headers=SAME_ORIGIN)
    assert len(items) == 10 and ticked.status_code == 303
    meters = {"water": "12", "electric": "345.6", "confirmed": "1"}
    assert post(desk, f"{steps}/read", **meters, absent="gas")[0] == 303
    assert post(desk, f"{steps}/read", water="3", confirmed="1")[0] == 409
    defect = {"nonce": "d", "place": "厨房", "content": "<i>渗水</i>", "category": "wall", "urgency": "urgent"}
    assert post(desk, f"{steps}/defect", **defect)[0] == 303
    html = text(desk, page)
    assert "345.60 kWh" in html and "无此表" in html and "&lt;i&gt;渗水" in html
    assert post(desk, f"{steps}/inspect", inspector="zhaogang")[0] == 303
    assert 'data-state="rectifying"' in text(desk, page) and post(desk, f"{steps}/pass")[0] == 409
    (found,) = made.details(made.store_case(no)).defects
    made.repair(found, check=False)
    assert f"{steps}/check" in text(leader, page)
    assert post(leader, f"{steps}/check", defect=str(found.id))[0] == 303
    assert post(leader, f"{steps}/pass")[0] == 303
    assert "待约业主再次验收" in text(desk, "/today")
    assert post(desk, f"{steps}/reappoint", agreed_at="2026-11-26T15:00", channel="phone")[0] == 303
    assert post(desk, f"{steps}/accept", channel="face")[0] == 422
    assert post(desk, f"{steps}/accept", signed="1", channel="face")[0] == 303
    html = text(desk, page)
    assert 'data-state="accepted"' in html and 'data-passed="1"' in html and steps not in html
    assert "没有进行中的房屋验收" in text(desk, "/inspections")


def test_the_form_has_all_of_it_and_is_masked_to_others(
    desk: FlaskClient, leader: FlaskClient, made: Inspected
) -> None:
    case = made.reappointed()
    (defect,) = made.details(case).defects
    html = text(desk, f"/cases/{case.no}/form")
    words = (
        "房屋质量验收登记表",
        "安居置业",
        "345.60 kWh",
        defect.repair_no,
        defect.order_no,
        made.leader.name,
        "门窗",
    )
    assert [word for word in words if word not in html] == [] and HOME["name"] in html
    assert HOME["name"] not in text(leader, f"/cases/{case.no}/form")
    assert post(leader, f"/cases/{case.no}/form", reveal_reason="asked")[0] == 200
    assert post(desk, f"/forms/acceptance_form/{case.no}/printed", whole="1")[0] == 204
    blank = text(desk, "/forms/acceptance_form")
    assert "墙面" in blank and HOME["name"] not in blank.partition("<main")[2]


def test_the_form_is_taken_along_and_written_on(desk: FlaskClient, made: Inspected) -> None:
    case = made.open()
    made.defect(case)
    html = text(desk, f"/cases/{case.no}/form")
    assert html.count('<tr class="spare">') == 6 + 3 and "□ 有问题" in html
    made.read(case)
    made.tick(case)
    made.inspect(case)
    assert 'class="spare"' not in text(desk, f"/cases/{case.no}/form")


def test_the_home_and_its_procedure_lead_to_it(desk: FlaskClient, store: Store, made: Inspected) -> None:
    begun = procedures.begin(store, nonce="p", template="move-in", variant="move-in-owner", **HOME, **made.by())
    assert "/cases/YS" not in text(desk, f"/cases/{begun.no}")
    case = made.open()
    made.read(case)
    assert f'href="/cases/{case.no}"' in text(desk, f"/cases/{begun.no}")
    html = desk.post("/homes", data={"unit": HOME["unit"]}, headers=SAME_ORIGIN).text
    assert 'data-meters="3"' in html and "0.08 m³" in html and case.no in html


def test_what_is_wrong_is_refused_in_a_sentence(desk: FlaskClient, store: Store, made: Inspected) -> None:
    case = made.open()
    steps = f"/inspections/{case.no}"
    forms = {
        "reschedule": ("agreed_at",),
        "read": ("water", "absent", "reason"),
        "defect": ("nonce", "place", "content", "category", "urgency"),
        "drop": ("defect", "reason"),
        "check": ("defect",),
        "inspect": ("inspector",),
        "reappoint": ("agreed_at", "channel"),
        "accept": ("signed", "channel"),
    }
    before = store.value("SELECT count(*) FROM events")
    for step, names in forms.items():
        for bad in BAD:
            status = post(desk, f"{steps}/{step}", **dict.fromkeys(names, bad))[0]
            assert 400 <= status < 500, (step, bad, status)
    assert store.value("SELECT count(*) FROM events") == before
    assert post(desk, f"{steps}/no-such-step")[0] == 404
    assert post(desk, "/inspections/YS20260101-009/pass")[0] == 404


def test_the_slip_of_a_defect_is_signed_for_later(desk: FlaskClient, store: Store, made: Inspected) -> None:
    defect = made.defect(made.open())
    page = f"/slips/{defect.order_no}"
    assert re.search(r'value="later" checked', text(desk, page))
    form = {"nonce": "s", "work_done": "换管", "worker": "zhaogang", "how": "later", "rechecked": "1"}
    assert post(desk, page, **form)[0] == 303
    row = store.row("SELECT state, signed_at, rechecked_at FROM work_orders WHERE no = ?", [defect.order_no])
    assert row is not None and row["state"] == "live" and row["signed_at"] is None and row["rechecked_at"]


def test_no_other_slip_is_signed_for_later(desk: FlaskClient, store: Store, clock: Clock) -> None:
    order = Life(store, clock).on_site(liability="common")
    assert 'value="later"' not in text(desk, f"/slips/{order.no}")
    assert post(desk, f"/slips/{order.no}", nonce="s", work_done="换管", how="later")[0] == 422
