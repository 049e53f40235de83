"""Whatever anybody does to supervisions, in whatever order: no promise is lost, moved silently, or closed untold."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from lobbydesk.home import store_path
from reception import complaints, supervision_steps, supervisions
from reception.permissions import BOX
from reception.rules.supervision_states import STEPS
from reception.site import configure
from tests.reception.stateful import Centre, stress

NEVER = {
    "closed and the person does not know": (
        "SELECT no FROM supervisions WHERE state = 'closed' AND case_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"
        " feedback_notices JOIN supervision_tellings ON notice_id = feedback_notices.id WHERE supervision_id ="
        " supervisions.id AND feedback_notices.case_id = supervisions.case_id AND feedback_notices.at >= done_at)"
    ),
    "done without a result": "SELECT no FROM supervisions WHERE done_at IS NOT NULL AND coalesce(result, '') = ''",
    "K3.13 a deadline moved silently": (
        "SELECT no FROM supervisions WHERE due_at IS NOT (SELECT due_at FROM supervision_deadlines"
        " WHERE supervision_id = supervisions.id ORDER BY id DESC LIMIT 1)"
    ),
    "a later deadline without a reason": (
        "SELECT id FROM supervision_deadlines AS later WHERE reason = '' AND EXISTS (SELECT 1 FROM"
        " supervision_deadlines AS first WHERE first.supervision_id = later.supervision_id AND first.id < later.id)"
    ),
    "late and taken for kept": (
        "SELECT no FROM supervisions WHERE overdue_at IS NULL AND (done_at > due_at OR EXISTS (SELECT 1 FROM"
        " supervision_deadlines AS old JOIN supervision_deadlines AS new ON new.supervision_id = old.supervision_id"
        " AND new.id > old.id WHERE old.supervision_id = supervisions.id AND new.at > old.due_at AND NOT EXISTS ("
        "SELECT 1 FROM supervision_deadlines AS between_ WHERE between_.supervision_id = old.supervision_id"
        " AND between_.id > old.id AND between_.id < new.id)))"
    ),
    "overdue before its time": (
        "SELECT no FROM supervisions WHERE overdue_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM supervision_deadlines"
        " WHERE supervision_id = supervisions.id AND due_at < overdue_at)"
    ),
    "an end that is no end": (
        "SELECT no FROM supervisions WHERE (closed_at IS NULL) = (state IN ('closed', 'withdrawn'))"
    ),
}


@pytest.fixture(scope="module", autouse=True)
def _home(seeded: Path) -> None:
    Supervised.template = store_path(seeded)


class Supervised(Centre):
    """Two supervisions, one of a complaint; everybody in the centre at once, and time that passes."""

    @initialize(days=st.tuples(st.integers(1, 4), st.integers(1, 4)))
    def begin(self, days: tuple[int, int]) -> None:
        """One of a case, one alone."""
        configure(self.store, hours_work="08:30-17:30", hours_rest="")
        case = complaints.register(
            self.store,
            nonce="c",
            name="张建国",
            phone="13800005678",
            category="noise",
            facts="噪音",
            by=self.staff[0],
            now=self.clock.forward(minutes=1),
        )
        for number, ahead in enumerate(days):
            one = supervisions.open_(
                self.store,
                nonce=f"n{number}",
                matter="更换门禁",
                opinion="一周内更换",
                department="maintenance",
                due_on=self.day(ahead),
                case_no=case.no if number else "",
                by=self.staff[6],
                now=self.clock.forward(minutes=1),
            )
            self.nos.append(one.no)

    def day(self, ahead: int) -> str:
        """Return a day of the site."""
        return (self.clock() + timedelta(days=ahead, hours=8)).date().isoformat()

    def attempt(self, act: Callable[..., Any], place: int, who: int, **said: Any) -> None:
        """Do an act; a refusal must leave the store as it was."""
        by = self.staff[who % len(self.staff)]
        self.do(act, now=self.clock.forward(minutes=7), no=self.nos[place], by=by, **said)

    @rule(hours=st.sampled_from([1, 8, 20, 70]), looks=st.booleans())
    def time_passes(self, hours: int, looks: bool) -> None:
        self.clock.forward(hours=hours)
        if looks:
            self.do(supervision_steps.watch, now=self.clock(), by=BOX)

    @rule(place=st.integers(0, 1), who=st.integers(0, 7), result=st.sampled_from(["已换", "", "已换"]))
    def finish(self, place: int, who: int, result: str) -> None:
        self.attempt(supervision_steps.finish, place, who, result=result)

    @rule(place=st.integers(0, 1), who=st.integers(0, 7), text=st.sampled_from(["已换好", ""]))
    def tell(self, place: int, who: int, text: str) -> None:
        self.attempt(supervision_steps.tell, place, who, text=text, channel="phone")

    @rule(place=st.integers(0, 1), who=st.sampled_from([2, 6, 3]), ahead=st.integers(-1, 5), fresh=st.booleans())
    def move(self, place: int, who: int, ahead: int, fresh: bool) -> None:
        was = self.store.value("SELECT due_at FROM supervisions WHERE no = ?", [self.nos[place]])
        said = {"due_on": self.day(ahead), "reason": "等配件", "was": was if fresh else "x"}
        self.attempt(supervision_steps.move, place, who, **said)

    @rule(place=st.integers(0, 1), hours=st.integers(1, 6), ahead=st.integers(1, 4))
    def move_late(self, place: int, hours: int, ahead: int) -> None:
        """Nobody looked while it passed: without it few runs move what is late already."""
        self.clock.forward(hours=hours * 20)
        self.move(place, 6, ahead, True)

    @rule(place=st.integers(0, 1), who=st.integers(0, 7), charge=st.sampled_from(["zhaogang", "sunlei", "wanglin"]))
    def hand_to(self, place: int, who: int, charge: str) -> None:
        self.attempt(supervision_steps.hand_to, place, who, charge=charge)

    @rule(place=st.integers(0, 1), who=st.sampled_from([2, 6, 0]), reason=st.sampled_from(["不再需要", ""]))
    def withdraw(self, place: int, who: int, reason: str) -> None:
        self.attempt(supervision_steps.withdraw, place, who, reason=reason)

    @invariant()
    def nothing_is_broken(self) -> None:
        """None of the queries finds anything, and every change is in the history."""
        for name, query in NEVER.items():
            assert not self.store.rows(query), name
        for row in self.store.rows("SELECT id, state FROM supervisions"):
            last = self.store.value(
                "SELECT to_state FROM events WHERE subject = 'supervision' AND subject_id = ? ORDER BY id DESC",
                [row["id"]],
            )
            assert last == row["state"]


def test_nothing_that_anybody_does_breaks_a_promise() -> None:
    run_state_machine_as_test(Supervised, settings=stress(30, 25))


def test_every_step_is_one_that_the_table_knows() -> None:
    assert {one.after for one in STEPS.values()} <= {"open", "reminded", "overdue", "done", "closed", "withdrawn", None}
