"""What a booking was before it was given another day or slot, with the reason; and which owners were not told yet."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from db.store import Store
from reception import booking_facts, booking_slips, cases, seals, spooling
from reception.cases import Case
from reception.permissions import Actor, Role, permit
from reception.rules import clock
from reception.site import site
from reception.wording import Words

CAUSES: Final = {
    "day_moved": Words("接访日改期", "The visit day was moved"),
    "room_changed": Words("接访日改地点", "Another room"),
    # The slip said 暂定.
    "confirmed": Words("暂定日期已确定", "The provisional date is fixed now"),
    "slot_changed": Words("改了时段", "Another time"),
    "moved_up": Words("候补递补", "Moved up from the waiting list"),
    "rebooked": Words("改约", "Booked anew"),
    "overrun": Words("时间不够", "Time ran out"),
    # The slip names the matter. That its owner is told is a list of the signatures (`sign_reminders`).
    "reworded": Words("改写事由", "The matter was worded anew"),
}
MOST: Final = 200
MOST_OF_ONE: Final = 30


def note(
    store: Store, case: Case, *, was_on: date, was_starts: str, cause: str, reason: str, by: Actor, at: datetime
) -> None:
    """Write inside an act that a booking is not what its slip says; a new slip is queued, the old never comes out.

    The new day and slot stand in the store already. The owner is on the list of those to tell until a notice of the
    case says so (`untold`).
    """
    assert cause in CAUSES, cause
    edition = booking_facts.details(store, case).edition + 1
    store.execute(
        "INSERT INTO visit_day_changes (case_id, edition, was_on, was_starts, cause, reason, at, by_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [case.id, edition, was_on.isoformat(), was_starts, cause, reason, clock.to_text(at), by.id],
    )
    store.execute("UPDATE visit_day_bookings SET edition = ? WHERE case_id = ?", [edition, case.id])
    booking_slips.void_waiting(store, case, at=clock.to_text(at))
    spooling.enqueue(
        store,
        site(store),
        booking_slips.slip(store, case),
        ref=cases.ref(case),
        part=str(edition),
        at=at,
        # Nobody stands at the kiosk for it, but who changed it there.
        printer=None if by.role is Role.KIOSK else spooling.desk_printer(store),
    )


def untold(store: Store, *, by: Actor) -> list[Case]:
    """Return the bookings whose owners do not know the last change yet, the soonest day first, at most `MOST`."""
    permit(by, "see_cases")
    rows = store.rows(
        "SELECT cases.id FROM visit_day_changes AS change JOIN cases ON cases.id = change.case_id"  # noqa: S608
        " JOIN visit_day_bookings AS booked ON booked.case_id = cases.id AND change.edition ="
        " (SELECT max(edition) FROM visit_day_changes AS last WHERE last.case_id = cases.id AND cause <> 'reworded')"
        " JOIN visit_days ON visit_days.id = booked.visit_day_id WHERE booked.live = 1 AND cases.closed_at IS NULL"
        # What he changed himself, at the kiosk or on his phone, he knows.
        " AND NOT (change.by_id IS NULL AND change.cause IN ('slot_changed', 'rebooked'))"
        " AND NOT EXISTS (SELECT 1 FROM feedback_notices WHERE case_id = cases.id AND at >= change.at)"
        f" AND {seals.open_to(by)} ORDER BY visit_days.actual_on, cases.id LIMIT ?",
        [MOST],
    )
    return [cases.masked(store, row[0]) for row in rows]


@dataclass(frozen=True, slots=True)
class Change:
    """What a booking was before: `was_starts` '' while it waited for a slot. `by_name` is '' where it was no staff."""

    edition: int
    was_on: date
    was_starts: str
    cause: str
    reason: str
    at: str
    by_name: str

    @property
    def words(self) -> Words:
        """Why it was changed."""
        return CAUSES[self.cause]


def of_case(store: Store, case_id: int) -> list[Change]:
    """Return the last changes of day, time and place of a booking, at most `MOST_OF_ONE`, oldest first."""
    rows = store.rows(
        "SELECT edition, was_on, was_starts, cause, reason, at, coalesce(staff.name, '') AS by_name"
        " FROM visit_day_changes LEFT JOIN staff ON staff.id = by_id WHERE case_id = ? AND cause <> 'reworded'"
        " ORDER BY edition DESC LIMIT ?",
        [case_id, MOST_OF_ONE],
    )
    return [Change(**{**dict(row), "was_on": date.fromisoformat(row["was_on"])}) for row in reversed(rows)]
