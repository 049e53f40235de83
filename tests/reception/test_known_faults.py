"""Known faults: one fault for forty calls, every home once, nobody forgotten at the end."""

import json
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db.store import Store, writing
from reception import cases, fault_cases, fault_ends, fault_records, known_faults, notices, repairs
from reception.estate import find_unit
from reception.fault_records import Fault
from reception.permissions import KIOSK, Actor, Role
from reception.refusal import Refused
from reception.reveals import Reason
from tests.conftest import Clock, actor
from tests.reception.test_races import NOW, Gate, _receptionist, race

PIPE = {"area": "building", "building": "3", "cause": "water", "what": "主管爆裂", "what_en": "Main pipe burst"}


def declare(store: Store, clock: Clock, by: Actor, **other: str) -> Fault:
    """Declare a burst pipe in building 3."""
    return known_faults.declare(store, **{"nonce": "declared", **PIPE, **other}, by=by, now=clock())


def join(store: Store, clock: Clock, fault: Fault, unit: str, by: Actor = KIOSK, **other: str) -> known_faults.Joined:
    """Tap 我家也是 for a home."""
    fields = {"nonce": f"{unit}-{by.role}", "unit": unit, **other}
    return known_faults.add_household(store, fault_id=str(fault.id), **fields, by=by, now=clock())


def restored(store: Store, clock: Clock, fault: Fault, by: Actor, text: str = "") -> Fault:
    """Say that it is over."""
    return fault_ends.restore(store, fault_id=str(fault.id), text=text, by=by, now=clock())


def tell(store: Store, clock: Clock, fault: Fault, home: int, by: Actor, channel: str = "phone") -> Fault:
    """Tell one home."""
    return fault_ends.told(
        store, fault_id=str(fault.id), household_id=str(home), channel=channel, by=by, now=clock.forward(seconds=30)
    )


def homes(store: Store, fault: Fault) -> list[fault_records.Household]:
    """Return the list as it is kept."""
    return fault_records.of_list(store, fault, whole=True)


def test_a_burst_pipe_with_forty_households_ends_in_one_notice(store: Store, clock: Clock, receptionist: Actor) -> None:
    fault = declare(store, clock, receptionist, expected_at="2026-11-23T16:00")
    units = [f"3-{unit}-{floor}0{door}" for unit in (1, 2) for floor in range(1, 7) for door in (1, 2)]
    units += [f"{building}-1-{floor}0{door}" for building in ("1", "2") for floor in range(1, 5) for door in (1, 2)]
    assert len(units) == 40
    for number, unit in enumerate(units):
        clock.forward(seconds=20)
        join(store, clock, fault, unit, KIOSK if number % 2 else receptionist)
        # The neighbour downstairs calls again, and so does his wife.
        assert join(store, clock, fault, unit, receptionist if number % 2 else KIOSK).already
    assert [found.households for found in known_faults.open_faults(store)] == [40]
    over = restored(store, clock, fault, receptionist)
    assert (over.state, over.untold) == ("restored", 40)
    assert over.notice.startswith("【锦绣家园 物业服务中心】3号楼供水已恢复。给您带来不便")
    assert "Building 3: water is back." in over.notice
    told = [(notice.zh, notice.en) for notice in notices.current(store, date(2026, 11, 23))]
    assert told == [("3号楼供水已恢复", "Building 3: water is back")]
    (paper,) = [json.loads(row["facts"]) for row in store.rows("SELECT facts FROM print_jobs WHERE kind='fault_list'")]
    assert len(paper["homes"]) == 40
    listed = homes(store, over)
    assert {home.unit.label for home in listed} == set(units)
    assert sum(home.outside for home in listed) == 16
    for home in listed:
        assert over.state == "restored"
        over = tell(store, clock, fault, home.id, receptionist)
    assert (over.state, over.untold, known_faults.open_faults(store), fault_records.unclosed(store)) == (
        "closed",
        0,
        [],
        [],
    )


