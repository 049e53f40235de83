"""关于工作人员: a complaint about one of us, known to the heads alone and never to the person it is about (SYS-07).

Whoever raises it says who shall hear it, so that neither head receives a complaint about himself.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from db import paper_care
from db.store import Store, writing
from reception import cases, complaint_facts, events, seals
from reception.cases import Case
from reception.permissions import Actor, Role, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.wording import Words

# Its numbers are a series of their own, for a gap among the others' would tell of it; and they are drawn: whoever notes
# a call for a head reads from its receipt no count of the others.
SERIES: Final = "ZJ"
# To whom it is sealed, by who shall hear it.
HEARERS: Final = {
    "service_head": Words("客服主管（项目经理也可看到）", "The head of service (the manager sees it too)"),
    "manager": Words("仅项目经理", "The manager alone"),
}


def seal_of(hears: str) -> int:
    """Return the seal of a complaint that this role shall hear; 0 for none. Refuses `hearer_unknown`."""
    if not hears:
        return 0
    if hears not in HEARERS:
        raise Refused("hearer_unknown")
    return seals.RANKS[Role(hears)]


def hearer(store: Store, hears: str, *, by: Actor) -> int:
    """Return who holds such a complaint: whoever receives it where he may, else the first with that role.

    Refuses `nobody_hears`.
    """
    if by.id is not None and by.hears_as == hears:
        return by.id
    found: int | None = store.value(
        "SELECT id FROM staff WHERE role = ? AND active = 1 AND unconfirmed = 0 ORDER BY id", [hears]
    )
    if found is None:
        raise Refused("nobody_hears")
    return found


def name_inside(store: Store, case_id: int, logins: Sequence[str], *, by: Actor) -> None:
    """Write down inside an act whom a complaint is about.

    Only who may read the case names somebody, and never himself: so there is always one left to hear it. Refuses
    `staff_unknown`, `accused_yourself`.
    """
    for login in dict.fromkeys(login for login in logins if login):
        found = store.value("SELECT id FROM staff WHERE login = ?", [login])
        if found is None:
            raise Refused("staff_unknown")
        if found == by.id:
            raise Refused("accused_yourself")
        store.execute(
            "INSERT INTO case_accused (case_id, staff_id) VALUES (?, ?) ON CONFLICT DO NOTHING", [case_id, found]
        )
    _keep_to_hearers(store, case_id, by=by)


def _keep_to_hearers(store: Store, case_id: int, *, by: Actor) -> None:
    """Take a sealed case, and what is supervised of it, out of the hands of those for whom it exists no more."""
    if not _hears(store, case_id, store.value("SELECT owner_id FROM cases WHERE id = ?", [case_id])):
        store.execute("UPDATE cases SET owner_id = ? WHERE id = ?", [by.id, case_id])
    looks = store.value("SELECT handler_id FROM complaints WHERE case_id = ?", [case_id])
    if looks is not None and not _hears(store, case_id, looks):
        store.execute("UPDATE complaints SET handler_id = NULL WHERE case_id = ?", [case_id])
    running = "SELECT id, charge_id FROM supervisions WHERE case_id = ? AND state IN ('open', 'reminded', 'overdue')"
    for row in store.rows(running, [case_id]):
        if not _hears(store, case_id, row["charge_id"]):
            store.execute("UPDATE supervisions SET charge_id = ? WHERE id = ?", [by.id, row["id"]])


def seal(
    store: Store, *, no: str, hears: str = "service_head", accused: Sequence[str] = (), by: Actor, now: datetime
) -> Case:
    """Seal a complaint that turns out to be about one of us, and name him; whoever may not hear it holds it no more.

    What is merged with it is sealed with it, else merging would stand in its way; papers of it that did not come out
    never will, for they bear its matter and its names. Refuses `case_unknown`,
    `step_not_now` (no complaint), `hearer_unknown`, `sealed_already`, and what `name_inside` refuses.
    """
    permit(by, "hear_about_staff")
    with writing(store):
        case = _found(store, no, by)
        rank = seal_of(hears)
        if not rank or rank > seals.RANKS[by.role]:
            raise Refused("hearer_unknown")
        for case_id in _together(store, case):
            if not store.changed("UPDATE cases SET sealed = ? WHERE id = ? AND sealed = 0", [rank, case_id]):
                raise Refused("sealed_already")
            name_inside(store, case_id, accused, by=by)
            at = events.moment(store, now)
            for entry in paper_care.of_ref(store, cases.ref(cases.whole(store, case_id))):
                paper_care.void(store, entry.id, clock.to_text(at))
            events.record(store, "seal", "case", case_id, by=by, at=at, rank=rank)
        store.touch("cases", "papers")
        return cases.whole(store, case.id)


def name(store: Store, *, no: str, accused: str, by: Actor, now: datetime) -> Case:
    """Name whom a sealed complaint is about, as soon as that is known. Refuses `case_unknown`, `not_sealed`,
    `staff_unknown`, `accused_yourself`."""
    permit(by, "hear_about_staff")
    with writing(store):
        case = _found(store, no, by)
        if not case.sealed:
            raise Refused("not_sealed")
        if not accused:
            raise Refused("staff_unknown")
        at = events.moment(store, now)
        for case_id in _together(store, case):
            name_inside(store, case_id, [accused], by=by)
            staff_id = store.value("SELECT id FROM staff WHERE login = ?", [accused])
            events.record(store, "name_accused", "case", case_id, by=by, at=at, staff=staff_id)
        store.touch("cases", "papers")
        return cases.whole(store, case.id)


def unname(store: Store, *, no: str, accused: str, reason: str, by: Actor, now: datetime) -> Case:
    """Take back a name that was a slip, with a reason: else a head named by mistake is shut out for ever.

    Refuses `case_unknown`, `not_sealed`, `reason_missing`, `staff_unknown` (not named), and what texts refuse.
    """
    permit(by, "hear_about_staff")
    with writing(store):
        case = _found(store, no, by)
        if not case.sealed:
            raise Refused("not_sealed")
        clean = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
        staff_id, at = store.value("SELECT id FROM staff WHERE login = ?", [accused]), events.moment(store, now)
        for case_id in _together(store, case):
            gone = "DELETE FROM case_accused WHERE case_id = ? AND staff_id = ?"
            if not store.changed(gone, [case_id, staff_id]):
                raise Refused("staff_unknown")
            cases.write_note(store, case_id, clean, by=by, at=at)
            events.record(store, "unname_accused", "case", case_id, by=by, at=at, staff=staff_id)
        store.touch("cases", "papers")
        return cases.whole(store, case.id)


def share(store: Store, *, no: str, by: Actor, now: datetime) -> Case:
    """Let the head of service in on what was sealed to the manager alone. Refuses `case_unknown`, `not_sealed`."""
    permit(by, "hear_about_staff")
    with writing(store):
        case = _found(store, no, by)
        for case_id in _together(store, case):
            if not store.changed("UPDATE cases SET sealed = 1 WHERE id = ? AND sealed = 2", [case_id]):
                raise Refused("not_sealed")
            events.record(store, "share_sealed", "case", case_id, by=by, at=events.moment(store, now))
        store.touch("cases", "papers")
        return cases.whole(store, case.id)


def accused_of(store: Store, case_id: int) -> list[tuple[str, str]]:
    """Return those whom a case is about, as (login, name)."""
    rows = store.rows(
        "SELECT login, name FROM case_accused JOIN staff ON staff.id = staff_id WHERE case_id = ? ORDER BY staff_id",
        [case_id],
    )
    return [(row["login"], row["name"]) for row in rows]


def others(store: Store, *, by: Actor) -> list[tuple[str, str]]:
    """Return everybody who works here but the reader, as (login, name): whom a complaint may be about."""
    rows = store.rows("SELECT login, name FROM staff WHERE active = 1 AND id IS NOT ? ORDER BY name", [by.id])
    return [(row["login"], row["name"]) for row in rows]


def _together(store: Store, case: Case) -> list[int]:
    """Return the ids of a case and of all that are merged with it."""
    into = case.merged_into or case.id
    return [into, *(row[0] for row in store.rows("SELECT id FROM cases WHERE merged_into = ? ORDER BY id", [into]))]


def _hears(store: Store, case_id: int, staff_id: int) -> bool:
    return seals.is_open_to(store, case_id, staff_id)


def _found(store: Store, no: str, by: Actor) -> Case:
    case = cases.whole(store, cases.find(store, no, by=by).id)
    if case.kind != complaint_facts.KIND:
        raise Refused("step_not_now")
    return case
