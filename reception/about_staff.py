"""关于工作人员: a complaint about one of us, known to the heads alone and never to the person it is about (SYS-07).

Whoever raises it says who shall hear it, so that neither head receives a complaint about himself.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from db.store import Store, writing
from reception import cases, complaint_facts, events, seals
from reception.cases import Case
from reception.permissions import Actor, Role, permit
from reception.refusal import Refused
from reception.wording import Words

# Its numbers are a series of their own: a gap among the others' would tell of it.
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
    if by.id is not None and by.role == hears:
        return by.id
    found: int | None = store.value("SELECT id FROM staff WHERE role = ? AND active = 1 ORDER BY id", [hears])
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
        # Whoever held it, or looked into it, does so no more.
        store.execute("UPDATE cases SET owner_id = ? WHERE id = ? AND owner_id = ?", [by.id, case_id, found])
        store.execute("UPDATE complaints SET handler_id = NULL WHERE case_id = ? AND handler_id = ?", [case_id, found])


def seal(
    store: Store, *, no: str, hears: str = "service_head", accused: Sequence[str] = (), by: Actor, now: datetime
) -> Case:
    """Seal a complaint that turns out to be about one of us, and name him; whoever may not hear it holds it no more.

    Refuses `case_unknown`, `step_not_now` (no complaint), `hearer_unknown`, `sealed_already`, `merge_sealed` (others
    are merged with it, who would stand outside), and what `name_inside` refuses.
    """
    permit(by, "hear_about_staff")
    with writing(store):
        case = _found(store, no, by)
        rank = seal_of(hears)
        if not rank or rank > seals.RANKS[by.role]:
            raise Refused("hearer_unknown")
        if case.merged_into or store.value("SELECT 1 FROM cases WHERE merged_into = ?", [case.id]):
            raise Refused("merge_sealed")
        if not store.changed("UPDATE cases SET sealed = ? WHERE id = ? AND sealed = 0", [rank, case.id]):
            raise Refused("sealed_already")
        name_inside(store, case.id, accused, by=by)
        if not _hears(store, case.id, cases.whole(store, case.id).owner_id):
            store.execute("UPDATE cases SET owner_id = ? WHERE id = ?", [by.id, case.id])
        looks = store.value("SELECT handler_id FROM complaints WHERE case_id = ?", [case.id])
        if looks is not None and not _hears(store, case.id, looks):
            store.execute("UPDATE complaints SET handler_id = NULL WHERE case_id = ?", [case.id])
        events.record(store, "seal", "case", case.id, by=by, at=events.moment(store, now), rank=rank)
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
        name_inside(store, case.id, [accused], by=by)
        staff_id = store.value("SELECT id FROM staff WHERE login = ?", [accused])
        events.record(store, "name_accused", "case", case.id, by=by, at=events.moment(store, now), staff=staff_id)
        store.touch("cases", "papers")
        return cases.whole(store, case.id)


def share(store: Store, *, no: str, by: Actor, now: datetime) -> Case:
    """Let the head of service in on what was sealed to the manager alone. Refuses `case_unknown`, `not_sealed`."""
    permit(by, "hear_about_staff")
    with writing(store):
        case = _found(store, no, by)
        if not store.changed("UPDATE cases SET sealed = 1 WHERE id = ? AND sealed = 2", [case.id]):
            raise Refused("not_sealed")
        events.record(store, "share_sealed", "case", case.id, by=by, at=events.moment(store, now))
        store.touch("cases", "papers")
        return cases.whole(store, case.id)


def accused_of(store: Store, case_id: int) -> list[str]:
    """Return the names of those whom a case is about."""
    return [
        row[0]
        for row in store.rows(
            "SELECT name FROM case_accused JOIN staff ON staff.id = staff_id WHERE case_id = ? ORDER BY staff_id",
            [case_id],
        )
    ]


def others(store: Store, *, by: Actor) -> list[tuple[str, str]]:
    """Return everybody who works here but the reader, as (login, name): whom a complaint may be about."""
    rows = store.rows("SELECT login, name FROM staff WHERE active = 1 AND id IS NOT ? ORDER BY name", [by.id])
    return [(row["login"], row["name"]) for row in rows]


def _hears(store: Store, case_id: int, staff_id: int) -> bool:
    return seals.is_open_to(store, case_id, staff_id)


def _found(store: Store, no: str, by: Actor) -> Case:
    case = cases.whole(store, cases.find(store, no, by=by).id)
    if case.kind != complaint_facts.KIND:
        raise Refused("step_not_now")
    return case
