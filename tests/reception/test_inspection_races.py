"""Many hands at one inspection: a home is accepted once; and what holds it is proven by taking it away."""

import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from db.store import Store
from reception import inspection_ends, inspections
from reception.cases import Case
from reception.permissions import Actor, Role
from reception.refusal import Refused
from tests.conftest import Clock
from tests.reception.inspected import HOME, Inspected
from tests.reception.test_races import NOW, Gate, Guards, _no_transaction, _widen_the_gap, race

DESKS = 4


def _moved_whatever_it_was(store: Store, case: Case, state: str, what: str, **also: Any) -> None:
    store.execute("UPDATE cases SET state = ?, closed_at = changed_at WHERE id = ?", [state, case.id])


def accept(store: Store, gate: Gate, no: str, desk: tuple[Any, ...], guards: Guards) -> str:
    """Press once; return what came of it."""
    _widen_the_gap()
    if guards != "both":
        mock.patch("reception.case_steps.writing", _no_transaction).start()
        mock.patch.object(Store, "touch", lambda store, *topics: None).start()
    if guards == "none":
        mock.patch("reception.case_steps.cases.move", _moved_whatever_it_was).start()
    gate.wait()
    try:
        inspection_ends.accept(store, no=no, signed="1", channel="face", by=Actor(Role.RECEPTIONIST, *desk), now=NOW)
    except Refused as refused:
        return refused.code
    return "accepted"


def begin(store: Store, gate: Gate, number: int, desk: tuple[Any, ...]) -> str:
    """Open one for the same home as the others."""
    gate.wait()
    by = Actor(Role.RECEPTIONIST, *desk)
    try:
        inspections.open_inspection(store, nonce=f"r{number}", **HOME, by=by, now=NOW)
    except (Refused, sqlite3.IntegrityError) as error:
        return str(error)
    return "open"


def who(made: Inspected) -> tuple[Any, ...]:
    return made.desk.id, made.desk.name, made.desk.department


@pytest.mark.parametrize(("guards", "once"), [("both", True), ("condition", True), ("none", False)])
def test_a_home_is_accepted_once(home: Path, store: Store, clock: Clock, guards: Guards, once: bool) -> None:
    made = Inspected(store, clock)
    no = made.inspected().no
    answers = Counter(race(home, *((accept, no, who(made), guards) for _ in range(DESKS))))
    assert (answers["accepted"] == 1) is once and answers["accepted"] >= 1, answers


def test_a_home_has_one_open_however_many_ask(home: Path, store: Store, clock: Clock) -> None:
    answers = Counter(race(home, *((begin, number, who(Inspected(store, clock))) for number in range(DESKS))))
    assert answers == {"open": 1, "inspection_running": DESKS - 1}
