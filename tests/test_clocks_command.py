"""`lobbydesk clocks`, as a timer calls it."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.store import Store
from lobbydesk.cli import main
from tests.conftest import Clock
from tests.reception.sign_life import SignLife
from tests.reception.test_clocks import repair
from tests.reception.test_supervisions import Decisions
from tests.reception.visit_life import VisitLife


def test_it_hands_up_once_and_says_so(home: Path, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    # The command reads the time of the machine: whatever it is, this lies before it.
    repair(store, Clock(datetime(2020, 1, 6, 2, 0, tzinfo=UTC)), "urgent")
    assert main(["clocks", "--home", str(home)]) == 0
    # The first look also plans the visit days, the next of them perhaps too late to be announced in time.
    assert "handed up 1\n" in capsys.readouterr().out
    assert main(["clocks", "--home", str(home)]) == 0
    # Nothing but months of a year that nobody has frozen: one a run.
    assert re.sub(r"month \d{4}-\d\d: frozen\n", "", capsys.readouterr().out) == ""


def test_it_hands_what_is_unsigned_to_the_manager(home: Path, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    SignLife(store, Clock(datetime(2020, 1, 6, 2, 0, tzinfo=UTC))).reviewed(deadline_on="2020-03-06")
    assert main(["clocks", "--home", str(home)]) == 0
    # Before its day, long past, is over.
    assert "visit day: reminded 0, unsigned 1\n" in capsys.readouterr().out


def test_it_opens_and_holds_the_visit_days_that_are_over(
    home: Path, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    case = VisitLife(store, Clock(datetime(2020, 1, 6, 2, 0, tzinfo=UTC))).admitted()
    assert main(["clocks", "--home", str(home)]) == 0
    assert "visit day: opened" in capsys.readouterr().out
    assert store.value("SELECT state FROM cases WHERE id = ?", [case.id]) == "no_show"


def test_it_reminds_of_what_is_supervised(home: Path, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    made = Decisions(store, Clock(datetime(2020, 1, 6, 2, 0, tzinfo=UTC)))
    made.open(due_on="2020-01-08")
    assert main(["clocks", "--home", str(home)]) == 0
    assert "supervision: reminded 0, overdue 1\n" in capsys.readouterr().out