def test_declaring_names_the_homes_and_never_more_than_was_meant(
    store: Store, clock: Clock, receptionist: Actor
) -> None:
    def code(**other: str) -> str:
        with pytest.raises(Refused) as refused:
            declare(store, clock, receptionist, **other)
        return refused.value.code

    assert code(area="") == code(area="street") == "area_unknown"
    # An empty field must not alarm the whole estate; a filled one does not shrink it in silence.
    assert code(building="") == code(building="99") == code(area="unit", unit="9") == "building_unknown"
    assert code(area="estate") == code(unit="1") == "area_unclear"
    assert code(cause="ghosts") == "cause_unknown"
    assert code(what=" ") == "what_missing"
    assert code(expected_at="tomorrow") == code(expected_at="2026-13-01T10:00") == "expected_invalid"
    assert code(expected_at="2026-11-23T10:24") == "expected_past"
    assert code(case_no="BX20261123-999") == "case_unknown"
    assert store.value("SELECT count(*) FROM known_faults") == store.value("SELECT count(*) FROM nonces") == 0
    fault = declare(store, clock, receptionist, expected_at="2026-11-23T16:00")
    assert declare(store, clock, receptionist, expected_at="2026-11-23T16:00") == fault
    assert (fault.no, fault.expected_at, fault.where.zh) == ("GZ20261123-001", "2026-11-23T08:00:00.000Z", "3号楼")
    assert code() == "nonce_reused"


def test_which_homes_a_fault_strikes(store: Store, clock: Clock, receptionist: Actor) -> None:
    whole = declare(store, clock, receptionist, nonce="a", area="estate", building="", cause="power", what="停电")
    third = declare(store, clock, receptionist, nonce="b")
    lift = declare(store, clock, receptionist, nonce="c", area="unit", unit="2", cause="lift", what="停运")

    def ids(unit: str) -> list[int]:
        return [fault.id for fault in known_faults.affecting(store, find_unit(store, unit))]

    assert ids("3-2-101") == [lift.id, third.id, whole.id]
    assert ids("3-1-101") == [third.id, whole.id]
    assert ids("1-2-101") == [whole.id]


def test_what_is_expected_is_said_only_while_it_holds(store: Store, clock: Clock, receptionist: Actor) -> None:
    from zoneinfo import ZoneInfo

    zone = ZoneInfo("Asia/Shanghai")
    fault = declare(store, clock, receptionist, nonce="a", expected_at="2026-11-23T16:00")
    assert fault.expected(clock(), zone).zh == "预计今天 16:00 恢复"
    assert fault.expected(clock.forward(days=-1), zone).en == "expected back 23 Nov 16:00"
    clock.forward(days=1, hours=6)
    assert fault.expected(clock(), zone).zh == "已过预计时间，仍在抢修"
    assert declare(store, clock, receptionist, nonce="b").expected(clock(), zone).zh == "恢复时间待定"


def test_a_new_time_needs_a_reason_and_the_old_one_is_kept(store: Store, clock: Clock, receptionist: Actor) -> None:
    fault = declare(store, clock, receptionist, expected_at="2026-11-23T16:00")

    def update(expected_at: str, reason: str) -> Fault:
        return known_faults.update(
            store, fault_id=str(fault.id), expected_at=expected_at, reason=reason, by=receptionist, now=clock()
        )

    for expected_at, reason, code in (
        ("2026-11-23T18:00", " ", "reason_missing"),
        ("2026-11-23T16:00", "等配件", "expected_unchanged"),
        ("2026-11-23T09:00", "等配件", "expected_past"),
    ):
        with pytest.raises(Refused, match=code):
            update(expected_at, reason)
    assert update("2026-11-23T18:30", "配件未到").expected_at == "2026-11-23T10:30:00.000Z"
    assert update("", "等自来水公司").expected_at is None
    kept = [(row["expected_at"], row["reason"]) for row in fault_records.expectations(store, fault)]
    assert kept == [
        ("2026-11-23T08:00:00.000Z", ""),
        ("2026-11-23T10:30:00.000Z", "配件未到"),
        (None, "等自来水公司"),
    ]
    # The store itself holds it: no silent change, no change without a reason, nothing rewritten.
    for statement, why in (
        ("UPDATE known_faults SET expected_at = '2026-12-01T00:00:00.000Z'", "silently"),
        ("INSERT INTO fault_expectations (fault_id, reason, at, by_id) VALUES (1, '', 'x', 1)", "without a reason"),
        ("UPDATE fault_expectations SET reason = 'x'", "append-only"),
    ):
        with pytest.raises(sqlite3.IntegrityError, match=why), writing(store):
            store.execute(statement)


def test_a_home_stands_on_the_list_once(store: Store, clock: Clock, receptionist: Actor) -> None:
    fault = declare(store, clock, receptionist)
    first = join(store, clock, fault, "3-2-501")
    assert not first.already
    # The same form again is the same answer; another tap is told that it is noted, and may leave the phone.
    assert join(store, clock, fault, "3-2-501") == first
    assert join(store, clock, fault, "3-2-501", nonce="again", phone="13911112222").already
    assert join(store, clock, fault, "3-2-501", nonce="third", phone="13933334444").already
    (home,) = homes(store, fault)
    assert (home.phone, home.outside, home.source) == ("13911112222", False, "kiosk")
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"), writing(store):
        store.execute(
            "INSERT INTO fault_households (fault_id, unit_id, name, phone, outside, source, notice_version, at)"
            " VALUES (?, ?, '', '', 0, 'kiosk', '', 'x')",
            [fault.id, home.unit.id],
        )


