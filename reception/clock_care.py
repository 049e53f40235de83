"""The way out of a clock that ran ahead: a person says that it is right now, and time goes on from there."""

from datetime import datetime, timedelta

from db import paper_care
from db.store import Store, writing
from reception import (
    appointment_right,
    clock_turns,
    counters,
    due,
    events,
    follow_up_claims,
    home_guesses,
    login_failures,
    month_reports,
    phone_tails,
    sessions,
    sign_reminders,
    supervision_steps,
    visit_day_right,
    worker_devices,
)
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.site import site


def correct(store: Store, *, by: Actor, now: datetime) -> int:
    """Declare the box's clock right after it ran ahead; return how many open numbers keep waiting.

    While the last event lies in the future, effective time stands still at it (`domain.md` K3, 16). History stays as it
    was written; an event marks where its times go on. What the wrong clock set for a time to come (a place in the
    queue, a deadline, a lock of a login, a session, when a paper is wiped) is brought back to now. Refuses
    `clock_not_ahead`.
    """
    permit(by, "correct_clock")
    with writing(store):
        if not events.clock_is_behind(store, now):
            raise Refused("clock_not_ahead")
        wrong = events.last_at(store)
        assert wrong is not None
        at = clock.to_text(now)
        events.record(store, "correct_clock", "site", 0, by=by, at=now, was=clock.to_text(wrong))
        waiting = store.execute(
            "UPDATE tickets SET rank_at = ?, called_at = min(called_at, ?) WHERE state IN"
            " ('waiting', 'called', 'serving', 'missed', 'parked') AND issued_at > ?",
            [at, at, at],
        ).rowcount
        store.execute("UPDATE rings SET at = ? WHERE taken_at IS NULL AND at > ?", [at, at])
        login_failures.set_right(store, at=now)
        sessions.set_right(store, at=now)
        phone_tails.set_right(store, at=now)
        home_guesses.set_right(store, at=now)
        worker_devices.set_right(store, at=now)
        counters.set_right(store, at=now)
        due.set_right(store, at=now)
        clock_turns.set_right(store, by=by, at=now)
        appointment_right.set_right(store, by=by, at=now)
        follow_up_claims.set_right(store, at=now)
        supervision_steps.set_right(store, by=by, at=now)
        sign_reminders.set_right(store, at=now)
        visit_day_right.set_right(store, by=by, at=now)
        month_reports.set_right(store, at=now)
        latest = now + timedelta(hours=site(store).print_payload_hours)
        paper_care.wipe_no_later(store, clock.to_text(latest))
        store.touch("queue", "site", "printers", "cases")
        return waiting
