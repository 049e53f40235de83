"""Homes at hand-over: item by item, meters read, defects to the developer, checked, shown again, signed for."""

import sqlite3
from typing import Any

import pytest

from db.store import Store, writing
from reception import (
    acceptance,
    case_clocks,
    case_links,
    case_views,
    cases,
    checklists,
    due,
    feedback,
    inspection_defects,
    inspection_ends,
    inspection_facts,
    inspection_lists,
    inspections,
    liability,
    procedures,
    repair_facts,
    repairs,
    tellings,
    without_consent,
)
from reception.permissions import Role
from reception.refusal import Refused
from tests.conftest import Clock, actor
from tests.reception.inspected import HOME, Inspected


@pytest.fixture
def made(store: Store, clock: Clock) -> Inspected:
    return Inspected(store, clock)


def count(store: Store, table: str) -> int:
    found: int = store.value(f"SELECT count(*) FROM {table}")  # noqa: S608
    return found


def told(store: Store, made: Inspected) -> list[str]:
    return [one.what for one in tellings.mine(store, by=made.leader)]


def test_from_the_agreed_time_to_the_signature(store: Store, made: Inspected) -> None:
    """为业主办理入住服务规程 ⑤, L106: the whole way, with two defects, a check of each, a second acceptance."""
    case = made.open()
    assert case.no.startswith("YS") and case.state == "appointed" and case.department == "maintenance"
    assert told(store, made) == ["inspection_agreed"]
    items = [task.words.zh for task in checklists.of_case(store, case.id)]
    assert items[:3] == ["墙面、地面、顶棚", "门窗、锁具、玻璃", "给水、排水、地漏"] and len(items) == 10
    with pytest.raises(Refused, match="items_missing"):
        made.inspect(case)
    made.tick(case)
    with pytest.raises(Refused, match="inspection_meters_missing"):
        made.inspect(case)
    made.read(case)
    first, second = made.defect(case), made.defect(case, place="主卧", content="窗关不严", category="door")
    assert made.inspect(case).state == "rectifying" and not told(store, made)
    made.repair(first)
    with pytest.raises(Refused, match="inspection_defects_open"):
        inspections.pass_check(store, no=case.no, **made.by(made.leader))
    made.repair(second, check=False)
    with pytest.raises(Refused, match="inspection_defects_open"):
        inspections.pass_check(store, no=case.no, **made.by(made.leader))
    inspection_defects.check(store, no=case.no, defect=str(second.id), **made.by(made.leader))
    assert [one.rechecker for one in made.details(case).defects] == [made.leader.name] * 2
    assert inspections.pass_check(store, no=case.no, **made.by(made.leader)).state == "rechecked"
    assert [one.what for one in tellings.mine(store, by=made.desk)] == ["inspection_passed"]
    with pytest.raises(Refused, match="inspection_time_missing"):
        inspections.reappoint(store, no=case.no, agreed_at=" ", channel="phone", **made.by())
    again = inspections.reappoint(store, no=case.no, agreed_at="后天 15:00", channel="phone", **made.by())
    assert again.state == "reappointed" and told(store, made) == ["inspection_agreed"]
    assert "2026-11-25 15:00" in feedback.of_case(store, case.id)[-1].text
    for signed, code in (("", "inspection_unsigned"), ("1", "channel_unknown")):
        with pytest.raises(Refused, match=code):
            made.accept(case, signed=signed, channel="x")
    over = made.accept(case)
    assert over.state == "accepted" and over.closed_at and not told(store, made)
    assert feedback.answered(store, over)
    # The owner signed the work orders with the form: their repairs are signed, told and filed with it.
    ended = [(one.repair_state, one.passed) for one in made.details(case).defects]
    assert ended == [("closed", True)] * 2
    assert store.value("SELECT count(*) FROM work_orders WHERE signed_how = 'paper' AND state = 'done'") == 2


def test_a_home_without_defects_is_signed_for_at_once(made: Inspected) -> None:
    case = made.inspected()
    assert case.state == "inspected"
    assert made.accept(case).state == "accepted"


