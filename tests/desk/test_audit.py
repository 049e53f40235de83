"""The audit log: in words, searched, itself an event, shut for what is sealed; and what is refused, counted."""

import ast
import re
import sqlite3
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from desk import audit_words
from reception import audit, audit_groups, cases, events, incidents
from reception.permissions import BOX, Role
from reception.reveals import Reason
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.desk.test_sealed import Affair, house  # noqa: F401
from tests.owner_cases import NAME, PHONE, registered
from tests.reception.test_complaints import Complaints
from tests.test_house import ROOT


@pytest.fixture
def admin(desk_app: Flask, store: Store, clock: Clock) -> FlaskClient:
    """The administrator's browser."""
    return client_of(desk_app, store, actor(store, Role.ADMINISTRATOR), clock())


def acts(page: str) -> list[str]:
    """Return the acts that a page of the log shows, newest first."""
    return re.findall(r'data-act="(\w+)"', page)


def test_every_event_that_is_written_by_name_has_words() -> None:
    """The others, whose name is made as they are written, are asked as the tests write them (`tests/conftest.py`)."""
    missing = []
    for source in sorted(Path(ROOT / "reception").rglob("*.py")):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "events.record"):
                continue
            what, subject = node.args[1:3]
            by_name = isinstance(what, ast.Constant) and isinstance(subject, ast.Constant)
            if by_name and not audit_words.knows(ast.literal_eval(what), ast.literal_eval(subject)):
                missing.append((source.name, ast.unparse(what), ast.unparse(subject)))
    assert not missing


def test_it_tells_in_words_who_did_what_to_which_case_and_names_nobody_who_came(
    admin: FlaskClient, store: Store, clock: Clock
) -> None:
    case = registered(store, clock)
    page = admin.get("/audit").get_data(as_text=True)
    assert case.no in page and "已登记" in page and "王琳" in page
    assert NAME not in page and PHONE not in page and PHONE[-4:] not in page.replace(case.no, "")


def test_codes_of_details_stand_in_words(admin: FlaskClient, store: Store, clock: Clock) -> None:
    case, manager = registered(store, clock), actor(store, Role.MANAGER)
    cases.reveal(store, case.no, why=Reason("danger"), by=manager, now=clock())
    admin.get("/audit?group=looks")
    page = admin.get("/audit").get_data(as_text=True)
    assert "原因 紧急情况" in page and "danger" not in page
    # What was searched for, too.
    assert "筛选 自 " in page and "类别 查看个人信息" in page and "since=" not in page
    # Whoever may open the case is led there.
    assert f'href="/cases/{case.no}"' not in page
    read = client_of(admin.application, store, manager, clock()).get("/audit").get_data(as_text=True)
    assert f'href="/cases/{case.no}"' in read


def test_it_is_searched_by_who_what_of_what_number_and_period(admin: FlaskClient, store: Store, clock: Clock) -> None:
    case = registered(store, clock)
    clock.forward(days=10)
    late = client_of(admin.application, store, actor(store, Role.ADMINISTRATOR), clock())
    assert "open_repair" not in acts(late.get("/audit").get_data(as_text=True))
    period = "since=2026-11-23&until=2026-11-23"
    for asked, found in (
        ("", True), ("who=wanglin", True), ("who=zhouming", False), ("who=kiosk", False), ("subject=case", True),
        ("subject=ticket", False), ("group=access", False), (f"no={case.no.lower()}", True), ("no=A001", False),
    ):  # fmt: skip
        page = late.get(f"/audit?{period}&{asked}").get_data(as_text=True)
        assert ("open_repair" in acts(page)) is found, asked
    for group in audit_groups.GROUPS:
        assert late.get(f"/audit?group={group}").status_code == 200
    for wrong in ("who=nobody", "group=x", "no=%27--", "since=x", "page=0", "page=99999", "subject=a%20b"):
        assert late.get(f"/audit?{wrong}").status_code == 422, wrong
    assert late.get("/audit?since=2026-11-24&until=2026-11-23").status_code == 422


def test_a_long_log_is_read_page_by_page(admin: FlaskClient, store: Store, clock: Clock) -> None:
    for _ in range(audit.PAGE + 30):
        events.record(store, "log_in", "staff", 1, by=actor(store, Role.RECEPTIONIST), at=clock())
    first = admin.get("/audit?who=wanglin").get_data(as_text=True)
    second = admin.get("/audit?who=wanglin&page=2").get_data(as_text=True)
    assert (len(acts(first)), len(acts(second))) == (audit.PAGE, 30)
    assert "page=2" in first and "page=1" in second and "page=3" not in second


