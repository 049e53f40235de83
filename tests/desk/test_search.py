"""One search box: whatever number, code, home, telephone or name somebody comes with, it leads to the case."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store, writing
from reception import case_search, charges, fault_cases, known_faults, reveals, work_orders
from reception.permissions import KIOSK, Role
from reception.visits import check_in
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.reception.life import NAME, PHONE, Life
from tests.reception.test_paid_work import agreed
from tests.test_plans import heard, walks


@pytest.fixture
def made(store: Store, clock: Clock) -> Life:
    """Repairs of the receptionist."""
    return Life(store, clock)


def found(client: FlaskClient, query: str) -> str:
    """Search; return the main part of the page, which is that of the case where it is the only one."""
    answer = client.post("/search", data={"query": query}, headers=SAME_ORIGIN, follow_redirects=True)
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
    fault_cases.detach(store, fault_id=str(fault.id), case_no=case.no, by=made.desk, now=made.now)
    alone = desk.post("/search", data={"query": fault.no}, headers=SAME_ORIGIN)
    assert (alone.status_code, alone.headers["Location"]) == (303, f"/faults/{fault.id}")


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
        "zjg",
        "A001",
        "A" * 26,
    ):
        with heard(store) as said:
            case_search.search(store, query, by=made.desk, now=made.now)
        assert walks(store, said) == [], query


@pytest.mark.parametrize(
    "query", ["1-1-101", "1栋1单元101", "1幢1单元101室", "1号楼1-101", "１－１－１０１", " 1 栋 1 单元 101 "]
)
def test_a_home_is_found_however_it_is_written(desk: FlaskClient, made: Life, query: str) -> None:
    case = made.register()
    html = found(desk, query)
    # It was the home that was asked for: its file stands beside its cases.
    assert numbers(html) == [case.no] and 'data-home="1-1-101"' in html and "<table" in html


@pytest.mark.parametrize("query", ["zjg", "ZJG", "zhangjianguo", "zhang jianguo", "zhangj", "zj"])
def test_a_name_is_found_as_it_is_typed_without_an_input_method(desk: FlaskClient, made: Life, query: str) -> None:
    case = made.register()
    made.register(name="李梅", phone="13700001111", unit="1-1-102")
    assert numbers(found(desk, query)) == [case.no]


def test_a_name_with_two_readings_is_found_by_both(desk: FlaskClient, store: Store, made: Life) -> None:
    case = made.register(name="单小曾", phone="13700001111", unit="1-1-102")
    assert [numbers(found(desk, query)) for query in ("sxz", "dxc", "shanxiaozeng")] == [[case.no]] * 3
    latin = made.register(name="Anna O'Neil", phone="13700002222", unit="1-1-201")
    assert [numbers(found(desk, query)) for query in ("anna", "Anna O'N", "annao")] == [[latin.no]] * 3
    # Who is renamed is found by the new name alone, and the old one is kept nowhere.
    store.execute("UPDATE cases SET name = '王芳' WHERE id = ?", [case.id])
    assert numbers(found(desk, "wf")) == [case.no] and numbers(found(desk, "sxz")) == []
    assert store.value("SELECT count(*) FROM names_spelt WHERE name = '单小曾'") == 0


def test_a_resident_without_any_case_leads_to_the_home(
    desk_app: Flask, desk: FlaskClient, store: Store, clock: Clock
) -> None:
    for query in (PHONE, PHONE[-4:], NAME, "zjg"):
        html = found(desk, query)
        assert 'data-home="1-1-101"' in html and numbers(html) == [] and NAME not in html.replace(query, ""), query


def test_the_code_of_a_ticket_leads_to_the_visitor(
    desk_app: Flask, desk: FlaskClient, store: Store, clock: Clock
) -> None:
    ticket = check_in(store, line="general", nonce="n", by=KIOSK, now=clock())
    assert "A001" in found(desk, f"HTTP://127.0.0.1:8600/T/{ticket.token}")
    leader = client_of(desk_app, store, actor(store, Role.TEAM_LEADER), clock())
    assert "A001" not in found(leader, ticket.token)


def test_the_only_case_is_opened_and_nothing_else_is_passed_by(desk: FlaskClient, store: Store, made: Life) -> None:
    case = made.register()
    with writing(store):
        store.execute("DELETE FROM residents WHERE name = ? AND phone <> ?", [NAME, PHONE])
    for query in (case.no, PHONE, PHONE[-4:], NAME, "zjg", case.token):
        answer = desk.post("/search", data={"query": query}, headers=SAME_ORIGIN)
        assert (answer.status_code, answer.headers.get("Location")) == (303, f"/cases/{case.no}"), query
    store.execute(
        "INSERT INTO residents (unit_id, name, phone, relation) SELECT id, '张三', '13900005678', 'owner'"
        " FROM units WHERE building = '2' LIMIT 1"
    )
    # Somebody else's telephone ends with the same digits: the receptionist chooses.
    assert desk.post("/search", data={"query": PHONE[-4:]}, headers=SAME_ORIGIN).status_code == 200


def test_who_searches_too_often_is_told_apart_from_who_looks(
    desk: FlaskClient, desk_app: Flask, store: Store, made: Life, clock: Clock
) -> None:
    made.register()
    for _ in range(reveals.UNUSUAL_SEARCHES + 1):
        found(desk, PHONE)
    manager = client_of(desk_app, store, actor(store, Role.MANAGER), clock())
    [said] = re.findall(r'data-unusual="41"><b>([^<]+)</b>', manager.get("/reveals").get_data(as_text=True))
    assert said in {"按姓名或电话搜索异常频繁", "Unusually many searches by name or telephone"}
    log = manager.get("/audit?group=looks").get_data(as_text=True)
    assert log.count("按姓名或电话搜索") == reveals.UNUSUAL_SEARCHES + 1 and PHONE not in log
