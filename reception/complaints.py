"""Complaints (投诉): facts, class, wish, and a receipt that says when the first answer is due."""

from dataclasses import dataclass
from datetime import datetime

from db.store import Store
from reception import cases, departments, nonces, papers, spooling, visits
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.rules import clock
from reception.rules.masking import mask_name, mask_phone
from reception.site import Site, site
from reception.wording import Words

KIND = "complaint"
SERIES = "TS"
NAME = Words("投诉", "Complaint")
DEPARTMENT = "service"

CATEGORIES = {
    "service": Words("服务态度", "Service"),
    "repair": Words("维修质量", "Repair work"),
    "fees": Words("物业费用", "Fees"),
    "cleaning": Words("环境卫生", "Cleaning"),
    "security": Words("安全保障", "Security"),
    "parking": Words("车辆停放", "Parking"),
    "noise": Words("噪音扰民", "Noise"),
    "facilities": Words("公共设施", "Shared facilities"),
    "other": Words("其他", "Other"),
}
STATES = {
    "received": Words("已受理", "Received"),
    "acknowledged": Words("已回执", "Acknowledged"),
    "closed": Words("已办结", "Closed"),
    "withdrawn": Words("已撤回", "Withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """The details of a complaint."""

    category: str
    facts: str
    wish: str

    @property
    def category_words(self) -> Words:
        """The category as readers know it."""
        return CATEGORIES[self.category]


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
    visit_id: int | None = None,
    by: Actor,
    now: datetime,
) -> Case:
    """Receive a complaint and queue its receipt. The same nonce returns the same case.

    Refuses `category_unknown`, `facts_missing`, and what `cases.complainant`, `cases.text`, `nonces` refuse.
    """
    permit(by, "register_complaint")
    content = {
        "name": name,
        "phone": phone,
        "unit": unit,
        "category": category,
        "facts": facts,
        "wish": wish,
        "visit": visit_id,
    }

    def make(at: datetime) -> int:
        person = cases.complainant(store, name=name, phone=phone, unit=unit, by=by, unit_required=False)
        cases.choice(category, CATEGORIES, code="category_unknown")
        clean_facts, clean_wish = cases.text(facts, missing="facts_missing"), cases.text(wish, required=False)
        case = cases.open_case(
            store,
            kind=KIND,
            series=SERIES,
            state="received",
            person=person,
            visit_id=visit_id,
            department=DEPARTMENT,
            by=by,
            at=at,
        )
        store.execute(
            "INSERT INTO complaints (case_id, category, facts, wish) VALUES (?, ?, ?, ?)",
            [case.id, category, clean_facts, clean_wish],
        )
        spooling.enqueue(store, site(store), receipt(store, case), ref=cases.ref(case), at=at)
        return case.id

    return cases.whole(store, nonces.once(store, nonce, "register_complaint", content, now=now, make=make))


def details(store: Store, case: Case) -> Complaint:
    """Return what the complaint is about."""
    row = store.row("SELECT category, facts, wish FROM complaints WHERE case_id = ?", [case.id])
    assert row is not None
    return Complaint(*row)


def rebuild(store: Store, case: Case, kind: str, part: str) -> papers.Paper:
    """Return the facts of a complaint's paper anew, from the records."""
    return receipt(store, case)


def _expected(centre: Site) -> Words:
    """What the receipt promises: the figure that the clock of the first feedback runs by (`domain.md` K8)."""
    hours = centre.complaint_feedback_hours
    return Words(f"{hours} 小时内首次答复", f"First answer within {hours} hours")


def receipt(store: Store, case: Case) -> papers.ComplaintReceipt:
    """Return the facts of the receipt, from the records: name and phone masked."""
    centre, complaint = site(store), details(store, case)
    return papers.ComplaintReceipt(
        **spooling.coded(centre, case.token, clock.from_text(case.received_at)),
        no=case.no,
        ticket_no=visits.ticket_no_of(store, case.visit_id),
        category=CATEGORIES[complaint.category],
        facts=complaint.facts,
        wish=complaint.wish,
        expected=_expected(centre),
        department=departments.name(store, case.department),
        name=mask_name(case.name),
        phone=mask_phone(case.phone),
        desk_phone=centre.phone,
    )
