"""Which visit days may be booked now, until when, and which times are free (K6: booking closes working days before)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from db.store import Store
from reception import events, opening, visit_days, visit_slots, working_calendar
from reception.refusal import Refused
from reception.rules import clock, hours, said_times
from reception.site import site
from reception.visit_days import Day
from reception.wording import Words

# So many days are offered to choose from.
MOST: Final = 3
# Twenty working days lie within so many days, whatever the holidays.
_LOOK_BACK: Final = timedelta(days=70)
_WHOLE_DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Offer:
    """A visit day as it may be booked: its free times, how many wait for one, and the last moment to book it.

    `until` is a moment of the site's zone; `open` False: it has passed, or the day is not booked any more.
    """

    day: Day
    until: datetime
    open: bool
    free: tuple[str, ...]
    waiting: int

    @property
    def full(self) -> bool:
        """Whether who books it now is put on the waiting list."""
        return self.open and not self.free

    @property
    def until_words(self) -> Words:
        """Until when it may be booked, as one says it: 12月1日（周二） 17:30."""
        # A day without a close ends at 24:00, which is not the day after.
        last = (self.until - timedelta(microseconds=1)).date()
        hour = f"{self.until:%H:%M}" if last == self.until.date() else "24:00"
        zh, en = said_times.day(last)
        return Words(f"{zh} {hour}", f"{en}, {hour}")


def closes_at(store: Store, day: Day) -> datetime:
    """Return the moment up to which a day may be booked: the close of business so many working days before it."""
    centre = site(store)
    calendar = working_calendar.calendar(store, since=day.actual_on - _LOOK_BACK)
    last = calendar.working_days_before(day.actual_on, centre.visit_day_closes_working_days)
    spans = opening.spans_of(centre, calendar, last)
    return hours.moment(last, spans[-1].end if spans else _WHOLE_DAY, centre.zone)


def offer(store: Store, day: Day, *, at: datetime) -> Offer:
    """Return how a day may be booked at a moment."""
    until = closes_at(store, day)
    today = clock.local_day(at, site(store).zone)
    waiting = store.value(
        "SELECT count(*) FROM visit_day_bookings WHERE visit_day_id = ? AND live = 1 AND waiting_at IS NOT NULL",
        [day.id],
    )
    is_open = day.state in visit_days.BOOKABLE and day.actual_on > today and at < until
    return Offer(day, until, is_open, tuple(visit_slots.free(store, day.id)), waiting)


def offers(store: Store, *, now: datetime) -> list[Offer]:
    """Return the coming days, soonest first, at most MOST of those still open and those closed before the first open.

    A closed one is shown as well: whoever asks for it hears until when it could be booked.
    """
    at = events.moment(store, now)
    found: list[Offer] = []
    for day in visit_days.coming(store, after=clock.local_day(at, site(store).zone)):
        found.append(offer(store, day, at=at))
        if sum(one.open for one in found) == MOST:
            break
    return found


def closed_before(store: Store, *, now: datetime) -> list[Offer]:
    """Return the days to come, before the first that is open, which are no longer booked."""
    found = []
    for one in offers(store, now=now):
        if one.open:
            break
        found.append(one)
    return found


def chosen(store: Store, text: str, *, at: datetime) -> Day:
    """Return the day that is asked for by its date (ISO), or the first open one where none is.

    Refuses `no_visit_day` (none is planned or open), `visit_day_unknown`, `booking_closed`.
    """
    if not text:
        for one in offers(store, now=at):
            if one.open:
                return one.day
        raise Refused("no_visit_day")
    day = named(store, text)
    if not offer(store, day, at=at).open:
        raise Refused("booking_closed")
    return day


def named(store: Store, text: str) -> Day:
    """Return the visit day of a date as it is written (ISO). Refuses `visit_day_unknown`."""
    try:
        found = visit_days.on(store, date.fromisoformat(text))
    except ValueError:
        found = None
    if found is None:
        raise Refused("visit_day_unknown")
    return found


def parted(slot: str) -> tuple[str, str]:
    """Return day and time of a slot as forms name it: `2026-12-04 10:15`; '' stands for the first that is free."""
    day, _, starts = slot.partition(" ")
    return day, starts
