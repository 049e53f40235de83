"""The visit day before it is held: planned and announced by the box, moved, received by a deputy, told."""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from db.store import Store, writing
from reception import (
    booking_facts,
    calendar_care,
    cases,
    feedback,
    imports,
    settings,
    tables,
    visit_day_calendar,
    visit_day_lists,
    visit_days,
    visit_slots,
)
from reception.cases import Case
from reception.permissions import BOX, Role
from reception.refusal import Refused
from reception.table_columns import TABLES
from reception.visit_days import Day
from tests.conftest import Clock, actor
from tests.reception.test_working_calendar import NOTICE
from tests.reception.visit_life import VisitLife


class Planned(VisitLife):
    """A centre whose days are planned; Monday 2026-11-23, the next one is Friday 2026-12-04."""

    def tick(self) -> int:
        """Let the box look."""
        return visit_day_calendar.tick(self.store, by=BOX, now=self.now)

    def days(self) -> dict[str, Day]:
        """Return the days by the date of their rule."""
        rows = self.store.rows(f"{visit_days.SELECT} ORDER BY nominal_on")
        return {row["nominal_on"]: visit_days.from_row(row) for row in rows}

    def day(self, nominal: str = "2026-12-04") -> Day:
        """Return one."""
        return self.days()[nominal]

    def on(self, nominal: str = "2026-12-04") -> str:
        """Return where one stands."""
        return self.day(nominal).actual_on.isoformat()

    def rest(self, day: str, reason: str = "停电检修") -> None:
        """Let the manager close a day."""
        calendar_care.set_day(
            self.store, day_on=day, kind="rest", note="", reason=reason, by=self.manager, now=self.now
        )

    def move(self, to: str, cause: str = "premises", reason: str = "接待室维修", **other: Any) -> Day:
        """Move the next day."""
        form: dict[str, Any] = {
            "day_id": self.day().id,
            "to": to,
            "cause": cause,
            "reason": reason,
            "by": self.manager,
        } | other
        return visit_day_calendar.move(self.store, **form, now=self.now)

    def set(self, **values: str) -> None:
        """Change settings."""
        settings.change(self.store, values=values, by=self.manager, now=self.now)

    def rule(self, key: str = "", **values: str) -> None:
        """Add a rule, or change one."""
        form = {"nth": "1", "weekday": "4", "opens": "10:00", "closes": "12:00", "room": "reception", "active": "1"}
        table = TABLES["visit_day_rules"]
        tables.save(self.store, table=table, key=key, values=form | values, by=self.manager, now=self.now)

    def moves(self) -> list[tuple[str, str, str]]:
        """Return what was written of moves."""
        rows = self.store.rows("SELECT was_on, now_on, cause FROM visit_day_moves ORDER BY id")
        return [(row["was_on"], row["now_on"], row["cause"]) for row in rows]

    def untold(self) -> list[str]:
        """Return whom the desk is to tell."""
        return [one.case.no for one in visit_day_lists.to_tell(self.store, by=self.desk)]

    def slips(self, case: Case) -> list[tuple[str, str]]:
        """Return the slips of a booking, as (edition, state)."""
        rows = self.store.rows(
            "SELECT part, state FROM print_jobs WHERE ref = ? AND kind = 'visit_day_slip' ORDER BY id",
            [cases.ref(case)],
        )
        return [(row["part"], row["state"]) for row in rows]


@pytest.fixture
def made(store: Store, clock: Clock) -> Planned:
    planned = Planned(store, clock)
    planned.tick()
    return planned


def test_the_box_plans_four_months_and_marks_what_is_provisional(made: Planned) -> None:
    found = {nominal: (str(day.actual_on), day.provisional, day.state) for nominal, day in made.days().items()}
    assert found == {
        "2026-12-04": ("2026-12-04", False, "planned"),
        "2027-01-01": ("2027-01-04", True, "planned"),
        "2027-02-05": ("2027-02-05", True, "planned"),
    }
    assert made.day().host_id == made.manager.id


