"""The checklists of the day: ticked, passed over with a reason, never a lock; the self-test ticks itself."""

import sqlite3

import pytest

from db.store import Store
from reception import check_measures, closing, day_checks, log_notes, self_tests, tables, visits
from reception.day_checks import CLOSING, OPENING, Check
from reception.permissions import BOX, KIOSK, Actor, Role
from reception.refusal import Refused
from reception.table_columns import TABLES
from tests.conftest import Clock, actor


def listed(store: Store, clock: Clock, by: Actor, part: str = OPENING) -> dict[str, Check]:
    return {check.item: check for check in day_checks.checklist(store, part, by=by, now=clock())}


def test_a_point_is_ticked_once_by_whoever_did_it(store: Store, clock: Clock, receptionist: Actor) -> None:
    assert listed(store, clock, receptionist)["comfort"].state == ""
    for _ in range(2):
        day_checks.tick(store, part=OPENING, item="comfort", by=receptionist, now=clock.forward(minutes=1))
    check = listed(store, clock, receptionist)["comfort"]
    assert (check.state, check.by_name, check.reason) == ("done", receptionist.name, "")
    assert store.value("SELECT count(*) FROM day_checks") == 1
    clock.forward(days=1)
    assert listed(store, clock, receptionist)["comfort"].state == "", "another day, another list"


def test_it_is_passed_over_only_with_a_reason_and_may_be_done_later(
    store: Store, clock: Clock, receptionist: Actor
) -> None:
    def tick(**how: str) -> None:
        day_checks.tick(store, part=CLOSING, item="money", **how, by=receptionist, now=clock.forward(minutes=1))

    with pytest.raises(Refused, match="reason_missing"):
        tick(skip="1", reason=" ")
    tick(skip="1", reason="财务已收走")
    assert listed(store, clock, receptionist, CLOSING)["money"].reason == "财务已收走"
    tick()
    assert listed(store, clock, receptionist, CLOSING)["money"].state == "done"
    for part, item in [(OPENING, "money"), ("x", "money"), (CLOSING, "x")]:
        with pytest.raises(Refused, match="check_unknown"):
            day_checks.tick(store, part=part, item=item, by=receptionist, now=clock())
    with pytest.raises(Refused, match="choice_unknown"):
        listed(store, clock, receptionist, "x")
    for sql in ("UPDATE day_checks SET state = 'done'", "DELETE FROM day_checks"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            store.execute(sql)


def test_the_self_test_ticks_itself(store: Store, clock: Clock, receptionist: Actor) -> None:
    assert not listed(store, clock, receptionist)["self-test"].state
    with pytest.raises(Refused, match="ticks_itself"):
        day_checks.tick(store, part=OPENING, item="self-test", by=receptionist, now=clock())
    day_checks.tick(store, part=OPENING, item="self-test", skip="1", reason="打印机送修", by=receptionist, now=clock())
    assert listed(store, clock, receptionist)["self-test"].state == "skipped"
    head = actor(store, Role.SERVICE_HEAD)
    self_tests.run(store, nonce="t", desk_clock="1", by=head, now=clock.forward(minutes=1))
    check = listed(store, clock, receptionist)["self-test"]
    assert (check.state, check.by_name, check.bad) == ("done", head.name, 1), "the clocks stand apart"
    today = closing.today(store, now=clock())
    clock.forward(days=1)
    assert [(one.item, one.state) for one in day_checks.of_day(store, today)] == [("self-test", "done")]
    assert not listed(store, clock, receptionist)["self-test"].state


def test_what_stands_open_is_counted_and_forbids_nothing(store: Store, clock: Clock, receptionist: Actor) -> None:
    visits.check_in(store, line="general", nonce="n", by=KIOSK, now=clock())
    check = listed(store, clock, receptionist, CLOSING)["nobody-waits"]
    assert check.bad == 1
    day_checks.tick(store, part=CLOSING, item="nobody-waits", by=receptionist, now=clock())
    assert listed(store, clock, receptionist, CLOSING)["nobody-waits"].found == 1, "it is kept what he saw"
    today = closing.today(store, now=clock())
    facts = closing.close_day(store, day=today, by=BOX, now=clock())
    assert facts["checks"]["closing"] == {"done": 1, "skipped": 0, "open": 6}
    assert facts["checks"]["opening"]["open"] == 6


def test_what_is_kept_counts_nothing_that_others_may_not_know(store: Store, clock: Clock) -> None:
    head = actor(store, Role.SERVICE_HEAD)
    visits.check_in(store, line="heard-by-head", nonce="n", by=KIOSK, now=clock())
    assert listed(store, clock, head, CLOSING)["nobody-waits"].bad == 1
    day_checks.tick(store, part=CLOSING, item="nobody-waits", by=head, now=clock())
    assert listed(store, clock, head, CLOSING)["nobody-waits"].found == 0


def test_the_strip_goes_once_all_is_seen_to_or_the_day_is_closed(
    store: Store, clock: Clock, receptionist: Actor
) -> None:
    assert day_checks.still_open(store, OPENING, now=clock()) == 6
    self_tests.run(store, nonce="t", by=receptionist, now=clock())
    for item in listed(store, clock, receptionist):
        if item != "self-test":
            day_checks.tick(store, part=OPENING, item=item, by=receptionist, now=clock())
    assert day_checks.still_open(store, OPENING, now=clock()) == 0
    clock.forward(days=1)
    assert day_checks.still_open(store, OPENING, now=clock()) == 6
    closing.close_day(store, day=closing.today(store, now=clock()), by=BOX, now=clock())
    assert day_checks.still_open(store, OPENING, now=clock()) == 0


def test_the_centre_keeps_the_lists_and_what_was_ticked_keeps_its_words(
    store: Store, clock: Clock, receptionist: Actor
) -> None:
    admin, table = actor(store, Role.ADMINISTRATOR), TABLES["check_items"]
    day_checks.tick(store, part=OPENING, item="comfort", by=receptionist, now=clock())
    row = {"name": "茶水", "name_en": "Tea", "active": "1"}
    tables.save(store, table=table, key="comfort", values=row, by=admin, now=clock())
    new = {**row, "code": "umbrellas", "part": CLOSING, "measure": "papers", "position": "9"}
    tables.save(store, table=table, key="", values=new, by=admin, now=clock())
    assert listed(store, clock, receptionist, CLOSING)["umbrellas"].measure == "papers"
    today = closing.today(store, now=clock())
    assert [check.name.zh for check in day_checks.of_day(store, today)] == ["饮水、座位、老花镜就绪"]
    with pytest.raises(Refused, match="choice_unknown"):
        tables.save(store, table=table, key="umbrellas", values={"measure": "x"}, by=admin, now=clock())


@pytest.mark.parametrize("measure", check_measures.MEASURES)
def test_every_measure_counts(store: Store, clock: Clock, receptionist: Actor, measure: str) -> None:
    log_notes.write(
        store, nonce="n", kind="handover", text="钥匙", by=actor(store, Role.ASSISTANT), now=clock.forward(minutes=1)
    )
    # In a fresh centre without any print worker: one printer in trouble, one note unread.
    expected = {"printers": 1, "handovers": 1}.get(measure, 0)
    assert check_measures.count(store, measure, by=receptionist, now=clock()) == expected
