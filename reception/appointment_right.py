"""What a clock that ran ahead made of the appointments is taken back once it was put right (`clock_care`)."""

from datetime import datetime, timedelta

from db.store import Store
from reception import cases
from reception.permissions import Actor
from reception.rules import clock
from reception.site import site

# How it is written down.
WHAT = "appointment_set_right"


def set_right(store: Store, *, by: Actor, at: datetime) -> None:
    """Expect again, inside the act that declares the time right, whoever did not come by the wrong time alone."""
    missed = clock.to_text(at - timedelta(minutes=site(store).booked_late_minutes))
    for row in store.rows(
        "SELECT appointments.case_id, host_id, expected_at, events.from_state FROM appointments"
        " JOIN events ON subject = 'case' AND subject_id = appointments.case_id AND to_state = 'no_show'"
        " WHERE expected_at > ? AND events.at > ? ORDER BY expected_at",
        [missed, clock.to_text(at)],
    ):
        case = cases.whole(store, row["case_id"])
        # The host may be with somebody else at that time by now.
        taken = store.value(
            "SELECT 1 FROM appointments WHERE live = 1 AND host_id = ? AND expected_at = ?",
            [row["host_id"], row["expected_at"]],
        )
        if case.state == "no_show" and not taken:
            cases.move(store, case, row["from_state"], WHAT, by=by, at=at)
            store.execute("UPDATE appointments SET live = 1 WHERE case_id = ?", [case.id])