def test_where_nothing_is_to_do_the_box_only_reads(made: Planned) -> None:
    said: list[str] = []
    made.store.connection.set_trace_callback(said.append)
    made.tick()
    made.store.connection.set_trace_callback(None)
    assert said and all(one.lstrip().startswith("SELECT") for one in said)


@pytest.mark.parametrize(("days", "state"), [(0, "planned"), (1, "published"), (4, "published"), (5, "planned")])
def test_it_announces_in_time_and_never_late(made: Planned, clock: Clock, days: int, state: str) -> None:
    # From ten days before the 4th of December to seven.
    clock.forward(days=days)
    assert made.tick() == int(state == "published")
    assert made.day().state == state
    late = visit_day_calendar.unannounced(made.store, now=made.now)
    assert [day.nominal_on.isoformat() for day in late] == (["2026-12-04"] if days == 5 else [])


def test_late_the_manager_announces_with_a_reason_and_it_is_noted(made: Planned, clock: Clock) -> None:
    clock.forward(days=6)
    one = made.day().id

    def publish(by: Any, reason: str = "") -> Day:
        return visit_day_calendar.publish(made.store, day_id=one, reason=reason, by=by, now=made.now)

    with pytest.raises(Refused, match="visit_day_too_late"):
        publish(made.head, "忘了")
    with pytest.raises(Refused, match="reason_missing"):
        publish(made.manager)
    assert publish(made.manager, "系统刚上线").public
    noted = made.store.row("SELECT detail, by_id FROM events WHERE what = 'published_late' AND subject_id = ?", [one])
    assert noted is not None
    assert noted["detail"] == '{"days": 5, "reason": "系统刚上线"}' and noted["by_id"] == made.manager.id
    with pytest.raises(Refused, match="visit_day_published"):
        publish(made.manager, "再来")


def test_in_time_the_head_of_service_announces_by_hand(made: Planned) -> None:
    assert visit_day_calendar.publish(made.store, day_id=made.day().id, by=made.head, now=made.now).public
    assert made.store.value("SELECT count(*) FROM events WHERE what = 'published_late'") == 0


def published(made: Planned) -> None:
    visit_day_calendar.publish(made.store, day_id=made.day().id, by=made.head, now=made.now)


def test_a_planned_day_moves_silently_and_tells_whoever_booked(made: Planned) -> None:
    case = made.book()
    made.rest("2026-12-04")
    assert made.on() == "2026-12-07" and made.moves() == [] and made.untold() == [case.no]
    assert made.slips(case) == [("", "void"), ("2", "queued")]
    feedback.give(made.store, no=case.no, about="progress", channel="phone", text="改期", by=made.desk, now=made.now)
    assert made.untold() == []


def test_a_published_day_moves_with_its_row_and_comes_back_with_another(made: Planned) -> None:
    case = made.book()
    published(made)
    made.rest("2026-12-04")
    calendar_care.take_back(made.store, day_on="2026-12-04", reason="不检修了", by=made.manager, now=made.now)
    assert made.moves() == [("2026-12-04", "2026-12-07", "calendar"), ("2026-12-07", "2026-12-04", "calendar")]
    assert made.on() == "2026-12-04"
    # He was told nothing in between: the date stays, as he knows it.
    assert "时间不变" in visit_day_lists.to_tell(made.store, by=made.desk)[0].text.zh
    assert booking_facts.details(made.store, case).edition == 3


def test_nobody_is_called_to_an_earlier_day_too_late(made: Planned, clock: Clock) -> None:
    published(made)
    made.rest("2026-12-04")
    clock.forward(days=9)  # 2 December
    calendar_care.take_back(made.store, day_on="2026-12-04", reason="不检修了", by=made.manager, now=made.now)
    assert made.on() == "2026-12-07"


def test_a_day_that_is_past_never_moves(made: Planned, clock: Clock) -> None:
    published(made)
    clock.forward(days=12)
    made.rest("2026-12-04")
    assert made.on() == "2026-12-04"


