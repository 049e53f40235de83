"""Registering repairs (报修): at the desk, by telephone, at the kiosk, from a patrol, out of another case."""

from dataclasses import replace
from datetime import datetime

from db.store import Store, writing
from reception import (
    cases,
    charges,
    clocks,
    departments,
    duty,
    events,
    nonces,
    opening,
    order_editions,
    order_papers,
    order_parts,
    papers,
    result_papers,
    spooling,
    visits,
    work_orders,
)
from reception.cases import Case
from reception.permissions import Actor, Role, permit
from reception.refusal import Refused
from reception.repair_facts import CATEGORIES, DEFECT, FOUND, OF_SHARED_AREAS, SOURCES, URGENCIES, Repair, expected
from reception.repair_facts import KIND as KIND
from reception.repair_facts import STATES as STATES
from reception.repair_facts import details as details
from reception.rules import clock
from reception.rules.masking import mask_name, mask_phone, public_unit
from reception.rules.repair_states import allowed
from reception.site import site
from reception.visits import Particulars
from reception.wording import Words

SERIES = "BX"
NAME = Words("报修", "Repair")
DEPARTMENT = "maintenance"
# Whoever telephones or walks the grounds gives what he knows; the five fields are complete before a dispatch.
MAY_BE_INCOMPLETE = frozenset({"phone", "patrol", "kiosk"})
# The owner has put his name to what stands there.
SIGNED = frozenset({"signed", "followed_up"})
# Nobody stands there to take a receipt.
WITHOUT_RECEIPT = frozenset({"phone", "patrol", "import"})


def register(
    store: Store,
    *,
    nonce: str,
    name: str,
    phone: str,
    unit: str,
    category: str,
    content: str,
    place: str = "",
    convenient_time: str = "",
    urgency: str,
    visit_id: int | None = None,
    dispatch: bool = False,
    worker: str = "",
    appointed_at: str = "",
    source: str = "desk",
    spawned_from: str = "",
    by: Actor,
    now: datetime,
) -> Case:
    """Register a repair and queue the owner's receipt; with `dispatch`, send it out in the same press.

    By telephone, from a patrol and at the kiosk a part of the five fields may still be missing; of what a patrol found
    the finder is the person, whoever is named or notes it. `spawned_from` is the
    number of the case that it comes out of. The same nonce returns the same case. Refuses `category_unknown`,
    `urgency_unknown`, `source_unknown`, `content_missing`, `place_missing` (of shared areas),
    `closed_now` (at the kiosk), what `out_of` refuses, and what `cases.complainant`, `cases.text`, `nonces` and
    `work_orders.dispatch` refuse.
    """
    permit(by, "report_finding" if source == FOUND else "register_repair")
    form = {
        "name": name,
        "phone": phone,
        "unit": unit,
        "category": category,
        "content": content,
        "place": place,
        "time": convenient_time,
        "urgency": urgency,
        "visit": visit_id,
        "dispatch": dispatch,
    }
    form |= {"source": source} if source != "desk" else {}
    form |= {"worker": worker, "appointed": appointed_at} if worker or appointed_at else {}
    form |= {"from": spawned_from} if spawned_from else {}

    def make(at: datetime) -> int:
        # At the desk a person decides; the kiosk keeps to the hours. It may be told what is broken to the last minute.
        if by.role is Role.KIOSK and not opening.opening(store, now=at).is_open:
            raise Refused("closed_now")
        origin = out_of(store, spawned_from, by=by) if spawned_from else None
        came_by = "case" if origin else cases.choice(source, SOURCES, code="source_unknown")
        cases.choice(category, CATEGORIES, code="category_unknown")
        cases.choice(urgency, URGENCIES, code="urgency_unknown")
        person = _person(
            store, name=name, phone=phone, unit=unit, category=category, place=place, source=came_by, by=by
        )
        texts = _texts(content, place, convenient_time)
        case = cases.open_case(
            store,
            kind=KIND,
            series=SERIES,
            state="registered",
            person=person,
            visit_id=visit_id,
            department=DEPARTMENT,
            owner=duty.answers_for_the_kiosk(store) if by.role is Role.KIOSK else None,
            source=came_by,
            spawned_from=origin.id if origin else None,
            by=by,
            at=at,
            urgency=urgency,
            category=category,
        )
        store.execute(
            "INSERT INTO repairs (case_id, category, content, place, convenient_time, urgency)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [case.id, category, *texts, urgency],
        )
        clocks.moved(store, case.id, KIND, "described", by=by, at=at)
        if came_by not in WITHOUT_RECEIPT and source != DEFECT:
            spooling.enqueue(store, site(store), receipt(store, case), ref=cases.ref(case), at=at)
        if dispatch:
            work_orders.dispatch(store, no=case.no, worker=worker, appointed_at=appointed_at, by=by, now=at)
        return case.id

    return cases.whole(store, nonces.once(store, nonce, "register_repair", form, now=now, make=make))


def out_of(store: Store, no: str, *, by: Actor) -> Case:
    """Return the case that a repair comes out of. Refuses `case_unknown`, `nothing_out_of_sealed`: everybody reads a
    repair."""
    origin = cases.find(store, no, by=by)
    if origin.sealed:
        raise Refused("nothing_out_of_sealed")
    return origin