def test_a_second_look_that_finds_something_begins_again(store: Store, made: Inspected, clock: Clock) -> None:
    case = made.reappointed()
    (rectify,) = [one for one in case_clocks.of_case(store, case.id, now=clock()) if one.code == "inspection_rectify"]
    assert rectify.stopped_at
    defect = made.defect(case, content="墙角渗水", category="wall")
    assert made.state(case) == "rectifying" and defect.open
    clocks = {(one.code, one.stopped_at is None) for one in case_clocks.of_case(store, case.id, now=clock())}
    assert ("inspection_rectify", True) in clocks and ("inspection_visit", True) not in clocks
    with pytest.raises(Refused, match="step_not_now"):
        made.accept(case)
    made.repair(defect)
    assert inspections.pass_check(store, no=case.no, **made.by()).state == "rechecked"


def test_a_defect_is_a_work_order_of_the_developer_in_one_act(store: Store, made: Inspected) -> None:
    case = made.open()
    defect = made.defect(case, nonce="once")
    row = store.row("SELECT * FROM cases WHERE no = ?", [defect.repair_no])
    assert row is not None and (row["source"], row["spawned_from"], row["state"]) == ("case", case.id, "dispatched")
    assert (row["unit_id"], row["name"], row["phone"]) == (case.unit and case.unit.id, HOME["name"], HOME["phone"])
    assert repair_facts.liability(store, row["id"]) == "warranty" and defect.order_no.startswith("GD")
    kinds = {kind for (kind,) in store.rows("SELECT kind FROM print_jobs")}
    assert kinds == {"work_order"}, "the form is the owner's receipt"
    again = inspection_defects.add(
        store, nonce="once", no=case.no, category="water", place="厨房", content="水龙头漏水", **made.by()
    )
    assert again.id == case.id and count(store, "inspection_defects") == count(store, "repairs") == 1


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"category": "lift"}, "category_unknown"),
        ({"urgency": "planned"}, "urgency_unknown"),
        ({"place": " "}, "inspection_place_missing"),
        ({"content": ""}, "content_missing"),
        ({"content": "x" * 501}, "text_too_long"),
        ({"place": "\x00"}, "text_invalid"),
    ],
)
def test_a_defect_that_is_refused_leaves_nothing(
    store: Store, made: Inspected, said: dict[str, Any], code: str
) -> None:
    case = made.open()
    with pytest.raises(Refused, match=code):
        made.defect(case, **said)
    assert count(store, "repairs") == count(store, "work_orders") == count(store, "inspection_defects") == 0
    assert store.value("SELECT count(*) FROM events WHERE what = 'add_defect'") == 0


def test_no_owner_ever_pays_for_a_defect(store: Store, made: Inspected) -> None:
    defect = made.defect(made.open())
    case_id = store.value("SELECT id FROM cases WHERE no = ?", [defect.repair_no])
    for bears in ("paid", "common", "undetermined"):
        with pytest.raises(Refused, match="inspection_defect_not_paid"):
            liability.decide(store, no=defect.repair_no, liability=bears, part="", reason="x", **made.by())
    with pytest.raises(sqlite3.IntegrityError, match="developer bears"), writing(store):
        store.execute("INSERT INTO liability_decisions (case_id, liability, proposed, reason, at, by_id)"
                      " VALUES (?, 'paid', 'paid', 'x', '2026-11-23T03:00:00.000Z', 1)", [case_id])  # fmt: skip
        store.execute("UPDATE repairs SET liability = 'paid' WHERE case_id = ?", [case_id])


