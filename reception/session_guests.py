"""Who is received on a visit day: expected, here, in the room; in which order, and when (K5)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from sqlite3 import Row

from db.store import Store
from reception import seals, visit_days
from reception.permissions import KIOSK
from reception.rules import clock, hours
from reception.rules import session_order as rules
from reception.site import site
from reception.visit_days import Day

# Bookings of a day that are not over: whoever is to be received, is received, or may still come.
_OF_DAY = (
    "SELECT cases.id, cases.no, cases.state, booked.walk_in, booked.arrived_at, booked.arrival, booked.waiting_at,"  # noqa: S608
    " slots.starts, slots.minutes, tickets.id AS ticket_id, tickets.no AS ticket_no, tickets.state AS ticket_state,"
    " coalesce(tickets.misses, 0) AS misses FROM visit_day_bookings AS booked JOIN cases ON cases.id = booked.case_id"
    " LEFT JOIN visit_day_slots AS slots ON slots.case_id = cases.id LEFT JOIN tickets ON tickets.id = booked.ticket_id"
    # No booking is ever sealed; asked all the same, like everywhere.
    f" WHERE booked.visit_day_id = ? AND booked.live = 1 AND {seals.open_to(KIOSK)} ORDER BY cases.id LIMIT ?"
)
MOST = 200


@dataclass(frozen=True, slots=True)
class Guest:
    """A booking of the day as its session sees it: numbers and times, never a name.

    `starts_at` is when his slot begins, `expected_at` when he will be received as things stand; both None where nobody
    knows. `ticket_state` is '' until he is here.
    """

    case_id: int
    no: str
    state: str
    walk_in: bool
    starts: str
    starts_at: datetime | None
    minutes: int
    arrived_at: str | None
    arrival: str | None
    ticket_no: str
    ticket_state: str
    misses: int
    expected_at: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether he is here and waits to be called."""
        return self.state == "checked_in" and self.ticket_state == "waiting"

    @property
    def aside(self) -> bool:
        """Whether he was called and was not there."""
        return self.state == "checked_in" and self.ticket_state == "missed"

    @property
    def numberless(self) -> bool:
        """Whether he was here and his number ended, by a clock that ran past the day: he checks in once more."""
        return self.state == "checked_in" and self.ticket_state not in {"waiting", "called", "serving", "missed"}

    @property
    def behind(self) -> int:
        """By how many minutes he will be received later than his slot; 0 where nobody knows, or not at all."""
        if self.expected_at is None or self.starts_at is None:
            return 0
        return max(0, int((self.expected_at - self.starts_at).total_seconds() // 60))


def of_day(store: Store, day: Day) -> list[Guest]:
    """Return the bookings of a day that stand, without expected times, oldest first."""
    return [_guest(store, day, row) for row in store.rows(_OF_DAY, [day.id, MOST])]


def _guest(store: Store, day: Day, row: Row) -> Guest:
    starts = row["starts"] or ""
    centre = site(store)
    return Guest(
        case_id=row["id"],
        no=row["no"],
        state=row["state"],
        walk_in=bool(row["walk_in"]),
        starts=starts,
        starts_at=begin(store, day, starts) if starts else None,
        minutes=row["minutes"] or centre.visit_day_slot_minutes,
        arrived_at=row["arrived_at"],
        arrival=row["arrival"],
        ticket_no=row["ticket_no"] or "",
        ticket_state=row["ticket_state"] or "",
        misses=row["misses"],
    )


def begin(store: Store, day: Day, starts: str) -> datetime:
    """Return the moment of a time of a day's own clock (`HH:MM`)."""
    return hours.moment(day.actual_on, int(starts[:2]) * 60 + int(starts[3:]), site(store).zone)


def span(store: Store, day: Day) -> tuple[datetime, datetime]:
    """Return when a day opens and closes."""
    return begin(store, day, f"{day.opens:%H:%M}"), begin(store, day, f"{day.closes:%H:%M}")


def limits(store: Store) -> tuple[timedelta, timedelta]:
    """Return how long before his slot somebody is on time, and how long after it (K5)."""
    centre = site(store)
    return timedelta(minutes=centre.booked_early_minutes), timedelta(minutes=centre.booked_late_minutes)


def _as_rule(one: Guest, *, here: bool) -> rules.Guest:
    arrived = clock.from_text(one.arrived_at) if here and one.arrived_at else None
    return rules.Guest(one.case_id, one.starts_at, one.minutes, arrived, one.arrival, one.misses)


def waiting(guests: list[Guest]) -> list[Guest]:
    """Return who is here and waits, as they are received."""
    by_id = {one.case_id: one for one in guests if one.waits}
    return [by_id[one.id] for one in rules.order(_as_rule(one, here=True) for one in by_id.values())]


def expected(store: Store, day: Day, guests: list[Guest], *, now: datetime) -> dict[int, datetime]:
    """Return when each who waits or is still to come will be received, by the id of his case.

    The talk that goes on is taken to end when it was to, or, once that is over, now.
    """
    opens, _ = span(store, day)
    running = store.value(
        "SELECT planned_end_at FROM visit_day_meetings WHERE visit_day_id = ? AND ended_at IS NULL", [day.id]
    )
    free_at = max(now, opens, *([clock.from_text(running)] if running else []))
    called = next((one for one in guests if one.ticket_state == "called"), None)
    if running is None and called is not None:
        # He is on his way to the room: the others come after him.
        free_at += timedelta(minutes=called.minutes)
    people = [_as_rule(one, here=one.waits) for one in guests if one.waits or one.state in {"admitted", "scheduled"}]
    return dict(rules.expected(people, free_at=free_at, late=limits(store)[1]))


def case_of(store: Store, ticket_id: int) -> int | None:
    """Return the id of the booking whose guest has a ticket, or None for any other ticket."""
    found: int | None = store.value("SELECT case_id FROM visit_day_bookings WHERE ticket_id = ?", [ticket_id])
    return found


def ahead(store: Store, ticket_id: int) -> int:
    """Return how many are received before the guest of this ticket who waits; 0 once he does not."""
    day_id = store.value("SELECT visit_day_id FROM visit_day_bookings WHERE ticket_id = ?", [ticket_id])
    if day_id is None:
        return 0
    ids = [one.case_id for one in waiting(of_day(store, visit_days.by_id(store, day_id)))]
    mine = case_of(store, ticket_id)
    return ids.index(mine) if mine in ids else 0
