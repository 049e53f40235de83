"""The rules of the visit day that the box watches, as data: a code, its words, and what breaks it (SYS-24)."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from sqlite3 import Row
from typing import Final

from db.store import Store
from reception import clocks, working_calendar
from reception.rules import clock
from reception.site import site
from reception.visit_days import Day
from reception.wording import Words

RULES: Final = {
    "published_late": Words("公布晚于规定天数", "Announced later than the rule"),
    "moved_late": Words("改期通知不足规定天数", "Moved at shorter notice than the rule"),
    "deputy_host": Words("由他人代为接待", "A deputy received"),
    "unsigned": Words("截止时签批未齐", "Not signed by everybody at the cut-off"),
    "admitted_late": Words("签批截止后才受理", "Admitted after the cut-off"),
    "void_signature": Words("签批后事由有改动，签批作废", "Signatures void: the matter was changed after them"),
    "walk_in": Words("未预约现场受理（例外）", "Walked in and was admitted: an exception"),
    "started_late": Words("接访开始晚了", "The session began late"),
    "overran": Words("谈话超时", "A talk went over its time"),
    "ended_late": Words("接访超过规定时间结束", "The session ended after its hours"),
    "not_met": Words("到场未接待也未改约", "Here, and neither met nor given another day"),
    "undecided": Words("接待后没有处理意见", "Met, and nothing was decided"),
    "untold": Words("到期未向业主反馈", "The owner was not told by the deadline"),
    "summary_late": Words("总结未按时写", "The summary was not written in time"),
    "seen": Words("人工发现", "Seen by somebody"),
}
# Of a booking that was to be received that day.
_OF_DAY: Final = (
    " FROM visit_day_bookings AS booked JOIN cases ON cases.id = booked.case_id WHERE booked.visit_day_id = :day AND "
)
# Each gives the bookings that broke it; :now is the moment of the look.
_BY_CASE: Final[Mapping[str, str]] = {
    "unsigned": "EXISTS (SELECT 1 FROM endorsements WHERE endorsements.case_id = booked.case_id AND due_at < :now"
    " AND endorsements.state <> 'void' AND (signed_at IS NULL OR signed_at > due_at))"
    " AND booked.walk_in = 0 AND cases.state NOT IN ('withdrawn', 'not_admitted')",
    "admitted_late": "booked.walk_in = 0 AND EXISTS (SELECT 1 FROM endorsements WHERE"
    " endorsements.case_id = booked.case_id AND step = 'manager' AND endorsements.state = 'agreed'"
    " AND signed_at > due_at)",
    "void_signature": "EXISTS (SELECT 1 FROM endorsements WHERE endorsements.case_id = booked.case_id"
    " AND endorsements.state = 'void' AND void_reason = 'reworded' AND signed_at IS NOT NULL)",
    "walk_in": "booked.walk_in = 1 AND EXISTS (SELECT 1 FROM endorsements WHERE"
    " endorsements.case_id = booked.case_id AND step = 'manager' AND endorsements.state = 'agreed')",
    "overran": "EXISTS (SELECT 1 FROM visit_day_meetings AS talk WHERE talk.case_id = booked.case_id"
    " AND talk.visit_day_id = :day AND ended_at > planned_end_at)",
    "not_met": "cases.state = 'checked_in' AND :held = 1",
    "undecided": "cases.state = 'met' AND :held = 1",
    "untold": "EXISTS (SELECT 1 FROM resolutions JOIN supervisions ON supervisions.id = supervision_id"
    " WHERE resolutions.case_id = booked.case_id AND due_at < :now AND NOT EXISTS ("
    "SELECT 1 FROM supervision_tellings JOIN feedback_notices ON feedback_notices.id = notice_id"
    " WHERE supervision_tellings.supervision_id = supervisions.id AND feedback_notices.at <= due_at))",
}


def broken(store: Store, day: Day, row: Row, *, at: datetime) -> Iterator[tuple[str, int | None]]:
    """Yield every rule that a day broke, with the case where it is one booking's; `row` is its row of `visit_days`."""
    for rule, holds in _BY_DAY.items():
        if holds(store, day, row, at):
            yield rule, None
    values = {"day": day.id, "now": clock.to_text(at), "held": day.over}
    for rule, test in _BY_CASE.items():
        # Nobody reads them here, and they go to a list that asks whom they are open to.
        for found in store.rows(f"SELECT booked.case_id{_OF_DAY}{test} LIMIT 200", values):
            yield rule, found[0]


