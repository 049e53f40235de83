"""Ready texts: one for every step the procedures promise, with number and address, and nothing of a person."""

import re

import pytest

from db.store import Store
from reception import acceptance, cases, order_steps, work_orders
from reception.cases import Case
from reception.message_texts import texts
from reception.permissions import Role
from reception.rules.repair_states import STEPS
from reception.site import configure
from tests import owner_cases
from tests.conftest import Clock, actor
from tests.owner_cases import PERSONAL


def steps(store: Store, case: Case) -> list[tuple[str, str]]:
    """Return the steps that there are texts for, with what they are about."""
    return [(text.step, text.about) for text in texts(store, cases.whole(store, case.id))]


def test_a_dispatched_repair_by_its_date_without_an_address_no_phone_reaches(store: Store, clock: Clock) -> None:
    case = owner_cases.dispatched(store, clock)
    text = texts(store, case)[0]
    assert text.words.zh == (
        f"【锦绣家园 物业服务中心】您的报修 {case.no}：已派赵师傅，11月23日 14:00 上门。咨询电话：010-6200-8600"
    )
    assert "/T/" not in text.words.zh + text.words.en


def test_the_address_only_once_phones_reach_it(store: Store, clock: Clock) -> None:
    case = owner_cases.dispatched(store, clock)
    configure(store, public_url="https://lobby.example.com")
    assert "lobby.example.com" not in texts(store, case)[0].words.zh
    store.execute(
        "INSERT INTO reachability (url, tried_at, reached) VALUES ('https://lobby.example.com', '2026-11-23', 1)"
    )
    for words in texts(store, case)[0].words:
        assert f"https://lobby.example.com/T/{case.token}" in words


def test_each_step_has_its_text(store: Store, clock: Clock) -> None:
    case = owner_cases.dispatched(store, clock)
    front, worker = actor(store, Role.RECEPTIONIST), actor(store, Role.WORKER)
    order = work_orders.of_case(store, case.id)[-1].no
    assert steps(store, case) == [("dispatched", "progress")]
    order_steps.reschedule(
        store, order_no=order, appointed_at="2026-11-24T09:00", reason="业主有事", by=front, now=clock()
    )
    assert steps(store, case) == [("rescheduled", "progress")]
    order_steps.accept(store, order_no=order, by=worker, now=clock())
    order_steps.suspend(store, order_no=order, reason="material", by=worker, now=clock())
    assert steps(store, case) == [("suspended", "progress")]
    order_steps.resume(store, order_no=order, by=worker, now=clock.forward(minutes=1))
    owner_cases.decide(store, case, "paid", clock)
    owner_cases.quoted(store, case, clock)
    assert steps(store, case) == [("quoted", "progress"), ("rescheduled", "progress")]
    assert "80.00 元" in texts(store, case)[0].words.zh


def test_the_result_of_finished_signed_and_cancelled(store: Store, clock: Clock) -> None:
    case = owner_cases.finished(store, clock)
    assert steps(store, case) == [("finished", "result")]
    front = actor(store, Role.RECEPTIONIST)
    order = work_orders.of_case(store, case.id)[-1].no
    acceptance.sign(store, order_no=order, how="paper", by=front, now=clock())
    assert steps(store, case) == [("signed", "result")]
    acceptance.rework(store, no=case.no, reason="又漏", by=front, now=clock.forward(minutes=1))
    assert steps(store, case) == [("rework", "progress")]
    other = owner_cases.registered(store, clock, nonce="other")
    said = {"channel": "phone", "text": "重复", "reason": "twice"}
    acceptance.cancel(store, no=other.no, **said, by=front, now=clock())
    assert steps(store, other) == [("cancelled", "result")]


@pytest.mark.parametrize("state", sorted({step.after for step in STEPS.values() if step.after} | {"registered"}))
def test_no_text_says_anything_of_the_person(store: Store, clock: Clock, state: str) -> None:
    case = owner_cases.finished(store, clock)
    pretended = Case(**{name: getattr(case, name) for name in Case.__slots__} | {"state": state})
    found = texts(store, pretended)
    assert found
    for text in found:
        for words in text.words:
            assert case.no in words and not re.search(PERSONAL, words) and "今天" not in words
