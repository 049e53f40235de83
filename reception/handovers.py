"""文件转交 (SYS-25): papers left at the desk for a member of staff or a home, until they are fetched or go back."""

from datetime import datetime
from functools import partial
from typing import Final

from db import paper_care
from db.store import Store, writing
from reception import case_steps, cases, consents, estate, events, feedback, nonces, spooling, tellings, visits
from reception.cases import Case
from reception.handover_facts import KIND, NAME, SERIES, STATES, Handover, details, rebuild, slip
from reception.permissions import Actor, Role, permit
from reception.refusal import Refused
from reception.rules import clock, numbers
from reception.rules.handover_states import handover
from reception.site import site

__all__ = ["KIND", "NAME", "SERIES", "STATES", "details", "rebuild"]

PARTS = ("bringer", "item")
MOST_PIECES: Final = 999


def receive(
    store: Store,
    *,
    nonce: str,
    name: str,
    phone: str = "",
    sender: str = "",
    to: str = "",
    unit: str = "",
    item: str,
    pieces: str = "1",
    place: str,
    visit_id: int | None = None,
    by: Actor,
    now: datetime,
) -> Case:
    """Take it in for a member of staff (`to`: his login) or a home (`unit`), print both parts of the record, and tell
    whoever of ours it is for. The same nonce returns the same case.

    Refuses `name_missing`, `addressee_missing`, `addressee_twice`, `addressee_unknown`, `item_missing`,
    `pieces_invalid`, `shelf_missing`, and what `visits.particulars`, `cases.text` and `nonces` refuse.
    """
    permit(by, "receive_handover")
    content = {
        "name": name,
        "phone": phone,
        "sender": sender,
        "to": to,
        "unit": unit,
        "item": item,
        "pieces": pieces,
        "place": place,
        "visit": visit_id,
    }

    def make(at: datetime) -> int:
        bringer = visits.particulars(store, name=name, phone=phone, by=by)
        if not bringer.name:
            raise Refused("name_missing")
        staff_id, department = _addressee(store, to, unit)
        home = estate.find_unit(store, unit.strip()) if unit.strip() else None
        person = visits.Particulars(bringer.name, bringer.phone, home)
        short = cases.SHORT_LIMIT
        case = cases.open_case(
            store,
            kind=KIND,
            series=SERIES,
            state="received",
            person=person,
            visit_id=None,
            department=department or by.department,
            by=by,
            at=at,
            category="home" if home else "staff",
        )
        if visit_id is not None:
            # The visitor's home is not the home that it is for.
            visits.remember(store, visit_id, bringer, by=by, at=at)
            store.execute("UPDATE cases SET visit_id = ? WHERE id = ?", [visit_id, case.id])
        store.execute(
            "INSERT INTO handovers (case_id, sender, to_staff_id, to_unit_id, item, pieces, place)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                case.id,
                cases.text(sender, required=False, limit=short),
                staff_id,
                home.id if home else None,
                cases.text(item, missing="item_missing", limit=200),
                _pieces(pieces),
                cases.text(place, missing="shelf_missing", limit=short),
            ],
        )
        if sender.strip():
            consents.keep(store, "handovers", case.id, by=by, at=at)
        if staff_id is not None:
            tellings.tell(store, case.id, staff_id, "papers", by=by, at=at)
        for part in PARTS:
            spooling.enqueue(
                store,
                site(store),
                slip(store, case, part),
                ref=cases.ref(case),
                part=part,
                at=at,
                printer=spooling.desk_printer(store),
            )
        return case.id

    return cases.whole(store, nonces.once(store, nonce, "receive_handover", content, now=now, make=make))


def _addressee(store: Store, to: str, unit: str) -> tuple[int | None, str]:
    if bool(to.strip()) == bool(unit.strip()):
        raise Refused("addressee_twice" if to.strip() else "addressee_missing")
    if unit.strip():
        return None, ""
    # Whoever works here may be sent papers, whether he has a page of the desk or not.
    row = store.row("SELECT id, department FROM staff WHERE login = ? AND active = 1", [to.strip()])
    if row is None:
        raise Refused("addressee_unknown")
    return row["id"], row["department"]


