"""The way of a complaint: every step, every refusal, what the person reads, what the clocks say."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.store import Store
from reception import (
    case_care,
    case_filters,
    case_links,
    case_lists,
    case_views,
    cases,
    complaint_facts,
    complaint_steps,
    complaints,
    due,
    feedback,
    follow_ups,
    message_texts,
    without_consent,
)
from reception.cases import Case
from reception.permissions import Actor, Role
from reception.refusal import Refused
from tests.conftest import Clock, actor
from tests.reception.test_races import Gate, race


class Complaints:
    """Takes complaints in and walks them on, each act a minute after the one before."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock, self._made = store, clock, 0
        self.desk = actor(store, Role.RECEPTIONIST)
        self.assistant = actor(store, Role.ASSISTANT)
        self.head = actor(store, Role.DEPARTMENT_HEAD)

    @property
    def also(self) -> dict[str, Any]:
        """By whom and when, for the desk."""
        return {"by": self.desk, "now": self.clock.forward(minutes=1)}

    def receive(self, **said: str) -> Case:
        """Take one in, of 1-1-101."""
        self._made += 1
        form = {"name": "", "phone": "5678", "unit": "1-1-101", "category": "noise", "facts": "楼上夜间施工", **said}
        return complaints.register(self.store, nonce=f"c{self._made}", **form, **self.also)  # type: ignore[arg-type]

    def replied(self, **said: str) -> Case:
        """Walk one to its reply."""
        case = self.receive(**said)
        complaint_steps.assign(self.store, no=case.no, handler="zhaoqiang", **self.also)
        self.found(case)
        return complaint_steps.reply(
            self.store, no=case.no, text="已约谈施工方，22点后停工", channel="phone", **self.also
        )

    def found(self, case: Case, finding: str = "valid") -> Case:
        """Write down what was found."""
        now = self.clock.forward(minutes=1)
        return complaint_steps.investigate(
            self.store, no=case.no, finding=finding, findings="现场核实", by=self.head, now=now
        )

    def clocks(self, case: Case) -> dict[str, tuple[str | None, int]]:
        """Return the clocks of the present round: when stopped, and whether void."""
        rows = self.store.rows(
            "SELECT clock, stopped_at, void FROM clocks WHERE case_id = ? AND round ="
            " (SELECT round FROM cases WHERE id = clocks.case_id)",
            [case.id],
        )
        return {row[0]: (row[1], row[2]) for row in rows}


@pytest.fixture
def made(store: Store, clock: Clock) -> Complaints:
    return Complaints(store, clock)


def state(store: Store, case: Case) -> str:
    return str(store.value("SELECT state FROM cases WHERE id = ?", [case.id]))


def test_the_whole_way_of_a_complaint(store: Store, made: Complaints) -> None:
    case = made.receive()
    assert case.no.startswith("TS") and case.state == "received"
    assert complaint_steps.acknowledge(store, no=case.no, **made.also).state == "acknowledged"
    passed = complaint_steps.assign(store, no=case.no, handler="zhaoqiang", **made.also)
    assert (passed.state, passed.department, passed.owner_id) == ("assigned", "maintenance", made.desk.id)
    assert made.found(case).state == "investigating"
    assert made.found(case, "invalid").state == "investigating"
    done = complaint_steps.reply(store, no=case.no, text="未发现夜间施工，已加强巡查", channel="phone", **made.also)
    assert done.state == "replied"
    assert [one.text for one in complaint_facts.replies(store, case.id)] == ["未发现夜间施工，已加强巡查"]
    assert feedback.answered(store, done)
    with pytest.raises(Refused, match="step_not_now"):
        case_care.close(store, no=case.no, **made.also)
    assert (
        follow_ups.record(store, no=case.no, method="phone", reached="1", score="4", **made.also).state == "followed_up"
    )
    assert case_care.close(store, no=case.no, **made.also).state == "closed"
    assert complaint_facts.details(store, done).finding == "invalid"


