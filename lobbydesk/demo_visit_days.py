"""The demo's next visit day: a centre that has been at work for long announced it in time, whenever its demo begins."""

from datetime import datetime, timedelta

from db.store import Store, writing
from reception import events, visit_days
from reception.rules import clock
from reception.site import site
from reception.visit_day_calendar import AHEAD


def announce(store: Store, *, now: datetime) -> None:
    """Plan the visit days of a centre that has none yet; what it would have announced by now is announced."""
    if store.value("SELECT 1 FROM visit_days LIMIT 1"):
        return
    with writing(store):
        at, centre = events.moment(store, now), site(store)
        visit_days.plan(store, at=at)
        last = clock.local_day(at, centre.zone) + timedelta(days=centre.visit_day_publish_days) + AHEAD
        store.execute(
            "UPDATE visit_days SET state = 'published', published_at = ? WHERE actual_on <= ?",
            [clock.to_text(at), last.isoformat()],
        )
