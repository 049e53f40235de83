"""The close of the day: whoever still waits is told, what is open ends, and the day's log is written."""

import json
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from db import paper_care
from db.store import Store, writing
from reception import (
    appointment_arrivals,
    counters,
    day_checks,
    departures,
    events,
    opening,
    release_lists,
    tickets,
    visit_day_session,
)
from reception.permissions import Actor, permit
from reception.queue import move
from reception.rules import clock, hours
from reception.site import site
from reception.tickets import Ticket

_OPENLY = "line NOT IN (SELECT code FROM lines WHERE hears IS NOT NULL OR session = 1)"
OPEN = f"{tickets.SELECT} WHERE tickets.state IN ('waiting', 'called', 'serving', 'missed', 'parked')"


def close_day(store: Store, *, day: date, by: Actor, now: datetime) -> dict[str, Any]:
    """End what is open of a day and of those before it, close the counters, and write the day's log; return it.

    Being served counts as completed, flagged; everybody else's number expires. Closing again counts anew.
    """
    permit(by, "close_day")
    with writing(store):
        at = events.moment(store, now)
        # Before their numbers expire: who was called and never came is told from who still waits.
        visit_day_session.end_day(store, day, by=by, at=at)
        # Those of a day to come were issued by a clock that ran ahead (`clock_care`).
        future = (at + timedelta(days=1)).isoformat()[:10]
        # Closed by hand before its session was over: the guests of that are received all the same.
        kept = day.isoformat() if visit_day_session.goes_on(store, day) else ""
        for row in store.rows(
            f"{OPEN} AND (tickets.day_on <= ? OR tickets.day_on > ?)"
            " AND NOT (lines.session = 1 AND tickets.day_on = ?)",
            [day.isoformat(), future, kept],
        ):
            _end(store, tickets.from_row(row), by=by, at=at)
        appointment_arrivals.end_day(store, day, by=by, at=at)
        # A day closed late leaves alone the counters that were opened since.
        ended = clock.to_text(hours.moment(day, 24 * 60, site(store).zone))
        for (no,) in store.rows("SELECT no FROM counters WHERE state <> 'closed' AND state_at < ?", [ended]):
            if tickets.at_counter(store, no) is None:
                counters.shut(store, no, by=by, at=at)
        departures.close_day(store, before=hours.moment(day, 24 * 60, site(store).zone), at=at)
        facts = figures(store, day) | {"checks": day_checks.figures(store, day)}
        store.execute(
            "INSERT INTO day_logs (day_on, closed_at, by_id, facts) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (day_on) DO UPDATE SET closed_at = excluded.closed_at, by_id = excluded.by_id,"
            " facts = excluded.facts",
            [day.isoformat(), clock.to_text(at), by.id, json.dumps(facts)],
        )
        events.record(store, "close_day", "day", int(f"{day:%Y%m%d}"), by=by, at=at)
        store.touch("queue")
        return facts


def close_due(store: Store, *, by: Actor, now: datetime) -> list[date]:
    """Close every day that is over and has something open, or no log yet; return the days. Nothing else happens."""
    permit(by, "close_day")
    latest = today(store, now=now)
    days = sorted({min(date.fromisoformat(row["day_on"]), latest) for row in store.rows(_DAYS_OPEN)})
    over = [day for day in days if opening.day_is_over(store, day, now=now)]
    for day in over:
        close_day(store, day=day, by=by, now=now)
    _end_appointments(store, latest, by=by, now=now)
    if release_lists.any_over(store, now=now):
        release_lists.expire(store, by=by, now=now)
    return over


def _end_appointments(store: Store, latest: date, *, by: Actor, now: datetime) -> None:
    """End those of the days that are over: also of a day on which nobody took a number."""
    # Where it is open around the clock, yesterday ends at noon.
    ended = next(
        (day for day in (latest, latest - timedelta(days=1)) if opening.day_is_over(store, day, now=now)),
        latest - timedelta(days=2),
    )
    if appointment_arrivals.any_to_end(store, ended, by=by):
        with writing(store):
            appointment_arrivals.end_day(store, ended, by=by, at=events.moment(store, now))


