"""The way of a complaint (domain.md K2): assigned, looked into, replied to, handed up, withdrawn, opened again.

Whoever took it in answers for it to the end (首问负责): assigning says who looks into it, and moves no ownership.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from db.store import Store, writing
from reception import case_steps, cases, clocks, complaint_facts, events, feedback, seals
from reception.cases import Case
from reception.permissions import HEADS, Actor, Role, permit
from reception.refusal import Refused
from reception.rules import clock, local_times
from reception.rules.complaint_states import LIFE, allowed
from reception.site import site

# Who may look into a complaint; a worker answers to his leader, who looks into it for him.
HANDLERS = frozenset({*HEADS, Role.RECEPTIONIST, Role.ASSISTANT})
# Who takes on what cannot be solved where it lies: they see the cases of every department.
SUPERIORS = frozenset({Role.SERVICE_HEAD, Role.MANAGER})
# A promise further away than this is a slip of the finger.
FURTHEST = timedelta(days=60)


# Refuses `case_unknown`, `step_not_now`, `changed_meanwhile`.
_step = partial(case_steps.step, kind=complaint_facts.KIND, life=LIFE)


def acknowledge(store: Store, *, no: str, by: Actor, now: datetime) -> Case:
    """The person has the number: the receipt in hand, or the number told by telephone. Refuses as `_step`."""
    return _step(store, "acknowledge", no, lambda case, at: {}, permission="register_complaint", by=by, now=now)


def assign(store: Store, *, no: str, handler: str, by: Actor, now: datetime) -> Case:
    """Give it to somebody (by login) to look into; his department has it from now on, the owner stays.

    Refuses as `_step`, and `staff_unknown`, also for whom it is sealed from.
    """

    def change(case: Case, at: datetime) -> dict[str, Any]:
        row = store.row("SELECT id, role, department FROM staff WHERE login = ? AND active = 1", [handler])
        if row is None or row["role"] not in HANDLERS or not seals.is_open_to(store, case.id, row["id"]):
            raise Refused("staff_unknown")
        store.execute("UPDATE complaints SET handler_id = ? WHERE case_id = ?", [row["id"], case.id])
        return {"department": row["department"], "detail": {"handler": row["id"]}}

    return _step(store, "assign_complaint", no, change, permission="assign_complaint", by=by, now=now)


def investigate(store: Store, *, no: str, finding: str, findings: str, by: Actor, now: datetime) -> Case:
    """Write down what was found, in words and as valid, partly or invalid; again, when more is found.

    An invalid complaint is answered like any other. Refuses as `_step`, `finding_unknown`, `findings_missing`, texts.
    """

    def change(case: Case, at: datetime) -> dict[str, Any]:
        cases.choice(finding, complaint_facts.FINDINGS, code="finding_unknown")
        clean = cases.text(findings, missing="findings_missing")
        store.execute(
            "INSERT INTO complaint_findings (case_id, round, finding, text, at, by_id) VALUES (?, ?, ?, ?, ?, ?)",
            [case.id, case.round, finding, clean, clock.to_text(at), by.id],
        )
        store.execute("UPDATE complaints SET handler_id = coalesce(handler_id, ?) WHERE case_id = ?", [by.id, case.id])
        return {"detail": {"finding": finding}}

    return _step(store, "investigate", no, change, permission="investigate_complaint", by=by, now=now)


def reply(
    store: Store, *, no: str, text: str, channel: str, merged_too: bool = False, by: Actor, now: datetime
) -> Case:
    """Give the person the reply, in these words and by this way; it is kept, and is the result that he is told.

    Refuses as `_step`, `reply_missing`, and what `feedback.give` refuses.
    """

    def change(case: Case, at: datetime) -> dict[str, Any]:
        clean = cases.text(text, missing="reply_missing")
        store.execute(
            "INSERT INTO complaint_replies (case_id, round, text, at, by_id) VALUES (?, ?, ?, ?, ?)",
            [case.id, case.round, clean, clock.to_text(at), by.id],
        )
        feedback.give(store, no=no, about="result", channel=channel, text=clean, merged_too=merged_too, by=by, now=at)
        return {}

    return _step(store, "reply", no, change, permission="reply_to_complaint", by=by, now=now)


def withdraw(store: Store, *, no: str, reason: str, channel: str, by: Actor, now: datetime) -> Case:
    """The person takes the complaint back; what he said stands as the last word with him, by the way he said it.

    Refuses as `_step`, `reason_missing`, `others_merged` (it is theirs too: his word is no answer to them), and what
    `feedback.give` refuses.
    """

    def change(case: Case, at: datetime) -> dict[str, Any]:
        clean = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
        if store.value("SELECT 1 FROM cases WHERE merged_into = ?", [case.id]):
            raise Refused("others_merged")
        feedback.give(store, no=no, about="result", channel=channel, text=f"撤回投诉：{clean}", by=by, now=at)
        return {}

    return _step(store, "withdraw", no, change, permission="withdraw_complaint", by=by, now=now)


def hand_up(
    store: Store,
    *,
    no: str,
    to: str,
    reason: str,
    plan: str,
    next_update_at: str,
    channel: str,
    by: Actor,
    now: datetime,
) -> Case:
    """Hand a complaint up (上报, SYS-31): why, what happens now, when the person hears next; he is told so.

    To the same superior again it is a new promise on the same level. The promise runs as a clock of its own. Refuses as
    `_step`, `staff_unknown` (not one of SUPERIORS), `reason_missing`, `plan_missing`, `update_time_invalid`,
    `time_past`, `deadline_too_far`, and what `feedback.give` refuses.
    """

    def change(case: Case, at: datetime) -> dict[str, Any]:
        taker = store.row("SELECT id, role FROM staff WHERE login = ? AND active = 1", [to])
        if taker is None or taker["role"] not in SUPERIORS or not seals.is_open_to(store, case.id, taker["id"]):
            raise Refused("staff_unknown")
        why = cases.text(reason, missing="reason_missing")
        next_steps = cases.text(plan, missing="plan_missing")
        promised = _promised(store, next_update_at, at)
        last = store.row(
            "SELECT level, to_id FROM case_escalations WHERE case_id = ? ORDER BY id DESC LIMIT 1", [case.id]
        )
        level = 1 if last is None else last["level"] + (last["to_id"] != taker["id"])
        feedback.give(store, no=no, about="progress", channel=channel, text=next_steps, by=by, now=at)
        store.execute(
            "INSERT INTO case_escalations (case_id, round, level, to_id, reason, plan, next_update_at, at, by_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [case.id, case.round, level, taker["id"], why, next_steps, promised, clock.to_text(at), by.id],
        )
        return {"detail": {"level": level, "to": taker["id"], "appointed_at": promised}}

    return _step(store, "raise", no, change, permission="raise_case", by=by, now=now)


def _promised(store: Store, typed: str, at: datetime) -> str:
    try:
        when = local_times.parse(typed, zone=site(store).zone, now=at)
    except ValueError:
        raise Refused("update_time_invalid") from None
    if when <= at:
        raise Refused("time_past")
    if when - at > FURTHEST:
        raise Refused("deadline_too_far")
    return clock.to_text(when)


def reopen(
    store: Store,
    case: Case,
    reason: str,
    *,
    by: Actor,
    at: datetime,
    owner: int | None = None,
    noted_by: Actor | None = None,
) -> Case:
    """Open a complaint again inside an act; `owner` is the head who holds it from now on, `noted_by` whose words these
    are. Refuses `step_not_now`."""
    if case.kind != complaint_facts.KIND or not allowed("reopen", case.state):
        raise Refused("step_not_now")
    return case_steps.open_round(
        store, case, "reopened", "reopen", reason, owner=owner, noted_by=noted_by, by=by, at=at
    )


def before_giving_up(store: Store, case: Case) -> str | None:
    """Return the code of what keeps a manager from closing it without consent: it was never replied to. Or None."""
    return None if complaint_facts.replies(store, case.id) else "step_not_now"


def open_again(store: Store, *, no: str, reason: str, by: Actor, now: datetime) -> Case:
    """Open a complaint again because the person is not content, or something new came up.

    Refuses `case_unknown`, `step_not_now`, `reason_missing`, `changed_meanwhile`.
    """
    permit(by, "reply_to_complaint")
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        clean = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
        return reopen(store, case, clean, by=by, at=events.moment(store, now))


def regrade(store: Store, *, no: str, category: str, severity: str, reason: str, by: Actor, now: datetime) -> Case:
    """Correct class and severity with a reason; its clocks follow what it is now.

    Refuses `case_unknown`, `step_not_now`, `category_unknown`, `severity_unknown`, `reason_missing`, texts.
    """
    permit(by, "assign_complaint")
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        if case.kind != complaint_facts.KIND or not allowed("assign_complaint", case.state):
            raise Refused("step_not_now")
        was = complaint_facts.details(store, case)
        cases.choice(category, complaint_facts.classes(store, also=was.category), code="category_unknown")
        cases.choice(severity, complaint_facts.SEVERITIES, code="severity_unknown")
        clean = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
        at = events.moment(store, now)
        store.execute(
            "UPDATE complaints SET category = ?, severity = ? WHERE case_id = ?", [category, severity, case.id]
        )
        cases.move(store, case, case.state, "regrade", by=by, at=at, detail={"was": [was.category, was.severity]})
        # The reason stands beside the deadlines that begin with it.
        clocks.moved(store, case.id, case.kind, "described", by=by, at=at, why=clean)
        cases.write_note(store, case.id, clean, by=by, at=at)
        return cases.whole(store, case.id)
