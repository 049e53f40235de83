"""Passes for goods: approved by another, good once on one day, looked at at the gate, written down from the paper."""

import sqlite3
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import paper_care
from db.store import Store, writing
from reception import (
    case_search,
    cases,
    closing,
    kinds,
    papers,
    practice,
    release_facts,
    release_gate,
    release_lists,
    release_passes,
    reprints,
    tellings,
)
from reception.permissions import BOX, Actor, Role
from reception.refusal import Refused
from reception.rules.release_states import quantity
from reception.site import configure
from tests.conftest import Clock, actor
from tests.reception.life import staff
from tests.reception.passes import Passes


@pytest.fixture
def made(store: Store, clock: Clock) -> Passes:
    return Passes(store, clock)


def refused(why: str, act: Any, /, *args: Any, **fields: Any) -> Refused:
    with pytest.raises(Refused, match=f"^{why}$") as error:
        act(*args, **fields)
    return error.value


def whats(made: Passes, who: Actor) -> list[str]:
    return [one.what for one in tellings.mine(made.store, by=who)]


def test_from_the_desk_to_the_gate_and_back(store: Store, made: Passes) -> None:
    case = made.apply()
    assert case.no == "FX20261123-001" and case.state == "applied"
    assert whats(made, made.head) == whats(made, made.manager) == ["release_asked"]
    release_passes.approve(store, no=case.no, **made.by(made.head))
    assert whats(made, made.manager) == [] and whats(made, made.desk) == ["release_approved"]
    case = release_passes.print_pass(store, no=case.no, **made.by(made.desk))
    assert whats(made, made.desk) == []
    assert [(one.kind, one.part) for one in paper_care.of_ref(store, cases.ref(case))] == [
        ("release_slip", "holder"),
        ("release_slip", "gate"),
    ]
    (one,) = release_gate.of_today(store, by=made.guard, now=made.clock())
    assert one.good and one.case.no == case.no and one.case.unit is not None and one.case.unit.label == "1-1-101"
    assert (one.case.name, one.case.phone) == ("钱**", "139****2222")
    assert [item.said for item in one.found.items] == ["冰箱 × 1台", "纸箱 × 20箱", "Maria 的琴 × 1"]
    made.let_out(case)
    found = release_facts.details(store, case)
    assert (found.guard, found.out_how, [item.went for item in found.items]) == ("吴昊", "gate", [True] * 3)
    assert [row.no for row in release_lists.waiting(store, "released", by=made.desk, now=made.clock())] == [case.no]
    back = release_gate.take_back(store, no=case.no, **made.by(made.desk))
    assert back.state == "returned" and back.closed_at is not None


def test_a_pass_that_no_printer_can_print_is_not_printed(store: Store, made: Passes) -> None:
    case = made.apply()
    release_passes.approve(store, no=case.no, **made.by(made.head))
    with writing(store):
        store.execute("DELETE FROM printers")
    refused("printer_unknown", release_passes.print_pass, store, no=case.no, **made.by(made.desk))
    assert cases.find(store, case.no, by=made.desk).state == "approved"
    assert release_gate.of_today(store, by=made.guard, now=made.clock()) == []


def test_nobody_approves_his_own_and_only_whom_the_centre_names(store: Store, made: Passes) -> None:
    case, own = made.apply(), made.apply(**made.by(made.head))
    refused("release_own", release_passes.approve, store, no=case.no, **made.by(made.desk))
    refused("release_not_yours", release_passes.approve, store, no=case.no, **made.by(made.assistant))
    refused("release_own", release_passes.approve, store, no=own.no, **made.by(made.head))
    new = Actor(Role.SERVICE_HEAD, made.manager.id, "x", "service", unconfirmed=True)
    refused("release_not_yours", release_passes.approve, store, no=case.no, **made.by(new))
    assert release_passes.approve(store, no=own.no, **made.by(made.manager)).state == "approved"
    configure(store, release_approvers="desk")
    assert [one.no for one in release_lists.waiting(store, "applied", by=made.desk, now=made.clock())] == []
    assert release_passes.approve(store, no=case.no, **made.by(made.assistant)).state == "approved"
    with pytest.raises(sqlite3.IntegrityError):
        store.execute("UPDATE release_passes SET approved_by = applied_by WHERE case_id = ?", [case.id])


