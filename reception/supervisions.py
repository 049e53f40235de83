"""督办 (SYS-21, PRM-04): what was decided with a department and a deadline, opened from a case or on its own."""

from datetime import date, datetime, timedelta

from db.store import Store
from reception import cases, clocks, duty, nonces, seals, sequences, supervision_papers, working_calendar
from reception.cases import Case
from reception.permissions import Actor, Role, permit
from reception.refusal import Refused
from reception.rules import clock, deadlines
from reception.rules.deadlines import Time, Timetable
from reception.site import site
from reception.supervision_records import Supervision, by_id, note_deadline, record
from reception.typed_days import typed_day

SERIES = "DB"
# What is sealed counts in a series of its own: no gap in the other tells of it.
SEALED_SERIES = "DM"
# Who decides, and so may be named as who did.
DECIDERS = frozenset({Role.SERVICE_HEAD, Role.DEPARTMENT_HEAD, Role.MANAGER})
# Who takes on a matter: anybody of the department but who keeps the box.
IN_CHARGE = frozenset(set(Role) - {Role.ADMINISTRATOR, Role.KIOSK, Role.TOKEN_HOLDER, Role.BOX})
# A deadline further away than this is a slip of the pen.
FURTHEST = timedelta(days=400)


def open_(
    store: Store,
    *,
    nonce: str,
    matter: str,
    opinion: str,
    department: str,
    due_on: str,
    charge: str = "",
    decided_by: str = "",
    case_no: str = "",
    by: Actor,
    now: datetime,
) -> Supervision:
    """Put a decision under supervision: opinion, department and deadline are mandatory (RUL-06); queue its paper.

    `due_on` is a working day, by whose close of business it must be done. `charge` (a login) is the head of the
    department where nobody is named, `decided_by` whoever opens it. The same nonce opens it once. Refuses
    `supervised_matter_missing`, `opinion_missing`, `department_unknown`, `department_not_yours` (a head of department
    opens it for his own), `charge_unknown`, `decider_unknown`, `sealed_from_charge`, `case_unknown`, and what
    `close_of_day` refuses.
    """
    permit(by, "open_supervision")
    content = {
        "matter": matter,
        "opinion": opinion,
        "department": department,
        "due_on": due_on,
        "charge": charge,
        "decided_by": decided_by,
        "case": case_no,
    }

    def make(at: datetime) -> int:
        case = cases.find(store, case_no, by=by) if case_no.strip() else None
        clean = cases.text(matter, missing="supervised_matter_missing")
        words = cases.text(opinion, missing="opinion_missing")
        if store.value("SELECT 1 FROM departments WHERE code = ?", [department]) is None:
            raise Refused("department_unknown")
        if by.role is Role.DEPARTMENT_HEAD and department != by.department:
            raise Refused("department_not_yours")
        in_charge = charge_of(store, department, charge, case)
        decider = _decider(store, decided_by, by)
        due, remind = close_of_day(store, due_on, at)
        return put(
            store,
            matter=clean,
            opinion=words,
            department=department,
            charge=in_charge,
            decider=decider,
            due=due,
            remind=remind,
            case=case,
            by=by,
            at=at,
        ).id

    return by_id(store, nonces.once(store, nonce, "open_supervision", content, now=now, make=make))


def put(
    store: Store,
    *,
    matter: str,
    opinion: str,
    department: str,
    charge: int,
    decider: int,
    due: str,
    remind: str,
    case: Case | None = None,
    since: str = "",
    by: Actor,
    at: datetime,
) -> Supervision:
    """Write a supervision inside an act that checked all of it, and queue its paper.

    `since`: when it was decided, where that was before this act; its deadline counts from then.
    """
    no = sequences.case_no(store, SEALED_SERIES if case is not None and case.sealed else SERIES, at)
    made = store.insert(
        "INSERT INTO supervisions (no, case_id, matter, opinion, department, charge_id, decided_by, state,"
        " opened_at, opened_by, due_at, remind_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, ?, ?)",
        [
            no,
            case.id if case else None,
            matter,
            opinion,
            department,
            charge,
            decider,
            since or clock.to_text(at),
            by.id,
            due,
            remind,
        ],
    )
    note_deadline(store, made, due, "", by=by, at=at)
    record(store, by_id(store, made), "supervise", by=by, at=at)
    supervision_papers.enqueue(store, by_id(store, made), at=at)
    return by_id(store, made)


def charge_of(store: Store, department: str, login: str, case: Case | None) -> int:
    """Return who is in charge: this member of the department, or its head. Refuses `charge_unknown`,
    `sealed_from_charge` (the case does not exist for him: he cannot answer for it)."""
    if login:
        row = store.row(
            "SELECT id, role FROM staff WHERE login = ? AND active = 1 AND department = ?", [login, department]
        )
        found = row["id"] if row is not None and row["role"] in IN_CHARGE else None
    else:
        found = duty.head_of(store, department)
    if found is None:
        raise Refused("charge_unknown")
    if case is not None and not seals.is_open_to(store, case.id, found):
        raise Refused("sealed_from_charge")
    return int(found)


def _decider(store: Store, login: str, by: Actor) -> int:
    if not login:
        assert by.id is not None
        return by.id
    row = store.row("SELECT id, role FROM staff WHERE login = ? AND active = 1", [login])
    if row is None or row["role"] not in DECIDERS:
        raise Refused("decider_unknown")
    return int(row["id"])


def close_of_day(store: Store, typed: str, at: datetime) -> tuple[str, str]:
    """Return when a day's business ends, and when to remind on the way there, as the store writes times.

    Refuses `date_invalid`, `not_a_working_day`, `time_past`, `deadline_too_far`.
    """
    day = typed_day(typed)
    centre = site(store)
    # By days first: a year that no clock knows has no close of business.
    if abs(day - clock.local_day(at, centre.zone)) > FURTHEST:
        raise Refused("deadline_too_far" if day > clock.local_day(at, centre.zone) else "time_past")
    if not working_calendar.calendar(store, since=day).is_open(day):
        raise Refused("not_a_working_day")
    due, remind = end_of_day(store, day, at)
    if due <= clock.to_text(at):
        raise Refused("time_past")
    return due, remind


def end_of_day(store: Store, day: date, since: datetime) -> tuple[str, str]:
    """Return when a day's business ends, and when to remind on the way there from `since`, whatever day it is."""
    centre = site(store)
    table = clocks.timetable(store, centre, since=since)
    due = table.close_of_business(day)
    return clock.to_text(due), clock.to_text(_on_the_way(since, due, centre.supervision_remind_percent, table))


def _on_the_way(begin: datetime, due: datetime, percent: int, table: Timetable) -> datetime:
    """Return when so much of the time is over, by opening hours: nobody is reminded at night."""
    minutes = deadlines.open_time(begin, due, table).total_seconds() / 60 * percent / 100
    if not minutes:
        return begin + (due - begin) * percent / 100
    return min(due, deadlines.deadline(Time.OPEN, begin, int(minutes), table))
