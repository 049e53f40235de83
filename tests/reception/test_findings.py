"""What one of us found (巡查): the finder is the person, a place is enough, no owner is invented or followed up."""

import pytest

from db.store import Store
from reception import (
    acceptance,
    case_care,
    cases,
    due,
    feedback,
    follow_ups,
    message_texts,
    order_steps,
    repair_board,
    work_orders,
)
from reception.cases import Case
from reception.refusal import Refused
from tests.conftest import Clock
from tests.reception.life import Life

FOUND = {"source": "patrol", "name": "", "phone": "", "unit": "", "convenient_time": "", "place": "3号楼2单元5层"}


@pytest.fixture
def life(store: Store, clock: Clock) -> Life:
    """A centre at work."""
    return Life(store, clock)


def signed(life: Life, case: Case) -> None:
    """Walk a repair to its acceptance as work in a shared area."""
    work_orders.dispatch(life.store, no=case.no, worker="zhaogang", by=life.desk, now=life.now)
    order = work_orders.live(life.store, case.id)
    assert order is not None
    life.bear(case.no, "common")
    order_steps.arrive(life.store, order_no=order.no, by=life.worker, now=life.now)
    order_steps.finish(life.store, order_no=order.no, work_done="换灯", by=life.worker, now=life.now)
    acceptance.sign(life.store, order_no=order.no, how="common_area", by=life.desk, now=life.now)


@pytest.mark.parametrize("category", ["public", "lift", "safety", "water", "power", "other"])
def test_a_place_is_enough_for_a_finding_of_any_kind(life: Life, category: str) -> None:
    case = life.register(**FOUND, category=category)
    assert (case.name, case.phone, case.unit) == (life.desk.name, "", None)
    work_orders.dispatch(life.store, no=case.no, worker="zhaogang", by=life.desk, now=life.now)


def test_whoever_is_named_found_it(life: Life) -> None:
    assert life.register(**FOUND | {"name": "保安老周"}).name == "保安老周"
    with pytest.raises(Refused, match="unit_missing"):
        life.register(**FOUND | {"place": ""})


def test_the_finder_hears_of_it_and_nobody_is_followed_up(life: Life, store: Store) -> None:
    case = life.register(**FOUND, category="public")
    signed(life, case)
    assert due.due_list(store, by=life.desk, now=life.clock()) == []
    with pytest.raises(Refused, match="step_not_now"):
        follow_ups.record(store, no=case.no, method="phone", reached="1", score="5", by=life.head, now=life.now)
    columns = {one.code: one.total for one in repair_board.board(store, by=life.desk, now=life.clock()).columns}
    assert (columns["to_follow_up"], columns["to_file"]) == (0, 1)
    # K3, 10 holds here too: nothing is filed before somebody said what became of it.
    with pytest.raises(Refused, match="feedback_missing"):
        case_care.close(store, no=case.no, by=life.desk, now=life.now)
    (text,) = message_texts.texts(store, cases.whole(store, case.id), now=life.clock())
    assert text.about == "result" and text.words.zh == f"您巡查发现的 {case.no}（3号楼2单元5层）：已验收"
    feedback.give(store, no=case.no, about="result", channel="face", text=text.words.zh, by=life.desk, now=life.now)
    assert [one.receiver for one in feedback.of_case(store, case.id)] == [life.desk.name]
    assert case_care.close(store, no=case.no, by=life.desk, now=life.now).state == "closed"


def test_what_an_owner_reported_of_a_shared_area_answers_that_owner(life: Life, store: Store) -> None:
    case = life.register(category="public", place="3号楼大堂", source="phone")
    signed(life, case)
    assert [one.code for one in due.due_list(store, by=life.desk, now=life.clock())] == ["follow_up"]
    feedback.give(store, no=case.no, about="result", channel="phone", text="已修好", by=life.desk, now=life.now)
    assert [one.receiver for one in feedback.of_case(store, case.id)] == [""]
    assert follow_ups.followed_up_now(cases.whole(store, case.id))
