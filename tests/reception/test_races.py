"""Many processes at one store: no number twice, no ticket at two counters, none lost; and what holds it proven.

The guards are two: the transaction of an act, and the condition of its update. Taken away together, the
same harness must see a ticket called twice; the condition alone must hold.
"""

import multiprocessing
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from unittest import mock

import pytest

from db.store import Parameters, Store, open_store, writing
from lobbydesk.home import store_path
from reception import queue, repairs, visits, work_orders
from reception.permissions import KIOSK, Actor, Role
from reception.refusal import Refused

Guards = Literal["both", "condition", "none"]
Gate = threading.Barrier
Work = Callable[..., Any]

NOW = datetime(2026, 11, 23, 2, 24, tzinfo=UTC)
LINES = ("repair", "complaint", "visit-day", "general")
COUNTERS = [str(no) for no in range(1, 9)]
DESKS = 8
EACH = 25
GAP = 0.001
# Sixteen processes on two cores wait longer for their turn than any box will.
PATIENCE = 60.0

# Fresh interpreters that never saw this process' connections; the server loads the rooms once for all of them.
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload([__name__])


def _receptionist(store: Store) -> Actor:
    row = store.row("SELECT id, name, department FROM staff WHERE role = ?", [Role.RECEPTIONIST])
    assert row is not None
    return Actor(Role.RECEPTIONIST, row["id"], row["name"], row["department"])


@contextmanager
def _no_transaction(store: Store) -> Iterator[Store]:
    yield store


def _take_away(guards: Guards) -> None:
    """Remove guards in this process, which ends with its work."""
    if guards != "both":
        mock.patch("reception.queue.writing", _no_transaction).start()
        mock.patch.object(Store, "touch", lambda store, *topics: None).start()
    if guards == "none":
        bare = queue.CLAIM.replace(" AND state = 'waiting'", "")
        assert bare != queue.CLAIM
        mock.patch("reception.queue.CLAIM", bare).start()


def _widen_the_gap() -> None:
    """Let a moment pass between reading and changing, so that races do not wait for luck: with guards or without."""
    change = Store.changed

    def slowly(store: Store, sql: str, parameters: Parameters = ()) -> bool:
        time.sleep(GAP)
        return change(store, sql, parameters)

    mock.patch.object(Store, "changed", slowly).start()


def _child(path: Path, gate: Gate, answers: Any, number: int, work: Work, arguments: list[Any]) -> None:
    try:
        with closing(open_store(path, busy_seconds=PATIENCE)) as store:
            gate.wait(PATIENCE)
            answers.put((number, work(store, gate, *arguments)))
    except BaseException as error:
        # The others must not wait for one that will not come.
        gate.abort()
        answers.put((number, error))


def race(home: Path, *starters: tuple[Any, ...]) -> list[Any]:
    """Start a process for each `(work, *arguments)`, let go all at once, return their answers in this order."""
    gate, answers = _processes.Barrier(len(starters)), _processes.SimpleQueue()
    children = [
        _processes.Process(target=_child, args=(store_path(home), gate, answers, number, work, arguments))
        for number, (work, *arguments) in enumerate(starters)
    ]
    for child in children:
        child.start()
    found = dict(answers.get() for _ in children)
    for child in children:
        child.join()
        child.close()
    answers.close()
    errors = [answer for answer in found.values() if isinstance(answer, BaseException)]
    # One that broke the gate for the others tells more than they do.
    for error in sorted(errors, key=lambda error: isinstance(error, threading.BrokenBarrierError)):
        raise error
    return [found[number] for number in range(len(starters))]


# What the processes do.


def issue(store: Store, gate: Gate, desk: int) -> list[str]:
    """Check in over all lines; return the numbers."""
    return [
        visits.check_in(store, line=LINES[(desk + i) % 4], nonce=f"{desk}-{i}", by=KIOSK, now=NOW).no
        for i in range(EACH)
    ]


def call(store: Store, gate: Gate, counter: str, guards: Guards, every: int) -> list[str]:
    """Press "next" until every ticket is issued and none waits; return the numbers called."""
    _widen_the_gap()
    _take_away(guards)
    by, called = _receptionist(store), []
    while not gate.broken and store.value("SELECT count(*) < ? OR sum(state = 'waiting') > 0 FROM tickets", [every]):
        try:
            ticket = queue.call_next(store, counter=counter, by=by, now=NOW)
        except (Refused, sqlite3.IntegrityError):
            # Without its guards an act may meet another half-way, or run into a CHECK; with them, never.
            if guards == "both":
                raise
            continue
        called += [ticket.no] if ticket else []
    return called


def press_once(store: Store, gate: Gate, counter: str) -> str | None:
    """Press "next" at the counter, once."""
    ticket = queue.call_next(store, counter=counter, by=_receptionist(store), now=NOW)
    return ticket.no if ticket else None


def press_twice(store: Store, gate: Gate, counter: str, hand: int, rounds: int) -> list[str]:
    """Press "next" at the same moment as the other hand, both believing the same; return what was then held."""
    by, held = _receptionist(store), [""]
    for _ in range(rounds):
        gate.wait(PATIENCE)
        ticket = queue.call_next(store, counter=counter, holding=held[-1], by=by, now=NOW)
        assert ticket is not None
        held.append(ticket.no)
    return held[1:]


