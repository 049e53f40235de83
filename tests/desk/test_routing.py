"""Hearing the matter and routing it: repair, complaint, visit day; their papers, their lists, their search."""

import json
import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from reception.permissions import KIOSK, Role
from reception.visits import check_in
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of

PERSON = {"name": "", "phone": "5678", "unit": "1-1-101"}
REPAIR = PERSON | {
    "category": "water",
    "content": "水龙头漏水",
    "place": "厨房",
    "convenient_time": "今天 14:00",
    "urgency": "ordinary",
}
COMPLAINT = PERSON | {"category": "noise", "facts": "楼上半夜装修", "wish": "希望管理"}
VISIT = PERSON | {"matter": "想当面谈停车位"}
TABLES = (
    "cases",
    "repairs",
    "complaints",
    "visit_day_bookings",
    "work_orders",
    "events",
    "print_jobs",
    "sequences",
    "nonces",
)


def counts(store: Store) -> list[int]:
    """Return how many rows the tables of a case have."""
    return [store.value(f"SELECT count(*) FROM {table}") for table in TABLES]  # noqa: S608


@pytest.fixture
def served(desk: FlaskClient, store: Store, clock: Clock) -> str:
    """The number of the ticket that the receptionist serves at counter 1."""
    ticket = check_in(store, line="general", nonce="served", by=KIOSK, now=clock())
    desk.post("/queue/next", data={"counter": "1"}, headers=SAME_ORIGIN)
    return ticket.no


def send(desk: FlaskClient, path: str, fields: dict[str, str], nonce: str = "n1") -> str:
    """Send a form; return where it leads."""
    answer = desk.post(path, data=fields | {"nonce": nonce}, headers=SAME_ORIGIN)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"]


def papers(store: Store) -> list[tuple[str, dict[str, object]]]:
    """Return kind and facts of the papers of cases, in order."""
    return [
        (kind, json.loads(facts))
        for kind, facts in store.rows("SELECT kind, facts FROM print_jobs WHERE ref LIKE 'case:%' ORDER BY id")
    ]


def test_a_repair_prints_its_receipt_and_one_press_dispatches_it(desk: FlaskClient, store: Store, served: str) -> None:
    assert send(desk, "/repairs", REPAIR | {"ticket": served, "dispatch": "1"}) == "/"
    case = store.row("SELECT * FROM cases")
    assert case is not None
    assert (case["no"], case["state"], case["name"], case["phone"]) == (
        "BX20261123-001",
        "dispatched",
        "张建国",
        "13800005678",
    )
    kinds = [(kind, facts.get("for_worker")) for kind, facts in papers(store)]
    assert kinds == [("repair_receipt", None), ("work_order", True), ("work_order", False)]
    receipt, worker, owner = (facts for _, facts in papers(store))
    assert (receipt["name"], receipt["phone"], receipt["unit"], receipt["ticket_no"]) == (
        "张**",
        "138****5678",
        "1号楼",
        "A001",
    )
    assert (worker["name"], worker["phone"], worker["unit"]) == ("张建国", "13800005678", "1-1-101")
    assert (owner["name"], owner["phone"], owner["unit"]) == ("张**", "138****5678", "1号楼")
    assert worker["no"] == "GD20261123-001"
    assert worker["url"] != owner["url"], "owner's and worker's copies carry different keys"


def test_a_repair_registered_only_is_dispatched_from_its_page(desk: FlaskClient, store: Store) -> None:
    place = send(desk, "/repairs", REPAIR | {"dispatch": "0"})
    assert place == "/cases/BX20261123-001"
    assert [kind for kind, _ in papers(store)] == ["repair_receipt"]
    desk.post("/repairs/BX20261123-001/dispatch", headers=SAME_ORIGIN)
    assert [kind for kind, _ in papers(store)] == ["repair_receipt", "work_order", "work_order"]
    again = desk.post("/repairs/BX20261123-001/dispatch", headers=SAME_ORIGIN)
    assert again.status_code == 422 and "not_registered" in again.get_data(as_text=True)
    assert store.value("SELECT count(*) FROM work_orders") == 1