def test_the_policy_moves_every_day_to_come(made: Planned) -> None:
    case = made.book(day="2027-01-04")
    made.set(visit_day_roll="next_same_weekday")
    assert made.on("2027-01-01") == "2027-01-08" and made.untold() == [case.no]
    made.set(visit_day_roll="next_workday")
    assert made.on("2027-01-01") == "2027-01-04"


def in_january(made: Planned) -> Case:
    """Return a booking of the provisional day of January."""
    return made.book(day="2027-01-04")


def take_over(made: Planned, text: str) -> None:
    imports.apply(made.store, kind="calendar", data=text.encode(), nonce="notice", by=BOX, now=made.now)


def test_a_notice_moves_a_provisional_day_and_makes_it_fixed(made: Planned) -> None:
    case = in_january(made)
    assert booking_facts.details(made.store, case).provisional
    take_over(made, NOTICE)  # its 4th of January rests
    assert made.on("2027-01-01") == "2027-01-05" and not made.day("2027-01-01").provisional
    told = visit_day_lists.to_tell(made.store, by=made.desk)[0]
    assert told.case.no == case.no and "暂定" not in told.text.zh and "1月5日" in told.text.zh


def test_a_date_that_only_became_fixed_is_told_and_printed_again(made: Planned) -> None:
    case = in_january(made)
    take_over(made, "日期,当天\n2027-01-01,休息\n")
    assert made.on("2027-01-01") == "2027-01-04" and not made.day("2027-01-01").provisional
    assert made.store.value("SELECT cause FROM visit_day_changes WHERE case_id = ?", [case.id]) == "confirmed"
    told = visit_day_lists.to_tell(made.store, by=made.desk)[0]
    assert "日期已确定" in told.text.zh and made.slips(case)[-1] == ("2", "queued")


def test_a_newer_box_brings_the_official_days_itself(made: Planned) -> None:
    with writing(made.store):
        made.store.execute("DELETE FROM calendar_years WHERE year = 2026")
        made.store.execute("DELETE FROM calendar_days WHERE day_on >= '2026-12-01'")
        made.store.execute("UPDATE visit_days SET provisional = 1")
    made.tick()
    assert not made.day().provisional
    assert made.store.value("SELECT count(*) FROM calendar_years WHERE year = 2026") == 1


def test_the_manager_moves_it_for_a_cause_and_it_stays_there(made: Planned) -> None:
    case = made.book()
    published(made)
    assert made.move("2026-12-08").actual_on.isoformat() == "2026-12-08"
    made.tick()
    made.set(visit_day_roll="next_workday_not_weekend")
    assert made.on() == "2026-12-08" and made.moves() == [("2026-12-04", "2026-12-08", "premises")]
    assert made.untold() == [case.no]
    # Closed after all: on from where he put it.
    made.rest("2026-12-08")
    assert made.on() == "2026-12-09"


@pytest.mark.parametrize(
    ("to", "cause", "code"),
    [
        ("2026-12-05", "premises", "visit_day_closed"),
        ("2026-12-04", "premises", "visit_day_same"),
        ("2026-12-03", "premises", "visit_day_before_its_date"),
        ("2026-11-20", "emergency", "visit_day_before_its_date"),
        ("2027-01-04", "premises", "visit_day_taken"),
        ("2026-12-08", "host_away", "move_cause_unknown"),
        ("2026-12-08", "calendar", "move_cause_unknown"),
        ("soon", "premises", "date_invalid"),
    ],
)
def test_a_move_that_may_not_be(made: Planned, to: str, cause: str, code: str) -> None:
    published(made)
    with pytest.raises(Refused, match=code):
        made.move(to, cause)
    assert made.on() == "2026-12-04"


