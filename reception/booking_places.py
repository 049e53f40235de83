"""The places of a visit day: a seat or a place in the waiting list, given back, and moved up into (K6).

Nobody waits while a seat is free: whoever frees one calls `leave` or `move_up` in the same act.
"""

from datetime import datetime

from db.store import Store
from reception import booking_changes, booking_facts, booking_slips, cases, events, visit_days, visit_slots
from reception.cases import Case
from reception.permissions import BOX, Actor
from reception.refusal import Refused
from reception.rules import clock
from reception.rules.booking_states import allowed
from reception.site import site

_WAITING = "visit_day_id = :day AND live = 1 AND waiting_at IS NOT NULL"
_ORDER = "waiting_at, case_id"


def is_booked(store: Store, day_id: int, unit_id: int) -> bool:
    """Whether a home has its one place of a day."""
    return bool(
        store.value(
            "SELECT 1 FROM visit_day_bookings WHERE visit_day_id = ? AND unit_id = ? AND live = 1", [day_id, unit_id]
        )
    )


def only_one_a_home(store: Store, day_id: int, unit_id: int) -> None:
    """Refuse `household_booked` where a home has its one place of a day already; the store would, too."""
    if is_booked(store, day_id, unit_id):
        raise Refused("household_booked")


def submit(store: Store, case_id: int, *, by: Actor, at: datetime) -> None:
    """Hand a booking that has a slot to the review of customer service, inside an act; one further on stays there."""
    case = cases.whole(store, case_id)
    if allowed("submit", case.state):
        cases.move(store, case, "under_review", "submit", by=by, at=at)


def leave(store: Store, case: Case, *, by: Actor, at: datetime) -> None:
    """End the place that a booking takes, inside the act that withdraws it, refuses it, or notes that nobody came.

    The next on the waiting list moves up. One that takes no place (a home that had booked a day twice, before a home
    had one) gives none; the act's own conditional update keeps it from ending twice.
    """
    store.execute("UPDATE visit_day_bookings SET live = 0, waiting_at = NULL WHERE case_id = ?", [case.id])
    visit_slots.give_back(store, case.id)
    booking_slips.void_waiting(store, case, at=clock.to_text(at))
    move_up(store, booking_facts.details(store, case).day.id, at=at)


def move_up(store: Store, day_id: int, *, at: datetime) -> list[Case]:
    """Give the free seats of a day to those who wait longest, inside an act; return who moved up.

    Before the day nobody has a seat that is kept free; on the day itself the seats still to come, also the free ones,
    go to those who walked in: they are here. A day that was held gives none.
    """
    day = visit_days.by_id(store, day_id)
    local = at.astimezone(site(store).zone)
    today = day.actual_on == local.date()
    if day.over or day.actual_on < local.date():
        return []
    found: list[Case] = []
    while True:
        case_id = store.value(
            f"SELECT case_id FROM visit_day_bookings WHERE {_WAITING} AND walk_in >= :today"  # noqa: S608
            f" ORDER BY {_ORDER} LIMIT 1",
            {"day": day_id, "today": today},
        )
        if case_id is None:
            return found
        not_before = f"{local:%H:%M}" if today else ""
        if not visit_slots.take(store, day_id, case_id, slack=today, not_before=not_before):
            return found
        found.append(_moved_up(store, case_id, at=at))


def _moved_up(store: Store, case_id: int, *, at: datetime) -> Case:
    if not store.changed(
        "UPDATE visit_day_bookings SET waiting_at = NULL WHERE case_id = ? AND live = 1 AND waiting_at IS NOT NULL",
        [case_id],
    ):
        raise Refused("changed_meanwhile")
    booking = booking_facts.details(store, cases.whole(store, case_id))
    if not booking.walk_in:
        submit(store, case_id, by=BOX, at=at)
    events.record(store, "move_up", "case", case_id, by=BOX, at=at, slot=booking.starts)
    case = cases.whole(store, case_id)
    booking_changes.note(
        store, case, was_on=booking.day.actual_on, was_starts="", cause="moved_up", reason="", by=BOX, at=at
    )
    store.touch("cases")
    return case
