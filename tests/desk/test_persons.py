"""The page of personal data: asked by POST with a reason, shown to who may, printed, taken out, erased."""

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from reception import estate
from reception.permissions import Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.reception.life import Life
from tests.reception.test_persons import NAME, PHONE, SAID, lived

ASKED = {"phone": f"{PHONE[:3]} {PHONE[3:7]} {PHONE[7:]}", "name": "", "unit": "", "reason": "request"}


@pytest.fixture
def manager(desk_app: Flask, store: Store, clock: Clock) -> FlaskClient:
    return client_of(desk_app, store, actor(store, Role.MANAGER), clock())


def post(client: FlaskClient, path: str, **fields: str) -> tuple[int, str]:
    answer = client.post(path, data=ASKED | fields, headers=SAME_ORIGIN)
    return answer.status_code, answer.get_data(as_text=True)


def test_he_is_looked_up_taken_out_and_erased(store: Store, clock: Clock, manager: FlaskClient) -> None:
    lived(Life(store, clock), clock)
    status, page = post(manager, "/persons")
    assert status == 200 and [said for said in (NAME, *SAID) if said not in page] == []
    assert "data-mentions>1<" in page and "data-print" in page and "data-more" not in page
    status, told = post(manager, "/persons/export")
    assert status == 200 and json.loads(told)["person"]["phone"] == PHONE
    [seal] = re.findall(r'name="seal" value="([0-9a-f]+)"', page)
    status, page = post(manager, "/persons/erase", name=NAME, seal=seal)
    assert status == 200 and "data-erased=" in page and NAME not in page
    page = post(manager, "/persons")[1]
    assert "data-nothing" in page and "/persons/export" not in page and 'href="/homes"><' not in page


def test_who_shares_a_telephone_is_chosen(store: Store, clock: Clock, manager: FlaskClient) -> None:
    life = Life(store, clock)
    for name in (NAME, "林晚晴"):
        life.register(name=name, phone=PHONE)
    page = post(manager, "/persons")[1]
    assert len(re.findall(r'action="/persons"[^>]*><input', page)) == 2 and "data-person" not in page
    page = post(manager, "/persons", name="林晚晴")[1]
    assert page.count('data-part="repairs"') == 1 and NAME not in page and "data-holds" in page
    assert 'action="/persons/erase"' not in page
    # What stands in the way is put right where the number leads.
    [holds] = re.findall("<ul data-holds>.*?</ul>", page, re.DOTALL)
    assert 'href="/cases/BX' in holds


def test_namesakes_without_a_telephone_are_told_apart_by_their_homes(store: Store, manager: FlaskClient) -> None:
    for home in ("1-1-101", "1-2-102"):
        sql = "INSERT INTO residents (unit_id, name, phone, relation) VALUES (?, ?, '', 'owner')"
        store.execute(sql, [estate.find_unit(store, home).id, NAME])
    page = post(manager, "/persons", phone="", name=NAME)[1]
    asked = re.findall(r'<button class="b">(.*?)</button>', page)
    assert [home in one for home, one in zip(("1-1-101", "1-2-102"), asked, strict=True)] == [True, True]
    page = post(manager, "/persons", phone="", name=NAME, unit="1-2-102")[1]
    assert "1-2-102" in page and "1-1-101</td>" not in page
    assert re.search(r'1-2-102</span>[^<]*<form class="mini" method="post" action="/homes">', page)


def test_who_says_anothers_name_and_home_is_told_apart_by_the_manager(
    store: Store, clock: Clock, manager: FlaskClient
) -> None:
    life = Life(store, clock)
    life.register(name=NAME, phone=PHONE)
    assert "data-telephones" not in post(manager, "/persons")[1]
    life.register(name=NAME, phone="13700000001")
    page = post(manager, "/persons", phone="13700000001")[1]
    [told] = re.findall(r"data-telephones>(.*?)</p>", page)
    assert PHONE in told and "13700000001" in told


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"reason": ""}, "reason_unknown"),
        ({"phone": ""}, "person_too_vague"),
        ({"phone": "12"}, "phone_invalid"),
        ({"unit": "9-9-999"}, "unit_unknown"),
        ({"unit": "x"}, "unit_invalid"),
        ({"name": "x" * 200}, "text_too_long"),
    ],
)
def test_what_is_no_question_is_refused(manager: FlaskClient, fields: dict[str, str], code: str) -> None:
    status, page = post(manager, "/persons", **fields)
    assert status in {404, 422} and f'data-refused="{code}"' in page
    # What was typed stays: the refusal alone comes into the page.
    answer = manager.post("/persons", data=ASKED | fields, headers=SAME_ORIGIN | {"HX-Request": "true"})
    assert answer.headers["HX-Reselect"] == answer.headers["HX-Retarget"] == "#refusal"


def test_the_administrator_is_told_that_there_is_more(
    desk_app: Flask, store: Store, clock: Clock, manager: FlaskClient
) -> None:
    form = {"category": "service", "facts": "主管态度恶劣", "name": NAME, "phone": PHONE, "hears": "manager"}
    answer = manager.post("/complaints", data=form | {"nonce": "s"}, headers=SAME_ORIGIN)
    assert answer.status_code == 303
    admin = client_of(desk_app, store, actor(store, Role.ADMINISTRATOR), clock())
    page = post(admin, "/persons")[1]
    assert "data-more" in page and "态度恶劣" not in page and "data-part" not in page and "data-holds" not in page
    assert "态度恶劣" in post(manager, "/persons")[1]
