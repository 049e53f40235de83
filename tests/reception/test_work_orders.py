"""Work orders: out, back, out again; what protects the owner cannot be skipped."""

import sqlite3
from contextlib import AbstractContextManager, nullcontext

import pytest

from db.store import Store, writing
from reception import (
    acceptance,
    case_care,
    cases,
    feedback,
    follow_ups,
    message_texts,
    order_steps,
    papers,
    work_orders,
)
from reception.cases import Case
from reception.permissions import KIOSK, TOKEN_HOLDER, Role
from reception.refusal import Refused
from reception.site import configure
from tests.conftest import Clock
from tests.reception.life import Life, staff


@pytest.fixture
def life(store: Store, clock: Clock) -> Life:
    """The acts of a repair."""
    return Life(store, clock)


def refuses(code: str) -> AbstractContextManager[object]:
    """Expect a refusal."""
    return pytest.raises(Refused, match=f"^{code}$")


def test_from_the_desk_to_the_file(life: Life, store: Store) -> None:
    order = life.signed()
    assert life.state(order) == "signed"
    with refuses("feedback_missing"):
        case_care.close(store, no=order.case_no, by=life.desk, now=life.now)
    feedback.give(store, no=order.case_no, about="result", channel="phone", text="已修好", by=life.desk, now=life.now)
    with refuses("follow_up_missing"):
        case_care.close(store, no=order.case_no, by=life.desk, now=life.now)
    follow_ups.record(store, no=order.case_no, method="phone", reached="1", score="5", by=life.head, now=life.now)
    case_care.close(store, no=order.case_no, by=life.desk, now=life.now)
    case = cases.whole(store, order.case_id)
    assert (case.state, case.closed_at is not None) == ("closed", True)
    what = [row[0] for row in store.rows("SELECT what FROM events WHERE subject = 'case' ORDER BY id")]
    assert [act for act in what if act not in {"decide_liability", "feedback"}] == [
        "open_repair",
        "dispatch",
        "accept",
        "arrive",
        "finish",
        "recheck",
        "sign",
        "follow_up",
        "close",
    ]


def test_five_fields_before_a_dispatch(life: Life, store: Store) -> None:
    from reception import repairs

    case = life.register(source="phone", name="", phone="", convenient_time="")
    for code, field in (("name_missing", {"name": "张建国"}), ("phone_missing", {"phone": "13800005678"})):
        with refuses(code):
            work_orders.dispatch(store, no=case.no, by=life.desk, now=life.now)
        blank = dict.fromkeys(("name", "phone", "unit", "category", "content", "place", "convenient_time"), "")
        repairs.amend(store, no=case.no, **{**blank, **field}, by=life.desk, now=life.now)
    with refuses("convenient_time_missing"):
        work_orders.dispatch(store, no=case.no, by=life.desk, now=life.now)
    work_orders.dispatch(store, no=case.no, appointed_at="2026-11-24T14:00", by=life.desk, now=life.now)
    order = work_orders.live(store, case.id)
    assert order is not None and order.appointed_at == "2026-11-24T06:00:00.000Z"


@pytest.mark.parametrize(
    ("category", "place", "unit", "code"),
    [
        ("water", "厨房", "1-1-101", None),
        ("water", "厨房", "", "unit_missing"),
        ("lift", "", "", "place_missing"),
        ("lift", "2号梯", "", None),
        ("lift", "", "1-1-101", None),
    ],
)
def test_an_address_before_a_dispatch(
    life: Life, store: Store, category: str, place: str, unit: str, code: str | None
) -> None:
    case = life.register(source="phone", name="张建国", phone="13800005678", unit=unit, place="厨房")
    with writing(store):
        # However a repair came to stand like this: the dispatch looks at what it finds.
        store.execute("UPDATE repairs SET category = ?, place = ? WHERE case_id = ?", [category, place, case.id])
    with refuses(code) if code else nullcontext():
        work_orders.dispatch(store, no=case.no, worker="zhaogang", by=life.desk, now=life.now)
    assert (work_orders.live(store, case.id) is None) == (code is not None)


