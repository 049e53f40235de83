"""来访登记表 of a day (FRM-02, SYS-01): who came when, for what, whom he saw, when he left; always masked.

It is read from the visits themselves. After their time (K12) they say no more who came, and neither does this.
"""

from dataclasses import dataclass
from datetime import date, datetime
from sqlite3 import Row

from db.store import Store
from reception import events, identity, work_log
from reception.case_form import NOTHING
from reception.permissions import Actor, permit
from reception.rules import clock
from reception.rules.masking import mask_name, mask_phone, public_unit
from reception.site import site
from reception.wording import Words

MOST = 1000
DOORS = {"kiosk": Words("自助机", "Kiosk"), "desk": Words("前台", "Desk")}


@dataclass(frozen=True, slots=True)
class Entry:
    """One visit; an empty one is a line to write by hand. Times are UTC texts, '' where not known."""

    no: str = ""
    arrived_at: str = ""
    name: str = ""
    phone: str = ""
    home: str = ""
    line: Words = NOTHING
    matter: Words = NOTHING
    document: Words = NOTHING
    door: Words = NOTHING
    host: Words = NOTHING
    served_by: str = ""
    left_at: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """The register of a day, in the order of arrival; `more`: there were more visits than one register holds."""

    day: date | None = None
    today: date | None = None
    entries: tuple[Entry, ...] = ()
    more: bool = False


def of_day(store: Store, *, on: str = "", by: Actor, now: datetime) -> Register:
    """Return the register of a day (ISO; '' for today). Whom one role alone hears stands on nobody else's.

    Refuses `date_invalid`, also for a day to come.
    """
    permit(by, "see_visitor_register")
    today = clock.local_day(events.moment(store, now), site(store).zone)
    day = work_log.chosen_day(on, today)
    rows = store.rows(
        "SELECT tickets.no, visits.id AS visit_id, visits.arrived_at, visits.name, visits.phone, visits.channel,"
        " visits.left_at, units.building, lines.name AS line, lines.name_en AS line_en, departments.name AS host,"
        " departments.name_en AS host_en, staff.name AS served_by, tickets.state, tickets.ended_at,"
        " (SELECT group_concat(purposes.name, '、') FROM visit_matters JOIN purposes ON purposes.code = purpose"
        " WHERE visit_matters.visit_id = visits.id) AS said,"
        " (SELECT group_concat(purposes.name_en, ', ') FROM visit_matters JOIN purposes ON purposes.code = purpose"
        " WHERE visit_matters.visit_id = visits.id) AS said_en,"
        " (SELECT document FROM identity_checks WHERE identity_checks.visit_id = visits.id AND matched = 1"
        " ORDER BY id DESC LIMIT 1) AS document"
        " FROM tickets CROSS JOIN visits ON visits.id = tickets.visit_id JOIN lines ON lines.code = tickets.line"
        " LEFT JOIN units ON units.id = visits.unit_id LEFT JOIN departments ON departments.code = visits.host"
        " LEFT JOIN staff ON staff.id = tickets.served_by WHERE tickets.day_on = :day"
        " AND (lines.hears IS NULL OR lines.hears = :role) ORDER BY visits.arrived_at, tickets.id LIMIT :most",
        {"day": day.isoformat(), "role": str(by.hears_as), "most": MOST + 1},
    )
    return Register(day, today, tuple(_entry(row) for row in rows[:MOST]), len(rows) > MOST)


def _entry(row: Row) -> Entry:
    return Entry(
        no=row["no"],
        arrived_at=row["arrived_at"],
        name=mask_name(row["name"]) if row["name"] else "",
        phone=mask_phone(row["phone"]) if row["phone"] else "",
        home=public_unit(row["building"]) if row["building"] else "",
        line=Words(row["line"], row["line_en"]),
        matter=Words(row["said"] or "", row["said_en"] or ""),
        document=identity.DOCUMENTS[row["document"]] if row["document"] else NOTHING,
        door=DOORS[row["channel"]],
        host=Words(row["host"] or "", row["host_en"] or ""),
        served_by=row["served_by"] or "",
        left_at=row["left_at"] or "",
    )