def test_goods_leave_once(store: Store, made: Passes) -> None:
    case = made.printed()
    said: dict[str, Any] = {"code": made.code(case), "went": ["1", "2", "3"], "by": made.guard}
    release_gate.let_out(store, nonce="g", now=made.clock.forward(minutes=1), **said)
    # A phone on a bad line sends again: the same press.
    assert release_gate.let_out(store, nonce="g", now=made.clock.forward(minutes=1), **said).state == "released"
    again = refused("release_out", release_gate.let_out, store, nonce="h", now=made.clock(), **said)
    assert again.said == {"at": "2026-11-23 10:28"}
    refused("release_out", release_gate.turn_back, store, code=made.code(case), nonce="i", reason="x",
            **made.by(made.guard))  # fmt: skip
    refused("step_not_now", release_passes.refuse, store, no=case.no, reason="x", **made.by(made.desk))
    entered = {"no": case.no, "time": "10:29", "went": ["1"], "rest": "1"}
    refused("step_not_now", release_gate.enter, store, **entered, **made.by(made.desk))
    with pytest.raises(sqlite3.IntegrityError, match="these goods are out"):
        store.execute("UPDATE release_passes SET out_at = 'x' WHERE case_id = ?", [case.id])
    count = store.value("SELECT count(*) FROM events WHERE what = 'let_goods_out'")
    assert count == 1


def test_it_is_good_on_its_day_alone(store: Store, made: Passes) -> None:
    tomorrow, today = made.printed(valid_on="2026-11-24"), made.printed()
    refused("release_other_day", made.let_out, tomorrow)
    assert [one.case.no for one in release_gate.of_today(store, by=made.guard, now=made.clock())] == [today.no]
    # 23:59 in Shanghai, long after the desk has closed: the day is not over.
    made.clock.at = datetime.fromisoformat("2026-11-23T15:58:00+00:00")
    closing.close_due(store, by=BOX, now=made.clock())
    assert made.state(today) == "printed"
    # A minute after midnight the gate goes by the day, before anything has run.
    made.clock.forward(minutes=2)
    refused("release_expired", made.let_out, today)
    closing.close_due(store, by=BOX, now=made.clock())
    assert (made.state(today), made.state(tomorrow)) == ("expired", "printed")
    assert made.let_out(tomorrow).state == "released"
    assert not release_lists.any_over(store, now=made.clock())


def test_what_is_over_is_neither_approved_nor_printed(store: Store, made: Passes) -> None:
    asked, approved = made.apply(), made.approved()
    made.clock.forward(days=1)
    refused("release_expired", release_passes.approve, store, no=asked.no, **made.by(made.head))
    refused("release_expired", release_passes.print_pass, store, no=approved.no, **made.by(made.desk))
    assert release_lists.waiting(store, "approved", by=made.desk, now=made.clock()) == []
    assert release_lists.expire(store, by=BOX, now=made.clock()) == 2
    assert made.state(asked) == made.state(approved) == "expired"


def test_what_differs_stays_and_whoever_holds_it_is_told(store: Store, made: Passes) -> None:
    case = made.printed()
    refused("release_none", made.let_out, case, went=[])
    refused("release_unticked", made.let_out, case, went=["1", "2"])
    refused("release_lines_unknown", made.let_out, case, went=["1", "9"])
    refused("reason_missing", release_gate.turn_back, store, code=made.code(case), nonce="x", reason=" ",
            **made.by(made.guard))  # fmt: skip
    assert made.state(case) == "printed"
    release_gate.turn_back(store, code=made.code(case), nonce="x", reason="多出电视一台", **made.by(made.guard))
    assert made.state(case) == "refused" and whats(made, made.desk) == ["release_turned_back"]
    refused("step_not_now", made.let_out, case)
    part = made.printed()
    made.let_out(part, went=["1", "3"], rest="1")
    assert [one.went for one in release_facts.items(store, part.id)] == [True, False, True]