def test_the_five_fields_are_complete_before_dispatch(desk: FlaskClient, store: Store) -> None:
    before = counts(store)
    fields = REPAIR | {"convenient_time": "", "dispatch": "1", "nonce": "five"}
    answer = desk.post("/repairs", data=fields, headers=SAME_ORIGIN)
    assert answer.status_code == 422 and "convenient_time_missing" in answer.get_data(as_text=True)
    assert counts(store) == before, "neither the repair nor its receipt may stay behind"
    send(desk, "/repairs", fields | {"urgency": "urgent"}, nonce="urgent")


def test_a_complaint_and_a_booking_print_theirs(desk: FlaskClient, store: Store, served: str) -> None:
    send(desk, "/complaints", COMPLAINT | {"ticket": served}, "c")
    send(desk, "/visit-day", VISIT | {"ticket": served}, "v")
    assert [row[0] for row in store.rows("SELECT no FROM cases ORDER BY id")] == ["TS20261123-001", "JF202612-01"]
    (_, complaint), (_, slip) = papers(store)
    assert complaint["expected"] == ["24 小时内首次答复", "First answer within 24 hours"]
    assert (slip["visit_day_on"], slip["provisional"], slip["phone"]) == ("2026-12-04", False, "138****5678")
    html = desk.get("/queue/counter").get_data(as_text=True)
    assert "TS20261123-001" in html and "JF202612-01" in html, "a ticket carries several matters"


def test_a_year_without_official_data_is_provisional_everywhere(desk: FlaskClient, store: Store, clock: Clock) -> None:
    clock.at = datetime(2026, 12, 10, 2, 0, tzinfo=UTC)
    fresh = client_of(desk.application, store, actor(store, Role.RECEPTIONIST), clock())
    send(fresh, "/visit-day", VISIT)
    assert "暂定" in fresh.get("/visit-day/new").get_data(as_text=True)
    ((_, slip),) = papers(store)
    assert (slip["visit_day_on"], slip["provisional"]) == ("2027-01-04", True)
    assert "暂定" in fresh.get("/cases/JF202701-01").get_data(as_text=True)


def test_the_same_form_twice_is_one_case(desk: FlaskClient, store: Store) -> None:
    for path, fields in (("/repairs", REPAIR), ("/complaints", COMPLAINT), ("/visit-day", VISIT)):
        send(desk, path, fields, path)
        before = counts(store)
        send(desk, path, fields, path)
        assert counts(store) == before
        other = desk.post(path, data=fields | {"nonce": path, "name": "别人"}, headers=SAME_ORIGIN)
        assert other.status_code == 422 and "nonce_reused" in other.get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "good", "bad", "code"),
    [
        ("/repairs", REPAIR, {"category": "magic"}, "category_unknown"),
        ("/repairs", REPAIR, {"urgency": ""}, "urgency_unknown"),
        ("/repairs", REPAIR, {"content": " "}, "content_missing"),
        ("/repairs", REPAIR, {"content": "x" * 501}, "text_too_long"),
        ("/repairs", REPAIR, {"unit": ""}, "name_missing"),
        ("/repairs", REPAIR, {"unit": "", "name": "甲", "phone": "13912345678"}, "unit_missing"),
        ("/repairs", REPAIR, {"phone": ""}, "name_missing"),
        ("/repairs", REPAIR, {"phone": "", "name": "甲"}, "phone_missing"),
        ("/complaints", COMPLAINT, {"facts": ""}, "facts_missing"),
        ("/complaints", COMPLAINT, {"category": ""}, "category_unknown"),
        ("/visit-day", VISIT, {"matter": ""}, "matter_missing"),
        ("/visit-day", VISIT, {"unit": "9-9-999"}, "unit_unknown"),
        ("/visit-day", VISIT, {"ticket": "A999"}, "ticket_unknown"),
    ],
)
def test_bad_forms_leave_the_store_as_it_was(
    desk: FlaskClient, store: Store, path: str, good: dict[str, str], bad: dict[str, str], code: str
) -> None:
    before = counts(store)
    fields = good | bad | {"nonce": "bad"}
    if "ticket" not in bad and code == "name_missing" and "unit" in bad:
        fields["phone"] = "13912345678"
    answer = desk.post(path, data=fields, headers=SAME_ORIGIN)
    assert 400 <= answer.status_code < 500
    assert f'data-refused="{code}"' in answer.get_data(as_text=True)
    assert counts(store) == before


