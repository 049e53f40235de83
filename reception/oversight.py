"""接访日监督评估 (SYS-24): what broke the rules of the visit day, found by the box, each once; and what was done."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from sqlite3 import Row
from typing import Any, Final

from db.store import Store, writing
from reception import cases, events, nonces, oversight_rules, seals, visit_days
from reception.oversight_rules import RULES
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.site import site
from reception.typed_days import typed_day
from reception.wording import Words

# Days older than this are not looked at any more; what was found of them stays.
LOOKED_AT: Final = timedelta(days=400)
# A period never ends before it began, and is no longer than this.
LONGEST: Final = timedelta(days=800)
MOST: Final = 300
CORRECTION_LIMIT: Final = 300


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that was broken. `found_name` is '' where the box found it; `correction` '' while nothing was done."""

    id: int
    day_id: int
    day_on: str
    case_no: str
    rule: str
    note: str
    found_at: str
    found_name: str
    correction: str
    corrected_at: str | None
    corrected_name: str

    @property
    def words(self) -> Words:
        """Which rule."""
        return RULES[self.rule]


def watch(store: Store, *, by: Actor, now: datetime) -> int:
    """Write down what broke a rule since the last look; return how many findings are new.

    While the box's clock stands before the last event nothing is found: lateness cannot be told then (K3, 16).
    """
    permit(by, "watch_oversight")
    if events.clock_is_behind(store, now):
        return 0
    # Every minute: the look itself holds nobody up.
    new = _new(store, events.moment(store, now))
    if not new:
        return 0
    with writing(store):
        at = clock.to_text(events.moment(store, now))
        made = sum(
            store.changed(
                "INSERT INTO oversight_findings (visit_day_id, case_id, rule, note, found_at)"
                " VALUES (?, ?, ?, '', ?) ON CONFLICT DO NOTHING",
                [day_id, case_id, rule, at],
            )
            for day_id, rule, case_id in new
        )
        store.touch("cases")
        return made


def _new(store: Store, at: datetime) -> list[tuple[int, str, int | None]]:
    """Return (day, rule, case) of what is broken and was not found before."""
    since = (clock.local_day(at, site(store).zone) - LOOKED_AT).isoformat()
    # A day without slots is one of before the box kept these rules: it broke none.
    kept = "EXISTS (SELECT 1 FROM visit_day_slots WHERE visit_day_id = visit_days.id)"
    rows = store.rows(f"{visit_days.SELECT} WHERE actual_on >= ? AND {kept} ORDER BY actual_on LIMIT 100", [since])
    known = {
        (row["visit_day_id"], row["rule"], row["case_id"])
        for row in store.rows(
            "SELECT visit_day_id, rule, oversight_findings.case_id FROM visit_days"
            " JOIN oversight_findings ON visit_day_id = visit_days.id WHERE actual_on >= ? AND found_by IS NULL",
            [since],
        )
    }
    broken = (
        (row["id"], rule, case_id)
        for row in rows
        for rule, case_id in oversight_rules.broken(store, visit_days.from_row(row), row, at=at)
    )
    return [one for one in broken if one not in known]


def note(store: Store, *, nonce: str, day_id: int, text: str, by: Actor, now: datetime) -> int:
    """Write down what somebody saw himself; return its id. The same nonce writes it once.

    Refuses `visit_day_unknown`, `finding_missing`, texts.
    """
    permit(by, "correct_oversight")

    def make(at: datetime) -> int:
        day = visit_days.by_id(store, day_id)
        clean = cases.text(text, missing="finding_missing", limit=CORRECTION_LIMIT)
        return store.insert(
            "INSERT INTO oversight_findings (visit_day_id, rule, note, found_at, found_by) VALUES (?, 'seen', ?, ?, ?)",
            [day.id, clean, clock.to_text(at), by.id],
        )

    return nonces.once(store, nonce, "note_finding", {"day": day_id, "text": text}, now=now, make=make)


def correct(store: Store, *, finding_id: int, correction: str, by: Actor, now: datetime) -> None:
    """Write down how it was put right: once. Refuses `breach_unknown`, `correction_missing`, `changed_meanwhile`."""
    permit(by, "correct_oversight")
    with writing(store):
        row = store.row("SELECT visit_day_id FROM oversight_findings WHERE id = ?", [finding_id])
        if row is None:
            raise Refused("breach_unknown")
        clean = cases.text(correction, missing="correction_missing", limit=CORRECTION_LIMIT)
        at = events.moment(store, now)
        done = store.changed(
            "UPDATE oversight_findings SET correction = ?, corrected_at = ?, corrected_by = ?"
            " WHERE id = ? AND correction IS NULL",
            [clean, clock.to_text(at), by.id, finding_id],
        )
        if not done:
            raise Refused("changed_meanwhile")
        events.record(store, "correct_finding", "visit_day", row[0], by=by, at=at, finding=finding_id)
        store.touch("cases")


