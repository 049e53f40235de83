"""The session of a visit day (接访日当天, K5): it opens on its morning, nobody is left in between, and it is held."""

from dataclasses import dataclass
from datetime import date, datetime

from db.store import Store, writing
from reception import cases, events, lines, resolution_facts, room_holds, seals, session_guests, tickets, visit_days
from reception.cases import Case
from reception.permissions import FRONT, Actor, Role, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.rules.booking_states import EXPECTED, STEPS, UNSIGNED
from reception.site import site
from reception.visit_days import Day

TO_OPEN = frozenset({"planned", "published"})
# Whoever records, and the host himself; a deputy leads whatever his role is.
RECORDERS = FRONT | {Role.MANAGER}
MOST = 100


def leads(day: Day, by: Actor) -> bool:
    """Tell whether somebody sits in the session of a day: who receives, who stands in for him, who records."""
    return by.role in RECORDERS or (by.id is not None and by.id == day.host_id)


def lead(store: Store, *, by: Actor, now: datetime) -> Day:
    """Return the day whose session this person leads now, open, inside an act.

    Refuses `visit_day_none_today`, `session_over` (held already), `not_of_session`.
    """
    at = events.moment(store, now)
    day = visit_days.on(store, clock.local_day(at, site(store).zone))
    if day is None:
        raise Refused("visit_day_none_today")
    if not leads(day, by):
        raise Refused("not_of_session")
    open_(store, day, by=by, at=at)
    found = visit_days.by_id(store, day.id)
    if found.state != "open":
        raise Refused("session_over")
    return found


def booking(store: Store, no: str, *, by: Actor) -> Case:
    """Return a booking, whole, to those who lead the session of its day, whatever their department is.

    Refuses `case_unknown`, `not_of_session`.
    """
    row = store.row(
        "SELECT cases.id, visit_day_id FROM cases JOIN visit_day_bookings ON case_id = cases.id"  # noqa: S608
        f" WHERE no = ? AND {seals.open_to(by)}",
        [no.strip().upper()],
    )
    if row is None:
        raise Refused("case_unknown")
    if not leads(visit_days.by_id(store, row["visit_day_id"]), by):
        raise Refused("not_of_session")
    return cases.whole(store, row["id"])


def open_(store: Store, day: Day, *, by: Actor, at: datetime) -> None:
    """Open a day inside an act; one that is open or over stays so.

    One that nobody published is open all the same, for people come to it; the oversight log sees when it was published.
    """
    if store.changed(
        "UPDATE visit_days SET state = 'open', opened_at = :at, published_at = coalesce(published_at, :at)"
        " WHERE id = :day AND state IN ('planned', 'published')",
        {"at": clock.to_text(at), "day": day.id},
    ):
        name_room(store, day)
        events.record(store, "open_visit_day", "visit_day", day.id, by=by, at=at, from_state=day.state, to_state="open")
        store.touch("queue", "cases")


def name_room(store: Store, day: Day) -> None:
    """Let what is called be the room of this day, inside an act."""
    store.execute(
        "UPDATE counters SET name = (SELECT name FROM rooms WHERE code = :room),"
        " name_en = (SELECT name_en FROM rooms WHERE code = :room) WHERE session = 1",
        {"room": day.room},
    )


def tick(store: Store, *, by: Actor, now: datetime) -> tuple[int, int]:
    """Open the day of today, end those that are over; return how many of each.

    A day is over once its hours are and nobody is here who waits or is spoken with; at midnight in any case. While the
    box's clock stands before the last event nothing begins or ends: by which time, nobody knows then (K3, 16).
    """
    permit(by, "watch_visit_day")
    if events.clock_is_behind(store, now):
        return 0, 0
    with writing(store):
        at = events.moment(store, now)
        today = clock.local_day(at, site(store).zone)
        opened = ended = 0
        for row in store.rows(
            f"{visit_days.SELECT} WHERE actual_on <= ? AND visit_days.state IN ('planned', 'published', 'open')"
            " ORDER BY actual_on LIMIT 10",
            [today.isoformat()],
        ):
            day = visit_days.from_row(row)
            if day.state in TO_OPEN:
                open_(store, day, by=by, at=at)
                opened += 1
            if day.actual_on < today or (at >= session_guests.span(store, day)[1] and not _busy(store, day)):
                _end(store, visit_days.by_id(store, day.id), by=by, at=at)
                ended += 1
        return opened, ended


