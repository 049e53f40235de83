"""身份核验 (SYS-14, RUL-41): that a document was seen, by whom, whether it matched; never its number. Agents (ROL-20).

What an agent may do for the owner of a case follows from what was seen: the power of attorney, and a document of the
owner.
"""

from dataclasses import dataclass
from datetime import datetime

from db.store import Store, writing
from reception import cases, consents, events, nonces, tickets, visits
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, people
from reception.rules.masking import mask_name, mask_phone
from reception.wording import Words

WHOSE = {
    "visitor": Words("来访人本人", "The visitor's own"),
    "owner": Words("业主（委托人）", "The owner's"),
    "agent": Words("代办人", "The agent's"),
}
POWER = "power_of_attorney"
DOCUMENTS = {
    "id_card": Words("身份证", "Identity card"),
    "passport": Words("护照", "Passport"),
    "residence_permit": Words("居住证", "Residence permit"),
    "work_card": Words("工作证", "Work card"),
    "licence": Words("营业执照", "Business licence"),
    "property_papers": Words("房产证、购房合同", "Title or contract of the home"),
    "introduction": Words("介绍信", "Letter of introduction"),
    POWER: Words("委托书", "Power of attorney"),
}
# Of these the owner is known himself.
OF_THE_OWNER = frozenset({"id_card", "passport", "residence_permit"})
NOTE_LIMIT = 40


