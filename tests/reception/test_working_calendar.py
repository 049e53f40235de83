"""The working calendar in the store: seeded and cross-checked, changed by the manager, taken over from a notice."""

import sqlite3
from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from db.store import Store, writing
from reception import calendar_care, imports, working_calendar
from reception.permissions import BOX, Actor, Role
from reception.refusal import Refused
from tests.conftest import Clock, actor
from tests.reception.rules.test_working_days import KNOWN_DIFFERENCES, YEARS, all_days

# The shape of a notice; what it says of 2027 is invented.
NOTICE = """日期,当天,名称
2027-01-01,休息,元旦
2027-01-04,rest,元旦
2027/2/5,放假,春节
2027年2月20日,补班,春节
"""


@pytest.fixture
def manager(store: Store) -> Actor:
    return actor(store, Role.MANAGER)


def set_day(store: Store, clock: Clock, by: Actor, day: str, kind: str, reason: str = "停电检修") -> None:
    calendar_care.set_day(store, day_on=day, kind=kind, note="", reason=reason, by=by, now=clock())


def take_over(store: Store, clock: Clock, text: str = NOTICE, nonce: str = "n") -> imports.Outcome:
    return imports.apply(store, kind="calendar", data=text.encode(), nonce=nonce, by=BOX, now=clock())


def test_our_table_agrees_with_both_sources_on_every_day_of_every_year(store: Store) -> None:
    table = working_calendar.calendar(store)
    assert table.official_years == frozenset(YEARS)
    other = holidays.country_holidays("CN", years=YEARS)
    assert all(table.is_open(day) == chinese_calendar.is_workday(day) for day in all_days())
    found = {
        day: (table.is_open(day), other.is_working_day(day))
        for day in all_days()
        if table.is_open(day) != other.is_working_day(day)
    }
    assert found == KNOWN_DIFFERENCES


def test_loading_twice_is_loading_once(store: Store) -> None:
    before = store.rows("SELECT * FROM calendar_days ORDER BY day_on")
    working_calendar.load_official_days(store)
    assert [tuple(row) for row in store.rows("SELECT * FROM calendar_days ORDER BY day_on")] == [
        tuple(row) for row in before
    ]


def test_the_manager_s_word_stands_above_the_notice_and_is_taken_back(
    store: Store, clock: Clock, manager: Actor
) -> None:
    day = date(2026, 10, 1)
    set_day(store, clock, manager, day.isoformat(), "work")
    assert working_calendar.calendar(store).is_open(day)
    working_calendar.load_official_days(store)
    assert working_calendar.calendar(store).is_open(day)
    calendar_care.take_back(store, day_on=day.isoformat(), reason="照常放假", by=manager, now=clock())
    assert not working_calendar.calendar(store).is_open(day)
    told = calendar_care.changes(store, 2026, by=manager)
    assert [(one.was_kind, one.kind, one.reason, one.by_name) for one in told] == [
        ("work", "rest", "照常放假", manager.name),
        ("rest", "work", "停电检修", manager.name),
    ]
    with pytest.raises(Refused, match="day_not_yours"):
        calendar_care.take_back(store, day_on=day.isoformat(), reason="x", by=manager, now=clock())


def test_an_ordinary_day_is_one_again(store: Store, clock: Clock, manager: Actor) -> None:
    set_day(store, clock, manager, "2026-12-08", "rest")
    set_day(store, clock, manager, "2026-12-08", "rest")
    assert len(calendar_care.changes(store, 2026, by=manager)) == 1
    calendar_care.take_back(store, day_on="2026-12-08", reason="不停电了", by=manager, now=clock())
    assert calendar_care.changes(store, 2026, by=manager)[0].kind == ""
    assert store.value("SELECT 1 FROM calendar_days WHERE day_on = '2026-12-08'") is None


