"""Once a jump far ahead is put right, nothing stays locked, missed or told by the wrong time."""

from datetime import datetime, timedelta

import pytest

from db.store import Store, writing
from reception import (
    appointment_right,
    clock_care,
    closing,
    counters,
    due,
    events,
    phone_tails,
    sessions,
    worker_devices,
)
from reception.cases import Case
from reception.permissions import BOX, TOKEN_HOLDER, Actor, Role
from reception.refusal import Refused
from reception.rules import clock as times
from tests.conftest import Clock, actor
from tests.reception.test_clocks import repair
from tests.reception.visitors import Visitors

YEARS = 3000


@pytest.fixture
def manager(store: Store) -> Actor:
    return actor(store, Role.MANAGER)


def mend(store: Store, clock: Clock, manager: Actor, right: datetime) -> None:
    """Put the clock back to where it should stand, and say that it is right."""
    with writing(store):
        events.record(store, "x", "site", 0, by=BOX, at=clock())
    clock.at = right + timedelta(minutes=5)
    clock_care.correct(store, by=manager, now=clock())


def state(store: Store, case: Case) -> str:
    return str(store.value("SELECT state FROM cases WHERE id = ?", [case.id]))


def test_wrong_tails_of_a_time_to_come_lock_nobody_for_years(store: Store, clock: Clock, manager: Actor) -> None:
    case, right = repair(store, clock), clock()
    tail = store.value("SELECT phone_tail FROM cases WHERE id = ?", [case.id])
    clock.forward(days=YEARS)
    for _ in range(phone_tails.MAX_TRIES):
        with pytest.raises(Refused, match="tail_wrong"):
            phone_tails.prove(store, case.id, "0000", by=TOKEN_HOLDER, now=clock())
    mend(store, clock, manager, right)
    phone_tails.prove(store, case.id, tail, by=TOKEN_HOLDER, now=clock())


def test_a_worker_s_phone_asks_for_its_pin_and_is_signed_out_in_time(
    store: Store, clock: Clock, manager: Actor
) -> None:
    right, worker = clock(), actor(store, Role.WORKER)
    clock.forward(days=YEARS)
    text = times.to_text(clock())
    store.execute(
        "INSERT INTO worker_devices (staff_id, kind, key_hash, pin_hash, opening_hash, used_at, added_at, seen_at,"
        " expires_at) VALUES (?, 'other', ?, 'x', ?, ?, ?, ?, ?)",
        [
            worker.id,
            sessions.hash_of("key"),
            sessions.hash_of("opening"),
            *[text] * 3,
            times.to_text(clock() + worker_devices.LIFE),
        ],
    )
    mend(store, clock, manager, right)
    found = worker_devices.device(store, "key", "opening", now=clock())
    assert found is not None and not found.unlocked
    clock.forward(days=31)
    assert worker_devices.device(store, "key", "opening", now=clock()) is None


def test_a_counter_opened_by_the_wrong_time_closes_with_its_day(
    store: Store, clock: Clock, manager: Actor, receptionist: Actor
) -> None:
    right = clock()
    clock.forward(days=YEARS)
    counters.pause(store, counter="1", reason="meal", by=receptionist, now=clock())
    mend(store, clock, manager, right)
    closing.close_day(store, day=closing.today(store, now=clock()), by=BOX, now=clock.forward(hours=15))
    assert store.value("SELECT state FROM counters WHERE no = '1'") == "closed"


def test_who_was_late_by_the_wrong_time_alone_is_expected_again(store: Store, clock: Clock, manager: Actor) -> None:
    made, right = Visitors(store, clock), clock()
    case = made.book()
    clock.forward(days=YEARS)
    closing.close_due(store, by=BOX, now=clock())
    assert state(store, case) == "no_show"
    mend(store, clock, manager, right)
    assert state(store, case) == "booked"
    assert store.value("SELECT live FROM appointments WHERE case_id = ?", [case.id]) == 1
    assert events.history(store, "case", case.id)[-1]["what"] == appointment_right.WHAT
    # By the right time he may be late in earnest.
    clock.forward(days=2)
    closing.close_due(store, by=BOX, now=clock())
    assert state(store, case) == "no_show"
    with writing(store):
        appointment_right.set_right(store, by=manager, at=clock())
    assert state(store, case) == "no_show"


def test_what_was_handed_up_by_the_wrong_time_is_handed_up_when_it_is_late(
    store: Store, clock: Clock, manager: Actor
) -> None:
    right = clock()
    repair(store, clock, "urgent")
    clock.forward(days=YEARS)
    assert due.escalate_due(store, by=BOX, now=clock()) == 1
    mend(store, clock, manager, right)
    assert due.escalate_due(store, by=BOX, now=clock()) == 0
    assert due.escalate_due(store, by=BOX, now=clock.forward(minutes=40)) == 1