def test_the_rule_of_a_category_says_who(life: Life, store: Store) -> None:
    with writing(store):
        store.execute(
            "INSERT INTO dispatch_rules (category, department, worker) VALUES ('water', 'maintenance', 'zhaogang')"
        )
    case = life.register()
    work_orders.dispatch(store, no=case.no, by=life.desk, now=life.now)
    live = work_orders.live(store, case.id)
    assert live is not None and live.worker_name == "赵刚"
    for worker, department, code in (("wanglin", "", "worker_unknown"), ("", "nowhere", "department_unknown")):
        other = life.register()
        with refuses(code):
            work_orders.dispatch(store, no=other.no, worker=worker, department=department, by=life.desk, now=life.now)


def test_an_order_that_comes_back_goes_out_anew_and_its_unprinted_slips_never_come_out(
    life: Life, store: Store
) -> None:
    order = life.dispatched()
    with refuses("reason_unknown"):
        order_steps.send_back(store, order_no=order.no, reason="", by=life.worker, now=life.now)
    order_steps.send_back(store, order_no=order.no, reason="other_trade", by=life.worker, now=life.now)
    assert life.state(order) == "returned"
    states = store.rows("SELECT state FROM print_jobs WHERE part LIKE ?", [f"{order.no}:%"])
    assert [row[0] for row in states] == ["void", "void"]
    with refuses("order_over"):
        order_steps.accept(store, order_no=order.no, by=life.worker, now=life.now)
    work_orders.dispatch(store, no=order.case_no, department="maintenance", by=life.desk, now=life.now)
    second = work_orders.live(store, order.case_id)
    assert second is not None and second.no != order.no and second.reworks_id is None and second.worker_id is None
    # Of a team's order the first who accepts is its worker; nobody else's after that.
    order_steps.accept(store, order_no=second.no, by=life.worker, now=life.now)
    with refuses("order_unknown"):
        order_steps.arrive(store, order_no=second.no, by=staff(store, "other", Role.WORKER), now=life.now)


def test_a_worker_of_another_department_sees_nothing(life: Life, store: Store) -> None:
    order = life.dispatched()
    for who in (
        staff(store, "cleaner", Role.WORKER, "cleaning"),
        staff(store, "head2", Role.DEPARTMENT_HEAD, "cleaning"),
        staff(store, "second", Role.WORKER),
    ):
        with refuses("order_unknown"):
            order_steps.accept(store, order_no=order.no, by=who, now=life.now)


def test_paid_work_waits_for_consent_and_undetermined_work_stays_free(life: Life, store: Store) -> None:
    paid = life.on_site(liability="paid")
    assert paid.started_at is None
    with refuses("quotation_not_agreed"):
        order_steps.start(store, order_no=paid.no, by=life.worker, now=life.now)
    # The store itself does not allow it, whatever an act forgets.
    with pytest.raises(sqlite3.IntegrityError, match="without consent"), writing(store):
        store.execute("UPDATE work_orders SET started_at = arrived_at WHERE id = ?", [paid.id])
    with refuses("not_started"):
        order_steps.finish(store, order_no=paid.no, work_done="x", by=life.worker, now=life.now)
    open_ = life.on_site(liability="")
    order_steps.start(store, order_no=open_.no, by=life.worker, now=life.now)
    order_steps.finish(store, order_no=open_.no, work_done="更换", by=life.worker, now=life.now)
    with refuses("liability_undetermined"):
        acceptance.sign(store, order_no=open_.no, how="paper", by=life.desk, now=life.now)
    with refuses("work_began_free"):
        life.bear(open_.case_no, "paid")
    life.bear(open_.case_no, "common")
    acceptance.sign(store, order_no=open_.no, how="common_area", by=life.desk, now=life.now)


