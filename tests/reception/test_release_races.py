"""Many guards at one pass: the goods leave once; and what holds it is proven by taking it away."""

import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from db.store import Store
from reception import release_gate
from reception.cases import Case
from reception.permissions import Actor, Role
from reception.refusal import Refused
from tests.conftest import Clock
from tests.reception.passes import Passes
from tests.reception.test_races import NOW, Gate, Guards, _no_transaction, _widen_the_gap, race

GUARDS = 6


def _take_away(guards: Guards) -> None:
    """Remove guards in this process, which ends with its work: the transaction, then the conditions too."""
    if guards != "both":
        for place in ("nonces", "case_steps"):
            mock.patch(f"reception.{place}.writing", _no_transaction).start()
        mock.patch.object(Store, "touch", lambda store, *topics: None).start()
    if guards == "none":
        bare = release_gate.OUT.replace(" AND out_at IS NULL", "")
        assert bare != release_gate.OUT
        mock.patch("reception.release_gate.OUT", bare).start()
        mock.patch("reception.case_steps.cases.move", _moved_whatever_it_was).start()


def _moved_whatever_it_was(store: Store, case: Case, state: str, what: str, **also: Any) -> None:
    store.execute("UPDATE cases SET state = ? WHERE id = ?", [state, case.id])


def let_out(store: Store, gate: Gate, number: int, code: str, guard: tuple[Any, ...], guards: Guards) -> str:
    """Press once; return what came of it."""
    _widen_the_gap()
    _take_away(guards)
    gate.wait()
    try:
        release_gate.let_out(
            store, code=code, nonce=f"g{number}", went=["1", "2", "3"], by=Actor(Role.WORKER, *guard), now=NOW
        )
    except Refused as refused:
        return refused.code
    except sqlite3.IntegrityError as error:
        return str(error)
    return "out"


def pressed(home: Path, made: Passes, guards: Guards) -> Counter[str]:
    case = made.printed()
    guard = (made.guard.id, made.guard.name, made.guard.department)
    return Counter(race(home, *((let_out, number, made.code(case), guard, guards) for number in range(GUARDS))))


@pytest.mark.parametrize("guards", ["both", "condition"])
def test_many_at_the_gate_let_it_out_once(home: Path, store: Store, clock: Clock, guards: Guards) -> None:
    answers = pressed(home, Passes(store, clock), guards)
    assert answers["out"] == 1 and sum(answers.values()) == GUARDS, answers
    if guards == "both":
        assert answers == {"out": 1, "release_out": GUARDS - 1}
    assert store.value("SELECT count(*) FROM release_passes WHERE out_at IS NOT NULL") == 1


def test_without_the_guards_they_leave_twice(home: Path, store: Store, clock: Clock) -> None:
    # The store alone would still say no.
    store.execute("DROP TRIGGER release_out_once")
    assert pressed(home, Passes(store, clock), "none")["out"] > 1


def test_the_store_alone_says_no(home: Path, store: Store, clock: Clock) -> None:
    assert pressed(home, Passes(store, clock), "none")["out"] == 1