@dataclass(frozen=True, slots=True)
class Log:
    """The findings of a period, and of each rule how many were found and how many of them put right."""

    since: date
    until: date
    days: int
    found: list[Finding]
    counts: list[tuple[Words, int, int]]


def log(store: Store, *, since: str = "", until: str = "", by: Actor, now: datetime) -> Log:
    """Return what was found of the visit days of a period, the newest day first; by default of the running year.

    Refuses `date_invalid`, `period_invalid` (it ends before it begins, or is too long).
    """
    permit(by, "see_oversight")
    today = clock.local_day(events.moment(store, now), site(store).zone)
    first, last = _day(since, today.replace(month=1, day=1)), _day(until, today.replace(month=12, day=31))
    if not timedelta(0) <= last - first <= LONGEST:
        raise Refused("period_invalid")
    period = [first.isoformat(), last.isoformat()]
    within = "visit_day_id IN (SELECT id FROM visit_days WHERE actual_on BETWEEN ? AND ?)"
    rows = _rows(store, within, [*period, MOST], by)
    counted = store.rows(
        "SELECT rule, count(*), count(correction) FROM oversight_findings"  # noqa: S608
        f" WHERE {within} GROUP BY rule",
        period,
    )
    by_rule = {row[0]: (row[1], row[2]) for row in counted}
    return Log(
        first,
        last,
        store.value("SELECT count(*) FROM visit_days WHERE actual_on BETWEEN ? AND ?", period),
        [_finding(row) for row in rows],
        [(words, *by_rule[rule]) for rule, words in RULES.items() if rule in by_rule],
    )


def to_correct(store: Store, *, most: int, by: Actor) -> tuple[list[Finding], int]:
    """Return what nobody put right yet, the newest day first, at most so many, and how many there are."""
    permit(by, "see_oversight")
    total = store.value("SELECT count(*) FROM oversight_findings WHERE correction IS NULL")
    return [_finding(row) for row in _rows(store, "correction IS NULL", [most], by)], total


def _rows(store: Store, test: str, values: list[Any], by: Actor) -> list[Row]:
    """Return findings that pass a test, the newest day first; the last value is how many at most."""
    return store.rows(
        "SELECT found.*, visit_days.actual_on, coalesce(cases.no, '') AS case_no, coalesce(finder.name, '') AS finder,"  # noqa: S608
        " coalesce(mender.name, '') AS mender FROM oversight_findings AS found"
        " JOIN visit_days ON visit_days.id = visit_day_id LEFT JOIN cases ON cases.id = found.case_id"
        " LEFT JOIN staff AS finder ON finder.id = found_by LEFT JOIN staff AS mender ON mender.id = corrected_by"
        f" WHERE {test} AND (found.case_id IS NULL OR {seals.open_to(by)})"
        " ORDER BY visit_days.actual_on DESC, found.id LIMIT ?",
        values,
    )


def days(store: Store, *, by: Actor, now: datetime) -> list[tuple[int, str]]:
    """Return the last visit days that began, as (id, date), the newest first: of which one may note a finding."""
    permit(by, "see_oversight")
    today = clock.local_day(events.moment(store, now), site(store).zone)
    rows = store.rows(
        "SELECT id, actual_on FROM visit_days WHERE actual_on <= ? ORDER BY actual_on DESC LIMIT 12",
        [today.isoformat()],
    )
    return [(row["id"], row["actual_on"]) for row in rows]


def _day(typed: str, default: date) -> date:
    return typed_day(typed) if typed.strip() else default


def _finding(row: Row) -> Finding:
    return Finding(
        id=row["id"],
        day_id=row["visit_day_id"],
        day_on=row["actual_on"],
        case_no=row["case_no"],
        rule=row["rule"],
        note=row["note"],
        found_at=row["found_at"],
        found_name=row["finder"],
        correction=row["correction"] or "",
        corrected_at=row["corrected_at"],
        corrected_name=row["mender"],
    )
