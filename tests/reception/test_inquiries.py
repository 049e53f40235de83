"""The way of an inquiry: answered at once, or promised and replied to, kept or late; and answers worth keeping."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.store import Store
from reception import (
    call_figures,
    case_care,
    case_clocks,
    case_filters,
    case_flow,
    case_lists,
    case_views,
    cases,
    due,
    feedback,
    inquiries,
    inquiry_facts,
    inquiry_steps,
    message_texts,
    owner_papers,
    saved_answers,
)
from reception.cases import Case
from reception.permissions import BOX, Actor, Role
from reception.refusal import Refused
from tests.conftest import Clock, actor
from tests.reception.test_races import Gate, race


class Inquiries:
    """Takes inquiries in and walks them on, each act a minute after the one before."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock, self._made = store, clock, 0
        self.desk = actor(store, Role.RECEPTIONIST)
        self.head = actor(store, Role.DEPARTMENT_HEAD)

    @property
    def also(self) -> dict[str, Any]:
        """By whom and when, for the desk."""
        return {"by": self.desk, "now": self.clock.forward(minutes=1)}

    def ask(self, **said: Any) -> Case:
        """Take one in that is answered at once, of nobody in particular."""
        self._made += 1
        form = {"category": "fees", "question": "物业费怎么交", "way": "at_once", "answer": "前台扫码", **said}
        return inquiries.register(self.store, nonce=f"q{self._made}", **form, **self.also)

    def promised(self, **said: Any) -> Case:
        """Take one in of 1-1-101 that is answered tomorrow at ten."""
        who = {"unit": "1-1-101", "phone": "5678"}
        return self.ask(**{"way": "promised", "answer": "", "reply_due": "明天 10:00", **who, **said})

    def reply(self, case: Case, **said: Any) -> Case:
        """Give the answer by telephone."""
        form = {"text": "按天折算", "channel": "phone", **self.also, **said}
        return inquiry_steps.reply(self.store, no=case.no, **form)


@pytest.fixture
def made(store: Store, clock: Clock) -> Inquiries:
    return Inquiries(store, clock)


def clock_of(store: Store, case: Case, now: datetime) -> case_clocks.CaseClock:
    return next(one for one in case_clocks.of_case(store, case.id, now=now) if one.code == "inquiry_answer")


def test_answered_at_once_it_is_closed_and_nobody_need_say_who_he_is(store: Store, made: Inquiries) -> None:
    case = made.ask()
    assert case.no.startswith("ZX") and (case.state, case.name, case.phone) == ("closed", "", "")
    (told,) = feedback.of_case(store, case.id)
    assert (told.about, told.channel, told.text) == ("result", "face", "前台扫码")
    assert inquiry_facts.details(store, case).answer == "前台扫码"
    assert not case_clocks.of_case(store, case.id, now=made.clock())
    assert store.value("SELECT count(*) FROM print_jobs") == 0


def test_the_whole_way_of_a_promise(store: Store, made: Inquiries) -> None:
    case = made.promised(expert="zhaoqiang", print_note=True)
    assert (case.state, case.department, case.owner_id) == ("promised", "maintenance", made.desk.id)
    assert store.value("SELECT kind FROM print_jobs") == "inquiry_note"
    mine = {one.case_no for one in due.due_list(store, owner=made.head.id, by=made.head, now=made.clock())}
    assert mine == {case.no}, "whoever was asked owes it"
    assert {one.case_no for one in due.due_list(store, owner=made.desk.id, by=made.desk, now=made.clock())} == mine
    (entry,) = case_lists.found(
        store, case_filters.Filter(only=case_filters.MINE), by=made.head, now=made.clock()
    ).entries
    assert entry.case.no == case.no and entry.category and entry.category.zh == "物业费用"
    inquiry_steps.advise(store, no=case.no, text="按交付日折算", by=made.head, now=made.clock.forward(minutes=1))
    assert [one.text for one in inquiry_facts.advice(store, case.id)] == ["按交付日折算"]
    assert feedback.of_case(store, case.id) == [], "advice is not what the person was told"
    with pytest.raises(Refused, match="step_not_now"):
        case_care.close(store, no=case.no, **made.also)
    assert made.reply(case).state == "replied"
    kept = clock_of(store, case, made.clock())
    assert kept.stopped_at and not kept.late and not kept.void
    assert case_care.close(store, no=case.no, **made.also).state == "closed"


def test_a_late_answer_is_handed_up_and_stays_late(store: Store, made: Inquiries) -> None:
    case = made.promised(department="maintenance")
    made.clock.forward(days=1, hours=3)
    assert due.escalate_due(store, by=BOX, now=made.clock()) == 1
    assert {one.case_no for one in due.due_list(store, escalated_to=made.head.id, by=made.head, now=made.clock())} == {
        case.no
    }
    made.reply(case)
    assert clock_of(store, case, made.clock()).late


