"""The estate: its units and residents, and how a visitor is recognised."""

from dataclasses import dataclass

from db.store import Store
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import people


@dataclass(frozen=True, slots=True)
class Unit:
    """A home: building (楼栋), unit (单元), room (房号)."""

    id: int
    building: str
    unit: str
    room: str

    @property
    def label(self) -> str:
        """The unit as written at the desk: `1-1-101`; of a home that was erased, a dash."""
        return f"{self.building}-{self.unit}-{self.room}" if self.building else "—"


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody who lives in, or owns, a unit."""

    name: str
    phone: str
    relation: str


def buildings(store: Store) -> list[str]:
    """Return the buildings in their natural order (2 before 10)."""
    # A home of nobody (`erasure`) stands in no building.
    return [
        row[0]
        for row in store.rows(
            "SELECT DISTINCT building FROM units WHERE building <> '' ORDER BY CAST(building AS INTEGER), building"
        )
    ]


def units_of(store: Store, building: str) -> list[str]:
    """Return the units (单元) of a building."""
    return [
        row[0]
        for row in store.rows(
            "SELECT DISTINCT unit FROM units WHERE building = ? ORDER BY CAST(unit AS INTEGER), unit", [building]
        )
    ]


def rooms_of(store: Store, building: str, unit: str) -> list[str]:
    """Return the rooms of a unit."""
    return [
        row[0]
        for row in store.rows(
            "SELECT room FROM units WHERE building = ? AND unit = ? ORDER BY CAST(room AS INTEGER), room",
            [building, unit],
        )
    ]


def find_unit(store: Store, text: str) -> Unit:
    """Return the unit written as `building-unit-room`. Refuses `unit_invalid` and `unit_unknown`."""
    try:
        parts = people.parse_unit(text)
    except ValueError as error:
        raise Refused(str(error)) from None
    row = store.row("SELECT id, building, unit, room FROM units WHERE building = ? AND unit = ? AND room = ?", parts)
    if row is None:
        raise Refused("unit_unknown")
    return Unit(*row)


def unit_by_id(store: Store, unit_id: int | None) -> Unit | None:
    """Return a unit by its id; None for None."""
    if unit_id is None:
        return None
    row = store.row("SELECT id, building, unit, room FROM units WHERE id = ?", [unit_id])
    return None if row is None else Unit(*row)


def recognise(store: Store, unit: Unit, phone: str, *, by: Actor) -> Resident | None:
    """Return the resident of the unit whose phone is this one, or ends with these four digits.

    None when nobody fits, or when two do: the visitor is never shown somebody else's name by a guess.
    """
    permit(by, "recognise_resident")
    column = "phone_tail" if len(phone) == 4 else "phone"
    rows = store.rows(
        f"SELECT name, phone, relation FROM residents WHERE unit_id = ? AND {column} = ?",  # noqa: S608
        [unit.id, phone],
    )
    return Resident(*rows[0]) if len(rows) == 1 else None