def test_to_read_it_and_to_take_it_out_stand_in_it(admin: FlaskClient, store: Store) -> None:
    admin.get("/audit?group=looks&no=BX1")
    assert admin.post("/audit/export", data={"who": "wanglin"}, headers=SAME_ORIGIN).status_code == 200
    rows = store.rows("SELECT what, detail, by_id FROM events WHERE subject = 'list' ORDER BY id")
    assert [row["what"] for row in rows] == ["read_audit", "export"]
    assert '"group": "looks"' in rows[0]["detail"] and '"who": "wanglin"' in rows[1]["detail"]
    assert {row["by_id"] for row in rows} == {actor(store, Role.ADMINISTRATOR).id}
    assert acts(admin.get("/audit?group=taken").get_data(as_text=True)) == ["export"]


def test_what_is_sealed_is_no_line_of_it_at_any_step(
    desk_app: Flask,
    admin: FlaskClient,
    kiosk: FlaskClient,
    store: Store,
    clock: Clock,
    house: Complaints,  # noqa: F811
) -> None:
    """The administrator reads not even that there is one; the manager, who hears it, reads it all."""
    manager = client_of(desk_app, store, actor(store, Role.MANAGER), clock())
    affair = Affair(desk_app, kiosk, store, clock, "wanglin")
    for step in affair.steps():
        page = admin.get("/audit?subject=case").get_data(as_text=True)
        page += admin.get("/audit?subject=supervision").get_data(as_text=True)
        page += admin.get("/audit?subject=ticket").get_data(as_text=True)
        assert "ZJ2026" not in page and "L001" not in page, step
        assert not {"seal", "name_accused", "reopen", "supervise"} & set(acts(page)), step
    for no in (affair.no, "L001"):
        assert acts(admin.get(f"/audit?no={no}").get_data(as_text=True)) == []
    assert "seal" in acts(manager.get(f"/audit?no={affair.no}").get_data(as_text=True)) or affair.no in manager.get(
        f"/audit?no={affair.no}"
    ).get_data(as_text=True)


def test_nor_is_an_incident(desk_app: Flask, admin: FlaskClient, store: Store, clock: Clock) -> None:
    incidents.press(store, nonce="i", counter="1", by=actor(store, Role.RECEPTIONIST), now=clock())
    manager = client_of(desk_app, store, actor(store, Role.MANAGER), clock())
    assert "open_incident" not in admin.get("/audit").get_data(as_text=True)
    assert "open_incident" in acts(manager.get("/audit").get_data(as_text=True))


@pytest.mark.parametrize(
    "how",
    [
        "UPDATE events SET by_id = NULL",
        "DELETE FROM events",
        "UPDATE OR REPLACE events SET at = at",
        "INSERT OR REPLACE INTO events (id, at, what, subject, subject_id, by_role)"
        " SELECT id, at, 'log_in', subject, subject_id, by_role FROM events WHERE id = (SELECT min(id) FROM events)",
    ],
)
def test_the_store_lets_nobody_change_what_was_written(store: Store, clock: Clock, how: str) -> None:
    registered(store, clock)
    before = [tuple(row) for row in store.rows("SELECT * FROM events")]
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        store.execute(how)
    assert [tuple(row) for row in store.rows("SELECT * FROM events")] == before


def test_refusals_are_counted_and_a_flood_of_them_is_one_row(
    desk_app: Flask, desk: FlaskClient, admin: FlaskClient, store: Store, clock: Clock
) -> None:
    for _ in range(50):
        assert desk.get("/settings").status_code == 403
        assert desk.post("/queue/next").status_code == 403
        assert desk.get(f"/nowhere/{_}").status_code == 404
        clock.forward(seconds=1)
    page = admin.get("/audit/refusals").get_data(as_text=True)
    found = dict(re.findall(r'data-refusal="(\w+)" data-count="(\d+)"', page))
    assert found == {"not_permitted": "50", "http_403": "50", "http_404": "50"}
    assert "王琳" in page and "settings.home" in page and "/nowhere" not in page
    assert store.value("SELECT count(*) FROM refusals") == 3


def test_a_store_in_trouble_keeps_nobody_from_his_answer(desk: FlaskClient, store: Store) -> None:
    store.execute("DROP TABLE refusals")
    assert desk.get("/settings").status_code == 403


def test_a_busy_flood_writes_at_most_every_ten_seconds(desk: FlaskClient, store: Store) -> None:
    desk.get("/settings")
    before = store.value("PRAGMA data_version")
    for _ in range(30):
        desk.get("/settings")
    assert store.value("PRAGMA data_version") == before


def test_the_box_reads_no_audit_log(store: Store, clock: Clock) -> None:
    from reception.refusal import Refused

    with pytest.raises(Refused, match="not_permitted"):
        audit.page(store, audit.asked(store, {}, now=clock()), by=BOX, now=clock())