@dataclass(frozen=True, slots=True)
class Check:
    """A document that somebody of ours saw."""

    whose: str
    document: str
    matched: bool
    note: str
    at: str
    by_name: str

    @property
    def words(self) -> Words:
        """Which document."""
        return DOCUMENTS[self.document]

    @property
    def whose_words(self) -> Words:
        """Whose it is."""
        return WHOSE[self.whose]


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who raised a case for its owner; masked unless the reader holds the case.

    `power_seen`: the power of attorney; `owner_seen`: a document of the owner. Without both he speaks for nobody.
    """

    name: str
    phone: str
    at: str
    by_name: str
    power_seen: bool
    owner_seen: bool

    @property
    def authorised(self) -> bool:
        """Whether he may agree to a price, or take something back, for the owner."""
        return self.power_seen and self.owner_seen


def check(
    store: Store,
    *,
    nonce: str,
    no: str,
    whose: str,
    document: str,
    matched: str,
    note: str = "",
    by: Actor,
    now: datetime,
) -> Case:
    """Record that a document was seen for a case, and whether it matched. Its number is asked nowhere.

    The same nonce records it once. Refuses `case_unknown`, `whose_unknown`, `document_unknown`, `flag_invalid`,
    `digits_in_note`, texts, the refusals of a nonce.
    """
    permit(by, "check_identity")
    case = cases.find(store, no, by=by)

    def make(at: datetime) -> int:
        seen = _record(store, case.id, None, whose, document, matched, note, by=by, at=at)
        events.record(store, "check_identity", "case", case.id, by=by, at=at, document=document)
        store.touch("cases")
        return seen

    content = {"case": case.id, "whose": whose, "document": document, "matched": matched, "note": note}
    nonces.once(store, nonce, "check_identity", content, now=now, make=make)
    return case


def check_visitor(
    store: Store, *, nonce: str, ticket: str, document: str, matched: str, note: str = "", by: Actor, now: datetime
) -> int:
    """Record that a document of the visitor was seen whom this member of staff serves; return the visit.

    Refuses `ticket_unknown`, `not_serving`, and as `check`.
    """
    permit(by, "check_identity")
    visit_id = visits.visitor(store, tickets.by_no(store, ticket, by=by), by=by).visit_id

    def make(at: datetime) -> int:
        seen = _record(store, None, visit_id, "visitor", document, matched, note, by=by, at=at)
        events.record(store, "check_identity", "visit", visit_id, by=by, at=at, document=document)
        store.touch("queue")
        return seen

    content = {"visit": visit_id, "document": document, "matched": matched, "note": note}
    nonces.once(store, nonce, "check_identity", content, now=now, make=make)
    return visit_id


def _record(
    store: Store,
    case_id: int | None,
    visit_id: int | None,
    whose: str,
    document: str,
    matched: str,
    note: str,
    *,
    by: Actor,
    at: datetime,
) -> int:
    cases.choice(whose, WHOSE, code="whose_unknown")
    cases.choice(document, DOCUMENTS, code="document_unknown")
    clean = cases.text(note, required=False, limit=NOTE_LIMIT)
    if has_figures(clean):
        raise Refused("digits_in_note")
    if matched not in {"0", "1"}:
        raise Refused("flag_invalid")
    return store.insert(
        "INSERT INTO identity_checks (case_id, visit_id, whose, document, matched, note, at, by_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [case_id, visit_id, whose, document, int(matched), clean, clock.to_text(at), by.id],
    )


def has_figures(text: str) -> bool:
    """Whether figures stand in a text, in whatever script: a number might be meant by them."""
    return any(char.isdigit() for char in text)


def of_case(store: Store, case: Case) -> list[Check]:
    """Return what was seen for a case that the reader was let in to, oldest first."""
    return _checks(store, "case_id", case.id)


def of_visit(store: Store, visit_id: int) -> list[Check]:
    """Return what was seen of a visitor, oldest first."""
    return _checks(store, "visit_id", visit_id)


def _checks(store: Store, column: str, subject: int) -> list[Check]:
    rows = store.rows(
        "SELECT whose, document, matched, note, at, staff.name FROM identity_checks"  # noqa: S608
        f" JOIN staff ON staff.id = by_id WHERE {column} = ? ORDER BY identity_checks.id",
        [subject],
    )
    return [Check(row[0], row[1], bool(row[2]), *row[3:]) for row in rows]


def name_agent(store: Store, *, no: str, name: str, phone: str = "", by: Actor, now: datetime) -> Case:
    """Say that a case was raised by an agent for its owner; said again, it is corrected.

    Refuses `case_unknown`, `case_over`, `name_missing`, `digits_in_note` (in the name), `phone_invalid`, texts.
    """
    permit(by, "check_identity")
    with writing(store):
        case = cases.find(store, no, by=by)
        if case.closed_at is not None:
            raise Refused("case_over")
        clean = cases.text(name, missing="name_missing", limit=visits.NAME_LIMIT)
        if has_figures(clean):
            raise Refused("digits_in_note")
        try:
            number = people.clean_phone(phone) if phone.strip() else ""
        except ValueError as error:
            raise Refused(str(error)) from None
        at = events.moment(store, now)
        store.execute(
            "INSERT INTO case_agents (case_id, name, phone, at, by_id) VALUES (?, ?, ?, ?, ?)"
            # Another person: what was seen of the one before was not seen of him.
            " ON CONFLICT (case_id) DO UPDATE SET at = iif(name = excluded.name, at, excluded.at),"
            " name = excluded.name, phone = excluded.phone, by_id = excluded.by_id",
            [case.id, clean, number, clock.to_text(at), by.id],
        )
        consents.keep(store, "case_agents", case.id, by=by, at=at)
        events.record(store, "name_agent", "case", case.id, by=by, at=at)
        store.touch("cases")
        return case


def agent(store: Store, case: Case) -> Agent | None:
    """Return the agent of a case that the reader was let in to, or None where its owner speaks for himself.

    A power of attorney that was seen before he was named is not his.
    """
    row = store.row(
        "SELECT case_agents.*, staff.name AS by_name FROM case_agents JOIN staff ON staff.id = by_id WHERE case_id = ?",
        [case.id],
    )
    if row is None:
        return None
    seen = [one for one in of_case(store, case) if one.matched]
    return Agent(
        name=row["name"] if case.whole else mask_name(row["name"]),
        phone=row["phone"] if case.whole else mask_phone(row["phone"]),
        at=row["at"],
        by_name=row["by_name"],
        power_seen=any(one.document == POWER and one.at >= row["at"] for one in seen),
        owner_seen=any(one.whose == "owner" and one.document in OF_THE_OWNER for one in seen),
    )
