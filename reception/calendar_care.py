"""Changing the working calendar: the manager's own word with its reason, and what became of every day (K6).

Every change moves the visit days that it concerns, and tells whoever booked them (`visit_day_calendar.recompute`).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from db.store import Store, writing
from reception import cases, events, official_days, visit_day_shifts, working_calendar
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.rules.working_days import Calendar, DayKind
from reception.typed_days import typed_day
from reception.wording import Words

KIND_WORDS: Final = {
    "rest": Words("休息", "Rest"),
    "work": Words("上班", "Work"),
    "": Words("按平常星期", "As any such weekday"),
}
SOURCES: Final = {
    "manager": Words("项目经理", "Manager"),
    "official": Words("国务院放假安排", "Official notice"),
    "import": Words("导入的放假安排", "Imported notice"),
    "box": Words("系统自带的放假安排", "Official data that came with the box"),
}
# Years that a date may lie in.
FIRST, LAST = 2004, 2099
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Marked:
    """A day that is not like others of its weekday, if `other`; `source` is `official` or `manager`."""

    on: date
    kind: str
    name: Words
    source: str
    other: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a day: from what to what, by whom and why; a kind '' is that of its weekday."""

    on: date
    was_kind: str
    was_name: Words
    kind: str
    name: Words
    source: str
    reason: str
    at: str
    by_name: str


def set_day(store: Store, *, day_on: str, kind: str, note: str, reason: str, by: Actor, now: datetime) -> None:
    """Say that a day is worked or is a rest day, whatever the notice says. Said again it changes nothing.

    Refuses `date_invalid`, `day_kind_unknown`, `reason_missing`, and what `cases.text` refuses.
    """
    permit(by, "change_calendar")
    day = _day(day_on)
    cases.choice(kind, {"rest": KIND_WORDS["rest"], "work": KIND_WORDS["work"]}, code="day_kind_unknown")
    why = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
    name = cases.text(note, required=False, limit=cases.SHORT_LIMIT) or why
    with writing(store):
        before = store.row("SELECT kind, note, source FROM calendar_days WHERE day_on = ?", [day])
        if before is not None and tuple(before) == (kind, name, "manager"):
            return
        at = events.moment(store, now)
        store.execute(
            "INSERT INTO calendar_days (day_on, kind, note, source) VALUES (?, ?, ?, 'manager') ON CONFLICT (day_on)"
            " DO UPDATE SET kind = excluded.kind, note = excluded.note, source = 'manager'",
            [day, kind, name],
        )
        was = (before["kind"], before["note"]) if before is not None else (None, "")
        _changed(store, day, was, (kind, name), source="manager", reason=why, by=by, at=at)
        visit_day_shifts.settle(store, reason=why, by=by, at=at)


def take_back(store: Store, *, day_on: str, reason: str, by: Actor, now: datetime) -> None:
    """Take the manager's word about a day back: the notice holds again, or the weekday.

    Refuses `date_invalid`, `day_not_yours` (no word of the manager stands there), `reason_missing`.
    """
    permit(by, "change_calendar")
    day = _day(day_on)
    why = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
    with writing(store):
        before = store.row("SELECT kind, note FROM calendar_days WHERE day_on = ? AND source = 'manager'", [day])
        if before is None:
            raise Refused("day_not_yours")
        at = events.moment(store, now)
        notice = store.row("SELECT kind, name FROM official_days WHERE day_on = ?", [day])
        store.execute("DELETE FROM calendar_days WHERE day_on = ?", [day])
        if notice is not None:
            working_calendar.put_official(store, day, notice["kind"], notice["name"])
        then = tuple(notice) if notice is not None else (None, "")
        _changed(store, day, tuple(before), then, source="manager", reason=why, by=by, at=at)
        visit_day_shifts.settle(store, reason=why, by=by, at=at)


