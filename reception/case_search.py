"""Finding cases by what people have at hand: any number of ours, a code, a home, a telephone, a name."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from db.store import Store, writing
from reception import cases, estate, events, fault_records, reveals, seals, spelling, tickets
from reception.cases import OF_OWN_DEPARTMENT, Case
from reception.estate import Unit
from reception.fault_records import Fault
from reception.permissions import Actor, may, permit
from reception.refusal import Refused
from reception.rules import numbers, people
from reception.site import site
from reception.tickets import Ticket

# What of ours a number begins with besides those of cases: how its case is found.
_NUMBERS: Final = {
    "GD": "cases.id = (SELECT case_id FROM work_orders WHERE no = :value)",
    "YS": "cases.id = (SELECT charges.case_id FROM payments JOIN charges ON charges.id = charge_id WHERE no = :value)",
    fault_records.SERIES: "cases.id IN (SELECT case_id FROM fault_cases JOIN known_faults ON known_faults.id = fault_id"
    " WHERE no = :value)",
}
_NUMBER: Final = re.compile(r"([A-Za-z]{2})[0-9][0-9-]*")
_PHONE: Final = re.compile(r"[0-9]{7,12}")
# Names of people in any script; two characters, for a surname alone finds half the estate.
_NAME: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .·•‧・'-])+")
_CODE: Final = (
    "cases.id IN (SELECT id FROM cases WHERE token = :value UNION SELECT case_id FROM work_orders WHERE token = :value"
    " UNION SELECT case_id FROM release_passes WHERE token = :value"
    " UNION SELECT id FROM cases WHERE visit_id = (SELECT visit_id FROM tickets WHERE token = :value))"
)
# What belongs to a name by how it begins, or by how it is typed in letters.
_NAMED: Final = "{table}.name >= :value AND {table}.name < :value || char(1114111)"
_SPELT: Final = "{table}.name IN (SELECT name FROM names_spelt WHERE letters >= :value AND letters < :value || '{{')"
# So many homes of one name or telephone are shown.
HOMES: Final = 10
_OF_TICKET: Final = "cases.visit_id = (SELECT visit_id FROM tickets WHERE no = :value ORDER BY id DESC LIMIT 1)"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: cases newest first, masked unless the reader holds them; a ticket, a fault, homes of ours.

    `by` says what was searched by: number, fault, ticket, code, unit, phone, name. `units`: the home that was written,
    or those where somebody of that telephone or name lives.
    """

    by: str
    cases: list[Case]
    fault: Fault | None = None
    ticket: Ticket | None = None
    units: tuple[Unit, ...] = ()

    @property
    def only_case(self) -> Case | None:
        """The case, where it is all that was found: besides it at most its own home."""
        if len(self.cases) != 1 or self.fault or self.ticket or self.by == "unit":
            return None
        case = self.cases[0]
        return case if all(unit == case.unit for unit in self.units) else None


def search(store: Store, query: str, *, by: Actor, now: datetime) -> Found:
    """Return what was found by a number (case, work order, receipt, fault, ticket of today), a scanned code of a paper,
    a home (`1-1-101`, 1栋1单元101), a telephone or its last four digits, how a name begins or its Pinyin (zjg).

    Those who see their own department's cases find those alone, and no tickets. A search by telephone or name is
    written down: of which kind, never the words. Refuses `query_invalid` for anything else, `unit_unknown`, and
    `not_permitted`.
    """
    permit(by, "search")
    short = query.isprintable() and len(query) <= cases.TEXT_LIMIT
    wanted = people.clean_text(query, limit=cases.TEXT_LIMIT) if short else ""
    code = numbers.canonical_token(wanted.rpartition("/")[2])
    series = _NUMBER.fullmatch(wanted)
    if code is not None:
        return Found("code", _cases(store, _CODE, code, by), ticket=_ticket_of_code(store, code, by))
    if len(wanted) > cases.SHORT_LIMIT:
        raise Refused("query_invalid")
    home = people.plain_unit(wanted)
    if home.count("-") == 2 and (home[:1].isdigit() or home != wanted):
        unit = estate.find_unit(store, home)
        return Found("unit", _cases(store, "cases.unit_id = :value", str(unit.id), by), units=(unit,))
    if series is not None:
        fault = fault_records.by_no(store, wanted.upper()) if may(by, "see_faults") else None
        condition = _NUMBERS.get(series[1].upper(), "cases.no = :value")
        return Found("fault" if fault else "number", _cases(store, condition, wanted.upper(), by), fault=fault)
    if numbers.parse_ticket_no(wanted) is not None:
        no, zone = wanted.upper(), site(store).zone
        ticket = tickets.of_today(store, no, by=by, now=now, zone=zone) if may(by, "see_queue") else None
        return Found("ticket", _cases(store, _OF_TICKET, no, by), ticket=ticket)
    is_tail = len(wanted) == 4 and wanted.isascii() and wanted.isdigit()
    if is_tail or _PHONE.fullmatch(wanted):
        condition = "{table}.phone_tail = substr(:value, -4) AND (length(:value) = 4 OR {table}.phone = :value)"
        return _noted(store, _of_person(store, "phone", condition, wanted, by), "tail" if is_tail else "phone", by, now)
    if _NAME.fullmatch(wanted) and not wanted.isascii():
        return _noted(store, _of_person(store, "name", _NAMED, wanted, by), "name", by, now)
    if _NAME.fullmatch(wanted):
        with writing(store):
            spelling.catch_up(store)
            found = _of_person(store, "name", _SPELT, spelling.letters(wanted), by)
            return _noted(store, found, "name", by, now)
    raise Refused("query_invalid")


def _noted(store: Store, found: Found, how: str, by: Actor, now: datetime) -> Found:
    """Write down that somebody was searched by what people are known by: how, and how much was found; never whom."""
    with writing(store):
        at, count = events.moment(store, now), len(found.cases) + len(found.units)
        events.record(store, reveals.SEARCH, "list", 0, by=by, at=at, how=how, count=count)
    return found


def _of_person(store: Store, what: str, condition: str, value: str, by: Actor) -> Found:
    found = _cases(store, condition.format(table="cases"), value, by)
    if not may(by, "see_home"):
        return Found(what, found)
    rows = store.rows(
        "SELECT DISTINCT units.id, building, units.unit, room FROM residents JOIN units ON units.id = unit_id"  # noqa: S608
        f" WHERE {condition.format(table='residents')} ORDER BY units.id LIMIT :page",
        {"value": value, "page": HOMES},
    )
    return Found(what, found, units=tuple(Unit(*row) for row in rows))


def _ticket_of_code(store: Store, code: str, by: Actor) -> Ticket | None:
    try:
        ticket = tickets.by_token(store, code) if may(by, "see_queue") else None
    except Refused:
        return None
    return ticket if ticket is not None and ticket.open_to(by) else None


def _cases(store: Store, condition: str, value: str, by: Actor) -> list[Case]:
    # The plus keeps SQLite from walking all cases by their id instead of the few that fit.
    rows = store.rows(
        f"{cases.SELECT} WHERE {condition} AND (:own IS NULL OR cases.department = :own)"
        f" AND {seals.open_to(by)} ORDER BY +cases.id DESC LIMIT :page",
        {"value": value, "own": by.department if by.role in OF_OWN_DEPARTMENT else None, "page": cases.PAGE},
    )
    return [cases.from_row(row, whole=row["owner_id"] == by.id) for row in rows]
