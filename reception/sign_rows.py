"""The rows of a booking's chain: asked for, signed, void; every function is called inside an act."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from sqlite3 import Row
from typing import NamedTuple

from db.store import Store
from reception import cases, sign_chain, sign_deputies, tellings
from reception.booking_facts import Booking
from reception.cases import Case
from reception.permissions import Actor
from reception.refusal import Refused
from reception.rules import clock, numbers
from reception.sign_chain import ChainStep
from reception.site import site


class Given(NamedTuple):
    """What a signature says: opinion, who handles it, by when, and from which one that was taken over."""

    opinion: str
    department: str | None = None
    deadline_on: str | None = None
    inherits_id: int | None = None


def departments(store: Store, chosen: Sequence[str]) -> list[str]:
    """Return the departments responsible, each once. Refuses `departments_missing`, `department_unknown`."""
    found = [code for code in dict.fromkeys(chosen) if code]
    if not found:
        raise Refused("departments_missing")
    for code in found:
        check_department(store, code)
    return found


def check_department(store: Store, code: str) -> str:
    """Return a department that there is. Refuses `department_unknown`."""
    if store.value("SELECT 1 FROM departments WHERE code = ?", [code]) is None:
        raise Refused("department_unknown")
    return code


def ask(
    store: Store, case: Case, booking: Booking, steps: Iterable[ChainStep], chosen: Sequence[str], at: datetime
) -> dict[str, int]:
    """Write a row for every signature that the chain asks for; return step -> the id of (one of) its rows."""
    due = sign_chain.cut_off(store, booking.day)
    values = {
        "case": case.id,
        "wording": booking.wording,
        "now": clock.to_text(at),
        "due": clock.to_text(due),
        "remind": clock.to_text(sign_chain.half_time(store, at, due)),
    }
    values["round"] = store.value("SELECT coalesce(max(round), 0) + 1 FROM endorsements WHERE case_id = ?", [case.id])
    return {
        one.step: store.insert(
            "INSERT INTO endorsements (case_id, wording, round, step, position, department, asked_at,"
            " remind_at, due_at) VALUES (:case, :wording, :round, :step, :position, :department, :now, :remind, :due)",
            values | {"step": one.step, "position": one.position, "department": department},
        )
        for one in steps
        for department in (chosen if one.step == "departments" else [None])
    }


def find(store: Store, case: Case, signature: str) -> Row:
    """Return the row that somebody is to sign. Refuses `nothing_to_sign`, `signed_already`, `signature_void`,
    `not_your_turn`."""
    known = numbers.whole(signature.strip())
    row = store.row(
        "SELECT endorsements.*, (SELECT min(position) FROM endorsements AS open"
        " WHERE open.case_id = endorsements.case_id AND open.state = 'pending') AS now_at"
        " FROM endorsements WHERE id = ? AND case_id = ?",
        [known, case.id],
    )
    if row is None:
        raise Refused("nothing_to_sign")
    if row["state"] != "pending":
        raise Refused("signature_void" if row["state"] == "void" else "signed_already")
    if row["position"] != row["now_at"]:
        raise Refused("not_your_turn")
    return row


def check_day(store: Store, booking: Booking, at: datetime) -> None:
    """Refuse `signing_over`: nobody is admitted to a day that is over; the booking needs another first."""
    today = clock.local_day(at, site(store).zone)
    if booking.day.over or booking.day.actual_on < today:
        raise Refused("signing_over")


def whose(store: Store, row: Row, *, by: Actor, at: datetime) -> tuple[int, bool]:
    """Return whose signature somebody gives: his own, or that of one who named him.

    Refuses `not_yours_to_sign`, and `witness_signs_himself` for one who entered another's from the paper here (K3, 6).
    """
    assert by.id is not None
    if store.value(
        "SELECT 1 FROM endorsements WHERE case_id = ? AND round = ? AND on_paper = 1 AND signed_by = ?",
        [row["case_id"], row["round"], by.id],
    ):
        raise Refused("witness_signs_himself")
    asked = sign_chain.signers(store, row["step"], row["department"])
    if by.id in asked:
        return by.id, False
    for one in sign_deputies.stands_for(store, by.id, at):
        if one in asked:
            return one, True
    raise Refused("not_yours_to_sign")


def given(
    store: Store, row_id: int, opinion: str, department: str, deadline_on: str, inherits: str, at: datetime
) -> Given:
    """Return what a signature that agrees says; all three are there (RUL-06).

    Refuses `opinion_missing`, `department_unknown`, `earlier_unknown` (what is taken over does not stand), what
    `sign_chain.handling_deadline` and texts refuse.
    """
    if not inherits:
        clean = cases.text(opinion, missing="opinion_missing")
        return Given(clean, check_department(store, department), sign_chain.handling_deadline(store, deadline_on, at))
    row = store.row(
        "SELECT earlier.* FROM endorsements AS earlier JOIN endorsements AS this USING (case_id, wording, round)"
        " WHERE this.id = ? AND earlier.id = ? AND earlier.state = 'agreed'",
        [row_id, numbers.whole(inherits.strip())],
    )
    if row is None:
        raise Refused("earlier_unknown")
    day = sign_chain.handling_deadline(store, row["deadline_on"], at)
    return Given(row["opinion"], row["handling_department"], day, row["id"])


def last(store: Store, no: str, signature: str) -> str:
    """Return the id of the signature that was given last before this one, '' for none: `sign` refuses that."""
    found = store.value(
        "SELECT earlier.id FROM endorsements AS this JOIN endorsements AS earlier USING (case_id, wording, round)"
        " WHERE this.id = ? AND earlier.state = 'agreed' ORDER BY earlier.signed_at DESC, earlier.id DESC LIMIT 1",
        [numbers.whole(signature.strip())],
    )
    return "0" if found is None else str(found)


def put(
    store: Store,
    row_id: int,
    state: str,
    said: Given,
    *,
    whose: int,
    on_behalf: bool = False,
    on_paper: bool = False,
    by: Actor,
    at: datetime,
) -> None:
    """Write a signature into the row that asks for it. Refuses `changed_meanwhile`."""
    done = store.changed(
        "UPDATE endorsements SET state = :state, opinion = :opinion, handling_department = :department,"
        " deadline_on = :deadline, inherits_id = :inherits, signed_for = :whose, signed_by = :by,"
        " on_behalf = :on_behalf, on_paper = :on_paper, signed_at = :at WHERE id = :id AND state = 'pending'"
        " AND wording = (SELECT wording FROM visit_day_bookings WHERE case_id = endorsements.case_id)",
        {
            "id": row_id,
            "state": state,
            "opinion": said.opinion,
            "department": said.department,
            "deadline": said.deadline_on,
            "inherits": said.inherits_id,
            "whose": whose,
            "by": by.id,
            "on_behalf": on_behalf,
            "on_paper": on_paper,
            "at": clock.to_text(at),
        },
    )
    if not done:
        raise Refused("changed_meanwhile")
    # Whoever signs has seen that something waits for him; for the rest of it he is told anew.
    for what in ("to_sign", "sign_soon"):
        tellings.settled(store, whose, what, by=by, at=at)
        tellings.settled(store, by.id or 0, what, by=by, at=at)


def on_paper_by(store: Store, row: Row, login: str) -> int:
    """Return whose signature stands on the paper, by his login. Refuses `signer_unknown`: he is not asked."""
    found = store.value("SELECT id FROM staff WHERE login = ? AND active = 1", [login])
    if found is None or found not in sign_chain.signers(store, row["step"], row["department"]):
        raise Refused("signer_unknown")
    return int(found)


def check_witness(store: Store, row: Row, signer: int, *, by: Actor) -> None:
    """Refuse `own_hand_signs_here`, and `witness_signs_himself` for one who signs in this chain (K3, 6)."""
    if signer == by.id:
        raise Refused("own_hand_signs_here")
    for other in store.rows(
        "SELECT step, department, state, signed_by, on_paper FROM endorsements WHERE case_id = ? AND round = ?",
        [row["case_id"], row["round"]],
    ):
        signed = other["signed_by"] == by.id and not other["on_paper"]
        asked = other["state"] == "pending" and by.id in sign_chain.signers(store, other["step"], other["department"])
        if signed or asked:
            raise Refused("witness_signs_himself")


def pending(store: Store, case_id: int) -> bool:
    """Tell whether somebody of the chain is still to sign."""
    return bool(store.value("SELECT 1 FROM endorsements WHERE case_id = ? AND state = 'pending'", [case_id]))


def lacks(store: Store, case_id: int) -> bool:
    """Tell whether a step in use has no signature that stands under this wording."""
    return bool(
        store.value(
            "SELECT 1 FROM sign_steps WHERE active = 1 AND NOT EXISTS (SELECT 1 FROM endorsements JOIN"
            " visit_day_bookings AS booked USING (case_id, wording) WHERE case_id = ?"
            " AND endorsements.step = sign_steps.step AND state = 'agreed')",
            [case_id],
        )
    )


def void(store: Store, case_id: int, why: str) -> None:
    """Let no signature of a booking count any more, nor any be asked for; the one that disagreed stays as it is."""
    store.execute(
        "UPDATE endorsements SET state = 'void', void_reason = ? WHERE case_id = ? AND state IN ('pending', 'agreed')",
        [why, case_id],
    )


def ask_nobody(store: Store, case_id: int) -> None:
    """Let nobody be asked any more, inside the act that ends a booking; what was signed stays as it was."""
    store.execute(
        "UPDATE endorsements SET state = 'void', void_reason = 'withdrawn' WHERE case_id = ? AND state = 'pending'",
        [case_id],
    )


def involved(store: Store, case_id: int) -> list[int]:
    """Return who signed what stands, or is to sign now."""
    found: list[int] = []
    for row in store.rows(
        "SELECT step, department, state, signed_for, signed_by, on_paper, position = (SELECT min(position)"
        " FROM endorsements AS open WHERE open.case_id = endorsements.case_id AND open.state = 'pending') AS turn"
        " FROM endorsements WHERE case_id = ? AND state IN ('pending', 'agreed') ORDER BY id",
        [case_id],
    ):
        if row["state"] == "agreed":
            found += [row["signed_for"]] + ([] if row["on_paper"] else [row["signed_by"]])
        elif row["turn"]:
            found += sign_chain.signers(store, row["step"], row["department"])
    return list(dict.fromkeys(found))


def reviewers(store: Store, case_id: int) -> list[int]:
    """Return who let the booking through, and who holds it."""
    rows = store.rows(
        "SELECT signed_by FROM endorsements WHERE case_id = :case AND step = 'review' AND state = 'agreed'"
        " UNION SELECT owner_id FROM cases WHERE id = :case AND sealed = 0",
        {"case": case_id},
    )
    return [row[0] for row in rows]


def tell(store: Store, case_id: int, people: Iterable[int], what: str, *, by: Actor, at: datetime) -> None:
    """Tell members of staff something of a booking, each once."""
    for one in dict.fromkeys(people):
        tellings.tell(store, case_id, one, what, by=by, at=at)


def tell_turn(store: Store, case_id: int, what: str, *, by: Actor, at: datetime, after: int | None = None) -> list[int]:
    """Tell whoever may sign now, and who stands in for him; return the ids of those rows.

    `after` is a signature just given: its own step had been told before.
    """
    position = store.value("SELECT min(position) FROM endorsements WHERE case_id = ? AND state = 'pending'", [case_id])
    if after is not None and store.value("SELECT position FROM endorsements WHERE id = ?", [after]) == position:
        return []
    rows = store.rows(
        "SELECT id, step, department FROM endorsements WHERE case_id = ? AND state = 'pending' AND position = ?",
        [case_id, position],
    )
    for row in rows:
        for one in sign_chain.signers(store, row["step"], row["department"]):
            tell(store, case_id, [one, *sign_deputies.of(store, one, at)], what, by=by, at=at)
    return [row["id"] for row in rows]
