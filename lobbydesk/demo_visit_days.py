"""The demo's next visit day: a centre that has been at work for long announced it in time, whenever its demo begins."""

from datetime import date, datetime, time, timedelta

from db.store import Store, writing
from reception import events, visit_days
from reception.rules import clock
from reception.site import site


def announce(store: Store, *, now: datetime) -> None:
    """Plan the visit days of a centre that has none yet; what it would have announced by now is announced."""
    if store.value("SELECT 1 FROM visit_days LIMIT 1"):
        return
    with writing(store):
        at, centre = events.moment(store, now), site(store)
        visit_days.plan(store, at=at)
        today = clock.local_day(at, centre.zone)
        # A day before the last on which it is in time.
        before = timedelta(days=centre.visit_day_publish_days + 1)
        for row in store.rows("SELECT id, actual_on FROM visit_days WHERE actual_on <= ?", [str(today + before)]):
            announced = datetime.combine(date.fromisoformat(row["actual_on"]) - before, time(9), centre.zone)
            store.execute(
                "UPDATE visit_days SET state = 'published', published_at = ? WHERE id = ?",
                [clock.to_text(min(at, announced)), row["id"]],
            )
