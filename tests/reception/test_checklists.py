"""The items of any case: ticked, let go by a head; with a time; of a department; the lists they come from."""

import sqlite3
import threading
from datetime import timedelta

import pytest

from db.store import Store, open_store, writing
from reception import checklists, procedures, tables
from reception.permissions import Role
from reception.procedure_tables import ITEMS, LISTS, VARIANTS
from reception.refusal import Refused
from reception.rules import clock as clocks
from tests.conftest import Clock, actor
from tests.reception.procedure_life import Procedures, Toured, words


@pytest.fixture
def made(store: Store, clock: Clock) -> Procedures:
    return Procedures(store, clock)


def test_only_a_head_lets_something_go_and_says_why(store: Store, made: Procedures) -> None:
    case = made.begin()
    item = str(made.tasks(case)[0].id)
    with pytest.raises(Refused, match="not_permitted"):
        checklists.waive(store, no=case.no, item=item, reason="急", **made.also)
    with pytest.raises(Refused, match="reason_missing"):
        checklists.waive(store, no=case.no, item=item, reason=" ", **made.by(made.head))
    checklists.waive(store, no=case.no, item=item, reason="身份证补办中，已核户口簿", **made.by(made.head))
    with pytest.raises(Refused, match="changed_meanwhile"):
        checklists.waive(store, no=case.no, item=item, reason="再来", **made.by(made.head))
    with pytest.raises(Refused, match="not_permitted"):
        checklists.untick(store, no=case.no, item=item, **made.also)
    made.tick_all(case)
    assert procedures.finish(store, no=case.no, channel="face", handover_on="2026-11-23", **made.also).state == "done"
    assert made.tasks(case)[0].state == "waived" and made.tasks(case)[0].by_name == made.head.name


def test_a_running_one_keeps_the_items_it_began_with(store: Store, made: Procedures) -> None:
    case = made.begin()
    before = made.tasks(case)
    admin = made.by(actor(store, Role.ADMINISTRATOR))
    row = {"template": "move-in", "section": "documents", "text": "户口簿", "required": "1", "gate": "close"}
    tables.save(store, table=ITEMS, key="", values={**row, "active": "1", "position": "1"}, **admin)
    assert made.tasks(case) == before
    assert "户口簿" in words(made.tasks(made.begin(unit="1-1-101")), "documents")
    with pytest.raises(sqlite3.IntegrityError, match="keeps the items"), writing(store):
        store.execute("UPDATE case_items SET text = 'x' WHERE id = ?", [before[0].id])
    with pytest.raises(sqlite3.IntegrityError, match="keeps the items"), writing(store):
        store.execute("DELETE FROM case_items")


