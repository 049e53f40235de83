"""Tours: registered with their tasks, approved outside the hours, gated, moved, called off; their races."""

import shutil
import sqlite3
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from db.migrations import migrate
from db.store import Store, open_store, writing
from reception import (
    SCHEMA,
    checklists,
    feedback,
    rooms,
    settings,
    site,
    tables,
    tellings,
    tour_facts,
    tour_lists,
    tour_steps,
    tours,
)
from reception.permissions import Actor, Role
from reception.procedure_tables import ITEMS
from reception.refusal import Refused
from reception.rules import clock as clocks
from tests.conftest import Clock, actor
from tests.reception.tour_life import Tours


@pytest.fixture
def made(store: Store, clock: Clock) -> Tours:
    site.configure(store, hours_work="08:30-12:00,13:30-17:30", hours_rest="")
    return Tours(store, clock)


def told(store: Store, what: str) -> set[str]:
    rows = store.rows("SELECT staff.login FROM tellings JOIN staff ON staff.id = staff_id WHERE what = ?", [what])
    return {row["login"] for row in rows}


def due(made: Tours, case_id: int) -> dict[str, int]:
    """Return the minutes from the start to when each task is due."""
    (start,) = made.store.row("SELECT starts_at FROM tours WHERE case_id = ?", [case_id]) or ("",)
    at = clocks.from_text(start)
    return {
        task.words.zh: round((clocks.from_text(task.due_at) - at) / timedelta(minutes=1))
        for task in checklists.of_case(made.store, case_id)
        if task.due_at
    }


def test_the_first_level_has_the_lead_times_of_the_procedures(made: Tours) -> None:
    case = made.register()
    found = due(made, case.id)
    assert case.no.startswith("CG20261123-") and case.state == "received"
    assert found["开启空调"] == -120 and found["会同项目管理层巡查参观路线（迎宾水牌、地毯、卫生）"] == -60
    assert found["开设手动专梯，在电梯旁迎候"] == -30 and found["客服人员全部到岗，大门口迎候"] == -15
    assert found["经理召集各部门主管布置工作细则和注意事项"] == -1440 and found["准备会议所用植物"] == -720
    # What is undone afterwards is due from the end.
    assert found["清理清洁现场"] == 90 + 60
    assert {task.words.zh for task in made.tasks(case, "check")} == {
        "逃生通道畅通", "灭火器材到位", "应急指示灯正常工作", "电梯正常工作",
    }  # fmt: skip
    departments = {task.department for task in made.tasks(case)}
    # Nobody has a department of greening: what is its falls to whoever holds the case.
    assert departments == {"service", "maintenance", "security", "cleaning", None}


@pytest.mark.parametrize("level", ["1", "2", "3", "4"])
def test_each_level_has_its_tasks(made: Tours, level: str) -> None:
    case = made.register(level=level)
    words = {task.words.zh for task in made.tasks(case)}
    assert ("经理召集各部门主管布置工作细则和注意事项" in words) == (level == "1")
    assert ("拟定电梯等公共设备突发故障应急预案" in words) == (level in "12")
    assert len(made.tasks(case, "check")) == 4 and made.tasks(case, "restore")


def test_departments_with_a_task_are_told_and_see_that_they_have(made: Tours, store: Store) -> None:
    case = made.register()
    assert told(store, "tour_told") == {"chenjing", "zhaoqiang", "sunlei"}
    them = actor(store, Role.DEPARTMENT_HEAD)
    (one,) = tellings.mine(store, by=them)
    assert one.page == f"/tours/{case.no}/plan"
    assert tour_lists.find(store, case.no, by=them).name == "欧阳*"
    assert [row.case.no for row in tour_lists.listed(store, show="coming", by=them, now=made.clock())] == [case.no]
    with pytest.raises(Refused, match="case_unknown"):
        other = Actor(Role.DEPARTMENT_HEAD, them.id, them.name, "management")
        tour_lists.find(store, case.no, by=other)


def test_the_gate_knows_the_plates_and_nobody_else(made: Tours, store: Store) -> None:
    case = made.register()
    for who, plates in ((made.desk, "沪A12345 沪B88888"), (made.head, "沪A***** 沪B*****")):
        seen = tour_lists.find(store, case.no, by=who)
        assert tour_facts.details(store, seen, plates=tour_lists.knows_plates(who)).plates == plates
        assert ("张会长" in tour_facts.details(store, seen).guests) == (who is made.desk)
    guard = Actor(Role.DEPARTMENT_HEAD, made.head.id, "", "security")
    assert tour_lists.listed(store, show="coming", by=guard, now=made.clock())[0].found.plates.startswith("沪A12345")