def _moment(store: Store, day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=site(store).zone)


def _published_late(store: Store, day: Day, row: Row, at: datetime) -> bool:
    """Judge a day by the date that was announced first, and one that nobody announced by now."""
    centre = site(store)
    moves = "SELECT was_on FROM visit_day_moves WHERE visit_day_id = ? ORDER BY id LIMIT 1"
    first = date.fromisoformat(store.value(moves, [day.id]) or row["actual_on"])
    told = clock.local_day(clock.from_text(row["published_at"]) if row["published_at"] else at, centre.zone)
    # Nobody announces a day before there is anybody: a centre that was set up later has until its first whole day.
    begun = store.value("SELECT at FROM events WHERE id = (SELECT min(id) FROM events)")
    since = clock.local_day(clock.from_text(begun) if begun else at, centre.zone) + timedelta(days=1)
    return told > max(first - timedelta(days=centre.visit_day_publish_days), min(since, first))


def _moved_late(store: Store, day: Day, row: Row, at: datetime) -> bool:
    centre = site(store)
    for move in store.rows("SELECT was_on, now_on, at FROM visit_day_moves WHERE visit_day_id = ? LIMIT 20", [day.id]):
        told = clock.local_day(clock.from_text(move["at"]), centre.zone)
        first = date.fromisoformat(min(move["was_on"], move["now_on"]))
        if told > first - timedelta(days=centre.visit_day_notice_days):
            return True
    return False


def _deputy_host(store: Store, day: Day, row: Row, at: datetime) -> bool:
    return row["deputy_id"] is not None and (day.over or day.state == "open")


def _started_late(store: Store, day: Day, row: Row, at: datetime) -> bool:
    """The first talk that the day began with, where a guest was there in time; else its opening."""
    late = _moment(store, day.actual_on, day.opens) + timedelta(minutes=site(store).visit_day_start_minutes)
    first = store.row(
        "SELECT min(began_at) AS began, min(arrived_at) AS arrived FROM visit_day_meetings AS talk"
        " JOIN visit_day_bookings USING (case_id) WHERE talk.visit_day_id = ?",
        [day.id],
    )
    if first is not None and first["began"] and first["arrived"]:
        begins = max(late, clock.from_text(first["arrived"]) + timedelta(minutes=site(store).visit_day_start_minutes))
        return clock.from_text(first["began"]) > begins
    opened = clock.from_text(row["opened_at"]) if row["opened_at"] else None
    return opened is not None and opened > late


def _ended_late(store: Store, day: Day, row: Row, at: datetime) -> bool:
    last = store.value("SELECT max(ended_at) FROM visit_day_meetings WHERE visit_day_id = ?", [day.id])
    return last is not None and clock.from_text(last) > _moment(store, day.actual_on, day.closes)


def _summary_late(store: Store, day: Day, row: Row, at: datetime) -> bool:
    if row["held_at"] is None:
        return False
    centre = site(store)
    held = clock.local_day(clock.from_text(row["held_at"]), centre.zone)
    calendar = working_calendar.calendar(store, since=held)
    due = calendar.add_working_days(held, centre.visit_day_summary_working_days)
    written = clock.from_text(row["summarised_at"]) if row["summarised_at"] else at
    return written > clocks.timetable(store, centre, since=written).close_of_business(due)


_BY_DAY: Final[Mapping[str, Callable[[Store, Day, Row, datetime], bool]]] = {
    "published_late": _published_late,
    "moved_late": _moved_late,
    "deputy_host": _deputy_host,
    "started_late": _started_late,
    "ended_late": _ended_late,
    "summary_late": _summary_late,
}
