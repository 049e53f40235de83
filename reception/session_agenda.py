"""The agenda of a visit day (接访日议程): who is received when, and which departments accompany the host (ROL-11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from db.store import Store, writing
from reception import (
    booking_days,
    cases,
    departments,
    events,
    nonces,
    papers,
    seals,
    spooling,
    tellings,
    visit_day_session,
    visit_days,
)
from reception.permissions import KIOSK, Actor, Role, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.rules.booking_states import STEPS
from reception.site import site
from reception.visit_days import Day
from reception.wording import Words

# Of the bookings that stand: signed, and not over.
SIGNED = ("admitted", "scheduled", "checked_in", "met", "resolved", "supervised")
MOST = 100
# Who comes for a department where nobody is named: its head, or whoever is over it.
_HEAD = (
    "SELECT id, name FROM staff WHERE department = ? AND active = 1"
    " AND role IN ('department_head', 'service_head', 'manager', 'team_leader')"
    " ORDER BY role = 'department_head' DESC, role = 'team_leader', id LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One who is received: his time ('' without one), name, home, matter, and what the signatures say in short."""

    case_id: int
    no: str
    state: str
    starts: str
    name: str
    home: str
    matter: str
    topic: Words
    walk_in: bool
    opinions: tuple[tuple[Words, str], ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """The agenda of a day: its entries by time, the departments that accompany, each with who comes for it."""

    day: Day
    host: str
    entries: tuple[Entry, ...]
    departments: tuple[tuple[str, Words, str], ...]


def coming(store: Store, on: str, *, now: datetime) -> Day:
    """Return the visit day of a date (ISO), or for '' that of today or else the next. Refuses `visit_day_unknown`."""
    if on:
        return booking_days.named(store, on)
    today = clock.local_day(events.moment(store, now), site(store).zone)
    row = store.row(f"{visit_days.SELECT} WHERE actual_on >= ? ORDER BY actual_on LIMIT 1", [today.isoformat()])
    if row is None:
        raise Refused("visit_day_unknown")
    return visit_days.from_row(row)


def read(store: Store, *, on: str = "", by: Actor, now: datetime) -> Agenda:
    """Return the agenda of a day with whole names; the look is written down.

    It is open to who leads the session and to the heads of the departments that accompany. Refuses
    `visit_day_unknown`, `not_of_session`.
    """
    permit(by, "read_agenda")
    with writing(store):
        day = coming(store, on, now=now)
        if not _accompanies(store, day, by):
            raise Refused("not_of_session")
        events.record(store, "read_agenda", "visit_day", day.id, by=by, at=events.moment(store, now))
        return _agenda(store, day, by)


def _accompanies(store: Store, day: Day, by: Actor) -> bool:
    return visit_day_session.leads(day, by) or bool(
        store.value(
            "SELECT 1 FROM visit_day_departments WHERE visit_day_id = ? AND (staff_id = ? OR department = ?)",
            [day.id, by.id, by.department],
        )
    )


def proposed(store: Store, day: Day) -> list[str]:
    """Return the departments that the owners want to speak about: those of the signatures, and of the topics."""
    marks = ", ".join(f"'{state}'" for state in SIGNED)
    rows = store.rows(
        "SELECT DISTINCT department FROM (SELECT coalesce(given.department, handling_department) AS department"  # noqa: S608
        " FROM visit_day_bookings AS booked JOIN endorsements AS given ON given.case_id = booked.case_id"
        "  AND given.wording = booked.wording AND given.state = 'agreed'"
        f" JOIN cases ON cases.id = booked.case_id AND cases.state IN ({marks}) AND {seals.open_to(KIOSK)}"
        " WHERE booked.visit_day_id = :day AND booked.live = 1"
        " UNION SELECT classes.department FROM visit_day_bookings AS booked"
        " JOIN complaint_classes AS classes ON classes.code = topic"
        f" JOIN cases ON cases.id = booked.case_id AND cases.state IN ({marks}) AND {seals.open_to(KIOSK)}"
        " WHERE booked.visit_day_id = :day AND booked.live = 1)"
        " WHERE department IS NOT NULL ORDER BY department",
        {"day": day.id},
    )
    return [row[0] for row in rows]


def chosen(store: Store, day: Day) -> list[str]:
    """Return the departments that accompany the host of a day."""
    rows = store.rows(
        "SELECT department FROM visit_day_departments WHERE visit_day_id = ? ORDER BY department", [day.id]
    )
    return [row[0] for row in rows]


def settle(store: Store, *, on: str, accompany: Sequence[str], by: Actor, now: datetime) -> Day:
    """Settle the agenda: which departments accompany, and whoever is admitted is arranged; their heads are told.

    It may be settled again, as more are admitted. Whoever has no guest to be told of yet is told then. Refuses
    `visit_day_unknown`, `not_of_session` (a head of department who is not the deputy), `department_unknown`,
    `session_over`, `agenda_empty`.
    """
    permit(by, "arrange_visit_day")
    with writing(store):
        day = coming(store, on, now=now)
        if by.role not in {Role.SERVICE_HEAD, Role.MANAGER} and by.id != day.host_id:
            raise Refused("not_of_session")
        if day.over:
            raise Refused("session_over")
        at, before = events.moment(store, now), chosen(store, day)
        known = {code for code, _name in departments.all_of_them(store)}
        if not set(accompany) <= known:
            raise Refused("department_unknown")
        found = _agenda(store, day, by).entries
        if not found:
            raise Refused("agenda_empty")
        store.execute("DELETE FROM visit_day_departments WHERE visit_day_id = ?", [day.id])
        for code in dict.fromkeys(accompany):
            head = store.row(_HEAD, [code])
            store.execute(
                "INSERT INTO visit_day_departments (visit_day_id, department, staff_id) VALUES (?, ?, ?)",
                [day.id, code, head["id"] if head else None],
            )
            if head and code not in before:
                tellings.tell(store, found[0].case_id, head["id"], "accompany", by=by, at=at)
        for entry in found:
            if entry.state == "admitted":
                case = cases.whole(store, entry.case_id)
                cases.move(store, case, STEPS["schedule"].after or "", "schedule_visit_day", by=by, at=at)
        events.record(
            store, "settle_agenda", "visit_day", day.id, by=by, at=at, accompany=sorted(set(accompany)),
            guests=len(found),
        )  # fmt: skip
        store.touch("cases")
        return day


def _agenda(store: Store, day: Day, by: Actor) -> Agenda:
    marks = ", ".join(f"'{state}'" for state in SIGNED)
    rows = store.rows(
        "SELECT cases.id, cases.no, cases.state, cases.name, units.building, units.unit, units.room, booked.matter,"  # noqa: S608
        " booked.walk_in, booked.wording, classes.name AS topic, classes.name_en AS topic_en,"
        " coalesce(slots.starts, '') AS starts FROM visit_day_bookings AS booked"
        " JOIN cases ON cases.id = booked.case_id JOIN units ON units.id = booked.unit_id"
        " JOIN complaint_classes AS classes ON classes.code = booked.topic"
        " LEFT JOIN visit_day_slots AS slots ON slots.case_id = cases.id"
        f" WHERE booked.visit_day_id = ? AND booked.live = 1 AND cases.state IN ({marks}) AND {seals.open_to(by)}"
        " ORDER BY coalesce(slots.starts, '99'), cases.id LIMIT ?",
        [day.id, MOST],
    )
    entries = tuple(
        Entry(
            case_id=row["id"],
            no=row["no"],
            state=row["state"],
            starts=row["starts"],
            name=row["name"],
            home=f"{row['building']}-{row['unit']}-{row['room']}",
            matter=row["matter"],
            topic=Words(row["topic"], row["topic_en"]),
            walk_in=bool(row["walk_in"]),
            opinions=opinions(store, row["id"], row["wording"]),
        )
        for row in rows
    )
    accompany = tuple(
        (row["code"], Words(row["name"], row["name_en"]), row["person"] or "")
        for row in store.rows(
            "SELECT departments.code, departments.name, departments.name_en, staff.name AS person"
            " FROM visit_day_departments AS chosen JOIN departments ON departments.code = chosen.department"
            " LEFT JOIN staff ON staff.id = staff_id WHERE visit_day_id = ? ORDER BY departments.code",
            [day.id],
        )
    )
    host = store.value("SELECT name FROM staff WHERE id = ?", [day.host_id]) or ""
    return Agenda(day, host, entries, accompany)


def opinions(store: Store, case_id: int, wording: int) -> tuple[tuple[Words, str], ...]:
    """Return what the signatures under a wording say, in their order: the department that handles it, the opinion.

    What one took over from those before him (同意前述意见) stands once.
    """
    rows = store.rows(
        "SELECT departments.name, departments.name_en, opinion FROM endorsements"
        " JOIN departments ON departments.code = handling_department"
        " WHERE case_id = ? AND wording = ? AND state = 'agreed' ORDER BY position, endorsements.id LIMIT 20",
        [case_id, wording],
    )
    return tuple(dict.fromkeys((Words(row[0], row[1]), row[2]) for row in rows))


def print_out(store: Store, *, on: str = "", nonce: str, by: Actor, now: datetime) -> int:
    """Queue the agenda on the printer behind the desk; return the job id. The same nonce prints one.

    It bears whole names: where only the kiosk's printer is there it is refused, and the page prints on A4. Refuses
    `visit_day_unknown`, `not_of_session`, `staff_printer_missing`, and what nonces refuse.
    """
    permit(by, "read_agenda")

    def make(at: datetime) -> int:
        found, centre = read(store, on=on, by=by, now=now), site(store)
        printer = spooling.staff_printer(store, papers.DayAgenda.KIND, centre)
        if printer is None:
            raise Refused("staff_printer_missing")
        job = spooling.enqueue(
            store, centre, _paper(store, found, by, at), ref=f"visit_day:{found.day.id}", at=at, now=now,
            printer=printer, pinned=True,
        )  # fmt: skip
        assert job is not None
        events.record(store, "print_agenda", "visit_day", found.day.id, by=by, at=at, job=job)
        return job

    return nonces.once(store, nonce, "print_agenda", {"day": on}, now=now, make=make)


def _paper(store: Store, found: Agenda, by: Actor, at: datetime) -> papers.DayAgenda:
    return papers.DayAgenda(
        **spooling.heading(site(store), at),
        day=found.day.said,
        hours=found.day.hours,
        room=found.day.room_name,
        host=found.host,
        accompany=tuple(
            Words(f"{name.zh} {person}".strip(), f"{name.en} {person}".strip())
            for _code, name, person in found.departments
        ),
        times=tuple(entry.starts for entry in found.entries),
        people=tuple(f"{entry.name} {entry.home}" for entry in found.entries),
        matters=tuple(entry.matter for entry in found.entries),
        opinions=tuple(_short(entry) for entry in found.entries),
        printed_by=by.name,
    )


def _short(entry: Entry) -> str:
    """Return the last opinion, which gathers those before, with the department that handles it."""
    return "：".join((entry.opinions[-1][0].zh, entry.opinions[-1][1])) if entry.opinions else ""