def test_the_gate_is_kept_by_whom_the_centre_says(store: Store, made: Passes) -> None:
    case, plumber = made.printed(), actor(store, Role.WORKER)
    if plumber.department == "security":
        plumber = staff(store, "guan", Role.WORKER, "maintenance")
    refused("code_unknown", release_gate.opened, store, made.code(case), by=plumber, now=made.clock())
    refused("code_unknown", made.let_out, case, **made.by(plumber))
    assert release_gate.of_today(store, by=plumber, now=made.clock()) == []
    configure(store, release_gate="all")
    assert made.let_out(case, **made.by(plumber)).state == "released"
    refused("code_unknown", release_gate.opened, store, case.token, by=made.guard, now=made.clock())


def test_it_is_written_down_from_the_paper_the_morning_after(store: Store, made: Passes) -> None:
    case = made.printed()
    made.clock.forward(days=1)
    release_lists.expire(store, by=BOX, now=made.clock())
    said: dict[str, Any] = {"no": case.no, "went": ["1", "2", "3"]}
    refused("release_time_invalid", release_gate.enter, store, **said, time="25:00", **made.by(made.desk))
    refused("release_time_before", release_gate.enter, store, **said, time="08:00", **made.by(made.desk))
    refused("release_unticked", release_gate.enter, store, **said | {"went": ["1"]}, time="19:40",
            **made.by(made.desk))  # fmt: skip
    assert made.state(case) == "expired"
    done = release_gate.enter(store, **said, time="19:40", **made.by(made.desk))
    found = release_facts.details(store, done)
    assert (done.state, found.out_at, found.out_how) == ("returned", "2026-11-23T11:40:00.000Z", "paper")
    ahead = made.printed(valid_on="2026-11-24")
    refused("release_time_ahead", release_gate.enter, store, no=ahead.no, time="23:00", went=["1", "2", "3"],
            **made.by(made.desk))  # fmt: skip
    # What was never approved cannot have left, whatever the paper says.
    never = made.apply(valid_on="2026-11-24")
    made.clock.forward(days=1)
    release_lists.expire(store, by=BOX, now=made.clock())
    refused("release_time_before", release_gate.enter, store, no=never.no, time="19:40", went=["1", "2", "3"],
            **made.by(made.desk))  # fmt: skip


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"unit": ""}, "unit_missing"),
        ({"name": ""}, "name_missing"),
        ({"phone": ""}, "phone_missing"),
        ({"tie": ""}, "tie_unknown"),
        ({"tie": "tenant-deed"}, "tie_unknown"),
        ({"tie": "agent-register"}, "tie_unknown"),
        ({"tie": "tenant-lease", "moving": "1"}, "owner_agreement_missing"),
        ({"owner_agreed": "maybe"}, "choice_unknown"),
        ({"valid_on": "morgen"}, "release_day_invalid"),
        ({"valid_on": "2026-11-22"}, "release_day_past"),
        ({"valid_on": "2027-11-23"}, "release_day_too_far"),
        ({"items": []}, "release_items_missing"),
        ({"items": [("", ""), (" ", "")]}, "release_items_missing"),
        ({"items": [("", "2")]}, "item_missing"),
        ({"items": [("冰箱", "两台")]}, "item_count_bad"),
        ({"items": [("冰箱", "0")]}, "item_count_bad"),
        ({"items": [("冰箱", "1")] * 25}, "release_items_too_many"),
        ({"items": [("长" * 61, "1")]}, "text_too_long"),
        ({"plate": "京" * 13}, "text_too_long"),
    ],
)
def test_what_is_not_applied_for(store: Store, made: Passes, said: dict[str, Any], code: str) -> None:
    before = list(store.connection.iterdump())
    refused(code, made.apply, **said)
    assert list(store.connection.iterdump()) == before


