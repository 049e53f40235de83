"""Suggestions, with a contact and without; and calls, whatever they became, seen by whoever may see their case."""

import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from db.store import Store
from reception import (
    call_figures,
    case_care,
    case_flow,
    case_views,
    cases,
    feedback,
    message_texts,
    phone_calls,
    suggestion_facts,
    suggestions,
)
from reception.cases import Case
from reception.permissions import Role
from reception.refusal import Refused
from reception.rules import clock as clocks
from reception.site import site
from tests.conftest import Clock, actor


class Desk:
    """The receptionist, each act a minute after the one before."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock, self._made = store, clock, 0
        self.by = actor(store, Role.RECEPTIONIST)

    @property
    def also(self) -> dict[str, Any]:
        """By whom and when."""
        return {"by": self.by, "now": self.clock.forward(minutes=1)}

    def suggest(self, nonce: str = "", now: datetime | None = None, **said: str) -> Case:
        """Receive a suggestion of nobody in particular."""
        self._made += 1
        form: dict[str, Any] = {"topic": "greenery", "text": "中庭多种些树", **said}
        return suggestions.register(
            self.store, nonce=nonce or f"s{self._made}", **form, **self.also | ({"now": now} if now else {})
        )

    def answered(self, **said: Any) -> Case:
        """Walk one to its answer."""
        case = self.suggest(**{name: said.pop(name) for name in ("unit", "phone") if name in said})
        suggestions.forward(self.store, no=case.no, department="cleaning", **self.also)
        return suggestions.answer(self.store, no=case.no, text="明年春天补种十棵", **said, **self.also)

    def call(self, nonce: str = "c", **said: Any) -> Case | None:
        """Note a call."""
        return phone_calls.note(self.store, nonce=nonce, **said, **self.also)


@pytest.fixture
def desk(store: Store, clock: Clock) -> Desk:
    return Desk(store, clock)


def test_without_a_contact_the_answer_goes_to_the_board_and_is_written_down_as_that(store: Store, desk: Desk) -> None:
    case = desk.answered()
    assert case.no.startswith("JY") and (case.state, case.department) == ("answered", "cleaning")
    (told,) = feedback.of_case(store, case.id)
    assert (told.about, told.channel, told.receiver) == ("result", "paper", "公告栏")
    assert suggestions.for_board(store, no=case.no, by=desk.by)[1].answer == "明年春天补种十棵"
    view = case_views.progress(store, case, now=desk.clock())
    assert view is not None and view.note is not None and "公告栏" in view.note.zh
    assert case_care.close(store, no=case.no, **desk.also).state == "closed"


def test_with_a_telephone_the_person_is_told(store: Store, desk: Desk) -> None:
    case = desk.suggest(unit="1-1-101", phone="5678")
    assert [text.step for text in message_texts.texts(store, case, now=desk.clock())] == ["received"]
    assert message_texts.texts(store, desk.suggest(), now=desk.clock()) == [], "nobody can be sent anything"
    suggestions.forward(store, no=case.no, department="cleaning", **desk.also)
    with pytest.raises(Refused, match="channel_unknown"):
        suggestions.answer(store, no=case.no, text="好", **desk.also)
    suggestions.answer(store, no=case.no, text="已列入计划", channel="phone", **desk.also)
    assert [(one.channel, one.receiver) for one in feedback.of_case(store, case.id)] == [("phone", "")]
    with pytest.raises(Refused, match="step_not_now"):
        suggestions.for_board(store, no=case.no, by=desk.by)
    both = desk.answered(unit="1-1-101", phone="5678", channel="phone", board=True)
    assert suggestions.for_board(store, no=both.no, by=desk.by)[0].no == both.no


def test_what_is_refused_of_a_suggestion_leaves_the_store_as_it_was(store: Store, desk: Desk) -> None:
    case = desk.suggest()
    before = list(store.connection.iterdump())
    acts: dict[str, Callable[[], object]] = {
        "topic_unknown": lambda: desk.suggest(topic="x"),
        "suggestion_missing": lambda: desk.suggest(text=" "),
        "phone_invalid": lambda: desk.suggest(phone="12"),
        "department_unknown": lambda: suggestions.forward(store, no=case.no, department="x", **desk.also),
        # Whoever decides answers, not the desk for itself.
        "step_not_now": lambda: suggestions.answer(store, no=case.no, text="好", **desk.also),
    }
    for code, act in acts.items():
        with pytest.raises(Refused, match=code):
            act()
    assert list(store.connection.iterdump()) == before
    suggestions.forward(store, no=case.no, department="cleaning", **desk.also)
    with pytest.raises(Refused, match="answer_missing"):
        suggestions.answer(store, no=case.no, text="", **desk.also)


def test_the_store_itself_refuses_a_suggestion_answered_without_words_or_twice(store: Store, desk: Desk) -> None:
    case = desk.suggest()
    with pytest.raises(sqlite3.IntegrityError, match="answered without an answer"):
        store.execute("UPDATE cases SET state = 'answered' WHERE id = ?", [case.id])
    answered = desk.answered()
    with pytest.raises(sqlite3.IntegrityError, match="answered once"):
        store.execute("UPDATE suggestions SET answer = '另' WHERE case_id = ?", [answered.id])


def test_a_call_and_its_case_are_one_act(store: Store, desk: Desk) -> None:
    said = {"text": "多种树"}

    def make(nonce: str, at: datetime) -> Case:
        return desk.suggest(nonce=nonce, now=at, text="多种树", unit="1-1-101", phone="5678")

    case = desk.call(case=make, said=said, transfer_to="环境保洁部", rings="2")
    assert case is not None and phone_calls.of_case(store, case.id) == ("环境保洁部", 2)
    again = desk.call(case=make, said=said, transfer_to="环境保洁部", rings="2")
    assert again is not None and again.id == case.id and store.value("SELECT count(*) FROM phone_calls") == 1
    before = list(store.connection.iterdump())
    with pytest.raises(Refused, match="nonce_reused"):
        desk.call(case=make, said={"text": "别的"}, rings="2")
    # A case that is refused leaves no call, and a call that is refused no case.
    bad: dict[str, dict[str, Any]] = {
        "suggestion_missing": {"case": lambda nonce, at: desk.suggest(nonce=nonce, now=at, text=""), "said": {}},
        "rings_invalid": {"case": make, "said": {}, "rings": "31"},
    }
    for code, form in bad.items():
        with pytest.raises(Refused, match=code):
            desk.call("d", **form)
    assert list(store.connection.iterdump()) == before


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"outcome": ""}, "outcome_unknown"),
        ({"outcome": "transferred"}, "transfer_missing"),
        ({"outcome": "wrong_number", "phone": "12"}, "phone_invalid"),
        ({"outcome": "wrong_number", "rings": "0"}, "rings_invalid"),
        ({"outcome": "wrong_number", "rings": "二"}, "rings_invalid"),
        ({"outcome": "wrong_number", "note": "x" * 600}, "text_too_long"),
    ],
)
def test_a_call_without_a_case_says_what_became_of_it(
    store: Store, desk: Desk, form: dict[str, str], code: str
) -> None:
    with pytest.raises(Refused, match=code):
        desk.call(**form)
    assert store.value("SELECT count(*) FROM phone_calls") == 0


def test_the_list_of_calls_is_masked_and_keeps_to_the_reader_s_reach(store: Store, desk: Desk) -> None:
    desk.call("a", outcome="transferred", transfer_to="财务", phone="13900001111", rings="5")
    open_, sealed = (
        desk.call(
            nonce, case=lambda one, at: desk.suggest(nonce=one, now=at, unit="1-1-101", phone="5678"), said={"n": nonce}
        )
        for nonce in ("b", "c")
    )
    assert open_ is not None and sealed is not None
    store.execute("UPDATE cases SET sealed = 1 WHERE id = ?", [sealed.id])
    today = clocks.local_day(desk.clock(), site(store).zone)

    def seen(role: Role) -> list[tuple[str, str]]:
        return [(one.case_no, one.phone) for one in phone_calls.of_day(store, today, by=actor(store, role))]

    assert seen(Role.RECEPTIONIST) == [(open_.no, "13800005678"), ("", "13900001111")]
    assert seen(Role.ASSISTANT) == [(open_.no, "138****5678"), ("", "139****1111")]
    assert [no for no, _ in seen(Role.SERVICE_HEAD)] == [sealed.no, open_.no, ""]
    assert seen(Role.DEPARTMENT_HEAD) == [("", "139****1111")], "a case of another department is not his"
    with pytest.raises(Refused, match="not_permitted"):
        seen(Role.WORKER)
    rows = phone_calls.rows(store, phone_calls.of_day(store, today, by=actor(store, Role.ASSISTANT)))
    assert [set(row) for row in rows] == [{name for name, _ in phone_calls.columns()}] * 2


def test_only_those_whose_rings_were_counted_count(store: Store, desk: Desk) -> None:
    for number, rings in enumerate(("1", "3", "4", "")):
        desk.call(f"r{number}", outcome="information", rings=rings)
    month = case_flow.month(store, "", now=desk.clock())
    values = {"begin": month.begin, "end": month.end, "department": "", "now": clocks.to_text(desk.clock())}
    found = {one.code: one for one in call_figures.calls(store, values, by=actor(store, Role.MANAGER))}
    assert (found["calls"].value, found["calls_in_time"].shown.zh) == (4, "66.7% (2/3)")
    asked = call_figures.inquiries(store, values, by=actor(store, Role.MANAGER))
    assert [one.shown.zh for one in asked] == ["—", "—"]


def test_a_suggestion_has_no_paper(store: Store, desk: Desk) -> None:
    case = cases.whole(store, desk.suggest().id)
    with pytest.raises(Refused, match="step_not_now"):
        suggestions.rebuild(store, case, "complaint_receipt", "")
    assert suggestion_facts.details(store, case).topic == "greenery"
