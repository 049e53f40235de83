"""Fees to pay: a list imported twice doubles nothing, sums are right, one call a day, and every act is written down."""

import shutil
import sqlite3
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from db.migrations import migrate
from db.store import Store, open_store, writing
from lobbydesk.home import store_path
from reception import (
    SCHEMA,
    estate,
    fee_calls,
    fee_lists,
    fee_papers,
    fees,
    imports,
    retention,
    retention_rules,
    settings,
)
from reception.permissions import BOX, Actor, Role
from reception.refusal import Refused
from reception.rules import clock as clocks
from reception.rules.fee_periods import parse
from tests.conftest import MORNING, Clock, actor
from tests.reception.test_races import NOW, Gate, race

HEAD = ("房号", "项目", "账期", "金额", "应缴日期", "面积")
HOME = "1-1-101"
LINES = (
    (HOME, "物业费", "2026Q4", "534.00", "2026-11-10", ""),
    (HOME, "公摊", "2026-11", "26.70", "2026-12-10", "89"),
    ("1-1-102", "水费", "2026-10", "0.01", "2026-11-22", ""),
)


def bring(store: Store, *lines: Iterable[str], nonce: str = "n", by: Actor | None = None) -> tuple[int, int, int]:
    """Import lines as the manager; return added, changed, same."""
    data = "\n".join(",".join(row) for row in (HEAD, *lines)).encode()
    who = by or actor(store, Role.MANAGER)
    done = imports.apply(store, kind="fees", data=data, nonce=nonce, by=who, now=MORNING)
    return done.added, done.changed, done.same


def wrong(store: Store, *lines: Iterable[str]) -> list[tuple[int, str, str]]:
    """What a dry run says of lines: row, column, code."""
    data = "\n".join(",".join(row) for row in (HEAD, *lines)).encode()
    report = imports.dry_run(store, kind="fees", data=data, by=actor(store, Role.MANAGER), now=MORNING)
    return [(one.row, one.column.zh, one.code) for one in report.bad]


def unit_id(store: Store, home: str = HOME) -> int:
    """Return the id of a home."""
    return estate.find_unit(store, home).id


def marks(store: Store, home: str = HOME) -> list[str]:
    """Return what a form carries of the open lines of a home."""
    return [one.mark for one in fees.open_of(store, unit_id(store, home), now=MORNING)]


def test_a_list_twice_changes_the_open_line_and_doubles_nothing(store: Store) -> None:
    assert bring(store, *LINES) == (3, 0, 0)
    assert bring(store, *LINES, nonce="again") == (0, 0, 3)
    other = (HOME, "物业管理费", "2026年10月至2026年12月", "500", "2026-11-20", "")
    assert bring(store, other, *LINES[1:], nonce="other") == (0, 1, 2)
    one, two = fees.open_of(store, unit_id(store), now=MORNING)
    assert (one.amount, one.due_on, one.overdue, two.amount, two.overdue) == (
        "500.00", "2026-11-20", True, "26.70", False,
    )  # fmt: skip
    assert (two.reckoned, two.area, two.rate_fen) == ("89 ㎡ × 0.30 × 1", 8900, 30)
    event = store.row("SELECT detail FROM events WHERE what = 'change_fee'")
    assert event is not None and event["detail"] == '{"fen": 50000, "was_fen": 53400}'


