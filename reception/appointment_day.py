"""今日预约: who is expected on a day, by whom, and whether the host knows; for the desk, and for each host his own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from db.store import Store
from reception import events, seals, tellings
from reception.appointment_arrivals import day_of
from reception.appointment_facts import STATES
from reception.cases import OF_OWN_DEPARTMENT
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, local_times
from reception.rules.appointment_states import EXPECTED
from reception.rules.masking import mask_name, mask_phone
from reception.site import site
from reception.wording import Words

MOST = 200


@dataclass(frozen=True, slots=True)
class Expected:
    """One appointment of a day; name and phone are masked unless the reader is the host.

    `told_at`: when its host was last told of it and what (`told_what`); `seen_at`: since when he knows.
    """

    no: str
    state: str
    expected_at: str
    name: str
    phone: str
    purpose: str
    host_id: int
    host_name: str
    host_department: Words
    arrived_at: str | None
    ticket_no: str
    late: bool
    told_id: int | None
    told_what: Words
    told_at: str | None
    seen_at: str | None

    @property
    def state_words(self) -> Words:
        """How it stands."""
        return STATES[self.state]

    @property
    def to_come(self) -> bool:
        """Whether the visitor is still to come."""
        return self.state in EXPECTED


def day(store: Store, text: str, *, now: datetime) -> date:
    """Return the day that an address asks for; today where it asks for none. Refuses `date_invalid`."""
    if not text:
        return clock.local_day(events.moment(store, now), site(store).zone)
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Refused("date_invalid") from None
    if len(text) != 10 or not 2000 <= found.year <= 2200:
        raise Refused("date_invalid")
    return found


def of_day(store: Store, on: date, *, mine: bool = False, by: Actor, now: datetime) -> list[Expected]:
    """Return the appointments of a day within the reader's reach, in their order; `mine`: only those with himself."""
    permit(by, "see_appointments")
    centre, at = site(store), events.moment(store, now)
    late = clock.to_text(at - centre.policy.booked_late)
    rows = store.rows(
        "SELECT cases.no, cases.state, cases.name, cases.phone, cases.owner_id, appointments.*,"  # noqa: S608
        " staff.name AS host_name, departments.name AS department_name, departments.name_en AS department_en,"
        " coalesce(tickets.no, '') AS ticket_no, told.id AS told_id, told.what AS told_what, told.at AS told_at,"
        " told.seen_at FROM appointments JOIN cases ON cases.id = appointments.case_id"
        " JOIN staff ON staff.id = host_id JOIN departments ON departments.code = staff.department"
        " LEFT JOIN tickets ON tickets.id = ticket_id LEFT JOIN tellings AS told ON told.id = (SELECT max(id)"
        " FROM tellings WHERE case_id = appointments.case_id AND staff_id = host_id)"
        " WHERE expected_at >= :begin AND expected_at < :end AND (:own IS NULL OR cases.department = :own)"
        f" AND (:me IS NULL OR host_id = :me) AND {seals.open_to(by)} ORDER BY expected_at, cases.id LIMIT :most",
        {**_span(store, on, by), "me": by.id if mine else None, "most": MOST},
    )
    return [
        Expected(
            no=row["no"],
            state=row["state"],
            expected_at=row["expected_at"],
            name=row["name"] if row["owner_id"] == by.id else mask_name(row["name"]),
            phone=row["phone"] if row["owner_id"] == by.id else mask_phone(row["phone"]),
            purpose=row["purpose"],
            host_id=row["host_id"],
            host_name=row["host_name"],
            host_department=Words(row["department_name"], row["department_en"]),
            arrived_at=row["arrived_at"],
            ticket_no=row["ticket_no"],
            late=row["state"] in EXPECTED and row["expected_at"] < late,
            told_id=row["told_id"],
            told_what=tellings.WORDS.get(row["told_what"] or "", Words("", "")),
            told_at=row["told_at"],
            seen_at=row["seen_at"],
        )
        for row in rows
    ]


def to_come_today(store: Store, *, by: Actor, now: datetime) -> int:
    """Return how many are still to come today, within the reader's reach."""
    permit(by, "see_appointments")
    found: int = store.value(
        "SELECT count(*) FROM appointments JOIN cases ON cases.id = appointments.case_id WHERE live = 1"  # noqa: S608
        " AND arrived_at IS NULL AND expected_at >= :begin AND expected_at < :end"
        f" AND (:own IS NULL OR cases.department = :own) AND {seals.open_to(by)}",
        _span(store, day(store, "", now=now), by),
    )
    return found


def _span(store: Store, on: date, by: Actor) -> dict[str, str | None]:
    begin, end = day_of(on, site(store).zone)
    return {"begin": begin, "end": end, "own": by.department if by.role in OF_OWN_DEPARTMENT else None}


def columns() -> list[tuple[str, Words]]:
    """Return the columns of the list as a table. Rows are what `rows` gives."""
    return [
        ("time", Words("预约时间", "Expected")),
        ("no", Words("编号", "No.")),
        ("state", Words("状态", "State")),
        ("name", Words("访客", "Visitor")),
        ("phone", Words("电话", "Phone")),
        ("purpose", Words("事由", "Purpose")),
        ("host", Words("接待人", "Host")),
        ("department", Words("部门", "Department")),
        ("arrived", Words("到达", "Here since")),
        ("ticket", Words("号票", "Ticket")),
        ("knows", Words("接待人知悉", "The host knows since")),
    ]


def rows(store: Store, listed: Sequence[Expected]) -> list[dict[str, str | Words]]:
    """Return the appointments of a day as rows of a table, masked as the list is; times of the site."""
    zone = site(store).zone

    def time(text: str | None) -> str:
        return local_times.written(clock.from_text(text), zone=zone) if text else ""

    return [
        {
            "time": time(one.expected_at),
            "no": one.no,
            "state": one.state_words,
            "name": one.name,
            "phone": one.phone,
            "purpose": one.purpose,
            "host": one.host_name,
            "department": one.host_department,
            "arrived": time(one.arrived_at),
            "ticket": one.ticket_no,
            "knows": time(one.seen_at),
        }
        for one in listed
    ]