def test_a_resident_is_recognised_as_everywhere(store: Store, clock: Clock, receptionist: Actor) -> None:
    fault = declare(store, clock, receptionist)
    join(store, clock, fault, "1-1-101", phone="5678")
    with pytest.raises(Refused, match="phone_unrecognised"):
        join(store, clock, fault, "3-1-101", phone="0000")
    with pytest.raises(Refused, match="unit_missing"):
        join(store, clock, fault, "")
    with pytest.raises(Refused, match="unit_unknown"):
        join(store, clock, fault, "9-9-999")
    # At the desk the home is enough: its only resident is in the register. At the kiosk nobody is looked up by a home.
    join(store, clock, fault, "3-1-102", receptionist)
    join(store, clock, fault, "3-2-102")
    # Two people live there: nobody is picked.
    join(store, clock, fault, "1-1-202", receptionist)
    found = {home.unit.label: (bool(home.name), bool(home.phone), home.outside) for home in homes(store, fault)}
    assert found == {
        "1-1-101": (True, True, True),
        "3-1-102": (True, True, False),
        "3-2-102": (False, False, False),
        "1-1-202": (False, False, True),
    }


def test_names_and_numbers_are_whole_to_whoever_holds_it_alone(store: Store, clock: Clock, receptionist: Actor) -> None:
    fault = declare(store, clock, receptionist)
    join(store, clock, fault, "3-1-102", receptionist)
    head = actor(store, Role.SERVICE_HEAD)

    def phone(by: Actor) -> str:
        (home,) = fault_records.households(store, fault_records.by_id(store, fault.id), by=by)
        return home.phone

    assert phone(receptionist).isdigit() and "*" in phone(head)
    known_faults.reveal(store, fault_id=str(fault.id), why=Reason("asked"), by=head, now=clock())
    known_faults.reveal(store, fault_id=str(fault.id), why=Reason("asked"), by=receptionist, now=clock())
    assert store.value("SELECT count(*) FROM events WHERE what = 'reveal_fault' AND by_id = ?", [head.id]) == 1
    assert store.value("SELECT count(*) FROM events WHERE what = 'reveal_fault'") == 1
    known_faults.take_over(store, fault_id=str(fault.id), by=head, now=clock())
    assert phone(head).isdigit() and "*" in phone(receptionist)
    with pytest.raises(Refused, match="changed_meanwhile"):
        known_faults.take_over(store, fault_id=str(fault.id), by=head, now=clock())
    # Ids and codes alone in the history.
    assert not store.value("SELECT count(*) FROM events WHERE detail LIKE '%138%' OR detail LIKE '%3-1-102%'")


def test_the_list_bears_whole_numbers_only_behind_the_desk(store: Store, clock: Clock, receptionist: Actor) -> None:
    def facts(nonce: str) -> dict[str, Any]:
        fault = declare(store, clock, receptionist, nonce=nonce)
        join(store, clock, fault, "3-1-102", receptionist, nonce=f"{nonce}-home")
        restored(store, clock, fault, receptionist)
        row = store.row("SELECT * FROM print_jobs WHERE ref = ?", [fault_ends.ref(fault)])
        assert row is not None
        return {"printer": row["printer"], "pinned": row["pinned"], **json.loads(row["facts"])}

    # The only printer stands at the kiosk: whoever is there could take the list.
    masked = facts("a")
    assert (masked["printer"], masked["pinned"], masked["whole"]) == ("front", 0, False)
    assert "****" in masked["homes"][0][1]
    store.execute("INSERT INTO printers (name, label, address) VALUES ('back', '办公室', 'tcp://127.0.0.1:9199')")
    store.execute("INSERT INTO paper_routes (kind, printer) VALUES ('at_desk', 'back')")
    whole = facts("b")
    assert (whole["printer"], whole["pinned"], whole["whole"]) == ("back", 1, True)
    assert "****" not in whole["homes"][0][1]
    # Nobody knows where a reprint comes out: it is masked.
    assert not fault_ends.rebuild(store, 2, at=clock()).whole


