"""The owner's view: one plain sentence for every state, the steps, what he can do; nothing of a person."""

import re

import pytest

from db.store import Store
from reception import (
    acceptance,
    case_links,
    cases,
    feedback,
    follow_ups,
    order_steps,
    owner_view,
    owner_words,
    quotations,
    repairs,
    work_orders,
)
from reception.cases import Case
from reception.owner_view import Progress
from reception.permissions import TOKEN_HOLDER, Role
from reception.rules import said_times, surnames
from reception.rules.repair_states import STEPS
from tests import owner_cases
from tests.conftest import Clock, actor
from tests.owner_cases import PERSONAL


def view(store: Store, case: Case, clock: Clock) -> Progress:
    """Read it as the page does: of the masked case."""
    return owner_view.progress(store, cases.masked(store, case.id), now=clock())


def order_no(store: Store, case: Case) -> str:
    """Return the number of the newest order."""
    return work_orders.of_case(store, case.id)[-1].no


def test_registered_says_what_to_expect(store: Store, clock: Clock) -> None:
    shown = view(store, owner_cases.registered(store, clock, urgency="urgent"), clock)
    assert shown.sentence == ("已登记，30 分钟内到场", "Registered. On site within 30 minutes")
    assert [step.words.zh for step in shown.steps] == ["已登记"]
    assert not shown.can


def test_dispatched_says_who_and_when(store: Store, clock: Clock) -> None:
    case = owner_cases.dispatched(store, clock)
    assert view(store, case, clock).sentence == (
        "已派赵师傅，今天 14:00 上门",
        "Our worker Zhao comes today 14:00",
    )
    assert owner_view.progress(store, case, now=None).sentence.zh == "已派赵师傅，11月23日 14:00 上门"
    order_steps.accept(store, order_no=order_no(store, case), by=actor(store, Role.WORKER), now=clock())
    assert view(store, case_now(store, case), clock).sentence.zh == "赵师傅已接单，今天 14:00 上门"


def case_now(store: Store, case: Case) -> Case:
    """Read the case again."""
    return cases.whole(store, case.id)


def test_a_team_without_a_time_is_named_by_its_department(store: Store, clock: Clock) -> None:
    case = owner_cases.registered(store, clock)
    with_team = work_orders.dispatch(
        store, no=case.no, department="maintenance", by=actor(store, Role.RECEPTIONIST), now=clock()
    )
    assert view(store, with_team, clock).sentence.zh == "已派工程维修部，明天 09:30 上门"


def test_suspended_says_why_and_cancelled_too(store: Store, clock: Clock) -> None:
    case = owner_cases.dispatched(store, clock)
    worker, no = actor(store, Role.WORKER), order_no(store, case)
    order_steps.accept(store, order_no=no, by=worker, now=clock())
    paused = order_steps.suspend(store, order_no=no, reason="material", note="张建国说下周", by=worker, now=clock())
    shown = view(store, paused, clock)
    assert "等待配件" in shown.sentence.zh and "张建国" not in shown.sentence.zh
    gone = acceptance.cancel(
        store,
        no=case.no,
        reason="nothing_found",
        channel="phone",
        text="现场无故障",
        by=actor(store, Role.RECEPTIONIST),
        now=clock.forward(minutes=1),
    )
    shown = view(store, gone, clock)
    assert shown.sentence.zh == "现场未发现故障，已取消"
    assert [step.words.zh for step in shown.steps][-1] == "已取消"


@pytest.mark.parametrize(
    ("liability", "sentence", "can"),
    [
        ("warranty", "已修好，等待复检，复检后请您验收", frozenset()),
        ("undetermined", "已修好，我们核实后请您验收", frozenset()),
        ("common", "已修好，请您验收", frozenset({"sign"})),
    ],
)
def test_finished_asks_for_acceptance_only_when_it_may_be_given(
    store: Store, clock: Clock, liability: str, sentence: str, can: frozenset[str]
) -> None:
    shown = view(store, owner_cases.finished(store, clock, liability=liability), clock)
    assert (shown.sentence.zh, shown.can) == (sentence, can)


