"""Ready texts: one for every step the procedures promise, with number and address, and nothing of a person."""

import re

import pytest

from db.store import Store
from reception import acceptance, case_links, cases, order_steps, quotations, work_orders
from reception.cases import Case
from reception.message_texts import cancel_texts, texts
from reception.permissions import Role
from reception.rules.repair_states import STEPS
from reception.site import configure
from tests import owner_cases
from tests.conftest import Clock, actor
from tests.owner_cases import PERSONAL


def steps(store: Store, case: Case, clock: Clock) -> list[tuple[str, str]]:
    """Return the steps that there are texts for, with what they are about."""
    return [(text.step, text.about) for text in texts(store, cases.whole(store, case.id), now=clock())]


def test_a_dispatched_repair_by_its_date_without_an_address_no_phone_reaches(store: Store, clock: Clock) -> None:
    case = owner_cases.dispatched(store, clock)
    text = texts(store, case, now=clock())[0]
    assert text.words.zh == (
        f"【锦绣家园 物业服务中心】您的报修 {case.no}：已派赵师傅，11月23日 14:00 上门。咨询电话：010-6200-8600"
    )
    assert "/T/" not in text.words.zh + text.words.en


def test_the_address_only_once_phones_reach_it(store: Store, clock: Clock) -> None:
    case = owner_cases.dispatched(store, clock)
    configure(store, public_url="https://lobby.example.com")
    assert "lobby.example.com" not in texts(store, case, now=clock())[0].words.zh
    store.execute(
        "INSERT INTO reachability (url, tried_at, reached) VALUES ('https://lobby.example.com', '2026-11-23', 1)"
    )
    for words in texts(store, case, now=clock())[0].words:
        assert f"https://lobby.example.com/T/{case.token}" in words


def test_each_step_has_its_text(store: Store, clock: Clock) -> None:
    case = owner_cases.dispatched(store, clock)
    front, worker = actor(store, Role.RECEPTIONIST), actor(store, Role.WORKER)
    order = work_orders.of_case(store, case.id)[-1].no
    assert steps(store, case, clock) == [("dispatched", "progress")]
    order_steps.reschedule(
        store, order_no=order, appointed_at="2026-11-24T09:00", reason="业主有事", by=front, now=clock()
    )
    assert steps(store, case, clock) == [("rescheduled", "progress")]
    order_steps.accept(store, order_no=order, by=worker, now=clock())
    order_steps.suspend(store, order_no=order, reason="material", by=worker, now=clock())
    assert steps(store, case, clock) == [("suspended", "progress")]
    order_steps.resume(store, order_no=order, by=worker, now=clock.forward(minutes=1))
    owner_cases.decide(store, case, "paid", clock)
    owner_cases.quoted(store, case, clock)
    assert steps(store, case, clock) == [("quoted", "progress"), ("rescheduled", "progress")]
    assert "80.00 元" in texts(store, case, now=clock())[0].words.zh


def test_the_result_of_finished_signed_and_cancelled(store: Store, clock: Clock) -> None:
    case = owner_cases.finished(store, clock)
    assert steps(store, case, clock) == [("finished", "result")]
    front = actor(store, Role.RECEPTIONIST)
    order = work_orders.of_case(store, case.id)[-1].no
    acceptance.sign(store, order_no=order, how="paper", by=front, now=clock())
    assert steps(store, case, clock) == [("signed", "result")]
    acceptance.rework(store, no=case.no, reason="又漏", by=front, now=clock.forward(minutes=1))
    assert steps(store, case, clock) == [("rework", "progress")]
    other = owner_cases.registered(store, clock, nonce="other")
    said = {"channel": "phone", "text": "重复", "reason": "twice"}
    acceptance.cancel(store, no=other.no, **said, by=front, now=clock())
    assert steps(store, other, clock) == [("cancelled", "result")]


@pytest.mark.parametrize("state", sorted({step.after for step in STEPS.values() if step.after} | {"registered"}))
def test_no_text_says_anything_of_the_person(store: Store, clock: Clock, state: str) -> None:
    case = owner_cases.finished(store, clock)
    pretended = Case(**{name: getattr(case, name) for name in Case.__slots__} | {"state": state})
    found = texts(store, pretended, now=clock())
    assert found
    for text in found:
        for words in text.words:
            assert case.no in words and not re.search(PERSONAL, words) and "今天" not in words


def test_a_declined_price_and_a_time_agreed_in_a_pause_have_their_texts(store: Store, clock: Clock) -> None:
    case = owner_cases.dispatched(store, clock)
    front, worker = actor(store, Role.RECEPTIONIST), actor(store, Role.WORKER)
    order = work_orders.of_case(store, case.id)[-1].no
    order_steps.accept(store, order_no=order, by=worker, now=clock())
    order_steps.suspend(store, order_no=order, reason="owner", by=worker, now=clock())
    assert steps(store, case, clock) == [("suspended", "progress")]
    order_steps.reschedule(store, order_no=order, appointed_at="2026-11-25T09:00", reason="x", by=front, now=clock())
    assert steps(store, case, clock) == [("rescheduled", "progress")]
    assert "已改约 11月25日 09:00 上门" in texts(store, cases.whole(store, case.id), now=clock())[0].words.zh
    order_steps.resume(store, order_no=order, by=worker, now=clock())
    owner_cases.decide(store, case, "paid", clock)
    made = owner_cases.quoted(store, case, clock)
    quotations.answer(store, no=case.no, quotation_id=made, agree=False, how="call", by=front, now=clock())
    assert steps(store, case, clock) == [("declined", "progress")]
    order_steps.send_back(store, order_no=order, reason="declined", by=worker, now=clock())
    assert steps(store, case, clock) == [("declined", "progress")]
    [text] = texts(store, cases.whole(store, case.id), now=clock())
    assert "您未同意报价" in text.words.zh and "重新安排" not in text.words.zh and "price" in text.words.en


def test_every_reason_to_cancel_has_its_text_ready(store: Store, clock: Clock) -> None:
    case = owner_cases.registered(store, clock)
    found = cancel_texts(store, case)
    assert set(found) == set(acceptance.CANCEL_REASONS)
    assert found["declined"].zh == (
        f"【锦绣家园 物业服务中心】您的报修 {case.no}：您未同意报价，已取消。咨询电话：010-6200-8600"
    )
    assert "Cancelled" in found["twice"].en


def test_who_was_merged_is_told_the_result_once_there_is_one(store: Store, clock: Clock) -> None:
    mine = owner_cases.registered(store, clock, nonce="mine")
    other = owner_cases.finished(store, clock)
    front = actor(store, Role.RECEPTIONIST)
    case_links.merge(store, no=mine.no, into=other.no, by=front, now=clock.forward(minutes=1))
    assert steps(store, mine, clock) == [("merged", "result")]
