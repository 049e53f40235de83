"""The way of an inquiry (domain.md FLW-06): answered, or promised, somebody who knows asked, replied to.

Whoever took it in answers for it to the end (首问负责): consulting moves it to the department that knows, and moves no
ownership. Who is unknown to know is asked upward: heads and manager are among those who may be consulted.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from db.store import Store, writing
from reception import case_steps, cases, events, feedback, inquiry_facts, saved_answers
from reception.cases import Case
from reception.permissions import HEADS, Actor, Role, permit
from reception.refusal import Refused
from reception.rules import clock, local_times
from reception.rules.inquiry_states import LIFE, allowed
from reception.site import site

# Who may be consulted; a worker is asked through his leader.
EXPERTS = frozenset({*HEADS, Role.RECEPTIONIST, Role.ASSISTANT})
# A promise further away than this is a slip of the finger.
FURTHEST = timedelta(days=60)


def settle(store: Store, case: Case, answer: str, *, saved: str, channel: str, by: Actor, at: datetime) -> None:
    """Answer an inquiry at once inside the act that opens it, which closes it: the person has heard (K3, 10).

    Refuses `answer_missing`, `saved_answer_unknown`, and what `feedback.give` refuses.
    """
    _answer(store, case, answer, saved=saved, channel=channel, by=by, at=at)
    cases.move(store, case, "answered", "answer_inquiry", by=by, at=at)
    cases.move(store, cases.whole(store, case.id), "closed", "close", by=by, at=at)


def promise_first(
    store: Store, case: Case, *, reply_due: str, department: str, expert: str, by: Actor, at: datetime
) -> None:
    """Promise an answer inside the act that opens an inquiry (again), and consult whoever is named.

    Refuses `reply_time_invalid`, `time_past`, `deadline_too_far`, `staff_unknown`, `department_unknown`.
    """
    due = _agreed(store, reply_due, at)
    _promise(store, case, due, "", by=by, at=at)
    if department or expert:
        promised = cases.whole(store, case.id)
        also = _consult(store, promised, department, expert, "", by=by, at=at)
        cases.move(store, promised, "promised", "consult_expert", by=by, at=at, **also)


# Refuses `case_unknown`, `step_not_now`, `changed_meanwhile`.
_step = partial(case_steps.step, kind=inquiry_facts.KIND, life=LIFE)


def consult(
    store: Store, *, no: str, department: str = "", expert: str = "", note: str = "", by: Actor, now: datetime
) -> Case:
    """Ask somebody who knows (by login), or a department; his department sees it from now on, the owner stays.

    Refuses as `_step`, `expert_missing` (neither is named), `staff_unknown`, `department_unknown`, texts.
    """

    def change(case: Case, at: datetime) -> dict[str, Any]:
        clean = cases.text(note, required=False)
        return _consult(store, case, department, expert, clean, by=by, at=at)

    return _step(store, "consult", no, change, event="consult_expert", permission="consult_expert", by=by, now=now)


def advise(store: Store, *, no: str, text: str, by: Actor, now: datetime) -> Case:
    """Write down what whoever knows says: for the desk, not yet told to the person. Refuses as `_step`,
    `advice_missing`, texts."""

    def change(case: Case, at: datetime) -> dict[str, Any]:
        clean = cases.text(text, missing="advice_missing")
        store.execute(
            "INSERT INTO inquiry_advice (case_id, round, text, at, by_id) VALUES (?, ?, ?, ?, ?)",
            [case.id, case.round, clean, clock.to_text(at), by.id],
        )
        return {}

    return _step(store, "advise", no, change, permission="advise_inquiry", by=by, now=now)


def promise_again(
    store: Store, *, no: str, reply_due: str, reason: str, channel: str, by: Actor, now: datetime
) -> Case:
    """Agree on another time with the person, who is told so with the reason: both times stay in the history.

    Refuses as `_step`, `reason_missing`, `reply_time_invalid`, `time_past`, `deadline_too_far`, and what
    `feedback.give` refuses.
    """

    def change(case: Case, at: datetime) -> dict[str, Any]:
        why = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
        due = _agreed(store, reply_due, at)
        said = f"{why}；改为 {local_times.written(due, zone=site(store).zone)} 前答复您"
        feedback.give(store, no=no, about="progress", channel=channel, text=said, by=by, now=at)
        _keep_promise(store, case, due, why, by=by, at=at)
        return {"detail": {"appointed_at": clock.to_text(due)}}

    return _step(store, "promise", no, change, event="promise_answer", permission="answer_inquiry", by=by, now=now)


def reply(store: Store, *, no: str, text: str, channel: str, saved: str = "", by: Actor, now: datetime) -> Case:
    """Give the person the answer that was promised, in words that are kept. Refuses as `_step`, `answer_missing`,
    `saved_answer_unknown`, and what `feedback.give` refuses."""

    def change(case: Case, at: datetime) -> dict[str, Any]:
        _answer(store, case, text, saved=saved, channel=channel, by=by, at=at)
        return {}

    return _step(store, "reply", no, change, permission="answer_inquiry", by=by, now=now)


def ask_again(store: Store, *, no: str, question: str, reply_due: str, by: Actor, now: datetime) -> Case:
    """The person asks further, and is promised another answer.

    Refuses `case_unknown`, `step_not_now`, `changed_meanwhile`, `question_missing`, `phone_missing` (nobody can be
    told: it is a new inquiry, with a telephone), and what `promise_first` refuses.
    """
    permit(by, "answer_inquiry")
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        if case.kind != inquiry_facts.KIND or not allowed("ask_again", case.state):
            raise Refused("step_not_now")
        if not case.phone:
            raise Refused("phone_missing")
        clean = cases.text(question, missing="question_missing")
        at = events.moment(store, now)
        cases.move(store, case, "open", "ask_again", by=by, at=at, round=case.round + 1)
        cases.write_note(store, case.id, clean, by=by, at=at)
        opened = cases.whole(store, case.id)
        promise_first(store, opened, reply_due=reply_due, department="", expert="", by=by, at=at)
        return cases.whole(store, case.id)


def _answer(store: Store, case: Case, text: str, *, saved: str, channel: str, by: Actor, at: datetime) -> None:
    clean = cases.text(text, missing="answer_missing")
    store.execute(
        "INSERT INTO inquiry_answers (case_id, round, text, saved_id, at, by_id) VALUES (?, ?, ?, ?, ?, ?)",
        [case.id, case.round, clean, saved_answers.use(store, saved), clock.to_text(at), by.id],
    )
    feedback.give(store, no=case.no, about="result", channel=channel, text=clean, by=by, now=at)


def _promise(store: Store, case: Case, due: datetime, reason: str, *, by: Actor, at: datetime) -> None:
    _keep_promise(store, case, due, reason, by=by, at=at)
    detail = {"appointed_at": clock.to_text(due)}
    cases.move(store, case, "promised", "promise_answer", by=by, at=at, detail=detail)


def _keep_promise(store: Store, case: Case, due: datetime, reason: str, *, by: Actor, at: datetime) -> None:
    store.execute(
        "INSERT INTO inquiry_promises (case_id, round, due_at, reason, at, by_id) VALUES (?, ?, ?, ?, ?, ?)",
        [case.id, case.round, clock.to_text(due), reason, clock.to_text(at), by.id],
    )


def _consult(
    store: Store, case: Case, department: str, expert: str, note: str, *, by: Actor, at: datetime
) -> dict[str, Any]:
    """Write down who is asked; return what of the case moves with it."""
    if not department and not expert:
        raise Refused("expert_missing")
    who = store.row("SELECT id, role, department FROM staff WHERE login = ? AND active = 1", [expert])
    if expert and (who is None or who["role"] not in EXPERTS):
        raise Refused("staff_unknown")
    asked = who["department"] if who else department
    if store.value("SELECT 1 FROM departments WHERE code = ?", [asked]) is None:
        raise Refused("department_unknown")
    expert_id = who["id"] if who else None
    store.execute(
        "INSERT INTO inquiry_consultations (case_id, round, department, expert_id, note, at, by_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [case.id, case.round, asked, expert_id, note, clock.to_text(at), by.id],
    )
    store.execute("UPDATE inquiries SET expert_id = ? WHERE case_id = ?", [expert_id, case.id])
    return {"department": asked, "detail": {"department": asked, "expert": expert_id}}


def _agreed(store: Store, typed: str, at: datetime) -> datetime:
    try:
        when = local_times.parse(typed, zone=site(store).zone, now=at)
    except ValueError:
        raise Refused("reply_time_invalid") from None
    if when <= at:
        raise Refused("time_past")
    if when - at > FURTHEST:
        raise Refused("deadline_too_far")
    return when
