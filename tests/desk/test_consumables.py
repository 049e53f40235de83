"""耗材 over HTTP: the page of a month, its plan, what was used, the sheet that is taken out; bad input is refused."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from db.store import Store
from reception.permissions import Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.desk.test_day import BAD, post, text_of


@pytest.fixture
def desk(desk_app: Flask, store: Store, clock: Clock) -> FlaskClient:
    """The browser of the receptionist."""
    return client_of(desk_app, store, actor(store, Role.RECEPTIONIST), clock())


@pytest.fixture
def head(desk_app: Flask, store: Store, clock: Clock) -> FlaskClient:
    """The browser of the head of service."""
    return client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())


def used(page: str, item: str) -> int:
    """Return what the page says was used of an item."""
    [found] = re.findall(rf'data-item="{item}" data-used="(\d+)"', page)
    return int(found)


def test_a_month_planned_used_and_taken_out(desk: FlaskClient, head: FlaskClient, store: Store) -> None:
    values = {"plan-a4": "3", "was-a4": "", "plan-pens": "", "was-pens": ""}
    assert post(head, "/consumables/plan", month="2026-11", **values) == 303
    assert post(desk, "/consumables", nonce="n", item="a4", quantity="5", text="=1+1") == 303
    assert post(desk, "/consumables", nonce="n", item="a4", quantity="5", text="=1+1") == 303
    page = text_of(desk, "/consumables")
    assert used(page, "a4") == 5 and "超 2" in page and 'name="plan-a4"' not in page
    assert 'name="plan-a4" value="3"' in text_of(head, "/consumables?month=2026-11")
    sheet = load_workbook(
        io.BytesIO(head.post("/consumables/export", data={"month": "2026-11"}, headers=SAME_ORIGIN).data)
    )
    rows = {row[0]: row for row in sheet.worksheets[0].iter_rows(values_only=True)}
    assert rows["A4 复印纸"][2:5] == (3, 5, -2)
    assert store.value("SELECT count(*) FROM events WHERE what = 'export'") == 1
    assert post(desk, "/consumables/uses/1/take-back") == 303
    page = text_of(desk, "/consumables")
    assert used(page, "a4") == 0 and "已撤回" in page
    assert post(desk, "/consumables/uses/1/take-back") == 409


def test_a_roll_that_was_changed(desk: FlaskClient) -> None:
    assert "还没有记录过换卷" in text_of(desk, "/printers")
    assert post(desk, "/consumables/roll/front", nonce="r") == 303
    assert post(desk, "/consumables/roll/front", nonce="r") == 303
    assert 'data-roll="0"' in text_of(desk, "/printers")
    page = text_of(desk, "/consumables")
    assert used(page, "roll-80") == 1 and "已换纸卷" in page


def test_bad_input_is_refused_with_a_sentence(desk: FlaskClient, head: FlaskClient, store: Store) -> None:
    for bad in BAD:
        for fields in ({"item": bad, "quantity": "1"}, {"item": "a4", "quantity": bad, "on": bad}):
            answer = desk.post("/consumables", data={"nonce": "n", **fields}, headers=SAME_ORIGIN)
            # One is a good number, on no day.
            assert answer.status_code == 422 and "data-refused" in answer.text, (bad, answer.status_code)
        assert desk.get("/consumables", query_string={"month": bad}).status_code in {200, 422}
        answer = head.post(
            "/consumables/plan", data={"month": "2026-11", "plan-a4": bad, f"plan-{bad}": "1"}, headers=SAME_ORIGIN
        )
        assert answer.status_code == 422, bad
        assert desk.post(f"/consumables/uses/{bad or 'x'}/take-back", headers=SAME_ORIGIN).status_code == 404
        path = f"/consumables/roll/{bad.strip() or 'x'}"
        assert desk.post(path, data={"nonce": bad}, headers=SAME_ORIGIN).status_code in {404, 422}, bad
        answer = desk.post("/consumables", data={"month": f"{bad}//evil.example", "nonce": "x"}, headers=SAME_ORIGIN)
        assert answer.status_code == 422
    assert store.value("SELECT (SELECT count(*) FROM consumable_uses) + (SELECT count(*) FROM consumable_plans)") == 0
