"""The visit day before it is held: planned, announced in time, moved with a reason, received by a deputy (K6)."""

from datetime import date, datetime, timedelta
from typing import Final

from db.store import Store, writing
from reception import calendar_care, cases, events, visit_day_shifts, visit_days, working_calendar
from reception.permissions import Actor, Role, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.site import site
from reception.visit_day_shifts import CAUSES, recompute
from reception.visit_days import Day

__all__ = ["move", "name_deputy", "publish", "recompute", "seen", "tick"]

# The box announces a day as soon as so many days more are left than it must: it may be off over a weekend.
AHEAD: Final = timedelta(days=3)
# Who may receive in the manager's place.
DEPUTIES: Final = (Role.MANAGER, Role.SERVICE_HEAD, Role.DEPARTMENT_HEAD)
BY_HAND: Final = frozenset(CAUSES) - {"calendar"}


def tick(store: Store, *, by: Actor, now: datetime) -> int:
    """Plan the months to come, move what stands elsewhere by now, announce what is due; return how many were announced.

    Called every minute: where nothing is to do it only reads, and little. While the box's clock stands before the last
    event nothing is promised.
    """
    permit(by, "keep_visit_days")
    if events.clock_is_behind(store, now):
        return 0
    at = events.moment(store, now)
    years = calendar_care.years_of_the_box(store)
    if not years and visit_day_shifts.is_settled(store, at=at) and not publish_due(store, at=at):
        return 0
    with writing(store):
        at = events.moment(store, now)
        calendar_care.load_years(store, calendar_care.years_of_the_box(store), by=by, at=at)
        visit_day_shifts.settle(store, reason=visit_day_shifts.CALENDAR, by=by, at=at)
        found = publish_due(store, at=at)
        for day in found:
            _publish(store, day, by=by, at=at)
        return len(found)


def publish_due(store: Store, *, at: datetime) -> list[Day]:
    """Return the planned days that the box announces by itself now: in time, and not long before."""
    centre = site(store)
    today = clock.local_day(at, centre.zone)
    first = today + timedelta(days=centre.visit_day_publish_days)
    rows = store.rows(
        f"{visit_days.SELECT} WHERE state = 'planned' AND actual_on BETWEEN ? AND ? ORDER BY actual_on",
        [first.isoformat(), (first + AHEAD).isoformat()],
    )
    return [visit_days.from_row(row) for row in rows]


def unannounced(store: Store, *, now: datetime) -> list[Day]:
    """Return the planned days that it is too late to announce in time: the manager must, with a reason."""
    at = events.moment(store, now)
    return [day for day in visit_day_shifts.to_come(store, at=at) if not day.public and late(store, day, at=at)]


def late(store: Store, day: Day, *, at: datetime) -> bool:
    """Tell whether a day announced now is announced later than the centre promises."""
    centre = site(store)
    return day.actual_on - clock.local_day(at, centre.zone) < timedelta(days=centre.visit_day_publish_days)


def publish(store: Store, *, day_id: int, reason: str = "", by: Actor, now: datetime) -> Day:
    """Announce a planned day. Later than the centre promises only the manager does, with a reason, and it is noted.

    Refuses `visit_day_unknown`, `visit_day_published`, `visit_day_begun`, `visit_day_too_late`, `reason_missing`, and
    what `cases.text` refuses.
    """
    permit(by, "publish_visit_day")
    with writing(store):
        at = events.moment(store, now)
        day = visit_days.by_id(store, day_id)
        if day.public:
            raise Refused("visit_day_published")
        _still_to_come(store, day, at)
        why = ""
        if late(store, day, at=at):
            if by.role is not Role.MANAGER:
                raise Refused("visit_day_too_late")
            why = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
            left = (day.actual_on - clock.local_day(at, site(store).zone)).days
            events.record(store, "published_late", "visit_day", day.id, by=by, at=at, days=left, reason=why)
        _publish(store, day, by=by, at=at)
        return visit_days.by_id(store, day.id)


def _publish(store: Store, day: Day, *, by: Actor, at: datetime) -> None:
    done = store.changed(
        "UPDATE visit_days SET state = 'published', published_at = ? WHERE id = ? AND state = 'planned'",
        [clock.to_text(at), day.id],
    )
    if not done:
        raise Refused("visit_day_published")
    events.record(
        store, "visit_day_published", "visit_day", day.id, by=by, at=at, from_state="planned", to_state="published"
    )
    store.touch("site", "queue")


