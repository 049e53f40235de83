"""How the centre stands at this moment (今日实况), for its heads: the lobby, the matters, the deadlines, the counters.

Nobody's name and no matter: counts, numbers of tickets, counters. What is sealed from the reader is not counted.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from db.store import Store
from reception import (
    call_figures,
    case_filters,
    case_flow,
    clock_table,
    closing,
    due,
    events,
    kinds,
    lines,
    repair_board,
    sealed_papers,
    tickets,
    visit_days,
)
from reception.case_flow import Month
from reception.permissions import Actor, permit
from reception.repair_rates import Figure
from reception.rules import clock
from reception.rules.flow import Flow
from reception.site import site
from reception.visit_days import Day
from reception.wording import Words

STATES: Final = {
    "open": Words("开放", "Open"),
    "paused": Words("暂停", "Paused"),
    "closed": Words("关闭", "Closed"),
}


@dataclass(frozen=True, slots=True)
class Waits:
    """A line now: how many wait, and for how many minutes who came first has waited (None where nobody waits)."""

    name: Words
    waiting: int
    longest: int | None


@dataclass(frozen=True, slots=True)
class Window:
    """A counter now: its state, since when (UTC text), the number it calls or serves and for how many minutes."""

    no: str
    name: Words
    state: str
    since: str | None
    ticket_no: str
    minutes: int | None

    @property
    def state_words(self) -> Words:
        """How it stands, as readers know it."""
        return STATES[self.state]


@dataclass(frozen=True, slots=True)
class Now:
    """The centre at a moment. `day`: figures of the day's queue (`closing.figures`); `hours`: (hour, arrivals).

    `flows`: each kind with what it was today; `deadlines`: (clock, overdue, due by tonight); `repairs`: the columns of
    the board as (name, open, overdue). `visit_day`: the visit day that today is.
    """

    today: date
    waiting: int
    aside: int
    longest: int | None
    lines: tuple[Waits, ...]
    counters: tuple[Window, ...]
    day: dict[str, Any]
    hours: tuple[tuple[int, int], ...]
    flows: tuple[tuple[Words, Flow], ...]
    overdue: int
    deadlines: tuple[tuple[Words, int, int], ...]
    repairs: tuple[tuple[Words, int, int], ...]
    calls: tuple[Figure, ...]
    visit_day: Day | None
    warn: int
    red: int


def read(store: Store, *, by: Actor, now: datetime) -> Now:
    """Return how the centre stands. Refuses `not_permitted`."""
    permit(by, "see_centre_now")
    at, centre = events.moment(store, now), site(store)
    today = clock.local_day(at, centre.zone)
    begin, end = (case_filters.day_begins(day, centre.zone) for day in (today, today + timedelta(days=1)))
    span = Month(f"{today:%Y-%m}", begin, end, "", None, current=True)
    waits = _waits(store, by, at)
    flows = case_flow.by_kind(store, span, by=by)
    aside = sealed_papers.known_tickets(tickets.set_aside(store), by=by)
    return Now(
        today=today,
        waiting=sum(one.waiting for one in waits),
        aside=len(aside),
        longest=max((one.longest for one in waits if one.longest is not None), default=None),
        lines=waits,
        counters=_counters(store, by, at),
        day=closing.figures(store, today),
        hours=_hours(store, begin, end),
        flows=tuple((kinds.KINDS[kind].name, flow) for kind, flow in flows.items() if any(flow)),
        overdue=due.overdue_count(store, by=by, now=now),
        deadlines=_deadlines(store, by, now, end),
        repairs=tuple(
            (column.name, column.total, column.overdue)
            for column in repair_board.board(store, most=0, by=by, now=now).columns
        ),
        calls=call_figures.calls(
            store, {"begin": begin, "end": end, "department": "", "now": clock.to_text(at)}, by=by
        ),
        visit_day=visit_days.on(store, today),
        warn=centre.wait_warn_minutes,
        red=centre.wait_red_minutes,
    )


def _minutes(since: str, at: datetime) -> int:
    return max(0, int((at - clock.from_text(since)).total_seconds() // 60))


def _waits(store: Store, by: Actor, at: datetime) -> tuple[Waits, ...]:
    found = [one for one in sealed_papers.known_tickets(tickets.waiting(store), by=by) if not one.session]
    names = {line.code: line.name for line in lines.lines(store)} | {one.line: one.line_name for one in found}
    return tuple(
        Waits(
            name,
            sum(one.line == code for one in found),
            max((_minutes(one.issued_at, at) for one in found if one.line == code), default=None),
        )
        for code, name in names.items()
    )


def _counters(store: Store, by: Actor, at: datetime) -> tuple[Window, ...]:
    held = {one.counter: one for one in sealed_papers.known_tickets(tickets.current(store), by=by)}
    found = []
    for one in lines.counters(store):
        ticket = held.get(one.no)
        since = None if ticket is None else ticket.started_at or ticket.called_at
        found.append(
            Window(
                one.no,
                one.name,
                one.state,
                one.state_at,
                "" if ticket is None else ticket.no,
                None if since is None else _minutes(since, at),
            )
        )
    return tuple(found)


def _hours(store: Store, begin: str, end: str) -> tuple[tuple[int, int], ...]:
    """Return the arrivals of the day by hour of the site, from the first hour to the last; private lines left out."""
    zone = site(store).zone
    rows = store.rows(
        "SELECT arrived_at FROM visits INDEXED BY visits_arrived WHERE arrived_at >= ? AND arrived_at < ?"
        " AND purpose NOT IN (SELECT code FROM lines WHERE hears IS NOT NULL OR session = 1)",
        [begin, end],
    )
    counted = Counter(clock.from_text(row["arrived_at"]).astimezone(zone).hour for row in rows)
    return tuple((hour, counted[hour]) for hour in range(min(counted), max(counted) + 1)) if counted else ()


def _deadlines(store: Store, by: Actor, now: datetime, tonight: str) -> tuple[tuple[Words, int, int], ...]:
    """Return of each clock how many are overdue and how many fall due by tonight, the most overdue first."""
    listed = [one for one in due.due_list(store, by=by, now=now, most=due.PAGE * 5) if one.due_at < tonight]
    late = Counter(one.code for one in listed if one.stage == "overdue")
    coming = Counter(one.code for one in listed if one.stage != "overdue")
    found = [(code, late[code], coming[code]) for code in late | coming]
    return tuple(
        (clock_table.CLOCKS[code].name, overdue, tonight_due)
        for code, overdue, tonight_due in sorted(found, key=lambda one: (-one[1], -one[2], one[0]))
    )
