"""Repairs under a known fault: told and ended with it, or going their own way; never silently."""

from typing import Any

import pytest

from db.store import Store
from reception import (
    acceptance,
    case_clocks,
    case_links,
    cases,
    charges,
    due,
    fault_cases,
    fault_ends,
    fault_records,
    feedback,
    known_faults,
    order_steps,
    owner_view,
    quotations,
    repairs,
    result_papers,
    work_orders,
)
from reception.cases import Case
from reception.fault_records import Fault
from reception.refusal import Refused
from tests import owner_cases
from tests.conftest import Clock
from tests.reception.life import Life
from tests.reception.never import NEVER


@pytest.fixture
def life(store: Store, clock: Clock) -> Life:
    """A centre at work."""
    return Life(store, clock)


def burst(life: Life, **other: str) -> Fault:
    """A burst pipe in building 1."""
    form = {"nonce": "f", "area": "building", "building": "1", "cause": "water", "what": "主管爆裂", **other}
    return known_faults.declare(life.store, **form, by=life.desk, now=life.now)


def attach(life: Life, fault: Fault, case: Case) -> None:
    """Say that a repair is this fault."""
    known_faults.attach_case(life.store, fault_id=str(fault.id), case_no=case.no, by=life.desk, now=life.now)


def detach(life: Life, fault: Fault, no: str) -> Case:
    """Say that it is not."""
    return fault_cases.detach(life.store, fault_id=str(fault.id), case_no=no, by=life.desk, now=life.now)


def tell(life: Life, fault: Fault, *, reached: bool = True) -> Fault:
    """Tell the first home that is still to be told, or miss it."""
    home = next(one for one in fault_records.of_list(life.store, fault, whole=True) if one.to_tell)
    act = fault_ends.told if reached else fault_ends.not_reached
    return act(
        life.store, fault_id=str(fault.id), household_id=str(home.id), channel="phone", by=life.desk, now=life.now
    )


def restore(life: Life, fault: Fault) -> Fault:
    """It is over."""
    return fault_ends.restore(life.store, fault_id=str(fault.id), text="水来了。", by=life.desk, now=life.now)


def running(life: Life, case: Case) -> dict[str, str]:
    """The clocks of a repair that run, each with its deadline."""
    return {
        one.code: one.due_at
        for one in case_clocks.of_case(life.store, case.id, now=life.clock())
        if one.stage is not None
    }


def state(life: Life, case: Case) -> str:
    """The state of a repair as it stands."""
    return cases.whole(life.store, case.id).state


def sound(store: Store) -> bool:
    """Whether nothing stands in the store that never may."""
    return not any(store.rows(query) for query in NEVER.values())


def test_it_waits_for_the_fault_is_told_with_it_and_ends_with_it(life: Life, store: Store) -> None:
    case, fault = life.register(urgency="urgent"), burst(life)
    before = running(life, case)
    attach(life, fault, case)
    assert before and running(life, case) == {} and due.due_list(store, by=life.desk, now=life.clock()) == []
    # No deadline was moved, and the history of both says what happened.
    assert store.value("SELECT count(*) FROM deadlines WHERE case_id = ?", [case.id]) == len(before)
    assert store.value("SELECT count(*) FROM events WHERE what = 'attach_fault_case'") == 2
    assert "正在统一抢修" in owner_view.progress(store, case, now=life.clock()).sentence.zh
    with pytest.raises(Refused, match="held_by_fault"):
        work_orders.dispatch(store, no=case.no, worker="zhaogang", by=life.desk, now=life.now)
    fault = restore(life, fault)
    assert state(life, case) == "registered"
    assert tell(life, fault).state == "closed"
    (notice,) = feedback.of_case(store, case.id)
    assert (notice.about, notice.channel, notice.text) == ("result", "phone", "水来了。")
    assert state(life, case) == "cancelled"
    assert "所属故障已恢复" in owner_view.progress(store, case, now=life.clock()).sentence.zh
    assert "所属故障已恢复" in result_papers.slip(store, cases.whole(store, case.id), 0).result.zh
    assert sound(store)


def test_an_order_that_was_out_ends_too(life: Life, store: Store) -> None:
    order, fault = life.dispatched(), burst(life)
    case = cases.whole(store, order.case_id)
    attach(life, fault, case)
    assert [(one.no, one.held) for one in fault_cases.of_fault(store, fault)] == [(case.no, True)]
    tell(life, restore(life, fault))
    assert (state(life, case), work_orders.find(store, order.no).state) == ("cancelled", "cancelled")
    assert sound(store)


