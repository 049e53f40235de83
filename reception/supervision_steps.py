"""The way of a supervision: reminded and overdue by the box, done with a result, told to the person; moved, withdrawn.

With a case it counts as closed only once the person was told what came of it (domain.md SYS-21, source L12).
"""

from datetime import datetime
from typing import Any

from db.store import Store, writing
from reception import cases, events, feedback, nonces, supervision_papers
from reception.kinds import KINDS, NO_END, End
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.rules.supervision_states import STEPS, allowed
from reception.supervision_records import OVER_ALL, Supervision, by_id, find, note_deadline, record
from reception.supervisions import charge_of, close_of_day

RESULT_LIMIT = 300


def _change(store: Store, one: Supervision, act: str, *, after: str = "", **columns: Any) -> None:
    """Change a supervision if it still stands where it was read. Refuses `changed_meanwhile`."""
    if not allowed(act, one.state):
        raise Refused("step_not_now")
    sets = "".join(f", {name} = :{name}" for name in columns)
    done = store.changed(
        f"UPDATE supervisions SET state = :state{sets} WHERE id = :id AND state = :was AND due_at = :was_due",  # noqa: S608
        {
            "state": after or STEPS[act].after or one.state,
            "id": one.id,
            "was": one.state,
            "was_due": one.due_at,
            **columns,
        },
    )
    if not done:
        raise Refused("changed_meanwhile")


def _late(one: Supervision, at: datetime) -> str | None:
    """Return since when it is late for good: also where the box did not notice before."""
    return one.overdue_at or (clock.to_text(at) if clock.to_text(at) > one.due_at else None)


def finish(store: Store, *, no: str, result: str, by: Actor, now: datetime) -> Supervision:
    """Report it done, with the result in words: by its department, whoever is in charge, or those over all departments.

    Without a case it is closed by that. Refuses `supervision_unknown`, `not_yours_to_report`, `step_not_now`,
    `result_missing`, `changed_meanwhile`, texts.
    """
    permit(by, "report_supervision")
    with writing(store):
        one = find(store, no, by=by)
        if not may_report(one, by=by):
            raise Refused("not_yours_to_report")
        clean, at = cases.text(result, missing="result_missing", limit=RESULT_LIMIT), events.moment(store, now)
        closed = {} if one.case_id is not None else {"closed_at": clock.to_text(at)}
        _change(
            store,
            one,
            "finish",
            after="closed" if closed else "",
            done_at=clock.to_text(at),
            done_by=by.id,
            result=clean,
            overdue_at=_late(one, at),
            **closed,
        )
        return _recorded(store, one, "supervision_done", by=by, at=at)


def may_report(one: Supervision, *, by: Actor) -> bool:
    """Tell whether it is this reader's to say that it is done."""
    return by.role in OVER_ALL or one.department == by.department or one.charge_id == by.id


def tell(
    store: Store, *, no: str, text: str, channel: str, merged_too: bool = False, by: Actor, now: datetime
) -> Supervision:
    """Record that the person of the case was told what came of it; by that it is closed.

    Refuses `supervision_unknown`, `step_not_now`, `channel_unknown`, `feedback_text_missing`, `changed_meanwhile`,
    texts.
    """
    permit(by, "tell_supervision")
    with writing(store):
        one = find(store, no, by=by)
        if not allowed("tell", one.state) or one.case_id is None:
            raise Refused("step_not_now")
        clean, at = _to_tell(text, channel), events.moment(store, now)
        _tell(store, one, clean, channel, merged_too=merged_too, by=by, at=at)
        _change(store, one, "tell", closed_at=clock.to_text(at))
        return _ended(store, one, "supervision_told", by=by, at=at)


def _to_tell(text: str, channel: str) -> str:
    cases.choice(channel, feedback.CHANNELS, code="channel_unknown")
    return cases.text(text, missing="feedback_text_missing")