def test_a_move_needs_its_notice_and_its_reason(made: Planned, clock: Clock) -> None:
    published(made)
    with pytest.raises(Refused, match="reason_missing"):
        made.move("2026-12-08", reason=" ")
    clock.forward(days=8)  # 1 December: three days before
    with pytest.raises(Refused, match="not_permitted"):
        made.move("2026-12-08", by=made.head)
    clock.forward(days=1)
    with pytest.raises(Refused, match="visit_day_notice"):
        made.move("2026-12-08")
    assert made.move("2026-12-08", "emergency", "燃气泄漏").actual_on.isoformat() == "2026-12-08"


def test_a_day_under_way_moves_no_more(made: Planned, clock: Clock) -> None:
    published(made)
    clock.forward(days=11)  # the day itself, after ten
    with pytest.raises(Refused, match="visit_day_begun"):
        made.move("2026-12-08", "emergency")


def test_whoever_was_arranged_is_admitted_for_the_other_day(made: Planned) -> None:
    case = made.admitted()
    with writing(made.store):
        cases.move(made.store, case, "scheduled", "schedule", by=made.manager, at=made.now)
    made.move("2026-12-08")
    assert cases.whole(made.store, case.id).state == "admitted"


def test_whoever_withdrew_is_not_told(made: Planned) -> None:
    case = made.book()
    with writing(made.store):
        made.store.execute("UPDATE visit_day_bookings SET live = 0 WHERE case_id = ?", [case.id])
        cases.move(made.store, case, "withdrawn", "withdraw", by=made.desk, at=made.now)
    made.move("2026-12-08")
    assert made.untold() == [] and made.store.value("SELECT count(*) FROM visit_day_changes") == 0


def test_a_deputy_receives_and_is_told(made: Planned) -> None:
    one, by = made.day().id, made.manager

    def name(staff_id: object, reason: str = "出差") -> Day:
        form: dict[str, Any] = {"day_id": one, "staff_id": str(staff_id), "reason": reason}
        return visit_day_calendar.name_deputy(made.store, **form, by=by, now=made.now)

    for wrong, code in (
        (made.manager.id, "deputy_is_host"),
        (made.desk.id, "staff_unknown"),
        ("x", "staff_unknown"),
        ("9" * 20, "staff_unknown"),
        ("", "deputy_same"),
    ):
        with pytest.raises(Refused, match=code):
            name(wrong)
    with pytest.raises(Refused, match="reason_missing"):
        name(made.head.id, "")
    assert name(made.head.id).host_id == made.head.id
    assert [day.id for day in visit_day_lists.asked_of(made.store, by=made.head)] == [one]
    visit_day_calendar.seen(made.store, day_id=one, by=made.head, now=made.now)
    assert visit_day_lists.asked_of(made.store, by=made.head) == []
    assert visit_day_lists.one(made.store, one, by=made.desk).receiver == made.head.name
    assert name("", "回来了").host_id == made.manager.id
    assert [(row.name, row.reason) for row in visit_day_lists.deputies(made.store, one)] == [
        ("", "回来了"),
        (made.head.name, "出差"),
    ]
    for statement in ("UPDATE visit_day_deputies SET reason = 'x'", "DELETE FROM visit_day_deputies"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"), writing(made.store):
            made.store.execute(statement)


def test_the_day_does_not_move_for_a_deputy(made: Planned) -> None:
    before = made.on()
    visit_day_calendar.name_deputy(
        made.store, day_id=made.day().id, staff_id=str(made.head.id), reason="出差", by=made.head, now=made.now
    )
    made.tick()
    assert made.on() == before and made.moves() == []


def test_another_manager_becomes_the_host(made: Planned) -> None:
    with writing(made.store):
        made.store.execute("UPDATE staff SET role = 'manager' WHERE id = ?", [made.head.id])
        made.store.execute("UPDATE staff SET active = 0 WHERE id = ?", [made.manager.id])
    made.tick()
    assert {day.host_id for day in made.days().values()} == {made.head.id}


def test_a_rule_that_changes_plans_anew_what_nobody_was_promised(made: Planned) -> None:
    case = made.book()
    made.rule("1", weekday="1", nth="2", opens="09:00")
    # The booked one stays, as it was promised.
    assert made.on() == "2026-12-04" and booking_facts.details(made.store, case).starts == "10:00"
    assert made.on("2027-01-12") == "2027-01-12" and "2027-01-01" not in made.days()
    assert visit_slots.of_day(made.store, made.day("2027-01-12").id)[0].starts == "09:00"


def test_a_second_rule_and_none_at_all(made: Planned) -> None:
    made.rule(nth="3")
    assert made.on("2026-12-18") == "2026-12-18" and len(made.days()) == 6
    for key in ("1", "2"):
        made.rule(key, nth="1" if key == "1" else "3", active="0")
    assert made.days() == {} and visit_days.upcoming(made.store, now=made.now) is None


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda made: made.rule(nth="1"), "row_exists"),
        (lambda made: made.rule(nth="2", opens="12:00", closes="10:00"), "hours_reversed"),
        (lambda made: made.rule(nth="2", opens="10:00", closes="10:10"), "visit_hours_too_short"),
        (lambda made: made.rule(nth="2", opens="25:00"), "time_of_day_invalid"),
        (lambda made: made.rule(nth="6"), "choice_unknown"),
        (lambda made: made.rule(nth="2", room="cellar"), "choice_unknown"),
        (lambda made: made.set(visit_day_slack="1,2,3,4,5,6,7,8"), "slack_leaves_none"),
        (lambda made: made.set(visit_day_slack="first"), "slack_invalid"),
        (lambda made: made.set(visit_day_roll="whenever"), "choice_unknown"),
    ],
)
def test_rules_and_settings_that_do_not_fit(made: Planned, act: Callable[[Planned], None], code: str) -> None:
    before = made.days()
    with pytest.raises(Refused, match=code):
        act(made)
    assert made.days() == before