def test_what_is_taken_out_is_as_due_as_it_was(life: Life, store: Store) -> None:
    case, fault = life.register(), burst(life)
    before = running(life, case)
    attach(life, fault, case)
    life.clock.forward(hours=6)
    detach(life, fault, case.no)
    # Who was mistaken gains no time by it.
    assert running(life, case) == before and due.overdue_count(store, by=life.desk, now=life.clock()) == 1
    assert fault_cases.fault_of(store, case.id) is None
    assert fault_records.by_id(store, fault.id).households == 0
    assert {row[0] for row in store.rows("SELECT what FROM events WHERE subject = 'case'")} >= {
        "attach_fault_case",
        "detach_fault_case",
    }
    with pytest.raises(Refused, match="case_not_of_fault"):
        detach(life, fault, case.no)
    work_orders.dispatch(store, no=case.no, worker="zhaogang", by=life.desk, now=life.now)
    attach(life, fault, case)
    assert sound(store)


def test_what_happened_meanwhile_is_not_awaited_again(life: Life, store: Store) -> None:
    case = life.register()
    work_orders.dispatch(
        store, no=case.no, worker="zhaogang", appointed_at="2026-11-27T09:00", by=life.desk, now=life.now
    )
    order, fault = work_orders.live(store, case.id), burst(life)
    assert order is not None and set(running(life, case)) == {"response", "on_site"}
    attach(life, fault, case)
    order_steps.accept(store, order_no=order.no, by=life.worker, now=life.now)
    detach(life, fault, case.no)
    assert set(running(life, case)) == {"on_site"}
    attach(life, fault, case)
    order_steps.send_back(store, order_no=order.no, reason="no_time", by=life.worker, now=life.now)
    assert running(life, case) == {}
    detach(life, fault, case.no)
    assert set(running(life, case)) == {"on_site", "response"}
    assert sound(store)


def test_who_was_spoken_to_meanwhile_is_not_owed_a_first_word_again(life: Life, store: Store) -> None:
    case, fault = life.register(), burst(life)
    attach(life, fault, case)
    feedback.give(store, no=case.no, about="progress", channel="phone", text="在抢修", by=life.desk, now=life.now)
    detach(life, fault, case.no)
    assert running(life, case) == {}


def test_what_was_opened_again_meanwhile_is_due_from_when_it_is_let_go(life: Life, store: Store) -> None:
    order, fault = life.signed(), burst(life)
    case = cases.whole(store, order.case_id)
    attach(life, fault, case)
    acceptance.rework(store, no=case.no, reason="又漏了", by=life.head, now=life.now)
    assert "response" in running(life, case)


def amend(life: Life, case: Case, urgency: str = "") -> None:
    """Correct what was registered; another urgency has its reason."""
    kept = dict.fromkeys(("name", "phone", "unit", "category", "content", "place", "convenient_time"), "")
    repairs.amend(life.store, no=case.no, **kept, urgency=urgency, reason="业主来电", by=life.desk, now=life.now)


def test_what_was_done_while_a_fault_held_it_stays_done_whatever_is_corrected_later(life: Life, store: Store) -> None:
    case, fault = life.register(), burst(life)
    first = running(life, case)["response"]
    attach(life, fault, case)
    feedback.give(store, no=case.no, about="progress", channel="phone", text="在抢修", by=life.desk, now=life.now)
    detach(life, fault, case.no)
    amend(life, case)
    assert running(life, case) == {}
    amend(life, case, "urgent")
    assert set(running(life, case)) == {"on_site_urgent"}
    amend(life, case, "ordinary")
    assert running(life, case) == {} and sound(store)
    # What came back is due anew, not from before it was met.
    amend(life, case, "urgent")
    order_no = life.dispatch(case)
    life.clock.forward(hours=1)
    order_steps.send_back(store, order_no=order_no, reason="no_time", by=life.worker, now=life.now)
    amend(life, case, "ordinary")
    assert set(running(life, case)) == {"response"} and running(life, case)["response"] > first and sound(store)


def test_another_urgency_learnt_under_the_fault_counts_once_it_is_let_go(life: Life, store: Store) -> None:
    case, fault = life.register(), burst(life)
    amend(life, case, "urgent")
    before = running(life, case)
    amend(life, case, "ordinary")
    attach(life, fault, case)
    amend(life, case, "urgent")
    assert set(before) == {"on_site_urgent"} and running(life, case) == {}
    # It had begun before: nobody gains time by the way round.
    detach(life, fault, case.no)
    assert running(life, case) == before and sound(store)


