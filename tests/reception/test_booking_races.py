"""Sixteen processes at one visit day: no seat twice, no home twice; and what holds that, taken away, is missed.

The guards: the transaction of the act, the condition of the update that takes a seat, the one place a home has (`live`,
UNIQUE). Taken away together the same race books double.
"""

import sqlite3
import time
from collections import Counter
from pathlib import Path
from typing import Any, Literal
from unittest import mock

import pytest

from db.store import Parameters, Store, writing
from reception import booking_places, bookings, visit_days
from reception.refusal import Refused
from tests.reception.test_races import GAP, NOW, Gate, _no_transaction, _receptionist, race
from tests.reception.visit_life import HOMES

PROCESSES = 16
PATIENCE = 10.0
Guards = Literal["both", "condition", "none"]
DAY = "2026-12-04"

# As the act would be without its condition: it looks for a free seat, and takes that one, whoever has it by now.
_LOOK = (
    "SELECT id FROM visit_day_slots WHERE visit_day_id = :day AND case_id IS NULL"
    " AND (:starts = '' OR starts = :starts) ORDER BY starts, seat LIMIT 1"
)


def _take_without_condition(
    store: Store, day_id: int, case_id: int, starts: str = "", *, slack: bool = False, not_before: str = ""
) -> str:
    found = store.value(_LOOK, {"day": day_id, "starts": starts})
    if found is None:
        if starts:
            raise Refused("slot_taken")
        return ""
    # Until another has looked, too: on a busy machine they would not always meet.
    store.execute("INSERT INTO seats_looked_at VALUES (?)", [found])
    until = time.monotonic() + PATIENCE
    while store.value("SELECT count(*) FROM seats_looked_at WHERE seat = ?", [found]) < 2 and time.monotonic() < until:
        time.sleep(GAP)
    # Whoever had it keeps believing so: his own booking says the time.
    store.execute("INSERT INTO seats_given VALUES (?, ?)", [found, case_id])
    store.execute("UPDATE visit_day_slots SET case_id = ? WHERE id = ?", [case_id, found])
    return str(store.value("SELECT starts FROM visit_day_slots WHERE id = ?", [found]))


def _take_away(guards: Guards) -> None:
    """Remove guards in this process, which ends with its work."""
    change = Store.changed

    def slowly(store: Store, sql: str, parameters: Parameters = ()) -> bool:
        time.sleep(GAP)
        return change(store, sql, parameters)

    booked = booking_places.is_booked

    def looks_slowly(store: Store, day_id: int, unit_id: int) -> bool:
        found = booked(store, day_id, unit_id)
        time.sleep(10 * GAP)
        return found

    mock.patch.object(Store, "changed", slowly).start()
    mock.patch.object(booking_places, "is_booked", looks_slowly).start()
    if guards == "none":
        mock.patch("reception.visit_slots.take", _take_without_condition).start()
    if guards != "both":
        mock.patch("reception.nonces.writing", _no_transaction).start()
        mock.patch.object(Store, "touch", lambda store, *topics: None).start()


def book(store: Store, gate: Gate, number: int, units: list[str], starts: str, guards: Guards) -> list[str]:
    """Book for each home at the same moment as the others; return the number, or why not."""
    _take_away(guards)
    by, answers = _receptionist(store), []
    for round_, unit in enumerate(units):
        gate.wait(60)
        form = {"name": "张建国", "phone": "13912345678", "unit": unit, "matter": "车位", "nonce": f"{number}-{round_}"}
        try:
            answers.append(bookings.book(store, **form, day=DAY, starts=starts, by=by, now=NOW).no)  # type: ignore[arg-type]
        except Refused as refused:
            answers.append(refused.code)
        except sqlite3.Error as error:
            # With its guards the act never meets another half-way; without them it may, or the store itself refuses.
            if guards == "both":
                raise
            answers.append(str(error))
    return answers


@pytest.fixture
def planned(store: Store) -> int:
    """The days stand; return the one that is booked."""
    with writing(store):
        visit_days.plan(store, at=NOW)
    found: int = store.value("SELECT id FROM visit_days WHERE actual_on = ?", [DAY])
    return found


def _each_of_another_home(home: Path, starts: str, guards: Guards) -> list[Any]:
    return race(home, *((book, n, [HOMES[n]], starts, guards) for n in range(PROCESSES)))


def test_one_slot_goes_to_one_of_sixteen(home: Path, store: Store, planned: int) -> None:
    answers = [one for answer in _each_of_another_home(home, "10:30", "both") for one in answer]
    assert Counter(answer == "slot_taken" for answer in answers) == {True: PROCESSES - 1, False: 1}
    assert store.value("SELECT count(*) FROM visit_day_slots WHERE case_id IS NOT NULL") == 1
    # Nothing of those who were refused is left.
    assert store.value("SELECT count(*) FROM cases") == store.value("SELECT count(*) FROM visit_day_bookings") == 1


def test_eight_slots_go_to_eight_of_sixteen_and_the_others_wait(home: Path, store: Store, planned: int) -> None:
    answers = [one for answer in _each_of_another_home(home, "", "both") for one in answer]
    assert len(set(answers)) == PROCESSES
    seats = [row[0] for row in store.rows("SELECT case_id FROM visit_day_slots WHERE case_id IS NOT NULL")]
    assert len(seats) == len(set(seats)) == 8
    assert store.value("SELECT count(*) FROM visit_day_bookings WHERE waiting_at IS NOT NULL") == 8


def test_one_home_books_once_of_sixteen(home: Path, store: Store, planned: int) -> None:
    answers = race(home, *((book, n, ["1-1-101"], "", "both") for n in range(PROCESSES)))
    assert Counter(one == "household_booked" for answer in answers for one in answer) == {True: 15, False: 1}
    assert store.value("SELECT count(*) FROM visit_day_bookings WHERE live = 1") == 1


def test_the_condition_alone_gives_no_seat_twice(home: Path, store: Store, planned: int) -> None:
    _each_of_another_home(home, "10:30", "condition")
    assert store.value("SELECT count(*) FROM visit_day_slots WHERE starts = '10:30' AND case_id IS NOT NULL") == 1


def _bare(store: Store) -> None:
    """Take what the store itself says away: the trigger of a seat, and the one place of a home."""
    with writing(store):
        store.execute("DROP TRIGGER visit_day_slots_taken_once")
        store.execute("DROP INDEX visit_day_bookings_household")
        store.execute("CREATE TABLE seats_given (seat INTEGER NOT NULL, case_id INTEGER NOT NULL)")
        store.execute("CREATE TABLE seats_looked_at (seat INTEGER NOT NULL)")


def test_without_the_guards_a_seat_is_given_twice(home: Path, store: Store, planned: int) -> None:
    _bare(store)
    for starts in ("10:30", "10:45", "11:00"):
        _each_of_another_home(home, starts, "none")
        given = Counter(row[0] for row in store.rows("SELECT seat FROM seats_given"))
        if max(given.values(), default=0) > 1:
            return
    pytest.fail("no seat was given twice: these tests are blind")


def test_without_the_guards_a_home_books_twice(home: Path, store: Store, planned: int) -> None:
    _bare(store)
    rounds = 4
    race(home, *((book, n, HOMES[:rounds], "", "condition") for n in range(PROCESSES)))
    twice = store.value(
        "SELECT count(*) FROM visit_day_bookings WHERE live = 1 AND visit_day_id = ? GROUP BY unit_id"
        " ORDER BY count(*) DESC",
        [planned],
    )
    assert twice > 1, "no home booked twice: these tests are blind"
