"""Whoever calls at a counter sits there: the call and the seat are one act."""

from datetime import datetime

from db.store import Store, writing
from reception import queue, staff
from reception.sessions import Session
from reception.tickets import Ticket


def call_next(
    store: Store,
    sitting: Session,
    *,
    counter: str,
    line: str | None = None,
    holding: str | None = None,
    reason: str = "",
    now: datetime,
) -> Ticket | None:
    """Call the next at a counter, and sit down there; return what `queue.call_next` returns, refuse what it refuses."""
    with writing(store):
        called = queue.call_next(
            store, counter=counter, line=line, holding=holding, reason=reason, by=sitting.actor, now=now
        )
        if sitting.counter != counter:
            staff.choose_counter(store, sitting, counter, now=now)
        return called