def test_every_complaint_is_followed_up_and_two_points_go_back_to_the_head(store: Store, made: Complaints) -> None:
    case = made.replied()
    assert follow_ups.due(store, case)
    again = follow_ups.record(store, no=case.no, method="phone", reached="1", score="2", comment="还是吵", **made.also)
    head = actor(store, Role.SERVICE_HEAD)
    assert (again.state, again.round, again.owner_id) == ("reopened", 1, head.id)
    assert complaint_facts.details(store, again).finding == "", "what was found then is no answer now"
    # The answer of the round before does not close this one.
    assert not feedback.answered(store, again)
    made.found(case)
    complaint_steps.reply(store, no=case.no, text="已书面告知施工方", channel="face", **made.also)
    follow_ups.record(store, no=case.no, method="phone", reached="1", score="1", **made.also)
    assert state(store, case) == "reopened"
    assert store.value("SELECT round FROM cases WHERE id = ?", [case.id]) == 2


def test_who_looked_into_it_does_not_ask_how_it_was(store: Store, made: Complaints) -> None:
    case = made.receive()
    complaint_steps.investigate(store, no=case.no, finding="valid", findings="属实", **made.also)
    complaint_steps.reply(store, no=case.no, text="已处理", channel="phone", **made.also)
    with pytest.raises(Refused, match="follow_up_own"):
        follow_ups.record(store, no=case.no, method="phone", reached="1", score="5", **made.also)
    now = made.clock.forward(minutes=1)
    follow_ups.record(store, no=case.no, method="phone", reached="1", score="5", by=made.assistant, now=now)
    assert state(store, case) == "followed_up"


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda s, no, also: complaint_steps.reply(s, no=no, text="好", channel="phone", **also), "step_not_now"),
        (lambda s, no, also: complaint_steps.assign(s, no=no, handler="zhaogang", **also), "staff_unknown"),
        (lambda s, no, also: complaint_steps.assign(s, no=no, handler="nobody", **also), "staff_unknown"),
        (
            lambda s, no, also: complaint_steps.investigate(s, no=no, finding="", findings="x", **also),
            "finding_unknown",
        ),
        (
            lambda s, no, also: complaint_steps.investigate(s, no=no, finding="valid", findings=" ", **also),
            "findings_missing",
        ),
        (lambda s, no, also: complaint_steps.withdraw(s, no=no, reason="", channel="phone", **also), "reason_missing"),
        (
            lambda s, no, also: complaint_steps.regrade(
                s, no=no, category="noise", severity="mild", reason="x", **also
            ),
            "severity_unknown",
        ),
        (lambda s, no, also: complaint_steps.open_again(s, no=no, reason="x", **also), "step_not_now"),
        (
            lambda s, no, also: complaint_steps.hand_up(
                s, no=no, to="chenjing", reason="x", plan="y", next_update_at="前天 9:00", channel="phone", **also
            ),
            "time_past",
        ),
        (
            lambda s, no, also: complaint_steps.hand_up(
                s, no=no, to="zhaogang", reason="x", plan="y", next_update_at="明天 9:00", channel="phone", **also
            ),
            "staff_unknown",
        ),
    ],
)
def test_what_is_refused_leaves_the_store_as_it_was(store: Store, made: Complaints, act: Any, code: str) -> None:
    case = made.receive()
    before = list(store.connection.iterdump())
    with pytest.raises(Refused, match=code):
        act(store, case.no, made.also)
    assert list(store.connection.iterdump()) == before


def test_severity_sets_the_clock_and_a_correction_moves_it_with_a_reason(store: Store, made: Complaints) -> None:
    case = made.receive()
    assert made.clocks(case).keys() == {"complaint_first_feedback", "complaint_reply"}
    complaint_steps.regrade(store, no=case.no, category="noise", severity="serious", reason="影响孩子高考", **made.also)
    now = made.clocks(case)
    assert now["complaint_reply"][1] == 1 and now["complaint_reply_serious"] == (None, 0)
    serious = made.receive(severity="serious")
    assert made.clocks(serious).keys() == {"complaint_first_feedback", "complaint_reply_serious"}