def test_a_form_for_a_visitor_somebody_else_serves_is_refused(
    desk_app: Flask, desk: FlaskClient, store: Store, served: str, clock: Clock
) -> None:
    other = client_of(desk_app, store, actor(store, Role.ASSISTANT), clock())
    answer = other.post("/repairs", data=REPAIR | {"nonce": "x", "ticket": served}, headers=SAME_ORIGIN)
    assert answer.status_code == 403 and "not_serving" in answer.get_data(as_text=True)


def test_lists_and_search_find_by_number_home_and_tail(desk: FlaskClient, served: str) -> None:
    send(desk, "/repairs", REPAIR | {"ticket": served})
    assert "BX20261123-001" in desk.get("/cases?kind=repair").get_data(as_text=True)
    for query in ("BX20261123-001", "bx20261123-001", "1-1-101", "5678", served):
        html = desk.post("/search", data={"query": query}, headers=SAME_ORIGIN).get_data(as_text=True)
        assert "BX20261123-001" in html, query
    for query in ("TS20261123-001", "1-1-102", "0000"):
        html = desk.post("/search", data={"query": query}, headers=SAME_ORIGIN).get_data(as_text=True)
        assert "BX20261123-001" not in html, query
    answer = desk.post("/search", data={"query": "' OR 1=1 --"}, headers=SAME_ORIGIN)
    assert answer.status_code == 422


def test_others_see_masked_values_and_a_look_is_written_down(
    desk_app: Flask, desk: FlaskClient, store: Store, clock: Clock
) -> None:
    send(desk, "/repairs", REPAIR)
    head = client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())
    page = head.get("/cases/BX20261123-001").get_data(as_text=True)
    assert "张**" in page and "13800005678" not in page
    assert head.post("/cases/BX20261123-001/reveal", headers=SAME_ORIGIN).status_code == 422
    shown = head.post("/cases/BX20261123-001/reveal", data={"reveal_reason": "asked"}, headers=SAME_ORIGIN).get_data(
        as_text=True
    )
    assert "13800005678" in shown
    looks = store.rows("SELECT by_role FROM events WHERE what = 'reveal'")
    assert [row[0] for row in looks] == ["service_head"]


def test_a_head_of_department_sees_only_his_own(desk_app: Flask, desk: FlaskClient, store: Store, clock: Clock) -> None:
    send(desk, "/repairs", REPAIR, "r")
    send(desk, "/complaints", COMPLAINT, "c")
    head = client_of(desk_app, store, actor(store, Role.DEPARTMENT_HEAD), clock())
    assert head.get("/cases/BX20261123-001").status_code == 200
    assert head.get("/cases/TS20261123-001").status_code == 404
    assert "TS2026" not in head.get("/cases?kind=complaint").get_data(as_text=True)


def test_history_cannot_be_rewritten(desk: FlaskClient, store: Store) -> None:
    send(desk, "/complaints", COMPLAINT)
    for statement in ("UPDATE events SET what = 'x'", "DELETE FROM events"):
        with pytest.raises(Exception, match="append-only"):
            store.execute(statement)


def test_a_receipts_code_leads_to_the_progress_without_a_name(
    desk: FlaskClient, kiosk: FlaskClient, store: Store
) -> None:
    send(desk, "/repairs", REPAIR | {"dispatch": "1"})
    for _, facts in papers(store):
        token = str(facts["url"]).rsplit("/", 1)[1]
        html = kiosk.get(f"/T/{token}").get_data(as_text=True)
        assert "BX20261123-001" in html and "已派工" in html
        assert not re.search("张|5678|1-1-101|水龙头", html)