def test_signed_by_the_owner_then_rated_once(store: Store, clock: Clock) -> None:
    case = owner_cases.rechecked(store, clock)
    assert view(store, case, clock).can == {"sign"}
    signed = acceptance.sign_by_token(store, token=case.token, phone_tail="5678", by=TOKEN_HOLDER, now=clock())
    assert signed.state == "signed"
    assert view(store, signed, clock).can == {"rate"}
    follow_ups.answer(store, token=case.token, score="5", by=TOKEN_HOLDER, now=clock())
    shown = view(store, case_now(store, case), clock)
    assert not shown.can
    steps = [step.words.zh for step in shown.steps]
    assert steps == ["已登记", "已派赵师傅", "已到场", "已修好", "已复检", "已验收"]


def test_rework_names_the_order_that_follows(store: Store, clock: Clock) -> None:
    case = owner_cases.finished(store, clock)
    head = actor(store, Role.SERVICE_HEAD)
    again = acceptance.rework(store, no=case.no, reason="还在漏", by=head, now=clock())
    assert view(store, again, clock).sentence.zh == "将为您返修，正在安排师傅"
    work_orders.dispatch(store, no=case.no, worker="zhaogang", by=head, now=clock.forward(minutes=1))
    assert "返修：已派赵师傅" in [step.words.zh for step in view(store, case_now(store, case), clock).steps]


def test_the_open_quotation_is_shown_and_asked_for(store: Store, clock: Clock) -> None:
    case = owner_cases.dispatched(store, clock)
    owner_cases.decide(store, case, "paid", clock)
    owner_cases.quoted(store, case, clock)
    made = owner_cases.quoted(store, case, clock, fen=12050, version=2)
    shown = view(store, case, clock)
    assert shown.quotation is not None
    assert (shown.quotation.id, shown.quotation.version, shown.quotation.total_fen) == (made, 2, 12050)
    assert [(line.name, line.quantity, line.amount_fen) for line in shown.quotation.lines] == [("更换角阀", 100, 12050)]
    assert shown.can == {"answer_quote"}
    assert shown.note == owner_words.ASK_PRICE


def test_every_state_has_its_sentence_and_none_says_anything_personal(store: Store, clock: Clock) -> None:
    case = owner_cases.finished(store, clock)
    states = {step.after for step in STEPS.values() if step.after} | {"registered"}
    for state in sorted(states):
        row = cases.masked(store, case.id)
        pretended = Case(**{name: getattr(row, name) for name in Case.__slots__} | {"state": state})
        shown = owner_view.progress(store, pretended, now=clock())
        words = [*shown.sentence, *(shown.note or ()), *(text for step in shown.steps for text in step.words)]
        assert all(words), state
        assert not re.search(PERSONAL, " ".join(words)), state


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [
        ("赵刚", "赵", "Zhao"),
        ("欧阳文静", "欧阳", "Ouyang"),
        ("曾国", "曾", "Zeng"),
        ("㛃明", "㛃", "㛃"),
        ("Maria Costa", "Costa", "Costa"),
        ("", "", ""),
    ],
)
def test_surnames(name: str, zh: str, en: str) -> None:
    assert (surnames.surname(name), surnames.in_letters(surnames.surname(name))) == (zh, en)


def test_times_are_said_by_name_only_today_and_tomorrow(clock: Clock) -> None:
    from datetime import timedelta
    from zoneinfo import ZoneInfo

    zone, now = ZoneInfo("Asia/Shanghai"), clock()
    said = [said_times.moment(now + timedelta(days=days), zone=zone, now=now) for days in (-1, 0, 1, 2)]
    assert [zh for zh, _ in said] == ["11月22日 10:24", "今天 10:24", "明天 10:24", "11月25日 10:24"]
    assert said[3][1] == "25 Nov 10:24"


