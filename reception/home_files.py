"""业主档案: what the centre knows of one home: who lives there, its dates, its visits, calls, cases, open faults."""

from dataclasses import dataclass
from datetime import datetime

from db.store import Store, writing
from reception import (
    case_filters,
    case_lists,
    custody_facts,
    estate,
    events,
    fault_records,
    fees,
    home_dates,
    inspection_facts,
    residents,
    reveals,
    seals,
)
from reception.case_lists import Entry
from reception.cases import OF_OWN_DEPARTMENT
from reception.custody_facts import Custody
from reception.fees import Fee
from reception.home_dates import HomeDates
from reception.inspection_facts import Reading
from reception.permissions import Actor, may, permit
from reception.refusal import Refused
from reception.residents import Resident
from reception.reveals import Reason
from reception.rules import clock, local_times
from reception.site import site
from reception.wording import Words

VISITS = 100
# The parts of a file, as a table names them.
RESIDENTS, CASES = Words("住户", "Residents"), Words("事项", "Cases")
VISITED, ANSWERS = Words("来访", "Visits"), Words("满意度", "Satisfaction")
FEES = Words("待缴费用", "Fees to pay")
CUSTODY = Words("房屋托管", "Custody")


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit from a home: when, for what, the number taken, and until when."""

    arrived_at: str
    purpose: Words
    ticket_no: str
    left_at: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of the work: `score` 1 to 5 (None: reached, no answer); `own`: by the person himself."""

    case_no: str
    at: str
    score: int | None
    own: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """A known fault that strikes the home now."""

    no: str
    what: Words
    expected_at: str | None


@dataclass(frozen=True, slots=True)
class HomeFile:
    """The file of a home; `calls` are the cases among `cases` that came by telephone."""

    unit: estate.Unit
    dates: HomeDates
    whole: bool
    residents: tuple[Resident, ...]
    visits: tuple[Visit, ...]
    cases: tuple[Entry, ...]
    answers: tuple[Answer, ...]
    faults: tuple[Fault, ...]
    fees: tuple[Fee, ...]
    meters: tuple[Reading, ...]
    custodies: tuple[Custody, ...]

    @property
    def calls(self) -> int:
        """How many of the cases came in by telephone."""
        return sum(entry.case.source == "phone" for entry in self.cases)

    @property
    def open(self) -> int:
        """How many of the cases are open."""
        return sum(entry.case.closed_at is None for entry in self.cases)


def look_up(store: Store, unit: str, *, by: Actor, now: datetime) -> HomeFile:
    """Return the file of a home (`1-1-101`), masked; that it was looked at is written down.

    A head of department sees of it the cases of his own department, and no visits. Refuses `unit_invalid`,
    `unit_unknown`.
    """
    permit(by, "see_home")
    with writing(store):
        home = estate.find_unit(store, unit.strip())
        events.record(store, "see_home", "unit", home.id, by=by, at=events.moment(store, now))
    return _file(store, home, whole=False, by=by, now=now)


def reveal(store: Store, unit: str, *, why: Reason, by: Actor, now: datetime) -> HomeFile:
    """Return the file of a home with its residents whole; the look, and why, are written down.

    A head of department may only where a case of his department stands. Refuses as `look_up`, `home_not_yours`,
    and what `reveals.record` refuses.
    """
    permit(by, "see_home")
    permit(by, "reveal")
    with writing(store):
        home = estate.find_unit(store, unit.strip())
        if by.role in OF_OWN_DEPARTMENT and not store.value(
            f"SELECT 1 FROM cases WHERE unit_id = ? AND department = ? AND {seals.open_to(by)}",  # noqa: S608
            [home.id, by.department],
        ):
            raise Refused("home_not_yours")
        reveals.record(store, "reveal_home", "unit", home.id, why=why, by=by, at=events.moment(store, now))
    return _file(store, home, whole=True, by=by, now=now)


def _file(store: Store, home: estate.Unit, *, whole: bool, by: Actor, now: datetime) -> HomeFile:
    wanted = case_filters.Filter(scope=case_filters.ALL).with_home(home.id)
    return HomeFile(
        unit=home,
        dates=home_dates.of_home(store, home.id),
        whole=whole,
        residents=residents.of_home(store, home, whole=whole),
        visits=() if by.role in OF_OWN_DEPARTMENT else _visits(store, home, by),
        cases=tuple(case_lists.everything(store, wanted, by=by, now=now)),
        answers=_answers(store, home, by),
        faults=_faults(store, home),
        fees=fees.open_of(store, home.id, now=now) if may(by, "see_fees") else (),
        meters=tuple(inspection_facts.last_of_home(store, home.id).values()),
        custodies=custody_facts.of_home(store, home.id) if may(by, "see_custody") else (),
    )


