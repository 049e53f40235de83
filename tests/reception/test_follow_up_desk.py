"""The follow-up desk: who is called, by one only, what a call comes to, what is said, how much is covered."""

from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest

from db.store import Store
from reception import (
    call_scripts,
    cases,
    clock_care,
    events,
    follow_up_claims,
    follow_up_coverage,
    follow_up_desk,
    follow_ups,
    survey_words,
)
from reception.follow_up_coverage import Coverage
from reception.permissions import TOKEN_HOLDER, Actor, Role
from reception.refusal import Refused
from reception.site import configure
from tests.conftest import Clock, actor
from tests.reception.life import Life
from tests.reception.test_complaints import Complaints
from tests.reception.test_races import Gate, race

CALLERS = (Role.RECEPTIONIST, Role.ASSISTANT, Role.SERVICE_HEAD, Role.MANAGER)


@pytest.fixture
def life(store: Store, clock: Clock) -> Life:
    return Life(store, clock)


def standing(store: Store, by: Actor, now: datetime) -> dict[str, str]:
    """Return how each call stands for somebody."""
    return {one.case.no: one.standing for one in follow_up_desk.calls(store, by=by, now=now)}


def test_a_call_is_one_caller_s_until_he_lets_go_or_forgets_it(store: Store, life: Life, clock: Clock) -> None:
    no = life.signed().case_no
    assert standing(store, life.desk, life.now) == {no: "now"}
    taken = follow_up_desk.take(store, no=no, by=life.desk, now=life.now)
    assert taken.whole and taken.phone == "13800005678"
    assert events.history(store, "case", taken.id)[-1]["what"] == "take_call"
    assert standing(store, life.desk, life.now) == {no: "mine"}
    assert standing(store, life.assistant, life.now) == {no: "taken"}
    [seen] = follow_up_desk.calls(store, by=life.assistant, now=life.now)
    assert (seen.caller, seen.case.phone, seen.case.name) == ("王琳", "138****5678", "张**")
    with pytest.raises(Refused, match="call_taken"):
        follow_up_desk.take(store, no=no, by=life.assistant, now=life.now)
    with pytest.raises(Refused, match="call_taken"):
        follow_ups.record(store, no=no, method="phone", reached="0", by=life.assistant, now=life.now)
    with pytest.raises(Refused, match="call_not_held"):
        follow_up_desk.card(store, no=no, by=life.assistant, now=life.now)
    # Opened again it is no second look.
    follow_up_desk.take(store, no=no, by=life.desk, now=life.now)
    assert sum(event["what"] == "take_call" for event in events.history(store, "case", taken.id)) == 1
    clock.forward(minutes=16)
    with pytest.raises(Refused, match="call_not_held"):
        follow_up_desk.card(store, no=no, by=life.desk, now=life.now)
    follow_up_desk.take(store, no=no, by=life.assistant, now=life.now)
    follow_up_desk.let_go(store, no=no, by=life.assistant, now=life.now)
    assert standing(store, life.desk, life.now) == {no: "now"}


def take_once(store: Store, gate: Gate, no: str, number: int, now: datetime, guarded: bool) -> str:
    """Take a call, once; return what became of it."""
    if not guarded:
        bare = follow_up_claims.TAKE.partition(" WHERE")[0]
        assert bare != follow_up_claims.TAKE
        mock.patch("reception.follow_up_claims.TAKE", bare).start()
    try:
        follow_up_desk.take(store, no=no, by=actor(store, CALLERS[number]), now=now)
    except Refused as refused:
        return refused.code
    return "taken"


@pytest.mark.parametrize("guarded", [True, False])
def test_two_never_call_the_same_person(home: Path, store: Store, life: Life, clock: Clock, guarded: bool) -> None:
    no = life.signed().case_no
    answers = race(home, *[(take_once, no, number, clock(), guarded) for number in range(len(CALLERS))])
    if guarded:
        assert sorted(answers) == ["call_taken"] * 3 + ["taken"]
    else:
        assert answers.count("taken") > 1, "the condition is what keeps them apart"


def test_whoever_did_it_or_looked_into_it_does_not_call(store: Store, clock: Clock) -> None:
    made = Complaints(store, clock)
    case = made.replied()
    assert standing(store, made.head, clock()) == {case.no: "own"}
    with pytest.raises(Refused, match="follow_up_own"):
        follow_up_desk.take(store, no=case.no, by=made.head, now=clock.forward(minutes=1))
    assert standing(store, made.desk, clock()) == {case.no: "now"}