def test_another_time_is_agreed_with_a_reason_and_both_stay(store: Store, made: Inquiries) -> None:
    case = made.promised()
    before = clock_of(store, case, made.clock()).due_at
    form: dict[str, Any] = {"reply_due": "后天 15:00", "reason": "财务明天盘点", "channel": "phone"}
    inquiry_steps.promise_again(store, no=case.no, **form, **made.also)
    assert [one.reason for one in inquiry_facts.promises(store, case.id)] == ["", "财务明天盘点"]
    (told,) = feedback.of_case(store, case.id)
    assert told.about == "progress" and "财务明天盘点" in told.text and "2026-11-25 15:00" in told.text
    now = clock_of(store, case, made.clock())
    assert now.due_at > before and len(now.history) == 2


def test_a_promise_that_was_broken_stays_so_whatever_is_promised_next(store: Store, made: Inquiries) -> None:
    case = made.promised()
    again: dict[str, Any] = {"no": case.no, "reason": "财务还没回", "channel": "phone"}
    # Moved before it came it is no promise broken, nor kept.
    inquiry_steps.promise_again(store, reply_due="明天 11:00", **again, **made.also)
    made.clock.forward(days=1, hours=6)
    inquiry_steps.promise_again(store, reply_due="明天 10:00", **again, **made.also)
    made.reply(case)
    runs = [(one.stage is not None, one.late > 0) for one in case_clocks.of_case(store, case.id, now=made.clock())]
    assert sorted(runs) == [(False, False), (False, True)]
    month = case_flow.month(store, "", now=made.clock())
    values = {"begin": month.begin, "end": month.end, "now": month.end, "department": ""}
    kept = next(one for one in call_figures.inquiries(store, values, by=made.desk) if one.code == "inquiries_kept")
    assert (kept.value, kept.whole) == (1, 2)


def test_what_was_promised_to_somebody_moves_only_by_telling_him(store: Store, made: Inquiries) -> None:
    case = made.promised()
    form = {"clock": "inquiry_answer", "due_at": "2026-11-30T10:00", "reason": "太忙"}
    with pytest.raises(Refused, match="deadline_promised"):
        case_clocks.change(store, no=case.no, **form, by=actor(store, Role.SERVICE_HEAD), now=made.clock())


def test_what_was_answered_at_once_counts_so_though_more_is_asked_later(store: Store, made: Inquiries) -> None:
    case = made.ask(unit="1-1-101", phone="5678")
    made.promised()
    inquiry_steps.ask_again(store, no=case.no, question="那车位费呢", reply_due="明天 10:00", **made.also)
    month = case_flow.month(store, "", now=made.clock())
    values = {"begin": month.begin, "end": month.end, "now": month.end, "department": ""}
    found = next(one for one in call_figures.inquiries(store, values, by=made.desk) if one.code == "inquiries_at_once")
    assert (found.value, found.whole) == (1, 2)


def test_the_department_of_the_category_is_asked_where_nobody_is_named(store: Store, made: Inquiries) -> None:
    assert made.promised(category="parking").department == "security"
    assert made.promised(category="fees").department == "service"
    assert made.promised(category="parking", department="service").department == "service"
    assert made.promised(category="parking", expert="zhouming").department == "management"


