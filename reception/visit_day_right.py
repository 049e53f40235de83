"""What a clock that ran ahead made of the visit days is taken back once it was put right (`clock_care`).

By it days opened and were held that are still to come, and whoever is still expected had not come: he is expected.
"""

from datetime import datetime, timedelta
from sqlite3 import Row

from db.store import Store
from reception import booking_places, cases, events, room_holds, session_guests, visit_days
from reception.permissions import Actor
from reception.rules import clock
from reception.site import site
from reception.visit_days import Day

# How it is written down, of a day and of a booking.
WHAT = "visit_day_set_right"


def set_right(store: Store, *, by: Actor, at: datetime) -> None:
    """Take it back inside the act that declares the time right; what people did stays, at the latest now."""
    moment = clock.to_text(at)
    store.execute("UPDATE visit_days SET published_at = ? WHERE published_at > ?", [moment, moment])
    store.execute("UPDATE visit_day_bookings SET arrived_at = ? WHERE arrived_at > ?", [moment, moment])
    store.execute("UPDATE visit_day_bookings SET waiting_at = ? WHERE waiting_at > ?", [moment, moment])
    for row in store.rows(
        f"{visit_days.SELECT} WHERE max(opened_at, coalesce(held_at, '')) > ? ORDER BY actual_on", [moment]
    ):
        _day(store, row, by=by, at=at)
    for talk in store.rows(
        "SELECT * FROM visit_day_meetings WHERE max(began_at, coalesce(ended_at, '')) > ?", [moment]
    ):
        _talk(store, talk, at)
    # The box looks again in a minute: what is broken by the right time as well is found anew.
    store.execute(
        "DELETE FROM oversight_findings WHERE found_by IS NULL AND correction IS NULL AND found_at > ?", [moment]
    )


def _day(store: Store, row: Row, *, by: Actor, at: datetime) -> None:
    day, moment = visit_days.from_row(row), clock.to_text(at)
    today = clock.local_day(at, site(store).zone)
    begun = day.actual_on <= today
    over = day.actual_on < today or at >= session_guests.span(store, day)[1]
    if over and day.state != "open":
        # It is over by the right time as well.
        store.execute(
            "UPDATE visit_days SET opened_at = min(opened_at, :now), held_at = min(held_at, :now),"
            " summarised_at = min(summarised_at, :now) WHERE id = :day",
            {"now": moment, "day": day.id},
        )
        return
    state = "open" if begun else "published"
    # Who summed up a day that is still to come summed up nothing: else nobody could be received on it.
    store.execute("DELETE FROM visit_day_summaries WHERE visit_day_id = ?", [day.id])
    store.execute(
        "UPDATE visit_days SET state = :state, held_at = NULL, summarised_at = NULL,"
        " opened_at = iif(:begun, min(opened_at, :now), NULL)"
        " WHERE id = :day",
        {"state": state, "begun": begun, "now": moment, "day": day.id},
    )
    events.record(store, WHAT, "visit_day", day.id, by=by, at=at, from_state=day.state, to_state=state)
    _expect_again(store, day, by=by, at=at)
    store.execute("UPDATE room_bookings SET state = 'booked' WHERE visit_day_id = ? AND state = 'used'", [day.id])
    room_holds.hold_for_visit_day(store, visit_days.by_id(store, day.id), by=by, at=at)


def _expect_again(store: Store, day: Day, *, by: Actor, at: datetime) -> None:
    for row in store.rows(
        "SELECT booked.case_id, booked.unit_id, events.from_state FROM visit_day_bookings AS booked"
        " JOIN events ON subject = 'case' AND subject_id = booked.case_id AND to_state = 'no_show'"
        " WHERE booked.visit_day_id = ? AND events.at > ? ORDER BY booked.case_id",
        [day.id, clock.to_text(at)],
    ):
        case = cases.whole(store, row["case_id"])
        # A home has one place of a day: it may have booked anew.
        if case.state == "no_show" and not booking_places.is_booked(store, day.id, row["unit_id"]):
            cases.move(store, case, row["from_state"], WHAT, by=by, at=at)
            store.execute("UPDATE visit_day_bookings SET live = 1 WHERE case_id = ?", [case.id])


def _talk(store: Store, talk: Row, at: datetime) -> None:
    """A talk goes on where its day does and nothing was decided yet; no other one began or ended later than now."""
    began = min(clock.from_text(talk["began_at"]), at)
    planned = max(clock.from_text(talk["planned_end_at"]) - clock.from_text(talk["began_at"]), timedelta(minutes=1))
    goes_on = store.value(
        "SELECT 1 FROM visit_days JOIN cases ON cases.id = ? JOIN visit_day_bookings AS booked ON booked.case_id ="
        " cases.id JOIN tickets ON tickets.id = booked.ticket_id WHERE visit_days.id = ? AND visit_days.state = 'open'"
        " AND cases.state = 'met' AND cases.sealed = 0 AND tickets.state = 'serving'",
        [talk["case_id"], talk["visit_day_id"]],
    )
    ended = None if talk["ended_at"] is None or goes_on else min(clock.from_text(talk["ended_at"]), at)
    store.execute(
        "UPDATE visit_day_meetings SET began_at = ?, planned_end_at = ?, ended_at = ? WHERE id = ?",
        [
            clock.to_text(began),
            clock.to_text(began + planned),
            None if ended is None else clock.to_text(max(ended, began)),
            talk["id"],
        ],
    )