def test_a_tenant_moves_out_with_the_owner_s_agreement(store: Store, made: Passes) -> None:
    case = made.apply(tie="tenant-lease", moving="1", owner_agreed="call")
    assert release_facts.details(store, case).owner_agreed == "call"
    with pytest.raises(sqlite3.IntegrityError):
        store.execute("UPDATE release_passes SET owner_agreed = '' WHERE case_id = ?", [case.id])
    # Some things of his own go without.
    assert made.apply(tie="tenant-lease").state == "applied"


def test_what_was_approved_is_not_changed(store: Store, made: Passes) -> None:
    case = made.approved()
    with pytest.raises(sqlite3.IntegrityError, match="nothing is put on"):
        store.execute("INSERT INTO release_items VALUES (?, 9, '电视', 1, '', NULL)", [case.id])
    with pytest.raises(sqlite3.IntegrityError, match="nothing on a pass"):
        store.execute("UPDATE release_items SET quantity = 9 WHERE case_id = ?", [case.id])
    for state in ("released", "returned"):
        with pytest.raises(sqlite3.IntegrityError, match="does not stand so"):
            store.execute("UPDATE cases SET state = ? WHERE id = ?", [state, case.id])
    asked = made.apply()
    with pytest.raises(sqlite3.IntegrityError, match="does not stand so"):
        store.execute("UPDATE cases SET state = 'printed' WHERE id = ?", [asked.id])


def test_both_parts_name_nobody_whole_and_no_telephone(store: Store, made: Passes) -> None:
    case = made.printed(plate="京a12345")
    holder, gate = (release_facts.slip(store, case, part, made.clock()) for part in release_facts.PARTS)
    assert (holder.unit, gate.unit) == ("1号楼", "1-1-101")
    assert holder.name == gate.name == "钱**" and gate.plate == "京A12345"
    assert holder.url == gate.url and made.code(case) in gate.url and case.token not in gate.url
    for slip in (holder, gate):
        assert "13911112222" not in papers.to_json(slip) and "钱多多" not in papers.to_json(slip)
        assert papers.from_json("release_slip", papers.to_json(slip)) == slip
    assert holder.day.zh == "11月23日（周一）" and holder.approved_by == "陈静"


def test_a_copy_is_marked_and_none_is_made_of_what_is_over(store: Store, made: Passes) -> None:
    case = made.printed()
    practice.come_out(store, now=made.clock())
    _, gate = paper_care.of_ref(store, cases.ref(case))
    job = reprints.reprint(store, job_id=str(gate.id), nonce="r", **made.by(made.desk))
    entry = paper_care.find(store, job)
    assert entry is not None and (entry.copy_no, entry.part) == (1, "gate")
    practice.come_out(store, now=made.clock())
    made.let_out(case)
    refused("paper_outdated", reprints.reprint, store, job_id=str(gate.id), nonce="s", **made.by(made.desk))


def test_what_is_refused_prints_nothing_that_still_waits(store: Store, made: Passes) -> None:
    case = made.printed()
    release_passes.refuse(store, no=case.no, reason="填错了", **made.by(made.desk))
    assert {one.state for one in paper_care.of_ref(store, cases.ref(case))} == {"void"}
    assert release_gate.of_today(store, by=made.guard, now=made.clock()) == []


def test_its_code_is_found_at_the_desk_and_the_kiosk(store: Store, made: Passes) -> None:
    case = made.printed()
    found = case_search.search(store, made.code(case), by=made.desk, now=made.clock())
    assert [one.no for one in found.cases] == [case.no]
    shown = kinds.case_of_code(store, made.code(case))
    assert (shown.no, shown.name, shown.whole) == (case.no, "钱**", False)


@pytest.mark.parametrize(
    ("text", "found"),
    [("", (1, "")), ("3", (3, "")), ("20箱", (20, "箱")), ("２０ 箱", (20, "箱")), ("999", (999, ""))],
)
def test_how_many(text: str, found: tuple[int, str]) -> None:
    assert quantity(text) == found


@given(st.text(max_size=12))
def test_how_many_never_breaks(text: str) -> None:
    try:
        count, word = quantity(text)
    except ValueError as error:
        assert str(error) == "item_count_bad"
    else:
        assert 1 <= count <= 999 and len(word) <= 4
