"""Every list prints and goes out as a spreadsheet: masked as on the screen, and written down."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from reception import closing, fault_records, known_faults, repair_board
from reception.permissions import Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.desk.test_imports import sheet_of
from tests.reception.life import NAME, PHONE, Life


@pytest.fixture
def made(store: Store, clock: Clock) -> Life:
    """A repair that is out, another of another category, a fault with a home, and a closed day."""
    made = Life(store, clock)
    made.dispatch(made.register())
    made.register(category="power")
    fault = known_faults.declare(
        store, nonce="f", area="building", building="1", cause="water", what="停水", by=made.desk, now=made.now
    )
    known_faults.add_household(
        store, nonce="h", fault_id=str(fault.id), unit="1-1-101", phone="", by=made.desk, now=made.now
    )
    closing.close_day(store, day=closing.today(store, now=clock()), by=made.head, now=made.now)
    return made


LISTS: list[tuple[str, str, dict[str, str], str, int]] = [
    # The page, where its export goes, what is posted, a text of the table, its rows.
    ("/due?show=all", "/due/export", {"show": "all"}, "响应", 2),
    ("/board", "/board/export", {}, "待派工", 2),
    ("/board?category=power", "/board/export", {"category": "power"}, "待派工", 1),
    ("/faults", "/faults/export", {}, "停水", 1),
    ("/faults/1", "/faults/1/export", {}, "1-1-101", 1),
    ("/prices", "/prices/export", {}, "水暖管道", 0),
    ("/workers/zhaogang", "/workers/zhaogang/export", {}, "赵刚", 1),
    ("/days", "/days/export", {}, "2026-11-23", 1),
    ("/homes", "/homes/export", {"unit": "1-1-101"}, "业主", 3),
]


@pytest.mark.parametrize(("page", "path", "fields", "shows", "rows"), LISTS)
def test_it_prints_and_goes_out(
    desk_app: Flask,
    desk: FlaskClient,
    store: Store,
    clock: Clock,
    made: Life,
    page: str,
    path: str,
    fields: dict[str, str],
    shows: str,
    rows: int,
) -> None:
    manager = client_of(desk_app, store, actor(store, Role.MANAGER), clock())

    def look(client: FlaskClient) -> str:
        answer = client.post(page, data=fields, headers=SAME_ORIGIN) if page == "/homes" else client.get(page)
        return answer.get_data(as_text=True)

    html = look(manager)
    assert "data-print" in html and f'action="{path}"' in html and "data-export" in html
    if page != "/days":
        assert "data-print" in look(desk) and "data-export" not in look(desk)
    table = sheet_of(manager.post(path, data=fields, headers=SAME_ORIGIN))
    said = "\n".join(str(cell) for row in table for cell in row)
    assert shows in said and (len(table) == rows + 1 if rows else len(table) > 5)
    assert NAME not in said and PHONE not in said
    event = store.value("SELECT detail FROM events WHERE what = 'export'")
    assert "张" not in event and "138" not in event and "1-1-101" not in event
    assert desk.post(path, data=fields, headers=SAME_ORIGIN).status_code == 403
    assert store.value("SELECT count(*) FROM events WHERE what = 'export'") == 1


def test_the_board_goes_out_whole_and_its_rest_keeps_the_filters(
    desk_app: Flask, store: Store, clock: Clock, made: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repair_board, "MOST", 1)
    made.register(category="power")
    manager = client_of(desk_app, store, actor(store, Role.MANAGER), clock())
    html = manager.get("/board?category=power").get_data(as_text=True)
    assert "&amp;state=rework&amp;category=power" in html
    assert 'href="/cases?kind=repair&amp;category=power"' in html
    table = sheet_of(manager.post("/board/export", data={"category": "power"}, headers=SAME_ORIGIN))
    assert len(table) == 3


def test_the_holder_takes_the_homes_of_his_fault_out_as_he_sees_them(
    desk_app: Flask, store: Store, clock: Clock, made: Life
) -> None:
    head = actor(store, Role.SERVICE_HEAD)
    known_faults.take_over(store, fault_id="1", by=head, now=made.now)
    client = client_of(desk_app, store, head, clock())
    said = str(sheet_of(client.post("/faults/1/export", headers=SAME_ORIGIN)))
    assert fault_records.find(store, "1").owner_id == head.id and PHONE in said


def test_the_page_of_a_case_prints_and_the_price_list_is_led_to(desk: FlaskClient, made: Life) -> None:
    html = desk.get(f"/cases/{made.register().no}").get_data(as_text=True)
    assert "data-print" in html and 'href="/assets/print.css"' in html
    assert 'href="/prices"' in html
    with desk.get("/assets/print.css") as answer:
        css = answer.get_data(as_text=True)
    for gone in (".acts-now", ".fold", ".menu", ".no-print"):
        assert gone in css
