"""What must never happen in the queue (`domain.md` K3), each as a check of the records of a day."""

import json
from collections.abc import Callable, Iterator
from itertools import pairwise
from sqlite3 import Row

from db.store import Store
from lobbydesk.simulation import visit_checks
from lobbydesk.simulation.replay import AT_A_COUNTER, guests_of_the_day, people, plain_calls, replay
from reception.rules import clock, numbers
from reception.site import site

TERMINAL = ("completed", "cancelled", "expired")
# The moves of a ticket (`domain.md` K2), as (from, to); a missed or parked one may be called out of order.
MOVES = {
    (None, "waiting"),
    ("waiting", "called"),
    ("missed", "called"),
    ("parked", "called"),
    ("called", "called"),
    ("called", "serving"),
    ("called", "missed"),
    ("called", "waiting"),
    ("called", "missed"),
    ("called", "parked"),
    ("called", "completed"),
    ("missed", "waiting"),
    ("parked", "waiting"),
    ("serving", "waiting"),
    ("serving", "parked"),
    ("serving", "completed"),
    ("completed", "serving"),
    ("completed", "called"),
    ("waiting", "waiting"),
    ("waiting", "cancelled"),
    ("missed", "cancelled"),
    ("parked", "cancelled"),
    ("waiting", "expired"),
    ("called", "expired"),
    ("missed", "expired"),
    ("parked", "expired"),
}


def numbers_are_unique_and_gapless(store: Store) -> list[str]:
    """K3, 1: of each line and day the numbers 1 to n, each once, and the series knows it."""
    found = []
    taken: dict[tuple[str, str], list[int]] = {}
    for row in store.rows("SELECT day_on, prefix, number, no FROM tickets ORDER BY day_on, prefix, number"):
        taken.setdefault((row["day_on"], row["prefix"]), []).append(row["number"])
        if row["no"] != numbers.ticket_no(row["prefix"], row["number"]):
            found.append(f"{row['no']} is written for {row['prefix']} {row['number']}")
    for (day, prefix), given in taken.items():
        if given != list(range(1, len(given) + 1)):
            missing = sorted(set(range(1, max(given) + 1)) - set(given))
            found.append(f"{prefix} on {day}: {len(given)} numbers up to {max(given)}, missing {missing[:5]}")
        last = store.value("SELECT last FROM sequences WHERE series = ?", [f"ticket:{prefix}:{day}"])
        if last != max(given):
            found.append(f"{prefix} on {day}: the series stands at {last}, the last number is {max(given)}")
    return found


def one_ticket_at_a_counter(store: Store) -> list[str]:
    """K3, 2: a counter holds at most one ticket at any time of the day."""
    found = []
    for event, standing in replay(store):
        if event.what not in {"call", "undo_complete"}:
            continue
        counter = event.detail.get("counter")
        others = [one for one, no in standing.at_counter.items() if no == counter and one != event.subject_id]
        if event.what == "call" and others:
            found.append(f"counter {counter} called ticket {event.subject_id} while it held {others}")
    return found


def double_called(store: Store) -> list[str]:
    """K3, 2 and 3: nobody is called while he is called or served, or to two counters at once."""
    found = {
        event.subject_id: f"ticket {event.subject_id} was called while {standing.states[event.subject_id]}"
        for event, standing in replay(store)
        if event.what == "call" and standing.states.get(event.subject_id) in AT_A_COUNTER
    }
    calls: dict[int, list[tuple[str, str]]] = {}
    for row in store.rows("SELECT ticket_id, counter, at, recall FROM calls ORDER BY id"):
        if row["recall"] and calls.get(row["ticket_id"], [("", "")])[-1][0] != row["counter"]:
            found[row["ticket_id"]] = f"ticket {row['ticket_id']} was called again at another counter"
        if not row["recall"]:
            calls.setdefault(row["ticket_id"], []).append((row["counter"], row["at"]))
    for ticket, rounds in calls.items():
        for (_, first), (_, second) in pairwise(rounds):
            if not _was_given_back(store, ticket, first, second):
                found[ticket] = f"ticket {ticket} was called at {first} and at {second}"
    return [found[ticket] for ticket in sorted(found)]


def _was_given_back(store: Store, ticket: int, since: str, until: str) -> bool:
    count: int = store.value(
        "SELECT count(*) FROM events WHERE subject = 'ticket' AND subject_id = ? AND at BETWEEN ? AND ?"
        " AND to_state IN ('waiting', 'missed', 'parked') AND what <> 'check_in'",
        [ticket, since, until],
    )
    return count > 0