def test_who_keeps_the_gate_has_the_plates_of_today_on_his_phone(made: Tours, store: Store) -> None:
    made.register()
    here = made.register(way="ad_hoc", day="2026-11-23", from_="10:20", to="11:30")
    row = store.row("SELECT id, name FROM staff WHERE login = 'wuhao'")
    assert row is not None
    guard = Actor(Role.WORKER, row["id"], row["name"], "security")
    (one,) = tour_lists.at_gate(store, by=guard, now=made.clock())
    assert one.case.no == here.no and one.found.plates == "沪A12345 沪B88888" and one.case.name == "欧阳*"
    other = Actor(Role.WORKER, row["id"], row["name"], "maintenance")
    assert tour_lists.at_gate(store, by=other, now=made.clock()) == []
    tours.cancel(store, no=here.no, reason="对方改期", channel="phone", **made.also)
    assert tour_lists.at_gate(store, by=guard, now=made.clock()) == []


def test_outside_the_opening_hours_only_the_manager_lets_it_go_on(made: Tours, store: Store) -> None:
    inside = made.register()
    with pytest.raises(Refused, match="tour_needs_no_approval"):
        tours.approve(store, no=inside.no, reason="x", **made.by(made.manager))
    case = made.register(from_="11:30", to="14:00")
    assert told(store, "tour_asked") == {"zhouming"}
    made.tick(case, "prepare")
    with pytest.raises(Refused, match="tour_not_approved"):
        tour_steps.prepare(store, no=case.no, **made.also)
    for who in (made.desk, made.head):
        with pytest.raises(Refused, match="not_permitted"):
            tours.approve(store, no=case.no, reason="x", **made.by(who))
    with pytest.raises(Refused, match="reason_missing"):
        tours.approve(store, no=case.no, reason=" ", **made.by(made.manager))
    assert [one.case.no for one in tour_lists.waiting(store, by=made.manager)] == [case.no]
    tours.approve(store, no=case.no, reason="对方只有午间有空", **made.by(made.manager))
    with pytest.raises(Refused, match="tour_needs_no_approval"):
        tours.approve(store, no=case.no, reason="再来", **made.by(made.manager))
    assert told(store, "tour_approved") == {"wanglin"} and tour_lists.waiting(store, by=made.manager) == []
    assert tour_steps.prepare(store, no=case.no, **made.also).state == "prepared"


def test_the_store_itself_asks_for_the_manager(made: Tours, store: Store) -> None:
    case = made.register(from_="18:00", to="19:00")
    made.tick(case, "prepare")
    with pytest.raises(sqlite3.IntegrityError, match="has not approved"), writing(store):
        store.execute("UPDATE cases SET state = 'prepared' WHERE id = ?", [case.id])


def test_the_whole_way_each_step_by_what_it_asks_for(made: Tours, store: Store) -> None:
    case = made.register()
    for gate, step, state in (
        ("prepare", tour_steps.prepare, "prepared"),
        ("check", tour_steps.check, "checked"),
        ("start", tour_steps.start, "in_progress"),
        ("restore", tour_steps.restore, "restored"),
    ):
        if gate == "start":
            made.tick(case, "start")
            with pytest.raises(Refused, match="tour_other_day"):
                tour_steps.start(store, no=case.no, **made.also)
            checklists.untick(store, no=case.no, item=str(made.tasks(case, "start")[0].id), **made.by(made.head))
            made.on_its_day()
        else:
            made.tick(case, gate, but=1)
        with pytest.raises(Refused, match="items_missing"):
            step(store, no=case.no, **made.also)
        made.tick(case, gate)
        assert step(store, no=case.no, **made.also).state == state
    with pytest.raises(Refused, match="tour_review_missing"):
        tour_steps.review(store, no=case.no, well=" ", **made.also)
    assert tour_steps.review(store, no=case.no, well="引导有序", better="空调晚了", **made.also).state == "reviewed"
    with pytest.raises(Refused, match="channel_unknown"):
        tour_steps.file(store, no=case.no, channel="x", **made.also)
    filed = tour_steps.file(store, no=case.no, channel="phone", **made.also)
    assert filed.state == "filed" and filed.closed_at and feedback.of_case(store, case.id)[-1].about == "result"


