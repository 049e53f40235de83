"""Known faults (已知故障): declared once at the desk, told on every screen, joined by each home in one tap."""

from dataclasses import dataclass
from datetime import datetime

from db.store import Store, writing
from reception import (
    cases,
    consents,
    estate,
    events,
    fault_cases,
    nonces,
    privacy_notices,
    repair_facts,
    reveals,
    sequences,
    visits,
)
from reception.fault_records import AREAS, CAUSES, SERIES, SUBJECT, Fault, by_id, find
from reception.fault_records import affecting as affecting
from reception.fault_records import open_faults as open_faults
from reception.permissions import Actor, Role, permit
from reception.refusal import Refused
from reception.reveals import Reason
from reception.rules import clock, local_times
from reception.site import site
from reception.visits import Particulars


@dataclass(frozen=True, slots=True)
class Joined:
    """What a tap on 我家也是 came to: the home on the list, and whether it stood there already."""

    household_id: int
    fault: Fault
    already: bool


def declare(
    store: Store,
    *,
    nonce: str,
    area: str,
    cause: str,
    what: str,
    what_en: str = "",
    building: str = "",
    unit: str = "",
    expected_at: str = "",
    case_no: str = "",
    by: Actor,
    now: datetime,
) -> Fault:
    """Declare a fault; kiosk, display, phones and every desk show it from now on. Whoever declares it holds it.

    `area` says which homes: the whole `estate`, a `building`, a `unit` of one; never the estate by an empty field.
    `expected_at` is the site's own time, `YYYY-MM-DDTHH:MM`, or empty while nobody knows. `case_no` is a repair that it
    is about. The same nonce gives the same fault. Refuses `cause_unknown`, `area_unknown`, `area_unclear` (a building
    where the whole estate was chosen), `building_unknown`, `what_missing`, `expected_invalid`, `expected_past`, and
    what `cases.text` and `attach_case` refuse.
    """
    permit(by, "declare_fault")
    content = {
        "area": area,
        "cause": cause,
        "what": what,
        "what_en": what_en,
        "building": building,
        "unit": unit,
        "expected_at": expected_at,
        "case": case_no,
    }

    def make(at: datetime) -> int:
        cases.choice(cause, CAUSES, code="cause_unknown")
        homes = _homes(store, cases.choice(area, AREAS, code="area_unknown"), building.strip(), unit.strip())
        words = [
            cases.text(what, limit=cases.SHORT_LIMIT, missing="what_missing"),
            cases.text(what_en, required=False, limit=cases.SHORT_LIMIT),
        ]
        due = _local_time(store, expected_at, at)
        no = sequences.case_no(store, SERIES, at)
        fault_id = store.insert(
            "INSERT INTO known_faults (no, cause, what, what_en, building, unit, owner_id, declared_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [no, cause, *words, *homes, by.id, clock.to_text(at)],
        )
        _promise(store, fault_id, due, "", by=by, at=at)
        events.record(store, "declare_fault", SUBJECT, fault_id, by=by, at=at, to_state="open", cause=cause)
        if case_no.strip():
            attach_case(store, fault_id=str(fault_id), case_no=case_no, by=by, now=at)
        store.touch("faults")
        return fault_id

    return by_id(store, nonces.once(store, nonce, "declare_fault", content, now=now, make=make))


def _homes(store: Store, area: str, building: str, unit: str) -> tuple[str, str]:
    """Return building and unit of the area as kept; a wider area than was meant would alarm everybody."""
    if area == "estate":
        if building or unit:
            raise Refused("area_unclear")
        return "", ""
    if area == "building" and unit:
        raise Refused("area_unclear")
    known = estate.units_of(store, building)
    if not known or (area == "unit" and unit not in known):
        raise Refused("building_unknown")
    return building, unit


def _local_time(store: Store, text: str, at: datetime) -> datetime | None:
    """Return a time of the site as typed; None for an empty one. Refuses `expected_invalid`, `expected_past`."""
    text = text.strip()
    if not text:
        return None
    try:
        due = local_times.from_picker(text, zone=site(store).zone)
    except ValueError:
        raise Refused("expected_invalid") from None
    if due <= at:
        raise Refused("expected_past")
    return due


def _promise(store: Store, fault_id: int, due: datetime | None, reason: str, *, by: Actor, at: datetime) -> None:
    text = clock.to_text(due) if due else None
    store.execute(
        "INSERT INTO fault_expectations (fault_id, expected_at, reason, at, by_id) VALUES (?, ?, ?, ?, ?)",
        [fault_id, text, reason, clock.to_text(at), by.id],
    )
    if not store.changed("UPDATE known_faults SET expected_at = ? WHERE id = ? AND state = 'open'", [text, fault_id]):
        raise Refused("fault_over")


def update(store: Store, *, fault_id: str, expected_at: str, reason: str, by: Actor, now: datetime) -> Fault:
    """Promise another time, with the reason; every earlier one is kept.

    Refuses `fault_unknown`, `fault_over`, `reason_missing`, `expected_invalid`, `expected_past`, `expected_unchanged`.
    """
    permit(by, "update_fault")
    with writing(store):
        fault, at = find(store, fault_id), events.moment(store, now)
        why = cases.text(reason, limit=cases.SHORT_LIMIT, missing="reason_missing")
        due = _local_time(store, expected_at, at)
        if (clock.to_text(due) if due else None) == fault.expected_at:
            raise Refused("expected_unchanged")
        _promise(store, fault.id, due, why, by=by, at=at)
        events.record(store, "update_fault", SUBJECT, fault.id, by=by, at=at)
        store.touch("faults")
        return by_id(store, fault.id)


