"""Finding cases by what people have at hand: any number of ours, a code, a home, a telephone, a name."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from db.store import Store
from reception import cases, estate, fault_records, seals, tickets
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
    "cases.id IN (SELECT id FROM cases WHERE token = :value UNION SELECT case_id FROM work_orders WHERE token = :value)"
)
_OF_TICKET: Final = "cases.visit_id = (SELECT visit_id FROM tickets WHERE no = :value ORDER BY id DESC LIMIT 1)"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: cases newest first, masked unless the reader holds them; today's ticket, a fault, a home of ours.

    `by` says what was searched by: number, fault, ticket, code, unit, phone, name.
    """

    by: str
    cases: list[Case]
    fault: Fault | None = None
    ticket: Ticket | None = None
    unit: Unit | None = None


def search(store: Store, query: str, *, by: Actor, now: datetime) -> Found:
    """Return what was found by a number (case, work order, receipt, fault, ticket of today), a scanned code of a paper,
    a home (`1-1-101`), a telephone or its last four digits, or how a name begins.

    Those who see their own department's cases find those alone, and no tickets. Refuses `query_invalid` for anything
    else, `unit_unknown`, and `not_permitted`.
    """
    permit(by, "search")
    short = query.isprintable() and len(query) <= cases.TEXT_LIMIT
    wanted = people.clean_text(query, limit=cases.TEXT_LIMIT) if short else ""
    code = numbers.canonical_token(wanted.rpartition("/")[2])
    series = _NUMBER.fullmatch(wanted)
    if code is not None:
        return Found("code", _cases(store, _CODE, code, by))
    if len(wanted) > cases.SHORT_LIMIT:
        raise Refused("query_invalid")
    if wanted.count("-") == 2 and wanted[:1].isdigit():
        unit = estate.find_unit(store, wanted)
        return Found("unit", _cases(store, "cases.unit_id = :value", str(unit.id), by), unit=unit)
    if series is not None:
        fault = fault_records.by_no(store, wanted.upper()) if may(by, "see_faults") else None
        condition = _NUMBERS.get(series[1].upper(), "cases.no = :value")
        return Found("fault" if fault else "number", _cases(store, condition, wanted.upper(), by), fault=fault)
    if numbers.parse_ticket_no(wanted) is not None:
        no, zone = wanted.upper(), site(store).zone
        ticket = tickets.of_today(store, no, by=by, now=now, zone=zone) if may(by, "see_queue") else None
        return Found("ticket", _cases(store, _OF_TICKET, no, by), ticket=ticket)
    if _PHONE.fullmatch(wanted) or (len(wanted) == 4 and wanted.isascii() and wanted.isdigit()):
        condition = "cases.phone_tail = substr(:value, -4) AND (length(:value) = 4 OR cases.phone = :value)"
        return Found("phone", _cases(store, condition, wanted, by))
    if _NAME.fullmatch(wanted):
        return Found("name", _cases(store, "cases.name >= :value AND cases.name < :value || char(1114111)", wanted, by))
    raise Refused("query_invalid")


def _cases(store: Store, condition: str, value: str, by: Actor) -> list[Case]:
    # The plus keeps SQLite from walking all cases by their id instead of the few that fit.
    rows = store.rows(
        f"{cases.SELECT} WHERE {condition} AND (:own IS NULL OR cases.department = :own)"
        f" AND {seals.open_to(by)} ORDER BY +cases.id DESC LIMIT :page",
        {"value": value, "own": by.department if by.role in OF_OWN_DEPARTMENT else None, "page": cases.PAGE},
    )
    return [cases.from_row(row, whole=row["owner_id"] == by.id) for row in rows]