@pytest.mark.parametrize(
    ("state", "since", "said"),
    [
        ("prepared", "received", "required item"),
        ("checked", "prepared", "required item|four safety checks"),
        ("in_progress", "checked", "required item"),
        ("restored", "started", "required item"),
        ("in_progress", "prepared", "does not stand so"),
        ("reviewed", "started", "does not stand so"),
        ("cancelled", "received", "does not stand so"),
        ("filed", "received", "does not stand so"),
    ],
)
def test_no_state_without_what_it_asks_for(made: Tours, store: Store, state: str, since: str, said: str) -> None:
    case = made.register() if since == "received" else getattr(made, since)()
    if "stand" in said:
        made.tick(case)
    with pytest.raises(sqlite3.IntegrityError, match=said), writing(store):
        if state in ("filed", "cancelled"):
            feedback.tell(store, case, about="result", channel="phone", text="x", by=made.desk, at=made.clock())
        store.execute("UPDATE cases SET state = ? WHERE id = ?", [state, case.id])


def test_a_safety_check_is_never_let_go_and_one_taken_back_stops_the_start(made: Tours, store: Store) -> None:
    case = made.prepared()
    (first, *_) = made.tasks(case, "check")
    with pytest.raises(Refused, match="item_never_waived"):
        checklists.waive(store, no=case.no, item=str(first.id), reason="没有电梯", **made.by(made.manager))
    with pytest.raises(sqlite3.IntegrityError, match="not let go"), writing(store):
        store.execute(
            "UPDATE case_items SET state = 'waived', note = 'x', at = ?, by_id = 1 WHERE id = ?",
            [clocks.to_text(made.clock()), first.id],
        )
    made.tick(case, "check")
    tour_steps.check(store, no=case.no, **made.also)
    checklists.untick(store, no=case.no, item=str(first.id), **made.by(made.head))
    made.on_its_day()
    made.tick(case, "start")
    with pytest.raises(Refused, match="items_missing"):
        tour_steps.start(store, no=case.no, **made.also)


def test_the_store_counts_the_four_checks(made: Tours, store: Store) -> None:
    """Also of a case whose list had none of them, however it came about."""
    case = made.prepared()
    with writing(store):
        store.execute("DROP TRIGGER case_items_keep")
        store.execute("UPDATE case_items SET gate = 'start' WHERE case_id = ? AND gate = 'check'", [case.id])
    with pytest.raises(sqlite3.IntegrityError, match="four safety checks"), writing(store):
        store.execute("UPDATE cases SET state = 'checked' WHERE id = ?", [case.id])


def test_without_the_four_checks_in_the_lists_no_tour_begins(made: Tours, store: Store) -> None:
    row = next(one for one in tables.rows(store, ITEMS) if one["text"] == "电梯正常工作")
    values = {name: "" if value is None else str(int(value) if value is True else value) for name, value in row.items()}
    values |= {"active": "", "required": "1"}
    tables.save(store, table=ITEMS, key=str(row["id"]), values=values, **made.by(actor(store, Role.ADMINISTRATOR)))
    with pytest.raises(Refused, match="tour_checks_missing"):
        made.register()


def test_another_time_moves_everything_and_what_was_checked_is_checked_anew(made: Tours, store: Store) -> None:
    case = made.checked()
    before = {task.words.zh: task.due_at for task in made.tasks(case, "start")}
    moved = made.change(case, day="2026-11-26", from_="16:30", to="18:00")
    assert moved.state == "received" and tour_facts.details(store, moved).waits
    assert {task.state for task in made.tasks(case, "prepare") if task.required} == {"done"}
    assert {task.state for task in made.tasks(case, "check")} == {"open"}
    for task in made.tasks(case, "start"):
        assert task.due_at and clocks.from_text(task.due_at) - clocks.from_text(before[task.words.zh] or "") == (
            timedelta(days=1, hours=7)
        )
    assert told(store, "tour_changed") == {"chenjing", "zhaoqiang", "sunlei"}
    tours.approve(store, no=case.no, reason="来宾航班", **made.by(made.manager))
    again = made.change(case, day="2026-11-26", from_="17:00", to="18:00")
    assert tour_facts.details(store, again).waits, "the approval was of the time before"


def test_what_is_agreed_anew_without_another_time_keeps_its_state(made: Tours, store: Store) -> None:
    case = made.checked()
    stale = tours.stamp(store, case)
    changed = made.change(case, people="15", plates="沪C1")
    assert changed.state == "checked" and tour_facts.details(store, changed).people == 15
    assert {task.state for task in made.tasks(case, "check")} == {"done"}
    with pytest.raises(Refused, match="nothing_changed"):
        made.change(case, people="15", plates="沪C1")
    with pytest.raises(Refused, match="changed_meanwhile"):
        made.change(case, people="16", was=stale)