def add_household(
    store: Store, *, nonce: str, fault_id: str, unit: str, phone: str = "", by: Actor, now: datetime
) -> Joined:
    """Put a home on the list of a fault, once: a second tap finds it there (`already`).

    The phone is kept so that the home can be told; four digits count with a resident whom they recognise. At the desk a
    home without one gets that of its only registered resident. A home outside the area is taken, and marked.
    The same nonce gives the same answer. Refuses `fault_unknown`, `fault_over`, `unit_missing`, and what
    `visits.particulars` refuses.
    """
    permit(by, "join_fault")
    nonces.clean(nonce)
    content = {"fault": fault_id, "unit": unit, "phone": phone}
    with writing(store):
        earlier = nonces.find(store, nonce, "join_fault", content)
        if earlier is not None:
            return Joined(earlier, find(store, fault_id), already=False)
        fault = find(store, fault_id)
        person = visits.particulars(store, phone=phone, unit=unit, by=by)
        if person.unit is None:
            raise Refused("unit_missing")
        at = events.moment(store, now)
        joined = _join(store, fault, person, "kiosk" if by.role is Role.KIOSK else "desk", by=by, at=at)
        nonces.keep(store, nonce, "join_fault", content, joined.household_id, at)
        return joined


def _join(store: Store, fault: Fault, person: Particulars, source: str, *, by: Actor, at: datetime) -> Joined:
    home = person.unit
    assert home is not None
    if fault.state != "open":
        raise Refused("fault_over")
    if source != "kiosk" and not person.phone:
        person = _from_register(store, home) or person
    new = store.changed(
        "INSERT INTO fault_households (fault_id, unit_id, name, phone, outside, source, notice_version, at, by_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (fault_id, unit_id) DO NOTHING",
        [
            fault.id,
            home.id,
            person.name,
            person.phone,
            not fault.strikes(home),
            source,
            privacy_notices.label(store),
            clock.to_text(at),
            by.id,
        ],
    )
    household_id: int = store.value(
        "SELECT id FROM fault_households WHERE fault_id = ? AND unit_id = ?", [fault.id, home.id]
    )
    written = new
    if not new and person.phone:
        # Who tapped first perhaps left none; what is known is not changed by a later tap.
        written = store.changed(
            "UPDATE fault_households SET name = ?, phone = ? WHERE id = ? AND phone = ''",
            [person.name, person.phone, household_id],
        )
    if written and (person.name or person.phone):
        consents.keep(store, "fault_households", household_id, by=by, at=at)
    if new:
        events.record(
            store,
            "join_fault",
            SUBJECT,
            fault.id,
            by=by,
            at=at,
            household=household_id,
            outside=not fault.strikes(home),
        )
    store.touch("faults")
    return Joined(household_id, by_id(store, fault.id), already=not new)


def _from_register(store: Store, home: estate.Unit) -> Particulars | None:
    """Return the only registered resident of a home; of several, nobody is picked by a guess."""
    rows = store.rows("SELECT name, phone FROM residents WHERE unit_id = ?", [home.id])
    return Particulars(rows[0]["name"], rows[0]["phone"], home) if len(rows) == 1 else None


def attach_case(store: Store, *, fault_id: str, case_no: str, by: Actor, now: datetime) -> Fault:
    """Put an open repair under the fault that it is; its home goes on the list. A repeat does nothing.

    From now on the fault answers for it (`fault_cases`). Refuses `fault_unknown`, `fault_over`,
    `case_unknown`, `not_a_repair`, `case_over`, `case_of_another_fault`.
    """
    permit(by, "attach_fault_case")
    with writing(store):
        fault, at = find(store, fault_id), events.moment(store, now)
        case = cases.whole(store, cases.find(store, case_no, by=by).id)
        if case.kind != repair_facts.KIND:
            raise Refused("not_a_repair")
        if case.closed_at is not None:
            raise Refused("case_over")
        if fault.state != "open":
            raise Refused("fault_over")
        of_fault = store.value("SELECT fault_id FROM fault_cases WHERE case_id = ?", [case.id])
        if of_fault not in (None, fault.id):
            raise Refused("case_of_another_fault")
        if of_fault is None:
            fault_cases.take_in(store, fault, case, by=by, at=at)
        if case.unit is not None:
            _join(store, fault, Particulars(case.name, case.phone, case.unit), "case", by=by, at=at)
        store.touch("faults")
        return by_id(store, fault.id)


def take_over(store: Store, *, fault_id: str, by: Actor, now: datetime) -> Fault:
    """Hold a fault from now on, and so see its homes whole: the colleague who goes on telling them.

    Written to its history. Refuses `fault_unknown`; `changed_meanwhile` when it is closed or held already.
    """
    permit(by, "hold_fault")
    with writing(store):
        fault, at = find(store, fault_id), events.moment(store, now)
        held = "UPDATE known_faults SET owner_id = ? WHERE id = ? AND owner_id = ? AND closed_at IS NULL"
        if fault.owner_id == by.id or not store.changed(held, [by.id, fault.id, fault.owner_id]):
            raise Refused("changed_meanwhile")
        events.record(store, "hold_fault", SUBJECT, fault.id, by=by, at=at)
        store.touch("faults")
        return by_id(store, fault.id)


def reveal(store: Store, *, fault_id: str, why: Reason, by: Actor, now: datetime) -> Fault:
    """Show the homes whole, once, to somebody who does not hold the fault; the look is written to its history.

    Refuses `fault_unknown`, `not_permitted`.
    """
    permit(by, "reveal_fault")
    with writing(store):
        fault = find(store, fault_id)
        if fault.owner_id != by.id:
            reveals.record(store, "reveal_fault", SUBJECT, fault.id, why=why, by=by, at=events.moment(store, now))
        return fault
