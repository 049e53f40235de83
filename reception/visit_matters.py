"""What a visitor said at the kiosk that he came for: purposes, repairs of his home that he asks after, whom to see."""

from collections.abc import Sequence
from dataclasses import dataclass

from db.store import Store
from reception import purposes
from reception.estate import Unit
from reception.lines import Line
from reception.permissions import Actor, permit
from reception.purposes import MOST_MATTERS
from reception.refusal import Refused
from reception.wording import Words


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter: a purpose in words, or the number of the repair that he asks after."""

    words: Words | None
    case_no: str | None


@dataclass(frozen=True, slots=True)
class HouseholdRepair:
    """An open repair of a home as its household may see it at the kiosk: nothing of who raised it.

    `token` leads to its page, which says nothing personal.
    """

    no: str
    token: str
    category: str
    state: str


def keep(store: Store, visit_id: int, line: Line, unit: Unit | None, matters: Sequence[str], host: str) -> None:
    """Keep the matters inside the act that registers the visit.

    Refuses `matters_too_many`, `matter_unknown` (also for a repair of another home), `department_unknown`.
    """
    chosen = list(dict.fromkeys(matters))
    if len(chosen) > MOST_MATTERS:
        raise Refused("matters_too_many")
    for position, code in enumerate(chosen):
        case_id = _repair_of(store, unit, code) if code[:2] == "BX" else None
        store.execute(
            "INSERT INTO visit_matters (visit_id, position, purpose, case_id) VALUES (?, ?, ?, ?)",
            [visit_id, position, None if case_id else purposes.find(store, code, line.code).code, case_id],
        )
    if host:
        if store.value("SELECT 1 FROM departments WHERE code = ?", [host]) is None:
            raise Refused("department_unknown")
        store.execute("UPDATE visits SET host = ? WHERE id = ?", [host, visit_id])


def _repair_of(store: Store, unit: Unit | None, no: str) -> int:
    if unit is None:
        raise Refused("matter_unknown")
    found: int | None = store.value(
        "SELECT id FROM cases WHERE no = ? AND unit_id = ? AND kind = 'repair' AND closed_at IS NULL", [no, unit.id]
    )
    if found is None:
        raise Refused("matter_unknown")
    return found


def of_visit(store: Store, visit_id: int) -> list[Matter]:
    """Return what the visitor said, in his order."""
    return [
        Matter(Words(row["name"], row["name_en"]) if row["name"] else None, row["no"])
        for row in store.rows(
            "SELECT purposes.name, purposes.name_en, cases.no FROM visit_matters"
            " LEFT JOIN purposes ON purposes.code = visit_matters.purpose"
            " LEFT JOIN cases ON cases.id = visit_matters.case_id"
            " WHERE visit_matters.visit_id = ? ORDER BY visit_matters.position",
            [visit_id],
        )
    ]


def host_of(store: Store, visit_id: int) -> Words | None:
    """Return the department that the visitor came to see, or None."""
    row = store.row(
        "SELECT departments.name, departments.name_en FROM visits JOIN departments ON departments.code = visits.host"
        " WHERE visits.id = ?",
        [visit_id],
    )
    return None if row is None else Words(*row)


def repairs_of_home(store: Store, unit: Unit, *, by: Actor) -> list[HouseholdRepair]:
    """Return the open repairs of a recognised resident's home, newest first; complaints are never listed."""
    permit(by, "see_household_repairs")
    return [
        HouseholdRepair(row["no"], row["token"], row["category"], row["state"])
        for row in store.rows(
            "SELECT cases.no, cases.token, repairs.category, cases.state FROM cases"
            " JOIN repairs ON repairs.case_id = cases.id"
            " WHERE cases.unit_id = ? AND cases.closed_at IS NULL ORDER BY cases.id DESC LIMIT 3",
            [unit.id],
        )
    ]