def test_a_head_lets_a_defect_go_and_says_why(store: Store, made: Inspected) -> None:
    case = made.inspected(1)
    (defect,) = made.details(case).defects
    form: dict[str, Any] = {"no": case.no, "defect": str(defect.id), "reason": "业主同意保持现状"}
    with pytest.raises(Refused, match="not_permitted"):
        inspection_defects.drop(store, **form, **made.by())
    for bad, code in (
        ({"reason": " "}, "reason_missing"),
        ({"defect": "99999999999999999999"}, "inspection_defect_un"),
    ):
        with pytest.raises(Refused, match=code):
            inspection_defects.drop(store, **{**form, **bad}, **made.by(made.head))
    inspection_defects.drop(store, **form, **made.by(made.head))
    with pytest.raises(Refused, match="changed_meanwhile"):
        inspection_defects.drop(store, **form, **made.by(made.head))
    (dropped,) = made.details(case).defects
    assert not dropped.open and dropped.dropped_by == made.head.name
    assert inspections.pass_check(store, no=case.no, **made.by()).state == "rechecked"


def test_meters_are_confirmed_and_never_run_back(store: Store, made: Inspected) -> None:
    case = made.open()
    for said, code in (
        ({"confirmed": ""}, "inspection_unconfirmed"),
        ({"readings": {}}, "inspection_nothing_read"),
        ({"readings": {"water": "-1"}}, "inspection_reading_invalid"),
        ({"readings": {"water": "9999999"}}, "inspection_reading_invalid"),
        ({"absent": ("water",)}, "inspection_reading_invalid"),
        ({"absent": ("heat",)}, "inspection_meter_unknown"),
    ):
        with pytest.raises(Refused, match=code):
            made.read(case, **said)
    assert count(store, "inspection_readings") == 0
    made.read(case)
    assert [one.shown for one in made.details(case).readings] == ["12.00 m³", "345.60 kWh", "0.08 m³"]
    made.read(case, readings={"water": "12"})
    with pytest.raises(Refused, match="inspection_reading_below"):
        made.read(case, readings={"water": "11.99"})
    made.read(case, readings={"water": "11.99"}, reason="抄错")
    found = made.details(case)
    assert found.meters["water"].hundredths == 1199 and len(found.readings) == 5
    # Of the home, not of the inspection: the next one goes on from there.
    inspection_ends.withdraw(store, no=case.no, reason="改期", channel="phone", **made.by())
    later = made.open()
    with pytest.raises(Refused, match="inspection_reading_below"):
        made.read(later, readings={"water": "1"})
    assert inspection_facts.last_of_home(store, later.unit.id if later.unit else 0)["water"].hundredths == 1199


def test_a_home_without_gas_has_no_such_meter(made: Inspected) -> None:
    case = made.open()
    made.read(case, readings={"water": "1", "electric": "2", "gas": ""}, absent=("gas",))
    made.tick(case)
    assert made.details(case).meters["gas"].shown == "" and made.inspect(case).state == "inspected"


def test_a_home_has_one_inspection_at_a_time(store: Store, made: Inspected) -> None:
    case = made.open(nonce="a")
    assert made.open(nonce="a", agreed_at="明天 9:30").id == case.id
    with pytest.raises(Refused, match="inspection_running"):
        made.open()
    inspection_ends.withdraw(store, no=case.no, reason="业主出差", channel="phone", **made.by())
    assert made.open().id != case.id


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"agreed_at": "昨天 9:00"}, "inspection_time_past"),
        ({"agreed_at": "9999-12-31T10:00"}, "inspection_time_invalid"),
        ({"agreed_at": "2099-12-31T10:00"}, "inspection_time_too_far"),
        ({"agreed_at": "x" * 200}, "inspection_time_invalid"),
        ({"developer": "x" * 61}, "text_too_long"),
        ({"unit": ""}, "unit_missing"),
        ({"phone": ""}, "phone_missing"),
    ],
)
def test_what_is_no_inspection_is_refused(store: Store, made: Inspected, said: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused, match=code):
        made.open(**said)
    assert count(store, "inspections") == 0


def test_without_a_time_it_is_now_and_the_centre_names_the_developer(made: Inspected) -> None:
    case = made.open(agreed_at="", developer="")
    found = made.details(case)
    assert found.agreed_at == case.received_at and found.developer == "开发商"