_DAYS_OPEN = (
    "SELECT DISTINCT day_on FROM tickets WHERE state IN ('waiting', 'called', 'serving', 'missed', 'parked')"
    " UNION SELECT day_on FROM tickets WHERE id > (SELECT max(0, max(id) - 2000) FROM tickets)"
    " AND day_on NOT IN (SELECT day_on FROM day_logs)"
)


def _end(store: Store, ticket: Ticket, *, by: Actor, at: datetime) -> None:
    state = "completed" if ticket.state == "serving" else "expired"
    also = "ended_at = ?, closed_by_day = 1" if state == "completed" else "ended_at = ?"
    move(store, ticket, state, also, [clock.to_text(at)])
    paper_care.close(store, tickets.ref(ticket.id), clock.to_text(at))
    store.execute(
        "UPDATE visits SET state = 'auto_closed', left_at = ? WHERE id = ?", [clock.to_text(at), ticket.visit_id]
    )
    events.record(store, "close_day", "ticket", ticket.id, by=by, at=at, from_state=ticket.state, to_state=state)


def figures(store: Store, day: date) -> dict[str, Any]:
    """Return the figures of a day's queue: how many came and how they left, and the waits in minutes.

    Whom one role alone received is counted nowhere: the others would read of him here. Guests of the visit day were not
    in the queue; their session has figures of its own.
    `waits`: from issue to call of those who were served, as median, p90 and longest; None where nobody was.
    """
    by_state = store.counts(
        f"SELECT state, count(*) FROM tickets WHERE day_on = ? AND {_OPENLY} GROUP BY state",  # noqa: S608
        [day.isoformat()],
    )
    waits = sorted(
        (clock.from_text(row["called_at"]) - clock.from_text(row["issued_at"])).total_seconds() / 60
        for row in store.rows(
            "SELECT issued_at, called_at FROM tickets"  # noqa: S608
            f" WHERE day_on = ? AND state = 'completed' AND called_at IS NOT NULL AND {_OPENLY}",
            [day.isoformat()],
        )
    )
    return {
        "tickets": sum(by_state.values()),
        "completed": by_state.get("completed", 0),
        "cancelled": by_state.get("cancelled", 0),
        "expired": by_state.get("expired", 0),
        "by_line": store.counts(
            f"SELECT line, count(*) FROM tickets WHERE day_on = ? AND {_OPENLY} GROUP BY line",  # noqa: S608
            [day.isoformat()],
        ),
        "missed_calls": store.value(
            f"SELECT total(misses) FROM tickets WHERE day_on = ? AND {_OPENLY}",  # noqa: S608
            [day.isoformat()],
        ),
        "closed_while_served": store.value(
            f"SELECT count(*) FROM tickets WHERE day_on = ? AND closed_by_day = 1 AND {_OPENLY}",  # noqa: S608
            [day.isoformat()],
        ),
        "out_of_order": store.value(
            "SELECT count(*) FROM calls JOIN tickets ON tickets.id = calls.ticket_id WHERE tickets.day_on = ?"  # noqa: S608
            f" AND calls.called_as = 'picked' AND calls.recall = 0 AND calls.undone_at IS NULL AND tickets.{_OPENLY}",
            [day.isoformat()],
        ),
        "waits": {
            "median": round(median(waits), 1),
            "p90": round(waits[min(len(waits) - 1, int(len(waits) * 0.9))], 1),
            "longest": round(waits[-1], 1),
        }
        if waits
        else None,
    }


def logs(store: Store, *, by: Actor) -> list[tuple[date, dict[str, Any]]]:
    """Return the logs of the last closed days, the newest first, each as its day and its figures."""
    permit(by, "see_day_logs")
    rows = store.rows("SELECT day_on, facts FROM day_logs ORDER BY day_on DESC LIMIT 31")
    return [(date.fromisoformat(row["day_on"]), json.loads(row["facts"])) for row in rows]


def today(store: Store, *, now: datetime) -> date:
    """Return the day at the site."""
    return clock.local_day(events.moment(store, now), site(store).zone)
