"""A visit day is given another room: it is held there, and every owner who is expected gets a slip that says so."""

from datetime import datetime

from db.store import Store, writing
from reception import booking_changes, booking_facts, cases, events, room_holds, rooms, visit_day_session, visit_days
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules.booking_states import BEFORE_MEETING
from reception.visit_days import Day

# Whose room may still change.
TO_COME = ("planned", "published", "open")


def give(store: Store, *, day_id: int, room: str, by: Actor, now: datetime) -> Day:
    """Give a visit day another room that is free then. Every owner still to be met is on the list of those to tell.

    Refuses `visit_day_unknown`, `visit_day_room_stays`, `nothing_changed`, `room_unknown`, `room_taken`.
    """
    permit(by, "manage_rooms")
    with writing(store):
        at = events.moment(store, now)
        day = visit_days.by_id(store, day_id)
        if day.state not in TO_COME:
            raise Refused("visit_day_room_stays")
        if room == day.room:
            raise Refused("nothing_changed")
        if not store.value("SELECT 1 FROM rooms WHERE code = ? AND active = 1", [room]):
            raise Refused("room_unknown")
        store.execute("UPDATE visit_days SET room = ? WHERE id = ?", [room, day_id])
        moved = visit_days.by_id(store, day_id)
        if not room_holds.hold_for_visit_day(store, moved, by=by, at=at):
            raise rooms.taken(store, room, *room_holds.hours_of(store, moved))
        events.record(store, "visit_day_room", "visit_day", day_id, by=by, at=at, was=day.room, room=room)
        if moved.state == "open":
            visit_day_session.name_room(store, moved)
        _tell(store, day, moved, by, at)
        store.touch("rooms", "cases")
        return moved


def _tell(store: Store, was: Day, moved: Day, by: Actor, at: datetime) -> None:
    reason = f"{was.room_name.zh} → {moved.room_name.zh}"
    for row in store.rows(
        "SELECT case_id FROM visit_day_bookings WHERE visit_day_id = ? AND live = 1 ORDER BY case_id", [moved.id]
    ):
        case = cases.whole(store, row["case_id"])
        if case.state in BEFORE_MEETING:
            starts = booking_facts.details(store, case).starts
            booking_changes.note(
                store,
                case,
                was_on=moved.actual_on,
                was_starts=starts,
                cause="room_changed",
                reason=reason,
                by=by,
                at=at,
            )