def test_the_store_itself_holds_one_line_for_one_thing(store: Store) -> None:
    """Take the index away, and this fails."""
    bring(store, *LINES)
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"), writing(store):
        store.execute(
            "INSERT INTO fees (unit_id, item, from_month, to_month, amount_fen, due_on, notified_at)"
            " SELECT unit_id, item, from_month, to_month, 1, due_on, notified_at FROM fees WHERE id = 1"
        )
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"), writing(store):
        store.execute("UPDATE fees SET amount_fen = amount_fen + 1 WHERE area IS NOT NULL")


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        (("9-9-999", "水费", "2026-10", "1", "2026-11-22", ""), "房号", "unit_unknown"),
        ((HOME, "会员费", "2026-10", "1", "2026-11-22", ""), "项目", "fee_item_unknown"),
        ((HOME, "水费", "本月", "1", "2026-11-22", ""), "账期", "fee_period_invalid"),
        ((HOME, "水费", "2026-10", "0", "2026-11-22", ""), "金额（元）", "fee_amount_zero"),
        ((HOME, "水费", "2026-10", "-5", "2026-11-22", ""), "金额（元）", "money_invalid"),
        ((HOME, "水费", "2026-10", "1.005", "2026-11-22", ""), "金额（元）", "money_invalid"),
        ((HOME, "水费", "2026-10", "1", "22.11.2026", ""), "应缴日期", "date_invalid"),
        ((HOME, "水费", "2026-10", "1", "2026-11-22", "89"), "面积（㎡）", "fee_area_unwanted"),
        ((HOME, "公摊", "2026-11", "26.71", "2026-11-22", "89"), "金额（元）", "fee_rate_differs"),
        ((HOME, "公摊", "2026Q4", "26.70", "2026-11-22", "89"), "金额（元）", "fee_rate_differs"),
    ],
)
def test_a_line_that_is_wrong_is_named(store: Store, line: tuple[str, ...], column: str, code: str) -> None:
    assert wrong(store, LINES[2], line) == [(3, column, code)]


def test_nobody_is_asked_twice_for_a_month(store: Store) -> None:
    year = (HOME, "物业费", "2026", "2136", "2026-11-22", "")
    assert wrong(store, LINES[0], year) == [(3, "账期", "fee_period_overlaps")]
    bring(store, *LINES)
    assert wrong(store, year) == [(2, "账期", "fee_period_overlaps")]
    fees.pay(store, unit=HOME, marks=marks(store), by=actor(store, Role.RECEPTIONIST), now=MORNING)
    assert wrong(store, year) == [(2, "账期", "fee_period_overlaps")], "what was paid is not asked for again"


def test_what_was_paid_stays_paid_whatever_an_old_list_says(store: Store, receptionist: Actor) -> None:
    bring(store, *LINES)
    fees.pay(store, unit=HOME, marks=marks(store), by=receptionist, now=MORNING)
    assert bring(store, *LINES, nonce="old") == (0, 0, 3) and not marks(store)
    more = (HOME, "物业费", "2026Q4", "600", "2026-11-10", "")
    assert wrong(store, more) == [(2, "金额（元）", "fee_paid_already")]
    settled = fees.settled_of(store, unit_id(store), now=MORNING)
    assert {(one.state, one.settled_by) for one in settled} == {("paid", receptionist.name)}
    events = store.rows("SELECT what, from_state, to_state, by_id FROM events WHERE subject = 'fee'")
    assert [tuple(row) for row in events] == [("pay_fee", "notified", "paid", receptionist.id)] * 2


def test_what_was_withdrawn_comes_back_only_as_something_else(store: Store) -> None:
    head = actor(store, Role.SERVICE_HEAD)
    bring(store, *LINES)
    with pytest.raises(Refused, match="reason_missing"):
        fees.withdraw(store, unit=HOME, marks=marks(store), reason=" ", by=head, now=MORNING)
    fees.withdraw(store, unit=HOME, marks=marks(store)[:1], reason="面积算错", by=head, now=MORNING)
    assert bring(store, *LINES, nonce="old") == (0, 0, 3) and len(marks(store)) == 1
    right = (HOME, "物业费", "2026Q4", "480", "2026-11-10", "")
    assert bring(store, right, nonce="right") == (1, 0, 0) and len(marks(store)) == 2
    gone = fees.settled_of(store, unit_id(store), now=MORNING)[0]
    assert (gone.state, gone.reason) == ("withdrawn", "面积算错")
    with pytest.raises(Refused, match="fee_stands_already"):
        fees.take_back(store, unit=HOME, mark=gone.mark, by=head, now=MORNING)


def test_a_mistake_is_taken_back_once(store: Store, receptionist: Actor) -> None:
    head = actor(store, Role.SERVICE_HEAD)
    bring(store, *LINES)
    chosen = marks(store)[:1]
    fees.pay(store, unit=HOME, marks=chosen, by=receptionist, now=MORNING)
    fees.take_back(store, unit=HOME, mark=chosen[0], by=head, now=MORNING)
    assert len(marks(store)) == 2
    with pytest.raises(Refused, match="fee_changed"):
        fees.take_back(store, unit=HOME, mark=chosen[0], by=head, now=MORNING)


