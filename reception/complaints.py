"""Receiving complaints (投诉): facts, class, severity, wish, and a receipt that says when the first answer is due."""

from collections.abc import Sequence
from datetime import datetime

from db.store import Store
from reception import (
    about_staff,
    cases,
    clocks,
    complaint_facts,
    departments,
    nonces,
    papers,
    seals,
    sequences,
    spooling,
    visits,
)
from reception.cases import Case
from reception.complaint_facts import DEPARTMENT, KIND, SERIES, SEVERITIES, details
from reception.permissions import Actor, may, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.rules.masking import mask_name, mask_phone
from reception.site import Site, site
from reception.wording import Words


def register(
    store: Store,
    *,
    nonce: str,
    name: str,
    phone: str,
    unit: str = "",
    category: str,
    facts: str,
    wish: str = "",
    severity: str = "",
    source: str = "desk",
    spawned_from: str = "",
    visit_id: int | None = None,
    hears: str = "",
    accused: Sequence[str] = (),
    by: Actor,
    now: datetime,
) -> Case:
    """Receive a complaint, ordinary unless said otherwise, and queue its receipt. The same nonce returns the same case.

    `hears` is the role that shall hear a complaint about one of us (`about_staff`): it is sealed, and that role's from
    now on; `accused` are the logins of those it is about, named by whoever may read it. `spawned_from` is the
    number of the case that it comes out of. Refuses `category_unknown`,
    `severity_unknown`, `facts_missing`, and what `cases.complainant`, `cases.text`, `nonces` and `about_staff` refuse.
    """
    permit(by, "register_complaint")
    seal = about_staff.seal_of(hears)
    if any(accused) and (not seal or not may(by, "hear_about_staff") or seals.RANKS[by.role] < seal):
        raise Refused("not_permitted")
    content = {
        "name": name,
        "phone": phone,
        "unit": unit,
        "category": category,
        "facts": facts,
        "wish": wish,
        "severity": severity,
        "source": source,
        "visit": visit_id,
    } | ({"hears": hears, "accused": sorted(accused)} if seal else {})
    content |= {"from": spawned_from} if spawned_from else {}

    def make(at: datetime) -> int:
        person = cases.complainant(store, name=name, phone=phone, unit=unit, by=by, unit_required=False)
        cases.choice(category, complaint_facts.classes(store), code="category_unknown")
        grave = cases.choice(severity or "ordinary", SEVERITIES, code="severity_unknown")
        clean_facts, clean_wish = cases.text(facts, missing="facts_missing"), cases.text(wish, required=False)
        case = cases.open_case(
            store,
            kind=KIND,
            series=SERIES,
            no=sequences.drawn_no(store, about_staff.SERIES, at) if seal else None,
            state="received",
            person=person,
            visit_id=visit_id,
            department=DEPARTMENT,
            owner=about_staff.hearer(store, hears, by=by) if seal else None,
            source=source,
            spawned_from=cases.find(store, spawned_from, by=by).id if spawned_from else None,
            sealed=seal,
            by=by,
            at=at,
            category=category,
        )
        store.execute(
            "INSERT INTO complaints (case_id, category, severity, facts, wish) VALUES (?, ?, ?, ?, ?)",
            [case.id, category, grave, clean_facts, clean_wish],
        )
        about_staff.name_inside(store, case.id, accused, by=by)
        # How long a reply may take depends on how grave it is.
        clocks.moved(store, case.id, KIND, "described", by=by, at=at)
        spooling.enqueue(store, site(store), receipt(store, case), ref=cases.ref(case), at=at)
        return case.id

    return cases.whole(store, nonces.once(store, nonce, "register_complaint", content, now=now, make=make))


def rebuild(store: Store, case: Case, kind: str, part: str) -> papers.Paper:
    """Return the facts of a complaint's paper anew, from the records."""
    return receipt(store, case)


def _expected(centre: Site) -> Words:
    """What the receipt promises: the figure that the clock of the first feedback runs by (`domain.md` K8)."""
    hours = centre.complaint_feedback_hours
    return Words(f"{hours} 小时内首次答复", f"First answer within {hours} hours")


def receipt(store: Store, case: Case) -> papers.ComplaintReceipt | papers.PrivateReceipt:
    """Return the facts of the receipt, from the records: name and phone masked; of a sealed one nothing of the matter,
    for it lies about."""
    centre, complaint = site(store), details(store, case)
    coded = spooling.coded(centre, case.token, clock.from_text(case.received_at))
    if case.sealed:
        return papers.PrivateReceipt(**coded, no=case.no, expected=_expected(centre), desk_phone=centre.phone)
    return papers.ComplaintReceipt(
        **coded,
        no=case.no,
        ticket_no=visits.ticket_no_of(store, case.visit_id),
        category=complaint.category_words,
        facts=complaint.facts,
        wish=complaint.wish,
        expected=_expected(centre),
        department=departments.name(store, case.department),
        name=mask_name(case.name),
        phone=mask_phone(case.phone),
        desk_phone=centre.phone,
    )