def _tell(
    store: Store, one: Supervision, text: str, channel: str, *, merged_too: bool = False, by: Actor, at: datetime
) -> None:
    """Tell the person of its case inside an act that ends it."""
    assert one.case_id is not None
    notice = feedback.tell(
        store,
        cases.whole(store, one.case_id),
        # How it goes on, not the result of the case: a case has a result of its own to tell, but for those kinds whose
        # result it is.
        about="result" if _end(store, one).followed_through else "progress",
        channel=channel,
        text=text,
        merged_too=merged_too,
        by=by,
        at=at,
    )
    store.execute("INSERT INTO supervision_tellings (supervision_id, notice_id) VALUES (?, ?)", [one.id, notice])


def _end(store: Store, one: Supervision) -> End:
    """Return how the kind of its case comes to its end."""
    kind = KINDS.get(store.value("SELECT kind FROM cases WHERE id = ?", [one.case_id]))
    return kind.end if kind else NO_END


def told_when_withdrawn(store: Store, one: Supervision) -> bool:
    """Tell whether its person must be told in the same breath when it is taken back: it was promised to him."""
    return one.case_id is not None and _end(store, one).followed_through is not None


def _ended(store: Store, one: Supervision, what: str, *, by: Actor, at: datetime) -> Supervision:
    """Write down that it ended, and let its case go on."""
    after = _recorded(store, one, what, by=by, at=at)
    goes_on = _end(store, one).followed_through
    if one.case_id is not None and goes_on is not None:
        goes_on(store, cases.whole(store, one.case_id), by=by, at=at)
    return after


def withdraw(
    store: Store, *, no: str, reason: str, text: str = "", channel: str = "", by: Actor, now: datetime
) -> Supervision:
    """Take a decision back, with the reason; the person of its case reads that it is no longer followed.

    Where it was promised to him (`told_when_withdrawn`) he is told in the same act, in these words and by this way.
    Refuses `supervision_unknown`, `step_not_now`, `reason_missing`, `channel_unknown`, `feedback_text_missing`,
    `changed_meanwhile`, texts.
    """
    permit(by, "withdraw_supervision")
    with writing(store):
        one = find(store, no, by=by)
        if not allowed("withdraw", one.state):
            raise Refused("step_not_now")
        clean, at = cases.text(reason, missing="reason_missing"), events.moment(store, now)
        if told_when_withdrawn(store, one):
            _tell(store, one, _to_tell(text, channel), channel, by=by, at=at)
        _change(store, one, "withdraw", reason=clean, closed_at=clock.to_text(at), overdue_at=_late(one, at))
        return _ended(store, one, "supervision_withdrawn", by=by, at=at)


def move(store: Store, *, no: str, due_on: str, reason: str, was: str, by: Actor, now: datetime) -> Supervision:
    """Set another deadline, with the reason (K3, 13); `was` is the one that the form showed. Late stays late.

    Refuses `supervision_unknown`, `step_not_now`, `reason_missing`, `changed_meanwhile`, `deadline_same`, and what
    `supervisions.close_of_day` refuses.
    """
    permit(by, "move_supervision")
    with writing(store):
        one = find(store, no, by=by)
        if not allowed("move", one.state):
            raise Refused("step_not_now")
        if was != one.due_at:
            raise Refused("changed_meanwhile")
        clean = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
        at = events.moment(store, now)
        due, remind = close_of_day(store, due_on, at)
        if due == one.due_at:
            raise Refused("deadline_same")
        note_deadline(store, one.id, due, clean, by=by, at=at)
        _change(store, one, "move", due_at=due, remind_at=remind, overdue_at=_late(one, at))
        return _recorded(store, one, "supervision_moved", by=by, at=at)


