"""会议室使用、预定一览表 (SYS-44): who has which room when, for what; never two at a time, which the store sees to."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row
from typing import Final

from db.store import Store, writing
from reception import events, nonces, room_holds, room_spans, visit_days
from reception.permissions import FRONT, HEADS, Actor, may, permit
from reception.refusal import Refused
from reception.room_holds import SUBJECT, hold_for_visit_day
from reception.rules import clock, id_numbers, people
from reception.site import site
from reception.wording import Words

__all__ = ["Booking", "book", "cancel", "change", "end", "find", "hold_for_visit_day", "may_touch"]

LIMIT: Final = 80
HOLDERS: Final = FRONT | HEADS


@dataclass(frozen=True, slots=True)
class Booking:
    """A room from one time to another, as texts in UTC. `holder` meets there, `by_name` booked it; ids of staff.

    `visit_day_id`: it is held for that visit day, and nobody's else, whose date may still be `provisional`; `state` is
    booked, used or cancelled.
    """

    id: int
    room: str
    room_name: Words
    from_at: str
    to_at: str
    purpose: str
    holder_id: int | None
    holder_name: str
    visit_day_id: int | None
    provisional: bool
    state: str
    reason: str
    by_id: int | None
    by_name: str
    at: str

    @property
    def was(self) -> str:
        """What a form that changes it believes: no press moves what somebody else has moved meanwhile."""
        return f"{self.room} {self.from_at} {self.to_at}"


SELECT: Final = (
    "SELECT room_bookings.*, rooms.name AS room_zh, rooms.name_en AS room_en, holder.name AS holder_name,"
    " booker.name AS by_name, (SELECT provisional FROM visit_days WHERE visit_days.id = visit_day_id) AS provisional"
    " FROM room_bookings JOIN rooms ON rooms.code = room_bookings.room"
    " LEFT JOIN staff AS holder ON holder.id = holder_id LEFT JOIN staff AS booker ON booker.id = by_id"
)


def from_row(row: Row) -> Booking:
    """Return a row of `SELECT` as a booking."""
    return Booking(
        row["id"],
        row["room"],
        Words(row["room_zh"], row["room_en"]),
        row["from_at"],
        row["to_at"],
        row["purpose"],
        row["holder_id"],
        row["holder_name"] or "",
        row["visit_day_id"],
        bool(row["provisional"]),
        row["state"],
        row["reason"] or "",
        row["by_id"],
        row["by_name"] or "",
        row["at"],
    )


def find(store: Store, booking_id: int, *, by: Actor) -> Booking:
    """Return a booking. Refuses `room_booking_unknown`."""
    permit(by, "see_rooms")
    row = store.row(f"{SELECT} WHERE room_bookings.id = ?", [booking_id])
    if row is None:
        raise Refused("room_booking_unknown")
    return from_row(row)


def may_touch(found: Booking, by: Actor) -> bool:
    """Tell whether somebody may move or cancel it: who meets there, who booked it, and who looks after the rooms.

    What is held for a visit day goes with the day alone.
    """
    own = by.id is not None and by.id in {found.holder_id, found.by_id}
    return found.visit_day_id is None and (may(by, "manage_rooms") or (own and may(by, "book_room")))


def book(
    store: Store,
    *,
    nonce: str,
    room: str,
    day: str,
    from_: str,
    to: str,
    purpose: str,
    holder: str = "",
    by: Actor,
    now: datetime,
) -> Booking:
    """Book a room on a day of the site, on the quarter; for a colleague by login, or oneself. A nonce books once.

    The quarter that has begun is booked from now on. Outside the opening hours is allowed. Refuses `room_unknown`,
    `holder_unknown`, `room_purpose_missing`, `room_taken`, what `room_spans.span` and `_text` refuse.
    """
    permit(by, "book_room")
    content = {"room": room, "day": day, "from": from_, "to": to, "purpose": purpose, "holder": holder}

    def make(at: datetime) -> int:
        _in_use(store, room)
        clean = _text(purpose, missing="room_purpose_missing")
        holder_id = _holder(store, holder, by)
        since, until = room_spans.span(store, day, from_, to, at)
        booking_id = _alone(
            store,
            (room, since, until),
            lambda: store.insert(
                "INSERT INTO room_bookings (room, from_at, to_at, purpose, holder_id, at, by_id)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [room, since, until, clean, holder_id, clock.to_text(at), by.id],
            ),
        )
        detail = {"room": room, "since": since, "until": until}
        events.record(store, "room_booked", SUBJECT, booking_id, by=by, at=at, to_state="booked", **detail)
        store.touch("rooms")
        return booking_id

    return find(store, nonces.once(store, nonce, "book_room", content, now=now, make=make), by=by)


def change(
    store: Store, *, booking_id: int, was: str, room: str, day: str, from_: str, to: str, by: Actor, now: datetime
) -> Booking:
    """Give a meeting another room or time; a visit day that waited for the room has it at once.

    One that runs keeps its beginning. Refuses `changed_meanwhile` where it is not what `was` says, `nothing_changed`,
    `room_unknown`, `room_taken`, and what `_running` and `room_spans.span` refuse.
    """
    with writing(store):
        found, at = _running(store, booking_id, by, now)
        if found.was != was:
            raise Refused("changed_meanwhile")
        if room != found.room:
            _in_use(store, room)
        since, until = room_spans.span(store, day, from_, to, at, running=found.from_at)
        if (room, since, until) == (found.room, found.from_at, found.to_at):
            raise Refused("nothing_changed")
        _alone(
            store,
            (room, since, until),
            lambda: store.changed(
                "UPDATE room_bookings SET room = ?, from_at = ?, to_at = ? WHERE id = ?",
                [room, since, until, found.id],
            ),
        )
        detail = {"was": found.was, "room": room, "since": since, "until": until}
        _told(store, "room_changed", found, "booked", by, at, **detail)
    return find(store, booking_id, by=by)


def cancel(store: Store, *, booking_id: int, reason: str, by: Actor, now: datetime) -> Booking:
    """Give a room back before its time is over. Refuses `reason_missing` and what `_running` and `_text` refuse."""
    with writing(store):
        found, at = _running(store, booking_id, by, now)
        clean = _text(reason, missing="reason_missing")
        store.execute("UPDATE room_bookings SET state = 'cancelled', reason = ? WHERE id = ?", [clean, found.id])
        _told(store, "room_cancelled", found, "cancelled", by, at)
    return find(store, booking_id, by=by)


def let_go(store: Store, booking_id: int, why: str, *, by: Actor, at: datetime) -> None:
    """What a room was booked for is called off or moved, inside that act: the room is free, whoever booked it."""
    found = from_row(store.rows(f"{SELECT} WHERE room_bookings.id = ?", [booking_id])[0])
    if store.changed(
        "UPDATE room_bookings SET state = 'cancelled', reason = ? WHERE id = ? AND state = 'booked'", [why, booking_id]
    ):
        _told(store, "room_cancelled", found, "cancelled", by, at)


def end(store: Store, *, booking_id: int, by: Actor, now: datetime) -> Booking:
    """Mark a room as used; one that is left early is free from now on. The desk may do it for everybody.

    Refuses `room_booking_unknown`, `room_held`, `not_permitted`, `room_not_begun`, `room_booking_over`.
    """
    permit(by, "book_room")
    with writing(store):
        found, at = find(store, booking_id, by=by), events.moment(store, now)
        if found.visit_day_id is not None:
            raise Refused("room_held")
        if not (may_touch(found, by) or by.role in FRONT):
            raise Refused("not_permitted")
        moment = clock.to_text(at)
        if found.state == "booked" and found.from_at >= moment:
            raise Refused("room_not_begun")
        if not store.changed(
            "UPDATE room_bookings SET state = 'used', to_at = min(to_at, ?) WHERE id = ? AND state = 'booked'",
            [moment, found.id],
        ):
            raise Refused("room_booking_over")
        _told(store, "room_used", found, "used", by, at)
    return find(store, booking_id, by=by)


def _running(store: Store, booking_id: int, by: Actor, now: datetime) -> tuple[Booking, datetime]:
    """Return what is still to be changed, and the moment. Refuses `room_booking_unknown`, `room_held`,
    `not_permitted`, `room_booking_over`.
    """
    permit(by, "book_room")
    found, at = find(store, booking_id, by=by), events.moment(store, now)
    if found.visit_day_id is not None:
        raise Refused("room_held")
    if not may_touch(found, by):
        raise Refused("not_permitted")
    if found.state != "booked" or found.to_at <= clock.to_text(at):
        raise Refused("room_booking_over")
    return found, at


def _told(store: Store, what: str, found: Booking, to: str, by: Actor, at: datetime, **detail: str) -> None:
    """Write down what became of a booking; whoever waited for that room has it: a visit day comes first."""
    events.record(store, what, SUBJECT, found.id, by=by, at=at, from_state=found.state, to_state=to, **detail)
    for day in visit_days.unheld(store, at=at):
        room_holds.hold_for_visit_day(store, day, by=by, at=at)
    store.touch("rooms", "cases")


def _alone(store: Store, wanted: tuple[str, str, str], write: Callable[[], int]) -> int:
    """Write it; where the store refuses because somebody has the room, say who: `room_taken`."""
    try:
        return write()
    except sqlite3.IntegrityError as error:
        if not room_holds.is_taken(error):
            raise
        raise taken(store, *wanted) from None


def taken(store: Store, room: str, since: str, until: str) -> Refused:
    """Return the refusal that names who has a room at some time, and when."""
    row = store.row(
        f"{SELECT} WHERE room = ? AND state <> 'cancelled' AND from_at < ? AND to_at > ? ORDER BY from_at LIMIT 1",
        [room, until, since],
    )
    assert row is not None
    found, zone = from_row(row), site(store).zone
    first, last = (clock.from_text(text).astimezone(zone) for text in (found.from_at, found.to_at))
    when = f"{first:%m-%d %H:%M}–{last:%H:%M}"
    if found.visit_day_id is not None:
        # Never as if its date were fixed (K3, 12).
        also = ("room_day_provisional",) if found.provisional else ()
        return Refused("room_taken_by_visit_day", *also, said={"when": when})
    return Refused("room_taken", said={"who": found.holder_name, "when": when})


def _in_use(store: Store, room: str) -> None:
    if not store.value("SELECT 1 FROM rooms WHERE code = ? AND active = 1", [room]):
        raise Refused("room_unknown")


def _holder(store: Store, login: str, by: Actor) -> int | None:
    if not login:
        return by.id
    row = store.row("SELECT id, role FROM staff WHERE login = ? AND active = 1", [login])
    if row is None or row["role"] not in HOLDERS:
        raise Refused("holder_unknown")
    return int(row["id"])


def _text(value: str, *, missing: str) -> str:
    """Refuses `missing`, `text_too_long`, `text_invalid`, `id_number`."""
    try:
        clean = id_numbers.free_of(people.clean_text(value, limit=LIMIT))
    except ValueError as error:
        raise Refused(str(error)) from None
    if not clean:
        raise Refused(missing)
    return clean
