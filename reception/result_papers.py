"""The facts of 处理结果单 (SYS-17): what became of a repair, and how its owner was told; from the records, masked."""

import json

from db.store import Store
from reception import (
    acceptance,
    cases,
    closed_by_manager,
    feedback,
    owner_words,
    papers,
    repair_facts,
    spooling,
    work_orders,
)
from reception.cases import Case
from reception.feedback import Notice
from reception.refusal import Refused
from reception.rules import clock, local_times
from reception.rules.masking import mask_name, mask_phone, public_unit
from reception.site import site
from reception.wording import Words
from reception.work_orders import Order

REPAIRED = Words("已修好", "Repaired")
DONE = frozenset({"finished", "rechecked", "signed", "followed_up", "closed"})


def part(case: Case) -> str:
    """Return which slip it is: of a repair that was opened again each round has its own."""
    return str(case.round)


def slip(store: Store, case: Case, of_round: int) -> papers.ResultSlip:
    """Return the slip of one round. Refuses `feedback_missing`: nobody has told the owner its result."""
    centre, repair, told = site(store), repair_facts.details(store, case), _told(store, case, of_round)
    orders = [one for one in work_orders.of_case(store, case.id) if one.finished_at and one.finished_at <= told.at]
    done = orders[-1] if orders else None
    how = feedback.CHANNELS[told.channel]
    finished = local_times.written(clock.from_text(done.finished_at or ""), zone=centre.zone) if done else ""
    return papers.ResultSlip(
        **spooling.coded(centre, case.token, clock.from_text(told.at)),
        no=case.no,
        category=repair_facts.CATEGORIES[repair.category],
        content=repair.content,
        place=repair.place,
        result=_result(store, case, of_round, done),
        work_done=done.work_done if done else "",
        finished=finished,
        told=local_times.written(clock.from_text(told.at), zone=centre.zone),
        # The name stands once on a paper in both languages.
        told_by=Words(f"{told.by_name} {how.zh}", how.en),
        unit=public_unit(case.unit.building) if case.unit else "",
        name=mask_name(case.name),
        phone=mask_phone(case.phone),
        desk_phone=centre.phone,
    )


def _told(store: Store, case: Case, of_round: int) -> Notice:
    found = [one for one in feedback.of_case(store, case.id) if one.about == "result" and one.round == of_round]
    if not found:
        raise Refused("feedback_missing")
    return found[-1]


def _result(store: Store, case: Case, of_round: int, done: Order | None) -> Words:
    """Return what became of a round: what was told of an earlier one stays told."""
    if closed_by_manager.ended(store, case.id, of_round):
        return owner_words.WITHOUT_CONSENT
    return REPAIRED if done and (of_round < case.round or case.state in DONE) else _unworked(store, case)


def _unworked(store: Store, case: Case) -> Words:
    """Return how it ended without work of its own: why it was cancelled, or that it went with another."""
    state = repair_facts.STATES[case.state]
    if case.merged_into is not None:
        other = cases.masked(store, case.merged_into)
        how = REPAIRED if other.state in DONE else repair_facts.STATES[other.state]
        if closed_by_manager.stands(store, other.no):
            how = owner_words.CLOSED_TOGETHER
        return Words(f"与同一问题的报修合并处理：{how.zh}", f"Handled with another report: {how.en}")
    if case.state != "cancelled":
        return state
    detail = store.value(
        "SELECT detail FROM events WHERE subject = 'case' AND subject_id = ? AND what = 'cancel' ORDER BY id DESC",
        [case.id],
    )
    why = acceptance.ENDS.get(json.loads(detail or "{}").get("reason", ""))
    return Words(f"{state.zh}：{why.zh}", f"{state.en}: {why.en}") if why else state
