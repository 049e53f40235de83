"""How the queue stands: who is next, how many are ahead, and how long it will take."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from db.store import Store
from reception import lines, opening, session_guests
from reception.rules import clock, hours, order, waits
from reception.rules.order import Group, Policy, Waiting
from reception.site import site
from reception.tickets import Ticket

# The span of service is taken from visitors of the last hours: a slow morning says little about the evening.
RECENT = timedelta(hours=2)
RECENT_MOST = 30

WAITING = (
    "SELECT id, line, issued_at, due_at, priority, for_counter, return_call_id, let_pass FROM tickets"
    " WHERE state = 'waiting' ORDER BY rank_at, rank_tie, id"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a waiting ticket stands: people ahead, and the range of the wait.

    The range is None while no counter is open, and where the turn would come after the end of the day; `late` says
    that it may: the visitor is told, instead of being promised minutes that nobody has.
    """

    ahead: int
    wait: waits.Range | None
    late: bool = False


def waiting(store: Store, served: frozenset[str], counter: str | None = None) -> list[Waiting]:
    """Return who waits in these lines, who came first, first.

    Who was sent to a certain counter stands here for that `counter` alone; None is for no counter in particular.
    """
    found = []
    for row in store.rows(WAITING):
        sent = row["for_counter"] is not None
        if (sent and row["for_counter"] != counter) or (not sent and row["line"] not in served):
            continue
        found.append(
            Waiting(
                row["id"],
                row["line"],
                row["issued_at"],
                row["due_at"],
                bool(row["priority"]),
                sent,
                _to_pass(store, row["line"], row["return_call_id"], row["let_pass"]),
            )
        )
    return found


def _to_pass(store: Store, line: str, since: int | None, let_pass: int | None) -> int | None:
    """Return how many somebody still lets go first, from the calls since: so that an undo counts back.

    Calls of every line count whose visitors some counter of his line might call before him.
    """
    if let_pass is None:
        return None
    pool = lines.pool(lines.skills(store), line)
    rows = store.rows("SELECT line FROM calls WHERE id > ? AND recall = 0 AND undone_at IS NULL", [since or 0])
    return max(0, let_pass - sum(row["line"] in pool for row in rows))


def run(store: Store, served: frozenset[str]) -> int:
    """Return how many with priority were called in a row in these lines."""
    marks = ",".join("?" * len(served))
    last = store.rows(
        "SELECT called_as FROM calls WHERE recall = 0 AND undone_at IS NULL"  # noqa: S608
        f" AND called_as IN ('priority', 'ordinary') AND line IN ({marks}) ORDER BY id DESC LIMIT 10",
        sorted(served),
    )
    return order.run_of(row["called_as"] for row in last)


def next_for(
    store: Store, counter: str, line: str | None, *, now: datetime, policy: Policy
) -> tuple[Waiting, Group] | None:
    """Return who this counter calls next, of `line` where one is named, and as what; None when nobody waits."""
    served = lines.skills(store).get(counter, frozenset()) if line is None else frozenset({line})
    people = waiting(store, served, counter)
    if line is not None:
        people = [one for one in people if one.line == line]
    return next(order.order(people, run=run(store, served), now=now, policy=policy), None)


def in_order(store: Store, *, now: datetime, served: frozenset[str] | None = None) -> list[tuple[int, Group]]:
    """Return the ids of all who wait (in these lines), as they would be called, and as what."""
    every = served
    if every is None:
        every = frozenset(row[0] for row in store.rows("SELECT code FROM lines WHERE hears IS NULL AND session = 0"))
    people = waiting(store, every)
    found = order.order(people, run=run(store, every), now=now, policy=site(store).policy)
    return [(one.id, of) for one, of in found]


def ahead_of(store: Store, ticket: Ticket, *, now: datetime) -> int:
    """Return how many people will be called before this one; 0 once it does not wait any more.

    Those count whom some counter that serves this line would call earlier.
    """
    if ticket.state != "waiting":
        return 0
    if ticket.for_counter is not None:
        count: int = store.value(
            "SELECT count(*) FROM tickets WHERE state = 'waiting' AND for_counter = ?"
            " AND (rank_at, rank_tie, id) < (?, ?, ?)",
            [ticket.for_counter, ticket.rank_at, ticket.rank_tie, ticket.id],
        )
        return count
    served = lines.pool(lines.skills(store), ticket.line)
    ids = [one for one, _ in in_order(store, now=now, served=served)]
    # Called since the ticket was read: nobody is ahead of him any more.
    return ids.index(ticket.id) if ticket.id in ids else 0


