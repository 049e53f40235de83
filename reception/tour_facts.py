"""A tour of the estate (参观接待, SYS-43): who comes when, how it is received, what was said of it afterwards."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from db.store import Store
from reception import opening, papers, working_calendar
from reception.cases import Case
from reception.refusal import Refused
from reception.rules import clock, hours, tour_states
from reception.rules.masking import mask_name, mask_plates
from reception.site import site
from reception.wording import Words

KIND: Final = "tour"
SERIES: Final = "CG"
TEMPLATE: Final = "tour"
NAME = Words("参观接待", "Tour reception")
STATES = {
    "received": Words("已接到，准备中", "Received, being prepared"),
    "prepared": Words("已准备，待检查", "Prepared, to be checked"),
    "checked": Words("已检查，待开始", "Checked, about to start"),
    "in_progress": Words("参观中", "Under way"),
    "restored": Words("已恢复现场，待总结", "As before, to be reviewed"),
    "reviewed": Words("已总结，待归档", "Reviewed, to be filed"),
    "filed": Words("已归档", "Filed"),
    "cancelled": Words("已取消", "Called off"),
}
# RUL-31, in short: what they are in full stands in the lists of the centre.
LEVELS = {
    1: Words("一类", "Level 1"),
    2: Words("二类", "Level 2"),
    3: Words("三类", "Level 3"),
    4: Words("四类", "Level 4"),
}
WAYS = {"booked": Words("预约参观", "Booked"), "ad_hoc": Words("临时性参观", "Unannounced")}


@dataclass(frozen=True, slots=True)
class Tour:
    """A tour, as a reader may see it: `plates` and `guests` are whole or masked. Times are texts in UTC.

    `outside` the opening hours it waits for the manager until `approver` is somebody; `room` is what is booked for it,
    `room_code` where that may still be given back, else ''.
    """

    organisation: str
    level: int
    booked: bool
    people: int
    plates: str
    guests: tuple[str, ...]
    places: str
    needs: str
    letter: str
    starts_at: str
    ends_at: str
    outside: bool
    approved_at: str | None
    approver: str
    approval: str
    room: Words | None
    room_code: str
    room_booking_id: int | None
    well: str
    better: str
    reviewed_at: str | None
    reviewer: str
    reason: str

    @property
    def level_words(self) -> Words:
        """Of which level it is."""
        return LEVELS[self.level]

    @property
    def way(self) -> Words:
        """Whether it was announced."""
        return WAYS["booked" if self.booked else "ad_hoc"]

    @property
    def waits(self) -> bool:
        """Whether the manager has still to approve its time."""
        return self.outside and self.approved_at is None


_SELECT: Final = (
    "SELECT tours.*, coalesce(approver.name, '') AS approver, coalesce(reviewer.name, '') AS reviewer,"
    " rooms.name AS room_zh, rooms.name_en AS room_en,"
    " iif(room_bookings.state = 'booked', room_bookings.room, '') AS room_code FROM tours"
    " LEFT JOIN staff AS approver ON approver.id = approved_by LEFT JOIN staff AS reviewer ON reviewer.id = reviewed_by"
    " LEFT JOIN room_bookings ON room_bookings.id = room_booking_id AND room_bookings.state <> 'cancelled'"
    " LEFT JOIN rooms ON rooms.code = room_bookings.room"
)
_AS_KEPT: Final = (
    *("organisation", "level", "people", "places", "needs", "letter", "starts_at", "ends_at", "approved_at"),
    *("approver", "approval", "room_code", "room_booking_id", "well", "better", "reviewed_at", "reviewer", "reason"),
)


def details(store: Store, case: Case, *, plates: bool = False) -> Tour:
    """Return what a tour is; names and plates whole where the case is, the plates also where they must be known."""
    row = store.row(f"{_SELECT} WHERE case_id = ?", [case.id])
    assert row is not None
    guests = [line for line in row["guests"].split("\n") if line]
    return Tour(
        **{name: row[name] for name in _AS_KEPT},
        booked=bool(row["booked"]),
        outside=bool(row["outside"]),
        plates=row["plates"] if case.whole or plates else mask_plates(row["plates"]),
        guests=tuple(guests if case.whole else map(mask_name, guests)),
        room=Words(row["room_zh"], row["room_en"]) if row["room_zh"] else None,
    )


def outside(store: Store, starts: datetime, ends: datetime) -> bool:
    """Whether a time of one day is not whole within the opening hours of that day (RUL-32)."""
    centre = site(store)
    first, last = starts.astimezone(centre.zone), ends.astimezone(centre.zone)
    spans = opening.spans_of(centre, working_calendar.calendar(store, since=first.date()), first.date())
    end = hours.minute_of(last) if last.date() == first.date() else 24 * 60
    return not tour_states.within(spans, hours.minute_of(first), end)


def happened(store: Store, case: Case) -> dict[str, tuple[str, str]]:
    """Return when each step of a tour was made, and by whom: of one that was made again the last time."""
    rows = store.rows(
        "SELECT what, at, coalesce(staff.name, '') AS name FROM events LEFT JOIN staff ON staff.id = by_id"
        " WHERE subject = 'case' AND subject_id = ? AND what IN ('prepare_tour', 'check_tour', 'start_tour',"
        " 'restore_tour') ORDER BY events.id",
        [case.id],
    )
    return {row["what"]: (row["at"], row["name"]) for row in rows}


def room_of(store: Store, case_id: int) -> int | None:
    """Return the id of the booking that a tour has of a room; None where it has none any more."""
    found: int | None = store.value(
        "SELECT room_bookings.id FROM tours JOIN room_bookings ON room_bookings.id = room_booking_id"
        " WHERE case_id = ? AND state = 'booked'",
        [case_id],
    )
    return found


def day_of(store: Store, found: Tour) -> str:
    """Return the day of a tour at the site, ISO."""
    return clock.local_day(clock.from_text(found.starts_at), site(store).zone).isoformat()


def rebuild(store: Store, case: Case, kind: str, part: str) -> papers.Paper:
    """Its papers are of A4. Refuses `not_reprintable`."""
    raise Refused("not_reprintable")