def hold(store: Store, *, by: Actor, now: datetime) -> Day:
    """End the session (接访结束): who did not come is noted, who is still here is listed.

    Refuses `session_busy` while somebody is in the room or waits for it, `session_early` before its hours begin, and
    before they are over while somebody is still to come, and as `lead`.
    """
    permit(by, "hold_session")
    with writing(store):
        day = lead(store, by=by, now=now)
        if _busy(store, day):
            raise Refused("session_busy")
        at = events.moment(store, now)
        to_come = any(one.state in EXPECTED for one in session_guests.of_day(store, day))
        begins, ends = session_guests.span(store, day)
        # Whoever walks in is received too: no day ends before it began.
        if at < begins or (to_come and at < ends):
            raise Refused("session_early")
        _end(store, day, by=by, at=at)
        return visit_days.by_id(store, day.id)


def _busy(store: Store, day: Day) -> bool:
    return any(
        one.waits or one.ticket_state in {"called", "serving"} for one in session_guests.of_day(store, day)
    ) or bool(store.value("SELECT 1 FROM visit_day_meetings WHERE visit_day_id = ? AND ended_at IS NULL", [day.id]))


def end_day(store: Store, day_on: date, *, by: Actor, at: datetime) -> int:
    """End the visit day of a date inside its close, whoever is still here; return how many did not come."""
    day = visit_days.on(store, day_on)
    # A day that is closed by hand before its owners came stays theirs.
    if day is None or day.state not in TO_OPEN | {"open"} or at < session_guests.span(store, day)[1]:
        return 0
    open_(store, day, by=by, at=at)
    return _end(store, visit_days.by_id(store, day.id), by=by, at=at)


def goes_on(store: Store, day_on: date) -> bool:
    """Tell whether the visit day of a date has begun and is not over."""
    day = visit_days.on(store, day_on)
    return day is not None and day.state == "open"


def _end(store: Store, day: Day, *, by: Actor, at: datetime) -> int:
    """Nobody is left in between: who never came, or not to the room, is a no-show; his slot stays written down.

    Who was here and was not received, and who was never signed, stays as he is, on the list of `left_over`.
    """
    # A talk that nobody ended went on until its time, or until what was last written of it: not until midnight.
    store.execute(
        "UPDATE visit_day_meetings SET ended_at = max(began_at, min(?, max(planned_end_at, (SELECT max(at) FROM events"
        " WHERE subject = 'case' AND subject_id = case_id)))) WHERE visit_day_id = ? AND ended_at IS NULL",
        [clock.to_text(at), day.id],
    )
    missed = 0
    for one in session_guests.of_day(store, day):
        act = "miss" if one.state in EXPECTED else "miss_called" if one.aside else ""
        # What was decided for him without a talk is read and watched first: he stays on the list.
        if act and not resolution_facts.unread(store, one.case_id):
            case = cases.whole(store, one.case_id)
            cases.move(store, case, STEPS[act].after or "", f"{act}_visit_day", by=by, at=at)
            store.execute("UPDATE visit_day_bookings SET live = 0 WHERE case_id = ?", [case.id])
            missed += 1
    store.execute(
        "UPDATE visit_days SET state = 'held', held_at = ? WHERE id = ? AND state = 'open'", [clock.to_text(at), day.id]
    )
    events.record(
        store, "hold_visit_day", "visit_day", day.id, by=by, at=at, from_state="open", to_state="held", missed=missed
    )
    room_holds.leave(store, day, by=by, at=at)
    store.touch("queue", "cases")
    return missed


@dataclass(frozen=True, slots=True)
class LeftOver:
    """Somebody whom a day that is over left behind: here and not received, received and nothing decided, not signed."""

    no: str
    state: str
    day_on: str


def left_over(store: Store, *, by: Actor) -> list[LeftOver]:
    """Return them, the oldest day first: each is to be given another day, or handed to a department."""
    permit(by, "see_session")
    marks = ", ".join(f"'{state}'" for state in sorted(UNSIGNED | EXPECTED | {"checked_in", "met"}))
    rows = store.rows(
        "SELECT cases.no, cases.state, visit_days.actual_on FROM visit_day_bookings AS booked"  # noqa: S608
        " JOIN visit_days ON visit_days.id = booked.visit_day_id JOIN cases ON cases.id = booked.case_id"
        f" WHERE booked.live = 1 AND visit_days.state IN ('held', 'summarised') AND cases.state IN ({marks})"
        f" AND {seals.open_to(by)} ORDER BY visit_days.actual_on, cases.id LIMIT ?",
        [MOST],
    )
    return [LeftOver(row[0], row[1], row[2]) for row in rows]


def in_room(store: Store) -> tickets.Ticket | None:
    """Return the guest who was called to the room or is in it, or None."""
    return tickets.at_counter(store, lines.session_room(store).no)
