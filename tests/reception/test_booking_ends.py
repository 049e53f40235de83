"""After the decisions: fed back by the last telling, nobody without an answer, followed up, opened again, closed."""

import sqlite3

import pytest

from db.store import Store, writing
from reception import (
    booking_ends,
    call_scripts,
    case_care,
    case_clocks,
    case_views,
    cases,
    feedback,
    follow_up_coverage,
    follow_up_desk,
    follow_up_sheet,
    follow_ups,
    resolution_facts,
    supervision_steps,
    supervision_view,
    without_consent,
)
from reception.cases import Case
from reception.permissions import TOKEN_HOLDER, Role
from reception.refusal import Refused
from reception.site import configure
from tests.conftest import Clock, actor
from tests.reception.after_life import AfterLife


@pytest.fixture
def made(store: Store, clock: Clock) -> AfterLife:
    return AfterLife(store, clock)


def now_is(made: AfterLife, case: Case) -> Case:
    return cases.whole(made.store, case.id)


def test_it_is_fed_back_by_the_telling_of_the_last_decision(made: AfterLife, store: Store) -> None:
    case = made.met()
    for _ in range(2):
        made.decide(case)
    made.read_back(case)
    first, second = made.supervisions(case)
    made.finish(first)
    made.finish(second)
    made.tell(first)
    assert now_is(made, case).state == "supervised"
    assert resolution_facts.untold(store, case.id) == 1
    made.tell(second)
    assert now_is(made, case).state == "fed_back"
    assert [one.about for one in feedback.of_case(store, case.id)] == ["result", "result"]


def test_a_decision_added_meanwhile_is_awaited_too(made: AfterLife) -> None:
    case = made.supervised()
    (first,) = made.supervisions(case)
    made.finish(first)
    made.add(case)
    made.tell(first)
    assert now_is(made, case).state == "supervised"
    second = made.supervisions(case)[1]
    made.finish(second)
    made.tell(second)
    assert now_is(made, case).state == "fed_back"


def test_what_is_taken_back_is_told_in_the_same_act(made: AfterLife, store: Store) -> None:
    case = made.supervised()
    (no,) = made.supervisions(case)
    for said, code in (
        ({}, "channel_unknown"),
        ({"channel": "phone", "text": " "}, "feedback_text_missing"),
        ({"channel": "dove", "text": "不再"}, "channel_unknown"),
    ):
        with pytest.raises(Refused, match=code):
            supervision_steps.withdraw(store, no=no, reason="重复", **said, by=made.head, now=made.now)
    with pytest.raises(sqlite3.IntegrityError, match="withdrawn before"), writing(store):
        store.execute("UPDATE supervisions SET state = 'withdrawn', reason = 'x', closed_at = opened_at")
    supervision_steps.withdraw(
        store, no=no, reason="重复", channel="phone", text="与另一项合并办理", by=made.head, now=made.now
    )
    assert now_is(made, case).state == "fed_back"
    assert feedback.of_case(store, case.id)[-1].text == "与另一项合并办理"


def test_a_matter_of_its_own_is_withdrawn_as_before(made: AfterLife, store: Store) -> None:
    from reception import supervisions

    one = supervisions.open_(
        store, nonce="own", matter="门禁", opinion="换", department="maintenance", due_on="2026-12-18",
        by=made.head, now=made.now,
    )  # fmt: skip
    assert supervision_steps.withdraw(store, no=one.no, reason="不再需要", by=made.head, now=made.now)


def test_the_store_itself_refuses_fed_back_before_every_decision_was_told(made: AfterLife, store: Store) -> None:
    case = made.supervised()
    for state in ("fed_back", "followed_up", "closed"):
        with pytest.raises(sqlite3.IntegrityError, match="fed back before"), writing(store):
            cases.move(store, now_is(made, case), state, "test", by=made.head, at=made.now)


def test_it_is_followed_up_by_somebody_else_and_filed(made: AfterLife, store: Store) -> None:
    case = made.fed_back()
    assert [one.case.no for one in follow_up_desk.calls(store, by=made.desk, now=made.now)] == [case.no]
    assert follow_up_sheet.lines(store, by=made.desk, now=made.now)[0].content == "地下车库车位"
    assert any(one.code == "follow_up" for one in case_clocks.of_case(store, case.id, now=made.now))
    # Whoever answers for the decision does not ask how it was done.
    with writing(store):
        store.execute("UPDATE cases SET department = 'maintenance' WHERE id = ?", [case.id])
    with pytest.raises(Refused, match="follow_up_own"):
        follow_ups.record(store, no=case.no, method="phone", reached="1", score="5", by=made.maintenance, now=made.now)
    with pytest.raises(Refused, match="follow_up_missing"):
        case_care.close(store, no=case.no, by=made.desk, now=made.now)
    said = {one.step: one for one in call_scripts.of_case(store, case, by=made.desk)}
    assert "道闸已修好，请放心" in said["reply"].sentences[0].zh and case.no in said["about"].sentences[0].zh
    follow_ups.record(store, no=case.no, method="phone", reached="1", score="5", by=made.desk, now=made.now)
    assert now_is(made, case).state == "followed_up"
    assert case_care.close(store, no=case.no, by=made.desk, now=made.now).state == "closed"
    covered = {one.kind: one for one in follow_up_coverage.of_month(store, by=made.head, now=made.now)[1]}
    assert covered["visit-day"].rule == 100