def check_in_same(store: Store, gate: Gate, hand: int, rounds: int) -> list[str]:
    """Send the same form at the same moment as the others, round after round; return the tickets' codes."""
    tokens = []
    for number in range(rounds):
        gate.wait(PATIENCE)
        tokens.append(visits.check_in(store, line="general", nonce=f"same-{number}", by=KIOSK, now=NOW).token)
    return tokens


def dispatch(store: Store, gate: Gate, hand: int, cases: list[str]) -> list[str]:
    """Dispatch each case at the same moment as the other hand; return what came of it."""
    by, answers = _receptionist(store), []
    for no in cases:
        gate.wait(PATIENCE)
        try:
            answers.append(work_orders.dispatch(store, no=no, by=by, now=NOW).state)
        except Refused as refusal:
            answers.append(refusal.code)
    return answers


def _registered(store: Store, number: int) -> str:
    return repairs.register(
        store,
        nonce=f"repair-{number}",
        name="张建国",
        phone="13800005678",
        unit="1-1-101",
        category="water",
        content="厨房水管漏水",
        urgency="urgent",
        by=_receptionist(store),
        now=NOW,
    ).no


# What must come of it.


def _rush(home: Path, store: Store, guards: Guards) -> tuple[list[str], list[str], Counter[int]]:
    """Eight desks issue while eight counters call; return the numbers issued, called, and the calls per ticket."""
    with writing(store):
        store.connection.executemany(
            "INSERT OR IGNORE INTO counters (no, name, name_en) VALUES (?, ?, ?)", [(no, no, no) for no in COUNTERS]
        )
    answers = race(
        home,
        *((issue, desk) for desk in range(DESKS)),
        *((call, counter, guards, DESKS * EACH) for counter in COUNTERS),
    )
    issued = [no for answer in answers[:DESKS] for no in answer]
    called = [no for answer in answers[DESKS:] for no in answer]
    return issued, called, Counter(row["ticket_id"] for row in store.rows("SELECT ticket_id FROM calls"))


@pytest.mark.parametrize("guards", ["both", "condition"])
def test_every_ticket_is_called_exactly_once(home: Path, store: Store, guards: Guards) -> None:
    issued, called, calls = _rush(home, store, guards)
    assert len(issued) == len(set(issued)) == DESKS * EACH
    # Issued = called + waiting, and nobody waits any more.
    assert sorted(called) == sorted(issued)
    assert store.value("SELECT count(*) FROM tickets WHERE state = 'waiting'") == 0
    assert set(calls.values()) == {1} and len(calls) == len(issued)
    for row in store.rows(
        "SELECT count(*), count(DISTINCT number), min(number), max(number) FROM tickets GROUP BY prefix"
    ):
        assert tuple(row) == (len(issued) // 4, len(issued) // 4, 1, len(issued) // 4)
    assert store.value("SELECT count(*) FROM print_jobs WHERE kind = 'ticket'") == len(issued)


def test_without_the_guards_a_ticket_is_called_twice(home: Path, store: Store) -> None:
    _, _, calls = _rush(home, store, "none")
    assert max(calls.values()) > 1, "no ticket was called twice: these tests are blind"


def test_one_waiting_visitor_goes_to_one_counter(home: Path, store: Store) -> None:
    ticket = visits.check_in(store, line="general", nonce="one", by=KIOSK, now=NOW)
    answers = race(home, *((press_once, counter) for counter in ("1", "2", "3")))
    assert sorted(answers, key=str) == sorted([ticket.no, None, None], key=str)
    assert store.value("SELECT count(*) FROM calls") == 1


def test_the_same_form_sent_by_eight_gives_one_ticket(home: Path, store: Store) -> None:
    rounds = 10
    answers = race(home, *((check_in_same, hand, rounds) for hand in range(8)))
    for tokens in zip(*answers, strict=True):
        assert len(set(tokens)) == 1
    for table in ("tickets", "visits", "nonces", "print_jobs", "events"):
        assert store.value(f"SELECT count(*) FROM {table}") == rounds  # noqa: S608


def test_two_presses_at_one_counter_complete_nobody_unseen(home: Path, store: Store) -> None:
    rounds = 20
    waiting = [visits.check_in(store, line="general", nonce=str(i), by=KIOSK, now=NOW).no for i in range(2 * rounds)]
    one, other = race(home, *((press_twice, "1", hand, rounds) for hand in (1, 2)))
    # Both hands see each visitor in turn; had the second press counted, every other one would be missing.
    assert one == other == waiting[:rounds]
    assert store.value("SELECT count(*) FROM tickets WHERE state = 'completed'") == rounds - 1
    assert store.value("SELECT count(*) FROM tickets WHERE state = 'waiting'") == rounds
    assert store.value("SELECT count(*) FROM calls") == rounds


def test_a_repair_is_dispatched_once(home: Path, store: Store) -> None:
    cases = [_registered(store, number) for number in range(10)]
    answers = race(home, *((dispatch, hand, cases) for hand in (1, 2)))
    for pair in zip(*answers, strict=True):
        assert sorted(pair) == ["dispatched", "not_registered"]
    orders = Counter(row["case_id"] for row in store.rows("SELECT case_id FROM work_orders"))
    assert len(orders) == len(cases) and set(orders.values()) == {1}
    assert store.value("SELECT count(*) FROM print_jobs WHERE kind = 'work_order'") == 2 * len(cases)