def _pieces(text: str) -> int:
    found = numbers.whole(text.strip())
    if found is None or not 1 <= found <= MOST_PIECES:
        raise Refused("pieces_invalid")
    return found


# Refuses `case_unknown`, `step_not_now`, `changed_meanwhile`.
_step = partial(case_steps.step, kind=KIND, life=handover)


def notify(store: Store, *, no: str, channel: str, by: Actor, now: datetime) -> Case:
    """The addressee was told by this way: that it lies here. Refuses as `_step`, and what `feedback.give` refuses."""

    def change(case: Case, at: datetime) -> None:
        found = details(store, case)
        told = f"有{found.item}待领取，存放：{found.place}"
        feedback.give(
            store, no=no, about="progress", channel=channel, receiver=found.addressee, text=told, by=by, now=at
        )
        if found.staff_id is not None:
            tellings.seen(store, case.id, found.staff_id, by=by, at=at)

    return _step(store, "notify", no, change, event="notify_handover", permission="notify_handover", by=by, now=now)


def addressee_knows(store: Store, case_id: int, *, by: Actor, at: datetime) -> None:
    """He saw it on his page of the desk, or was told by somebody: inside that act it counts as told."""
    case = cases.whole(store, case_id)
    if case.state == "received":
        cases.move(store, case, "notified", "notify_handover", by=by, at=at)


def deliver(store: Store, *, no: str, taken_by: str, signed: str, by: Actor, now: datetime) -> Case:
    """It was fetched: by whom, who signed the record on paper as this member of staff saw (`signed` "1").

    Refuses as `_step`, `taker_missing`, `signature_not_seen`, `handover_own` (nobody attests his own signature), texts.
    """

    def change(case: Case, at: datetime) -> None:
        taker = cases.text(taken_by, missing="taker_missing", limit=visits.NAME_LIMIT)
        if signed != "1":
            raise Refused("signature_not_seen")
        found = details(store, case)
        if taker == by.name or (found.staff_id == by.id and by.role is not Role.BOX):
            raise Refused("handover_own")
        store.execute(
            "UPDATE handovers SET taken_at = ?, taken_by = ?, seen_by = ? WHERE case_id = ? AND taken_at IS NULL",
            [clock.to_text(at), taker, by.id, case.id],
        )
        consents.keep(store, "handovers", case.id, by=by, at=at)
        _settle(store, case, found, by=by, at=at)

    return _step(store, "deliver", no, change, event="deliver_handover", permission="deliver_handover", by=by, now=now)


def give_back(store: Store, *, no: str, reason: str, by: Actor, now: datetime) -> Case:
    """It goes back to whoever brought it, and why; whoever of ours it was for is told so. Refuses as `_step`,
    `reason_missing`, texts."""

    def change(case: Case, at: datetime) -> None:
        why = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
        cases.write_note(store, case.id, why, by=by, at=at)
        found = details(store, case)
        _settle(store, case, found, by=by, at=at)
        if found.staff_id is not None:
            tellings.tell(store, case.id, found.staff_id, "went_back", by=by, at=at)

    return _step(
        store, "give_back", no, change, event="give_back_handover", permission="deliver_handover", by=by, now=now
    )


def _settle(store: Store, case: Case, found: Handover, *, by: Actor, at: datetime) -> None:
    """Nothing of it waits any more: neither a word to the addressee nor a part of the record."""
    if found.staff_id is not None:
        tellings.seen(store, case.id, found.staff_id, by=by, at=at)
    for entry in paper_care.of_ref(store, cases.ref(case)):
        if entry.part == "item":
            paper_care.void(store, entry.id, clock.to_text(at))


def moved_to(store: Store, *, no: str, place: str, by: Actor, now: datetime) -> Case:
    """It lies somewhere else now. Refuses `case_unknown`, `step_not_now`, `shelf_missing`, texts."""
    permit(by, "deliver_handover")
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        if case.kind != KIND or case.closed_at is not None:
            raise Refused("step_not_now")
        clean = cases.text(place, missing="shelf_missing", limit=cases.SHORT_LIMIT)
        store.execute("UPDATE handovers SET place = ? WHERE case_id = ?", [clean, case.id])
        at = events.moment(store, now)
        cases.move(store, case, case.state, "move_handover", by=by, at=at)
        return cases.whole(store, case.id)