def test_handed_up_the_person_is_told_and_the_promise_runs(store: Store, made: Complaints) -> None:
    case = made.receive()
    form: dict[str, Any] = {"no": case.no, "reason": "涉及邻里纠纷", "plan": "明天上午与双方面谈", "channel": "phone"}
    complaint_steps.hand_up(store, to="chenjing", next_update_at="明天 10:00", **form, **made.also)
    (up,) = complaint_facts.escalations(store, case.id)
    assert (up.level, up.to_name, up.plan) == (1, "陈静", "明天上午与双方面谈")
    assert made.clocks(case)["next_update"] == (None, 0)
    assert made.clocks(case)["complaint_first_feedback"][0], "he was told"
    feedback.give(store, no=case.no, about="progress", channel="phone", text="双方同意调解", **made.also)
    assert made.clocks(case)["next_update"][0]
    # To the same superior again: another promise on the same level, and its clock runs anew.
    complaint_steps.hand_up(store, to="chenjing", next_update_at="后天 10:00", **form, **made.also)
    assert made.clocks(case)["next_update"] == (None, 0)
    for number in range(10):
        to = ("zhouming", "chenjing")[number % 2]
        complaint_steps.hand_up(store, to=to, next_update_at="后天 15:00", **form, **made.also)
    assert [one.level for one in complaint_facts.escalations(store, case.id)] == [1, 1, *range(2, 12)]


def test_what_was_handed_up_is_on_the_superior_s_lists(store: Store, made: Complaints) -> None:
    case = made.receive()
    said = {"reason": "涉及邻里纠纷", "plan": "面谈", "next_update_at": "明天 10:00", "channel": "phone"}
    complaint_steps.hand_up(store, no=case.no, to="zhouming", **said, **made.also)  # type: ignore[arg-type]
    manager = actor(store, Role.MANAGER)
    now = made.clock()
    handed = due.due_list(store, escalated_to=manager.id, by=manager, now=now)
    assert {one.case_no for one in handed} == {case.no}
    mine = case_lists.found(store, case_filters.Filter(only=case_filters.MINE), by=manager, now=now)
    assert [one.case.no for one in mine.entries] == [case.no]
    assert not due.due_list(store, escalated_to=actor(store, Role.SERVICE_HEAD).id, by=manager, now=now)


def test_whoever_looks_into_it_finds_it_among_his_own(store: Store, made: Complaints) -> None:
    case = made.receive(severity="serious")
    complaint_steps.assign(store, no=case.no, handler="zhaoqiang", **made.also)
    mine = case_filters.Filter(only=case_filters.MINE)
    (entry,) = case_lists.found(store, mine, by=made.head, now=made.clock()).entries
    assert entry.case.no == case.no and entry.presses and entry.urgency_words.zh == "严重"
    assert {one.case_no for one in due.due_list(store, owner=made.head.id, by=made.head, now=made.clock())} == {case.no}


def test_nobody_s_complaint_ends_with_another_s_change_of_mind(store: Store, made: Complaints) -> None:
    mine, other = made.receive(), made.receive(unit="1-1-102", phone="13900000001", name="李秀英")
    case_links.merge(store, no=other.no, into=mine.no, **made.also)
    with pytest.raises(Refused, match="others_merged"):
        complaint_steps.withdraw(store, no=mine.no, reason="算了", channel="phone", **made.also)
    assert feedback.of_case(store, other.id) == []


def test_every_finding_is_kept_and_its_finder_never_asks_how_it_was(store: Store, made: Complaints) -> None:
    case = made.receive()
    complaint_steps.assign(store, no=case.no, handler="zhaoqiang", **made.also)
    made.found(case)
    complaint_steps.investigate(store, no=case.no, finding="partly", findings="再次核实", **made.also)
    complaint_steps.assign(store, no=case.no, handler="chenjing", **made.also)
    assert [one.finding for one in complaint_facts.findings(store, case.id)] == ["valid", "partly"]
    complaint_steps.investigate(store, no=case.no, finding="partly", findings="同前", **made.also)
    complaint_steps.reply(store, no=case.no, text="已说明", channel="phone", **made.also)
    # Who found it, and who has it now: neither.
    for finder in (made.desk, actor(store, Role.SERVICE_HEAD)):
        with pytest.raises(Refused, match="follow_up_own"):
            now = made.clock.forward(minutes=1)
            follow_ups.record(store, no=case.no, method="phone", reached="1", score="5", by=finder, now=now)


def test_repeated_within_ninety_days_is_seen(store: Store, made: Complaints) -> None:
    first = made.receive()
    other = made.receive(category="fees")
    made.clock.forward(days=60)
    second = made.receive()
    made.clock.forward(days=31)
    third = made.receive()
    assert complaint_facts.repeats(store, second, by=made.desk) == [first.no]
    assert complaint_facts.repeats(store, third, by=made.desk) == [second.no]
    assert complaint_facts.repeats(store, other, by=made.desk) == []


