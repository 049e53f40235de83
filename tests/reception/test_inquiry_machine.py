"""Whatever anybody does to inquiries and suggestions, in whatever order: nobody is left without answer or promise."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from lobbydesk.home import store_path
from reception import case_care, due, feedback, inquiries, inquiry_steps, suggestions, without_consent
from reception.permissions import BOX
from reception.rules import inquiry_states, suggestion_states
from tests.reception.stateful import Centre, stress

WORDS = st.sampled_from(["按天折算", "", "已研究"])
WHO = st.integers(0, 7)
# What must never be found, each a query that returns what breaks it.
NEVER = {
    "neither answered nor promised": "SELECT no FROM cases WHERE kind = 'inquiry' AND state = 'open'",
    "K3.10 told nobody": (
        "SELECT no FROM cases WHERE kind IN ('inquiry', 'suggestion') AND state IN ('answered', 'replied', 'closed')"
        " AND NOT EXISTS (SELECT 1 FROM feedback_notices WHERE case_id = cases.id AND about = 'result'"
        " AND feedback_notices.round = cases.round)"
    ),
    "told other words than are kept": (
        "SELECT no FROM cases JOIN inquiry_answers AS kept ON kept.case_id = cases.id WHERE NOT EXISTS (SELECT 1 FROM"
        " feedback_notices WHERE case_id = cases.id AND about = 'result' AND text = kept.text"
        " AND feedback_notices.round = kept.round)"
    ),
    "promised and no clock runs": (
        "SELECT no FROM cases WHERE kind = 'inquiry' AND state = 'promised' AND NOT EXISTS (SELECT 1 FROM clocks"
        " WHERE case_id = cases.id AND clocks.round = cases.round AND clock = 'inquiry_answer' AND stopped_at IS NULL)"
    ),
    "a clock runs on after the answer": (
        "SELECT no FROM cases JOIN clocks ON clocks.case_id = cases.id WHERE kind = 'inquiry' AND state <> 'promised'"
        " AND stopped_at IS NULL"
    ),
    "a promise that was met does not count": (
        "SELECT no FROM cases JOIN clocks ON clocks.case_id = cases.id WHERE kind = 'inquiry' AND void = 1"
    ),
    "promised to somebody who cannot be told": (
        "SELECT no FROM cases JOIN inquiry_promises ON case_id = cases.id WHERE name = '' OR phone = ''"
    ),
    "K3.13 a deadline changed silently": (
        "SELECT case_id FROM clocks WHERE due_at <> (SELECT due_at FROM deadlines WHERE deadlines.case_id ="
        " clocks.case_id AND deadlines.clock = clocks.clock AND deadlines.round = clocks.round"
        " ORDER BY id DESC LIMIT 1)"
    ),
    "the owner changed hands by itself": "SELECT no FROM cases WHERE owner_id <> 1 AND kind = 'inquiry'",
    "answered by nobody": (
        "SELECT no FROM cases JOIN suggestions ON case_id = cases.id WHERE state IN ('answered', 'closed')"
        " AND answer = ''"
    ),
    "left no contact and is not on the board": (
        "SELECT no FROM cases JOIN suggestions ON case_id = cases.id WHERE answer <> '' AND phone = '' AND on_board = 0"
    ),
}


@pytest.fixture(scope="module", autouse=True)
def _home(seeded: Path) -> None:
    Asked.template = store_path(seeded)


class Asked(Centre):
    """Two inquiries, one of them promised, and two suggestions, and everybody in the centre at once."""

    def attempt(self, act: Callable[..., Any], no: str, who: int = 0, **arguments: Any) -> None:
        """Do an act; a refusal must leave the store as it was."""
        by = self.staff[who % len(self.staff)]
        self.do(act, now=self.clock.forward(minutes=47), no=no, by=by, **arguments)

    @initialize()
    def begin(self) -> None:
        """From the desk: with a name and a telephone, and without."""
        known: dict[str, Any] = {"name": "张建国", "phone": "13800005678", "unit": "1-1-101"}
        by = self.staff[0]
        asked: dict[str, Any] = {"category": "fees", "question": "怎么收", "by": by}
        ways: dict[str, dict[str, Any]] = {
            "a": {"way": "at_once", "answer": "扫码"},
            "b": {"way": "promised", "reply_due": "明天 10:00", "expert": "zhaoqiang", **known},
        }
        for nonce, said in ways.items():
            case = inquiries.register(
                self.store,
                nonce=nonce,
                now=self.clock.forward(minutes=1),
                **asked,
                **said,
            )
            self.nos.append(case.no)
        for nonce, person in {"c": {}, "d": known}.items():
            case = suggestions.register(
                self.store,
                nonce=nonce,
                topic="other",
                text="多种树",
                by=by,
                now=self.clock.forward(minutes=1),
                **person,
            )
            self.nos.append(case.no)

    @rule(place=st.integers(0, 3), steps=st.integers(1, 3))
    def go_on(self, place: int, steps: int) -> None:
        """What would happen next if all went well: without it few runs come to an end."""
        no = self.nos[place]
        for _ in range(steps):
            state = self.store.value("SELECT state FROM cases WHERE no = ?", [no])
            if state == "promised":
                self.attempt(inquiry_steps.reply, no, text="按天折算", channel="phone")
            elif state == "received":
                self.attempt(suggestions.forward, no, department="cleaning")
            elif state == "forwarded":
                self.attempt(suggestions.answer, no, text="已研究", channel="phone")
            elif state in {"replied", "answered"}:
                self.attempt(case_care.close, no)
            elif state == "closed":
                self.attempt(inquiry_steps.ask_again, no, question="还有呢", reply_due="后天 10:00")

    @rule(place=st.integers(0, 3), who=WHO, text=WORDS)
    def reply(self, place: int, who: int, text: str) -> None:
        self.attempt(inquiry_steps.reply, self.nos[place], who, text=text, channel="message")

    @rule(place=st.integers(0, 3), who=WHO, text=WORDS)
    def advise(self, place: int, who: int, text: str) -> None:
        self.attempt(inquiry_steps.advise, self.nos[place], who, text=text)

    @rule(place=st.integers(0, 3), who=WHO, expert=st.sampled_from(["zhaoqiang", "zhouming", "zhaogang", ""]))
    def consult(self, place: int, who: int, expert: str) -> None:
        self.attempt(inquiry_steps.consult, self.nos[place], who, expert=expert, department="service")

    @rule(
        place=st.integers(0, 3), who=WHO, when=st.sampled_from(["明天 9:00", "后天 15:00", "昨天 9:00", ""]), why=WORDS
    )
    def promise(self, place: int, who: int, when: str, why: str) -> None:
        said = {"reply_due": when, "reason": why, "channel": "phone"}
        self.attempt(inquiry_steps.promise_again, self.nos[place], who, **said)

    @rule(place=st.integers(0, 3), who=WHO, question=WORDS)
    def ask_again(self, place: int, who: int, question: str) -> None:
        self.attempt(inquiry_steps.ask_again, self.nos[place], who, question=question, reply_due="后天 10:00")

    @rule(place=st.integers(0, 3), who=WHO, department=st.sampled_from(["cleaning", "nowhere"]))
    def forward(self, place: int, who: int, department: str) -> None:
        self.attempt(suggestions.forward, self.nos[place], who, department=department)

    @rule(place=st.integers(0, 3), who=WHO, text=WORDS, board=st.booleans())
    def answer(self, place: int, who: int, text: str, board: bool) -> None:
        self.attempt(suggestions.answer, self.nos[place], who, text=text, channel="chat", board=board)

    @rule(place=st.integers(0, 3), who=WHO, about=st.sampled_from(["progress", "result"]))
    def tell(self, place: int, who: int, about: str) -> None:
        self.attempt(feedback.give, self.nos[place], who, about=about, channel="phone", text="正在核实")

    @rule(place=st.integers(0, 3), who=WHO)
    def close(self, place: int, who: int) -> None:
        self.attempt(case_care.close, self.nos[place], who)

    @rule(place=st.integers(0, 3))
    def give_up(self, place: int) -> None:
        self.attempt(without_consent.close, self.nos[place], 6, reason="算了")

    @rule()
    def a_day_goes_by(self) -> None:
        """What is overdue is handed up."""
        self.do(due.escalate_due, now=self.clock.forward(hours=20), by=BOX)

    @invariant()
    def nothing_is_broken(self) -> None:
        """None of the queries finds anything."""
        for name, query in NEVER.items():
            assert not self.store.rows(query), name


def test_no_order_of_acts_leaves_anybody_without_answer_or_promise() -> None:
    run_state_machine_as_test(Asked, settings=stress(60, 30))


@pytest.mark.parametrize(("life", "first"), [(inquiry_states, "open"), (suggestion_states, "received")])
def test_the_machines_are_whole(life: Any, first: str) -> None:
    """Every state is reached and left, but for the ends."""
    reached = {step.after for step in life.STEPS.values() if step.after} | {first}
    left = set().union(*(step.before for step in life.STEPS.values() if step.after))
    assert reached - left <= set(life.TERMINAL) and left <= reached
