"""What is known of the estate's faults (已知故障): which are open, whom they strike, who must still be told."""

from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row
from typing import Any
from zoneinfo import ZoneInfo

from db.store import Store
from reception import estate
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, numbers
from reception.rules.masking import mask_name, mask_phone
from reception.wording import Words

SUBJECT = "fault"
SERIES = "GZ"
CAUSES = {
    "water": Words("供水故障", "Water supply fault"),
    "power": Words("供电故障", "Power fault"),
    "heating": Words("供暖故障", "Heating fault"),
    "lift": Words("电梯故障", "Lift fault"),
    "gas": Words("燃气故障", "Gas supply fault"),
    "network": Words("网络故障", "Network fault"),
    "other": Words("其他故障", "Other fault"),
}
STATES = {
    "open": Words("抢修中", "Being repaired"),
    "restored": Words("已恢复，待告知", "Restored, homes to tell"),
    "withdrawn": Words("已撤销，待告知", "Withdrawn, homes to tell"),
    "closed": Words("已办结", "Closed"),
}
# Which homes a fault strikes.
AREAS = {
    "estate": Words("全小区", "Whole estate"),
    "building": Words("整栋楼", "One building"),
    "unit": Words("一个单元", "One unit"),
}
UNKNOWN = Words("恢复时间待定", "time not known yet")
LATE = Words("已过预计时间，仍在抢修", "later than expected, still being repaired")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
RECENT = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of the estate. Nothing here is data of a person, so every screen may show it.

    `households` counts the homes on its list, `untold` those that are neither told nor given up as unreachable.
    """

    id: int
    no: str
    state: str
    cause: str
    what: Words
    building: str
    unit: str
    expected_at: str | None
    owner_id: int
    owner_name: str
    declared_at: str
    restored_at: str | None
    withdrawn_at: str | None
    notice: str
    closed_at: str | None
    households: int
    untold: int

    @property
    def name(self) -> Words:
        """What kind of fault it is."""
        return CAUSES[self.cause]

    @property
    def where(self) -> Words:
        """Which homes it strikes; never a single one."""
        if not self.building:
            return AREAS["estate"]
        if not self.unit:
            return Words(f"{self.building}号楼", f"Building {self.building}")
        return Words(f"{self.building}号楼{self.unit}单元", f"Building {self.building}, unit {self.unit}")

    @property
    def state_words(self) -> Words:
        """How it stands."""
        return STATES[self.state]

    def strikes(self, unit: estate.Unit) -> bool:
        """Tell whether a home lies in the declared area."""
        return self.building in ("", unit.building) and self.unit in ("", unit.unit)

    def touches(self, building: str, unit: str = "") -> bool:
        """Tell whether the declared area reaches into a building, or a unit of it."""
        return self.building in ("", building) and (not unit or self.unit in ("", unit))

    def expected(self, moment: datetime, zone: ZoneInfo, *, dated: bool = False) -> Words:
        """Return when it is expected to end, as a promise that still holds at that moment; `dated`: never as today."""
        if self.expected_at is None:
            return UNKNOWN
        due = clock.from_text(self.expected_at)
        if due <= moment:
            return LATE
        local, at = due.astimezone(zone), due.astimezone(zone).strftime("%H:%M")
        if local.date() == moment.astimezone(zone).date() and not dated:
            return Words(f"预计今天 {at} 恢复", f"expected back today {at}")
        return Words(
            f"预计 {local.month}月{local.day}日 {at} 恢复", f"expected back {local.day} {MONTHS[local.month - 1]} {at}"
        )


@dataclass(frozen=True, slots=True)
class Household:
    """A home on the list of a fault. `name` and `phone` are whole only for the reader who holds the fault."""

    id: int
    unit: estate.Unit
    name: str
    phone: str
    outside: bool
    source: str
    at: str
    told_at: str | None
    told_channel: str | None
    told_by: str | None
    unreachable_at: str | None
    attempts: int

    @property
    def to_tell(self) -> bool:
        """True while it was neither told nor given up as unreachable."""
        return self.told_at is None and self.unreachable_at is None


# The counts are read by the UNIQUE index of the list, and only for the few faults that are asked for.
SELECT = (
    "SELECT known_faults.*, staff.name AS owner_name,"
    " (SELECT count(*) FROM fault_households WHERE fault_id = known_faults.id) AS households,"
    " (SELECT count(*) FROM fault_households WHERE fault_id = known_faults.id AND told_at IS NULL"
    " AND unreachable_at IS NULL) AS untold"
    " FROM known_faults JOIN staff ON staff.id = known_faults.owner_id"
)


def _from_row(row: Row) -> Fault:
    values = dict(row)
    values["what"] = Words(values["what"], values.pop("what_en") or CAUSES[row["cause"]].en)
    return Fault(**values)


def open_faults(store: Store) -> list[Fault]:
    """Return the faults that are not over, the newest first: what every screen of the lobby tells."""
    rows = store.rows(
        f"{SELECT} WHERE known_faults.closed_at IS NULL AND known_faults.state = 'open' ORDER BY known_faults.id DESC"
    )
    return [_from_row(row) for row in rows]


def affecting(store: Store, unit: estate.Unit) -> list[Fault]:
    """Return the open faults in whose area a home lies, the nearest (its own unit) first."""
    found = [fault for fault in open_faults(store) if fault.strikes(unit)]
    return sorted(found, key=lambda fault: (fault.unit == "", fault.building == ""))


def unclosed(store: Store) -> list[Fault]:
    """Return the faults that are open, and those whose homes are not all told; the newest first, open ones before."""
    rows = store.rows(
        f"{SELECT} WHERE known_faults.closed_at IS NULL ORDER BY known_faults.state <> 'open', known_faults.id DESC"
    )
    return [_from_row(row) for row in rows]


def closed(store: Store) -> list[Fault]:
    """Return the faults that were closed last."""
    rows = store.rows(
        f"{SELECT} WHERE known_faults.closed_at IS NOT NULL ORDER BY known_faults.closed_at DESC LIMIT ?", [RECENT]
    )
    return [_from_row(row) for row in rows]


def by_id(store: Store, fault_id: int) -> Fault:
    """Return a fault that is known to exist."""
    row = store.row(f"{SELECT} WHERE known_faults.id = ?", [fault_id])
    assert row is not None
    return _from_row(row)


def number(text: str) -> int:
    """Return an id as it stood in an address; -1, which nothing has, for what is none."""
    known = numbers.whole(text)
    return -1 if known is None else known


def find(store: Store, text: str) -> Fault:
    """Return a fault by its id as typed. Refuses `fault_unknown`."""
    row = store.row(f"{SELECT} WHERE known_faults.id = ?", [number(text)])
    if row is None:
        raise Refused("fault_unknown")
    return _from_row(row)


def by_no(store: Store, no: str) -> Fault | None:
    """Return a fault by its number, or None."""
    row = store.row(f"{SELECT} WHERE known_faults.no = ?", [no])
    return None if row is None else _from_row(row)


def households(store: Store, fault: Fault, *, by: Actor) -> list[Household]:
    """Return the homes on the list of a fault, in the order of their doors; to tell before told.

    Names and phones are whole to whoever holds the fault, masked to everybody else. Refuses `not_permitted`.
    """
    permit(by, "see_faults")
    return of_list(store, fault, whole=fault.owner_id == by.id)


def of_list(store: Store, fault: Fault, *, whole: bool) -> list[Household]:
    """Return the homes on the list, whole or masked, for an act that has asked who may see them."""
    rows = store.rows(
        "SELECT fault_households.*, units.building, units.unit, units.room, staff.name AS told_name,"
        " (SELECT count(*) FROM fault_tellings WHERE household_id = fault_households.id AND reached = 0) AS attempts"
        " FROM fault_households JOIN units ON units.id = fault_households.unit_id"
        " LEFT JOIN staff ON staff.id = fault_households.told_by WHERE fault_households.fault_id = ?"
        " ORDER BY told_at IS NOT NULL OR unreachable_at IS NOT NULL, CAST(units.building AS INTEGER), units.building,"
        " CAST(units.unit AS INTEGER), units.unit, CAST(units.room AS INTEGER), units.room",
        [fault.id],
    )
    return [
        Household(
            id=row["id"],
            unit=estate.Unit(row["unit_id"], row["building"], row["unit"], row["room"]),
            name=row["name"] if whole else mask_name(row["name"]),
            phone=row["phone"] if whole else mask_phone(row["phone"]),
            outside=bool(row["outside"]),
            source=row["source"],
            at=row["at"],
            told_at=row["told_at"],
            told_channel=row["told_channel"],
            told_by=row["told_name"],
            unreachable_at=row["unreachable_at"],
            attempts=row["attempts"],
        )
        for row in rows
    ]


def expectations(store: Store, fault: Fault) -> list[dict[str, Any]]:
    """Return every time that was promised, oldest first, with its reason and who said so."""
    rows = store.rows(
        "SELECT fault_expectations.expected_at, reason, at, staff.name AS by_name FROM fault_expectations"
        " JOIN staff ON staff.id = by_id WHERE fault_id = ? ORDER BY fault_expectations.id",
        [fault.id],
    )
    return [dict(row) for row in rows]


# Of a repair that nobody has begun to work on: the fault answers for it.
HOLDS = (
    "EXISTS (SELECT 1 FROM fault_cases WHERE fault_cases.case_id = {case} AND released_at IS NULL)"
    " AND NOT EXISTS (SELECT 1 FROM work_orders WHERE work_orders.case_id = {case} AND started_at IS NOT NULL)"
)


def holding(store: Store, case_id: int) -> Fault | None:
    """Return the fault that answers for a repair, or None when it goes its own way."""
    row = store.row(
        f"{SELECT} JOIN fault_cases ON fault_cases.fault_id = known_faults.id WHERE fault_cases.case_id = :id"
        f" AND {HOLDS.format(case=':id')}",
        {"id": case_id},
    )
    return None if row is None else _from_row(row)