def test_nobody_is_told_before_it_is_over_and_none_is_forgotten(
    store: Store, clock: Clock, receptionist: Actor
) -> None:
    fault = declare(store, clock, receptionist)
    one = join(store, clock, fault, "3-1-101").household_id
    two = join(store, clock, fault, "3-1-102").household_id
    with pytest.raises(Refused, match="fault_not_over"):
        tell(store, clock, fault, one, receptionist)
    restored(store, clock, fault, receptionist, text="水来了。")
    with pytest.raises(Refused, match="fault_over"):
        restored(store, clock, fault, receptionist)
    with pytest.raises(Refused, match="fault_over"):
        join(store, clock, fault, "3-1-201")
    with pytest.raises(Refused, match="channel_unknown"):
        tell(store, clock, fault, one, receptionist, channel="pigeon")
    with pytest.raises(Refused, match="household_unknown"):
        tell(store, clock, fault, 999, receptionist)
    assert tell(store, clock, fault, one, receptionist).state == "restored"
    before = store.value("SELECT count(*) FROM fault_tellings")
    with pytest.raises(Refused, match="household_told"):
        tell(store, clock, fault, one, receptionist)
    assert store.value("SELECT count(*) FROM fault_tellings") == before
    # The store itself does not close it over somebody's head, nor call a home unreachable that nobody tried.
    with pytest.raises(sqlite3.IntegrityError, match="closed before everybody was told"), writing(store):
        store.execute("UPDATE known_faults SET state = 'closed', closed_at = 'x'")
    with pytest.raises(sqlite3.IntegrityError, match="unreachable before it was tried"), writing(store):
        store.execute("UPDATE fault_households SET unreachable_at = 'x' WHERE id = ?", [two])
    for state in ("restored", "closed"):
        over = fault_ends.not_reached(
            store, fault_id=str(fault.id), household_id=str(two), channel="phone", by=receptionist, now=clock()
        )
        assert over.state == state
    assert fault_ends.telling_text(over, homes(store, over)[0]) == "3-1-101：水来了。"


def test_a_home_noted_as_told_by_mistake_is_told_again(store: Store, clock: Clock, receptionist: Actor) -> None:
    fault = declare(store, clock, receptionist)
    one = join(store, clock, fault, "3-1-101").household_id
    two = join(store, clock, fault, "3-1-102").household_id
    colleague = actor(store, Role.ASSISTANT)

    def noted() -> str:
        found: str = store.value("SELECT coalesce(told_at, unreachable_at) FROM fault_households WHERE id = ?", [one])
        return found

    def untell(home: int, noted_at: str) -> Fault:
        return fault_ends.untell(
            store, fault_id=str(fault.id), household_id=str(home), noted_at=noted_at, by=colleague, now=clock()
        )

    restored(store, clock, fault, receptionist)
    tell(store, clock, fault, one, receptionist)
    first = noted()
    with pytest.raises(Refused, match="household_unknown"):
        untell(999, first)
    assert untell(one, first).untold == 2
    with pytest.raises(Refused, match="changed_meanwhile"):
        untell(one, first)
    # What somebody told since is not taken back by a screen that shows the telling before.
    tell(store, clock, fault, one, receptionist)
    with pytest.raises(Refused, match="changed_meanwhile"):
        untell(one, first)
    assert untell(one, noted()).untold == 2
    # Given up by mistake, likewise; the attempts stay.
    for _ in range(2):
        fault_ends.not_reached(
            store, fault_id=str(fault.id), household_id=str(one), channel="phone", by=receptionist, now=clock()
        )
    assert untell(one, noted()).untold == 2
    assert store.value("SELECT count(*) FROM fault_tellings WHERE household_id = ?", [one]) == 4
    taken_back = store.rows("SELECT by_id, detail FROM events WHERE what = 'untell_household'")
    assert [tuple(row) for row in taken_back] == [(colleague.id, f'{{"household": {one}}}')] * 3
    # Once all are told it is closed, and stays so.
    tell(store, clock, fault, one, receptionist)
    assert tell(store, clock, fault, two, receptionist).state == "closed"
    with pytest.raises(Refused, match="fault_over"):
        untell(one, noted())


def test_a_fault_declared_by_mistake_is_taken_back_with_a_reason(
    store: Store, clock: Clock, receptionist: Actor
) -> None:
    def withdraw(fault: Fault, reason: str) -> Fault:
        return fault_ends.withdraw(store, fault_id=str(fault.id), reason=reason, by=receptionist, now=clock())

    alone = declare(store, clock, receptionist, nonce="a")
    with pytest.raises(Refused, match="reason_missing"):
        withdraw(alone, "")
    assert withdraw(alone, "误报").state == "closed"
    joined = declare(store, clock, receptionist, nonce="b")
    home = join(store, clock, joined, "3-1-101").household_id
    assert withdraw(joined, "误报").state == "withdrawn"
    assert not known_faults.open_faults(store) and len(fault_records.unclosed(store)) == 1
    assert tell(store, clock, joined, home, receptionist, channel="face").state == "closed"
    assert not notices.current(store, date(2026, 11, 23))