def test_two_who_let_go_and_tick_at_once_do_not_both(store: Store, made: Procedures) -> None:
    """The update asks that the item is still open: one of two wins, and what he wrote stands."""
    case = made.begin()
    item = str(made.tasks(case)[0].id)
    came: list[str] = []
    gate = threading.Barrier(2)

    def press(reason: str) -> None:
        mine = open_store(store.path)
        gate.wait()
        try:
            checklists.waive(mine, no=case.no, item=item, reason=reason, **made.by(made.head))
            came.append(reason)
        except Refused as refused:
            came.append(refused.code)
        mine.close()

    both = [threading.Thread(target=press, args=(reason,)) for reason in ("甲", "乙")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert came.count("changed_meanwhile") == 1
    assert made.tasks(case)[0].note in came
    assert store.value("SELECT count(*) FROM events WHERE what = 'waive_item'") == 1


def test_timed_items_are_due_before_the_agreed_time_and_move_with_it(store: Store, clock: Clock) -> None:
    made = Toured(store, clock)
    case, agreed = made.open()
    due = {task.words.zh: task.due_at for task in made.tasks(case)}
    assert due["开启空调"] == clocks.to_text(agreed - timedelta(hours=2))
    assert due["前一天准备"] == clocks.to_text(agreed - timedelta(days=1))
    with writing(store):
        checklists.move_anchor(store, case.id, agreed + timedelta(hours=1))
    assert made.tasks(case)[0].due_at == clocks.to_text(agreed - timedelta(hours=1))


def test_each_department_sees_and_ticks_its_own(store: Store, clock: Clock) -> None:
    made = Toured(store, clock)
    case, _agreed = made.open()
    them = actor(store, Role.DEPARTMENT_HEAD)
    assert them.department == "maintenance" != made.desk.department
    theirs = checklists.waiting(store, **made.by(them))
    assert [one.task.words.zh for one in theirs] == ["开启空调", "检查逃生通道"]
    assert not any(one.within_reach for one in theirs), "the case itself is not theirs"
    assert [one.task.words.zh for one in checklists.waiting(store, **made.also)] == ["前一天准备", "客服人员到岗"]
    assert len(checklists.waiting(store, **made.by(made.head))) == 4
    with pytest.raises(Refused, match="item_not_yours"):
        checklists.tick(store, no=case.no, items=[str(theirs[0].task.id)], **made.also)
    with pytest.raises(Refused, match="item_not_yours"):
        mine = checklists.waiting(store, **made.also)[0].task.id
        checklists.tick(store, no=case.no, items=[str(mine)], **made.by(them))
    with pytest.raises(Refused, match="items_missing"):
        checklists.ask(store, case.id, "start")
    checklists.tick(store, no=case.no, items=[str(one.task.id) for one in theirs], **made.by(them))
    checklists.ask(store, case.id, "start")
    with pytest.raises(Refused, match="items_missing"):
        checklists.ask(store, case.id, "close")
    assert checklists.waiting(store, **made.by(them)) == []


def test_an_item_of_no_department_is_of_whoever_sees_the_case(store: Store, clock: Clock) -> None:
    """Another department that has one item of its own in the case does not tick, take back or let go the rest."""
    made = Toured(store, clock)
    case, _agreed = made.open()
    them = actor(store, Role.DEPARTMENT_HEAD)
    (item,) = [str(task.id) for task in made.tasks(case) if task.department is None]
    for act, more in ((checklists.tick, {"items": [item]}), (checklists.waive, {"item": item, "reason": "x"})):
        with pytest.raises(Refused, match="item_not_yours"):
            act(store, no=case.no, **more, **made.by(them))
    checklists.tick(store, no=case.no, items=[item], **made.also)
    with pytest.raises(Refused, match="item_not_yours"):
        checklists.untick(store, no=case.no, item=item, **made.by(them))


def test_late_is_what_was_due_before_now(store: Store, clock: Clock) -> None:
    made = Toured(store, clock)
    made.open()
    clock.forward(hours=23, minutes=30)
    late = {one.task.words.zh: one.late for one in checklists.waiting(store, **made.by(made.head))}
    assert late == {"前一天准备": True, "开启空调": True, "检查逃生通道": True, "客服人员到岗": False}


@pytest.mark.parametrize("text", ["x", "--5", "-", "99999", "1.5", "-43201", "９"])
def test_an_offset_is_whole_minutes(store: Store, made: Procedures, text: str) -> None:
    values = {"template": "move-in", "section": "tasks", "text": "x", "gate": "close", "offset_minutes": text}
    with pytest.raises(Refused, match="number_invalid"):
        tables.save(store, table=ITEMS, key="", values=values, **made.by(actor(store, Role.ADMINISTRATOR)))


def test_the_lists_keep_to_themselves(store: Store, made: Procedures) -> None:
    admin = made.by(actor(store, Role.ADMINISTRATOR))
    values = {"template": "lease", "variant": "move-in-agent", "section": "tasks", "text": "x", "gate": "close"}
    with pytest.raises(Refused, match="variant_of_another"):
        tables.save(store, table=ITEMS, key="", values=values, **admin)
    with pytest.raises(Refused, match="row_in_use"):
        tables.save(store, table=VARIANTS, key="move-in-agent", values={"template": "lease"}, **admin)
    assert [table.code for table in LISTS] == ["procedure_templates", "procedure_variants", "procedure_items"]
    assert tables.rows(store, ITEMS, limit=-1)