def _visits(store: Store, home: estate.Unit, by: Actor) -> tuple[Visit, ...]:
    rows = store.rows(
        "SELECT visits.arrived_at, lines.name, lines.name_en, tickets.no, left_at FROM visits"
        " JOIN lines ON lines.code = visits.purpose LEFT JOIN tickets ON tickets.visit_id = visits.id"
        " LEFT JOIN lines AS taken ON taken.code = tickets.line"
        " WHERE visits.unit_id = ? AND (taken.hears IS NULL OR taken.hears = ?) ORDER BY visits.id DESC LIMIT ?",
        [home.id, by.hears_as, VISITS],
    )
    return tuple(Visit(row[0], Words(row[1], row[2]), row[3] or "", row[4]) for row in rows)


def _answers(store: Store, home: estate.Unit, by: Actor) -> tuple[Answer, ...]:
    own = by.department if by.role in OF_OWN_DEPARTMENT else None
    rows = store.rows(
        "SELECT cases.no, survey_responses.at AS at, score, 1 FROM cases"  # noqa: S608
        " JOIN survey_responses ON survey_responses.case_id = cases.id WHERE unit_id = :home"
        f" AND (:own IS NULL OR department = :own) AND {seals.open_to(by)}"
        " UNION ALL SELECT cases.no, follow_ups.at, score, 0 FROM cases"
        " JOIN follow_ups ON follow_ups.case_id = cases.id WHERE unit_id = :home AND reached = 1"
        f" AND (:own IS NULL OR department = :own) AND {seals.open_to(by)} ORDER BY at DESC",
        {"home": home.id, "own": own},
    )
    return tuple(Answer(row[0], row[1], row[2], bool(row[3])) for row in rows)


def _faults(store: Store, home: estate.Unit) -> tuple[Fault, ...]:
    """Return what strikes the home now."""
    return tuple(Fault(one.no, one.what, one.expected_at) for one in fault_records.affecting(store, home))


def _owed(fee: Fee) -> Words:
    return Words(
        f"{fee.item.zh} {fee.amount} 元，应缴日 {fee.due_on}", f"{fee.item.en} {fee.amount} yuan, due {fee.due_on}"
    )


def _agreed(one: Custody) -> Words:
    until = one.ended_on or one.until_on
    return Words(f"{one.from_on} 至 {until or '不定期'}", f"{one.from_on} to {until or 'open'}")


def columns() -> list[tuple[str, Words]]:
    """Return the columns of a file as a table. Rows are what `rows` gives."""
    return [
        ("part", Words("部分", "Part")),
        ("no", Words("编号", "No.")),
        ("what", Words("内容", "What")),
        ("who", Words("姓名", "Who")),
        ("phone", Words("电话", "Phone")),
        ("state", Words("状态", "State")),
        ("at", Words("时间", "When")),
    ]


def rows(store: Store, file: HomeFile) -> list[dict[str, str | Words]]:
    """Return a file as rows of a table, part after part, masked as it was read; times of the site."""
    zone, nothing = site(store).zone, Words("", "")
    parts: list[tuple[Words, str, str | Words, str, str, str | Words, str | None]] = [
        *((RESIDENTS, "", one.relation, one.name, one.phone, "", None) for one in file.residents),
        *(
            (
                CASES,
                entry.case.no,
                entry.category or nothing,
                entry.case.name,
                entry.case.phone,
                entry.state_words,
                entry.case.received_at,
            )
            for entry in file.cases
        ),
        *((VISITED, one.ticket_no, one.purpose, "", "", "", one.arrived_at) for one in file.visits),
        *((FEES, one.period.text, _owed(one), "", "", one.state_words, None) for one in file.fees),
        *((CUSTODY, one.no, _agreed(one), "", "", one.state_words, one.opened_at) for one in file.custodies),
        *((ANSWERS, one.case_no, f"{one.score} / 5" if one.score else "", "", "", "", one.at) for one in file.answers),
    ]
    return [
        {
            "part": part,
            "no": no,
            "what": what,
            "who": who,
            "phone": phone,
            "state": state,
            "at": local_times.written(clock.from_text(at), zone=zone) if at else "",
        }
        for part, no, what, who, phone, state, at in parts
    ]