def test_warranty_work_is_inspected_by_somebody_else(life: Life, store: Store) -> None:
    order = life.on_site(liability="warranty")
    order_steps.finish(store, order_no=order.no, work_done="更换", by=life.worker, now=life.now)
    with refuses("recheck_missing"):
        acceptance.sign(store, order_no=order.no, how="paper", by=life.desk, now=life.now)
    with writing(store):
        store.execute("UPDATE work_orders SET worker_id = ? WHERE id = ?", [life.leader.id, order.id])
    with refuses("recheck_own"):
        acceptance.recheck(store, order_no=order.no, by=life.leader, now=life.now)
    acceptance.recheck(store, order_no=order.no, by=life.desk, now=life.now)
    with refuses("signature_own"):
        acceptance.sign(store, order_no=order.no, how="paper", by=life.leader, now=life.now)
    with refuses("not_common_area"):
        acceptance.sign(store, order_no=order.no, how="common_area", by=life.desk, now=life.now)
    with refuses("note_missing"):
        acceptance.sign(store, order_no=order.no, how="owner_absent", by=life.desk, now=life.now)
    acceptance.sign(store, order_no=order.no, how="owner_absent", note="已电话确认", by=life.desk, now=life.now)


def test_the_owner_signs_by_the_end_of_the_telephone(life: Life, store: Store) -> None:
    order = life.finished()
    token = cases.whole(store, order.case_id).token
    for _ in range(5):
        with refuses("tail_wrong"):
            acceptance.sign_by_token(store, token=token, phone_tail="0000", by=TOKEN_HOLDER, now=life.now)
    with refuses("tail_locked"):
        acceptance.sign_by_token(store, token=token, phone_tail="5678", by=TOKEN_HOLDER, now=life.now)
    life.clock.forward(hours=1)
    acceptance.sign_by_token(store, token=token, phone_tail="５６７８", by=KIOSK, now=life.now)
    assert work_orders.find(store, order.no).signed_how == "kiosk"


def test_suspended_for_a_reason_and_on_again_from_where_it_stood(life: Life, store: Store) -> None:
    order = life.on_site()
    with refuses("reason_unknown"):
        order_steps.suspend(store, order_no=order.no, reason="tired", by=life.worker, now=life.now)
    order_steps.suspend(store, order_no=order.no, reason="material", note="等阀芯", by=life.worker, now=life.now)
    with refuses("step_not_now"):
        order_steps.finish(store, order_no=order.no, work_done="x", by=life.worker, now=life.now)
    order_steps.resume(store, order_no=order.no, by=life.worker, now=life.now)
    assert life.state(order) == "on_site"
    pauses = store.rows("SELECT reason, note, until_at IS NOT NULL FROM case_pauses")
    assert [tuple(row) for row in pauses] == [("material", "等阀芯", 1)]
    # What was said of it stands beside the pause alone.
    assert "阀芯" not in str(store.value("SELECT detail FROM events WHERE what = 'suspend'"))


def test_times_of_a_slip_are_possible_ones(life: Life, store: Store) -> None:
    order = life.dispatched()
    for typed, code in (("09:00", "time_impossible"), ("23:59", "time_impossible"), ("soon", "time_invalid")):
        with refuses(code):
            order_steps.arrive(store, order_no=order.no, at_time=typed, by=life.desk, now=life.now)
    life.clock.forward(hours=2)
    order_steps.arrive(store, order_no=order.no, at_time="11:30", by=life.desk, now=life.now)
    assert work_orders.find(store, order.no).arrived_at == "2026-11-23T03:30:00.000Z"