def test_a_price_that_was_declined_sends_nobody(store: Store, clock: Clock) -> None:
    case = owner_cases.dispatched(store, clock)
    worker, front = actor(store, Role.WORKER), actor(store, Role.RECEPTIONIST)
    owner_cases.decide(store, case, "paid", clock)
    made = owner_cases.quoted(store, case, clock)
    quotations.answer(store, no=case.no, quotation_id=made, agree=False, how="call", by=front, now=clock())
    shown = view(store, case_now(store, case), clock)
    assert shown.sentence == owner_words.DECLINED and shown.declined
    order_steps.send_back(store, order_no=order_no(store, case), reason="declined", by=worker, now=clock())
    shown = view(store, case_now(store, case), clock)
    assert shown.sentence == owner_words.DECLINED and shown.declined
    # Somebody goes out again: what was declined before is over.
    work_orders.dispatch(store, no=case.no, worker="zhaogang", by=front, now=clock.forward(minutes=1))
    shown = view(store, case_now(store, case), clock)
    assert shown.sentence.zh.startswith("已派赵师傅") and not shown.declined


def test_another_time_agreed_during_a_pause_is_said_with_it(store: Store, clock: Clock) -> None:
    case = owner_cases.dispatched(store, clock)
    worker, no = actor(store, Role.WORKER), order_no(store, case)
    order_steps.accept(store, order_no=no, by=worker, now=clock())
    order_steps.suspend(store, order_no=no, reason="owner", by=worker, now=clock())
    assert "改约" not in view(store, case_now(store, case), clock).sentence.zh
    order_steps.reschedule(store, order_no=no, appointed_at="2026-11-25T09:00", reason="x", by=worker, now=clock())
    assert view(store, case_now(store, case), clock).sentence == (
        "暂停：等您方便时继续，请与我们约时间；已改约 11月25日 09:00 上门",
        "Paused until it suits you: please agree on a time with us. The new time: 25 Nov 09:00",
    )


def test_a_merged_report_follows_the_other_and_says_nothing_of_it(store: Store, clock: Clock) -> None:
    front = actor(store, Role.RECEPTIONIST)
    mine = repairs.register(
        store, nonce="mine", name="李四", phone="13900007777", unit="1-1-102", category="water", content="我家也漏水",
        convenient_time="下午", urgency="ordinary", by=front, now=clock(),
    )  # fmt: skip
    other = owner_cases.dispatched(store, clock)
    case_links.merge(store, no=mine.no, into=other.no, by=front, now=clock.forward(minutes=1))
    mine = case_now(store, mine)
    assert view(store, mine, clock).sentence == (
        "与同一问题的报修合并处理：已派师傅",
        "Handled together with another report of the same fault: a worker is sent",
    )
    number = order_no(store, other)
    owner_cases.decide(store, other, "common", clock)
    order_steps.arrive(store, order_no=number, by=actor(store, Role.WORKER), now=clock.forward(minutes=1))
    assert view(store, mine, clock).sentence.zh.endswith("：维修中")
    order_steps.finish(
        store, order_no=number, work_done="给张建国换阀", by=actor(store, Role.WORKER), now=clock.forward(minutes=9)
    )
    shown = view(store, mine, clock)
    assert shown.sentence.zh == "与同一问题的报修合并处理：已修好" and shown.note is None
    said = f"已修好。http://x/T/{other.token}"
    told = {"about": "result", "channel": "phone", "text": said, "merged_too": True}
    feedback.give(store, no=other.no, **told, by=front, now=clock.forward(minutes=1))  # type: ignore[arg-type]
    shown = view(store, mine, clock)
    assert shown.note is not None and shown.note.zh == "今天 10:37 已告知您结果"
    assert [step.words.zh for step in shown.steps] == ["已登记", "已并案", "已修好", "已告知您结果"]
    every = [*shown.sentence, *shown.note, *(text for step in shown.steps for text in step.words)]
    assert not re.search(f"{PERSONAL}|{other.no}|{number}|{other.token}|赵", " ".join(every))
    assert not shown.can