def calls_stand_in_the_history(store: Store) -> list[str]:
    """K3, 3: each call is one event, of the same ticket at the same counter."""
    calls = [(row["ticket_id"], row["counter"], row["at"]) for row in plain_calls(store)]
    told = [
        (row["subject_id"], json.loads(row["detail"])["counter"], row["at"])
        for row in store.rows("SELECT subject_id, detail, at FROM events WHERE what = 'call' ORDER BY id")
    ]
    return [f"call {one} stands only in one of calls and events" for one in sorted(set(calls) ^ set(told))]


def one_ticket_a_tap(store: Store) -> list[str]:
    """K3, 4: each ticket comes from one form of its own, and each visit has one ticket."""
    found = [
        f"{row['forms']} forms for ticket {row['id']}"
        for row in store.rows(
            "SELECT tickets.id, count(nonces.nonce) AS forms FROM tickets LEFT JOIN nonces"
            " ON nonces.result = tickets.id AND nonces.act = 'check_in' GROUP BY tickets.id HAVING count(nonce) <> 1"
        )
    ]
    visits, tickets = (store.value(f"SELECT count(*) FROM {table}") for table in ("visits", "tickets"))  # noqa: S608
    return found + ([] if visits == tickets else [f"{visits} visits have {tickets} tickets"])


def one_paper_a_ticket(store: Store) -> list[str]:
    """K3, 5: each ticket has its one original in the spool."""
    return [
        f"{row['no']} has {row['papers']} papers"
        for row in store.rows(
            "SELECT no, (SELECT count(*) FROM print_jobs WHERE ref = 'ticket:' || tickets.id AND kind = 'ticket'"
            " AND copy_no = 0) AS papers FROM tickets WHERE papers <> 1"
        )
    ]


def history_names_nobody(store: Store) -> list[str]:
    """K3, 14: events hold ids and codes, and papers in their QR code an address, never data of a person."""
    said = [str(row[0]) for row in store.rows("SELECT detail FROM events WHERE detail IS NOT NULL")]
    said += [str(row[0]) for row in store.rows("SELECT facts FROM print_jobs WHERE kind = 'ticket'")]
    text = "\n".join(said)
    private = {part for row in store.rows("SELECT name, phone FROM visits") for part in row if part}
    return [
        f"data of {count} visitors stands in events or tickets" for count in [sum(p in text for p in private)] if count
    ]


def time_never_runs_back(store: Store) -> list[str]:
    """K3, 16: no event before the one before it, and the times of a ticket in their order."""
    rows = store.rows("SELECT id, at FROM events ORDER BY id")
    found = [
        f"event {after['id']} is before {first['id']}" for first, after in pairwise(rows) if after["at"] < first["at"]
    ]
    for row in people(store).values():
        times = [row[name] for name in ("issued_at", "called_at", "started_at", "ended_at") if row[name]]
        if times != sorted(times):
            found.append(f"the times of {row['no']} run back: {times}")
    return found