def test_withdrawn_ends_with_what_was_said(store: Store, made: Complaints) -> None:
    case = made.receive()
    gone = complaint_steps.withdraw(store, no=case.no, reason="邻居已道歉", channel="phone", **made.also)
    assert gone.state == "withdrawn" and gone.closed_at
    assert feedback.of_case(store, case.id)[-1].text == "撤回投诉：邻居已道歉"
    assert all(stopped for stopped, _ in made.clocks(case).values())


def test_the_manager_ends_it_without_consent_once_it_was_replied_to(store: Store, made: Complaints) -> None:
    manager = actor(store, Role.MANAGER)

    def give_up(case: Case, by: Actor = manager) -> Case:
        return without_consent.close(store, no=case.no, reason="多次沟通仍不接受", by=by, now=made.clock())

    fresh = made.receive()
    with pytest.raises(Refused, match="step_not_now"):
        give_up(fresh)
    case = made.replied()
    with pytest.raises(Refused, match="not_permitted"):
        give_up(case, made.desk)
    follow_ups.record(store, no=case.no, method="phone", reached="1", score="1", **made.also)
    with pytest.raises(Refused, match="feedback_missing"):
        give_up(case)
    made.found(case)
    with pytest.raises(Refused, match="feedback_missing"):
        give_up(case)
    complaint_steps.reply(store, no=case.no, text="已尽力", channel="phone", **made.also)
    assert give_up(case).state == "closed"
    assert without_consent.stands(store, case.no)


def test_the_store_itself_refuses_a_reply_without_words(store: Store, made: Complaints) -> None:
    case = made.receive()
    import sqlite3

    with pytest.raises(sqlite3.IntegrityError, match="replied without a reply"):
        store.execute("UPDATE cases SET state = 'replied' WHERE id = ?", [case.id])
    replied = made.replied()
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        store.execute("UPDATE complaint_replies SET text = 'x' WHERE case_id = ?", [replied.id])


def test_the_person_reads_where_it_stands_and_by_when_he_hears(store: Store, made: Complaints) -> None:
    case = made.receive()

    def view(now: Any = None) -> Any:
        found = case_views.progress(store, cases.masked(store, case.id), now=now or made.clock())
        assert found is not None
        return found

    assert view().sentence.zh == "已受理"
    assert view().note.zh == "明天 10:25 前告诉您进展"
    assert view(made.clock() + timedelta(days=9)).note.zh == "抱歉让您久等，我们正在催办"
    complaint_steps.assign(store, no=case.no, handler="zhaoqiang", **made.also)
    assert view().sentence.zh == "已转工程维修部处理"
    (text,) = message_texts.texts(store, cases.masked(store, case.id), now=made.clock())
    assert text.words.zh.startswith("【锦绣家园 物业服务中心】您的投诉 TS") and "前告诉您进展" in text.words.zh
    made.found(case)
    complaint_steps.reply(store, no=case.no, text="已约谈", channel="phone", **made.also)
    assert view().can == {"rate"} and view().note is None
    assert [step.words.zh for step in view().steps] == ["已受理", "已转办", "已答复"]
    for said in (view().sentence, *[step.words for step in view().steps]):
        assert "已约谈" not in said.zh, "what was replied is told to him, not shown to whoever holds the paper"
    assert message_texts.texts(store, cases.masked(store, case.id), now=made.clock()) == [], "the reply was told"


def reply_once(store: Store, gate: Gate, no: str, number: int, now: datetime) -> str:
    """Reply to a complaint, once; return what became of it."""
    by = actor(store, (Role.RECEPTIONIST, Role.ASSISTANT)[number % 2])
    try:
        complaint_steps.reply(store, no=no, text=f"答复{number}", channel="phone", by=by, now=now)
    except Refused as refused:
        return refused.code
    return "replied"


def test_two_who_reply_at_once_give_one_reply(home: Path, store: Store, made: Complaints) -> None:
    case = made.receive()
    complaint_steps.investigate(store, no=case.no, finding="valid", findings="属实", **made.also)
    answers = race(home, *[(reply_once, case.no, number, made.clock()) for number in range(6)])
    assert sorted(answers) == ["replied", *["step_not_now"] * 5]
    assert len(complaint_facts.replies(store, case.id)) == 1