def put_notice(
    store: Store, day: str, kind: str, name: str, *, source: str, reason: str, by: Actor, at: datetime
) -> None:
    """Write inside an act what a notice says of a day, and mark its year official; the manager's word stays above."""
    before = store.row("SELECT kind, note, source FROM calendar_days WHERE day_on = ?", [day])
    working_calendar.put_official(store, day, kind, name)
    working_calendar.mark_official(store, int(day[:4]))
    if before is None or (before["source"] == "official" and (before["kind"], before["note"]) != (kind, name)):
        was = (before["kind"], before["note"]) if before is not None else (None, "")
        _changed(store, day, was, (kind, name), source=source, reason=reason, by=by, at=at)


def words_of_the_manager(store: Store) -> list[dict[str, str]]:
    """Return what the manager said of days, by date: for the settings that another lobby takes over."""
    return [
        dict(row)
        for row in store.rows("SELECT day_on, kind, note FROM calendar_days WHERE source = 'manager' ORDER BY day_on")
    ]


def years_of_the_box(store: Store) -> frozenset[int]:
    """Return the years that the box has official data of and the store not yet: a newer box brings the next year."""
    return official_days.official_calendar().official_years - working_calendar.official_years(store)


def load_years(store: Store, years: frozenset[int], *, by: Actor, at: datetime) -> None:
    """Take over the official data of these years inside an act."""
    for day, (kind, name) in sorted(official_days.official_days().items()):
        if day.year in years:
            reason = SOURCES["box"].zh
            put_notice(store, day.isoformat(), kind, name, source="box", reason=reason, by=by, at=at)


def of_year(store: Store, year: int, *, by: Actor) -> list[Marked]:
    """Return the exceptions of a year by date: those that make a difference, and every word of the manager."""
    permit(by, "see_calendar")
    rows = store.rows(
        "SELECT * FROM calendar_days WHERE day_on BETWEEN ? AND ? ORDER BY day_on", [f"{year}-01-01", f"{year}-12-31"]
    )
    plain = Calendar(days={}, official_years=frozenset({year}))
    found = []
    for row in rows:
        on = date.fromisoformat(row["day_on"])
        other = plain.is_open(on) != (row["kind"] == DayKind.WORK)
        if other or row["source"] == "manager":
            found.append(Marked(on, row["kind"], official_days.named(row["note"]), row["source"], other))
    return found


def changes(store: Store, year: int, *, by: Actor) -> list[Change]:
    """Return what was changed of a year, the newest first, at most `MOST`; what came with the box is not told."""
    permit(by, "see_calendar")
    rows = store.rows(
        "SELECT calendar_changes.*, coalesce(staff.name, '') AS by_name FROM calendar_changes"
        " LEFT JOIN staff ON staff.id = by_id WHERE day_on BETWEEN ? AND ? AND source <> 'box'"
        " ORDER BY calendar_changes.id DESC LIMIT ?",
        [f"{year}-01-01", f"{year}-12-31", MOST],
    )
    return [
        Change(
            date.fromisoformat(row["day_on"]),
            row["was_kind"] or "",
            official_days.named(row["was_note"]),
            row["kind"] or "",
            official_days.named(row["note"]),
            row["source"],
            row["reason"],
            row["at"],
            row["by_name"],
        )
        for row in rows
    ]


def _day(text: str) -> str:
    day = typed_day(text)
    if not FIRST <= day.year <= LAST:
        raise Refused("date_invalid")
    return day.isoformat()


def _changed(
    store: Store,
    day: str,
    was: tuple[str | None, str],
    now: tuple[str | None, str],
    *,
    source: str,
    reason: str,
    by: Actor,
    at: datetime,
) -> None:
    change = store.insert(
        "INSERT INTO calendar_changes (day_on, was_kind, was_note, kind, note, source, reason, at, by_role, by_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [day, *was, *now, source, reason, clock.to_text(at), by.role, by.id],
    )
    events.record(
        store, "set_calendar_day", "calendar", change, by=by, at=at, from_state=was[0], to_state=now[0], day=day
    )
    store.touch("site", "queue")