@pytest.mark.parametrize("mark", ["", "1", "1-", "-1", "x-1", "1-1", "99-53400", "3-1", "1-53400-1", "9" * 20 + "-1"])
def test_only_what_the_screen_showed_is_settled_and_all_or_nothing(
    store: Store, receptionist: Actor, mark: str
) -> None:
    bring(store, *LINES)
    good = marks(store)
    with pytest.raises(Refused, match="fee_changed"):
        fees.pay(store, unit=HOME, marks=[*good, mark], by=receptionist, now=MORNING)
    assert marks(store) == good and not store.value("SELECT 1 FROM events WHERE what = 'pay_fee'")
    with pytest.raises(Refused, match="fee_none_chosen"):
        fees.pay(store, unit=HOME, marks=[], by=receptionist, now=MORNING)


def test_an_amount_that_changed_meanwhile_is_not_noted_as_paid(store: Store, receptionist: Actor) -> None:
    """The mark carries the amount: without it in the condition this fails."""
    bring(store, *LINES)
    seen = marks(store)
    bring(store, (HOME, "物业费", "2026Q4", "600", "2026-11-10", ""), nonce="more")
    with pytest.raises(Refused, match="fee_changed"):
        fees.pay(store, unit=HOME, marks=seen, by=receptionist, now=MORNING)


def test_who_owes_what_with_sums_masked(store: Store, receptionist: Actor) -> None:
    bring(store, *LINES)
    late = fee_lists.listed(store, by=receptionist, now=MORNING)
    assert (late.show, late.homes, late.fen, late.late_fen) == ("call", 2, 56071, 53401)
    one, two = late.debts
    assert (one.unit.label, one.lines, one.fen, one.late_fen, one.oldest, one.days) == (
        HOME, 2, 56070, 53400, "2026-11-10", 13,
    )  # fmt: skip
    assert (two.days, two.late_fen) == (1, 1)
    row = store.row("SELECT name, phone FROM residents WHERE unit_id = ? AND relation = 'owner'", [unit_id(store)])
    assert row is not None
    said = str(fee_lists.rows(store, late))
    assert row["name"] not in said and row["phone"] not in said and one.name[0] == row["name"][0] and "*" in one.name
    assert fee_lists.listed(store, show="open", building="2", by=receptionist, now=MORNING).homes == 0
    with pytest.raises(Refused, match="choice_unknown"):
        fee_lists.listed(store, show="x", by=receptionist, now=MORNING)


def test_due_today_is_not_late_and_tomorrow_it_is(store: Store, receptionist: Actor) -> None:
    bring(store, (HOME, "水费", "2026-10", "5", "2026-11-23", ""))
    assert fee_lists.listed(store, by=receptionist, now=MORNING).homes == 0
    # By the day of the site: still the 23rd there, though UTC says 15:59; a minute later it is late.
    for hour, minute, late in ((15, 59, False), (16, 0, True)):
        now = MORNING.replace(hour=hour, minute=minute)
        assert fee_lists.to_call(store, by=receptionist, now=now) == late
        assert fees.open_of(store, unit_id(store), now=now)[0].overdue is late


@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(1, 999_999_999), st.integers(-40, 40), st.integers(0, 5)), min_size=1, max_size=12)
)
def test_sums_are_sums(store: Store, lines: list[tuple[int, int, int]]) -> None:
    with writing(store):
        store.execute("DELETE FROM fees")
        for place, (fen, day, home) in enumerate(lines):
            due = (date(2026, 11, 23) + timedelta(days=day)).isoformat()
            store.execute(
                "INSERT INTO fees (unit_id, item, from_month, to_month, amount_fen, due_on, notified_at)"
                " VALUES (?, 'water', ?, ?, ?, ?, '')",
                [home + 1, 24300 + place, 24300 + place, fen, due],
            )
    found = fee_lists.listed(store, show="open", by=actor(store, Role.MANAGER), now=MORNING)
    assert found.fen == sum(fen for fen, _, _ in lines) == sum(one.fen for one in found.debts)
    assert found.late_fen == sum(fen for fen, day, _ in lines if day < 0)
    assert found.homes == len({home for _, _, home in lines}) == len(found.debts)