def test_called_later_as_agreed_is_no_try_in_vain(store: Store, life: Life, clock: Clock) -> None:
    order = life.signed()
    said = {"no": order.case_no, "method": "phone", "reached": "", "by": life.desk}
    for typed, code in (("", "call_time_invalid"), ("9:00", "time_past"), ("2027-06-01 9:00", "deadline_too_far")):
        with pytest.raises(Refused, match=code):
            follow_ups.record(store, **said, outcome="later", again_at=typed, now=life.now)  # type: ignore[arg-type]
    for _ in range(4):
        clock.forward(hours=3)
        follow_ups.record(store, **said, outcome="later", again_at="明天 15:30", now=life.now)  # type: ignore[arg-type]
    assert life.state(order) == "signed"
    [call] = follow_up_desk.calls(store, by=life.assistant, now=life.now)
    assert (call.standing, call.agreed, call.counted, call.tries) == ("wait", True, 0, 4)
    clock.forward(days=1)
    assert standing(store, life.assistant, life.now) == {order.case_no: "now"}


def test_tries_in_vain_count_only_apart_and_three_end_it(store: Store, life: Life, clock: Clock) -> None:
    order = life.signed()
    for _ in range(3):
        follow_ups.record(store, no=order.case_no, method="phone", reached="0", by=life.desk, now=life.now)
    [call] = follow_up_desk.calls(store, by=life.desk, now=life.now)
    assert (call.standing, call.counted, call.tries) == ("wait", 1, 3)
    for _ in range(2):
        clock.forward(hours=2, minutes=1)
        assert standing(store, life.desk, life.now) == {order.case_no: "now"}
        follow_ups.record(store, no=order.case_no, method="phone", reached="0", by=life.desk, now=life.now)
    assert life.state(order) == "followed_up" and follow_up_desk.calls(store, by=life.desk, now=life.now) == []
    figures = shown(covered(store, life.desk, life.now)["repair"])
    assert (figures["repair_unreachable"], figures["repair_done"]) == ("1", "0")


def test_a_wrong_number_asks_for_another_way_or_another_number(store: Store, life: Life, clock: Clock) -> None:
    order = life.signed()
    no = order.case_no
    said = {"no": no, "method": "phone", "reached": "", "by": life.desk}
    follow_ups.record(store, **said, outcome="wrong_number", now=life.now)  # type: ignore[arg-type]
    assert standing(store, life.desk, life.now) == {no: "another_way"}
    with pytest.raises(Refused, match="number_wrong"):
        follow_ups.record(store, no=no, method="phone", reached="0", by=life.desk, now=life.now)
    with pytest.raises(Refused, match="call_not_held"):
        follow_up_desk.correct_phone(store, no=no, phone="13900001111", by=life.desk, now=life.now)
    follow_up_desk.take(store, no=no, by=life.desk, now=life.now)
    for typed, code in (("", "phone_missing"), ("12", "phone_invalid")):
        with pytest.raises(Refused, match=code):
            follow_up_desk.correct_phone(store, no=no, phone=typed, by=life.desk, now=life.now)
    assert follow_up_desk.correct_phone(store, no=no, phone="13900001111", by=life.desk, now=life.now).phone[-1] == "1"
    clock.forward(hours=2, minutes=1)
    follow_ups.record(store, no=no, method="phone", reached="1", score="5", by=life.desk, now=life.now)
    assert life.state(order) == "followed_up"


def test_a_number_put_right_after_the_clock_was_is_right(store: Store, life: Life, clock: Clock) -> None:
    no = life.signed().case_no
    right = clock()
    clock.at = right + timedelta(days=30)
    follow_ups.record(store, no=no, method="phone", reached="", outcome="wrong_number", by=life.desk, now=life.now)
    clock.at = right + timedelta(minutes=5)
    clock_care.correct(store, by=actor(store, Role.MANAGER), now=clock())
    follow_up_desk.take(store, no=no, by=life.desk, now=life.now)
    follow_up_desk.correct_phone(store, no=no, phone="13900001111", by=life.desk, now=life.now)
    follow_ups.record(store, no=no, method="phone", reached="1", score="5", by=life.desk, now=life.now)


