"""Fees at the desk, by its forms: the list comes in, homes are called, told and noted; bad input is a sentence."""

import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from db.store import Store
from reception.permissions import Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.desk.test_imports import button, press, send
from tests.reception.test_fees import HEAD, HOME, LINES, bring

HTMX = SAME_ORIGIN | {"HX-Request": "true"}


def post(client: FlaskClient, path: str, **fields: str | list[str]) -> tuple[int, str]:
    """Send a form as htmx does; return status and text."""
    answer = client.post(path, data=fields, headers=HTMX)
    return answer.status_code, answer.get_data(as_text=True)


def test_from_the_list_to_the_call_to_the_payment(
    desk_app: Flask, desk: FlaskClient, store: Store, clock: Clock
) -> None:
    manager = client_of(desk_app, store, actor(store, Role.MANAGER), clock())
    data = "\n".join(",".join(row) for row in (HEAD, *LINES)).encode()
    assert send(manager, data, "fees").status_code == 303
    assert press(manager, button(manager)).status_code == 303
    # She finds it among her to-dos, and the list behind it.
    assert "2 户逾期未缴" in desk.get("/today").get_data(as_text=True)
    page = desk.get("/fees").get_data(as_text=True)
    assert page.count("data-home=") == 2 and "¥560.71" in page and "¥534.01" in page and "逾期 13 天" in page
    status, html = post(desk, "/fees/home", unit=HOME)
    assert status == 200 and "¥560.70" in html and "138****" in html
    [(phone, name)] = store.rows("SELECT phone, name FROM residents WHERE unit_id = 1 AND relation = 'owner'")
    assert phone not in html and name not in html
    status, html = post(desk, "/fees/call", unit=HOME)
    assert status == 200 and phone in html and name in html and "data-calling" in html
    status, html = post(desk, "/fees/called", unit=HOME, outcome="will_pay", note="周五前转账")
    assert status == 200 and "周五前转账" in html and "data-called-today" in html and phone not in html
    assert post(desk, "/fees/call", unit=HOME)[0] == 409
    assert "data-home" in desk.get("/fees?show=overdue").get_data(as_text=True)
    assert desk.get("/fees").get_data(as_text=True).count("data-home=") == 1
    # Noted as paid: the ticked lines alone.
    chosen = re.findall(r'name="fee" value="([^"]+)"', html)
    status, html = post(desk, "/fees/paid", unit=HOME, fee=chosen[:1])
    assert status == 200 and "¥26.70" in html and html.count("data-fee=") == 1 and 'data-state="paid"' in html
    assert "formaction" not in html and "/fees/back" not in html, "a head's word"
    # The file of the home shows what is open.
    file = desk.post("/homes", data={"unit": HOME}, headers=SAME_ORIGIN).get_data(as_text=True)
    assert 'data-fees="1"' in file and "26.70" in file
    # A head takes a mistake back, and withdraws.
    head = client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())
    status, html = post(head, "/fees/back", unit=HOME, mark=chosen[0])
    assert status == 200 and html.count("data-fee=") == 2
    status, html = post(head, "/fees/withdrawn", unit=HOME, fee=chosen, reason="已转交开发商")
    assert status == 200 and html.count('data-state="withdrawn"') == 2 and "已转交开发商" in html


def test_slips_sheets_and_the_list_of_whom_to_call(
    desk_app: Flask, desk: FlaskClient, store: Store, clock: Clock
) -> None:
    bring(store, *LINES)
    status, html = post(desk, "/fees/slip", unit=HOME, nonce="s")
    assert status == 200 and "data-printed" in html
    sheets = desk.post("/fees/sheets", data={"show": "open"}, headers=SAME_ORIGIN).get_data(as_text=True)
    assert sheets.count("data-sheet=") == 2 and "收费通知单" in sheets and "Fee notice" in sheets
    assert "人民币伍佰陆拾元零柒角" in sheets and "0.30 元/(㎡·月)" in sheets and "不另加收费用" in sheets
    head = client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())
    answer = head.post("/fees/export", data={"show": "overdue", "building": ""}, headers=SAME_ORIGIN)
    rows = list(load_workbook(BytesIO(answer.data)).worksheets[0].iter_rows(values_only=True))
    assert len(rows) == 3 and HOME in map(str, rows[1])
    assert not re.search(r"1[0-9]{10}", str(rows)), "masked as on the screen"


@pytest.mark.parametrize(
    ("path", "fields", "code", "status"),
    [
        ("/fees/home", {"unit": "x"}, "unit_invalid", 422),
        ("/fees/home", {"unit": "9-9-999"}, "unit_unknown", 422),
        ("/fees/paid", {"unit": HOME}, "fee_none_chosen", 422),
        ("/fees/paid", {"unit": HOME, "fee": "1-1"}, "fee_changed", 409),
        ("/fees/call", {"unit": "1-2-101"}, "fee_nothing_open", 409),
        ("/fees/called", {"unit": HOME, "outcome": "told"}, "fee_call_not_held", 409),
        ("/fees/called", {"unit": HOME, "outcome": "told", "note": "x" * 501}, "text_too_long", 422),
        ("/fees/slip", {"unit": HOME, "nonce": ""}, "nonce_missing", 422),
        ("/fees/slip", {"unit": "1-2-101", "nonce": "s"}, "fee_nothing_open", 409),
        ("/fees/sheets", {"show": "x"}, "choice_unknown", 422),
    ],
)
def test_what_is_wrong_is_a_sentence(
    desk: FlaskClient, store: Store, path: str, fields: dict[str, str], code: str, status: int
) -> None:
    bring(store, *LINES)
    before = store.value("SELECT count(*) FROM events")
    found, html = post(desk, path, **fields)
    assert found == status and f'data-refused="{code}"' in html
    assert store.value("SELECT count(*) FROM events WHERE what <> 'log_in'") <= before


def test_a_list_longer_than_a_page(desk: FlaskClient, store: Store) -> None:
    homes = [row[0] for row in store.rows("SELECT building || '-' || unit || '-' || room FROM units ORDER BY id")]
    items = ("物业费", "水费", "电费")
    bring(store, *((home, item, "2026-10", "1.5", "2026-11-01", "") for home in homes for item in items))
    page = desk.get("/fees?page=99").get_data(as_text=True)
    total = f"¥{len(homes) * 450 // 100}.{len(homes) * 450 % 100:02d}"
    assert f"data-homes>{len(homes)}<" in page and total in page
    assert desk.get("/fees?show=nothing").status_code == 422
