"""Who does which repairs today (维修人员): orders and load of each worker, and the team's orders that nobody took."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from sqlite3 import Row

from db.store import Store
from reception import case_deadlines, case_filters, events, repair_facts
from reception.case_deadlines import Deadline
from reception.cases import OF_OWN_DEPARTMENT
from reception.estate import Unit
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, local_times
from reception.rules.masking import mask_name, mask_phone
from reception.site import site
from reception.wording import Words


@dataclass(frozen=True, slots=True)
class Job:
    """A live order as its worker's list has it; name and phone are masked, the slip alone has them whole.

    `today`: appointed for today or earlier, or without a time. `late`: the time has passed and nobody is there.
    """

    order_no: str
    case_no: str
    state: str
    department: Words
    appointed_at: str | None
    dispatched_at: str
    urgency: str
    urgency_words: Words
    category: Words
    unit: Unit | None
    place: str
    content: str
    name: str
    phone: str
    begun: bool
    finished: bool
    today: bool
    late: bool
    deadline: Deadline | None

    @property
    def state_words(self) -> Words:
        """How the repair stands."""
        return repair_facts.state_words(self.state, begun=self.begun)

    @property
    def overdue(self) -> bool:
        """Whether a deadline has passed, or the agreed time."""
        return self.late or (self.deadline is not None and self.deadline.stage == "overdue")


@dataclass(frozen=True, slots=True)
class WorkerDay:
    """A worker's day: his live orders in the order he goes, how many are still to do, overdue, and done today."""

    login: str
    name: str
    department: Words
    jobs: tuple[Job, ...]
    done_today: int

    @property
    def open(self) -> int:
        """Orders whose work is not finished."""
        return sum(not job.finished for job in self.jobs)

    @property
    def overdue(self) -> int:
        """Those of them that are overdue."""
        return sum(job.overdue for job in self.jobs if not job.finished)

    @property
    def today(self) -> tuple[Job, ...]:
        """What is to be done today."""
        return tuple(job for job in self.jobs if job.today and not job.finished)

    @property
    def later(self) -> tuple[Job, ...]:
        """What is agreed for a later day."""
        return tuple(job for job in self.jobs if not job.today and not job.finished)

    @property
    def to_accept(self) -> tuple[Job, ...]:
        """What is finished and waits for the owner's signature."""
        return tuple(job for job in self.jobs if job.finished)


@dataclass(frozen=True, slots=True)
class Workshop:
    """All workers within the reader's reach, and the team orders that nobody accepted."""

    unclaimed: tuple[Job, ...]
    workers: tuple[WorkerDay, ...]


_JOB = (
    "SELECT work_orders.id, work_orders.worker_id, work_orders.no AS order_no, work_orders.case_id,"
    " work_orders.appointed_at, work_orders.dispatched_at, work_orders.arrived_at, work_orders.started_at,"
    " work_orders.finished_at,"
    " cases.no AS case_no, cases.state, cases.name, cases.phone, cases.unit_id, units.building, units.unit, units.room,"
    " departments.name AS department, departments.name_en AS department_en,"
    " repairs.category, repairs.urgency, repairs.place, repairs.content"
    " FROM work_orders JOIN cases ON cases.id = work_orders.case_id JOIN repairs ON repairs.case_id = cases.id"
    " JOIN departments ON departments.code = work_orders.department LEFT JOIN units ON units.id = cases.unit_id"
    " WHERE work_orders.state = 'live'"
)


def workshop(store: Store, *, by: Actor, now: datetime) -> Workshop:
    """Return every worker's day, and on top what no one took; a head sees his own department's."""
    permit(by, "see_workers")
    own = by.department if by.role in OF_OWN_DEPARTMENT else ""
    staff = _staff(store, "('' = ? OR staff.department = ?)", [own, own])
    days = sorted(_days(store, staff, now), key=lambda day: not day.jobs)
    return Workshop(unclaimed(store, by=by, now=now), tuple(days))


def unclaimed(store: Store, *, by: Actor, now: datetime) -> tuple[Job, ...]:
    """Return the orders of teams that nobody accepted; a head sees his own department's."""
    permit(by, "see_workers")
    own = by.department if by.role in OF_OWN_DEPARTMENT else ""
    rows = store.rows(
        f"{_JOB} AND work_orders.worker_id IS NULL AND ('' = ? OR work_orders.department = ?)", [own, own]
    )
    return _jobs(store, rows, now)


def day_sheet(store: Store, login: str, *, by: Actor, now: datetime) -> WorkerDay:
    """Return one worker's day, to be printed for him. Refuses `worker_unknown`, also of another department's."""
    permit(by, "see_workers")
    own = by.department if by.role in OF_OWN_DEPARTMENT else ""
    found = _days(store, _staff(store, "staff.login = ? AND ('' = ? OR staff.department = ?)", [login, own, own]), now)
    if not found:
        raise Refused("worker_unknown")
    return found[0]


