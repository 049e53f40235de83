"""Where the visit days stand: each to come is where the calendar, the policy and the rules put it (K6).

What stands somewhere else now is moved: a planned day silently, a published one with its row of moves; whoever booked
either gets a new slip, and stands on the list of those to tell. Booked or published, a day is a promise: a rule that
changes afterwards no longer touches it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from sqlite3 import Row
from typing import Final

from db.store import Store
from reception import (
    booking_changes,
    booking_facts,
    booking_places,
    cases,
    events,
    room_holds,
    seals,
    visit_days,
    visit_slots,
    working_calendar,
)
from reception.permissions import Actor
from reception.refusal import Refused
from reception.rules import clock
from reception.rules import visit_days as rules
from reception.rules.booking_states import BEFORE_MEETING
from reception.rules.working_days import ONE_DAY
from reception.site import Site, site
from reception.visit_days import Day
from reception.wording import Words

CAUSES: Final = {
    "calendar": Words("作息日历变动", "The working calendar changed"),
    "premises": Words("场地不能用", "The place cannot be used"),
    "authority": Words("主管部门要求", "The authority asked for it"),
    "emergency": Words("突发事件", "An emergency"),
}
# What a day's owners read of a move that nobody gave words to.
CALENDAR: Final = "放假安排变动"
NOTICE: Final = "国务院放假安排公布"
POLICY: Final = "顺延规则变动"


@dataclass(frozen=True, slots=True)
class Change:
    """A day that stands elsewhere now, or is fixed now."""

    day: Day
    to: date
    provisional: bool


def to_come(store: Store, *, at: datetime) -> list[Day]:
    """Return the planned and published days that did not begin yet, by the date their rule names."""
    local = at.astimezone(site(store).zone)
    rows = store.rows(
        f"{visit_days.SELECT} WHERE actual_on >= ? AND state IN ('planned', 'published') ORDER BY nominal_on",
        [local.date().isoformat()],
    )
    found = [visit_days.from_row(row) for row in rows]
    return [day for day in found if day.actual_on > local.date() or local.time() < day.opens]


def due(store: Store, *, at: datetime) -> list[Change]:
    """Return what of the days to come stands elsewhere by the calendar and the policy as they are now."""
    days = to_come(store, at=at)
    if not days:
        return []
    centre = site(store)
    today = clock.local_day(at, centre.zone)
    bases = {day.id: _base(store, day) for day in days}
    calendar = working_calendar.calendar(store, since=min(bases.values()) - ONE_DAY)
    taken = {date.fromisoformat(row[0]) for row in store.rows("SELECT actual_on FROM visit_days")}
    policy = rules.RollPolicy(centre.visit_day_roll)
    found = []
    for day in days:
        # Nobody can be asked to come yesterday, nor on a day that began.
        after = today - ONE_DAY if day.actual_on == today else today
        others = frozenset(taken - {day.actual_on})
        try:
            to = rules.rolled(bases[day.id], calendar, policy, after=after, taken=others).actual_on
        except ValueError as error:
            # The whole year would be closed.
            raise Refused(str(error)) from None
        if to < day.actual_on and not _in_time(centre, today, to) and calendar.is_open(day.actual_on):
            # Too late to call everybody earlier: it stays where they were told to come.
            to = day.actual_on
        provisional = calendar.is_provisional(bases[day.id]) or calendar.is_provisional(to)
        if (to, provisional) != (day.actual_on, day.provisional):
            taken = (taken - {day.actual_on}) | {to}
            found.append(Change(day, to, provisional))
    return found


def recompute(store: Store, *, reason: str, by: Actor, at: datetime) -> int:
    """Move inside an act whatever stands elsewhere now, and tell of it; return how many days changed."""
    found = due(store, at=at)
    for one in found:
        shift(store, one.day, one.to, provisional=one.provisional, cause="calendar", reason=reason, by=by, at=at)
    return len(found)


def shift(
    store: Store, day: Day, to: date, *, provisional: bool, cause: str, reason: str, by: Actor, at: datetime
) -> None:
    """Put a day on another date inside an act, or let it stand fixed; its bookings go with it, each told and reprinted.

    Refuses `visit_day_begun` where it is not to come any more.
    """
    moved = to != day.actual_on
    if moved and (day.public or cause != "calendar"):
        store.execute(
            "INSERT INTO visit_day_moves (visit_day_id, was_on, now_on, cause, reason, at, by_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [day.id, day.actual_on.isoformat(), to.isoformat(), cause, reason, clock.to_text(at), by.id],
        )
    done = store.changed(
        "UPDATE visit_days SET actual_on = ?, provisional = ? WHERE id = ? AND actual_on = ?"
        " AND state IN ('planned', 'published')",
        [to.isoformat(), provisional, day.id, day.actual_on.isoformat()],
    )
    if not done:
        raise Refused("visit_day_begun")
    if moved:
        room_holds.hold_for_visit_day(store, visit_days.by_id(store, day.id), by=by, at=at)
    what = "visit_day_moved" if moved else "visit_day_fixed"
    events.record(store, what, "visit_day", day.id, by=by, at=at, cause=cause, was=str(day.actual_on), to=str(to))
    if moved or (day.provisional and not provisional):
        for case_id in booked(store, day, by=by):
            _take_along(store, case_id, day, "day_moved" if moved else "confirmed", reason, by, at)
    store.touch("site", "queue", "cases")


def settle(store: Store, *, reason: str, by: Actor, at: datetime) -> None:
    """Bring inside an act all days to come in line: what nobody was promised is planned anew, what was is moved."""
    for day in loose(store, at=at):
        _forget(store, day)
    recompute(store, reason=reason, by=by, at=at)
    for day in uncut(store, at=at):
        store.execute("DELETE FROM visit_day_slots WHERE visit_day_id = ?", [day.id])
        visit_slots.cut(store, day.id, day.opens, day.closes)
        # A day that was booked before there were any: whoever waits has a time now.
        booking_places.move_up(store, day.id, at=at)
    store.execute(
        f"UPDATE visit_days SET host_id = ({visit_days.HOST}) WHERE state IN ('planned', 'published')"  # noqa: S608
        " AND NOT EXISTS (SELECT 1 FROM staff WHERE id = host_id AND active = 1 AND role = 'manager')"
    )
    if visit_days.plan(store, at=at):
        store.touch("site", "queue")


def is_settled(store: Store, *, at: datetime) -> bool:
    """Tell whether `settle` has nothing to do; it reads a few rows, for every minute's look."""
    hostless = store.value(
        f"SELECT 1 FROM visit_days WHERE state IN ('planned', 'published') AND actual_on >= ?"  # noqa: S608
        f" AND host_id IS NOT ({visit_days.HOST}) AND NOT EXISTS"
        " (SELECT 1 FROM staff WHERE id = host_id AND active = 1 AND role = 'manager')",
        [clock.local_day(at, site(store).zone).isoformat()],
    )
    return not (
        hostless or loose(store, at=at) or due(store, at=at) or uncut(store, at=at) or visit_days.missing(store, at=at)
    )


