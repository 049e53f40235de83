"""质量问题 (SYS-36): each defect of a home becomes a repair of the developer with a work order, in one act."""

import hashlib
from datetime import datetime

from db.store import Store, writing
from reception import (
    acceptance,
    case_steps,
    cases,
    events,
    inspection_facts,
    liability,
    nonces,
    repair_facts,
    repairs,
    work_orders,
)
from reception.cases import Case
from reception.inspection_facts import CATEGORIES, KIND, URGENCIES, Defect
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, numbers
from reception.rules.inspection_states import inspection

# In place of a time that suits the owner: the worker's slip says whose it is.
ON_THE_SLIP = "房屋验收返修，由开发商承担；进门请先联系业主"


def add(
    store: Store,
    *,
    nonce: str,
    no: str,
    category: str,
    place: str,
    content: str,
    urgency: str = "ordinary",
    by: Actor,
    now: datetime,
) -> Case:
    """Write a defect down: a repair of this home borne by the developer, its work order out by the rule of its
    category. Found after the first inspection it leads back to `rectifying`. Return the inspection.

    The same nonce writes it down once. Refuses `case_unknown`, `step_not_now`, `changed_meanwhile`,
    `category_unknown`, `urgency_unknown`, `inspection_place_missing`, `content_missing`, texts, and what
    `work_orders.dispatch` refuses.
    """
    permit(by, "record_inspection")
    form = {"no": no, "category": category, "place": place, "content": content, "urgency": urgency}

    def make(at: datetime) -> int:
        case = cases.whole(store, cases.find(store, no, by=by).id)
        what = "add_defect" if inspection.allowed("add_defect", case.state) else "find_defect"
        if case.kind != KIND or not inspection.allowed(what, case.state):
            raise Refused("step_not_now")
        cases.choice(category, CATEGORIES, code="category_unknown")
        cases.choice(urgency, URGENCIES, code="urgency_unknown")
        cases.text(place, missing="inspection_place_missing", limit=cases.SHORT_LIMIT)
        repair = _repair(store, case, nonce, form, by=by, at=at)
        defect = store.insert(
            "INSERT INTO inspection_defects (case_id, repair_id, at, by_id) VALUES (?, ?, ?, ?)",
            [case.id, repair.id, clock.to_text(at), by.id],
        )
        after = inspection.steps[what].after or case.state
        cases.move(store, case, after, what, by=by, at=at, detail={"defect": defect})
        work_orders.send_out(store, repair, by=by, now=at)
        return case.id

    return cases.whole(store, nonces.once(store, nonce, "add_defect", form, now=now, make=make))


def _repair(store: Store, case: Case, nonce: str, form: dict[str, str], *, by: Actor, at: datetime) -> Case:
    assert case.unit is not None
    repair = repairs.register(
        store,
        nonce=hashlib.sha256(f"defect {nonce}".encode()).hexdigest(),
        name=case.name,
        phone=case.phone,
        unit=case.unit.label,
        category=form["category"],
        content=form["content"],
        place=form["place"],
        convenient_time=ON_THE_SLIP,
        urgency=form["urgency"],
        source=repair_facts.DEFECT,
        spawned_from=case.no,
        by=by,
        now=at,
    )
    built = inspection_facts.details(store, case).developer
    reason = f"房屋验收质量问题，由开发商承担：{built}"
    liability.decide(store, no=repair.no, liability="warranty", part="", reason=reason, by=by, now=at)
    return cases.whole(store, repair.id)


def drop(store: Store, *, no: str, defect: str, reason: str, by: Actor, now: datetime) -> Case:
    """A head lets a defect go, and why: it was none, or the owner takes it as it is. Its repair goes its own way.

    Refuses `case_unknown`, `step_not_now`, `inspection_defect_unknown`, `reason_missing`, `changed_meanwhile`, texts.
    """

    def change(case: Case, at: datetime) -> dict[str, object]:
        found = _found(store, case, defect)
        why = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
        done = store.changed(
            "UPDATE inspection_defects SET dropped_at = ?, dropped_by = ?, reason = ?"
            " WHERE id = ? AND dropped_at IS NULL",
            [clock.to_text(at), by.id, why, found.id],
        )
        if not done:
            raise Refused("changed_meanwhile")
        return {"detail": {"defect": found.id}}

    return case_steps.step(
        store,
        "drop_defect",
        no,
        change,
        kind=KIND,
        life=inspection,
        permission="drop_defect",
        by=by,
        now=now,
    )


def check(store: Store, *, no: str, defect: str, by: Actor, now: datetime) -> Case:
    """复检 of one defect: its work was looked at and is good; who and when stands on its work order.

    Refuses `case_unknown`, `step_not_now`, `inspection_defect_unknown`, and as `acceptance.recheck`.
    """
    permit(by, "recheck_order")
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        if case.kind != KIND:
            raise Refused("step_not_now")
        acceptance.recheck(store, order_no=_found(store, case, defect).order_no, by=by, now=events.moment(store, now))
        return case


def _found(store: Store, case: Case, typed: str) -> Defect:
    wanted = numbers.whole(typed)
    for one in inspection_facts.defects(store, case.id):
        if one.id == wanted:
            return one
    raise Refused("inspection_defect_unknown")
