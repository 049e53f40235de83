"""When a meeting begins and ends, from what was typed: on the quarter, of one day of the site, not in the past."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from db.store import Store
from reception.refusal import Refused
from reception.rules import clock, hours, room_times
from reception.site import site

# Further ahead is a slip of the finger.
FURTHEST: Final = timedelta(days=366)
QUARTER: Final = timedelta(minutes=room_times.QUARTER)


def span(store: Store, day: str, from_: str, to: str, at: datetime, *, running: str = "") -> tuple[str, str]:
    """Return both ends as texts in UTC. A meeting that runs since `running` may keep that beginning; the quarter that
    has begun is had from now on.

    Refuses `date_invalid`, `room_in_past`, `room_too_far`, `room_time_invalid`, `room_time_reversed`.
    """
    zone = site(store).zone
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise Refused("date_invalid") from None
    today = clock.local_day(at, zone)
    if on < today:
        raise Refused("room_in_past")
    if on > today + FURTHEST:
        raise Refused("room_too_far")
    began = clock.from_text(running) if running else None
    keeps = (
        began is not None
        and began <= at
        and f"{began.astimezone(zone):%Y-%m-%d %H:%M}" == f"{on.isoformat()} {from_.strip()}"
    )
    try:
        begin, end = room_times.parse_span("00:00" if keeps else from_, to)
    except ValueError as error:
        raise Refused(str(error)) from None
    since, until = (hours.moment(on, minute, zone).astimezone(UTC) for minute in (begin, end))
    if keeps and began is not None:
        since = began
    elif since < at < since + QUARTER:
        since = at
    elif since < at:
        raise Refused("room_in_past")
    if until <= at:
        raise Refused("room_in_past")
    if since >= until:
        # The hour that the site's clock passes over.
        raise Refused("room_time_invalid")
    return clock.to_text(since), clock.to_text(until)