def test_follow_up_by_somebody_else_and_two_points_open_it_again(life: Life, store: Store) -> None:
    order = life.signed(liability="common")
    with writing(store):
        store.execute("UPDATE work_orders SET worker_id = ? WHERE id = ?", [life.leader.id, order.id])
    with refuses("follow_up_own"):
        follow_ups.record(store, no=order.case_no, method="phone", reached="1", score="5", by=life.leader, now=life.now)
    with pytest.raises(sqlite3.IntegrityError, match="by the worker"), writing(store):
        store.execute(
            "INSERT INTO follow_ups (case_id, round, method, reached, score, comment, at, by_id)"
            " VALUES (?, 0, 'phone', 1, 5, '', '2026', ?)",
            [order.case_id, life.leader.id],
        )
    for _ in range(2):
        follow_ups.record(store, no=order.case_no, method="phone", reached="0", by=life.desk, now=life.now)
        assert life.state(order) == "signed"
    follow_ups.record(store, no=order.case_no, method="phone", reached="1", score="2", by=life.desk, now=life.now)
    case = cases.whole(store, order.case_id)
    assert (case.state, case.round, case.owner_name) == ("rework", 1, "陈静")
    work_orders.dispatch(store, no=case.no, worker="zhaogang", by=life.desk, now=life.now)
    again = work_orders.live(store, case.id)
    assert again is not None and again.reworks_id == order.id
    paper = store.value("SELECT facts FROM print_jobs WHERE part = ?", [f"{again.no}:worker"])
    facts = papers.from_json("work_order", paper)
    assert isinstance(facts, papers.WorkOrder) and facts.reworks == order.no


def test_nobody_reached_three_times_counts_as_followed_up(life: Life, store: Store) -> None:
    order = life.signed()
    for _ in range(3):
        assert life.state(order) == "signed"
        life.clock.forward(hours=2)
        follow_ups.record(store, no=order.case_no, method="phone", reached="0", by=life.desk, now=life.now)
    assert life.state(order) == "followed_up"


def test_tries_right_after_one_another_are_one(life: Life, store: Store) -> None:
    order = life.signed()
    case = cases.whole(store, order.case_id)

    def ring() -> tuple[int, str | None]:
        follow_ups.record(store, no=order.case_no, method="phone", reached="0", by=life.desk, now=life.clock())
        found = follow_ups.vain(store, case)
        return found.counted, found.next_at

    assert follow_ups.vain(store, case) == follow_ups.Vain(0, 3, None)
    first = [ring() for _ in range(5)]
    assert {counted for counted, _ in first} == {1} and len({at for _, at in first}) == 1
    life.clock.forward(hours=1, minutes=59)
    assert ring()[0] == 1 and life.state(order) == "signed"
    life.clock.forward(minutes=1)
    assert ring()[0] == 2
    configure(store, follow_up_again_minutes=30)
    life.clock.forward(minutes=30)
    ring()
    assert life.state(order) == "followed_up"


def test_the_owner_s_own_answer_counts_once_a_round(life: Life, store: Store) -> None:
    order = life.signed()
    token = cases.whole(store, order.case_id).token
    for bad in ("", "0", "6", "five"):
        with refuses("score_invalid"):
            follow_ups.answer(store, token=token, score=bad, by=TOKEN_HOLDER, now=life.now)
    follow_ups.answer(store, token=token, score="4", comment="很快", by=TOKEN_HOLDER, now=life.now)
    with refuses("survey_answered"):
        follow_ups.answer(store, token=token, score="1", by=TOKEN_HOLDER, now=life.now)
    second = life.signed()
    token = cases.whole(store, second.case_id).token
    follow_ups.answer(store, token=token, score="1", by=TOKEN_HOLDER, now=life.now)
    assert life.state(second) == "rework"


def test_cancelled_with_a_word_to_the_person_and_never_once_work_began(life: Life, store: Store) -> None:
    order = life.dispatched()
    with refuses("feedback_text_missing"):
        acceptance.cancel(
            store, no=order.case_no, reason="owner_wish", channel="phone", text=" ", by=life.desk, now=life.now
        )
    assert life.state(order) == "dispatched"
    acceptance.cancel(
        store, no=order.case_no, reason="owner_wish", channel="phone", text="已取消", by=life.desk, now=life.now
    )
    assert (life.state(order), work_orders.find(store, order.no).state) == ("cancelled", "cancelled")
    began = life.on_site()
    with refuses("started_already"):
        acceptance.cancel(
            store, no=began.case_no, reason="owner_wish", channel="phone", text="x", by=life.desk, now=life.now
        )


