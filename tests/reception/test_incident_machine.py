"""Whatever anybody does to incidents, in whatever order: sealed, somebody left to see it, refusals change nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from lobbydesk.home import store_path
from reception import incident_steps, incidents
from tests.reception.stateful import ROLES, Centre, stress
from tests.reception.test_incidents import RECORD

WORDS = st.sampled_from(["人太多", ""])
LOGINS = st.lists(st.sampled_from(["wanglin", "liuyang", "chenjing", "zhouming"]), max_size=3)
# What must never be found, each a query that returns what breaks it.
NEVER = {
    "not sealed": "SELECT no FROM cases WHERE kind = 'incident' AND sealed = 0",
    "K3.18 held or received by whom it concerns": (
        "SELECT no FROM cases JOIN incidents ON incidents.case_id = cases.id JOIN case_accused AS of_us"
        " ON of_us.case_id = cases.id AND of_us.staff_id IN (owner_id, receiver_id)"
    ),
    "no head left who sees it": (
        "SELECT no FROM cases WHERE kind = 'incident' AND NOT EXISTS (SELECT 1 FROM staff WHERE active = 1"
        " AND (role = 'manager' OR role = 'service_head' AND (sealed = 1 OR EXISTS (SELECT 1 FROM case_readers"
        " WHERE case_id = cases.id AND staff_id = staff.id))) AND NOT EXISTS (SELECT 1 FROM case_accused"
        " WHERE case_id = cases.id AND staff_id = staff.id))"
    ),
    "over without a class": (
        "SELECT no FROM cases JOIN incidents ON incidents.case_id = cases.id"
        " WHERE state IN ('handled', 'reported', 'archived') AND class IS NULL"
    ),
    "filed and not whole": (
        "SELECT no FROM cases JOIN incidents ON incidents.case_id = cases.id WHERE state IN ('reported', 'archived')"
        " AND (headcount IS NULL OR media IS NULL OR '' IN (composition, purpose, facts, actions, result))"
    ),
    "an archive number outside the archive": (
        "SELECT no FROM cases JOIN incidents ON incidents.case_id = cases.id"
        " WHERE (state = 'archived') <> (archive_no IS NOT NULL)"
    ),
    "handled and no record awaited": (
        "SELECT no FROM cases WHERE kind = 'incident' AND (state = 'handled') <> EXISTS (SELECT 1 FROM clocks"
        " WHERE case_id = cases.id AND clock = 'incident_report' AND stopped_at IS NULL)"
    ),
    "K3.13 a deadline changed silently": (
        "SELECT case_id FROM clocks WHERE due_at <> (SELECT due_at FROM deadlines WHERE deadlines.case_id ="
        " clocks.case_id AND deadlines.clock = clocks.clock ORDER BY id DESC LIMIT 1)"
    ),
    "a number that counts": "SELECT series FROM sequences WHERE series LIKE 'TX%' OR series LIKE 'TF:%'",
    "on the list of a visit or a home": (
        "SELECT no FROM cases WHERE kind = 'incident' AND (visit_id IS NOT NULL OR unit_id IS NOT NULL OR name <> '')"
    ),
}


@pytest.fixture(scope="module", autouse=True)
def _home(seeded: Path) -> None:
    Incidents.template = store_path(seeded)


class Incidents(Centre):
    """Two incidents, and everybody in the centre at once."""

    def attempt(self, act: Callable[..., Any], place: int, who: int, **arguments: Any) -> None:
        """Do an act; a refusal must leave the store as it was."""
        by = self.staff[who % len(self.staff)]
        self.do(act, now=self.clock.forward(minutes=7), no=self.nos[place], by=by, **arguments)

    def stands(self, place: int) -> tuple[str, str]:
        """Return its state, and the version of its record."""
        sql = "SELECT state, version FROM cases JOIN incidents ON case_id = cases.id WHERE no = ?"
        row = self.store.row(sql, [self.nos[place]])
        assert row is not None
        return str(row["state"]), str(row["version"])

    @initialize(depths=st.tuples(st.integers(0, 6), st.integers(0, 3)))
    def begin(self, depths: tuple[int, int]) -> None:
        """One by the key, one as an arrival, each somewhere on its way."""
        desk, now = self.staff[0], self.clock()
        pressed = incidents.press(self.store, nonce="p", counter="1", by=desk, now=now)
        told = incidents.register(self.store, nonce="r", where="office", arrival="staff", by=desk, now=now)
        self.nos = [pressed.no, told.no]
        for place, steps in enumerate(depths):
            self.go_on(place, steps)

    @rule(place=st.integers(0, 1), steps=st.integers(1, 4))
    def go_on(self, place: int, steps: int) -> None:
        """What would happen next if all went well: without it few runs come to an end."""
        manager = next(number for number, one in enumerate(self.staff) if one.role == "manager")
        for _ in range(steps):
            state, version = self.stands(place)
            if state in {"open", "contained"}:
                self.attempt(incident_steps.classify, place, manager, where="office", letter="A")
                self.attempt(incident_steps.handle, place, manager)
            elif state == "handled":
                self.attempt(incident_steps.record, place, manager, version=version, **RECORD)
                self.attempt(incident_steps.report, place, manager)
            elif state == "reported":
                self.attempt(incident_steps.archive, place, manager)

    @rule(place=st.integers(0, 1), who=st.integers(0, len(ROLES) - 1), logins=LOGINS)
    def concerns(self, place: int, who: int, logins: list[str]) -> None:
        """Somebody says whom it concerns."""
        self.attempt(incident_steps.name_concerned, place, who, logins=logins)

    @rule(place=st.integers(0, 1), who=st.integers(0, len(ROLES) - 1))
    def come(self, place: int, who: int) -> None:
        """Somebody comes."""
        self.attempt(incidents.acknowledge, place, who)

    @rule(place=st.integers(0, 1), who=st.integers(0, 3), reason=WORDS, mistake=st.booleans())
    def end_early(self, place: int, who: int, reason: str, mistake: bool) -> None:
        """It is handed up, or was a mistake."""
        self.attempt(incident_steps.withdraw if mistake else incident_steps.escalate, place, who, reason=reason)

    @rule(place=st.integers(0, 1), who=st.integers(0, 3), letter=st.sampled_from(["A", "C", "", "X"]))
    def classify(self, place: int, who: int, letter: str) -> None:
        """Somebody chooses another class."""
        self.attempt(incident_steps.classify, place, who, where="company", letter=letter)

    @rule(place=st.integers(0, 1), who=st.integers(0, 3), media=st.sampled_from(["", "0", "1"]))
    def write(self, place: int, who: int, media: str) -> None:
        """Somebody writes a part of the record."""
        self.attempt(incident_steps.record, place, who, version=self.stands(place)[1], media=media, facts="写")

    @invariant()
    def nothing_is_broken(self) -> None:
        """None of what must never be."""
        for name, query in NEVER.items():
            assert not self.store.rows(query), name


def test_incidents_hold_whatever_is_done() -> None:
    run_state_machine_as_test(Incidents, settings=stress(25, 12))