def loose(store: Store, *, at: datetime) -> list[Day]:
    """Return the planned days that nobody was promised and that no rule names as they stand."""
    found = []
    for day in to_come(store, at=at):
        if day.public or _is_promised(store, day):
            continue
        rule = store.row("SELECT * FROM visit_day_rules WHERE id = ? AND active = 1", [day.rule_id])
        if rule is None or not _follows(day, rule):
            found.append(day)
    return found


def uncut(store: Store, *, at: datetime) -> list[Day]:
    """Return the days to come that nobody booked and whose slots are not as the settings cut them now, and those that
    have none at all: they were booked before the box knew of slots."""
    return [
        day
        for day in to_come(store, at=at)
        if visit_slots.are_stale(store, day.id, day.opens, day.closes)
        and not (_is_booked(store, day) and visit_slots.of_day(store, day.id))
    ]


def booked(store: Store, day: Day, *, by: Actor) -> list[int]:
    """Return the cases that are still to come on a day."""
    marks = ", ".join(f"'{state}'" for state in sorted(BEFORE_MEETING))
    rows = store.rows(
        "SELECT cases.id FROM visit_day_bookings AS booked JOIN cases ON cases.id = booked.case_id"  # noqa: S608
        f" WHERE visit_day_id = ? AND live = 1 AND cases.state IN ({marks}) AND {seals.open_to(by)} ORDER BY cases.id",
        [day.id],
    )
    return [row[0] for row in rows]


def _take_along(store: Store, case_id: int, day: Day, cause: str, reason: str, by: Actor, at: datetime) -> None:
    case = cases.whole(store, case_id)
    if case.state == "scheduled" and cause == "day_moved":
        # The agenda was for the other day (K2); every signature stands.
        cases.move(store, case, "admitted", "rebook", by=by, at=at)
        case = cases.whole(store, case_id)
    starts = booking_facts.details(store, case).starts
    booking_changes.note(store, case, was_on=day.actual_on, was_starts=starts, cause=cause, reason=reason, by=by, at=at)


def _base(store: Store, day: Day) -> date:
    """Return what a day rolls from: the date its rule names, or where the manager put it."""
    put: str | None = store.value(
        "SELECT now_on FROM visit_day_moves WHERE visit_day_id = ? AND cause <> 'calendar' ORDER BY id DESC LIMIT 1",
        [day.id],
    )
    return date.fromisoformat(put) if put else day.nominal_on


def _in_time(centre: Site, today: date, on: date) -> bool:
    return on - today >= timedelta(days=centre.visit_day_notice_days)


def _follows(day: Day, rule: Row) -> bool:
    month, weekday = day.nominal_on, (rule["nth"], rule["weekday"])
    if not rules.exists(month.year, month.month, *weekday):
        return False
    named = rules.nominal(month.year, month.month, *weekday)
    hours = (time.fromisoformat(rule["opens"]), time.fromisoformat(rule["closes"]))
    return (day.nominal_on, (day.opens, day.closes), day.room) == (named, hours, rule["room"])


def _is_booked(store: Store, day: Day) -> bool:
    return bool(store.value("SELECT 1 FROM visit_day_bookings WHERE visit_day_id = ? LIMIT 1", [day.id]))


def _is_promised(store: Store, day: Day) -> bool:
    """Whether anything was built on a day: a booking, a move, a deputy, another room."""
    return any(_built_on(store, day))


def _built_on(store: Store, day: Day) -> Iterator[bool]:
    yield _is_booked(store, day)
    for table in ("visit_day_moves", "visit_day_deputies", "visit_day_departments"):
        yield bool(store.value(f"SELECT 1 FROM {table} WHERE visit_day_id = ? LIMIT 1", [day.id]))  # noqa: S608
    yield bool(
        store.value(
            "SELECT 1 FROM events WHERE subject = 'visit_day' AND subject_id = ? AND what = 'visit_day_room'", [day.id]
        )
    )


def _forget(store: Store, day: Day) -> None:
    """Take a planned day out of the plan, with what the box itself laid by for it."""
    for table in ("visit_day_slots", "room_bookings"):
        store.execute(f"DELETE FROM {table} WHERE visit_day_id = ?", [day.id])  # noqa: S608
    store.execute("DELETE FROM visit_days WHERE id = ? AND state = 'planned'", [day.id])
