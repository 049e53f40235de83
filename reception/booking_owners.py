"""Who may book the visit day (RUL-07, ROL-20): an owner by the file of his home or by papers seen, or who acts for him.

Of a document it is kept that it was seen, by whom, never its number (`identity`).
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from db.store import Store, writing
from reception import booking_facts, cases, events, identity
from reception.cases import Case
from reception.estate import Unit
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules.booking_states import BEFORE_MEETING
from reception.visits import Particulars
from reception.wording import Words

# How the desk knows of an owner whom the file does not name.
PROOFS: Final = {
    "": Words("按业主档案", "By the file of the home"),
    "papers": Words("已看房产证或购房合同", "Property papers seen"),
    "agent": Words("受业主委托代办", "Acts for the owner"),
}
# How an ownership that was left open is settled.
SETTLED_BY: Final = {
    "papers": PROOFS["papers"],
    "register": Words("业主档案已更正", "The file of the home names him now"),
    "agent": PROOFS["agent"],
}


@dataclass(frozen=True, slots=True)
class Proof:
    """What the desk saw: `kind` of PROOFS; for an agent his name, his telephone, and the owner's document."""

    kind: str = ""
    agent_name: str = ""
    agent_phone: str = ""
    power_seen: str = ""
    owner_document: str = ""


NOTHING_SEEN: Final = Proof()


def relation(store: Store, unit: Unit, *, name: str, phone: str) -> str | None:
    """Return what somebody is to a home by its file (`owner`, `tenant`, ...); None for a telephone it does not know.

    A name alone says nothing: anybody may know it, and others bear it.
    """
    rows = store.rows(
        "SELECT name, relation FROM residents WHERE unit_id = ? AND phone = ? ORDER BY id", [unit.id, phone]
    )
    # Two of a family may share a telephone.
    found = {row["relation"] for row in rows if row["name"] == name} or {row["relation"] for row in rows}
    return None if not found else "owner" if "owner" in found else str(min(found))


def ownership(store: Store, person: Particulars, proof: Proof, *, by: Actor) -> str:
    """Return how it is known that an owner books, as `booking_facts.OWNERSHIP` names it.

    Refuses `owners_only` (the file knows him as tenant, family or agent), `proof_unknown`, `agent_unproven` (power of
    attorney and a document of the owner are both to be seen), `not_permitted` (only the desk sees papers).
    """
    if proof.kind not in PROOFS:
        raise Refused("proof_unknown")
    if proof.kind:
        permit(by, "check_identity")
    if proof.kind == "agent":
        if proof.power_seen != "1" or proof.owner_document not in identity.OF_THE_OWNER:
            raise Refused("agent_unproven")
        return "agent"
    assert person.unit is not None
    known = relation(store, person.unit, name=person.name, phone=person.phone)
    if known is None:
        return proof.kind or "unchecked"
    if known != "owner":
        raise Refused("owners_only")
    return "register"


def keep(store: Store, case: Case, proof: Proof, found: str, *, nonce: str, by: Actor, at: datetime) -> None:
    """Keep what was seen inside the act that books. Refuses what `identity` refuses."""
    if found == "papers":
        _seen(store, case, "visitor", "property_papers", nonce=nonce, by=by, at=at)
    elif found == "agent":
        identity.name_agent(store, no=case.no, name=proof.agent_name, phone=proof.agent_phone, by=by, now=at)
        _seen(store, case, "agent", identity.POWER, nonce=nonce, by=by, at=at)
        _seen(store, case, "owner", proof.owner_document, nonce=nonce, by=by, at=at)


def _seen(store: Store, case: Case, whose: str, document: str, *, nonce: str, by: Actor, at: datetime) -> None:
    # The nonce of the form is the booking's own.
    own = hashlib.sha256(f"{nonce}:{document}".encode()).hexdigest()
    identity.check(store, nonce=own, no=case.no, whose=whose, document=document, matched="1", by=by, now=at)


def settle_ownership(store: Store, *, nonce: str, no: str, how: str, by: Actor, now: datetime) -> Case:
    """Settle whether an owner booked, where it was left open (kiosk, phone); return the case.

    `how`: `papers` (property papers are seen now, and that is kept), `register` (the file of the home names him now),
    `agent` (agent, power of attorney and the owner's document stand with the case already). Settled so already, it
    stays so. Refuses `case_unknown`, `proof_unknown`, `step_not_now`, `ownership_settled`, `owner_not_in_file`,
    `agent_unproven`.
    """
    permit(by, "settle_ownership")
    with writing(store):
        case = cases.find(store, no, by=by)
        if case.kind != booking_facts.KIND or case.state not in BEFORE_MEETING:
            raise Refused("step_not_now")
        if how not in SETTLED_BY:
            raise Refused("proof_unknown")
        if booking_facts.details(store, case).ownership == how:
            return case
        at = events.moment(store, now)
        whole = cases.whole(store, case.id)
        if how == "register" and (
            whole.unit is None or relation(store, whole.unit, name=whole.name, phone=whole.phone) != "owner"
        ):
            raise Refused("owner_not_in_file")
        agent = identity.agent(store, case)
        if how == "agent" and (agent is None or not agent.authorised):
            raise Refused("agent_unproven")
        if not store.changed(
            "UPDATE visit_day_bookings SET ownership = ? WHERE case_id = ? AND ownership = 'unchecked'", [how, case.id]
        ):
            raise Refused("ownership_settled")
        if how == "papers":
            _seen(store, case, "visitor", "property_papers", nonce=nonce, by=by, at=at)
        events.record(store, "settle_ownership", "case", case.id, by=by, at=at, how=how)
        store.touch("cases")
        return cases.find(store, no, by=by)
