"""An inspection ends: the owner signed for his home, and so for the work orders of its defects; or it is given up."""

from datetime import datetime
from functools import partial

from db.store import Store
from reception import acceptance, case_steps, cases, checklists, feedback, inspection_facts, tellings
from reception.cases import Case
from reception.inspection_facts import KIND, details
from reception.permissions import Actor
from reception.procedure_tables import GATES
from reception.refusal import Refused
from reception.rules import clock
from reception.rules.inspection_states import inspection
from reception.rules.repair_states import allowed

# Refuses `case_unknown`, `step_not_now`, `changed_meanwhile`.
_step = partial(case_steps.step, kind=KIND, life=inspection)


def accept(store: Store, *, no: str, signed: str, channel: str, by: Actor, now: datetime) -> Case:
    """The owner accepts his home: he signed the form and the work orders on paper (`signed` "1"), which `by` saw.

    The repairs of its defects are signed and filed with it. Refuses as `_step`, `inspection_unsigned`,
    `inspection_defects_open`, `inspection_meters_missing`, `items_missing`, `channel_unknown`.
    """

    def change(case: Case, at: datetime) -> None:
        if signed != "1":
            raise Refused("inspection_unsigned")
        cases.choice(channel, feedback.CHANNELS, code="channel_unknown")
        found = details(store, case)
        if found.open_defects:
            raise Refused("inspection_defects_open")
        if found.unread:
            raise Refused("inspection_meters_missing")
        checklists.ask(store, case.id, *GATES)
        store.execute(
            "UPDATE inspections SET signed_at = ?, signed_seen_by = ? WHERE case_id = ? AND signed_at IS NULL",
            [clock.to_text(at), by.id, case.id],
        )
        feedback.tell(store, case, about="result", channel=channel, text="房屋验收合格，业主已签字", by=by, at=at)
        _end_repairs(store, case, channel=channel, by=by, at=at)
        tellings.seen_by_all(store, case.id, by=by, at=at)

    return _step(store, "accept", no, change, event="accept_inspection", permission="end_inspection", by=by, now=now)


def withdraw(store: Store, *, no: str, reason: str, channel: str, by: Actor, now: datetime) -> Case:
    """It is given up, and why; repairs that are under way go on by themselves.

    Refuses as `_step`, `reason_missing`, `channel_unknown`, texts.
    """

    def change(case: Case, at: datetime) -> None:
        why = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
        cases.choice(channel, feedback.CHANNELS, code="channel_unknown")
        cases.write_note(store, case.id, why, by=by, at=at)
        feedback.tell(store, case, about="result", channel=channel, text=f"房屋验收已撤销：{why}", by=by, at=at)
        tellings.seen_by_all(store, case.id, by=by, at=at)

    return _step(
        store, "withdraw", no, change, event="withdraw_inspection", permission="end_inspection", by=by, now=now
    )


def _end_repairs(store: Store, case: Case, *, channel: str, by: Actor, at: datetime) -> None:
    """Sign and file, inside the act that accepts the home, each repair of a defect that is not over.

    Nobody is called about each: he stood before it; whoever's own repair was merged into one has his answer, too.
    Refuses as `acceptance.sign` (by whoever worked on it himself).
    """
    for defect in inspection_facts.defects(store, case.id):
        if not defect.passed:
            continue
        if allowed("sign", defect.repair_state):
            acceptance.sign(store, order_no=defect.order_no, how="paper", by=by, now=at)
        repair = cases.whole(store, cases.find(store, defect.repair_no, by=by).id)
        if allowed("close", repair.state):
            text = f"房屋验收 {case.no} 合格，返修已验收"
            feedback.tell(store, repair, about="result", channel=channel, text=text, merged_too=True, by=by, at=at)
            cases.move(store, repair, "closed", "close", by=by, at=at)
