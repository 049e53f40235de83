"""An order that came back (退单): its clock counts anew, why it came back is said, the time that was agreed is kept."""

from datetime import timedelta

import pytest

from db.store import Store
from reception import case_clocks, due, order_steps, repair_board, repair_rates, site, work_orders
from reception.case_clocks import CaseClock
from reception.permissions import BOX, Role
from reception.refusal import Refused
from reception.rules import clock as times
from reception.rules.deadlines import Stage
from reception.work_orders import Order
from tests.conftest import Clock, actor
from tests.reception.life import Life


@pytest.fixture
def life(store: Store, clock: Clock) -> Life:
    """A centre at work."""
    return Life(store, clock)


def arrived(life: Life, **other: str) -> Order:
    """A worker who is on site, and has not begun: work of which nobody has decided who bears it."""
    return life.on_site(liability="", **other)


def back(life: Life, order: Order, reason: str = "other_trade", note: str = "") -> None:
    """Send an order back."""
    order_steps.send_back(life.store, order_no=order.no, reason=reason, note=note, by=life.worker, now=life.now)


def runs(life: Life, order: Order, code: str) -> list[CaseClock]:
    """Return the clocks of this name, the one that runs before those that are over."""
    return [one for one in case_clocks.of_case(life.store, order.case_id, now=life.clock()) if one.code == code]


@pytest.mark.parametrize(("urgency", "code"), [("urgent", "on_site_urgent"), ("ordinary", "response")])
def test_a_repair_that_came_back_is_due_again_from_then(life: Life, store: Store, urgency: str, code: str) -> None:
    order = arrived(life, urgency=urgency)
    assert all(one.stage is None for one in runs(life, order, code))
    back(life, order)
    anew, before = runs(life, order, code)
    length = timedelta(minutes=30) if urgency == "urgent" else timedelta(hours=4)
    assert anew.stage is Stage.RUNNING and anew.started_at == times.to_text(life.clock())
    assert anew.due_at == times.to_text(life.clock() + length)
    # Nothing of it is silent, and that it was met before stays as it was.
    assert [one.reason.zh for one in anew.history] == ["开始计时", "退单，重新计时"]
    assert (before.late, before.void, len(before.history)) == (0, False, 1)
    assert [one.code for one in due.due_list(store, by=life.desk, now=life.clock())] == [code]


def test_one_that_came_back_before_anybody_was_there_is_as_due_as_it_was(life: Life) -> None:
    order = life.dispatched(urgency="urgent")
    was = runs(life, order, "on_site_urgent")
    back(life, order, "no_time")
    (runs_on,) = runs(life, order, "on_site_urgent")
    assert (runs_on.due_at, runs_on.started_at) == (was[0].due_at, was[0].started_at)


def test_what_came_back_and_is_late_is_handed_up_each_time(life: Life, store: Store) -> None:
    order = life.dispatched(urgency="urgent")
    life.clock.forward(hours=1)
    assert due.escalate_due(store, by=BOX, now=life.now) == 1
    order_steps.arrive(store, order_no=order.no, by=life.worker, now=life.now)
    back(life, order)
    assert due.escalate_due(store, by=BOX, now=life.now) == 0
    assert due.due_list(store, by=life.desk, now=life.clock())[0].escalated_at is None
    life.clock.forward(hours=1)
    assert due.overdue_count(store, by=life.desk, now=life.clock()) == 1
    assert due.escalate_due(store, by=BOX, now=life.now) == 1
    assert due.escalate_due(store, by=BOX, now=life.now) == 0
    assert store.value("SELECT count(*) FROM events WHERE what = 'escalate'") == 2


def test_a_late_arrival_stays_late_in_the_month_whatever_comes_after(life: Life, store: Store) -> None:
    order = life.dispatched(urgency="urgent")
    life.clock.forward(hours=1)
    order_steps.arrive(store, order_no=order.no, by=life.worker, now=life.now)
    back(life, order)
    work_orders.dispatch(store, no=order.case_no, worker="zhaogang", by=life.desk, now=life.now)
    again = work_orders.live(store, order.case_id)
    assert again is not None
    order_steps.arrive(store, order_no=again.no, by=life.worker, now=life.now)
    values = {"begin": "2026-11-01", "end": "2026-12-01", "now": times.to_text(life.clock()), "department": ""}
    (figure,) = [one for one in repair_rates.on_time(store, values) if one.code == "on_time_on_site_urgent"]
    assert (figure.value, figure.whole) == (1, 2)


def test_the_desk_sees_at_once_that_it_came_back_and_why(life: Life, store: Store) -> None:
    assert due.returned_count(store, by=life.desk) == 0
    order = arrived(life)
    with pytest.raises(Refused, match="reason_missing"):
        back(life, order, "other")
    back(life, order, "other", "钥匙在物业")
    assert due.returned_count(store, by=life.desk) == 1
    assert due.returned_count(store, by=life.leader) == 1
    to_dispatch = repair_board.board(store, by=life.desk, now=life.clock()).columns[0]
    assert [card.came_back for card in to_dispatch.cards] == [("其他：钥匙在物业", "Another reason：钥匙在物业")]
    work_orders.dispatch(store, no=order.case_no, by=life.desk, now=life.now)
    assert due.returned_count(store, by=life.desk) == 0


def test_the_time_that_was_agreed_is_kept_while_it_is_ahead(life: Life, store: Store) -> None:
    case = life.register(convenient_time="", source="phone")
    friday = "2026-11-27T09:00"
    work_orders.dispatch(store, no=case.no, worker="zhaogang", appointed_at=friday, by=life.desk, now=life.now)
    order = work_orders.live(store, case.id)
    assert order is not None
    back(life, order, "no_time")
    assert work_orders.proposed(store, case, life.clock()) == times.from_text(order.appointed_at or "")
    # Nobody asks the owner again for a time that he has agreed to.
    work_orders.dispatch(store, no=case.no, worker="zhaogang", by=life.desk, now=life.now)
    again = work_orders.live(store, case.id)
    assert again is not None and again.appointed_at == order.appointed_at
    back(life, again, "no_time")
    life.clock.forward(days=5)
    assert work_orders.proposed(store, case, life.clock()) is None
    with pytest.raises(Refused, match="convenient_time_missing"):
        work_orders.dispatch(store, no=case.no, worker="zhaogang", by=life.desk, now=life.now)


def test_the_head_sees_only_his_own_that_came_back(life: Life, store: Store) -> None:
    site.configure(store, hours_work="00:00-24:00")
    back(life, arrived(life))
    other = actor(store, Role.DEPARTMENT_HEAD)
    assert due.returned_count(store, by=other) == (1 if other.department == "maintenance" else 0)
