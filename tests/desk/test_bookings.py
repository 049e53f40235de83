"""Bookings of the visit day through the desk's doors: the form, the call, the register, and what becomes of them."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from reception import booking_facts, cases, identity
from reception.booking_facts import details
from reception.cases import Case
from reception.permissions import KIOSK, Role
from reception.visits import check_in
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of

FORM = {"name": "张建国", "phone": "5678", "unit": "1-1-101", "matter": "地下车库车位"}


@pytest.fixture
def post(desk: FlaskClient) -> Callable[..., Any]:
    def send(path: str, **fields: str) -> Any:
        return desk.post(path, data=fields, headers=SAME_ORIGIN)

    return send


def newest(store: Store) -> Case:
    return cases.whole(store, store.value("SELECT max(id) FROM cases WHERE kind = 'visit-day'"))


def test_the_form_offers_times_and_what_a_script_sends_takes_the_first(
    desk: FlaskClient, post: Callable[..., Any], store: Store
) -> None:
    answer = post("/visit-day", nonce="a", **FORM)
    assert answer.status_code == 303
    case = newest(store)
    booking = details(store, case)
    assert (case.state, booking.starts, booking.ownership) == ("under_review", "10:00", "register")
    page = desk.get("/visit-day/new").get_data(as_text=True)
    assert 'value="2026-12-04 10:15" required checked' in page and "2026-12-04 10:00" not in page
    assert "预约截止" in page
    # Booked with a chosen time, a topic, on another day.
    other = {**FORM, "unit": "1-1-102", "phone": "13912345678"}
    post("/visit-day", nonce="b", slot="2027-01-04 11:30", topic="noise", **other)
    booked = details(store, newest(store))
    assert (booked.visit_day_on, booked.starts, booked.topic, booked.ownership) == (
        "2027-01-04", "11:30", "noise", "unchecked",
    )  # fmt: skip
    assert booked.provisional


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"matter": ""}, "matter_missing"),
        ({"unit": "", "phone": "13800005678"}, "unit_missing"),
        ({"unit": "9-9-999"}, "unit_unknown"),
        ({"topic": "nonsense"}, "topic_unknown"),
        ({"slot": "2026-12-05 10:00"}, "visit_day_unknown"),
        ({"slot": "x y"}, "visit_day_unknown"),
        ({"slot": "2026-12-04 10:07"}, "slot_taken"),
        ({"proof": "promise"}, "proof_unknown"),
        ({"proof": "agent", "agent_name": "李娟"}, "agent_unproven"),
        ({"proof": "agent", "agent_name": "李娟", "power_seen": "1", "owner_document": "licence"}, "agent_unproven"),
        ({"proof": "agent", "agent_name": "李娟", "owner_document": "id_card"}, "agent_unproven"),
        ({"proof": "agent", "agent_name": "", "power_seen": "1", "owner_document": "id_card"}, "name_missing"),
        ({"walk_in": "1"}, "no_visit_today"),
        ({"ticket": "J999"}, "ticket_unknown"),
    ],
)
def test_what_the_desk_refuses_leaves_nothing(
    post: Callable[..., Any], store: Store, fields: dict[str, str], code: str
) -> None:
    answer = post("/visit-day", nonce="n", **{**FORM, **fields})
    assert answer.status_code in {404, 409, 422} and f'data-refused="{code}"' in answer.get_data(as_text=True)
    assert store.value("SELECT count(*) FROM cases") == 0
    assert store.value("SELECT count(*) FROM visit_day_slots WHERE case_id IS NOT NULL") == 0


def test_who_lives_there_without_owning_it_is_told_what_he_can_do(post: Callable[..., Any], store: Store) -> None:
    row = store.row(
        "SELECT residents.name, phone, building || '-' || unit || '-' || room AS home FROM residents"
        " JOIN units ON units.id = unit_id WHERE relation = 'tenant' ORDER BY residents.id LIMIT 1"
    )
    assert row is not None
    tenant = {"name": row["name"], "phone": row["phone"], "unit": row["home"], "matter": "车位"}
    answer = post("/visit-day", nonce="n", **tenant)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and 'data-refused="owners_only"' in text
    assert all(word in text for word in ("投诉", "报修", "建议"))
    # Papers do not make a tenant the owner; a power of attorney lets him act.
    assert post("/visit-day", nonce="n", proof="papers", **tenant).status_code == 422
    seen = {"proof": "agent", "agent_name": row["name"], "power_seen": "1", "owner_document": "id_card"}
    assert post("/visit-day", nonce="n", **tenant, **seen).status_code == 303
    case = newest(store)
    assert details(store, case).ownership == "agent"
    agent = identity.agent(store, case)
    assert agent is not None and agent.authorised


def test_papers_that_were_seen_are_kept_without_a_number(post: Callable[..., Any], store: Store) -> None:
    post("/visit-day", nonce="n", proof="papers", **{**FORM, "phone": "13912345678"})
    case = newest(store)
    assert details(store, case).ownership == "papers"
    (check,) = identity.of_case(store, case)
    assert (check.document, check.matched, check.note) == ("property_papers", True, "")


def test_an_ownership_left_open_is_settled_once(desk: FlaskClient, post: Callable[..., Any], store: Store) -> None:
    post("/visit-day", nonce="n", **{**FORM, "phone": "13912345678"})
    no = newest(store).no
    assert f'action="/visit-day/{no}/ownership"' in desk.get(f"/cases/{no}").get_data(as_text=True)
    for how, code in (("x", "proof_unknown"), ("register", "owner_not_in_file"), ("agent", "agent_unproven")):
        answer = post(f"/visit-day/{no}/ownership", nonce="s", how=how)
        assert f'data-refused="{code}"' in answer.get_data(as_text=True), how
    assert post(f"/visit-day/{no}/ownership", nonce="s", how="papers").status_code == 303
    assert post(f"/visit-day/{no}/ownership", nonce="s", how="papers").status_code == 303
    assert post(f"/visit-day/{no}/ownership", nonce="t", how="register").status_code == 422
    # Named in the file since: how it was settled stays.
    post("/homes/residents", nonce="r", unit="1-1-101", name="张建国", phone="13912345678", relation="owner")
    again = post(f"/visit-day/{no}/ownership", nonce="u", how="register")
    assert again.status_code == 409 and "ownership_settled" in again.get_data(as_text=True)
    assert details(store, newest(store)).ownership == "papers"
    assert store.value("SELECT count(*) FROM identity_checks") == 1
    assert "/ownership" not in desk.get(f"/cases/{no}").get_data(as_text=True)


def test_from_a_number_at_the_counter(desk: FlaskClient, post: Callable[..., Any], store: Store, clock: Clock) -> None:
    ticket = check_in(store, line="visit-day", nonce="t", phone="5678", unit="1-1-101", by=KIOSK, now=clock())
    post("/queue/next", counter="1")
    page = desk.get(f"/visit-day/new?ticket={ticket.no}").get_data(as_text=True)
    assert 'value="1-1-101"' in page
    assert post("/visit-day", nonce="a", ticket=ticket.no, **FORM).headers["Location"] == "/"
    assert newest(store).visit_id is not None


def test_a_call_books_without_paper_and_the_slip_is_printed_later(
    desk: FlaskClient, post: Callable[..., Any], store: Store
) -> None:
    assert 'value="visit-day"' in desk.get("/calls/new").get_data(as_text=True)
    answer = post("/calls", nonce="c", kind="visit-day", name="张建国", phone="5678", unit="1-1-101", content="车位",
                  about="parking", slot="2026-12-04 11:00")  # fmt: skip
    assert answer.status_code == 303
    case = newest(store)
    assert (case.source, details(store, case).starts, details(store, case).topic) == ("phone", "11:00", "parking")
    assert store.value("SELECT count(*) FROM print_jobs") == 0
    assert "visit_day_slip" in desk.get(f"/cases/{case.no}").get_data(as_text=True)
    post(f"/cases/{case.no}/hand-out", kind="visit_day_slip")
    assert store.value("SELECT count(*) FROM print_jobs WHERE kind = 'visit_day_slip'") == 1


def test_changing_makes_a_new_slip_and_the_old_one_never_comes_out(
    desk: FlaskClient, post: Callable[..., Any], store: Store
) -> None:
    post("/visit-day", nonce="a", **FORM)
    no = newest(store).no
    old = store.value("SELECT max(id) FROM print_jobs")
    for slot, reason, code in (
        ("2026-12-04 10:00", "家里有事", "nothing_changed"),
        ("2026-12-04 10:30", "", "reason_missing"),
        ("2026-12-04 10:31", "家里有事", "slot_taken"),
        ("2026-11-06 10:00", "家里有事", "visit_day_unknown"),
    ):
        answer = post(f"/visit-day/{no}/change", slot=slot, reason=reason)
        assert f'data-refused="{code}"' in answer.get_data(as_text=True), slot
    assert details(store, newest(store)).starts == "10:00"
    assert post(f"/visit-day/{no}/change", slot="2027-01-04 10:30", reason="家里有事").status_code == 303
    booking = details(store, newest(store))
    assert (booking.visit_day_on, booking.starts, booking.edition) == ("2027-01-04", "10:30", 2)
    states = store.rows("SELECT state, part FROM print_jobs WHERE kind = 'visit_day_slip' ORDER BY id")
    assert [tuple(row) for row in states] == [("void", ""), ("queued", "2")]
    answer = post(f"/papers/{old}/reprint", nonce="r")
    assert 'data-refused="paper_outdated"' in answer.get_data(as_text=True)
    page = desk.get(f"/cases/{no}").get_data(as_text=True)
    assert 'data-changes="1"' in page and "2026-12-04 10:00" in page and "家里有事" in page
    assert store.value("SELECT case_id FROM visit_day_slots WHERE starts = '10:00' AND visit_day_id = 1") is None


def test_withdrawing_frees_the_place_for_who_waits(desk: FlaskClient, post: Callable[..., Any], store: Store) -> None:
    homes = [f"1-1-{floor}0{door}" for floor in range(1, 6) for door in (1, 2)]
    for number, unit in enumerate(homes):
        fields = {**FORM, "unit": unit, "phone": "13912345678"}
        assert post("/visit-day", nonce=str(number), **fields).status_code == 303
    found = [
        cases.whole(store, row[0]) for row in store.rows("SELECT id FROM cases WHERE kind = 'visit-day' ORDER BY id")
    ]
    ninth, tenth = found[8:]
    assert "候补第 2 位" in desk.get(f"/cases/{tenth.no}").get_data(as_text=True)
    assert "候补第 3 位" in desk.get("/visit-day/new").get_data(as_text=True)
    assert 'data-refused="reason_missing"' in post(f"/visit-day/{found[3].no}/withdraw").get_data(as_text=True)
    assert post(f"/visit-day/{found[3].no}/withdraw", reason="已解决").status_code == 303
    assert post(f"/visit-day/{found[3].no}/withdraw", reason="已解决").status_code == 409
    up = cases.whole(store, ninth.id)
    assert (up.state, details(store, up).starts, details(store, up).edition) == ("under_review", "10:45", 2)
    assert "候补第 1 位" in desk.get(f"/cases/{tenth.no}").get_data(as_text=True)
    # His home may book again.
    assert post("/visit-day", nonce="again", **{**FORM, "unit": homes[3], "phone": "13912345678"}).status_code == 303


def test_the_register_of_a_day(
    desk_app: Flask, desk: FlaskClient, post: Callable[..., Any], store: Store, clock: Clock
) -> None:
    post("/visit-day", nonce="a", slot="2026-12-04 11:00", topic="noise", **FORM)
    post("/visit-day", nonce="b", **{**FORM, "unit": "1-1-102", "phone": "13912345678"})
    page = desk.get("/visit-days/1/bookings").get_data(as_text=True)
    assert page.index("10:00</b>") < page.index("11:00</b>")
    # Masked, also for whoever took it in.
    assert "张**" in page and "张建国" not in page and "13912345678" not in page
    assert desk.get("/visit-days/1/bookings/list").status_code == 200
    for bad in ("99", "x", "９", "-1", "9" * 20):
        assert desk.get(f"/visit-days/{bad}/bookings").status_code == 404
    assert post("/visit-days/1/bookings/export").status_code == 403
    head = client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())
    answer = head.post("/visit-days/1/bookings/export", headers=SAME_ORIGIN)
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert [cell.value for cell in sheet[2]][:2] == ["10:00", "JF202612-02"]
    assert store.value("SELECT detail FROM events WHERE what = 'export'").count('"bookings"') == 1
    maintenance = client_of(desk_app, store, actor(store, Role.DEPARTMENT_HEAD), clock())
    assert maintenance.get("/visit-days/1/bookings").status_code == 403


def test_a_walk_in_takes_what_is_free_today_and_waits_for_the_manager(
    desk: FlaskClient, post: Callable[..., Any], store: Store, clock: Clock
) -> None:
    post("/visit-day", nonce="plan", **{**FORM, "unit": "1-1-102", "phone": "13912345678"})
    # Friday 4 December, 11:05 of the site.
    clock.at = clock.at.replace(month=12, day=4, hour=3, minute=5)
    desk = client_of(desk.application, store, actor(store, Role.RECEPTIONIST), clock())
    page = desk.get("/visit-day/new").get_data(as_text=True)
    assert 'name="walk_in"' in page and "2026-12-04" not in page
    answer = desk.post("/visit-day", data={**FORM, "nonce": "w", "walk_in": "1"}, headers=SAME_ORIGIN)
    assert answer.status_code == 303
    case = newest(store)
    booking = details(store, case)
    # Not one of this morning that has passed.
    assert (case.state, booking.walk_in, booking.starts) == ("booked", True, "11:15")
    assert booking_facts.signatures(case.state).zh == "审核中"
    again = desk.post("/visit-day", data={**FORM, "nonce": "w2", "walk_in": "1"}, headers=SAME_ORIGIN)
    assert 'data-refused="household_booked"' in again.get_data(as_text=True)
    clock.forward(hours=1)
    desk = client_of(desk.application, store, actor(store, Role.RECEPTIONIST), clock())
    late = {**FORM, "unit": "1-1-201", "phone": "13912345678", "nonce": "w3", "walk_in": "1"}
    answer = desk.post("/visit-day", data=late, headers=SAME_ORIGIN)
    assert answer.status_code == 409 and "visit_day_over" in answer.get_data(as_text=True)