def test_hours_must_hold_a_talk_whichever_of_both_changes(made: Planned) -> None:
    made.rule("1", opens="10:00", closes="11:00")
    with pytest.raises(Refused, match="visit_hours_too_short"):
        made.set(visit_day_slot_minutes="90")
    made.rule(nth="2", weekday="5")
    with pytest.raises(Refused, match="visit_rule_never"):
        made.set(visit_day_roll="next_same_weekday")


def test_slots_are_cut_anew_where_nobody_booked(made: Planned) -> None:
    made.book()
    made.set(visit_day_slot_minutes="30", visit_day_slack="2")
    assert len(visit_slots.of_day(made.store, made.day().id)) == 8
    cut = visit_slots.of_day(made.store, made.day("2027-02-05").id)
    assert [(slot.starts, slot.slack) for slot in cut] == [
        ("10:00", False), ("10:30", True), ("11:00", False), ("11:30", False),
    ]  # fmt: skip


def test_before_any_planning_the_rules_are_shown(store: Store, clock: Clock) -> None:
    shown = visit_days.upcoming(store, now=clock())
    assert shown is not None and (str(shown.actual_on), shown.hours, shown.public) == (
        "2026-12-04",
        "10:00–12:00",
        False,
    )
    visit_day_calendar.tick(store, by=BOX, now=clock())
    stored = visit_days.upcoming(store, now=clock())
    assert stored is not None and stored.id and stored.actual_on == shown.actual_on


def test_two_days_never_share_a_date(made: Planned) -> None:
    made.rule(nth="1", weekday="5")  # the Saturday after: rolls to the Monday
    assert made.on("2026-12-05") == "2026-12-07"
    made.rest("2026-12-04")
    assert made.on() == "2026-12-08"


def test_the_list_is_the_desk_s_and_everything_the_box_does_is_its_own(made: Planned) -> None:
    with pytest.raises(Refused, match="not_permitted"):
        visit_day_calendar.tick(made.store, by=made.manager, now=made.now)
    with pytest.raises(Refused, match="not_permitted"):
        visit_day_lists.of_year(made.store, 2026, by=actor(made.store, Role.WORKER))
