"""One search box: whatever number, code, home, telephone or name somebody comes with, it leads to the case."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store, writing
from reception import case_search, charges, known_faults, work_orders
from reception.permissions import Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.reception.life import NAME, PHONE, Life
from tests.reception.test_paid_work import agreed
from tests.test_plans import heard, walks


@pytest.fixture
def made(store: Store, clock: Clock) -> Life:
    """Repairs of the receptionist."""
    return Life(store, clock)


def found(client: FlaskClient, query: str) -> str:
    """Search; return the main part of the page."""
    answer = client.post("/search", data={"query": query}, headers=SAME_ORIGIN)
    assert answer.status_code == 200, (query, answer.status_code)
    text = answer.get_data(as_text=True)
    return text[text.index("<main") :]


def numbers(html: str) -> list[str]:
    """Return the cases of a result."""
    return re.findall(r'data-case-no="([^"]+)"', html)


def test_a_work_order_and_the_codes_of_papers_lead_to_the_case(desk: FlaskClient, store: Store, made: Life) -> None:
    other, case = made.register(), made.register(unit="1-1-102", phone="13900000001")
    order = work_orders.find(store, made.dispatch(case))
    for query in (
        order.no,
        order.no.lower(),
        order.token,
        f"HTTP://127.0.0.1:8600/T/{case.token}",
        "13900000001",
        "0001",
    ):
        assert numbers(found(desk, query)) == [case.no], query
    assert numbers(found(desk, "GD20261123-999")) == []
    assert other.no in numbers(found(desk, other.no))


def test_a_receipt_leads_to_the_case(desk: FlaskClient, store: Store, made: Life) -> None:
    case = agreed(store, made.desk)
    paid = charges.pay(store, nonce="p", no=case.no, amount_fen=100, method="cash", by=made.desk, now=made.now)
    assert paid.no.startswith("YS") and numbers(found(desk, paid.no)) == [case.no]


def test_a_fault_and_what_belongs_to_it(desk: FlaskClient, store: Store, made: Life, clock: Clock) -> None:
    case = made.register()
    fault = known_faults.declare(
        store, nonce="f", area="building", building="1", cause="water", what="停水", by=made.desk, now=made.now
    )
    known_faults.attach_case(store, fault_id=str(fault.id), case_no=case.no, by=made.desk, now=made.now)
    html = found(desk, fault.no)
    assert f'href="/faults/{fault.id}"' in html and numbers(html) == [case.no]


def test_a_name_is_found_by_how_it_begins_and_stays_masked(
    desk_app: Flask, desk: FlaskClient, store: Store, clock: Clock, made: Life
) -> None:
    case = made.register()
    made.register(name="张建业", phone="13700001111", unit="1-1-102")
    assert numbers(found(desk, NAME)) == [case.no] and len(numbers(found(desk, "张建"))) == 2
    head = found(client_of(desk_app, store, made.head, clock()), NAME)
    table = head[head.index("<table") :]
    assert numbers(head) == [case.no] and "张**" in table and NAME not in table and PHONE not in head
    for query in ("张", "' OR 1=1 --", "", "x" * 81, "7" * 13):
        assert desk.post("/search", data={"query": query}, headers=SAME_ORIGIN).status_code == 422, query


@pytest.mark.parametrize("role", [Role.TEAM_LEADER, Role.DEPARTMENT_HEAD])
def test_leaders_search_within_their_department(
    desk_app: Flask, store: Store, clock: Clock, made: Life, role: Role
) -> None:
    ours, theirs = made.register(), made.register()
    with writing(store):
        store.execute("UPDATE cases SET department = 'security' WHERE id = ?", [theirs.id])
    client = client_of(desk_app, store, actor(store, role), clock())
    assert 'action="/search"' in client.get("/cases").get_data(as_text=True)
    assert numbers(found(client, "1-1-101")) == [ours.no]
    for query in (theirs.no, work_orders.find(store, made.dispatch(theirs, "")).no):
        with writing(store):
            store.execute("UPDATE cases SET department = 'security' WHERE id = ?", [theirs.id])
        assert numbers(found(client, query)) == [], query


def test_what_was_found_is_taken_out_without_saying_whom(
    desk_app: Flask, store: Store, clock: Clock, made: Life
) -> None:
    case = made.register()
    client = client_of(desk_app, store, made.head, clock())
    answer = client.post("/search/export", data={"query": "5678"}, headers=SAME_ORIGIN)
    assert answer.status_code == 200 and (answer.mimetype or "").endswith("sheet"), case.no
    detail = store.value("SELECT detail FROM events WHERE what = 'export'")
    assert '"phone"' in detail and "5678" not in detail


def test_no_search_walks_all_cases(store: Store, made: Life) -> None:
    made.register()
    for query in (
        "BX20261123-001",
        "GD20261123-001",
        "YS20261123-001",
        "GZ20261123-001",
        "1-1-101",
        "5678",
        "张建国",
        "A001",
        "A" * 26,
    ):
        with heard(store) as said:
            case_search.search(store, query, by=made.desk, now=made.now)
        assert walks(store, said) == [], query