def history_is_append_only(store: Store) -> list[str]:
    """K3, 17: the store itself refuses to change or to remove an event."""
    guards = {row[0] for row in store.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    return [f"{name} is gone" for name in ("events_no_update", "events_no_delete") if name not in guards]


def states_follow_the_history(store: Store) -> list[str]:
    """K2: every ticket went by the allowed moves only, and stands where its last event left it."""
    found, states = [], {}
    for event, standing in replay(store):
        states = standing.states
        if event.subject != "ticket" or event.to_state is None:
            continue
        before = standing.states.get(event.subject_id)
        if event.from_state != before or (before, event.to_state) not in MOVES:
            found.append(f"ticket {event.subject_id}: {before} {event.what} {event.from_state} -> {event.to_state}")
    for ticket, row in people(store).items():
        if states.get(ticket) != row["state"]:
            found.append(f"{row['no']} is {row['state']}, its history ends with {states.get(ticket)}")
    return found


def calls_keep_their_limits(store: Store) -> list[str]:
    """K2: at most so many calls in a round, so far apart; back from a missed call at most so often."""
    policy, found = site(store).policy, []
    rounds: dict[int, list[str]] = {}
    for row in store.rows("SELECT ticket_id, at, recall FROM calls ORDER BY id"):
        times = rounds[row["ticket_id"]] = [*rounds[row["ticket_id"]], row["at"]] if row["recall"] else [row["at"]]
        if len(times) > policy.max_calls:
            found.append(f"ticket {row['ticket_id']} was called {len(times)} times in a round")
        if len(times) > 1 and clock.from_text(times[-1]) - clock.from_text(times[-2]) < policy.recall_apart:
            found.append(f"ticket {row['ticket_id']} was called again too soon")
    rows = store.rows("SELECT no, misses FROM tickets WHERE misses > ?", [policy.max_returns + 1])
    return found + [f"{row['no']} was missed {row['misses']} times" for row in rows]


def first_come_first_served(store: Store) -> list[str]:
    """K5: among ordinary visitors, and among those with priority, who came first is called first."""
    guests, found = people(store), []
    groups = {(row["ticket_id"], row["at"]): row["called_as"] for row in plain_calls(store)}
    apart = guests_of_the_day(store)
    for event, standing in replay(store):
        of = groups.get((event.subject_id, event.at)) if event.what == "call" else None
        if of not in {"ordinary", "priority"}:
            continue
        called = guests[event.subject_id]
        for one in (waiting for waiting in standing.in_line() if waiting not in apart):
            other = guests[one]
            alike = other["priority"] == called["priority"] and other["due_at"] is None and called["due_at"] is None
            if alike and (other["rank_at"], one) < (called["rank_at"], called["id"]):
                found.append(f"{called['no']} was called before {other['no']}, who came first")
    return found


CHECKS: dict[str, Callable[[Store], list[str]]] = {
    "K3.1": numbers_are_unique_and_gapless,
    "K3.2": one_ticket_at_a_counter,
    "K3.3": calls_stand_in_the_history,
    "K3.4": one_ticket_a_tap,
    "K3.5": one_paper_a_ticket,
    "K3.14": history_names_nobody,
    "K3.16": time_never_runs_back,
    "K3.17": history_is_append_only,
    "K2.states": states_follow_the_history,
    "K2.limits": calls_keep_their_limits,
    "K5.order": first_come_first_served,
    **visit_checks.CHECKS,
}


def broken(store: Store) -> list[str]:
    """Return every broken invariant of a day, with the number of its row in `domain.md`; [] when all hold."""
    return [f"{row}: {problem}" for row, check in CHECKS.items() for problem in check(store)]


def unaccounted(store: Store) -> list[str]:
    """Return the numbers that ended in none of the states in which a ticket may end."""
    marks = ",".join("?" * len(TERMINAL))
    rows = store.rows(f"SELECT no FROM tickets WHERE state NOT IN ({marks}) ORDER BY id", TERMINAL)  # noqa: S608
    return [row["no"] for row in rows]


def starved(store: Store) -> list[str]:
    """K5: return the ordinary visitors whom a call with priority passed over when it was their turn.

    That is: he had waited for the half hour and came before the one with priority; or he waited while more than two
    with priority were called in a row.
    """
    policy, apart = site(store).policy, guests_of_the_day(store)
    guests = {one: row for one, row in people(store).items() if one not in apart}
    groups = {(row["ticket_id"], row["at"]): row["called_as"] for row in plain_calls(store)}
    found: dict[int, str] = {}
    row_of_calls: list[tuple[int, str]] = []
    for event, standing in replay(store):
        if event.what == "undo_call":
            last = max(place for place, (one, _) in enumerate(row_of_calls) if one == event.subject_id)
            row_of_calls.pop(last)
        if event.what != "call" or event.subject_id in apart:
            continue
        of = groups.get((event.subject_id, event.at), "")
        row_of_calls.append((event.subject_id, of))
        if of != "priority":
            continue
        called, in_a_row = guests[event.subject_id], _in_a_row(row_of_calls)
        aged_before = clock.to_text(clock.from_text(event.at) - policy.ages_after)
        for one in _ordinary(standing.in_line(), guests):
            if guests[one]["issued_at"] <= aged_before and guests[one]["rank_at"] < called["rank_at"]:
                found[one] = f"{guests[one]['no']} had waited long when {called['no']} was called before"
            elif in_a_row > policy.priority_in_a_row:
                found[one] = f"{guests[one]['no']} waited while {in_a_row} with priority were called in a row"
    return [found[one] for one in sorted(found)]


def _ordinary(waiting: list[int], guests: dict[int, Row]) -> Iterator[int]:
    return (one for one in waiting if one in guests and not guests[one]["priority"] and guests[one]["due_at"] is None)


def _in_a_row(calls: list[tuple[int, str]]) -> int:
    """Return how many with priority were called since the last ordinary one."""
    count = 0
    for _, of in reversed(calls):
        if of == "ordinary":
            break
        count += of == "priority"
    return count