def _staff(store: Store, condition: str, values: list[str]) -> list[Row]:
    return store.rows(
        "SELECT staff.id, login, staff.name, departments.name AS department, departments.name_en AS department_en"  # noqa: S608
        " FROM staff JOIN departments ON departments.code = staff.department WHERE active = 1"
        f" AND role IN ('worker', 'team_leader') AND {condition} ORDER BY staff.department, staff.name",
        values,
    )


def _days(store: Store, staff: list[Row], now: datetime) -> tuple[WorkerDay, ...]:
    marks = ",".join("?" * len(staff))
    rows = store.rows(f"{_JOB} AND work_orders.worker_id IN ({marks})", [one["id"] for one in staff])
    begins, ends = _today(store, now)
    done = store.counts(
        "SELECT worker_id, count(*) FROM work_orders INDEXED BY work_orders_finished"
        " WHERE finished_at >= ? AND finished_at < ? GROUP BY worker_id",
        [begins, ends],
    )
    return tuple(
        WorkerDay(
            login=one["login"],
            name=one["name"],
            department=Words(one["department"], one["department_en"]),
            jobs=_jobs(store, [row for row in rows if row["worker_id"] == one["id"]], now),
            done_today=done.get(one["id"], 0),
        )
        for one in staff
    )


def _today(store: Store, now: datetime) -> tuple[str, str]:
    zone = site(store).zone
    day = clock.local_day(events.moment(store, now), zone)
    return case_filters.day_begins(day, zone), case_filters.day_begins(day + timedelta(days=1), zone)


def _jobs(store: Store, rows: Iterable[Row], now: datetime) -> tuple[Job, ...]:
    """Return orders as jobs: urgent ones without a time first, then by the agreed time, then those without one."""
    found = list(rows)
    deadlines = case_deadlines.soonest(store, [row["case_id"] for row in found], now=now)
    at, (_, tomorrow) = clock.to_text(events.moment(store, now)), _today(store, now)
    jobs = [
        Job(
            order_no=row["order_no"],
            case_no=row["case_no"],
            state=row["state"],
            department=Words(row["department"], row["department_en"]),
            appointed_at=row["appointed_at"],
            dispatched_at=row["dispatched_at"],
            urgency=row["urgency"],
            urgency_words=repair_facts.URGENCIES[row["urgency"]],
            category=repair_facts.CATEGORIES[row["category"]],
            unit=Unit(row["unit_id"], row["building"], row["unit"], row["room"]) if row["unit_id"] else None,
            place=row["place"],
            content=row["content"],
            name=mask_name(row["name"]),
            phone=mask_phone(row["phone"]),
            begun=row["started_at"] is not None,
            finished=row["finished_at"] is not None,
            today=row["appointed_at"] is None or row["appointed_at"] < tomorrow,
            late=row["arrived_at"] is None and row["appointed_at"] is not None and row["appointed_at"] < at,
            deadline=deadlines.get(row["case_id"]),
        )
        for row in found
    ]
    return tuple(
        sorted(
            jobs,
            key=lambda job: (
                job.appointed_at is not None or job.urgency != "urgent",
                job.appointed_at or "9",
                job.dispatched_at,
            ),
        )
    )


def columns() -> list[tuple[str, Words]]:
    """Return the columns of the orders of workers as a table. Rows are what `rows` gives."""
    return [
        ("worker", Words("维修人员", "Worker")),
        ("time", Words("约定时间", "Agreed time")),
        ("order", Words("工单号", "Work order")),
        ("case", Words("报修编号", "Repair")),
        ("state", Words("状态", "State")),
        ("home", Words("住址", "Home")),
        ("place", Words("部位", "Place")),
        ("category", Words("类别", "Category")),
        ("urgency", Words("紧急程度", "Urgency")),
        ("content", Words("报修内容", "Matter")),
        ("name", Words("姓名", "Name")),
        ("phone", Words("电话", "Phone")),
    ]


def rows(store: Store, shop: Workshop) -> list[dict[str, str | Words]]:
    """Return all live orders as rows of a table, masked, the unclaimed first; times of the site."""
    zone = site(store).zone
    of_whom = [("", job) for job in shop.unclaimed]
    of_whom += [(one.name, job) for one in shop.workers for job in one.jobs]
    return [
        {
            "worker": worker,
            "time": local_times.written(clock.from_text(job.appointed_at), zone=zone) if job.appointed_at else "",
            "order": job.order_no,
            "case": job.case_no,
            "state": job.state_words,
            "home": job.unit.label if job.unit else "",
            "place": job.place,
            "category": job.category,
            "urgency": job.urgency_words,
            "content": job.content,
            "name": job.name,
            "phone": job.phone,
        }
        for worker, job in of_whom
    ]
