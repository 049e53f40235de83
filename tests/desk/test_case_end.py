"""The end of a repair on its page: what the owner himself said, round by round, and by whom it was opened again."""

import re

from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from reception import acceptance, case_care, charges, follow_ups, order_steps, quotations, work_orders
from reception.permissions import KIOSK, TOKEN_HOLDER
from reception.price_lines import Wanted
from reception.site import configure
from tests.conftest import SAME_ORIGIN, Clock, client_of
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


def test_the_desk_is_told_that_the_copies_out_are_old_and_prints_new_ones(
    desk: FlaskClient, store: Store, clock: Clock
) -> None:
    life = Life(store, clock)
    order = life.dispatched()
    assert "data-outdated" not in page(desk, order.case_no)
    life.bear(order.case_no, "paid")
    html = page(desk, order.case_no)
    assert f'data-outdated="{order.no}"' in html and "打印有偿服务登记表（更新版，两联，第2版）" in html
    store.execute("UPDATE print_jobs SET state = 'printed', sending_at = queued_at, ended_at = queued_at")
    html = page(desk, order.case_no)
    # The receipt may be printed again; the order's copies may not, they say what is no longer so.
    assert html.count("已过时</i>") == 2 and html.count("/reprint") == 1
    nonce = re.search(rf'action="/orders/{order.no}/papers".*?name="nonce" value="([^"]+)"', html, re.DOTALL)
    assert nonce
    for _ in range(2):
        answer = desk.post(f"/orders/{order.no}/papers", data={"nonce": nonce[1]}, headers=SAME_ORIGIN)
        assert answer.status_code == 303
    html = page(desk, order.case_no)
    assert "data-outdated" not in html and html.count("已被新版代替") == 2 and html.count("第2版") == 2
    assert "第2版" in desk.get(f"/slips/{order.no}").get_data(as_text=True)
    refused = desk.post(f"/orders/{order.no}/papers", data={"nonce": "other"}, headers=SAME_ORIGIN)
    assert (refused.status_code, 'data-refused="papers_current"' in refused.get_data(as_text=True)) == (409, True)


def test_papers_of_a_case_have_their_numbers_and_sums(desk: FlaskClient, store: Store, clock: Clock) -> None:
    life = Life(store, clock)
    order = life.dispatched()
    life.bear(order.case_no, "paid")
    lines = [Wanted(name="换角阀", price="80", kind="labour")]
    made = quotations.make(store, nonce="q", no=order.case_no, lines=lines, by=life.desk, now=life.now)
    said = {"agree": True, "how": "call", "by": life.desk, "now": life.now}
    quotations.answer(store, no=order.case_no, quotation_id=made.id, **said)  # type: ignore[arg-type]
    money = {"no": order.case_no, "method": "cash", "by": life.desk, "now": life.now}
    paid = charges.pay(store, nonce="p", amount_fen=8000, **money)  # type: ignore[arg-type]
    back = charges.refund(store, nonce="r", amount_fen=550, reason="少做", **money)  # type: ignore[arg-type]
    html = desk.get(f"/cases/{order.case_no}/papers").get_data(as_text=True)
    names = [
        re.sub(r"<[^>]+>|\s+", " ", found) for found in re.findall(r'class="case-paper"><span>(.*?)</span>\n', html)
    ]
    assert [" ".join(name.split()) for name in names] == [
        f"报修受理回执 {order.case_no}",
        f"维修工作单 (维修联) {order.no} 已过时",
        f"维修工作单 (业主联) {order.no} 已过时",
        f"收款收据 {paid.no} ￥80.00",
        f"退款收据 {back.no} −￥5.50",
    ]


def test_cancelling_has_its_text_ready_for_every_reason(desk: FlaskClient, store: Store, clock: Clock) -> None:
    case = Life(store, clock).register()
    html = page(desk, case.no)
    box = re.search(r'<textarea name="text" rows="4" maxlength="500" required>(.*?)</textarea>', html)
    assert box and box[1].startswith("【锦绣家园 物业服务中心】") and "已按您的要求取消" in box[1]
    ready = re.findall(r'data-zh="([^"]+)" data-en="([^"]+)"', html)
    assert len(ready) == len(acceptance.CANCEL_REASONS) and "现场未发现故障，已取消" in "".join(zh for zh, _ in ready)


def test_the_follow_up_asks_first_how_price_and_signature_came(desk: FlaskClient, store: Store, clock: Clock) -> None:
    life = Life(store, clock)
    order = life.signed()
    html = page(desk, order.case_no)
    assert 'data-given="sign"' in html and "工作单签字，王琳 经手" in html
    asked, scores = html.index("data-ask-first"), html.index('name="score"')
    assert asked < scores and "请先核实" in html


def test_the_follow_up_sheet_lists_who_is_to_be_called_and_nobody_else(
    desk_app: Flask, store: Store, clock: Clock
) -> None:
    life = Life(store, clock)
    configure(store, repair_follow_up_percent=100)
    order = life.signed(name="张建国", phone="13800005678")
    done, still = life.signed(), life.finished()
    follow_ups.record(store, no=done.case_no, method="phone", reached="1", score="5", by=life.head, now=life.now)
    follow_ups.record(store, no=order.case_no, method="phone", reached="0", by=life.head, now=life.now)
    desk = client_of(desk_app, store, life.desk, clock())
    html = desk.get("/follow-ups/sheet").get_data(as_text=True)
    assert re.findall(r'<tr data-case-no="(\S+)">', html) == [order.case_no]
    assert still.case_no not in html and "水龙头漏水" in html and "工作单签字" in html and "未接通 1 次" in html
    assert "138****5678" in html and "13800005678" not in html and "建国" not in html
    assert "/follow-ups" in desk.get("/due").get_data(as_text=True)
