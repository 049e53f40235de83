"""The list of rooms that the centre keeps (SYS-44): described for its page of the settings, and what a row keeps to."""

from typing import Any

from db.store import Store
from reception import events
from reception.refusal import Refused
from reception.rules import clock
from reception.table_types import ACTIVE, NAME, NAME_EN, POSITION, Column, Table
from reception.wording import Words

ROOMS = Table(
    "rooms",
    Words("会议室、接待室", "Rooms"),
    "code",
    (
        Column("code", Words("代码", "Code"), "code"),
        NAME,
        NAME_EN,
        Column("seats", Words("座位", "Seats"), "number", optional=True),
        POSITION,
        ACTIVE,
    ),
    "position, code",
    ("name", "name_en"),
)


def rule(store: Store, key: str, checked: dict[str, Any]) -> None:
    """No room goes out of use that somebody has booked, or where a visit day is to be held. Refuses `row_in_use`."""
    checked["seats"] = checked["seats"] or None
    if checked["active"]:
        return
    last = events.last_at(store)
    used = store.value(
        "SELECT EXISTS (SELECT 1 FROM room_bookings WHERE room = :room AND state = 'booked' AND to_at > :at)"
        " OR EXISTS (SELECT 1 FROM visit_day_rules WHERE room = :room AND active = 1)"
        " OR EXISTS (SELECT 1 FROM visit_days WHERE room = :room AND state IN ('planned', 'published', 'open')"
        " AND actual_on >= substr(:at, 1, 10))",
        {"room": key, "at": clock.to_text(last) if last else ""},
    )
    if used:
        raise Refused("row_in_use")
