"""What comes after the visit day, by its forms: decided, read back, told, summed up, watched over; bad input."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from desk import case_acts
from reception import booking_facts, booking_view, cases, oversight
from reception.permissions import BOX, Role
from tests.conftest import Clock, actor, client_of
from tests.desk.test_follow_ups import post, text
from tests.reception.after_life import AfterLife
from tests.reception.test_visit_day_summaries import hold

DECISION = {"nonce": "n", "opinion": "一周内修好道闸", "department": "maintenance", "due_on": "2026-12-18"}


@pytest.fixture
def made(store: Store, clock: Clock) -> AfterLife:
    return AfterLife(store, clock)


@pytest.fixture
def head(desk_app: Flask, store: Store, clock: Clock) -> FlaskClient:
    return client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())


@pytest.fixture
def manager(desk_app: Flask, store: Store, clock: Clock) -> FlaskClient:
    return client_of(desk_app, store, actor(store, Role.MANAGER), clock())


def test_from_the_decision_to_the_owner_who_reads_it(
    desk: FlaskClient, head: FlaskClient, manager: FlaskClient, kiosk: FlaskClient, made: AfterLife, store: Store
) -> None:
    case = made.met()
    page, door = f"/cases/{case.no}", f"/visit-matters/{case.no}"
    assert f'action="{door}/decide"' in text(desk, page) and f'action="{door}/read-back"' not in text(desk, page)
    assert post(desk, f"{door}/decide", **DECISION | {"department": ""}) == (422, "department_unknown")
    assert post(desk, f"{door}/decide", **DECISION | {"due_on": "2026-12-19"}) == (422, "not_a_working_day")
    assert post(desk, f"{door}/read-back", signed="paper") == (422, "decision_missing")
    assert post(desk, f"{door}/decide", **DECISION) == (303, page)
    assert post(desk, f"{door}/decide", **DECISION) == (303, page), "a second tap decides nothing more"
    assert 'data-state="pending"' in text(desk, page) and "待向业主宣读" in text(desk, page)
    assert post(desk, f"{door}/read-back", signed="") == (422, "signed_unknown")
    assert post(desk, f"{door}/read-back", signed="paper") == (303, page)
    (no,) = made.supervisions(case)
    read = text(desk, page)
    assert f"/supervisions/{no}" in read and "已签字" in read and "接访处理意见单" in read
    assert post(desk, f"{door}/add-decision", **DECISION | {"nonce": "a", "reason": "x"}) == (403, "not_the_host")
    # The owner reads each decision, who does it and until when.
    for cookie in ("", "1"):
        kiosk.set_cookie("at_kiosk", cookie)
        owner = text(kiosk, f"/T/{case.token}")
        assert "一周内修好道闸" in owner and "工程维修部 12月18日（周五）前落实" in owner
    assert "这是答应过业主的" in text(manager, f"/supervisions/{no}")
    assert post(manager, f"/supervisions/{no}/withdraw", reason="重复") == (422, "channel_unknown")
    assert post(manager, f"/supervisions/{no}/done", result="已修好") == (303, f"/supervisions/{no}")
    assert post(desk, f"/supervisions/{no}/tell", text="道闸已修好", channel="phone") == (303, f"/supervisions/{no}")
    assert cases.whole(store, case.id).state == "fed_back" and "已反馈" in text(desk, page)
    owner = text(kiosk, f"/T/{case.token}")
    assert 'data-verdict="kept"' in owner and f"/T/{case.token}/rate" in owner
    assert post(desk, f"{door}/open-again", reason="") == (422, "reason_missing")
    assert post(desk, f"{door}/open-again", reason="又坏了") == (303, page)
    assert post(head, f"{door}/decide", **DECISION | {"nonce": "b"}) == (303, page)
    assert post(head, f"{door}/decide", **DECISION | {"nonce": "b", "opinion": "另"}) == (422, "nonce_reused")
    assert post(desk, "/visit-matters/JF209901-01/decide", **DECISION | {"nonce": "c"}) == (404, "case_unknown")
    assert desk.get(f"{door}/decide").status_code == 405 and post(desk, f"{door}/else")[0] == 404


def test_the_summary_is_written_and_its_issue_supervised(
    desk: FlaskClient, head: FlaskClient, made: AfterLife, store: Store
) -> None:
    first, _ = made.supervised(), made.met(minutes=2)
    store.execute("UPDATE visit_day_bookings SET topic = 'parking'")
    day = booking_facts.details(store, first).day
    page = f"/visit-days/{day.id}/summary"
    read = text(head, page)
    assert 'data-written="0"' in read and 'data-proposed="parking"' in read and "接访结束后才能写总结" in read
    assert '<b class="number">2</b>已接待' in read
    assert post(head, page, remarks="早") == (409, "visit_day_not_held")
    hold(made, day)
    issue = {"nonce": "i", "topic": "parking", "action": "重划车位线", "owner": "zhaogang", "due_on": "2026-12-18"}
    assert post(head, f"/visit-days/{day.id}/common-issues", **issue | {"owner": ""}) == (422, "charge_unknown")
    owner = store.value("SELECT login FROM staff WHERE id = ?", [made.maintenance.id])
    assert post(head, f"/visit-days/{day.id}/common-issues", **issue | {"owner": owner}) == (303, page)
    assert page in text(head, "/today") and page not in text(desk, "/today")
    assert 'data-issue="parking"' in text(head, page) and "data-proposed" not in text(head, page)
    assert post(desk, page, remarks="x") == (403, "not_permitted")
    assert post(head, page, remarks="业主最关心停车") == (303, page)
    assert post(head, page, remarks="再写") == (409, "summary_written")
    read = text(desk, page)
    assert 'data-written="1"' in read and "业主最关心停车" in read and "盖章" in read
    read = text(desk, f"/visit-days/{day.id}/promises")
    assert 'data-promise="open"' in read and "一周内修好道闸" in read and "张建国" not in read
    for wrong in ("0", "99", "x", "9" * 30, "-1"):
        for path in ("summary", "promises"):
            assert head.get(f"/visit-days/{wrong}/{path}").status_code == 404
        assert post(head, f"/visit-days/{wrong}/summary", remarks="")[1] == "visit_day_unknown"


def test_the_form_is_masked_until_the_look_is_written_down(
    desk_app: Flask, desk: FlaskClient, manager: FlaskClient, made: AfterLife, store: Store, clock: Clock
) -> None:
    case = made.supervised()
    read = text(manager, f"/cases/{case.no}/visit-form")
    for said in (
        "接访来访登记表",
        "客服审核",
        "工程维修部",
        "项目经理",
        "同意接待",
        "一周内修好道闸",
        "盖章",
    ):
        assert said in read
    assert "13800005678" not in read and "张**" in read
    looks = "SELECT count(*) FROM events WHERE what = 'reveal' AND subject_id = ?"
    assert (
        "13800005678"
        in manager.post(
            f"/cases/{case.no}/visit-form", data={"reveal_reason": "paper"}, headers={"Sec-Fetch-Site": "same-origin"}
        ).text
    )
    assert store.value(looks, [case.id]) == 1
    # A head who signs it reads it, masked, though the case is of another department; another one does not.
    signer = client_of(desk_app, store, actor(store, Role.DEPARTMENT_HEAD), clock())
    assert "张**" in text(signer, f"/cases/{case.no}/visit-form")
    with_nothing = made.book()
    assert signer.get(f"/cases/{with_nothing.no}/visit-form").status_code == 404
    assert "尚未送签" in text(desk, f"/cases/{with_nothing.no}/visit-form")
    assert desk.get("/cases/JF209901-01/visit-form").status_code == 404


def test_the_oversight_log_by_its_forms(desk: FlaskClient, head: FlaskClient, made: AfterLife, store: Store) -> None:
    case = made.met()
    day = booking_facts.details(store, case).day
    store.execute("UPDATE visit_day_bookings SET walk_in = 1")
    oversight.watch(store, by=BOX, now=made.now)
    assert desk.get("/oversight").status_code == 403 and "/oversight" not in text(desk, "/")
    read = text(head, "/oversight")
    assert "待整改" in text(head, "/today")
    assert 'data-rule="walk_in"' in read and case.no in read and "盖章" in read
    finding = store.value("SELECT id FROM oversight_findings WHERE rule = 'walk_in'")
    assert post(head, f"/oversight/{finding}/correct", correction="") == (422, "correction_missing")
    assert post(head, f"/oversight/{finding}/correct", correction="已补签") == (303, "/oversight")
    assert post(head, f"/oversight/{finding}/correct", correction="再补") == (409, "changed_meanwhile")
    assert post(head, "/oversight/x/correct", correction="y") == (404, "breach_unknown")
    assert "已补签" in text(head, "/oversight")
    assert post(head, "/oversight", nonce="n", day=str(day.id), text="记录不全") == (303, "/oversight")
    assert post(head, "/oversight", nonce="m", day="", text="记录不全") == (404, "visit_day_unknown")
    assert 'data-oversight="0"' in text(head, "/oversight?since=2025-01-01&until=2025-12-31")
    for wrong in ("?since=x", "?since=2026-02-01&until=2026-01-01", "?since=0001-01-01&until=9999-12-31"):
        assert head.get(f"/oversight{wrong}").status_code == 422


def test_what_the_owner_reads_of_the_day_are_words_of_acts_that_there_are() -> None:
    """The history of a booking and the page of its owner name the same acts, wherever each is written."""
    assert set(booking_view._STEPS) <= set(case_acts.ACTS) | {"open_visit-day"}