def test_called_off_the_contact_and_the_departments_know_and_the_room_is_free(made: Tours, store: Store) -> None:
    case = made.register(room="meeting")
    held = tour_facts.room_of(store, case.id)
    assert held is not None and rooms.find(store, held, by=made.desk).purpose == f"参观接待 {case.no}"
    with pytest.raises(Refused, match="room_taken"):
        made.register(room="meeting")
    moved = made.change(case, from_="14:00", to="15:10")
    other = tour_facts.room_of(store, case.id)
    assert other is not None and other != held
    assert [rooms.find(store, one, by=made.desk).state for one in (held, other)] == ["cancelled", "booked"]
    for field, code in (("reason", "reason_missing"), ("channel", "channel_unknown")):
        said: dict[str, Any] = {"reason": "对方改期", "channel": "phone", field: " "}
        with pytest.raises(Refused, match=code):
            tours.cancel(store, no=case.no, **said, **made.also)
    # Whoever calls it off need not have booked the room.
    done = tours.cancel(store, no=moved.no, reason="对方改期", channel="phone", **made.by(made.head))
    assert done.state == "cancelled" and rooms.find(store, other, by=made.desk).state == "cancelled"
    assert "对方改期" in feedback.of_case(store, case.id)[-1].text
    assert told(store, "tour_cancelled") == {"zhaoqiang", "sunlei"}
    assert checklists.waiting(store, by=made.head, now=made.clock()) == []
    with pytest.raises(Refused, match="step_not_now"):
        tour_steps.prepare(store, no=case.no, **made.also)


def test_agreed_anew_in_another_room_or_in_none(made: Tours, store: Store) -> None:
    case = made.register()

    def rooms_of() -> list[tuple[str, str]]:
        return [(row["room"], row["state"]) for row in store.rows("SELECT * FROM room_bookings ORDER BY id")]

    changed = made.change(case, room="meeting")
    assert changed.state == case.state and tour_facts.details(store, case).room_code == "meeting"
    with pytest.raises(Refused, match="nothing_changed"):
        made.change(case, room="meeting")
    with pytest.raises(Refused, match="room_unknown"):
        made.change(case, room="x", people="14")
    assert rooms_of() == [("meeting", "booked")] and tour_facts.details(store, case).people != 14
    other = store.value("SELECT code FROM rooms WHERE code <> 'meeting' ORDER BY code")
    made.change(case, room=other, day="2026-11-26")
    assert rooms_of() == [("meeting", "cancelled"), (other, "booked")]
    made.change(case, room="", day="2026-11-26")
    assert rooms_of() == [("meeting", "cancelled"), (other, "cancelled")]
    assert tour_facts.room_of(store, case.id) is None and {"zhaoqiang", "sunlei"} < told(store, "tour_changed")
    made.change(case, room="meeting", day="2026-11-26", by=made.manager)
    assert rooms_of()[-1] == ("meeting", "booked")


def test_one_that_is_under_way_is_neither_moved_nor_called_off(made: Tours, store: Store) -> None:
    case = made.started()
    with pytest.raises(Refused, match="step_not_now"):
        tours.cancel(store, no=case.no, reason="x", channel="phone", **made.also)
    with pytest.raises(Refused, match="step_not_now"):
        made.change(case, people="20", day="2026-11-26")


def test_who_comes_unannounced_waits_for_the_checks_alone(made: Tours, store: Store) -> None:
    case = made.register(way="ad_hoc", day="2026-11-23", from_="10:20", to="11:30")
    assert not made.tasks(case, "prepare") and not [task for task in made.tasks(case, "start") if task.required]
    tour_steps.prepare(store, no=case.no, **made.also)
    with pytest.raises(Refused, match="items_missing"):
        tour_steps.check(store, no=case.no, **made.also)
    made.tick(case, "check")
    tour_steps.check(store, no=case.no, **made.also)
    assert tour_steps.start(store, no=case.no, **made.also).state == "in_progress"


def test_a_nonce_is_one_tour(made: Tours, store: Store) -> None:
    assert made.register(nonce="same", room="meeting").id == made.register(nonce="same", room="meeting").id
    with pytest.raises(Refused, match="nonce_reused"):
        made.register(nonce="same", people="13")


