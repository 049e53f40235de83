"""Cases (事项): what repairs, complaints, bookings and every later kind share."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row
from typing import Any

from db.store import Store, writing
from reception import clocks, consents, estate, events, reveals, seals, sequences, serving, visits
from reception.permissions import Actor, Role, permit
from reception.refusal import Refused
from reception.reveals import Reason
from reception.rules import clock, id_numbers, numbers, people
from reception.rules.masking import mask_name, mask_phone
from reception.visits import Particulars
from reception.wording import Words

TEXT_LIMIT = 500
SHORT_LIMIT = 80
PAGE = 100

# A head of department and a team leader see the cases of their own department.
OF_OWN_DEPARTMENT = frozenset({Role.DEPARTMENT_HEAD, Role.TEAM_LEADER, Role.WORKER})


@dataclass(frozen=True, slots=True)
class Case:
    """What every kind of case has. `name` and `phone` are whole only when `whole`; otherwise masked."""

    id: int
    no: str
    token: str
    kind: str
    state: str
    visit_id: int | None
    unit: estate.Unit | None
    name: str
    phone: str
    whole: bool
    owner_id: int
    owner_name: str
    department: str
    department_name: Words
    received_at: str
    changed_at: str
    closed_at: str | None
    source: str
    round: int
    merged_into: int | None
    spawned_from: int | None
    sealed: int


_COLUMNS = (
    *("id", "no", "token", "kind", "state", "visit_id", "owner_id", "owner_name", "department", "received_at"),
    *("changed_at", "closed_at", "source", "round", "merged_into", "spawned_from", "sealed"),
)
SELECT = (
    "SELECT cases.*, staff.name AS owner_name, departments.name AS department_name,"
    " departments.name_en AS department_name_en, units.building, units.unit, units.room"
    " FROM cases JOIN staff ON staff.id = cases.owner_id JOIN departments ON departments.code = cases.department"
    " LEFT JOIN units ON units.id = cases.unit_id"
)


def from_row(row: Row, *, whole: bool) -> Case:
    unit = estate.Unit(row["unit_id"], row["building"], row["unit"], row["room"]) if row["unit_id"] else None
    return Case(
        **{key: row[key] for key in _COLUMNS},
        unit=unit,
        name=row["name"] if whole else mask_name(row["name"]),
        phone=row["phone"] if whole else mask_phone(row["phone"]),
        whole=whole,
        department_name=Words(row["department_name"], row["department_name_en"]),
    )


def text(value: str, *, required: bool = True, limit: int = TEXT_LIMIT, missing: str = "text_missing") -> str:
    """Return a typed text in its normal form. Refuses `missing`, `text_too_long`, `text_invalid`, `id_number`."""
    try:
        clean = id_numbers.free_of(people.clean_text(value, limit=limit, multiline=limit > SHORT_LIMIT))
    except ValueError as error:
        raise Refused(str(error)) from None
    if required and not clean:
        raise Refused(missing)
    return clean


def choice(value: str, choices: dict[str, Words], *, code: str) -> str:
    """Return a value of a fixed list; refuses with `code`."""
    if value not in choices:
        raise Refused(code)
    return value


def complainant(store: Store, *, name: str, phone: str, unit: str, by: Actor, unit_required: bool) -> Particulars:
    """Return who raises the case: a name and a way to answer are asked at routing.

    Refuses `name_missing`, `phone_missing`, `unit_missing` and what `visits.particulars` refuses.
    """
    person = visits.particulars(store, name=name, phone=phone, unit=unit, by=by)
    lacking = {
        "name_missing": not person.name,
        "phone_missing": not person.phone,
        "unit_missing": unit_required and person.unit is None,
    }
    codes = [code for code, lacks in lacking.items() if lacks]
    if codes:
        raise Refused(*codes)
    return person


def open_case(
    store: Store,
    *,
    kind: str,
    series: str,
    state: str,
    person: Particulars,
    visit_id: int | None,
    department: str,
    no: str | None = None,
    owner: int | None = None,
    source: str = "desk",
    spawned_from: int | None = None,
    sealed: int = 0,
    by: Actor,
    at: datetime,
    **detail: Any,
) -> Case:
    """Open a case inside its act, with its number, its code and its first event; the act adds its details.

    `owner` is the member of staff who holds it; whoever opens it where none is named. `source` says which way it came:
    kiosk, desk, phone, patrol, case (`spawned_from`), import. `sealed` is its seal. `detail` goes to the event: codes.
    """
    if visit_id is not None and not sealed:  # others read the record of the visit
        visits.remember(store, visit_id, person, by=by, at=at)
    number = no or sequences.case_no(store, series, at)
    case_id = store.insert(
        "INSERT INTO cases (no, token, kind, state, visit_id, unit_id, name, phone, owner_id, department,"
        " received_at, changed_at, source, spawned_from, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            number,
            numbers.new_token(secrets.token_bytes(16)),
            kind,
            state,
            visit_id,
            person.unit.id if person.unit else None,
            person.name,
            person.phone,
            owner or by.id,
            department,
            clock.to_text(at),
            clock.to_text(at),
            source,
            spawned_from,
            sealed,
        ],
    )
    if person.name or person.phone:
        consents.keep(store, "cases", case_id, by=by, at=at, source=source, kind=kind)
    events.record(store, f"open_{kind}", "case", case_id, by=by, at=at, to_state=state, **detail)
    clocks.moved(store, case_id, kind, f"open_{kind}", by=by, at=at)
    store.touch("cases")
    return whole(store, case_id)


def move(
    store: Store,
    case: Case,
    state: str,
    what: str,
    *,
    by: Actor,
    at: datetime,
    detail: dict[str, Any] | None = None,
    note: str = "",
    **also: Any,
) -> None:
    """Change a case's state if it still stands where it was read. Refuses `changed_meanwhile`.

    `also` sets further columns of `cases` (department, owner_id, round); `detail` goes to the event: ids and codes
    only; `note` is what was said of a suspension. A terminal state closes the case, another one opens it again.
    """
    columns = "".join(f", {name} = :{name}" for name in also)
    done = store.changed(
        f"UPDATE cases SET state = :state, changed_at = :at{columns}, closed_at = iif("  # noqa: S608
        "(SELECT terminal FROM case_states WHERE kind = cases.kind AND state = :state), coalesce(closed_at, :at), NULL)"
        " WHERE id = :id AND state = :was",
        {"state": state, "at": clock.to_text(at), "id": case.id, "was": case.state, **also},
    )
    if not done:
        raise Refused("changed_meanwhile")
    known = {key: value for key, value in (detail or {}).items() if value is not None}
    events.record(store, what, "case", case.id, by=by, at=at, from_state=case.state, to_state=state, **known)
    # What a slip tells happened when it says, not when somebody typed it.
    happened = clock.from_text(known["happened_at"]) if "happened_at" in known else at
    clocks.moved(store, case.id, case.kind, what, by=by, at=happened, note=note, **known)
    store.touch("cases")


def write_note(store: Store, case_id: int, text: str, *, by: Actor, at: datetime) -> None:
    """Write a note inside an act."""
    store.execute(
        "INSERT INTO case_notes (case_id, text, at, by_id, by_role) VALUES (?, ?, ?, ?, ?)",
        [case_id, text, clock.to_text(at), by.id, "" if by.id else by.role],
    )


def complete_person(store: Store, case: Case, person: Particulars, *, by: Actor, at: datetime) -> None:
    """Fill in what was learnt of the person inside an act; what is known is not emptied."""
    store.execute(
        "UPDATE cases SET name = coalesce(nullif(?, ''), name), phone = coalesce(nullif(?, ''), phone),"
        " unit_id = coalesce(?, unit_id) WHERE id = ?",
        [person.name, person.phone, person.unit.id if person.unit else None, case.id],
    )
    if person.name or person.phone:
        consents.keep(store, "cases", case.id, by=by, at=at, kind=case.kind)


def whole(store: Store, case_id: int) -> Case:
    """Return a case unmasked: for the act that works on it, never for a screen by itself."""
    row = store.row(f"{SELECT} WHERE cases.id = ?", [case_id])
    assert row is not None
    return from_row(row, whole=True)


def masked(store: Store, case_id: int) -> Case:
    """Return a case as anybody may see it who holds one of its codes."""
    return masked_all(store, [case_id])[case_id]


def masked_all(store: Store, ids: Sequence[int]) -> dict[int, Case]:
    """Return these cases by their ids, each as `masked` returns it."""
    rows = store.rows(f"{SELECT} WHERE cases.id IN (SELECT value FROM json_each(?))", [json.dumps(ids)])  # noqa: S608
    return {row["id"]: from_row(row, whole=False) for row in rows}


def find(store: Store, no: str, *, by: Actor) -> Case:
    """Return a case by its number: whole to who holds it or serves its visitor now, masked to everyone else.

    Refuses `case_unknown` (also for a case of another department, to those who see only their own, and for one that is
    sealed from the reader).
    """
    permit(by, "see_cases")
    row = store.row(f"{SELECT} WHERE cases.no = ? AND {seals.open_to(by)}", [no.strip().upper()])
    case = from_row(row, whole=is_before(store, row, by)) if row is not None else None
    if case is None or not within_reach(case, by):
        raise Refused("case_unknown")
    return case


def is_before(store: Store, row: Row, by: Actor) -> bool:
    """Return whether the reader of a row of `SELECT` holds the case, or serves its visitor now: he sees it whole."""
    known = {"owner_id": row["owner_id"], "visit_id": row["visit_id"], "phone": row["phone"]}
    return serving.holds_or_serves(store, **known, by=by)


def within_reach(case: Case, by: Actor) -> bool:
    """Whether somebody sees a case at all: of another department those do not who see only their own."""
    return by.role not in OF_OWN_DEPARTMENT or case.department == by.department


def reveal(store: Store, no: str, *, why: Reason, by: Actor, now: datetime) -> Case:
    """Show a case whole to somebody who neither holds it nor serves its person; the look, and why, are written down.

    Refuses `case_unknown`, `not_permitted`, and what `reveals.record` refuses.
    """
    permit(by, "reveal")
    with writing(store):
        case = find(store, no, by=by)
        if case.whole:
            return case
        reveals.record(store, "reveal", "case", case.id, why=why, by=by, at=events.moment(store, now))
        return whole(store, case.id)


def by_token(store: Store, token: str) -> Case:
    """Return the case of a receipt's code, masked. Refuses `code_unknown`; an incident has no page for anybody."""
    canonical = numbers.canonical_token(token)
    row = canonical and store.row(f"{SELECT} WHERE cases.token = ? AND cases.kind <> '{seals.APART}'", [canonical])
    if not row:
        raise Refused("code_unknown")
    return from_row(row, whole=False)


