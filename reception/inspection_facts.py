"""What an inspection of a home is (房屋验收, SYS-36): of which home, when, its items, meters and defects."""

from dataclasses import dataclass
from sqlite3 import Row
from typing import Final

from db.store import Store
from reception import checklists, papers, repair_facts
from reception.cases import Case
from reception.checklists import Task
from reception.refusal import Refused
from reception.rules import meters
from reception.wording import Words

KIND: Final = "inspection"
SERIES: Final = "YS"
NAME = Words("房屋验收", "Home inspection")
STATES = {
    "appointed": Words("待验收", "To be inspected"),
    "inspected": Words("已验收，无质量问题", "Inspected, no defect"),
    "rectifying": Words("整改中", "Being put right"),
    "rechecked": Words("复检合格，待约业主", "Checked, owner to be asked"),
    "reappointed": Words("已约再次验收", "Second acceptance agreed"),
    "accepted": Words("业主已签字", "Accepted and signed"),
    "withdrawn": Words("已撤销", "Withdrawn"),
}
METERS = {
    "water": Words("水表", "Water"),
    "electric": Words("电表", "Electricity"),
    "gas": Words("燃气表", "Gas"),
}
# Where a repair of the home is put down; shared areas are no defect of a home.
CATEGORIES = {
    code: words for code, words in repair_facts.CATEGORIES.items() if code not in repair_facts.OF_SHARED_AREAS
}
URGENCIES = {code: repair_facts.URGENCIES[code] for code in ("ordinary", "urgent")}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a meter showed; `hundredths` None: the home has no such meter. `reason`: why it is below the one before."""

    kind: str
    hundredths: int | None
    reason: str
    at: str
    by_name: str

    @property
    def words(self) -> Words:
        """Which meter."""
        return METERS[self.kind]

    @property
    def shown(self) -> str:
        """The reading as it is written, with its unit; '' where there is no meter."""
        if self.hundredths is None:
            return ""
        return f"{self.hundredths // 100}.{self.hundredths % 100:02} {meters.UNITS[self.kind]}"


@dataclass(frozen=True, slots=True)
class Defect:
    """A defect with its repair and newest order: `passed`, done and checked; `dropped_by`, a head let it go, why."""

    id: int
    repair_no: str
    repair_state: str
    place: str
    text: str
    urgency: str
    order_no: str
    worker: str
    finished_at: str | None
    rechecked_at: str | None
    rechecker: str
    passed: bool
    dropped_at: str | None
    dropped_by: str
    reason: str

    @property
    def open(self) -> bool:
        """Whether the inspection waits for it."""
        return not self.passed and self.dropped_at is None

    @property
    def to_check(self) -> bool:
        """Whether its work is done and waits for the check."""
        return self.repair_state == "finished" and self.dropped_at is None

    @property
    def how(self) -> Words:
        """How its repair stands."""
        return repair_facts.STATES[self.repair_state]


@dataclass(frozen=True, slots=True)
class Inspection:
    """The details of an inspection; times are UTC texts. `signed_by` is who saw the owner sign."""

    developer: str
    agreed_at: str
    remark: str
    inspected_at: str | None
    inspector: str
    signed_at: str | None
    signed_by: str
    tasks: list[Task]
    readings: list[Reading]
    defects: list[Defect]

    @property
    def meters(self) -> dict[str, Reading]:
        """What each meter showed last, by kind; those that were read."""
        return {one.kind: one for one in self.readings}

    @property
    def unread(self) -> tuple[str, ...]:
        """The meters that nobody read yet."""
        return tuple(kind for kind in meters.KINDS if kind not in self.meters)

    @property
    def open_defects(self) -> list[Defect]:
        """The defects that it waits for."""
        return [one for one in self.defects if one.open]


def details(store: Store, case: Case) -> Inspection:
    """Return what an inspection is and how far it is."""
    row = store.row(
        "SELECT inspections.*, coalesce(inspector.name, '') AS inspector, coalesce(seer.name, '') AS seer"
        " FROM inspections LEFT JOIN staff AS inspector ON inspector.id = inspector_id"
        " LEFT JOIN staff AS seer ON seer.id = signed_seen_by WHERE case_id = ?",
        [case.id],
    )
    assert row is not None
    return Inspection(
        developer=row["developer"],
        agreed_at=row["agreed_at"],
        remark=row["remark"],
        inspected_at=row["inspected_at"],
        inspector=row["inspector"],
        signed_at=row["signed_at"],
        signed_by=row["seer"],
        tasks=checklists.of_case(store, case.id),
        readings=readings(store, case.id),
        defects=defects(store, case.id),
    )


_READ = (
    "SELECT kind, hundredths, reason, inspection_readings.at, staff.name AS by_name FROM inspection_readings"
    " JOIN staff ON staff.id = by_id"
)


def readings(store: Store, case_id: int) -> list[Reading]:
    """Return all readings of an inspection, oldest first: of each meter the last one holds."""
    return [
        Reading(*row) for row in store.rows(f"{_READ} WHERE case_id = ? ORDER BY inspection_readings.id", [case_id])
    ]


def last_of_home(store: Store, unit_id: int) -> dict[str, Reading]:
    """Return the last reading of each meter of a home, by kind."""
    rows = store.rows(f"{_READ} WHERE unit_id = ? ORDER BY inspection_readings.id", [unit_id])
    last = {row["kind"]: Reading(*row) for row in rows}
    return {kind: last[kind] for kind in meters.KINDS if kind in last}


def last_numbers(store: Store, unit_id: int) -> dict[str, int]:
    """Return what each meter of a home last showed (hundredths), by kind, whatever was said of it since: the trigger
    `inspection_readings_run_on` compares with the same."""
    rows = store.rows(
        "SELECT kind, hundredths FROM inspection_readings WHERE unit_id = ? AND hundredths IS NOT NULL ORDER BY id",
        [unit_id],
    )
    return {row["kind"]: row["hundredths"] for row in rows}


_DEFECTS = (
    "SELECT inspection_defects.id, cases.no AS repair_no, cases.state AS repair_state, repairs.place,"
    " repairs.content AS text, repairs.urgency, coalesce(work_orders.no, '') AS order_no,"
    " coalesce(worker.name, '') AS worker, finished_at, rechecked_at, coalesce(rechecker.name, '') AS rechecker,"
    " inspection_defects.dropped_at IS NULL AND NOT EXISTS (SELECT 1 FROM inspection_defects_open AS open"
    " WHERE open.id = inspection_defects.id) AS passed, dropped_at, coalesce(dropper.name, '') AS dropped_by, reason"
    " FROM inspection_defects JOIN cases ON cases.id = repair_id JOIN repairs ON repairs.case_id = repair_id"
    " LEFT JOIN work_orders ON work_orders.id = (SELECT max(id) FROM work_orders WHERE case_id = repair_id)"
    " LEFT JOIN staff AS worker ON worker.id = worker_id LEFT JOIN staff AS rechecker ON rechecker.id = rechecked_by"
    " LEFT JOIN staff AS dropper ON dropper.id = dropped_by"
)


def defects(store: Store, case_id: int) -> list[Defect]:
    """Return the defects of an inspection that the reader was let in to, in the order in which they were found."""
    rows = store.rows(f"{_DEFECTS} WHERE inspection_defects.case_id = ? ORDER BY inspection_defects.id", [case_id])
    return [_defect(row) for row in rows]


def _defect(row: Row) -> Defect:
    return Defect(**{name: row[name] for name in Defect.__slots__ if name != "passed"}, passed=bool(row["passed"]))


def rebuild(store: Store, case: Case, kind: str, part: str) -> papers.Paper:
    """An inspection prints no slip: its form is a sheet of A4. Refuses `paper_outdated`."""
    raise Refused("paper_outdated")