def test_the_share_is_a_setting(made: AfterLife, store: Store) -> None:
    case = made.fed_back()
    configure(store, visit_day_follow_up_percent=0)
    assert not follow_ups.due(store, case)
    assert case_care.close(store, no=case.no, by=made.desk, now=made.now).state == "closed"


@pytest.mark.parametrize("way", ["call", "own", "desk"])
def test_who_is_not_content_gets_a_new_decision(made: AfterLife, store: Store, way: str) -> None:
    case = made.fed_back()
    if way == "call":
        follow_ups.record(store, no=case.no, method="phone", reached="1", score="2", by=made.desk, now=made.now)
    elif way == "own":
        follow_ups.answer(store, token=case.token, score="1", by=TOKEN_HOLDER, now=made.now)
    else:
        with pytest.raises(Refused, match="reason_missing"):
            booking_ends.open_again(store, no=case.no, reason="", by=made.desk, now=made.now)
        booking_ends.open_again(store, no=case.no, reason="又坏了", by=made.desk, now=made.now)
    again = now_is(made, case)
    assert (again.state, again.round) == ("reopened", 1)
    assert way == "desk" or again.owner_id == made.head.id
    # The desk alone does not decide where there is no talk.
    with pytest.raises(Refused, match="not_the_host"):
        made.decide(again)
    with pytest.raises(Refused, match="decision_missing"):
        made.read_back(again)
    made.decide(again, by=made.head, opinion="整体更换道闸")
    assert made.read_back(again, "absent").state == "supervised"
    watched = resolution_facts.of_case(store, case.id)[-1].supervision
    assert watched is not None and watched.decided_by == made.head.id
    assert store.value("SELECT part FROM print_jobs WHERE kind = 'decision_slip' ORDER BY id DESC") == "1.1"
    made.finish(watched.no)
    made.tell(watched.no)
    assert now_is(made, case).state == "fed_back"


def test_a_manager_closes_without_consent_only_what_was_told(made: AfterLife, store: Store) -> None:
    case = made.fed_back()
    booking_ends.open_again(store, no=case.no, reason="不满意", by=made.desk, now=made.now)
    with pytest.raises(Refused, match="feedback_missing"):
        without_consent.close(store, no=case.no, reason="无法再办", by=made.manager, now=made.now)
    made.decide(case, by=made.head)
    with pytest.raises(Refused, match="decision_untold"):
        without_consent.close(store, no=case.no, reason="无法再办", by=made.manager, now=made.now)
    made.read_back(case)
    no = made.supervisions(case)[-1]
    made.finish(no)
    made.tell(no)
    assert without_consent.close(store, no=case.no, reason="已尽责", by=made.manager, now=made.now).state == "closed"
    said = case_views.progress(store, cases.masked(store, case.id), now=made.now)
    assert said is not None and "您未表示同意" in said.sentence.zh


def test_the_owner_reads_how_far_each_decision_is(made: AfterLife, store: Store) -> None:
    case = made.met()
    made.decide(case, due_on="2026-12-04")
    made.decide(case, department="security", opinion="加派巡逻")
    made.read_back(case)
    first, second = made.supervisions(case)
    lines = supervision_view.of_case(store, case.id, now=made.now)
    assert [(one.decision, one.state, one.verdict) for one in lines] == [
        ("加派巡逻", "open", ""), ("一周内修好道闸", "open", ""),
    ]  # fmt: skip
    assert "秩序维护部" in lines[0].words.zh and "12月18日" in lines[0].words.zh
    made.finish(second)
    made.tell(second)
    made.clock.forward(days=30)
    lines = supervision_view.of_case(store, case.id, now=made.now)
    assert [(one.state, one.verdict) for one in lines] == [("closed", "kept"), ("overdue", "late")]
    made.finish(first)
    made.tell(first)
    lines = supervision_view.of_case(store, case.id, now=made.now)
    assert [one.verdict for one in lines] == ["kept", "late"]
    assert lines[1].promise.zh == "工程维修部 12月4日（周五）前"


def test_nobody_else_reopens(made: AfterLife, store: Store) -> None:
    case = made.fed_back()
    with pytest.raises(Refused, match="not_permitted"):
        booking_ends.open_again(store, no=case.no, reason="x", by=actor(store, Role.WORKER), now=made.now)
    fresh = made.met()
    with pytest.raises(Refused, match="step_not_now"):
        booking_ends.open_again(store, no=fresh.no, reason="x", by=made.desk, now=made.now)