def test_a_fault_without_homes_closes_with_its_end_and_prints_nothing(
    store: Store, clock: Clock, receptionist: Actor
) -> None:
    assert restored(store, clock, declare(store, clock, receptionist), receptionist).state == "closed"
    assert not store.value("SELECT count(*) FROM print_jobs")


def _repair(store: Store, clock: Clock, by: Actor, nonce: str = "r", unit: str = "3-2-101") -> cases.Case:
    return repairs.register(
        store,
        nonce=nonce,
        name="李桂兰",
        phone="13800001111",
        unit=unit,
        category="water",
        content="没水",
        urgency="urgent",
        by=by,
        now=clock(),
    )


def test_repairs_of_the_same_fault_belong_to_it(store: Store, clock: Clock, receptionist: Actor) -> None:
    about = _repair(store, clock, receptionist)
    fault = declare(store, clock, receptionist, case_no=about.no.lower())
    assert (fault.households, [one.no for one in fault_cases.of_fault(store, fault)]) == (1, [about.no])
    other = _repair(store, clock, receptionist, "s", "3-2-102")

    def attach(no: str, to: Fault = fault) -> Fault:
        return known_faults.attach_case(store, fault_id=str(to.id), case_no=no, by=receptionist, now=clock())

    assert attach(other.no).households == attach(other.no).households == 2
    assert [home.source for home in homes(store, fault)] == ["case", "case"]
    second = declare(store, clock, receptionist, nonce="second", cause="power", what="停电")
    with pytest.raises(Refused, match="case_of_another_fault"):
        attach(other.no, second)
    from reception import emergencies

    danger = emergencies.register(store, nonce="e", hazard="gas", by=receptionist, now=clock())
    with pytest.raises(Refused, match="not_a_repair"):
        attach(danger.no)


@pytest.mark.parametrize("role", [Role.WORKER, Role.DEPARTMENT_HEAD, Role.TEAM_LEADER, Role.ADMINISTRATOR, Role.KIOSK])
def test_only_the_front_and_the_manager_declare_and_end(
    store: Store, clock: Clock, receptionist: Actor, role: Role
) -> None:
    fault, by = declare(store, clock, receptionist), actor(store, role)
    join(store, clock, fault, "3-1-101")
    with pytest.raises(Refused, match="not_permitted"):
        declare(store, clock, by, nonce="x")
    with pytest.raises(Refused, match="not_permitted"):
        restored(store, clock, fault, by)
    with pytest.raises(Refused, match="not_permitted"):
        tell(store, clock, fault, 1, by)
    with pytest.raises(Refused, match="not_permitted"):
        known_faults.take_over(store, fault_id=str(fault.id), by=by, now=clock())
    if role is not Role.KIOSK:
        with pytest.raises(Refused, match="not_permitted"):
            join(store, clock, fault, "3-1-102", by)


def tap(store: Store, gate: Gate, hand: int, rounds: int) -> list[bool]:
    """Tap 我家也是 for the same home at the same moment as the other hands."""
    by, answers = KIOSK if hand % 2 else _receptionist(store), []
    for number in range(rounds):
        gate.wait(60)
        joined = known_faults.add_household(
            store, nonce=f"{hand}-{number}", fault_id="1", unit=f"3-1-{number + 1}01", by=by, now=NOW
        )
        answers.append(joined.already)
    return answers


def test_a_home_tapped_at_the_kiosk_and_at_the_desk_at_once_is_one(
    home: Path, store: Store, clock: Clock, receptionist: Actor
) -> None:
    declare(store, clock, receptionist)
    rounds = 6
    answers = race(home, *((tap, hand, rounds) for hand in range(4)))
    for taps in zip(*answers, strict=True):
        assert sorted(taps) == [False, True, True, True]
    assert store.value("SELECT count(*) FROM fault_households") == rounds
    assert store.value("SELECT count(*) FROM events WHERE what = 'join_fault'") == rounds


def test_the_open_faults_are_found_by_an_index(store: Store) -> None:
    plan = " ".join(
        row["detail"]
        for row in store.rows(
            f"EXPLAIN QUERY PLAN {fault_records.SELECT} WHERE known_faults.closed_at IS NULL"
            " AND known_faults.state = 'open' ORDER BY known_faults.id DESC"
        )
    )
    assert "USING INDEX known_faults_unclosed" in plan and "SCAN fault_households" not in plan
