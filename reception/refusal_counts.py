"""What was refused (403, 404, a foreign origin, too much at once), counted by day: a flood of it fills no disk.

Not an event each: whoever can send requests could then write history without end. A row holds which room and which
refusal, by whom where that is known, how often, from when to when; never what was sent.
"""

from dataclasses import dataclass
from datetime import date, datetime

from db.store import Store, writing
from reception import events
from reception.permissions import Actor, permit
from reception.rules import clock
from reception.site import site

MOST = 1000


@dataclass(frozen=True, slots=True)
class Key:
    """What is counted together: the app, its room ('' for none), the code of the refusal, the staff id (0: nobody)."""

    app: str
    place: str
    code: str
    staff_id: int


@dataclass(frozen=True, slots=True)
class Counted:
    """How often something was refused on a day; `by_name` is '' for nobody who was known."""

    day: str
    app: str
    place: str
    code: str
    by_name: str
    count: int
    first_at: str
    last_at: str


def add(store: Store, counts: dict[Key, int], *, now: datetime) -> None:
    """Add to the counts of the day of the site. Anybody may be refused: it asks no permission."""
    with writing(store, busy_seconds=0.5):
        at = events.moment(store, now)
        day, text = clock.local_day(at, site(store).zone).isoformat(), clock.to_text(at)
        for key, count in counts.items():
            store.execute(
                "INSERT INTO refusals (day_on, app, place, code, staff_id, count, first_at, last_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                " count = count + excluded.count, last_at = max(last_at, excluded.last_at)",
                [day, key.app, key.place[:60], key.code[:60], key.staff_id, count, text, text],
            )


def counted(store: Store, *, since: date, until: date, by: Actor) -> list[Counted]:
    """Return what was refused in these days, the newest day and the most frequent first. Refuses `not_permitted`."""
    permit(by, "see_audit")
    rows = store.rows(
        "SELECT day_on AS day, app, place, code, coalesce(staff.name, '') AS by_name, count, first_at, last_at"
        " FROM refusals LEFT JOIN staff ON staff.id = staff_id WHERE day_on BETWEEN ? AND ?"
        " ORDER BY day_on DESC, count DESC, place, code LIMIT ?",
        [since.isoformat(), until.isoformat(), MOST],
    )
    return [Counted(**{name: row[name] for name in Counted.__slots__}) for row in rows]
