"""The end of a repair on its page: what the owner himself said, round by round, and by whom it was opened again."""

import re

from flask.testing import FlaskClient

from db.store import Store
from reception import acceptance, case_care, follow_ups, order_steps, work_orders
from reception.permissions import KIOSK, TOKEN_HOLDER
from tests.conftest import Clock
from tests.reception.life import Life


def page(desk: FlaskClient, no: str) -> str:
    """Return the page of a case."""
    return desk.get(f"/cases/{no}").get_data(as_text=True)


def token_of(store: Store, no: str) -> str:
    """Return the code of the owner."""
    found: str = store.value("SELECT token FROM cases WHERE no = ?", [no])
    return found


def again(life: Life, no: str) -> None:
    """Do the work again, up to the signature."""
    work_orders.dispatch(life.store, no=no, worker="zhaogang", by=life.desk, now=life.now)
    order = work_orders.of_case(life.store, life.store.value("SELECT id FROM cases WHERE no = ?", [no]))[-1]
    order_steps.arrive(life.store, order_no=order.no, by=life.worker, now=life.now)
    order_steps.finish(life.store, order_no=order.no, work_done="重换阀芯", by=life.worker, now=life.now)
    acceptance.recheck(life.store, order_no=order.no, by=life.leader, now=life.now)
    acceptance.sign(life.store, order_no=order.no, how="paper", by=life.desk, now=life.now)


def test_points_and_words_of_every_round_stand_on_the_page(desk: FlaskClient, store: Store, clock: Clock) -> None:
    life = Life(store, clock)
    no = life.signed().case_no
    token = token_of(store, no)
    follow_ups.answer(store, token=token, score="1", comment="又漏水了，地板泡了", by=TOKEN_HOLDER, now=life.now)
    html = page(desk, no)
    assert "又漏水了，地板泡了" in html and "非常不满意" in html
    assert 'data-answer-round="0" data-current="0"' in html
    again(life, no)
    # What was said of the first time is no answer to the second.
    assert 'data-answer-round="0" data-current="0"' in page(desk, no)
    follow_ups.answer(store, token=token, score="5", by=TOKEN_HOLDER, now=life.now)
    html = page(desk, no)
    assert 'data-answer-round="1" data-current="1"' in html and "又漏水了" in html


def test_what_opened_it_again_is_noted_by_no_member_of_staff(store: Store, clock: Clock) -> None:
    life = Life(store, clock)
    for by, door in ((TOKEN_HOLDER, "token_holder"), (KIOSK, "kiosk")):
        order = life.signed()
        follow_ups.answer(store, token=token_of(store, order.case_no), score="2", by=by, now=life.now)
        [note] = case_care.notes(store, order.case_id)
        assert (note.by_name, note.by_role) == ("", door)
    order = life.signed()
    follow_ups.record(store, no=order.case_no, method="phone", reached="1", score="1", by=life.head, now=life.now)
    [note] = case_care.notes(store, order.case_id)
    assert (note.by_name, note.by_role) == ("", "box")
    order = life.signed()
    acceptance.rework(store, no=order.case_no, reason="又漏", by=life.head, now=life.now)
    [note] = case_care.notes(store, order.case_id)
    assert (note.text, note.by_name) == ("又漏", life.head.name)


def test_the_note_and_the_history_name_the_owner(desk: FlaskClient, store: Store, clock: Clock) -> None:
    life = Life(store, clock)
    order = life.signed()
    follow_ups.answer(store, token=token_of(store, order.case_no), score="2", by=TOKEN_HOLDER, now=life.now)
    html = page(desk, order.case_no)
    assert re.search(r"回访/评价不满意，重新处理</span> <small>业主（扫码）</small>", html)
    assert "扫码</small>" not in html.replace("业主（扫码）", "")
