"""What is kept of a home in custody (房屋托管, SYS-37), who reads it, and what every act of it shares."""

from dataclasses import dataclass
from datetime import date, datetime
from sqlite3 import Row
from typing import Final
from zoneinfo import ZoneInfo

from db.store import Store
from reception import events, residents
from reception.custody_settings import SECURITY
from reception.estate import Unit
from reception.permissions import FRONT, Actor, Role, may, permit
from reception.refusal import Refused
from reception.residents import Resident
from reception.rules import clock, money
from reception.site import site
from reception.wording import Words

SUBJECT: Final = "custody"
SERIES: Final = "TG"
STATES = {
    "draft": Words("待签协议", "To be signed"),
    "active": Words("托管中", "In custody"),
    "ended": Words("已结束", "Ended"),
    "withdrawn": Words("未签，已作废", "Never signed"),
}
METERS = {"water": Words("水表", "Water meter"), "electric": Words("电表", "Electricity meter")}
UNITS = {"water": "m³", "electric": "kWh"}
PAGE = 200


@dataclass(frozen=True, slots=True)
class Custody:
    """A home in custody: days are ISO texts, times UTC texts, limits hundredths of m3 and kWh, the share percent.

    `until_on` None: open. `signed_name` saw both sides sign; `closed_name` ended it, or let the draft go.
    """

    id: int
    no: str
    unit: Unit
    state: str
    from_on: str
    until_on: str | None
    keys: bool
    limits: dict[str, int]
    share: int
    opened_at: str
    opened_name: str
    signed_at: str | None
    signed_name: str
    closed_at: str | None
    closed_name: str
    ended_on: str | None
    keys_back: bool
    reason: str

    @property
    def state_words(self) -> Words:
        """How it stands."""
        return STATES[self.state]

    @property
    def limit_texts(self) -> dict[str, str]:
        """The limits as they are written: `5`."""
        return {meter: money.format_quantity(limit) for meter, limit in self.limits.items()}


SELECT: Final = (
    "SELECT custodies.*, building, unit, room, opener.name AS opened_name, coalesce(signer.name, '') AS signed_name,"
    " coalesce(closer.name, '') AS closed_name FROM custodies JOIN units ON units.id = unit_id"
    " JOIN staff AS opener ON opener.id = opened_by LEFT JOIN staff AS signer ON signer.id = signed_by"
    " LEFT JOIN staff AS closer ON closer.id = closed_by"
)
_AS_KEPT: Final = (
    *("id", "no", "state", "from_on", "until_on", "share", "opened_at", "opened_name", "signed_at", "signed_name"),
    *("closed_at", "closed_name", "ended_on", "reason"),
)


def from_row(row: Row) -> Custody:
    """Return what a row of `SELECT` says."""
    return Custody(
        **{name: row[name] for name in _AS_KEPT},
        unit=Unit(row["unit_id"], row["building"], row["unit"], row["room"]),
        keys=bool(row["keys"]),
        keys_back=bool(row["keys_back"]),
        limits={"water": row["water_limit"], "electric": row["electric_limit"]},
    )


def find(store: Store, no: str, *, by: Actor) -> Custody:
    """Return a custody by its number. Refuses `not_permitted`, `custody_unknown`."""
    permit(by, "see_custody")
    return by_no(store, no)


def by_no(store: Store, no: str) -> Custody:
    """Return the same for an act that has asked who may. Refuses `custody_unknown`."""
    row = store.row(f"{SELECT} WHERE no = ?", [no.strip().upper()])
    if row is None:
        raise Refused("custody_unknown")
    return from_row(row)


def by_id(store: Store, custody_id: int) -> Custody:
    """Return the same by its id, for an act that holds it."""
    row = store.row(f"{SELECT} WHERE custodies.id = ?", [custody_id])
    assert row is not None
    return from_row(row)


def of_home(store: Store, unit_id: int) -> tuple[Custody, ...]:
    """Return the custodies of a home, the last first, for a reader that has asked who may know."""
    rows = store.rows(f"{SELECT} WHERE unit_id = ? ORDER BY custodies.id DESC LIMIT 20", [unit_id])
    return tuple(from_row(row) for row in rows)


def active(store: Store) -> list[Custody]:
    """Return the homes that are in custody now, in the order of their doors, for a reader that has asked."""
    rows = store.rows(
        f"{SELECT} WHERE state = 'active' ORDER BY CAST(building AS INTEGER), building, CAST(unit AS INTEGER), unit,"
        " CAST(room AS INTEGER), room"
    )
    return [from_row(row) for row in rows]


def owners(store: Store, home: Unit, *, whole: bool) -> tuple[Resident, ...]:
    """Return the owners that the file of a home names, for an act that has asked who may see them whole."""
    return tuple(one for one in residents.of_home(store, home, whole=whole) if one.code == "owner")


def owners_changed(store: Store, custody: Custody) -> bool:
    """Whether the file of a home was changed since its agreement was signed: it no longer says who signed."""
    return custody.signed_at is not None and bool(
        store.value(
            "SELECT 1 FROM events WHERE subject = 'unit' AND subject_id = ? AND at > ?"
            " AND what IN ('add_resident', 'correct_resident', 'move_out_resident')",
            [custody.unit.id, custody.signed_at],
        )
    )


def today(store: Store, now: datetime) -> date:
    """Return the day of the site: what weeks and warnings are counted by."""
    return clock.local_day(events.moment(store, now), site(store).zone)


def first_day(custody: Custody, zone: ZoneInfo) -> date:
    """Return the day from which rounds are wanted: the agreed one, never before it was signed here."""
    assert custody.signed_at is not None
    signed = clock.local_day(clock.from_text(custody.signed_at), zone)
    return max(date.fromisoformat(custody.from_on), signed)


def walks(store: Store, by: Actor) -> bool:
    """Tell whether somebody walks the rounds, by the centre's setting: which homes stand empty is not told to all."""
    if not may(by, "walk_custody"):
        return False
    return by.role in FRONT | {Role.MANAGER} or by.department == SECURITY or site(store).custody_walkers == "all"