def test_one_call_a_day_a_home(store: Store, receptionist: Actor, clock: Clock) -> None:
    head = actor(store, Role.SERVICE_HEAD)
    bring(store, *LINES)
    fee_calls.take(store, unit=HOME, by=receptionist, now=clock())
    fee_calls.take(store, unit=HOME, by=receptionist, now=clock())
    for _ in range(2):
        with pytest.raises(Refused, match="fee_called_today"):
            fee_calls.take(store, unit=HOME, by=head, now=clock())
    with pytest.raises(Refused, match="fee_call_not_held"):
        fee_calls.note(store, unit=HOME, outcome="told", by=head, now=clock())
    for outcome, note, code in (("x", "", "fee_outcome_unknown"), ("disputes", " ", "fee_note_missing")):
        with pytest.raises(Refused, match=code):
            fee_calls.note(store, unit=HOME, outcome=outcome, note=note, by=receptionist, now=clock())
    fee_calls.note(store, unit=HOME, outcome="disputes", note="说面积不对", by=receptionist, now=clock())
    (call,) = fee_calls.of_home(store, unit_id(store))
    assert (call.by_name, call.code, call.note) == (receptionist.name, "disputes", "说面积不对")
    for act in (fee_calls.take, fee_calls.let_go):
        with pytest.raises(Refused, match="fee_call"):
            act(store, unit=HOME, by=receptionist, now=clock())
    # Called: off the list for a week, and then on it again.
    homes = [one.unit.label for one in fee_lists.listed(store, by=head, now=clock()).debts]
    assert homes == ["1-1-102"]
    assert fee_lists.to_call(store, by=head, now=clock.forward(days=7)) == 2
    fee_calls.take(store, unit=HOME, by=head, now=clock())
    looks = store.value("SELECT count(*) FROM reveals WHERE reason = 'fees'")
    assert looks == 3, "each look at the telephone is written down"


def test_a_call_not_made_may_be_made_by_a_colleague(store: Store, receptionist: Actor) -> None:
    head = actor(store, Role.SERVICE_HEAD)
    bring(store, *LINES)
    fee_calls.take(store, unit=HOME, by=receptionist, now=MORNING)
    with pytest.raises(Refused, match="fee_call_not_held"):
        fee_calls.let_go(store, unit=HOME, by=head, now=MORNING)
    fee_calls.let_go(store, unit=HOME, by=receptionist, now=MORNING)
    fee_calls.take(store, unit=HOME, by=head, now=MORNING)
    with pytest.raises(Refused, match="fee_nothing_open"):
        fee_calls.take(store, unit="1-2-101", by=head, now=MORNING)


def _call(store: Store, gate: Gate, desk: int) -> int:
    by = actor(store, (Role.RECEPTIONIST, Role.SERVICE_HEAD, Role.MANAGER, Role.ASSISTANT)[desk])
    try:
        fee_calls.take(store, unit=HOME, by=by, now=NOW)
    except Refused as refused:
        assert refused.code == "fee_called_today"
        return 0
    return 1


def test_four_desks_take_one_call_once(home: Path) -> None:
    store = open_store(store_path(home))
    bring(store, *LINES)
    store.close()
    assert sum(race(home, *((_call, desk) for desk in range(4)))) == 1


def _pay(store: Store, gate: Gate, desk: int) -> int:
    by = actor(store, Role.RECEPTIONIST)
    try:
        fees.pay(store, unit=HOME, marks=["1-53400"], by=by, now=NOW)
    except Refused as refused:
        assert refused.code == "fee_changed"
        return 0
    return 1


def test_four_desks_note_one_line_as_paid_once(home: Path) -> None:
    """Without `AND state = 'notified'` all four note it."""
    store = open_store(store_path(home))
    bring(store, *LINES)
    store.close()
    assert sum(race(home, *((_pay, desk) for desk in range(4)))) == 1


