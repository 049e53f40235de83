"""The table of rooms as it is read: a day with its hours, a week, and visit days whose room somebody else has."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from db.store import Store
from reception import events, opening, room_holds, rooms, visit_days, working_calendar
from reception.permissions import Actor, permit
from reception.rooms import Booking
from reception.rules import clock, hours, room_times
from reception.rules.room_times import Stretch
from reception.site import site
from reception.visit_days import Day
from reception.wording import Words

MOST_ROOMS: Final = 30
MOST: Final = 500
WEEK: Final = 7
# What a table shows of a day without opening hours; and at most of those of a centre that never closes.
LEAST: Final = (8 * room_times.HOUR, 18 * room_times.HOUR)
DAYLIGHT: Final = (7 * room_times.HOUR, 21 * room_times.HOUR)


@dataclass(frozen=True, slots=True)
class Room:
    """A room that is in use. `seats` is None where nobody counted them."""

    code: str
    name: Words
    seats: int | None


@dataclass(frozen=True, slots=True)
class DayTable:
    """A day: `hours` are the full hours of its head, and each room has its row of stretches with its bookings."""

    on: date
    hours: list[int]
    rows: list[tuple[Room, list[tuple[Stretch, Booking | None]]]]


@dataclass(frozen=True, slots=True)
class WeekTable:
    """Seven days from a Monday: each room with the bookings of every day."""

    days: list[date]
    rows: list[tuple[Room, list[list[Booking]]]]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A visit day whose room somebody else has: who is in the way, each with the rooms that he could move to; and the
    rooms that the day could have instead.
    """

    day: Day
    in_the_way: list[tuple[Booking, list[Room]]]
    others: list[Room]


def chosen_day(store: Store, text: str, *, now: datetime) -> date:
    """Return the day that an address asks for, today for none or for what is no day of this century."""
    today = clock.local_day(events.moment(store, now), site(store).zone)
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return today
    return found if 2000 <= found.year < 2100 else today


def all_rooms(store: Store) -> list[Room]:
    """Return the rooms in use, in the centre's order."""
    rows = store.rows("SELECT * FROM rooms WHERE active = 1 ORDER BY position, code LIMIT ?", [MOST_ROOMS])
    return [Room(row["code"], Words(row["name"], row["name_en"]), row["seats"]) for row in rows]


def day_table(store: Store, on: date, *, by: Actor) -> DayTable:
    """Return the table of a day: its opening hours, and whatever lies outside them."""
    permit(by, "see_rooms")
    centre = site(store)
    found = _of(store, on, on, centre.zone)
    spans = {code: [_minutes(one, on, centre.zone) for one in listed] for code, listed in found.items()}
    open_at = opening.spans_of(centre, working_calendar.calendar(store, since=on), on)
    least = (max(open_at[0].begin, DAYLIGHT[0]), min(open_at[-1].end, DAYLIGHT[1])) if open_at else LEAST
    begin, end = room_times.hours_shown(spans.values(), least)
    rows = []
    for room in all_rooms(store):
        listed = found.get(room.code, [])
        row = room_times.stretches(spans.get(room.code, []), begin, end)
        rows.append((room, [(one, None if one.place is None else listed[one.place]) for one in row]))
    return DayTable(on, list(range(begin, end, room_times.HOUR)), rows)


def week_table(store: Store, on: date, *, by: Actor) -> WeekTable:
    """Return the table of the week, Monday to Sunday, in which a day lies."""
    permit(by, "see_rooms")
    zone = site(store).zone
    days = [on - timedelta(days=on.weekday() - ahead) for ahead in range(WEEK)]
    found = _of(store, days[0], days[-1], zone)
    rows = []
    for room in all_rooms(store):
        by_day: dict[date, list[Booking]] = {day: [] for day in days}
        for one in found.get(room.code, []):
            by_day[clock.local_day(clock.from_text(one.from_at), zone)].append(one)
        rows.append((room, list(by_day.values())))
    return WeekTable(days, rows)


def _of(store: Store, first: date, last: date, zone: ZoneInfo) -> dict[str, list[Booking]]:
    since, until = hours.moment(first, 0, zone), hours.moment(last, room_times.DAY, zone)
    rows = store.rows(
        f"{rooms.SELECT} WHERE room IN (SELECT code FROM rooms) AND state <> 'cancelled'"  # noqa: S608
        " AND from_at >= ? AND from_at < ? ORDER BY from_at LIMIT ?",
        [clock.to_text(since), clock.to_text(until), MOST],
    )
    found: dict[str, list[Booking]] = {}
    for row in rows:
        one = rooms.from_row(row)
        found.setdefault(one.room, []).append(one)
    return found


def _minutes(one: Booking, on: date, zone: ZoneInfo) -> tuple[int, int]:
    """Return both ends in minutes of the day; what ends at its midnight, or after, ends with the table."""
    first, last = (clock.from_text(text).astimezone(zone) for text in (one.from_at, one.to_at))
    end = hours.minute_of(last) + (last.second > 0) if last.date() == on else room_times.DAY
    return hours.minute_of(first), end


def conflicts(store: Store, *, by: Actor, now: datetime) -> list[Conflict]:
    """Return the visit days to come whose room somebody else has, soonest first."""
    permit(by, "see_rooms")
    found = []
    for day in visit_days.unheld(store, at=events.moment(store, now)):
        since, until = room_holds.hours_of(store, day)
        rows = store.rows(
            f"{rooms.SELECT} WHERE room = ? AND state <> 'cancelled' AND from_at < ? AND to_at > ? ORDER BY from_at",
            [day.room, until, since],
        )
        in_the_way = [rooms.from_row(row) for row in rows]
        if in_the_way:
            moves = [(one, free_rooms(store, one.from_at, one.to_at)) for one in in_the_way]
            found.append(Conflict(day, moves, free_rooms(store, since, until)))
    return found


def conflict_of(store: Store, day_id: int, *, by: Actor, now: datetime) -> Conflict | None:
    """Return the conflict of one visit day, None where its room is its own."""
    return next((one for one in conflicts(store, by=by, now=now) if one.day.id == day_id), None)


def free_rooms(store: Store, since: str, until: str) -> list[Room]:
    """Return the rooms that nobody has between two times."""
    taken = {
        row[0]
        for row in store.rows(
            "SELECT DISTINCT room FROM room_bookings WHERE room IN (SELECT code FROM rooms) AND state <> 'cancelled'"
            " AND from_at < ? AND to_at > ?",
            [until, since],
        )
    }
    return [room for room in all_rooms(store) if room.code not in taken]