def test_asked_further_it_is_promised_anew_and_needs_an_answer_of_its_own(store: Store, made: Inquiries) -> None:
    case = made.promised()
    made.reply(case)
    case_care.close(store, no=case.no, **made.also)
    again = inquiry_steps.ask_again(store, no=case.no, question="车位费呢", reply_due="明天 16:00", **made.also)
    assert (again.state, again.round, again.closed_at) == ("promised", 1, None)
    assert inquiry_facts.details(store, again).answer == "" and not feedback.answered(store, again)
    with pytest.raises(Refused, match="step_not_now"):
        case_care.close(store, no=case.no, **made.also)
    assert made.reply(case, text="另计").state == "replied"
    assert [one.text for one in inquiry_facts.answers(store, case.id)] == ["按天折算", "另计"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"category": "x"}, "category_unknown"),
        ({"question": " "}, "question_missing"),
        ({"way": "never"}, "answer_way_unknown"),
        ({"answer": ""}, "answer_missing"),
        ({"saved": "999"}, "saved_answer_unknown"),
        ({"saved": "x"}, "saved_answer_unknown"),
        ({"way": "promised"}, "name_missing"),
        ({"way": "promised", "unit": "1-1-101", "phone": "5678"}, "reply_time_invalid"),
        ({"way": "promised", "unit": "1-1-101", "phone": "5678", "reply_due": "昨天 9:00"}, "time_past"),
        ({"way": "promised", "unit": "1-1-101", "phone": "5678", "reply_due": "2028-01-01 9:00"}, "deadline_too_far"),
        (
            {"way": "promised", "unit": "1-1-101", "phone": "5678", "reply_due": "明天 9:00", "expert": "zhaogang"},
            "staff_unknown",
        ),
        (
            {"way": "promised", "unit": "1-1-101", "phone": "5678", "reply_due": "明天 9:00", "department": "x"},
            "department_unknown",
        ),
    ],
)
def test_what_is_refused_leaves_the_store_as_it_was(
    store: Store, made: Inquiries, said: dict[str, str], code: str
) -> None:
    before = list(store.connection.iterdump())
    with pytest.raises(Refused, match=code):
        made.ask(**said)
    assert list(store.connection.iterdump()) == before


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda s, no, also: inquiry_steps.reply(s, no=no, text=" ", channel="phone", **also), "answer_missing"),
        (lambda s, no, also: inquiry_steps.reply(s, no=no, text="好", channel="x", **also), "channel_unknown"),
        (lambda s, no, also: inquiry_steps.advise(s, no=no, text="", **also), "advice_missing"),
        (lambda s, no, also: inquiry_steps.consult(s, no=no, **also), "expert_missing"),
        (lambda s, no, also: inquiry_steps.consult(s, no=no, expert="nobody", **also), "staff_unknown"),
        (
            lambda s, no, also: inquiry_steps.promise_again(
                s, no=no, reply_due="明天 9:00", reason="", channel="phone", **also
            ),
            "reason_missing",
        ),
        (
            lambda s, no, also: inquiry_steps.ask_again(s, no=no, question="x", reply_due="明天 9:00", **also),
            "step_not_now",
        ),
    ],
)
def test_a_step_refused_changes_nothing(store: Store, made: Inquiries, act: Any, code: str) -> None:
    case = made.promised()
    before = list(store.connection.iterdump())
    with pytest.raises(Refused, match=code):
        act(store, case.no, made.also)
    assert list(store.connection.iterdump()) == before


def test_without_a_telephone_nobody_is_promised_a_further_answer(store: Store, made: Inquiries) -> None:
    case = made.ask()
    with pytest.raises(Refused, match="phone_missing"):
        inquiry_steps.ask_again(store, no=case.no, question="还有呢", reply_due="明天 9:00", **made.also)


def test_the_same_nonce_gives_the_same_inquiry(store: Store, made: Inquiries) -> None:
    first = made.ask()
    made._made -= 1
    assert made.ask().id == first.id
    made._made -= 1
    with pytest.raises(Refused, match="nonce_reused"):
        made.ask(answer="另一句")


def test_the_store_itself_refuses_an_answer_without_words_and_a_promise_without_a_time(
    store: Store, made: Inquiries
) -> None:
    case = made.promised()
    with pytest.raises(sqlite3.IntegrityError, match="answered without an answer"):
        store.execute("UPDATE cases SET state = 'replied' WHERE id = ?", [case.id])
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        store.execute("UPDATE inquiry_promises SET due_at = 'x' WHERE case_id = ?", [case.id])
    store.execute("UPDATE cases SET state = 'open' WHERE id = ?", [case.id])
    with pytest.raises(sqlite3.IntegrityError, match="promised without a time"):
        store.execute("UPDATE cases SET state = 'promised', round = 5 WHERE id = ?", [case.id])


def test_the_person_reads_where_it_stands_and_never_the_answer(store: Store, made: Inquiries) -> None:
    case = made.promised()

    def view() -> Any:
        found = case_views.progress(store, cases.masked(store, case.id), now=made.clock())
        assert found is not None
        return found

    assert view().sentence.zh == "客户服务部正在核实您的问题" and view().note.zh == "明天 10:00 前答复您"
    (text,) = message_texts.texts(store, cases.whole(store, case.id), now=made.clock())
    assert "11月24日" in text.words.zh and "前答复您" in text.words.zh
    made.clock.forward(days=2)
    assert "久等" in view().note.zh
    made.reply(case, text="只告诉本人的话")
    assert view().sentence.zh == "已答复您" and view().note is None and "只告诉本人" not in str(view())


def test_the_note_is_printed_for_whoever_asks_for_it_later(store: Store, made: Inquiries) -> None:
    case = made.promised()
    assert owner_papers.missing(store, case) == {"inquiry_note"}
    owner_papers.hand_out(store, no=case.no, kind="inquiry_note", **made.also)
    owner_papers.hand_out(store, no=case.no, kind="inquiry_note", **made.also)
    assert store.value("SELECT count(*) FROM print_jobs WHERE kind = 'inquiry_note'") == 1
    facts = store.value("SELECT facts FROM print_jobs")
    assert "2026-11-24 10:00" in facts and "138****5678" in facts and "张建国" not in facts
    with pytest.raises(Refused, match="step_not_now"):
        owner_papers.hand_out(store, no=made.ask().no, kind="inquiry_note", **made.also)