def move(store: Store, *, day_id: int, to: str, cause: str, reason: str, by: Actor, now: datetime) -> Day:
    """Move a day to another open one, never because the host is away: then a deputy receives (K6).

    Everybody who booked it gets a new slip and is told. Refuses `visit_day_unknown`, `visit_day_begun`,
    `move_cause_unknown`, `reason_missing`, `date_invalid`, `visit_day_before_its_date`, `visit_day_same`,
    `visit_day_closed`, `visit_day_taken`, `visit_day_notice` (too late to tell everybody), and what texts refuse.
    """
    permit(by, "move_visit_day")
    cases.choice(cause, {code: CAUSES[code] for code in BY_HAND}, code="move_cause_unknown")
    why = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
    try:
        target = date.fromisoformat(to.strip())
    except ValueError:
        raise Refused("date_invalid") from None
    with writing(store):
        at = events.moment(store, now)
        day = visit_days.by_id(store, day_id)
        _still_to_come(store, day, at)
        calendar = working_calendar.calendar(store, since=min(day.nominal_on, target))
        _may_move(store, day, target, cause, clock.local_day(at, site(store).zone))
        if not calendar.is_open(target):
            raise Refused("visit_day_closed")
        provisional = calendar.is_provisional(target)
        visit_day_shifts.shift(store, day, target, provisional=provisional, cause=cause, reason=why, by=by, at=at)
        return visit_days.by_id(store, day.id)


def _may_move(store: Store, day: Day, to: date, cause: str, today: date) -> None:
    if to == day.actual_on:
        raise Refused("visit_day_same")
    if to < day.nominal_on or to <= today:
        raise Refused("visit_day_before_its_date")
    if visit_days.on(store, to) is not None:
        raise Refused("visit_day_taken")
    # Told in time for the day they would have come on, and for the one they shall come on.
    notice = timedelta(days=site(store).visit_day_notice_days)
    if cause != "emergency" and min(to, day.actual_on) - today < notice:
        raise Refused("visit_day_notice")


def name_deputy(store: Store, *, day_id: int, staff_id: str, reason: str, by: Actor, now: datetime) -> Day:
    """Say who receives in the host's place, and why; empty: the host himself again. He sees it until he has read it.

    Refuses `visit_day_unknown`, `visit_day_held`, `staff_unknown` (nobody who may receive), `deputy_is_host`,
    `deputy_same`, `reason_missing`, and what texts refuse.
    """
    permit(by, "name_deputy")
    why = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
    with writing(store):
        at = events.moment(store, now)
        row = store.row("SELECT id, state, host_id, deputy_id FROM visit_days WHERE id = ?", [day_id])
        if row is None:
            raise Refused("visit_day_unknown")
        if row["state"] in visit_days.OVER:
            raise Refused("visit_day_held")
        deputy = _deputy(store, staff_id)
        if deputy is not None and deputy == row["host_id"]:
            raise Refused("deputy_is_host")
        if deputy == row["deputy_id"]:
            raise Refused("deputy_same")
        store.execute(
            "UPDATE visit_days SET deputy_id = ?, deputy_reason = ? WHERE id = ?", [deputy, deputy and why, day_id]
        )
        store.execute(
            "INSERT INTO visit_day_deputies (visit_day_id, staff_id, reason, at, by_id, seen_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            # Who names himself knows it.
            [day_id, deputy, why, clock.to_text(at), by.id, clock.to_text(at) if deputy == by.id else None],
        )
        events.record(store, "visit_day_deputy", "visit_day", day_id, by=by, at=at, staff=deputy or 0)
        store.touch("site", "queue", "tellings")
        return visit_days.by_id(store, day_id)


def _deputy(store: Store, staff_id: str) -> int | None:
    if not staff_id:
        return None
    known: int | None = None
    if staff_id.isascii() and staff_id.isdigit() and len(staff_id) < 10:
        marks = ", ".join(f"'{role}'" for role in DEPUTIES)
        known = store.value(f"SELECT id FROM staff WHERE id = ? AND active = 1 AND role IN ({marks})", [int(staff_id)])  # noqa: S608
    if known is None:
        raise Refused("staff_unknown")
    return known


def seen(store: Store, *, day_id: int, by: Actor, now: datetime) -> None:
    """Note that a deputy has read that he receives; read again it changes nothing. Refuses `visit_day_unknown`."""
    permit(by, "see_visit_days")
    with writing(store):
        day, at = visit_days.by_id(store, day_id), events.moment(store, now)
        done = store.changed(
            "UPDATE visit_day_deputies SET seen_at = ? WHERE visit_day_id = ? AND staff_id = ? AND seen_at IS NULL",
            [clock.to_text(at), day.id, by.id],
        )
        if done:
            events.record(store, "visit_day_deputy_seen", "visit_day", day.id, by=by, at=at)
            store.touch("tellings")


def is_to_come(store: Store, day: Day, *, at: datetime) -> bool:
    """Tell whether a day has not begun: its date may still change."""
    return any(one.id == day.id for one in visit_day_shifts.to_come(store, at=at))


def _still_to_come(store: Store, day: Day, at: datetime) -> None:
    if not is_to_come(store, day, at=at):
        raise Refused("visit_day_begun")