def test_slip_and_sheets(store: Store, receptionist: Actor) -> None:
    bring(store, *LINES)
    for _ in range(2):
        fee_papers.print_slip(store, unit=HOME, nonce="p", by=receptionist, now=MORNING)
    (job,) = store.rows("SELECT kind, facts FROM print_jobs WHERE kind = 'fee_notice'")
    row = store.row("SELECT name, phone FROM residents WHERE unit_id = ? AND relation = 'owner'", [unit_id(store)])
    assert row is not None
    assert HOME not in job["facts"] and row["name"] not in job["facts"] and row["phone"] not in job["facts"]
    assert '"total": "560.70"' in job["facts"] and '"late": "534.00"' in job["facts"]
    assert "0.30 元/(㎡·月)" in job["facts"] and "不另加" not in job["facts"]
    made = fee_papers.sheets(store, show="overdue", by=receptionist, now=MORNING)
    assert [(one.unit.label, one.total, one.late) for one in made] == [(HOME, 56070, 53400), ("1-1-102", 1, 1)]
    assert made[0].capital == "人民币伍佰陆拾元零柒角" and "不另加" in str(made[1].remarks)
    noted = "SELECT count(*) FROM events WHERE what = 'print_fee_notice'"
    assert store.value(noted) == 1, "nobody has printed a sheet that somebody looked at"
    fee_papers.sheets_printed(store, units=[HOME, "1-1-102"], by=receptionist, now=MORNING)
    assert store.value(noted) == 3
    for units, code in (([], "fee_nothing_open"), (["1-2-101"], "fee_nothing_open"), ([HOME] * 201, "fee_too_many")):
        with pytest.raises(Refused, match=code):
            fee_papers.sheets_printed(store, units=units, by=receptionist, now=MORNING)
    with pytest.raises(Refused, match="fee_nothing_open"):
        fee_papers.sheets(store, unit="1-2-101", by=receptionist, now=MORNING)


def test_a_slip_that_did_not_come_out_is_no_notice(store: Store, receptionist: Actor) -> None:
    bring(store, *LINES)
    fee_papers.print_slip(store, unit=HOME, nonce="p", by=receptionist, now=MORNING)
    for state, noticed in (("queued", False), ("failed", False), ("printed", True), ("uncertain", False)):
        ended = None if state == "queued" else "2026-11-23T02:30:00.000Z"
        store.execute("UPDATE print_jobs SET state = ?, ended_at = ?, sending_at = ?", [state, ended, ended])
        assert bool(fee_lists.listed(store, by=receptionist, now=MORNING).debts[0].noticed_at) is noticed, state


def test_a_change_asks_for_a_new_notice(store: Store, receptionist: Actor) -> None:
    bring(store, *LINES)
    fee_papers.sheets_printed(store, units=[HOME], by=receptionist, now=MORNING)
    assert fee_lists.listed(store, by=receptionist, now=MORNING).debts[0].noticed_at
    bring(store, (HOME, "物业费", "2026Q4", "500", "2026-11-10", ""), nonce="new")
    assert fee_lists.listed(store, by=receptionist, now=MORNING).debts[0].noticed_at is None


def test_the_rate_is_the_centre_s(store: Store) -> None:
    settings.change(store, values={"fee_energy_rate_fen": "35"}, by=actor(store, Role.MANAGER), now=MORNING)
    assert wrong(store, LINES[1]) == [(2, "金额（元）", "fee_rate_differs")]
    bring(store, (HOME, "公共能耗费", "2026-11", "31.15", "2026-12-10", "89"))
    assert parse("2026-11").text == fees.open_of(store, unit_id(store), now=MORNING)[0].period.text


def test_a_notice_names_only_the_rates_that_its_lines_were_reckoned_by(store: Store) -> None:
    bring(store, LINES[1], (HOME, "公摊", "2026-10", "12.00", "2026-12-10", ""))
    settings.change(store, values={"fee_energy_rate_fen": "35"}, by=actor(store, Role.MANAGER), now=MORNING)
    reckoned, summed = sorted(fees.open_of(store, unit_id(store), now=MORNING), key=lambda one: one.rate_fen is None)
    assert [one.zh for one in fee_papers.remarks((reckoned, summed))] == ["公共能耗费按 0.30 元/(㎡·月) 计"]
    assert fee_papers.remarks((summed,)) == ()


