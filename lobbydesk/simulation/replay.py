"""The queue of a day, replayed from its history: who waited when somebody was called."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from sqlite3 import Row
from typing import Any

from db.store import Store

AT_A_COUNTER = frozenset({"called", "serving"})
# Acts after which somebody lets others of his line go first; acts that end that, and his being sent to a counter.
LETS_PASS = frozenset({"restore", "postpone"})
COMES_ANEW = frozenset({"transfer", "send", "unpark", "restore", "postpone"})


@dataclass(frozen=True, slots=True)
class Event:
    """An event of a ticket or a counter; `at` is text as the store keeps it."""

    id: int
    at: str
    what: str
    subject: str
    subject_id: int
    from_state: str | None
    to_state: str | None
    detail: dict[str, Any]


@dataclass(slots=True)
class Standing:
    """Everybody's state after an event, by the id of the ticket.

    `waits_since`: of those who wait, when they began to. `passing` let others go first; `sent` wait for one counter.
    """

    states: dict[int, str] = field(default_factory=dict)
    waits_since: dict[int, str] = field(default_factory=dict)
    passing: set[int] = field(default_factory=set)
    sent: dict[int, str] = field(default_factory=dict)
    at_counter: dict[int, str] = field(default_factory=dict)

    def in_line(self) -> list[int]:
        """Return who waits for any counter, and lets nobody go first."""
        return [one for one in self.waits_since if one not in self.passing and one not in self.sent]

    def apply(self, event: Event) -> None:
        """Let an event happen."""
        if event.subject == "counter" and event.to_state == "closed":
            no = event.detail.get("counter")
            self.sent = {one: counter for one, counter in self.sent.items() if counter != no}
        if event.subject != "ticket" or event.to_state is None:
            return
        one, state = event.subject_id, event.to_state
        self.states[one] = state
        self.waits_since.pop(one, None)
        if state == "waiting":
            self.waits_since[one] = event.at
        if state not in AT_A_COUNTER:
            self.at_counter.pop(one, None)
        elif "counter" in event.detail:
            self.at_counter[one] = event.detail["counter"]
        if event.what in COMES_ANEW:
            self.passing.discard(one)
            self.sent.pop(one, None)
        if event.what in LETS_PASS:
            self.passing.add(one)
        if event.what == "send":
            self.sent[one] = event.detail["target"]


def events(store: Store) -> Iterator[Event]:
    """Yield the events of tickets and counters in the order of the history."""
    for row in store.rows("SELECT * FROM events WHERE subject IN ('ticket', 'counter') ORDER BY id"):
        yield Event(
            row["id"],
            row["at"],
            row["what"],
            row["subject"],
            row["subject_id"],
            row["from_state"],
            row["to_state"],
            json.loads(row["detail"] or "{}"),
        )


def replay(store: Store) -> Iterator[tuple[Event, Standing]]:
    """Yield every event with the standing just before it; the standing is one object that goes on changing."""
    standing = Standing()
    for event in events(store):
        yield event, standing
        standing.apply(event)


def people(store: Store) -> dict[int, Row]:
    """Return the tickets by id."""
    return {row["id"]: row for row in store.rows("SELECT * FROM tickets ORDER BY id")}


def plain_calls(store: Store) -> list[Row]:
    """Return every first call of a round, recalls left out, oldest first."""
    return store.rows("SELECT * FROM calls WHERE recall = 0 ORDER BY id")


def guests_of_the_day(store: Store) -> set[int]:
    """Return the tickets of guests of the visit day: they wait for its session, in no queue."""
    return {row[0] for row in store.rows("SELECT tickets.id FROM tickets JOIN lines ON code = line WHERE session = 1")}