def test_tries_of_a_clock_that_ran_ahead_keep_nobody_from_the_end(store: Store, life: Life, clock: Clock) -> None:
    order = life.signed()
    tried = {"no": order.case_no, "method": "phone", "reached": "", "by": life.desk}
    right = clock()
    clock.at = right + timedelta(days=30)
    follow_ups.record(store, **tried, now=life.now)  # type: ignore[arg-type]
    clock.at = right + timedelta(minutes=5)
    clock_care.correct(store, by=actor(store, Role.MANAGER), now=clock())
    for _ in range(2):
        follow_ups.record(store, **tried, now=clock.forward(hours=3))  # type: ignore[arg-type]
    assert life.state(order) == "followed_up"


def test_who_would_not_answer_was_asked_all_the_same(store: Store, life: Life) -> None:
    order = life.signed()
    said = {"no": order.case_no, "method": "phone", "reached": "", "by": life.desk}
    with pytest.raises(Refused, match="outcome_unknown"):
        follow_ups.record(store, **said, outcome="sang", now=life.now)  # type: ignore[arg-type]
    follow_ups.record(store, **said, outcome="refused", score="5", now=life.now)  # type: ignore[arg-type]
    assert life.state(order) == "followed_up"
    [attempt] = follow_ups.of_case(store, order.case_id)
    assert (attempt.reached, attempt.outcome, attempt.score) == (True, "refused", None)
    figures = shown(covered(store, life.desk, life.now)["repair"])
    assert figures["repair_done"] == figures["repair_refused"] == figures["repair_unanswered"] == "1"


def test_the_list_and_the_panel_keep_to_reach_share_and_seal(store: Store, life: Life, clock: Clock) -> None:
    orders = [life.signed() for _ in range(4)]
    configure(store, repair_follow_up_percent=0)
    assert follow_up_desk.calls(store, by=life.desk, now=life.now) == []
    configure(store, repair_follow_up_percent=100)
    complaint = Complaints(store, clock).replied(severity="serious")
    store.execute("UPDATE cases SET department = 'security' WHERE id = ?", [orders[0].case_id])
    leader = actor(store, Role.TEAM_LEADER)
    assert set(standing(store, leader, life.now)) == {*(one.case_no for one in orders[1:]), complaint.no}
    store.execute("UPDATE cases SET sealed = 1 WHERE id = ?", [complaint.id])
    assert complaint.no not in standing(store, life.desk, life.now)
    assert complaint.no in standing(store, life.head, life.now)
    assert shown(covered(store, life.desk, life.now)["complaint"])["complaint_due"] == "0"
    assert shown(covered(store, life.head, life.now)["complaint"])["complaint_due"] == "1"
    with pytest.raises(Refused, match="case_unknown"):
        follow_up_desk.take(store, no=complaint.no, by=life.desk, now=life.now)


def covered(store: Store, by: Actor, now: datetime) -> dict[str, Coverage]:
    """Return the coverage of the month in which deadlines of today lie."""
    _, found = follow_up_coverage.of_month(store, by=by, now=now)
    return {one.kind: one for one in found}


def shown(one: Coverage) -> dict[str, str]:
    """Return the figures as readers see them."""
    return {figure.code: figure.shown.en for figure in one.figures}


def test_coverage_and_satisfaction_by_their_definitions(store: Store, life: Life, clock: Clock) -> None:
    configure(store, follow_up_days=1)
    scores = ["5", "4", "3", "5", "4"]
    orders = [life.signed() for _ in range(8)]
    for order, score in zip(orders, scores, strict=False):
        follow_ups.record(store, no=order.case_no, method="phone", reached="1", score=score, by=life.desk, now=life.now)
    nothing = covered(store, life.desk, life.now)["complaint"]
    assert nothing.kept is None and shown(nothing)["complaint_coverage"] == "—"
    one = covered(store, life.desk, life.now)["repair"]
    # Those whose time is still to come are not judged yet.
    assert shown(one) | {"repair_due": "8", "repair_done": "5", "repair_open": "3", "repair_late": "0"} == shown(one)
    assert shown(one)["repair_coverage"] == "100.0% (5/5)" and one.kept
    assert shown(one)["repair_satisfied"] == "80.0% (4/5)" and not any(n for _, n in one.points)
    clock.forward(days=2)
    late = covered(store, life.desk, life.now)["repair"]
    assert shown(late)["repair_late"] == "3" and shown(late)["repair_coverage"] == "62.5% (5/8)" and not late.kept
    # By a rule of less it would be kept; the share alone says who is due.
    configure(store, repair_follow_up_percent=30)
    assert covered(store, life.desk, life.now)["repair"].kept
    # The person's own bad word opens it again: it is no call missed, and his points still count.
    configure(store, repair_follow_up_percent=100)
    token = store.value("SELECT token FROM cases WHERE id = ?", [orders[7].case_id])
    follow_ups.answer(store, token=token, score="1", by=TOKEN_HOLDER, now=life.now)
    after = shown(covered(store, life.desk, life.now)["repair"])
    assert after["repair_coverage"] == "71.4% (5/7)" and after["repair_satisfied"] == "66.7% (4/6)"