def test_the_store_says_no_by_itself(store: Store, made: Inspected) -> None:
    """Accepted, passed or inspected only when it is so: whatever an act forgets."""
    case = made.open()

    def goes(state: str, first: str = "SELECT 1") -> str:
        with pytest.raises(sqlite3.IntegrityError) as said, writing(store):
            at = made.clock.forward(minutes=1)
            feedback.tell(store, case, about="result", channel="face", text="x", by=made.desk, at=at)
            store.execute(first)
            store.execute("UPDATE cases SET state = ? WHERE id = ?", [state, case.id])
        return str(said.value)

    assert goes("inspected") == "not looked at to the end"
    made.tick(case)
    assert goes("inspected") == "not looked at to the end", "no meter was read"
    made.read(case)
    made.defect(case)
    made.inspect(case)
    assert goes("rechecked") == "a defect is open"
    signed = "UPDATE inspections SET signed_at = inspected_at, signed_seen_by = inspector_id"
    assert goes("accepted", signed) == "a defect is open"
    made.repair(made.details(case).defects[0])
    inspections.pass_check(store, no=case.no, **made.by())
    inspections.reappoint(store, no=case.no, agreed_at="后天 15:00", channel="phone", **made.by())
    assert goes("accepted") == "the owner did not sign"
    below = (
        "INSERT INTO inspection_readings (case_id, unit_id, kind, hundredths, owner_confirmed, at, by_id)"
        " SELECT case_id, unit_id, 'electric', 1, 1, at, by_id FROM inspection_readings LIMIT 1"
    )
    for sql, word in (
        ("UPDATE inspection_readings SET hundredths = 1", "never rewritten"),
        ("DELETE FROM inspection_readings", "never rewritten"),
        (below, "run back"),
    ):
        with pytest.raises(sqlite3.IntegrityError, match=word), writing(store):
            store.execute(sql)
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"), writing(store):
        store.execute("UPDATE cases SET unit_id = ? WHERE id = ?", [case.unit and case.unit.id, case.id])
        store.execute(
            "INSERT INTO cases (no, token, kind, state, unit_id, name, phone, owner_id, department, received_at,"
            " changed_at) SELECT 'YS1', substr(token, 2) || 'A', kind, 'appointed', unit_id, name, phone, owner_id,"
            " department, received_at, changed_at FROM cases WHERE id = ?",
            [case.id],
        )


def test_work_done_again_opens_the_defect_again(store: Store, made: Inspected) -> None:
    case = made.reappointed()
    (defect,) = made.details(case).defects
    acceptance.rework(store, no=defect.repair_no, reason="又漏了", **made.by())
    with pytest.raises(Refused, match="inspection_defects_open"):
        made.accept(case)


def test_closed_by_the_manager_is_not_checked(store: Store, made: Inspected) -> None:
    defect = made.defect(made.open())
    made.repair(defect, check=False)
    feedback.give(store, no=defect.repair_no, about="result", channel="phone", text="x", **made.by())
    without_consent.close(store, no=defect.repair_no, reason="联系不上", **made.by(actor(store, Role.MANAGER)))
    (found,) = inspection_facts.defects(store, store.value("SELECT case_id FROM inspections"))
    assert found.repair_state == "closed" and found.open


def test_it_is_due_and_late(store: Store, made: Inspected, clock: Clock) -> None:
    case = made.open()
    (one,) = [found for found in due.due_list(store, by=made.leader, now=clock()) if found.case_no == case.no]
    assert one.code == "inspection_visit"
    moved = inspections.reschedule(store, no=case.no, agreed_at="后天 10:00", **made.by())
    assert made.details(moved).agreed_at.startswith("2026-11-25T02:00")
    (later,) = [found for found in due.due_list(store, by=made.leader, now=clock()) if found.case_no == case.no]
    assert later.due_at > one.due_at
    made.read(case)
    made.tick(case)
    made.defect(case)
    made.inspect(case)
    clock.forward(days=60)
    (late,) = [found for found in due.due_list(store, by=made.leader, now=clock()) if found.case_no == case.no]
    assert (late.code, late.stage) == ("inspection_rectify", "overdue")
    listed = inspection_lists.under_way(store, by=made.leader, now=clock())
    assert [state for state, of_it in listed.items() if of_it.total] == ["rectifying"]