def place(store: Store, ticket: Ticket, *, now: datetime) -> Place:
    """Return where a ticket stands; nothing ahead and no range once it does not wait any more.

    A guest of the visit day has an hour instead of a range (`session_guests`).
    """
    if ticket.session:
        return Place(session_guests.ahead(store, ticket.id), None)
    ahead = ahead_of(store, ticket, now=now)
    if ticket.state != "waiting":
        return Place(0, None)
    return _placed(store, ticket.line, ahead, _Day(store, now), now=now)


def newcomer(store: Store, line: str, *, now: datetime) -> Place:
    """Return where somebody would stand who took a number of this line now, without priority."""
    return newcomers(store, [line], now=now)[line]


def newcomers(store: Store, codes: Iterable[str], *, now: datetime) -> dict[str, Place]:
    """Return the same for several lines, from one reading of what they share."""
    day, counts = _Day(store, now), waiting_counts(store)
    found = {}
    for line in codes:
        served = lines.pool(day.skills, line)
        ahead = sum(count for of, count in counts.items() if of in served)
        found[line] = _placed(store, line, ahead, day, now=now)
    return found


class _Day:
    """What every line's wait goes by: who serves what, and the day's hours (read only where a wait is known)."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store, self._now = store, now
        self.skills = lines.skills(store)

    @cached_property
    def hours(self) -> tuple[tuple[hours.Span, ...], int]:
        """Today's spans, and the minute of the day."""
        local = self._now.astimezone(site(self._store).zone)
        return opening.opening(self._store, now=self._now).spans, hours.minute_of(local)


def _placed(store: Store, line: str, ahead: int, day: _Day, *, now: datetime) -> Place:
    wait = _wait(store, line, ahead, day.skills, now=now)
    if wait is None:
        return Place(ahead, None)
    spans, minute = day.hours
    low, high = (hours.stretched(spans, minute, minutes) for minutes in wait)
    if low is None:
        return Place(ahead, None, late=True)
    if high is None:
        return Place(ahead, waits.Range(low, max(wait.high, low + 5)), late=True)
    return Place(ahead, waits.Range(low, high))


def waiting_counts(store: Store) -> dict[str, int]:
    """Return how many wait in each line, those sent to a certain counter left out; an empty line is missing."""
    return store.counts(
        "SELECT line, count(*) FROM tickets WHERE state = 'waiting' AND for_counter IS NULL GROUP BY line"
    )


def _wait(
    store: Store, line: str, ahead: int, served: dict[str, frozenset[str]], *, now: datetime
) -> waits.Range | None:
    able = [no for no, of in served.items() if line in of]
    marks = ",".join("?" * len(able))
    open_now = [
        row[0]
        for row in store.rows(f"SELECT no FROM counters WHERE state = 'open' AND no IN ({marks})", able)  # noqa: S608
    ]
    if not open_now:
        return None
    marks = ",".join("?" * len(open_now))
    busy: int = store.value(
        f"SELECT count(*) FROM tickets WHERE state IN ('called', 'serving') AND counter IN ({marks})",  # noqa: S608
        open_now,
    )
    spans, overtaking = _recent(store, frozenset().union(*(served[no] for no in open_now)), now=now)
    return waits.estimate(ahead, len(open_now), len(open_now) - busy, spans, share_overtaking=overtaking)


def _recent(store: Store, served: frozenset[str], *, now: datetime) -> tuple[list[float], float]:
    """Return the minutes of service of recent visitors of these lines, and the share of them who had priority."""
    rows = [
        row
        for row in store.rows(
            "SELECT line, priority, called_at, ended_at FROM tickets WHERE state = 'completed' AND ended_at >= ?"
            " AND called_at IS NOT NULL ORDER BY ended_at DESC LIMIT ?",
            [clock.to_text(now - RECENT), 2 * RECENT_MOST],
        )
        if row["line"] in served
    ][:RECENT_MOST]
    spans = [
        (clock.from_text(row["ended_at"]) - clock.from_text(row["called_at"])).total_seconds() / 60 for row in rows
    ]
    return spans, sum(row["priority"] for row in rows) / len(rows) if rows else 0.0
