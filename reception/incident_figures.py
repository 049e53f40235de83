"""Figures of incidents (STA-08): how many in a year by class, and how many records were filed in time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from db.store import Store
from reception import events, seals
from reception.incident_facts import CLASSES
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.site import site
from reception.wording import Words

# Fewer are not broken down (domain.md K10): with so few, a class names a person.
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Figures:
    """A year: how many, of each class (None: too few to be broken down), records in time of those due until now."""

    year: int
    total: int
    by_class: tuple[tuple[Words, int], ...] | None
    in_time: int
    due: int

    @property
    def percent(self) -> int | None:
        """Records filed in time, in a hundred; None where none was due yet."""
        return round(100 * self.in_time / self.due) if self.due else None


def of_year(store: Store, year: str, *, by: Actor, now: datetime) -> Figures:
    """Return the figures of a year of the site ('': this one), of what is open to the reader; a mistake is not counted.

    Refuses `not_permitted`, `number_invalid`.
    """
    permit(by, "see_incident_figures")
    zone, at = site(store).zone, events.moment(store, now)
    if year and not (year.isascii() and year.isdigit() and len(year) == 4 and 2000 <= int(year) < 9000):
        raise Refused("number_invalid")
    asked = int(year) if year else clock.local_day(at, zone).year
    begin, end = (
        clock.to_text(datetime.combine(date(one, 1, 1), time(), zone).astimezone(UTC)) for one in (asked, asked + 1)
    )
    return _counted(store, asked, begin, end, by=by, at=at)


def of_span(store: Store, begin: str, end: str, *, by: Actor, now: datetime) -> Figures:
    """Return the same of a span of time, such as a month: `begin` <= t < `end`, as the store writes times."""
    permit(by, "see_incident_figures")
    return _counted(store, int(begin[:4]), begin, end, by=by, at=events.moment(store, now))


def _counted(store: Store, year: int, begin: str, end: str, *, by: Actor, at: datetime) -> Figures:
    rows = store.rows(
        "SELECT class, due_at, stopped_at FROM cases INDEXED BY cases_received"  # noqa: S608
        " JOIN incidents ON incidents.case_id = cases.id LEFT JOIN clocks ON clocks.case_id = cases.id"
        " AND clock = 'incident_report' AND void = 0 WHERE received_at >= ? AND received_at < ?"
        f" AND cases.state <> 'withdrawn' AND {seals.apart_to(by)}",
        [begin, end],
    )
    counts = {letter: sum(row["class"] == letter for row in rows) for letter in CLASSES}
    parts = [*counts.values(), len(rows) - sum(counts.values())]
    open_ = all(part >= FEWEST for part in parts if part)
    now_text = clock.to_text(at)
    due = [row for row in rows if row["due_at"] and (row["stopped_at"] or row["due_at"] < now_text)]
    return Figures(
        year,
        len(rows),
        tuple((CLASSES[letter], count) for letter, count in counts.items()) if open_ else None,
        sum(bool(row["stopped_at"]) and row["stopped_at"] <= row["due_at"] for row in due),
        len(due),
    )
