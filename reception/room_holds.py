"""The room of a visit day (RUL-04, SYS-44): held from its opening to its end, in the same list as every meeting.

Where somebody has the room the day stands without a hold. That is the whole record of the conflict: it is solved by the
hold that is made as soon as the room is free, or another room is given.
"""

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from db.store import Store
from reception import events
from reception.permissions import Actor
from reception.rules import clock
from reception.site import site

if TYPE_CHECKING:
    # Days hold their rooms, so that they import this module.
    from reception.visit_days import Day

SUBJECT = "room"
PURPOSE = "物业接访日"
# What the triggers of 0039 say.
TAKEN = "the room is taken"
# Why a hold ended that was made before the day was moved.
LOST = "接访日改了时间，房间已被占用"


def is_taken(error: sqlite3.IntegrityError) -> bool:
    """Tell the store's refusal of two meetings in one room from any other."""
    return str(error) == TAKEN


def hold_for_visit_day(store: Store, day: "Day", *, by: Actor, at: datetime) -> bool:
    """Hold the room of a visit day that was planned, moved or given another room, inside an act.

    Returns whether it is held: where somebody has the room then, the day stands all the same, without a hold.
    """
    since, until = hours_of(store, day)
    values: dict[str, Any] = {"day": day.id, "room": day.room, "since": since, "until": until}
    held = store.row("SELECT * FROM room_bookings WHERE visit_day_id = ? AND state <> 'cancelled'", [day.id])
    if held is not None and (held["room"], held["from_at"], held["to_at"]) == (day.room, since, until):
        return True
    try:
        booking_id = _write(store, values, held["id"] if held else None, by, at)
    except sqlite3.IntegrityError as error:
        if not is_taken(error):
            raise
        if held is not None:
            store.execute("UPDATE room_bookings SET state = 'cancelled', reason = ? WHERE id = ?", [LOST, held["id"]])
        _missed(store, day, since, by, at)
        return False
    events.record(store, "room_held", SUBJECT, booking_id, by=by, at=at, **values)
    store.touch("rooms", "cases")
    return True


def _missed(store: Store, day: "Day", since: str, by: Actor, at: datetime) -> None:
    """Write down once that a day has no room; it is tried again whenever one may have become free."""
    known = store.value(
        "SELECT 1 FROM events WHERE subject = 'visit_day' AND subject_id = ? AND what = 'room_not_held'"
        " AND detail ->> 'room' = ? AND detail ->> 'since' = ?",
        [day.id, day.room, since],
    )
    if not known:
        events.record(store, "room_not_held", "visit_day", day.id, by=by, at=at, room=day.room, since=since)
        store.touch("rooms", "cases")


def _write(store: Store, values: Mapping[str, Any], held_id: int | None, by: Actor, at: datetime) -> int:
    if held_id is None:
        return store.insert(
            "INSERT INTO room_bookings (room, from_at, to_at, purpose, visit_day_id, at, by_id)"
            " VALUES (:room, :since, :until, :purpose, :day, :at, :by)",
            {**values, "purpose": PURPOSE, "at": clock.to_text(at), "by": by.id},
        )
    store.execute(
        "UPDATE room_bookings SET room = :room, from_at = :since, to_at = :until WHERE id = :id",
        {**values, "id": held_id},
    )
    return held_id


def leave(store: Store, day: "Day", *, by: Actor, at: datetime) -> None:
    """The day is over, inside an act: its room was used, and is free from now on."""
    booking_id = store.value(
        "UPDATE room_bookings SET state = 'used', to_at = iif(from_at < :at, min(to_at, :at), to_at)"
        " WHERE visit_day_id = :day AND state = 'booked' RETURNING id",
        {"at": clock.to_text(at), "day": day.id},
    )
    if booking_id is not None:
        events.record(store, "room_used", SUBJECT, booking_id, by=by, at=at, from_state="booked", to_state="used")
        store.touch("rooms")


def hours_of(store: Store, day: "Day") -> tuple[str, str]:
    """Return from when to when a visit day needs its room."""
    zone = site(store).zone
    since, until = (datetime.combine(day.actual_on, one, zone) for one in (day.opens, day.closes))
    return clock.to_text(since), clock.to_text(until)
