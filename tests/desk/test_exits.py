"""The honest ends of a repair on the pages of the desk: what is offered where it works, and nowhere else."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from reception import acceptance, charges, order_steps, without_consent, work_orders
from reception.permissions import Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.reception.test_exits import Money


@pytest.fixture
def life(store: Store, clock: Clock) -> Money:
    """The acts of a repair and its money."""
    return Money(store, clock)


@pytest.fixture
def manager(desk_app: Flask, store: Store, clock: Clock) -> FlaskClient:
    """The manager's browser."""
    return client_of(desk_app, store, actor(store, Role.MANAGER), clock())


def page(client: FlaskClient, no: str) -> str:
    """Return the page of a case."""
    answer = client.get(f"/cases/{no}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def send(client: FlaskClient, path: str, **fields: Any) -> tuple[int, str]:
    """Send a form; return the status and the code of the refusal."""
    answer = client.post(path, data=fields, headers=SAME_ORIGIN)
    found = re.search(r'data-refused="(\w+)"', answer.get_data(as_text=True))
    return answer.status_code, found[1] if found else ""


def test_a_refund_is_said_and_not_asked_for_again(desk: FlaskClient, life: Money) -> None:
    case = life.prepaid()
    life.pay(case.no, 2000, back=True)
    html = page(desk, case.no)
    assert "已付，已退款 ￥20.00" in html and f"/repairs/{case.no}/pay" not in html and "待收" not in html
    life.pay(case.no, 5500, back=True)
    html = page(desk, case.no)
    assert 'data-account="refunded"' in html and "已退款" in html and f"/repairs/{case.no}/pay" not in html


def test_a_charge_is_withdrawn_and_the_repair_cancelled_from_its_page(
    desk: FlaskClient, life: Money, store: Store
) -> None:
    case = life.prepaid()
    cancel, withdraw = f"/repairs/{case.no}/cancel", f"/repairs/{case.no}/withdraw-charge"
    html = page(desk, case.no)
    assert cancel not in html and withdraw not in html and "先把款项退还业主" in html
    form = {"reason": "owner_wish", "channel": "phone", "text": "已取消"}
    assert send(desk, cancel, **form) == (409, "money_held")
    assert send(desk, withdraw, reason="改项目") == (409, "money_held")
    life.pay(case.no, back=True)
    html = page(desk, case.no)
    assert cancel in html and withdraw in html and f"/repairs/{case.no}/quotation" not in html
    assert send(desk, withdraw, reason="改项目") == (303, "")
    html = page(desk, case.no)
    assert "已撤销收费 ￥75.00" in html and "改项目" in html and withdraw not in html
    assert f"/repairs/{case.no}/quotation" in html
    assert send(desk, cancel, **form) == (303, "")
    assert store.value("SELECT state FROM cases WHERE id = ?", [case.id]) == "cancelled"
    # The receipts of what was withdrawn still stand on the page, and print again.
    assert "已撤销收费" in page(desk, case.no)


def test_what_stays_unpaid_of_one_closed_without_consent_is_withdrawn_by_the_manager(
    desk: FlaskClient, manager: FlaskClient, life: Money
) -> None:
    order = life.begun()
    path = f"/repairs/{order.case_no}/withdraw-charge"
    life.finish(order)
    charges.charge(life.store, no=order.case_no, by=life.desk, now=life.now)
    assert "撤销后可重新报价、收费" in page(desk, order.case_no)
    life.tell_result(order.case_no)
    life.give_up(order.case_no)
    # Over, it is quoted no more: the form does not promise it.
    html = page(manager, order.case_no)
    assert 'data-account="due"' in html and path in html and path in page(desk, order.case_no)
    assert "撤销后可按原价重新收费" in html and "重新报价" not in html
    assert send(manager, path, reason="不再追收") == (303, "")
    html = page(manager, order.case_no)
    assert "不再追收" in html and path not in html and 'data-account="due"' not in html


def test_only_the_manager_is_offered_to_close_without_consent(
    desk: FlaskClient, manager: FlaskClient, life: Money, kiosk_app: Flask, store: Store
) -> None:
    order = life.finished()
    path = f"/cases/{order.case_no}/close-without-consent"
    assert path not in page(desk, order.case_no) and send(desk, path, reason="拒签")[0] == 403
    html = page(manager, order.case_no)
    # Before the owner knows the result the page says what is missing instead.
    assert path not in html and "本人不同意，由经理结案" in html
    life.tell_result(order.case_no)
    assert path in page(manager, order.case_no)
    assert send(manager, path, reason="")[1] == "reason_missing"
    assert send(manager, path, reason="业主拒签") == (303, "")
    html = page(desk, order.case_no)
    assert '<span class="state">未经同意结案</span>' in html and "业主拒签" in html
    listed = desk.get("/cases?scope=all").get_data(as_text=True)
    assert "<td>未经同意结案</td>" in listed
    searched = desk.post("/search", data={"query": "1-1-101"}, headers=SAME_ORIGIN).get_data(as_text=True)
    assert "<td>未经同意结案</td>" in searched
    assert 'data-figure="without_consent"' in manager.get("/figures").get_data(as_text=True)
    token = store.value("SELECT token FROM cases WHERE id = ?", [order.case_id])
    owner = kiosk_app.test_client().get(f"/T/{token}").get_data(as_text=True)
    assert "未经您验收" in owner and "业主拒签" not in owner


def test_nothing_is_offered_that_would_be_refused(desk: FlaskClient, manager: FlaskClient, life: Money) -> None:
    order = life.signed()
    assert f"/repairs/{order.case_no}/amend" not in page(desk, order.case_no)
    acceptance.rework(life.store, no=order.case_no, reason="又漏了", by=life.head, now=life.now)
    html = page(desk, order.case_no)
    assert f"/repairs/{order.case_no}/cancel" not in html and f"/repairs/{order.case_no}/amend" in html
    assert "由经理结案" in page(manager, order.case_no)
    work_orders.dispatch(life.store, no=order.case_no, worker="zhaogang", by=life.desk, now=life.now)
    assert f"/repairs/{order.case_no}/cancel" not in page(desk, order.case_no)
    fresh = life.dispatched()
    html = page(manager, fresh.case_no)
    assert f"/repairs/{fresh.case_no}/cancel" in html and "由经理结案" not in html


def test_a_raise_says_which_price_stands(desk: FlaskClient, life: Money) -> None:
    order = life.begun()
    raised = life.quote(order.case_no, "120", agree=None)
    html = page(desk, order.case_no)
    assert "仍按原先同意的价格：￥75.00" in html and "新报价正等业主答复" in html
    assert f"/repairs/{order.case_no}/pay" not in html
    form = {"nonce": "p", "amount": "75", "method": "cash"}
    assert send(desk, f"/repairs/{order.case_no}/pay", **form) == (409, "quotation_waits")
    answer = f"/repairs/{order.case_no}/quotation/{raised.id}/answer"
    assert send(desk, answer, how="face", agree="0") == (303, "")
    html = page(desk, order.case_no)
    assert "仍按原先同意的价格" not in html and 'value="75.00"' in html
    assert send(desk, f"/repairs/{order.case_no}/pay", **form) == (303, "")


def test_the_slip_of_work_begun_undecided_offers_the_waiver_and_no_paid_work(desk: FlaskClient, life: Money) -> None:
    order = life.begun("")
    html = desk.get(f"/slips/{order.no}").get_data(as_text=True)
    assert 'name="liability" value="waived"' in html and 'name="liability" value="paid"' not in html
    assert "price_name" not in html
    panel = page(desk, order.case_no)
    assert 'name="liability" value="waived"' in panel and 'name="liability" value="paid"' not in panel
    form = {"nonce": "s", "work_done": "更换", "liability": "waived", "reason": "人为损坏，未报价", "how": "paper"}
    assert send(desk, f"/slips/{order.no}", **form) == (303, "")
    assert life.state(order) == "signed" and not charges.owes(life.store, order.case_id)
    listed = desk.get("/cases?kind=repair&liability=waived").get_data(as_text=True)
    assert order.case_no in listed and "业主承担（不收费）" in listed
    other = life.dispatched()
    html = desk.get(f"/slips/{other.no}").get_data(as_text=True)
    assert 'name="liability" value="paid"' in html and 'value="waived"' not in html and "price_name" in html


def test_the_slip_makes_up_no_notice(desk: FlaskClient, life: Money) -> None:
    order = life.finished()
    html = desk.get(f"/slips/{order.no}").get_data(as_text=True)
    box = re.search(r'<input type="checkbox" name="told"[^>]*>', html)
    assert box is not None and "checked" not in box[0] and 'data-ticked-at="paper"' in box[0]
    form = {"nonce": "s", "how": "owner_absent", "note": "出差"}
    assert send(desk, f"/slips/{order.no}", **form, told="1") == (422, "told_absent")
    assert send(desk, f"/slips/{order.no}", **form, score="5") == (422, "score_absent")
    assert send(desk, f"/slips/{order.no}", **form) == (303, "")
    assert life.store.value("SELECT count(*) FROM feedback_notices") == 0


def test_the_slip_of_an_order_that_is_over_has_no_button(desk: FlaskClient, life: Money, store: Store) -> None:
    order = life.dispatched()
    jobs = [row[0] for row in store.rows("SELECT id FROM print_jobs WHERE part LIKE ?", [f"{order.no}:%"])]
    order_steps.send_back(store, order_no=order.no, reason="no_time", by=life.worker, now=life.now)
    for html in (page(desk, order.case_no), desk.get("/printers").get_data(as_text=True)):
        assert not any(f"/papers/{job}/reprint" in html for job in jobs)
    assert send(desk, f"/papers/{jobs[0]}/reprint", nonce="again") == (409, "order_over")
    assert without_consent.of_case(store, order.case_id) == []