def open_cases(store: Store, kind: str, *, limit: int = PAGE, by: Actor) -> list[Case]:
    """Return the open cases of a kind, newest first, masked where the reader does not hold them."""
    permit(by, "see_cases")
    rows = store.rows(
        f"{SELECT} WHERE cases.kind = :kind AND cases.closed_at IS NULL AND (:own IS NULL OR cases.department = :own)"
        f" AND {seals.open_to(by)} ORDER BY cases.id DESC LIMIT :page",
        {"kind": kind, "own": by.department if by.role in OF_OWN_DEPARTMENT else None, "page": limit},
    )
    return [from_row(row, whole=row["owner_id"] == by.id) for row in rows]


def open_counts(store: Store, *, by: Actor) -> dict[str, int]:
    """Return how many cases of each kind are open, within the reader's reach."""
    permit(by, "see_cases")
    return store.counts(
        "SELECT kind, count(*) FROM cases WHERE closed_at IS NULL AND (:own IS NULL OR department = :own)"  # noqa: S608
        f" AND {seals.open_to(by)} GROUP BY kind",
        {"own": by.department if by.role in OF_OWN_DEPARTMENT else None},
    )


def of_visit(store: Store, visit_id: int, *, by: Actor) -> list[Case]:
    """Return the cases raised in one visit, oldest first."""
    rows = store.rows(f"{SELECT} WHERE cases.visit_id = ? AND {seals.open_to(by)} ORDER BY cases.id", [visit_id])
    found = [from_row(row, whole=row["owner_id"] == by.id) for row in rows]
    return [case for case in found if within_reach(case, by)]


def ref(case: Case) -> str:
    """Return the reference under which a case's papers stand in the spool."""
    return f"case:{case.id}"
