"""Whatever anybody does to complaints, in whatever order: no answer is lost, and a refusal changes nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from lobbydesk.home import store_path
from reception import (
    about_staff,
    case_care,
    case_links,
    complaint_steps,
    complaints,
    feedback,
    follow_up_desk,
    follow_ups,
    without_consent,
)
from reception.permissions import TOKEN_HOLDER
from reception.rules.complaint_states import STEPS, TERMINAL
from tests.reception.stateful import Centre, stress

WORDS = st.sampled_from(["已核实", "", "不满意"])
SCORES = st.sampled_from(["", "1", "2", "3", "5"])
# What must never be found, each a query that returns what breaks it.
NEVER = {
    "K3.10 closed without an answer in its round": (
        "SELECT no FROM cases WHERE kind = 'complaint' AND state IN ('closed', 'withdrawn') AND NOT EXISTS (SELECT 1"
        " FROM feedback_notices WHERE case_id = cases.id AND about = 'result' AND feedback_notices.round = cases.round)"
    ),
    "closed without a follow-up": (
        "SELECT no FROM cases WHERE kind = 'complaint' AND state = 'closed' AND NOT EXISTS (SELECT 1 FROM follow_ups"
        " WHERE case_id = cases.id AND follow_ups.round = cases.round) AND NOT EXISTS (SELECT 1 FROM"
        " closings_without_consent AS given_up WHERE given_up.case_id = cases.id AND given_up.round = cases.round)"
    ),
    "replied without words or finding": (
        "SELECT no FROM cases JOIN complaints ON complaints.case_id = cases.id WHERE state IN"
        " ('replied', 'followed_up') AND (NOT EXISTS (SELECT 1 FROM complaint_findings AS found"
        " WHERE found.case_id = cases.id AND found.round = cases.round) OR NOT EXISTS (SELECT 1 FROM complaint_replies"
        " WHERE complaint_replies.case_id = cases.id AND complaint_replies.round = cases.round))"
    ),
    "unsatisfied and left alone": (
        "SELECT no FROM cases JOIN follow_ups ON follow_ups.case_id = cases.id AND follow_ups.round = cases.round"
        " WHERE cases.kind = 'complaint' AND score <= 2"
    ),
    "closed and never replied to": (
        "SELECT no FROM cases WHERE kind = 'complaint' AND state = 'closed' AND NOT EXISTS (SELECT 1 FROM"
        " complaint_replies WHERE complaint_replies.case_id = cases.id)"
    ),
    "merged and never answered": (
        "SELECT target.no FROM cases AS target JOIN cases AS merged ON merged.merged_into = target.id"
        " WHERE target.state = 'closed' AND NOT EXISTS (SELECT 1 FROM feedback_notices WHERE case_id = merged.id"
        " AND about = 'result')"
    ),
    "followed up by whoever looked into it": (
        "SELECT follow_ups.id FROM follow_ups JOIN complaint_findings AS found ON found.case_id = follow_ups.case_id"
        " AND found.round = follow_ups.round AND found.by_id = follow_ups.by_id AND found.at <= follow_ups.at"
        # Where nobody else may know of it, he asks himself.
        " JOIN cases ON cases.id = found.case_id WHERE sealed < 2 AND NOT EXISTS (SELECT 1 FROM case_accused JOIN staff"
        " ON staff.id = staff_id WHERE case_accused.case_id = cases.id AND role IN ('service_head', 'manager'))"
    ),
    "open without a running promise": (
        "SELECT no FROM cases WHERE kind = 'complaint' AND state IN ('received', 'acknowledged', 'assigned',"
        " 'investigating', 'reopened') AND NOT EXISTS (SELECT 1 FROM clocks WHERE case_id = cases.id"
        " AND clocks.round = cases.round AND clock LIKE 'complaint_reply%' AND stopped_at IS NULL)"
    ),
    "a clock runs on after the end": (
        "SELECT no FROM cases JOIN clocks ON clocks.case_id = cases.id WHERE closed_at IS NOT NULL"
        " AND stopped_at IS NULL"
    ),
    "K3.13 a deadline changed silently": (
        "SELECT case_id FROM clocks WHERE due_at <> (SELECT due_at FROM deadlines WHERE deadlines.case_id ="
        " clocks.case_id AND deadlines.clock = clocks.clock AND deadlines.round = clocks.round"
        " ORDER BY id DESC LIMIT 1)"
    ),
    "unsatisfied by the person's own word and left alone": (
        "SELECT no FROM cases JOIN survey_responses AS said ON said.case_id = cases.id AND said.round = cases.round"
        " WHERE cases.kind = 'complaint' AND score <= 2 AND state <> 'closed'"
    ),
    "held or looked into by whom it is about": (
        "SELECT no FROM cases JOIN complaints ON complaints.case_id = cases.id JOIN case_accused"
        " ON case_accused.case_id = cases.id WHERE sealed > 0 AND staff_id IN (owner_id, handler_id)"
    ),
    "sealed, and in the hands of somebody else": (
        "SELECT no FROM cases JOIN complaints ON complaints.case_id = cases.id JOIN staff"
        " ON staff.id IN (owner_id, handler_id)"
        " WHERE sealed > iif(role = 'manager', 2, iif(role = 'service_head', 1, 0))"
    ),
    "merged with what others may read": (
        "SELECT merged.no FROM cases AS merged JOIN cases AS target ON target.id = merged.merged_into"
        " WHERE merged.sealed <> target.sealed"
    ),
    "withdrawn over the heads of others": (
        "SELECT target.no FROM cases AS target JOIN cases AS merged ON merged.merged_into = target.id"
        " WHERE target.kind = 'complaint' AND target.state = 'withdrawn'"
    ),
}


@pytest.fixture(scope="module", autouse=True)
def _home(seeded: Path) -> None:
    Complaints.template = store_path(seeded)


class Complaints(Centre):
    """Three complaints of one home, and everybody in the centre at once."""

    def attempt(self, act: Callable[..., Any], place: int, who: int = 0, **arguments: Any) -> None:
        """Do an act; a refusal must leave the store as it was."""
        by = self.staff[who % len(self.staff)]
        self.do(act, now=self.clock.forward(minutes=7), no=self.nos[place], by=by, **arguments)

    @initialize(
        severities=st.tuples(*[st.sampled_from(["ordinary", "serious"])] * 3),
        joined=st.booleans(),
        depths=st.tuples(*[st.integers(0, 6)] * 3),
        score=SCORES,
    )
    def begin(self, severities: tuple[str, ...], joined: bool, depths: tuple[int, ...], score: str) -> None:
        """Three from the desk, each somewhere on its way; the second perhaps merged into the first."""
        for number, severity in enumerate(severities):
            case = complaints.register(
                self.store,
                nonce=f"m{number}",
                name="张建国",
                phone="13800005678",
                unit="1-1-101",
                category="noise",
                severity=severity,
                facts="噪音",
                by=self.staff[0],
                now=self.clock.forward(minutes=1),
            )
            self.nos.append(case.no)
        if joined:
            self.attempt(case_links.merge, 1, into=self.nos[0])
        for place, steps in enumerate(depths):
            self.go_on(place, steps, score, 1)

    @rule(place=st.integers(0, 2), steps=st.integers(1, 4), score=SCORES, asks=st.sampled_from([1, 3]))
    def go_on(self, place: int, steps: int, score: str, asks: int) -> None:
        """What would happen next if all went well: without it few runs come to an end."""
        for _ in range(steps):
            state = self.store.value("SELECT state FROM cases WHERE no = ?", [self.nos[place]])
            if state in {"received", "acknowledged", "reopened"}:
                self.attempt(complaint_steps.assign, place, 0, handler="zhaoqiang")
            elif state == "assigned":
                self.attempt(complaint_steps.investigate, place, 3, finding="valid", findings="属实")
            elif state == "investigating":
                self.attempt(complaint_steps.reply, place, 0, text="已处理", channel="phone", merged_too=True)
            elif state == "replied":
                self.attempt(follow_ups.record, place, asks, method="phone", reached="1", score=score)
            elif state == "followed_up":
                self.attempt(case_care.close, place, 2)

    @rule(place=st.integers(0, 2), who=st.integers(0, 7))
    def acknowledge(self, place: int, who: int) -> None:
        self.attempt(complaint_steps.acknowledge, place, who)

    @rule(place=st.integers(0, 2), who=st.integers(0, 7), handler=st.sampled_from(["zhaoqiang", "wanglin", "zhaogang"]))
    def assign(self, place: int, who: int, handler: str) -> None:
        self.attempt(complaint_steps.assign, place, who, handler=handler)

    @rule(place=st.integers(0, 2), who=st.integers(0, 7), finding=st.sampled_from(["valid", "invalid", ""]), text=WORDS)
    def investigate(self, place: int, who: int, finding: str, text: str) -> None:
        self.attempt(complaint_steps.investigate, place, who, finding=finding, findings=text)

    @rule(place=st.integers(0, 2), who=st.integers(0, 7), text=WORDS, too=st.booleans())
    def reply(self, place: int, who: int, text: str, too: bool) -> None:
        self.attempt(complaint_steps.reply, place, who, text=text, channel="phone", merged_too=too)

    @rule(place=st.integers(0, 2), who=st.integers(0, 7), reason=WORDS)
    def withdraw(self, place: int, who: int, reason: str) -> None:
        self.attempt(complaint_steps.withdraw, place, who, reason=reason, channel="phone")

    @rule(place=st.integers(0, 2), who=st.integers(0, 7), to=st.sampled_from(["chenjing", "zhouming", "wanglin"]))
    def hand_up(self, place: int, who: int, to: str) -> None:
        said = {"reason": "难", "plan": "开会", "next_update_at": "后天 10:00", "channel": "phone"}
        self.attempt(complaint_steps.hand_up, place, who, to=to, **said)

    @rule(place=st.integers(0, 2), who=st.integers(0, 7), severity=st.sampled_from(["ordinary", "serious"]))
    def regrade(self, place: int, who: int, severity: str) -> None:
        self.attempt(complaint_steps.regrade, place, who, category="noise", severity=severity, reason="核实后")

    @rule(place=st.integers(0, 2), who=st.integers(0, 7), reason=WORDS)
    def open_again(self, place: int, who: int, reason: str) -> None:
        self.attempt(complaint_steps.open_again, place, who, reason=reason)

    @rule(place=st.integers(0, 2), who=st.integers(0, 7), about=st.sampled_from(["progress", "result"]))
    def tell(self, place: int, who: int, about: str) -> None:
        self.attempt(feedback.give, place, who, about=about, channel="phone", text="正在处理", merged_too=True)

    @rule(place=st.integers(0, 2), who=st.integers(0, 7), reached=st.sampled_from(["0", "1"]), score=SCORES)
    def follow_up(self, place: int, who: int, reached: str, score: str) -> None:
        self.attempt(follow_ups.record, place, who, method="phone", reached=reached, score=score)

    @rule(place=st.integers(0, 2), who=st.integers(0, 7), outcome=st.sampled_from([*follow_ups.OUTCOMES, "take"]))
    def call(self, place: int, who: int, outcome: str) -> None:
        if outcome == "take":
            self.attempt(follow_up_desk.take, place, who)
            return
        said = {"method": "chat", "reached": "", "outcome": outcome, "again_at": "明天 10:00"}
        self.attempt(follow_ups.record, place, who, **said)

    @rule(place=st.integers(0, 2), score=SCORES)
    def rate(self, place: int, score: str) -> None:
        token = self.store.value("SELECT token FROM cases WHERE no = ?", [self.nos[place]])

        def own(store: Any, *, no: str, by: Any, now: Any) -> None:
            follow_ups.answer(store, token=token, score=score, by=TOKEN_HOLDER, now=now)

        self.attempt(own, place)

    @rule(place=st.integers(0, 2), into=st.integers(0, 2), who=st.integers(0, 7))
    def merge(self, place: int, into: int, who: int) -> None:
        self.attempt(case_links.merge, place, who, into=self.nos[into])

    @rule(place=st.integers(0, 2), who=st.sampled_from([2, 6]), reason=WORDS)
    def give_up(self, place: int, who: int, reason: str) -> None:
        self.attempt(without_consent.close, place, who, reason=reason)

    @rule(
        place=st.integers(0, 2),
        who=st.sampled_from([0, 2, 6]),
        hears=st.sampled_from(["service_head", "manager"]),
        accused=st.sampled_from(["", "zhaoqiang", "wanglin", "chenjing", "zhouming"]),
    )
    def seal(self, place: int, who: int, hears: str, accused: str) -> None:
        self.attempt(about_staff.seal, place, who, hears=hears, accused=[accused])

    @rule(place=st.integers(0, 2), who=st.sampled_from([0, 2, 6]), accused=st.sampled_from(["zhaogang", "chenjing"]))
    def name(self, place: int, who: int, accused: str) -> None:
        self.attempt(about_staff.name, place, who, accused=accused)

    @rule(place=st.integers(0, 2), who=st.sampled_from([2, 6]))
    def share(self, place: int, who: int) -> None:
        self.attempt(about_staff.share, place, who)

    @rule(place=st.integers(0, 2), who=st.integers(0, 7))
    def close(self, place: int, who: int) -> None:
        self.attempt(case_care.close, place, who)

    @invariant()
    def nothing_is_broken(self) -> None:
        """None of the queries finds anything."""
        for name, query in NEVER.items():
            assert not self.store.rows(query), name


def test_no_order_of_acts_loses_an_answer() -> None:
    run_state_machine_as_test(Complaints, settings=stress(100, 30))


def test_the_machine_is_whole() -> None:
    """Every state is reached and left, but for the ends."""
    reached = {step.after for step in STEPS.values() if step.after} | {"received"}
    left = set().union(*(step.before for step in STEPS.values() if step.after))
    assert reached - left == set(TERMINAL) - {"closed"}
    assert left <= reached