@pytest.mark.parametrize("what", ["start", "approve"])
def test_two_at_once_do_it_once(made: Tours, store: Store, what: str) -> None:
    if what == "start":
        case = made.checked()
        made.on_its_day()
        made.tick(case, "start")
    else:
        case = made.register(from_="18:00", to="19:00")
    came: list[str] = []
    gate = threading.Barrier(2)

    def press() -> None:
        mine = open_store(store.path)
        gate.wait()
        try:
            if what == "start":
                tour_steps.start(mine, no=case.no, **made.also)
            else:
                tours.approve(mine, no=case.no, reason="可以", **made.by(made.manager))
            came.append("done")
        except Refused as refused:
            came.append(refused.code)
        mine.close()

    both = [threading.Thread(target=press) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    refused = "step_not_now" if what == "start" else "tour_needs_no_approval"
    assert sorted(came) == sorted(["done", refused])
    assert store.value("SELECT count(*) FROM events WHERE what = ?", [f"{what}_tour"]) == 1


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("organisation", " ", "organisation_missing"),
        ("name", "", "name_missing"),
        ("phone", "12", "phone_invalid"),
        ("level", "5", "tour_level_unknown"),
        ("level", "", "tour_level_unknown"),
        ("way", "x", "tour_way_unknown"),
        ("day", "2026-11-22", "tour_past"),
        ("day", "2028-01-01", "tour_too_far"),
        ("day", "9999-99-99", "date_invalid"),
        ("from_", "25:00", "tour_time_invalid"),
        ("to", "09:30", "tour_times_reversed"),
        ("people", "0", "tour_people_invalid"),
        ("people", "1000", "tour_people_invalid"),
        ("people", "九", "tour_people_invalid"),
        ("places", "", "tour_places_missing"),
        ("guests", "甲" * 25, "tour_guests_too_many"),
        ("guests", "甲\n" * 31, "tour_guests_too_many"),
        ("plates", "x" * 201, "text_too_long"),
        ("needs", "a\x00", "text_invalid"),
        ("room", "x", "room_unknown"),
    ],
)
def test_what_is_typed_amiss_leaves_nothing(made: Tours, store: Store, field: str, value: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        made.register(**{field: value})
    assert code in (refused.value.code, *refused.value.also)
    assert not store.value("SELECT count(*) FROM cases WHERE kind = 'tour'")
    assert not store.value("SELECT count(*) FROM tellings") and not store.value("SELECT count(*) FROM room_bookings")


def test_the_upgrade_keeps_the_lists_of_a_centre_and_gives_each_department_its_part(tmp_path: Path) -> None:
    before = tmp_path / "before"
    before.mkdir()
    for file in SCHEMA.glob("*.sql"):
        if file.stem < "0072":
            shutil.copy(file, before)
    path = tmp_path / "lobbydesk.db"
    migrate(path, [before])
    store = open_store(path)
    for code in ("service", "security"):
        store.execute("INSERT INTO departments (code, name, name_en) VALUES (?, ?, ?)", [code, code, code])
    store.execute(
        "INSERT INTO procedure_items (id, template, section, text, text_en, gate, department, offset_minutes, active)"
        " VALUES (900, 'lease', 'tasks', '收回门禁卡', 'Cards back', 'start', 'service', -60, 0)"
    )
    kept = [tuple(row) for row in store.rows("SELECT * FROM procedure_items ORDER BY id")]
    store.close()
    migrate(path, [SCHEMA])
    store = open_store(path)
    after = [
        tuple(row)
        for row in store.rows(
            "SELECT * FROM procedure_items WHERE template <> 'tour' AND template NOT LIKE 'bring-%' ORDER BY id"
        )
    ]
    assert after == kept and store.rows("PRAGMA foreign_key_check") == []
    found = {row[0] for row in store.rows("SELECT DISTINCT department FROM procedure_items WHERE template = 'tour'")}
    assert found == {"service", "security", None}
    store.close()


@pytest.mark.parametrize(("time", "hours"), [(("17:00", "18:30"), "08:00-19:00"), (("09:30", "11:00"), "10:00-17:30")])
def test_other_opening_hours_change_nothing_of_a_time_that_was_agreed(
    made: Tours, store: Store, time: tuple[str, str], hours: str
) -> None:
    when = dict(zip(("from_", "to"), time, strict=True))
    case = made.register(**when)
    if tour_facts.details(store, case).outside:
        tours.approve(store, no=case.no, reason="来宾航班", **made.by(made.manager))
    settings.change(store, values={"hours_work": hours}, **made.by(made.manager))
    assert not tour_facts.details(store, made.change(case, **when, people="14")).waits


def test_one_that_nobody_ended_stays_in_the_list(made: Tours, store: Store, clock: Clock) -> None:
    case = made.started()
    clock.forward(days=1)
    for show, there in (("today", [case.no]), ("past", [])):
        assert [one.case.no for one in tour_lists.listed(store, show=show, **made.also)] == there
