"""Opening hours: whether the centre is open, takes numbers, and when it opens next."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from db.store import Store
from reception import events, working_calendar
from reception.rules import clock, hours
from reception.rules.hours import Span
from reception.rules.working_days import Calendar
from reception.site import Site, site

LOOK_AHEAD_DAYS = 30


@dataclass(frozen=True, slots=True)
class Opening:
    """How the centre stands at a moment. Times are moments in UTC-aware datetimes of the site's zone.

    `takes_tickets` ends some minutes before `is_open` does; `opens_at` is None while it is open, and where no opening
    is known for a month.
    """

    is_open: bool
    takes_tickets: bool
    spans: tuple[Span, ...]
    closes_at: datetime | None
    opens_at: datetime | None

    @property
    def written(self) -> str:
        """Today's hours as people read them; '' on a day without any."""
        return hours.written(self.spans)


def spans_of(centre: Site, calendar: Calendar, day: date) -> tuple[Span, ...]:
    """Return the hours of a day: those of working days, or those of rest days."""
    return hours.parse(centre.hours_work if calendar.is_open(day) else centre.hours_rest)


def opening(store: Store, *, now: datetime) -> Opening:
    """Return how the centre stands now."""
    centre, at = site(store), events.moment(store, now)
    local = at.astimezone(centre.zone)
    today, minute = local.date(), hours.minute_of(local)
    calendar = working_calendar.calendar(store, since=today)
    spans = spans_of(centre, calendar, today)
    span = hours.current(spans, minute)
    return Opening(
        span is not None,
        hours.takes_tickets(spans, minute, centre.last_ticket_minutes),
        spans,
        hours.moment(today, span.end, centre.zone) if span else None,
        None if span else _opens_at(centre, calendar, today, minute),
    )


def _opens_at(centre: Site, calendar: Calendar, today: date, minute: int) -> datetime | None:
    for ahead in range(LOOK_AHEAD_DAYS):
        day = today + timedelta(days=ahead)
        begin = hours.next_begin(spans_of(centre, calendar, day), minute if ahead == 0 else -1)
        if begin is not None:
            return hours.moment(day, begin, centre.zone)
    return None


def week(store: Store, *, now: datetime) -> list[tuple[date, str]]:
    """Return today and the six days after it, each with its hours as people read them ('' for a closed day)."""
    centre = site(store)
    today = clock.local_day(events.moment(store, now), centre.zone)
    calendar = working_calendar.calendar(store, since=today)
    days = [today + timedelta(days=ahead) for ahead in range(7)]
    return [(day, hours.written(spans_of(centre, calendar, day))) for day in days]


def day_is_over(store: Store, day: date, *, now: datetime) -> bool:
    """Tell whether a day's last opening ended an hour ago and more: what is open then is to be closed.

    A centre that is open around the clock ends its day at noon of the next.
    """
    centre, at = site(store), events.moment(store, now)
    spans = spans_of(centre, working_calendar.calendar(store, since=day), day)
    grace = timedelta(hours=12) if spans and spans[-1].end == 24 * 60 else timedelta(hours=1)
    ended = hours.moment(day, spans[-1].end if spans else 24 * 60, centre.zone)
    return clock.effective(at, None) >= ended + grace
