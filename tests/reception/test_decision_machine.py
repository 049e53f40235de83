"""Whatever anybody does to the decisions of a visit day: each is supervised, and none is closed before it was told."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from lobbydesk.home import store_path
from reception import (
    booking_ends,
    booking_papers,
    case_care,
    cases,
    follow_ups,
    resolution_papers,
    resolutions,
    supervision_steps,
    without_consent,
)
from reception.permissions import BOX, TOKEN_HOLDER, Role
from reception.rules.booking_states import LIFE, STEPS, TERMINAL
from reception.site import configure
from tests.reception.after_life import AfterLife
from tests.reception.stateful import ROLES, Centre, stress

ENDED = "('fed_back', 'followed_up', 'closed')"
TOLD = (
    "EXISTS (SELECT 1 FROM supervision_tellings JOIN feedback_notices ON feedback_notices.id = notice_id"
    " WHERE supervision_id = resolutions.supervision_id AND feedback_notices.case_id = resolutions.case_id"
    " AND about = 'result')"
)
NEVER = {
    "K3.7 a decision without its department, deadline or opinion": (
        "SELECT id FROM resolutions WHERE department NOT IN (SELECT code FROM departments)"
        " OR due_on NOT GLOB '????-??-??' OR trim(opinion) = ''"
    ),
    "read to the owner and not supervised": (
        "SELECT id FROM resolutions WHERE supervision_id IS NULL AND (read_back_at IS NOT NULL OR reason IS NOT NULL)"
    ),
    "a supervision that says something else": (
        "SELECT resolutions.id FROM resolutions JOIN supervisions ON supervisions.id = supervision_id"
        " WHERE supervisions.case_id <> resolutions.case_id OR supervisions.opinion <> resolutions.opinion"
        " OR supervisions.department <> resolutions.department"
    ),
    "supervised and a decision nobody watches": (
        "SELECT cases.id FROM cases JOIN resolutions ON case_id = cases.id WHERE state = 'supervised'"
        " AND supervision_id IS NULL"
    ),
    "fed back before every decision was told": (
        f"SELECT cases.id FROM cases JOIN resolutions ON case_id = cases.id WHERE state IN {ENDED} AND NOT {TOLD}"  # noqa: S608
    ),
    "every decision told and still supervised": (
        "SELECT cases.id FROM cases WHERE state = 'supervised' AND NOT EXISTS (SELECT 1 FROM resolutions"  # noqa: S608
        f" WHERE case_id = cases.id AND NOT {TOLD})"
    ),
    "withdrawn and the owner does not know": (
        "SELECT resolutions.id FROM resolutions JOIN supervisions ON supervisions.id = supervision_id"  # noqa: S608
        f" WHERE supervisions.state IN ('closed', 'withdrawn') AND NOT {TOLD}"
    ),
    "K3.10 closed without feedback": (
        "SELECT id FROM cases WHERE kind = 'visit-day' AND state = 'closed' AND NOT EXISTS (SELECT 1 FROM"
        " feedback_notices WHERE case_id = cases.id AND feedback_notices.round = cases.round AND about = 'result')"
    ),
    "resolved and left there": "SELECT id FROM cases WHERE state = 'resolved'",
    "two papers of decisions that still come out": (
        "SELECT ref FROM print_jobs WHERE kind = 'decision_slip' AND state = 'queued' GROUP BY ref HAVING count(*) > 1"
    ),
}


@pytest.fixture(scope="module", autouse=True)
def _home(seeded: Path) -> None:
    Decided.template = store_path(seeded)


class Decided(Centre):
    """Two bookings, one met and one handed over; everybody of the centre at once, and time."""

    @initialize()
    def begin(self) -> None:
        """Book, admit, receive."""
        configure(self.store, hours_work="08:30-17:30", hours_rest="")
        life = AfterLife(self.store, self.clock)
        self.nos = [life.met().no, life.checked_in().no]
        self.count = 0

    def day(self, ahead: int) -> str:
        return (self.clock() + timedelta(days=ahead, hours=8)).date().isoformat()

    def attempt(self, act: Callable[..., Any], place: int, who: int, **said: Any) -> None:
        by = self.staff[who % len(self.staff)]
        self.do(act, now=self.clock.forward(minutes=7), no=self.nos[place], by=by, **said)

    def nonce(self, again: bool = False) -> str:
        self.count += not again
        return f"m{self.count}"

    @rule(
        place=st.integers(0, 1),
        who=st.sampled_from([0, 2, 6, 3, 5]),
        ahead=st.sampled_from([3, 3, 2, 5, -1, 0]),
        department=st.sampled_from(["maintenance", "security", "service", "maintenance", "x"]),
        opinion=st.sampled_from(["修好", "换新", "修好", " "]),
        again=st.booleans(),
    )
    def decide(self, place: int, who: int, ahead: int, department: str, opinion: str, again: bool) -> None:
        said = {"opinion": opinion, "department": department, "due_on": self.day(ahead), "nonce": self.nonce(again)}
        self.attempt(resolutions.decide, place, who, **said)

    @rule(place=st.integers(0, 1), who=st.sampled_from([2, 6]), signed=st.sampled_from(["paper", "absent", "no"]))
    def read_back(self, place: int, who: int, signed: str) -> None:
        self.attempt(resolutions.read_back, place, who, signed=signed)

    @rule(place=st.integers(0, 1), ahead=st.integers(1, 5))
    def decide_and_read(self, place: int, ahead: int) -> None:
        """Both, for without it few runs come to an end."""
        self.decide(place, 6, ahead, "maintenance", "修好", False)
        self.read_back(place, 6, "paper")

    @rule(place=st.integers(0, 1), who=st.sampled_from([0, 2, 6]), reason=st.sampled_from(["又提出", "又提出", ""]))
    def add(self, place: int, who: int, reason: str) -> None:
        self.decide_and_read(place, 4)
        said = {"opinion": "再加", "department": "security", "due_on": self.day(3), "nonce": self.nonce()}
        self.attempt(resolutions.add, place, who, reason=reason, **said)

    def supervision(self, which: int) -> str:
        # Those that run before those that ended.
        nos = [row[0] for row in self.store.rows("SELECT no FROM supervisions ORDER BY closed_at IS NOT NULL, id DESC")]
        return nos[which % len(nos)] if nos else "DB20260101-001"

    @rule(which=st.integers(0, 2), who=st.sampled_from([2, 6, 3]))
    def finish(self, which: int, who: int) -> None:
        self.do(supervision_steps.finish, now=self.clock.forward(minutes=7), no=self.supervision(which), result="好了",
                by=self.staff[who])  # fmt: skip

    @rule(which=st.integers(0, 2), text=st.sampled_from(["已修好", ""]))
    def tell(self, which: int, text: str) -> None:
        self.do(supervision_steps.tell, now=self.clock.forward(minutes=7), no=self.supervision(which), text=text,
                channel="phone", by=self.by(Role.RECEPTIONIST))  # fmt: skip

    @rule(which=st.integers(0, 2))
    def finish_and_tell(self, which: int) -> None:
        self.finish(which, 6)
        self.tell(which, "已修好")

    @rule(place=st.integers(0, 1), score=st.sampled_from(["2", "5", "5"]), closes=st.booleans())
    def whole_round(self, place: int, score: str, closes: bool) -> None:
        """From wherever it stands to its end, or to be opened again: few runs come there by chance."""
        self.decide(place, 6, 3, "maintenance", "修好", False)
        self.read_back(place, 6, "paper")
        for row in self.store.rows("SELECT no FROM supervisions WHERE closed_at IS NULL"):
            self.do(supervision_steps.finish, now=self.clock.forward(minutes=1), no=row["no"], result="好了",
                    by=self.by(Role.MANAGER))  # fmt: skip
            self.do(supervision_steps.tell, now=self.clock.forward(minutes=1), no=row["no"], text="好了",
                    channel="face", by=self.by(Role.MANAGER))  # fmt: skip
        self.follow_up(place, 0, score)
        if closes:
            self.close(place, True)

    @rule(
        which=st.integers(0, 2),
        text=st.sampled_from(["不再办", "不再办", ""]),
        channel=st.sampled_from(["phone", "face", ""]),
    )
    def withdraw(self, which: int, text: str, channel: str) -> None:
        self.decide_and_read(which % 2, 4)
        self.do(supervision_steps.withdraw, now=self.clock.forward(minutes=7), no=self.supervision(which),
                reason="重复", text=text, channel=channel, by=self.by(Role.MANAGER))  # fmt: skip

    @rule(place=st.integers(0, 1), who=st.integers(0, 7), score=st.sampled_from(["1", "5", ""]))
    def follow_up(self, place: int, who: int, score: str) -> None:
        self.attempt(follow_ups.record, place, who, method="visit", reached="1", score=score)

    @rule(place=st.integers(0, 1), score=st.sampled_from(["2", "4"]))
    def answer(self, place: int, score: str) -> None:
        token = self.store.value("SELECT token FROM cases WHERE no = ?", [self.nos[place]])
        self.do(follow_ups.answer, now=self.clock.forward(minutes=1), token=token, score=score, by=TOKEN_HOLDER)

    @rule(place=st.integers(0, 1), who=st.sampled_from([0, 2, 6]))
    def reopen(self, place: int, who: int) -> None:
        self.attempt(booking_ends.open_again, place, who, reason="又坏了")

    @rule(place=st.integers(0, 1), consent=st.booleans())
    def close(self, place: int, consent: bool) -> None:
        if consent:
            self.attempt(case_care.close, place, 2)
        else:
            self.attempt(without_consent.close, place, 6, reason="尽责")

    @rule(hours=st.sampled_from([1, 20, 70]))
    def time_passes(self, hours: int) -> None:
        self.clock.forward(hours=hours)
        self.do(supervision_steps.watch, now=self.clock(), by=BOX)

    @invariant()
    def nothing_is_broken(self) -> None:
        """None of the queries finds anything, the history says every state, and the paper that comes out stands."""
        for name, query in NEVER.items():
            assert not self.store.rows(query), name
        for no in self.nos:
            row = self.store.row("SELECT id, state FROM cases WHERE no = ?", [no])
            assert row is not None
            last = self.store.value(
                "SELECT to_state FROM events WHERE subject = 'case' AND subject_id = ? AND to_state IS NOT NULL"
                " ORDER BY id DESC",
                [row["id"]],
            )
            assert last == row["state"]
            case = cases.whole(self.store, row["id"])
            for part in self.store.rows(
                "SELECT DISTINCT part, state = 'queued' AS out FROM print_jobs WHERE ref = ? AND kind = 'decision_slip'"
                " AND state = 'queued'",
                [cases.ref(case)],
            ):
                # A decision that was not read to the owner yet is on no paper.
                if case.state == "supervised":
                    assert part["part"] == resolution_papers.part(self.store, case)
                    booking_papers.rebuild(self.store, case, "decision_slip", part["part"])


def test_nothing_that_anybody_does_leaves_a_decision_unwatched_or_untold() -> None:
    heads = (Role.RECEPTIONIST, Role.SERVICE_HEAD, Role.DEPARTMENT_HEAD, Role.MANAGER)
    assert [ROLES.index(role) for role in heads] == [0, 2, 3, 6]
    run_state_machine_as_test(Decided, settings=stress(25, 100))


def test_every_state_has_a_way_out_and_every_act_leads_somewhere() -> None:
    after = {one.after for one in STEPS.values() if one.after}
    for state in after - TERMINAL:
        assert any(STEPS[act].after not in {None, state} for act in LIFE.acts_in(state)), state