class TestSavedAnswers:
    """Answers worth keeping."""

    def propose(self, store: Store, made: Inquiries, **said: str) -> int:
        form = {"nonce": "p", "category": "fees", "question": "快递柜在哪里", "answer": "东门内右侧", **said}
        return saved_answers.propose(store, **form, **made.also)  # type: ignore[arg-type]

    def found(self, store: Store, text: str) -> list[int]:
        return [one.id for one in saved_answers.search(store, text, by=actor(store, Role.RECEPTIONIST))]

    def check(self, store: Store, saved: int, by: Actor, now: datetime, **said: str) -> None:
        form = {"edition": "1", "category": "other", "question": "快递柜在哪里", "answer": "东门内右侧", **said}
        saved_answers.check(store, saved_id=saved, **form, by=by, now=now)

    def test_nobody_finds_what_no_head_has_checked(self, store: Store, made: Inquiries) -> None:
        case = made.ask()
        saved = self.propose(store, made, from_no=case.no)
        assert saved not in self.found(store, "快递柜") and saved not in self.found(store, "")
        # Nor by its id, which anybody could type.
        with pytest.raises(Refused, match="saved_answer_unknown"):
            made.ask(saved=str(saved))
        (waits,) = saved_answers.proposed(store, by=made.desk)
        assert (waits.id, waits.from_no, waits.proposed_by) == (saved, case.no, "王琳")
        with pytest.raises(Refused, match="not_permitted"):
            self.check(store, saved, made.desk, made.clock())
        head = actor(store, Role.SERVICE_HEAD)
        self.check(store, saved, head, made.clock(), answer="东门内右侧，全天")
        (one,) = saved_answers.search(store, "快递柜", by=made.desk)
        assert (one.id, one.answer, one.checked_by, one.edition) == (saved, "东门内右侧，全天", "陈静", 2)
        with pytest.raises(Refused, match="changed_meanwhile"):
            self.check(store, saved, head, made.clock())
        saved_answers.retire(store, saved_id=saved, by=head, now=made.clock())
        assert self.found(store, "快递柜") == []
        with pytest.raises(Refused, match="saved_answer_unknown"):
            saved_answers.retire(store, saved_id=saved, by=head, now=made.clock())

    def test_it_is_found_by_other_words_for_the_same_and_what_is_used_comes_first(
        self, store: Store, made: Inquiries
    ) -> None:
        first = self.found(store, "请问物业费要怎么交呢")[0]
        assert store.value("SELECT question FROM saved_answers WHERE id = ?", [first]) == "物业费怎么交？可以手机交吗？"
        assert self.found(store, "火星车") == [] and self.found(store, "？！") == [] and self.found(store, "%") == []
        last = self.found(store, "")[-1]
        made.ask(saved=str(last))
        assert self.found(store, "")[0] == last
        assert store.value("SELECT saved_id FROM inquiry_answers") == last

    def test_only_an_inquiry_is_where_one_comes_from(self, store: Store, made: Inquiries) -> None:
        with pytest.raises(Refused, match="case_unknown"):
            self.propose(store, made, from_no="ZX20200101-001")
        for missing, code in (
            ("category", "category_unknown"),
            ("question", "question_missing"),
            ("answer", "answer_missing"),
        ):
            with pytest.raises(Refused, match=code):
                self.propose(store, made, **{missing: ""})


def reply_once(store: Store, gate: Gate, no: str, number: int, now: datetime) -> str:
    """Answer it; the process waits for the others first."""
    gate.wait()
    try:
        inquiry_steps.reply(
            store, no=no, text=f"答复{number}", channel="phone", by=actor(store, Role.RECEPTIONIST), now=now
        )
    except Refused as refused:
        return refused.code
    return "replied"


def test_two_answer_at_once_and_the_person_has_one_answer(home: Path, store: Store, made: Inquiries) -> None:
    case = made.promised()
    answers = race(home, *[(reply_once, case.no, number, made.clock()) for number in range(4)])
    assert sorted(answers) == ["replied", "step_not_now", "step_not_now", "step_not_now"]
    assert len(inquiry_facts.answers(store, case.id)) == len(feedback.of_case(store, case.id)) == 1


def test_a_promise_is_kept_within_the_tolerance_that_the_centre_allows(store: Store, made: Inquiries) -> None:
    case = made.promised()
    agreed = inquiry_facts.details(store, case).promised_at
    waits = clock_of(store, case, made.clock())
    assert datetime.fromisoformat(waits.due_at) - datetime.fromisoformat(agreed) == timedelta(minutes=30)
