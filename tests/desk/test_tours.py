"""Tours by their forms: from the desk's form to the filed papers; who sees what of them; the signs; bad input."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from reception import cases, site
from reception.permissions import Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.desk.test_follow_ups import post, text
from tests.desk.test_work import sign_in
from tests.reception.procedure_life import Procedures
from tests.reception.tour_life import TOUR, Tours

BAD = ["", " ", "x", "0", "-1", "9" * 30, "\x00", "' OR 1=1 --", "🙂" * 300, "9999-12-31", "<b>"]


@pytest.fixture
def made(store: Store, clock: Clock) -> Tours:
    site.configure(store, hours_work="08:30-12:00,13:30-17:30", hours_rest="")
    return Tours(store, clock)


@pytest.fixture
def sit(desk_app: Flask, store: Store, clock: Clock) -> Any:
    return lambda role: client_of(desk_app, store, actor(store, role), clock())


def test_from_the_form_to_the_filed_papers(made: Tours, sit: Any, store: Store, clock: Clock) -> None:
    desk, head = sit(Role.RECEPTIONIST), sit(Role.SERVICE_HEAD)
    form = text(desk, "/tours/new")
    assert 'value="4"' in form and "一类参观" in form
    sent = {"nonce": "n", **TOUR, "room": "meeting"}
    status, page = post(desk, "/tours", **sent)
    assert status == 303 and post(desk, "/tours", **sent)[1] == page
    no = page.rpartition("/")[2]
    html = text(desk, page)
    assert "会议室" in html and 'data-unreached="2"' in html and f"/tours/{no}/prepare" not in html
    for gate, step in (("prepare", "prepare"), ("check", "check"), ("start", "start"), ("restore", "restore")):
        assert post(desk, f"/tours/{no}/{step}")[0] == 409, step
        if step == "start":
            made.on_its_day()
            desk, head = sit(Role.RECEPTIONIST), sit(Role.SERVICE_HEAD)
        made.tick(cases.find(store, no, by=made.desk), gate)
        assert f"/tours/{no}/{step}" in text(desk, page), step
        assert post(desk, f"/tours/{no}/{step}")[0] == 303, step
    assert post(desk, f"/tours/{no}/review", well="引导有序", better="空调")[0] == 303
    assert post(desk, f"/tours/{no}/file", channel="phone")[0] == 303
    assert 'data-state="filed"' in text(desk, page) and "引导有序" in text(head, f"/tours/{no}/review")


def test_a_department_sees_its_plan_and_not_the_case(made: Tours, sit: Any) -> None:
    case = made.register()
    theirs = sit(Role.DEPARTMENT_HEAD)
    assert "有参观接待" in text(theirs, "/today") and f'href="/tours/{case.no}/plan"' in text(theirs, "/told")
    plan = text(theirs, f"/tours/{case.no}/plan")
    assert "市房协考察团" in plan and "欧阳静" not in plan and "沪A12345" not in plan and "开启空调" in plan
    assert theirs.get(f"/cases/{case.no}").status_code == 404
    assert f'href="/tours/{case.no}/plan"' in text(theirs, "/tours?show=coming")
    why = {"reveal_reason": "asked"}
    assert theirs.post(f"/tours/{case.no}/plan/whole", data=why, headers=SAME_ORIGIN).status_code == 404
    assert post(theirs, f"/tours/{case.no}/prepare")[0] == 403
    assert "开启空调" in text(theirs, "/tasks")


def test_papers_are_masked_until_who_looks_says_why(made: Tours, sit: Any, store: Store) -> None:
    case = made.register()
    desk, head = sit(Role.RECEPTIONIST), sit(Role.SERVICE_HEAD)
    for sheet, words in {"plan": "沪A12345", "review": "欧阳静", "table": "张会长"}.items():
        page = f"/tours/{case.no}/{sheet}"
        assert words in text(desk, page) and words not in text(head, page)
        answer = head.post(f"{page}/whole", data={"reveal_reason": "asked"}, headers=SAME_ORIGIN)
        assert answer.status_code == 200 and words in answer.get_data(as_text=True)
    assert store.value("SELECT count(*) FROM events WHERE what = 'reveal'") == 3
    board = text(head, f"/tours/{case.no}/board")
    assert "热烈欢迎" in board and "市房协考察团" in board and "欧阳静" not in board and "沪A" not in board
    assert "嘉宾停车位" in text(head, f"/tours/{case.no}/signs")
    for form in ("tour_plan", "tour_review", "tour_signs"):
        answer = desk.post(f"/forms/{form}/{case.no}/printed", data={"whole": "1"}, headers=SAME_ORIGIN)
        assert answer.status_code == 204
    assert store.value("SELECT count(*) FROM events WHERE what = 'print_form'") == 3
    for page in (f"/tours/{case.no}/x", "/tours/CG20260101-009/plan"):
        assert desk.get(page).status_code == 404
    assert store.value("SELECT count(*) FROM events WHERE what = 'reveal'") == 3


def test_a_paper_of_another_kind_of_case_is_no_tour_s(desk: FlaskClient, made: Tours) -> None:
    other = Procedures(made.store, made.clock).begin()
    assert desk.get(f"/tours/{other.no}/plan").status_code == 404
    assert post(desk, f"/tours/{other.no}/prepare")[0] == 409


def test_the_manager_approves_from_his_list(made: Tours, sit: Any) -> None:
    case = made.register(from_="18:00", to="19:00")
    manager, desk = sit(Role.MANAGER), sit(Role.RECEPTIONIST)
    assert 'data-group="tours_asked"' in text(manager, "/today")
    assert f"/tours/{case.no}/approve" in text(manager, f"/cases/{case.no}")
    assert f"/tours/{case.no}/approve" not in text(desk, f"/cases/{case.no}")
    assert post(desk, f"/tours/{case.no}/approve", reason="急")[0] == 403
    assert post(manager, f"/tours/{case.no}/approve", reason="来宾航班")[0] == 303
    assert "来宾航班" in text(desk, f"/cases/{case.no}") and 'data-group="tours_asked"' not in text(manager, "/today")


def test_agreed_anew_by_its_form_only_where_the_names_stand_whole(made: Tours, sit: Any) -> None:
    case = made.register()
    desk, head = sit(Role.RECEPTIONIST), sit(Role.SERVICE_HEAD)
    assert f"/tours/{case.no}/change" not in text(head, f"/cases/{case.no}"), "what is masked would be kept so"
    html = text(desk, f"/cases/{case.no}")
    was = re.search(r'name="was" value="([^"]+)"', html)
    assert was is not None and 'value="沪A12345 沪B88888"' in html
    form = {name: TOUR[name] for name in ("day", "from_", "to", "people", "places", "plates", "guests")}
    sent = {"nonce": "c", "was": was[1], **form, "people": "20"}
    assert post(desk, f"/tours/{case.no}/change", **sent)[0] == 303
    assert post(desk, f"/tours/{case.no}/change", **{**sent, "nonce": "d", "people": "21"})[0] == 409
    assert "20 位来宾" in text(desk, f"/cases/{case.no}")


def test_the_list_shows_today_what_comes_and_what_was(made: Tours, sit: Any, clock: Clock) -> None:
    case = made.register()
    gone = made.register(from_="14:00", to="15:00")
    assert post(sit(Role.RECEPTIONIST), f"/tours/{gone.no}/cancel", reason="对方改期", channel="phone")[0] == 303
    desk = sit(Role.RECEPTIONIST)
    for show, there in (("coming", [case.no]), ("today", []), ("past", [gone.no])):
        html = text(desk, f"/tours?show={show}")
        assert re.findall(r'data-tour="([^"]+)"', html) == there, show
    assert desk.get("/tours?show=x").status_code == 422
    clock.forward(days=2)
    assert re.findall(r'data-tour="([^"]+)"', text(sit(Role.RECEPTIONIST), "/tours")) == [case.no]
    assert 'data-group="tours"' in text(sit(Role.RECEPTIONIST), "/today")


def test_the_guard_reads_the_plates_of_today(made: Tours, desk_app: Flask, home: Path) -> None:
    made.register(way="ad_hoc", day="2026-11-23", from_="10:20", to="11:30")
    made.register()
    html = text(sign_in(desk_app, home, "wuhao"), "/work/gate")
    assert html.count('class="job gate-tour"') == 1 and "沪A12345 沪B88888" in html and "欧阳" not in html


@pytest.mark.parametrize("field", ["organisation", "name", "phone", "level", "way", "day", "from_", "people", "places"])
def test_bad_fields_leave_nothing(desk: FlaskClient, made: Tours, store: Store, field: str) -> None:
    for number, value in enumerate(BAD):
        status, _page = post(desk, "/tours", nonce=f"b{number}", **{**TOUR, field: value})
        if status == 303:
            # Any words name a body or a place, and eight digits are a telephone.
            assert field in ("organisation", "name", "places") or (field, value) == ("phone", "9999-12-31")
            continue
        assert 400 <= status < 500, (field, value)