def test_the_store_closes_nothing_unanswered_or_unsigned(life: Life, store: Store) -> None:
    order = life.finished()
    with pytest.raises(sqlite3.IntegrityError, match="without a signature"), writing(store):
        store.execute("UPDATE cases SET state = 'signed' WHERE id = ?", [order.case_id])
    signed = life.signed()
    with pytest.raises(sqlite3.IntegrityError, match="without an answer"), writing(store):
        store.execute("UPDATE cases SET state = 'closed', closed_at = 'x' WHERE id = ?", [signed.case_id])
    with pytest.raises(sqlite3.IntegrityError, match="terminal"), writing(store):
        store.execute("UPDATE cases SET closed_at = 'x' WHERE id = ?", [signed.case_id])


def test_the_same_nonce_does_a_step_once(life: Life, store: Store) -> None:
    order = life.dispatched()
    for _ in range(3):
        order_steps.accept(store, order_no=order.no, nonce="thumb", by=life.worker, now=life.now)
    assert store.value("SELECT count(*) FROM events WHERE what = 'accept'") == 1
    with refuses("nonce_reused"):
        order_steps.arrive(store, order_no=order.no, nonce="thumb", by=life.worker, now=life.now)


def missing_of(life: Life, case: Case) -> tuple[str, ...]:
    """Return all that a dispatch finds missing."""
    with pytest.raises(Refused) as refused:
        work_orders.dispatch(life.store, no=case.no, worker="zhaogang", by=life.desk, now=life.now)
    return (refused.value.code, *refused.value.also)


def test_all_that_is_missing_is_said_at_once(life: Life) -> None:
    case = life.register(source="phone", name="", unit="", phone="", place="厨房", convenient_time="")
    assert missing_of(life, case) == ("name_missing", "phone_missing", "unit_missing", "convenient_time_missing")


def test_by_appointment_nobody_goes_out_without_the_time(life: Life, store: Store) -> None:
    case = life.register(urgency="planned", convenient_time="周六上午")
    assert missing_of(life, case) == ("appointed_missing",)
    work_orders.dispatch(
        store, no=case.no, worker="zhaogang", appointed_at="2026-11-28T09:00", by=life.desk, now=life.now
    )
    assert store.value("SELECT count(*) FROM clocks WHERE clock = 'on_site' AND stopped_at IS NULL") == 1


def test_a_time_that_the_owner_named_and_that_has_passed_is_agreed_anew(life: Life, store: Store) -> None:
    case = life.register(convenient_time="11-24 09:00")
    life.clock.forward(days=2)
    assert missing_of(life, case) == ("appointed_missing",)


@pytest.mark.parametrize("time", ["随时，来前先打电话", "工作日下午"])
def test_an_ordinary_one_may_leave_the_time_open_and_is_told_no_more(life: Life, store: Store, time: str) -> None:
    case = life.register(convenient_time=time)
    work_orders.dispatch(store, no=case.no, worker="zhaogang", by=life.desk, now=life.now)
    order = work_orders.live(store, case.id)
    assert order is not None and order.appointed_at is None
    said = message_texts.texts(store, cases.whole(store, case.id), now=life.now)[0].words.zh
    assert "上门前先与您联系" in said and "11月" not in said
    # He who goes agrees on one, and is awaited by it.
    order_steps.reschedule(
        store, order_no=order.no, appointed_at="2026-11-24T10:00", reason="与业主约定", by=life.worker, now=life.now
    )
    assert store.value("SELECT due_at FROM clocks WHERE clock = 'on_site'") == "2026-11-24T02:15:00.000Z"
