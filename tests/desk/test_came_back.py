"""Orders that came back, at the desk: counted on every screen, said on the board, proposed with the time as agreed."""

import pytest
from flask.testing import FlaskClient

from db.store import Store
from reception import cases, due, fault_cases, known_faults, order_steps, repair_board, repair_facts, work_orders
from tests.conftest import SAME_ORIGIN, Clock
from tests.reception.life import Life, deadline


@pytest.fixture
def life(store: Store, clock: Clock) -> Life:
    """A centre at work."""
    return Life(store, clock)


def text(client: FlaskClient, path: str) -> str:
    """Return a page, which must be a good one."""
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_it_is_said_everywhere_that_an_order_came_back(desk: FlaskClient, store: Store, life: Life) -> None:
    case = life.register()
    work_orders.dispatch(
        store, no=case.no, worker="zhaogang", appointed_at="2026-11-27T09:00", by=life.desk, now=life.now
    )
    order = work_orders.live(store, case.id)
    assert order is not None
    path = f"/orders/{order.no}/send-back"
    assert 'data-sent-back="0"' in text(desk, "/due/count")
    refused = desk.post(path, data={"reason": "other"}, headers=SAME_ORIGIN)
    assert refused.status_code == 422 and 'data-refused="reason_missing"' in refused.get_data(as_text=True)
    assert desk.post(path, data={"reason": "other", "note": "等电梯"}, headers=SAME_ORIGIN).status_code == 303
    assert 'data-sent-back="1"' in text(desk, "/due/count") and 'data-sent-back="1"' in text(desk, "/")
    assert "其他：等电梯" in text(desk, "/board/cards")
    page = text(desk, f"/cases/{case.no}")
    assert "data-came-back" in page and "其他：等电梯" in page
    assert 'name="appointed_at" value="2026-11-27T09:00"' in page


def test_the_slip_says_why_it_came_back_too(desk: FlaskClient, store: Store, life: Life) -> None:
    order = life.dispatched()
    path = f"/slips/{order.no}/not-fixed"
    assert desk.post(path, data={"why": "back:other"}, headers=SAME_ORIGIN).status_code == 422
    assert desk.post(path, data={"why": "back:other", "note": "缺梯子"}, headers=SAME_ORIGIN).status_code == 303
    assert store.value("SELECT state_note FROM work_orders") == "缺梯子"


def test_the_desk_says_all_that_is_missing_on_the_page_and_in_the_refusal(desk: FlaskClient, life: Life) -> None:
    case = life.register(source="phone", name="", unit="", phone="", place="厨房", convenient_time="")
    page = text(desk, f"/cases/{case.no}")
    for code in ("name", "phone", "unit", "convenient_time"):
        assert f'data-missing="{code}_missing"' in page
    refused = desk.post(f"/repairs/{case.no}/dispatch", data={"to": "zhaogang"}, headers=SAME_ORIGIN)
    said = refused.get_data(as_text=True)
    assert refused.status_code == 422 and 'data-refused="name_missing"' in said
    for sentence in ("姓名", "电话", "房", "急修"):
        assert sentence in said, said
    appointed = life.register(urgency="planned", convenient_time="周六")
    page = text(desk, f"/cases/{appointed.no}")
    assert 'data-missing="appointed_missing"' in page and 'name="appointed_at" value="" required' in page
    refused = desk.post(f"/repairs/{appointed.no}/dispatch", data={"to": "zhaogang"}, headers=SAME_ORIGIN)
    assert "请先与业主约定具体的上门时间" in refused.get_data(as_text=True)


def test_the_slip_of_a_finding_invents_no_owner(desk: FlaskClient, store: Store, life: Life) -> None:
    found = {"source": "patrol", "name": "", "phone": "", "unit": "", "place": "3号楼大堂", "convenient_time": ""}
    case = life.register(**found, category="public")
    work_orders.dispatch(store, no=case.no, worker="zhaogang", by=life.desk, now=life.now)
    order = work_orders.live(store, case.id)
    assert order is not None
    page = text(desk, f"/slips/{order.no}")
    assert 'name="how" value="common_area" checked' in page and 'name="how" value="paper" checked' not in page
    assert 'name="told" value="1" checked' not in page and "发现人" in page


def test_what_a_known_fault_holds_is_marked_and_waits_for_nobody(desk: FlaskClient, store: Store, life: Life) -> None:
    order = life.dispatched()
    order_steps.send_back(store, order_no=order.no, reason="no_time", by=life.desk, now=life.now)
    assert 'data-sent-back="1"' in text(desk, "/due/count") and "data-held" not in text(desk, "/board/cards")
    form = {"area": "building", "building": "1", "cause": "water", "what": "停水"}
    fault = known_faults.declare(store, nonce="f", **form, case_no=order.case_no, by=life.desk, now=life.now)
    # Nobody is to dispatch it: that is refused while the fault answers for it.
    assert 'data-sent-back="0"' in text(desk, "/due/count")
    assert '<i class="chip" data-held>并入故障</i>' in text(desk, "/board/cards")
    assert due.returned_count(store, by=life.desk) == 0
    fault_cases.detach(store, fault_id=str(fault.id), case_no=order.case_no, by=life.desk, now=life.now)
    assert 'data-sent-back="1"' in text(desk, "/due/count") and "data-held" not in text(desk, "/board/cards")


def test_an_export_says_of_work_that_began_what_the_screen_says(store: Store, life: Life) -> None:
    order = life.on_site()
    assert order.started_at is not None
    shown = repair_board.board(store, by=life.desk, now=life.now)
    assert [row["state"] for row in repair_board.rows(store, shown)] == [repair_facts.AT_WORK]
    deadline(store, cases.whole(store, order.case_id), life.now)
    listed = due.due_list(store, by=life.desk, now=life.now)
    assert [row["state"] for row in due.rows(store, listed)] == [repair_facts.AT_WORK]
    fault = known_faults.declare(
        store, nonce="f", area="estate", cause="water", what="停水", case_no=order.case_no, by=life.desk, now=life.now
    )
    assert [one.state_words for one in fault_cases.of_fault(store, fault)] == [repair_facts.AT_WORK]