def hand_to(store: Store, *, no: str, charge: str, by: Actor, now: datetime) -> Supervision:
    """Put another member of the same department in charge; a head of department within his own.

    Refuses `supervision_unknown`, `department_not_yours`, `charge_unknown`, `sealed_from_charge`, `step_not_now`,
    `changed_meanwhile`.
    """
    permit(by, "assign_supervision")
    with writing(store):
        one = find(store, no, by=by)
        if by.role not in OVER_ALL and one.department != by.department:
            raise Refused("department_not_yours")
        case = cases.whole(store, one.case_id) if one.case_id is not None else None
        found, at = charge_of(store, one.department, charge, case), events.moment(store, now)
        _change(store, one, "hand_to", charge_id=found)
        return _recorded(store, one, "supervision_handed", by=by, at=at, charge=found)


def _recorded(store: Store, one: Supervision, what: str, *, by: Actor, at: datetime, **detail: Any) -> Supervision:
    after = by_id(store, one.id)
    record(store, after, what, by=by, at=at, **detail)
    return after


def print_slip(store: Store, *, no: str, nonce: str, by: Actor, now: datetime) -> Supervision:
    """Print its slip anew, as it stands. The same nonce prints once. Refuses `supervision_unknown`, `step_not_now`,
    `paper_on_its_way`."""
    permit(by, "print_supervision")
    one = find(store, no, by=by)

    def make(at: datetime) -> int:
        # As it stands now: somebody may have ended it since it was found.
        fresh = by_id(store, one.id)
        if not fresh.running:
            raise Refused("step_not_now")
        supervision_papers.enqueue(store, fresh, at=at)
        record(store, fresh, "supervision_printed", by=by, at=at)
        return one.id

    return by_id(store, nonces.once(store, nonce, "print_supervision", {"no": one.no}, now=now, make=make))


def set_right(store: Store, *, by: Actor, at: datetime) -> None:
    """Take back, once the box's clock was put right, what it said of a time still to come; inside the act that does.

    What was decided or done by it was so at the latest now: else the person could not be told before that time, and no
    deadline before it be set.
    """
    moment = clock.to_text(at)
    store.execute("UPDATE supervisions SET opened_at = ? WHERE closed_at IS NULL AND opened_at > ?", [moment, moment])
    store.execute(
        "UPDATE supervisions SET done_at = :now, overdue_at = iif(overdue_at > :now, NULL, overdue_at)"
        " WHERE state = 'done' AND done_at > :now",
        {"now": moment},
    )
    for row in store.rows(
        "SELECT id FROM supervisions INDEXED BY supervisions_running WHERE state IN ('open', 'reminded', 'overdue')"
        " AND state <> 'open' AND (overdue_at > :now OR (overdue_at IS NULL AND remind_at > :now))",
        {"now": moment},
    ):
        store.execute("UPDATE supervisions SET state = 'open', overdue_at = NULL WHERE id = ?", [row["id"]])
        record(store, by_id(store, row["id"]), "supervision_set_right", by=by, at=at)


def watch(store: Store, *, by: Actor, now: datetime) -> tuple[int, int]:
    """Remind of what is half over, and hand the overdue to the manager; return how many of each were new.

    While the box's clock stands before the last event nothing is said: lateness cannot be told then (K3, 16).
    """
    permit(by, "watch_supervisions")
    with writing(store):
        if events.clock_is_behind(store, now):
            return 0, 0
        at = events.moment(store, now)
        moment = clock.to_text(at)
        found = [
            row["id"]
            for row in store.rows(
                "SELECT id FROM supervisions INDEXED BY supervisions_running WHERE state IN"
                " ('open', 'reminded', 'overdue') AND ((state <> 'overdue' AND due_at < :now)"
                " OR (state = 'open' AND remind_at <= :now)) ORDER BY due_at",
                {"now": moment},
            )
        ]
        reminded = overdue = 0
        for supervision_id in found:
            one = by_id(store, supervision_id)
            if one.due_at < moment:
                _change(store, one, "lapse", overdue_at=_late(one, at))
                _recorded(store, one, "supervision_overdue", by=by, at=at)
                overdue += 1
            else:
                _change(store, one, "remind")
                _recorded(store, one, "supervision_reminded", by=by, at=at)
                reminded += 1
        return reminded, overdue