def test_a_call_that_nobody_made_keeps_no_home_off_the_list(store: Store, receptionist: Actor, clock: Clock) -> None:
    head = actor(store, Role.SERVICE_HEAD)
    bring(store, *LINES)
    fee_calls.take(store, unit=HOME, by=receptionist, now=clock())
    assert fee_lists.to_call(store, by=head, now=clock()) == 1, "she is calling just now"
    clock.forward(days=1)
    assert fee_lists.to_call(store, by=head, now=clock()) == 2
    assert not fee_calls.held(store, unit_id(store), by=receptionist, now=clock())
    assert fee_calls.unnoted(store, unit_id(store), by=receptionist) == "2026-11-23"
    assert fee_calls.unnoted(store, unit_id(store), by=head) is None
    with pytest.raises(Refused, match="fee_call_not_held"):
        fee_calls.let_go(store, unit=HOME, by=head, now=clock())
    fee_calls.note(store, unit=HOME, outcome="told", by=receptionist, now=clock())
    assert [(one.called_on, one.code) for one in fee_calls.of_home(store, unit_id(store))] == [("2026-11-23", "told")]
    assert fee_lists.to_call(store, by=head, now=clock()) == 1
    fee_calls.take(store, unit="1-1-102", by=receptionist, now=clock())
    fee_calls.let_go(store, unit="1-1-102", by=receptionist, now=clock.forward(days=1))
    assert fee_calls.of_home(store, unit_id(store, "1-1-102")) == ()


def test_a_home_that_is_not_late_is_not_called(store: Store, receptionist: Actor) -> None:
    bring(store, LINES[1])
    with pytest.raises(Refused, match="fee_nothing_late"):
        fee_calls.take(store, unit=HOME, by=receptionist, now=MORNING)
    assert store.value("SELECT count(*) FROM reveals") == 0


def test_the_upgrade_keeps_what_was_imported_before(tmp_path: Path) -> None:
    before = tmp_path / "before"
    before.mkdir()
    for file in SCHEMA.glob("*.sql"):
        if file.stem < "0068":
            shutil.copy(file, before)
    path = tmp_path / "lobbydesk.db"
    migrate(path, [before])
    store = open_store(path)
    at, digest = "2026-11-20T02:00:00.000Z", "a" * 64
    store.execute("INSERT INTO departments (code, name, name_en) VALUES ('service', '客户服务部', 'Service')")
    owner = store.insert(
        "INSERT INTO staff (login, name, role, department, password_hash)"
        " VALUES ('wanglin', '王琳', 'receptionist', 'service', 'x')"
    )
    case = store.insert(
        "INSERT INTO cases (no, token, kind, state, name, phone, department, received_at, changed_at, source,"
        " owner_id)"
        " VALUES ('BX20261120-001', 'ABCDEFGHJKMNPQRSTUVWXYZ234', 'repair', 'registered', '', '', 'service', ?, ?,"
        " 'desk', ?)",
        [at, at, owner],
    )
    store.execute("INSERT INTO imports VALUES (7, 'cases', ?, 1, 0, 0, ?, 'box', NULL)", [digest, at])
    store.execute("INSERT INTO imported_cases VALUES (?, 7, ?)", [case, digest])
    store.close()
    migrate(path, [SCHEMA])
    store = open_store(path)
    row = store.row("SELECT imports.*, case_id, fingerprint FROM imports JOIN imported_cases ON import_id = imports.id")
    assert row is not None
    assert tuple(row) == (7, "cases", digest, 1, 0, 0, at, "box", None, case, digest)
    assert store.rows("PRAGMA foreign_key_check") == []
    store.close()


def test_what_was_settled_goes_after_three_years_and_what_is_open_stays(
    store: Store, receptionist: Actor, home: Path
) -> None:
    bring(store, *LINES)
    fee_calls.take(store, unit="1-1-102", by=receptionist, now=MORNING)
    fees.pay(store, unit=HOME, marks=marks(store), by=receptionist, now=MORNING)
    old = clocks.to_text(MORNING - timedelta(days=1096))
    rule = {one.code: one for one in retention_rules.RULES if one.code in {"fees", "fee-calls"}}
    before = clocks.to_text(MORNING - timedelta(days=1095))
    assert not rule["fees"].due(store, before)
    with writing(store):
        store.execute("UPDATE fees SET settled_at = ? WHERE settled_at IS NOT NULL", [old])
        store.execute("UPDATE fee_calls SET at = ?", [old])
    assert rule["fees"].due(store, before) and not rule["fee-calls"].due(store, before)
    retention.run(store, by=BOX, now=MORNING, home=home)
    assert store.value("SELECT count(*) FROM fees") == 1 and store.value("SELECT count(*) FROM fee_calls") == 1