def test_few_answers_tell_of_no_one(store: Store, life: Life) -> None:
    for score in ("1", "5", "5", "5"):
        no = life.signed().case_no
        follow_ups.record(store, no=no, method="phone", reached="1", score=score, by=life.desk, now=life.now)
    one = covered(store, life.desk, life.now)["repair"]
    assert one.points == () and shown(one)["repair_satisfied"] == "—"
    assert not any("不满意" in str(row) for row in follow_up_coverage.rows([one]))


def test_scores_are_hidden_so_that_the_rate_beside_them_tells_none() -> None:
    assert follow_up_coverage._points([5] * 9 + [4] * 6 + [2]) == ((5, 9), (4, 6), (3, None), (2, None), (1, None))
    assert follow_up_coverage._points([5] * 9 + [4]) == ((5, None), (4, None), (3, 0), (2, 0), (1, 0))


def test_the_script_asks_what_is_on_record_and_reads_the_reply(store: Store, life: Life, clock: Clock) -> None:
    configure(store, phone="010-6200-8600")
    order = life.signed()
    case = cases.whole(store, order.case_id)
    said = {part.step: part for part in call_scripts.of_case(store, case, by=life.desk)}
    assert list(said) == ["greeting", "about", "signature", "question", "dissatisfied", "closing"]
    assert said["greeting"].sentences[0].zh.startswith("您好，这里是锦绣家园 物业服务中心，我是王琳。")
    assert "of Jinxiu Garden" in said["greeting"].sentences[0].en and order.case_no in said["about"].sentences[0].zh
    assert said["signature"].note and said["signature"].note.zh == "工作单签字，王琳 经手"
    assert "010-6200-8600" in said["closing"].sentences[0].zh
    complaint = Complaints(store, clock).replied()
    said = {part.step: part for part in call_scripts.of_case(store, complaint, by=life.desk)}
    assert "已约谈施工方，22点后停工" in said["reply"].sentences[0].zh and "signature" not in said
    # The centre's own list: what is not in use is not said.
    store.execute("UPDATE call_lines SET active = 0 WHERE step = 'greeting'")
    assert "greeting" not in [part.step for part in call_scripts.of_case(store, complaint, by=life.desk)]


def test_what_people_write_is_read_by_somebody_once(store: Store, life: Life) -> None:
    orders = [life.signed(), life.signed()]
    for order, words in zip(orders, ("师傅很好", ""), strict=True):
        token = store.value("SELECT token FROM cases WHERE id = ?", [order.case_id])
        follow_ups.answer(store, token=token, score="5", comment=words, by=TOKEN_HOLDER, now=life.now)
    [written] = survey_words.unread(store, by=life.desk)
    assert (written.comment, written.case_no) == ("师傅很好", orders[0].case_no)
    survey_words.mark_read(store, answer_id=written.id, by=life.desk, now=life.now)
    assert survey_words.unread(store, by=life.desk) == []
    with pytest.raises(Refused, match="answer_gone"):
        survey_words.mark_read(store, answer_id=written.id, by=life.desk, now=life.now)


def test_the_oldest_due_comes_first(store: Store, life: Life, clock: Clock) -> None:
    first = life.signed().case_no
    clock.forward(hours=5)
    complaint = Complaints(store, clock).replied()
    clock.forward(hours=5)
    last = life.signed().case_no
    assert list(standing(store, life.desk, life.now)) == [first, complaint.no, last]
    later = clock() + timedelta(days=3, hours=-7)
    assert [one.late for one in follow_up_desk.calls(store, by=life.desk, now=later)] == [True, False, False]