def test_what_was_said_of_the_calendar_is_never_changed(store: Store, clock: Clock, manager: Actor) -> None:
    set_day(store, clock, manager, "2026-12-08", "rest")
    for statement in ("UPDATE calendar_changes SET reason = 'x'", "DELETE FROM calendar_changes"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"), writing(store):
            store.execute(statement)


@pytest.mark.parametrize(
    ("day", "kind", "reason", "code"),
    [
        ("2026-12-08", "rest", " ", "reason_missing"),
        ("2026-12-08", "holiday", "x", "day_kind_unknown"),
        ("2026-13-08", "rest", "x", "date_invalid"),
        ("1999-12-08", "rest", "x", "date_invalid"),
        ("", "rest", "x", "date_invalid"),
    ],
)
def test_what_is_no_change_is_refused(
    store: Store, clock: Clock, manager: Actor, day: str, kind: str, reason: str, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        set_day(store, clock, manager, day, kind, reason)


@pytest.mark.parametrize("role", [Role.SERVICE_HEAD, Role.RECEPTIONIST, Role.ADMINISTRATOR])
def test_nobody_but_the_manager_changes_it(store: Store, clock: Clock, role: Role) -> None:
    with pytest.raises(Refused, match="not_permitted"):
        set_day(store, clock, actor(store, role), "2026-12-08", "rest")
    with pytest.raises(Refused, match="not_permitted"):
        calendar_care.take_back(store, day_on="2026-12-08", reason="x", by=actor(store, role), now=clock())


def test_a_notice_makes_its_year_official(store: Store, clock: Clock, manager: Actor) -> None:
    set_day(store, clock, manager, "2027-02-05", "work", "值班接访")
    report = imports.dry_run(store, kind="calendar", data=NOTICE.encode(), by=BOX, now=clock())
    assert report.ok and (report.added, report.changed) == (4, 0)
    assert 2027 not in working_calendar.official_years(store)
    take_over(store, clock)
    table = working_calendar.calendar(store)
    assert not table.is_provisional(date(2027, 6, 1))
    assert not table.is_open(date(2027, 1, 4)) and table.is_open(date(2027, 2, 20))
    # The manager's word stands; the notice holds once he takes it back.
    assert table.is_open(date(2027, 2, 5))
    calendar_care.take_back(store, day_on="2027-02-05", reason="改为放假", by=manager, now=clock())
    assert not working_calendar.calendar(store).is_open(date(2027, 2, 5))
    sources = {one.on: one.source for one in calendar_care.changes(store, 2027, by=manager)}
    assert sources[date(2027, 1, 4)] == "import"
    # Over his word the notice changed nothing.
    of_that_day = [one.source for one in calendar_care.changes(store, 2027, by=manager) if one.on == date(2027, 2, 5)]
    assert of_that_day == ["manager", "manager"]
    again = take_over(store, clock, nonce="again")
    assert (again.added, again.changed, again.same) == (0, 0, 4)


def test_a_leave_lengthened_later_is_taken_over_as_well(store: Store, clock: Clock) -> None:
    outcome = take_over(store, clock, "date,kind,name\n2026-12-31,rest,元旦\n2026-12-05,work,\n")
    assert (outcome.added, outcome.changed) == (2, 0)
    assert not working_calendar.calendar(store).is_open(date(2026, 12, 31))


@pytest.mark.parametrize(
    ("text", "row", "code"),
    [
        ("日期,当天\n2027-02-05,休息\n2027-02-08,休息\n", 2, "notice_of_part"),
        ("日期,当天\n2027-01-01,也许\n", 2, "day_kind_unknown"),
        ("日期,当天\n2027-01-01,休息\n2027-13-01,休息\n", 3, "date_invalid"),
        ("日期,当天\n2027-01-01,休息\n2027-01-01,上班\n", 3, "line_twice"),
        ("日期,当天\n2027-01-01,\n", 2, "cell_missing"),
    ],
)
def test_of_a_wrong_notice_nothing_is_taken_over(store: Store, clock: Clock, text: str, row: int, code: str) -> None:
    report = imports.dry_run(store, kind="calendar", data=text.encode(), by=BOX, now=clock())
    assert (report.bad[0].row, report.bad[0].code) == (row, code)
    with pytest.raises(Refused, match="import_has_errors"):
        take_over(store, clock, text)
    assert working_calendar.calendar(store).is_provisional(date(2027, 1, 1))
    assert store.value("SELECT count(*) FROM official_days WHERE day_on >= '2027'") == 0


def test_a_plain_list_needs_no_header(store: Store, clock: Clock) -> None:
    take_over(store, clock, "2027-01-01,rest,元旦\n2027-01-03,work,元旦\n")
    assert (
        store.value("SELECT group_concat(day_on) FROM official_days WHERE day_on >= '2027'") == "2027-01-01,2027-01-03"
    )


def test_a_whole_year_closed_is_refused(store: Store, clock: Clock) -> None:
    from reception import visit_day_calendar

    visit_day_calendar.tick(store, by=BOX, now=clock())
    days = [date(2026, 12, 1) + timedelta(days=n) for n in range(500)]
    text = "日期,当天\n" + "".join(f"{day},休息\n" for day in days)
    with pytest.raises(Refused, match="no_open_day"):
        take_over(store, clock, text)
    assert working_calendar.calendar(store).is_open(date(2026, 12, 1))
