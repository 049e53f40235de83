"""How the owner's yes and his signature came: his own phone, the kiosk, paper, said to the worker or the desk."""

import pytest

from db.store import Store
from reception import acceptance, given_by, order_steps, quotations, worker_orders
from reception.permissions import KIOSK, TOKEN_HOLDER
from reception.price_lines import Wanted
from tests.conftest import Clock
from tests.reception.life import Life


@pytest.fixture
def life(store: Store, clock: Clock) -> Life:
    return Life(store, clock)


def test_each_way_is_told_apart(life: Life, store: Store) -> None:
    order = life.dispatched(phone="13800005678")
    assert given_by.of_case(store, order.case_id) == []
    life.bear(order.case_no, "paid")
    order_steps.arrive(store, order_no=order.no, by=life.worker, now=life.now)
    lines = [Wanted(name="换角阀", price="80", kind="labour")]
    made = quotations.make(store, nonce="q", no=order.case_no, lines=lines, by=life.worker, now=life.now)
    said = {"no": order.case_no, "quotation_id": made.id, "agree": True}
    quotations.answer(store, **said, how="face", by=life.worker, now=life.now)  # type: ignore[arg-type]
    [price] = given_by.of_case(store, order.case_id)
    assert (price.what, price.how.zh, price.fen) == ("price", "当面告知维修人员 赵刚", 8000)
    order_steps.start(store, order_no=order.no, by=life.worker, now=life.now)
    order_steps.finish(store, order_no=order.no, work_done="换角阀", by=life.worker, now=life.now)
    token = store.value("SELECT token FROM cases WHERE id = ?", [order.case_id])
    acceptance.sign_by_token(store, token=token, phone_tail="5678", by=TOKEN_HOLDER, now=life.now)
    sign = given_by.of_case(store, order.case_id)[1]
    assert (sign.what, sign.how.zh, sign.fen) == ("sign", "业主手机", None)


def test_a_code_shown_on_the_worker_s_phone_is_said_with_it(life: Life, store: Store) -> None:
    order = life.finished(phone="13800005678", liability="common")
    worker_orders.show_owner_code(store, order.no, by=life.worker, now=life.now)
    token = store.value("SELECT token FROM cases WHERE id = ?", [order.case_id])
    acceptance.sign_by_token(store, token=token, phone_tail="5678", by=TOKEN_HOLDER, now=life.now)
    [sign] = given_by.of_case(store, order.case_id)
    assert sign.how == ("手机（扫维修人员手机上的码）", "On a phone (code shown on the worker's phone)")


def test_at_the_kiosk_on_paper_and_to_the_desk(life: Life, store: Store) -> None:
    order = life.finished(phone="13800005678", liability="common")
    token = store.value("SELECT token FROM cases WHERE id = ?", [order.case_id])
    acceptance.sign_by_token(store, token=token, phone_tail="5678", by=KIOSK, now=life.now)
    assert [one.how.zh for one in given_by.of_case(store, order.case_id)] == ["自助机"]
    order = life.signed()
    assert [one.how.zh for one in given_by.of_case(store, order.case_id)] == ["工作单签字，王琳 经手"]
    # Of a new round nothing is known yet.
    acceptance.rework(store, no=order.case_no, reason="又漏", by=life.desk, now=life.now)
    assert given_by.of_case(store, order.case_id) == []