def _person(
    store: Store, *, name: str, phone: str, unit: str, category: str, place: str, source: str, by: Actor
) -> Particulars:
    if source in MAY_BE_INCOMPLETE:
        person = visits.particulars(store, name=name, phone=phone, unit=unit, by=by)
        if source == FOUND:
            # Who found it is the person: whoever is named, else whoever notes it.
            person = replace(person, name=person.name or by.name)
        if person.unit is None and not place.strip():
            raise Refused("unit_missing")
        return person
    shared = category in OF_SHARED_AREAS
    person = cases.complainant(store, name=name, phone=phone, unit=unit, by=by, unit_required=not shared)
    if shared and person.unit is None and not place.strip():
        raise Refused("place_missing")
    return person


def _texts(content: str, place: str, convenient_time: str) -> list[str]:
    return [
        cases.text(content, missing="content_missing"),
        cases.text(place, required=False, limit=cases.SHORT_LIMIT),
        cases.text(convenient_time, required=False, limit=cases.SHORT_LIMIT),
    ]


def amend(
    store: Store,
    *,
    no: str,
    name: str,
    phone: str,
    unit: str,
    category: str,
    content: str,
    place: str,
    convenient_time: str,
    urgency: str = "",
    reason: str = "",
    by: Actor,
    now: datetime,
) -> Case:
    """Complete or correct what was registered; what a field leaves empty stays as it is.

    Its deadlines hang on how urgent it is: another urgency asks for a `reason`, which stands in the notes and beside
    the deadlines that begin with it. Refuses `case_unknown`, `case_over`, `signed_for`, `category_unknown`,
    `common_not_paid` (paid work does not turn into work in a shared area), `urgency_unknown`, `urgency_settled`
    (somebody was on site, or it is set aside), `reason_missing`, and what `visits.particulars` and `cases.text` refuse.
    """
    permit(by, "amend_repair")
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        if case.kind != KIND or case.closed_at is not None:
            raise Refused("case_over")
        if case.state in SIGNED:
            raise Refused("signed_for")
        before = details(store, case)
        person = visits.particulars(
            store, name=name, phone=phone, unit=unit or (case.unit.label if case.unit else ""), by=by
        )
        values = {
            "category": cases.choice(category or before.category, CATEGORIES, code="category_unknown"),
            **dict(
                zip(
                    ("content", "place", "convenient_time"),
                    _texts(content or before.content, place or before.place, convenient_time or before.convenient_time),
                    strict=True,
                )
            ),
        }
        if values["category"] in OF_SHARED_AREAS and before.liability in {"paid", "waived"}:
            raise Refused("common_not_paid")
        said = _another_urgency(case, before, urgency, reason)
        at = events.moment(store, now)
        cases.complete_person(store, case, person, by=by, at=at)
        store.execute(
            "UPDATE repairs SET category = :category, content = :content, place = :place,"
            " convenient_time = :convenient_time, urgency = :urgency WHERE case_id = :id",
            {**values, "urgency": urgency or before.urgency, "id": case.id},
        )
        changed = [key for key, value in values.items() if value != getattr(before, key)]
        changed += [
            key for key in ("name", "phone", "unit") if getattr(person, key) not in ("", None, getattr(case, key))
        ]
        changed += ["urgency"] if said else []
        events.record(store, "amend", "case", case.id, by=by, at=at, fields=changed)
        if said:
            note = f"{URGENCIES[before.urgency].zh} → {URGENCIES[urgency].zh}：{said}"
            cases.write_note(store, case.id, note, by=by, at=at)
        clocks.moved(store, case.id, KIND, "amend", by=by, at=at, why=said)
        store.touch("cases")
        return cases.whole(store, case.id)


def _another_urgency(case: Case, before: Repair, urgency: str, reason: str) -> str:
    """Return why it is as urgent as that, or '' when it stays as it was."""
    if not urgency or cases.choice(urgency, URGENCIES, code="urgency_unknown") == before.urgency:
        return ""
    if not allowed("set_urgency", case.state):
        raise Refused("urgency_settled")
    return cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)


def receipt(store: Store, case: Case) -> papers.RepairReceipt:
    """Return the facts of the owner's receipt, from the records: name and phone masked."""
    centre, repair = site(store), details(store, case)
    return papers.RepairReceipt(
        **spooling.coded(centre, case.token, clock.from_text(case.received_at)),
        no=case.no,
        ticket_no=visits.ticket_no_of(store, case.visit_id),
        category=CATEGORIES[repair.category],
        urgency=URGENCIES[repair.urgency],
        content=repair.content,
        place=repair.place,
        convenient_time=repair.convenient_time,
        expected=expected(centre, repair.urgency, phone=case.phone),
        department=departments.name(store, case.department),
        unit=public_unit(case.unit.building) if case.unit else "",
        name=mask_name(case.name),
        phone=mask_phone(case.phone),
        desk_phone=centre.phone,
    )


def rebuild(store: Store, case: Case, kind: str, part: str) -> papers.Paper:
    """Return the facts of a repair's paper anew, from the records. Refuses `paper_outdated`: the copies of a work order
    whose facts have changed since are replaced by a new edition, not printed again."""
    if kind == papers.RepairReceipt.KIND:
        return receipt(store, case)
    if kind == papers.ResultSlip.KIND:
        return result_papers.slip(store, case, int(part))
    if kind == papers.PaymentReceipt.KIND:
        return charges.receipt(store, case, part)
    paper = order_parts.of_part(part)
    # A live slip of an order that came back or was cancelled would send somebody out, and show whom to.
    if order_papers.is_over(store, paper.order_no):
        raise Refused("order_over")
    if not order_editions.holds(store, paper):
        raise Refused("paper_outdated")
    return order_papers.work_order(store, case, paper.order_no, paper.copy, paper.edition)