def test_a_charge_that_nobody_paid_goes_with_the_repair_and_what_was_paid_keeps_it(life: Life, store: Store) -> None:
    unpaid, paid, fault = life.register(), life.register(), burst(life)
    for case in (unpaid, paid):
        life.bear(case.no, "paid")
        made = owner_cases.quoted(store, case, life.clock)
        quotations.answer(store, no=case.no, quotation_id=made, agree=True, how="face", by=life.desk, now=life.now)
        charges.charge(store, no=case.no, by=life.desk, now=life.now)
    due_fen = charges.due_fen(store, paid.id)
    charges.pay(store, nonce="p", no=paid.no, amount_fen=due_fen, method="cash", by=life.desk, now=life.now)
    attach(life, fault, unpaid)
    attach(life, fault, paid)
    tell(life, restore(life, fault))
    assert (state(life, unpaid), state(life, paid)) == ("cancelled", "registered")
    (over,) = charges.withdrawn(store, unpaid.id)
    assert over.withdrawal and over.withdrawal.reason == "所属故障已恢复"
    assert sound(store)


def test_a_telling_with_which_a_repair_ended_is_not_taken_back(life: Life, store: Store) -> None:
    case, fault = life.register(), burst(life)
    home = {"unit": "1-1-102", "phone": "13800001111"}
    known_faults.add_household(store, nonce="h", fault_id=str(fault.id), **home, by=life.desk, now=life.now)
    attach(life, fault, case)
    fault = restore(life, fault)
    homes = {one.unit.label: str(one.id) for one in fault_records.of_list(store, fault, whole=True)}
    ids = {"fault_id": str(fault.id), "household_id": homes["1-1-101"]}
    fault_ends.told(store, **ids, channel="phone", by=life.desk, now=life.now)
    told_at = store.value("SELECT told_at FROM fault_households WHERE id = ?", [ids["household_id"]])
    with pytest.raises(Refused, match="repair_ended_with_it"):
        fault_ends.untell(store, **ids, noted_at=told_at, by=life.desk, now=life.now)
    assert state(life, case) == "cancelled" and fault_records.by_id(store, fault.id).untold == 1


def test_who_was_merged_reads_of_the_fault_that_holds_the_other(life: Life, store: Store) -> None:
    other, mine, fault = life.register(), life.register(), burst(life)
    case_links.merge(store, no=mine.no, into=other.no, by=life.desk, now=life.now)
    attach(life, fault, other)

    def said() -> str:
        return owner_view.progress(store, cases.whole(store, mine.id), now=life.clock()).sentence.zh

    assert "正在统一抢修" in said()
    tell(life, restore(life, fault))
    assert "所属故障已恢复，一并办结" in said()


def test_a_declined_price_gives_way_to_the_fault_that_holds_it(life: Life, store: Store) -> None:
    order, fault = life.dispatched(), burst(life)
    case = cases.whole(store, order.case_id)
    life.bear(case.no, "paid")
    order_steps.send_back(store, order_no=order.no, reason="declined", by=life.worker, now=life.now)
    case = cases.whole(store, case.id)
    assert owner_view.progress(store, case, now=life.clock()).declined
    attach(life, fault, case)
    view = owner_view.progress(store, case, now=life.clock())
    assert not view.declined and "正在统一抢修" in view.sentence.zh


def test_work_that_has_begun_goes_its_own_way(life: Life, store: Store) -> None:
    order, fault = life.on_site(liability="common"), burst(life)
    case = cases.whole(store, order.case_id)
    attach(life, fault, case)
    assert [one.held for one in fault_cases.of_fault(store, fault)] == [False]
    assert fault_records.by_id(store, fault.id).households == 1
    tell(life, restore(life, fault))
    assert state(life, case) == "on_site" and feedback.of_case(store, case.id)[0].about == "progress"
    order_steps.finish(store, order_no=order.no, work_done="换管", by=life.worker, now=life.now)
    assert state(life, case) == "finished" and sound(store)


def test_work_that_begins_under_the_fault_goes_its_own_way_from_then(life: Life, store: Store) -> None:
    order = life.dispatched()
    case = cases.whole(store, order.case_id)
    life.bear(case.no, "common")
    fault = burst(life, case_no=case.no)
    order_steps.arrive(store, order_no=order.no, by=life.worker, now=life.now)
    assert fault_records.holding(store, case.id) is None
    tell(life, restore(life, fault))
    assert state(life, case) == "on_site" and sound(store)