def test_the_owner_reads_plain_sentences(store: Store, made: Inspected) -> None:
    case = made.open()

    def said() -> str:
        view = case_views.progress(store, cases.whole(store, case.id), now=None)
        assert view is not None and HOME["name"] not in view.sentence.zh
        return view.sentence.zh

    assert said().startswith("约定 11月24日") and "维修人员" in said()
    made.read(case)
    made.tick(case)
    made.defect(case)
    made.inspect(case)
    assert said() == "1 处质量问题由开发商返修，已复检合格 0 处"
    made.repair(made.details(case).defects[0])
    inspections.pass_check(store, no=case.no, **made.by())
    assert "复检合格" in said()
    inspections.reappoint(store, no=case.no, agreed_at="后天 15:00", channel="phone", **made.by())
    assert "再次验收" in said()
    made.accept(case)
    assert said() == "房屋验收合格，谢谢"


def test_only_who_of_maintenance_is_there_guides_an_owner(store: Store, made: Inspected) -> None:
    case = made.open()
    for login in ("", "wanglin", "wuhao", "x" * 999):
        with pytest.raises(Refused, match="inspector_unknown"):
            inspections.inspect(store, no=case.no, inspector=login, **made.by())


def test_a_procedure_is_no_inspection(store: Store, made: Inspected) -> None:
    begun = procedures.begin(store, nonce="p", template="move-in", variant="move-in-owner", **HOME, **made.by())
    with pytest.raises(Refused, match="procedure_unknown"):
        procedures.begin(store, nonce="q", template="home-inspection", **HOME, **made.by())
    with pytest.raises(Refused, match="step_not_now"):
        made.defect(begun)
    with pytest.raises(Refused, match="step_not_now"):
        inspection_defects.check(store, no=begun.no, defect="1", **made.by())
    assert inspection_lists.of_home(store, begun.unit, by=made.desk) is None if begun.unit else False
    case = made.open()
    assert begun.unit is not None
    found = inspection_lists.of_home(store, begun.unit, by=actor(store, Role.MANAGER))
    assert found is not None and found.no == case.no and not found.whole


def test_somebody_sees_that_everything_is_put_right(store: Store, made: Inspected) -> None:
    case = made.inspected(1)
    assert inspection_lists.to_pass(store, by=made.desk) == []
    made.repair(made.details(case).defects[0])
    for who in (made.desk, made.head):
        assert [one.no for one in inspection_lists.to_pass(store, by=who)] == [case.no]
    inspections.pass_check(store, no=case.no, **made.by(made.leader))
    assert inspection_lists.to_pass(store, by=made.desk) == []


def test_whose_own_repair_was_merged_into_a_defect_is_told_with_the_acceptance(store: Store, made: Inspected) -> None:
    case = made.open()
    made.read(case)
    made.tick(case)
    defect = made.defect(case)
    form: dict[str, Any] = {"category": "water", "content": "漏水", "place": "厨房", "urgency": "ordinary"}
    form |= {"name": "何晓梅", "phone": "13900009999", "unit": "1-1-102", "source": "desk"}
    own = repairs.register(store, nonce="own", **form, **made.by())
    case_links.merge(store, no=own.no, into=defect.repair_no, **made.by())
    made.inspect(case)
    made.repair(defect)
    inspections.pass_check(store, no=case.no, **made.by(made.leader))
    inspections.reappoint(store, no=case.no, agreed_at="后天 15:00", channel="phone", **made.by())
    assert made.accept(case).state == "accepted"
    told = "SELECT count(*) FROM feedback_notices WHERE case_id = ? AND about = 'result'"
    assert store.value(told, [own.id]) == 1


def test_a_meter_that_was_said_to_be_missing_is_compared_with_what_it_showed(store: Store, made: Inspected) -> None:
    case = made.open()
    made.read(case)
    made.read(case, readings={}, absent=("electric",))
    with pytest.raises(Refused, match="inspection_reading_below"):
        made.read(case, readings={"electric": "3"})
    made.read(case, readings={"electric": "3"}, reason="换表")
