"""Suggestions (意见建议): received from whoever has one, passed on to the department that decides, answered.

A contact is no condition. Whoever left one is told; for whoever left none the answer goes to the notice board, which is
written down as what it is.
"""

from datetime import datetime
from functools import partial
from typing import Any

from db.store import Store
from reception import case_steps, cases, feedback, nonces, suggestion_facts, visits
from reception.cases import Case
from reception.papers import Paper
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.rules.suggestion_states import LIFE
from reception.suggestion_facts import BOARD, DEPARTMENT, KIND, SERIES


def register(
    store: Store,
    *,
    nonce: str,
    topic: str,
    text: str,
    name: str = "",
    phone: str = "",
    unit: str = "",
    source: str = "desk",
    visit_id: int | None = None,
    by: Actor,
    now: datetime,
) -> Case:
    """Receive a suggestion; nobody need say who he is. The same nonce returns the same case.

    Refuses `topic_unknown`, `suggestion_missing`, and what `visits.particulars`, `cases.text` and `nonces` refuse.
    """
    permit(by, "register_suggestion")
    content = {
        "topic": topic,
        "text": text,
        "name": name,
        "phone": phone,
        "unit": unit,
        "source": source,
        "visit": visit_id,
    }

    def make(at: datetime) -> int:
        person = visits.particulars(store, name=name, phone=phone, unit=unit, by=by)
        cases.choice(topic, suggestion_facts.topics(store), code="topic_unknown")
        clean = cases.text(text, missing="suggestion_missing")
        case = cases.open_case(
            store,
            kind=KIND,
            series=SERIES,
            state="received",
            person=person,
            visit_id=visit_id,
            department=DEPARTMENT,
            source=source,
            by=by,
            at=at,
            category=topic,
        )
        store.execute("INSERT INTO suggestions (case_id, topic, text) VALUES (?, ?, ?)", [case.id, topic, clean])
        return case.id

    return cases.whole(store, nonces.once(store, nonce, "register_suggestion", content, now=now, make=make))


# Refuses `case_unknown`, `step_not_now`, `changed_meanwhile`.
_step = partial(case_steps.step, kind=KIND, life=LIFE)


def forward(store: Store, *, no: str, department: str, by: Actor, now: datetime) -> Case:
    """Pass it on to the department that decides; the owner stays. Refuses as `_step`, `department_unknown`."""

    def change(case: Case, at: datetime) -> dict[str, Any]:
        if store.value("SELECT 1 FROM departments WHERE code = ?", [department]) is None:
            raise Refused("department_unknown")
        return {"department": department, "detail": {"department": department}}

    return _step(
        store, "forward", no, change, event="forward_suggestion", permission="forward_suggestion", by=by, now=now
    )


def answer(
    store: Store, *, no: str, text: str, channel: str = "", board: bool = False, by: Actor, now: datetime
) -> Case:
    """Answer it: told by a channel to whoever left a telephone, and by a note for the notice board to everybody else.

    With a telephone `board` says whether it goes to the board as well. Refuses as `_step`, `answer_missing`, and what
    `feedback.give` refuses.
    """

    def change(case: Case, at: datetime) -> dict[str, Any]:
        clean = cases.text(text, missing="answer_missing")
        if case.phone:
            feedback.give(store, no=no, about="result", channel=channel, text=clean, by=by, now=at)
        else:
            feedback.give(store, no=no, about="result", channel="paper", receiver=BOARD, text=clean, by=by, now=at)
        done = store.changed(
            "UPDATE suggestions SET answer = ?, answered_at = ?, answered_by = ?, on_board = ?"
            " WHERE case_id = ? AND answer = ''",
            [clean, clock.to_text(at), by.id, board or not case.phone, case.id],
        )
        if not done:
            raise Refused("changed_meanwhile")
        return {}

    return _step(store, "answer", no, change, event="answer_suggestion", permission="answer_suggestion", by=by, now=now)


def for_board(store: Store, *, no: str, by: Actor) -> tuple[Case, suggestion_facts.Suggestion]:
    """Return a suggestion whose answer is for the notice board. Refuses `case_unknown`, `step_not_now`."""
    case = cases.find(store, no, by=by)
    if case.kind != KIND:
        raise Refused("step_not_now")
    found = suggestion_facts.details(store, case)
    if not found.on_board:
        raise Refused("step_not_now")
    return case, found


def rebuild(store: Store, case: Case, kind: str, part: str) -> Paper:
    """A suggestion has no paper of its own. Refuses `step_not_now`."""
    raise Refused("step_not_now")
