"""Closing what an earlier day left open, so that nobody is called today for a number of last week."""

from datetime import datetime, timedelta

from db import paper_care
from db.store import Store, writing
from reception import events, tickets
from reception.permissions import Actor, permit
from reception.queue import move
from reception.rules import clock

STALE_AFTER = timedelta(hours=12)


def close_stale(store: Store, *, by: Actor, now: datetime) -> int:
    """Expire what was left open on an earlier day, half a day and more ago; return how many.

    Nobody is called today for a number of last week. The real close of the day comes with its opening hours.
    """
    permit(by, "close_day")
    with writing(store):
        at = events.moment(store, now)
        stale = store.rows(
            f"{tickets.SELECT} WHERE tickets.state IN ('waiting', 'called', 'serving', 'missed', 'parked')"
            " AND tickets.issued_at < ?",
            [clock.to_text(at - STALE_AFTER)],
        )
        for row in stale:
            ticket = tickets.from_row(row)
            state = "completed" if ticket.state == "serving" else "expired"
            move(store, ticket, state, "ended_at = ?", [clock.to_text(at)])
            paper_care.close(store, tickets.ref(ticket.id), clock.to_text(at))
            store.execute(
                "UPDATE visits SET state = 'auto_closed', left_at = ? WHERE id = ?",
                [clock.to_text(at), ticket.visit_id],
            )
            events.record(
                store, "close_stale", "ticket", ticket.id, by=by, at=at, from_state=ticket.state, to_state=state
            )
        if stale:
            store.touch("queue")
        return len(stale)
