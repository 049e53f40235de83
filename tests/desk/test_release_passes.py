"""Passes for goods over HTTP: the forms of the desk, the guard's phone, and what each refuses in a clear sentence."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from reception.permissions import Role
from reception.site import configure
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.desk.test_visits import refused, send
from tests.desk.test_work import sign_in
from tests.reception.passes import Passes

FORM = {
    "nonce": "fx",
    "unit": "1-1-101",
    "name": "钱多多",
    "phone": "13911112222",
    "tie": "tenant-lease",
    "moving": "1",
    "owner_agreed": "call",
    "valid_on": "2026-11-23",
    "plate": "京a12345",
}
LINES = {"item": ["冰箱", "", "<b>纸箱</b>"], "count": ["1台", "", "20箱"]}


@pytest.fixture
def made(store: Store, clock: Clock) -> Passes:
    return Passes(store, clock)


@pytest.fixture
def guard(desk_app: Flask, home: Path) -> FlaskClient:
    """The phone of the guard of the demo."""
    return sign_in(desk_app, home, "wuhao")


@pytest.fixture
def head(desk_app: Flask, store: Store, clock: Clock) -> FlaskClient:
    """The page of the head of service."""
    return client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())


def apply(desk: FlaskClient) -> str:
    """Apply by the form; return the number."""
    answer = desk.post("/release-passes", data=FORM | LINES, headers=SAME_ORIGIN)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"].rpartition("/")[2]


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def test_from_the_form_to_the_gate_and_the_paper_back(
    desk: FlaskClient, head: FlaskClient, guard: FlaskClient, store: Store
) -> None:
    assert 'name="tie"' in page(desk, "/release-passes/new")
    no = apply(desk)
    shown = page(desk, f"/cases/{no}")
    assert 'data-state="applied"' in shown and "/approve" not in shown, "nobody approves his own"
    assert "&lt;b&gt;纸箱" in shown and "京A12345" in shown and "已打电话给业主核实" in shown
    assert refused(desk, f"/release-passes/{no}/approve") == "release_own"
    assert refused(desk, f"/release-passes/{no}/print") == "step_not_now"
    assert no in page(head, "/today") and 'data-telling="release_asked"' in page(head, "/told")
    assert 'data-state="approved"' in send(head, f"/release-passes/{no}/approve")
    assert no in page(desk, "/today")
    shown = send(desk, f"/release-passes/{no}/print")
    assert 'data-state="printed"' in shown and "客户联" in shown and "门岗联" in shown
    code = store.value("SELECT token FROM release_passes")
    assert page(guard, "/work").count('href="/work/gate"') == 1
    assert no in page(guard, "/work/gate")
    assert guard.get(f"/work/q/{code}").headers["Location"] == f"/work/gate/{code}"
    at_gate = page(guard, f"/work/gate/{code}")
    assert "1-1-101" in at_gate and "钱**" in at_gate and "13911112222" not in at_gate and "钱多多" not in at_gate
    nonce = re.findall(r'name="nonce" value="([^"]+)"', at_gate)[0]
    place = f"/work/gate/{code}/out"
    assert refused(guard, place, nonce=nonce) == "release_none"
    assert refused(guard, place, nonce=nonce, went="1") == "release_unticked"
    out = guard.post(place, data={"nonce": nonce, "went": ["1", "2"]}, headers=SAME_ORIGIN)
    shown = page(guard, out.headers["Location"])
    assert 'data-state="released"' in shown and "物品可以出小区" in shown
    # Whoever scans it once more reads that it was used; and no copy of it is printed.
    assert "不能再用" in page(guard, f"/work/gate/{code}")
    papers = page(desk, f"/cases/{no}/papers")
    assert "/reprint" not in papers
    assert refused(guard, place, nonce="another", went="1", rest="1") == "release_out"
    assert no in page(desk, "/today")
    assert 'data-state="returned"' in send(desk, f"/release-passes/{no}/take-back")
    assert no not in page(desk, "/today")


def test_what_differs_is_refused_and_applied_for_again(desk: FlaskClient, guard: FlaskClient, made: Passes) -> None:
    case = made.printed(plate="京A1")
    code = made.code(case)
    answer = guard.post(f"/work/gate/{code}/back", data={"nonce": "b", "reason": "多一台电视"}, headers=SAME_ORIGIN)
    assert answer.status_code == 303 and "多一台电视" in page(guard, answer.headers["Location"])
    shown = page(desk, f"/cases/{case.no}")
    assert f"/release-passes/new?again={case.no}" in shown and 'data-telling="release_turned_back"' in page(
        desk, "/told"
    )
    again = page(desk, f"/release-passes/new?again={case.no}")
    assert all(f'value="{one}"' in again for one in ("冰箱", "1台", "Maria 的琴", "京A1", "钱多多", "1-1-101"))
    assert desk.get("/release-passes/new?again=FX20260101-001").status_code == 404


def test_it_is_written_down_from_the_paper(desk: FlaskClient, made: Passes) -> None:
    case = made.printed()
    place = f"/release-passes/{case.no}/enter"
    made.clock.forward(minutes=10)
    assert refused(desk, place, time="x", went="1", rest="1") == "release_time_invalid"
    assert refused(desk, place, time="23:59", went="1", rest="1") == "release_time_ahead"
    shown = send(desk, place, time="10:29", went="1", rest="1")
    assert 'data-state="returned"' in shown and "凭纸质放行条补录" in shown


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"unit": "9-9-999"}, "unit_unknown"),
        ({"tie": "owner-lease"}, "tie_unknown"),
        ({"owner_agreed": ""}, "owner_agreement_missing"),
        ({"valid_on": ""}, "release_day_invalid"),
        ({"valid_on": "0001-01-01"}, "release_day_past"),
        ({"valid_on": "9999-12-31"}, "release_day_too_far"),
        ({"item": ""}, "release_items_missing"),
        ({"item": "冰箱", "count": "很多"}, "item_count_bad"),
        ({"item": "冰箱", "count": "9" * 400}, "item_count_bad"),
        ({"item": "11010519491231002X 的箱子"}, "id_number"),
        ({"nonce": ""}, "nonce_missing"),
    ],
)
def test_a_bad_form_says_why(desk: FlaskClient, store: Store, said: dict[str, str], code: str) -> None:
    assert refused(desk, "/release-passes", **(FORM | {"item": "冰箱"} | said)) == code
    assert store.value("SELECT count(*) FROM release_passes") == 0


def test_the_gate_is_shut_to_other_workers(
    desk_app: Flask, home: Path, store: Store, made: Passes, desk: FlaskClient
) -> None:
    case = made.printed()
    plumber, code = sign_in(desk_app, home, "zhaogang"), made.code(case)
    assert "/work/gate" not in page(plumber, "/work") and case.no not in page(plumber, "/work/gate")
    for path in (f"/work/q/{code}", f"/work/gate/{code}", f"/work/gate/{'A' * 26}", "/work/gate/x"):
        assert plumber.get(path).status_code == 404, path
    for act in ("out", "back"):
        form = {"nonce": "n", "went": "1", "rest": "1", "reason": "x"}
        assert plumber.post(f"/work/gate/{code}/{act}", data=form, headers=SAME_ORIGIN).status_code == 404
    assert made.state(case) == "printed"
    assert desk.get(f"/work/gate/{code}").status_code == 303, "the desk's session opens nothing there"
    configure(store, release_gate="all")
    assert case.no in page(plumber, "/work/gate")


def test_a_pass_of_another_day_says_so(guard: FlaskClient, made: Passes) -> None:
    case = made.printed(valid_on="2026-11-24")
    shown = page(guard, f"/work/gate/{made.code(case)}")
    assert "今天不能放行" in shown and 'name="went"' not in shown
    form = {"nonce": "n", "went": ["1", "2", "3"]}
    assert guard.post(f"/work/gate/{made.code(case)}/out", data=form, headers=SAME_ORIGIN).status_code == 409


def test_the_code_at_the_kiosk_and_on_a_phone_leads_the_guard_on(
    kiosk: FlaskClient, desk: FlaskClient, made: Passes
) -> None:
    case = made.printed()
    code = made.code(case)
    shown = page(kiosk, f"/T/{code}")
    assert f'href="http://127.0.0.1:8601/work/q/{code}"' in shown and "钱" not in shown and "冰箱" not in shown
    found = desk.post("/search", data={"query": code}, headers=SAME_ORIGIN)
    assert found.status_code == 303 and found.headers["Location"] == f"/cases/{case.no}"


def test_the_centre_sets_who_approves(desk_app: Flask, store: Store, clock: Clock, made: Passes) -> None:
    admin = client_of(desk_app, store, actor(store, Role.ADMINISTRATOR), clock())
    assert 'name="release_approvers"' in page(admin, "/settings/releases")
    answer = admin.post(
        "/settings/releases", data={"release_approvers": "desk", "release_gate": "security"}, headers=SAME_ORIGIN
    )
    assert answer.status_code == 303
    case = made.apply()
    colleague = client_of(desk_app, store, made.assistant, clock())
    assert 'data-state="approved"' in send(colleague, f"/release-passes/{case.no}/approve")