def test_a_home_that_nobody_reached_was_not_answered(life: Life, store: Store) -> None:
    case, fault = life.register(), burst(life)
    before = running(life, case)
    attach(life, fault, case)
    restore(life, fault)
    assert tell(life, fault, reached=False).state == "restored" and running(life, case) == {}
    assert tell(life, fault, reached=False).state == "closed"
    assert state(life, case) == "registered" and running(life, case) == before
    assert store.value("SELECT text FROM case_notes WHERE case_id = ?", [case.id]) == fault_cases.UNREACHED
    assert sound(store)


def test_a_fault_that_was_none_answers_for_nobody(life: Life, store: Store) -> None:
    case, fault = life.register(), burst(life)
    before = running(life, case)
    attach(life, fault, case)
    fault_ends.withdraw(store, fault_id=str(fault.id), reason="误报", by=life.desk, now=life.now)
    assert running(life, case) == before
    assert tell(life, fault).state == "closed"
    assert state(life, case) == "registered" and feedback.of_case(store, case.id)[0].about == "progress"


def test_one_without_a_home_is_on_no_list_and_so_waits_for_us_again(life: Life, store: Store) -> None:
    case = life.register(unit="", phone="13900001111", name="李工", category="public", place="1栋大堂")
    fault = burst(life)
    before = running(life, case)
    attach(life, fault, case)
    assert running(life, case) == {}
    assert restore(life, fault).state == "closed"
    assert running(life, case) == before and state(life, case) == "registered"


def test_what_is_learnt_of_one_that_is_held_starts_nothing(life: Life, store: Store) -> None:
    case, fault = life.register(source="phone", phone=""), burst(life)
    attach(life, fault, case)
    blank = dict.fromkeys(("name", "unit", "category", "place", "convenient_time"), "")
    repairs.amend(store, no=case.no, **blank, phone="13800005678", content="没水", by=life.desk, now=life.now)
    assert running(life, case) == {}


def test_those_of_before_keep_their_own_life(life: Life, store: Store) -> None:
    case, fault = life.register(), burst(life)
    # As it stood before faults answered for repairs: noted, no more (the migration marks them so).
    store.execute(
        "INSERT INTO fault_cases (case_id, fault_id, at, by_id, released_at) VALUES (?, ?, 'x', ?, 'x')",
        [case.id, fault.id, life.desk.id],
    )
    assert fault_records.holding(store, case.id) is None and running(life, case)


def merged(life: Life, into: Case, unit: str) -> Case:
    """Another report of the same, from a home, merged into one that the fault holds."""
    other = life.register(unit=unit, phone="13900002222", name="王芳")
    case_links.merge(life.store, no=other.no, into=into.no, by=life.desk, now=life.now)
    return other


def test_telling_one_home_tells_nobody_who_was_merged_from_another(life: Life, store: Store) -> None:
    case, fault = life.register(), burst(life)
    attach(life, fault, case)
    far = merged(life, case, "1-1-102")
    assert tell(life, restore(life, fault)).state == "closed"
    # Nobody rang 1-1-102: so no notice says that somebody did, and the repair waits at the desk for that answer.
    assert feedback.of_case(store, far.id) == []
    assert state(life, case) == "registered" and fault_records.holding(store, case.id) is None
    (notice,) = feedback.of_case(store, case.id)
    assert (notice.about, notice.text) == ("progress", "水来了。")
    notes = [row[0] for row in store.rows("SELECT text FROM case_notes WHERE case_id = ?", [case.id])]
    assert fault_cases.MERGED_UNTOLD in notes
    assert sound(store)
    form: dict[str, Any] = {"about": "result", "channel": "phone", "text": "水来了。"}
    feedback.give(store, no=far.no, **form, by=life.desk, now=life.now)
    assert [one.about for one in feedback.of_case(store, far.id)] == ["result"]


def test_one_who_was_told_already_and_one_of_the_same_home_hold_nothing_up(life: Life, store: Store) -> None:
    case, fault = life.register(), burst(life)
    attach(life, fault, case)
    near, far = merged(life, case, "1-1-101"), merged(life, case, "1-1-102")
    form: dict[str, Any] = {"about": "result", "channel": "phone", "text": "水来了。"}
    feedback.give(store, no=far.no, **form, by=life.desk, now=life.now)
    tell(life, restore(life, fault))
    assert state(life, case) == "cancelled"
    # Each was told once: the home that was rung, and the one that was rung before.
    for one in (case, near, far):
        assert [notice.about for notice in feedback.of_case(store, one.id)] == ["result"]
    assert sound(store)
