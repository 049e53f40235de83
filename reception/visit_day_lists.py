"""The visit days of a year as they are read: why one is not on its date, who receives, how many come, whom to tell."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from db.store import Store
from reception import (
    booking_changes,
    booking_facts,
    events,
    message_texts,
    official_days,
    visit_day_shifts,
    visit_days,
    working_calendar,
)
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.rules import clock, said_times
from reception.rules import visit_days as rules
from reception.site import site
from reception.visit_days import Day
from reception.wording import Words

WEEKEND: Final = Words("周末", "a weekend")
# Years that a list may be asked for.
FIRST, LAST = 2004, 2099


@dataclass(frozen=True, slots=True)
class Move:
    """Where a day was put, why, by whom ('': the box) and when; `cause` in words."""

    was_on: date
    now_on: date
    cause: Words
    reason: str
    at: str
    by_name: str


@dataclass(frozen=True, slots=True)
class Deputy:
    """Who was asked to receive ('': the host again), why, by whom, when, and whether he has read it."""

    name: str
    reason: str
    at: str
    by_name: str
    seen: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A day with what its list shows beside it; `why` is what its date fell on, empty where it stays on its own."""

    day: Day
    why: Words
    moves: list[Move]
    host: str
    deputy: str
    booked: int
    waiting: int

    @property
    def receiver(self) -> str:
        """Who receives."""
        return self.deputy or self.host

    @property
    def state_words(self) -> Words:
        """How it stands."""
        return visit_days.STATES[self.day.state]


@dataclass(frozen=True, slots=True)
class ToTell:
    """An owner to be told: his booking, what it was before, why, and the text that is ready to send."""

    case: Case
    cause: Words
    reason: str
    was: Words
    is_now: Words
    provisional: bool
    text: Words


def year_asked(store: Store, text: str, *, now: datetime) -> int:
    """Return the year that an address asks for, this one for none or for what is no year of the calendar."""
    this = clock.local_day(events.moment(store, now), site(store).zone).year
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else this
    return year if FIRST <= year <= LAST else this


def of_year(store: Store, year: int, *, by: Actor) -> list[Listed]:
    """Return the days whose date by the rule, or whose own, lies in a year, in order."""
    permit(by, "see_visit_days")
    since, until = f"{year}-01-01", f"{year}-12-31"
    rows = store.rows(
        f"{visit_days.SELECT} WHERE nominal_on BETWEEN ? AND ? OR actual_on BETWEEN ? AND ? ORDER BY actual_on",
        [since, until, since, until],
    )
    return [_listed(store, visit_days.from_row(row)) for row in rows]


def named(store: Store, year: int, *, by: Actor, now: datetime) -> list[rules.VisitDay]:
    """Return the days to come of a year that the rules name and nobody planned yet, in order."""
    permit(by, "see_visit_days")
    today = clock.local_day(events.moment(store, now), site(store).zone)
    calendar, policy = working_calendar.calendar(store), rules.RollPolicy(site(store).visit_day_roll)
    planned = {
        (row["rule_id"], row["month"])
        for row in store.rows("SELECT rule_id, substr(nominal_on, 1, 7) AS month FROM visit_days")
    }
    found = []
    for rule in store.rows("SELECT * FROM visit_day_rules WHERE active = 1"):
        try:
            days = rules.year_of_days(year, calendar, policy, rule["nth"], rule["weekday"])
        except ValueError:
            continue
        found += [
            day for day in days if day.actual_on > today and (rule["id"], f"{day.nominal_on:%Y-%m}") not in planned
        ]
    return sorted(found, key=lambda day: day.actual_on)


def one(store: Store, day_id: int, *, by: Actor) -> Listed:
    """Return a day. Refuses `visit_day_unknown`."""
    permit(by, "see_visit_days")
    return _listed(store, visit_days.by_id(store, day_id))


def why(store: Store, day: date) -> Words:
    """Return what a date falls on that is no working day; empty for one that is."""
    if working_calendar.calendar(store, since=day).is_open(day):
        return Words("", "")
    note: str | None = store.value("SELECT note FROM calendar_days WHERE day_on = ?", [day.isoformat()])
    if note is not None:
        return official_days.named(note)
    return WEEKEND if day.weekday() >= 5 else official_days.fixed(day)


def deputies(store: Store, day_id: int) -> list[Deputy]:
    """Return who was asked to receive on a day, the newest first."""
    return [
        Deputy(row["name"], row["reason"], row["at"], row["by_name"], row["seen_at"] is not None)
        for row in store.rows(
            "SELECT asked.*, coalesce(person.name, '') AS name, coalesce(asker.name, '') AS by_name"
            " FROM visit_day_deputies AS asked LEFT JOIN staff AS person ON person.id = asked.staff_id"
            " LEFT JOIN staff AS asker ON asker.id = asked.by_id WHERE visit_day_id = ?"
            " ORDER BY asked.id DESC LIMIT 50",
            [day_id],
        )
    ]


def may_receive(store: Store, roles: Iterable[str]) -> list[tuple[int, str]]:
    """Return who may be a deputy, as (id, name)."""
    chosen = list(roles)
    rows = store.rows(
        f"SELECT id, name FROM staff WHERE active = 1 AND role IN ({','.join('?' * len(chosen))})"  # noqa: S608
        " ORDER BY name",
        chosen,
    )
    return [(row["id"], row["name"]) for row in rows]


def asked_of(store: Store, *, by: Actor) -> list[Day]:
    """Return the days that the reader was asked to receive on and has not said that he knows."""
    permit(by, "see_visit_days")
    rows = store.rows(
        f"{visit_days.SELECT} WHERE deputy_id = :reader AND state IN ('planned', 'published', 'open') AND EXISTS"  # noqa: S608
        " (SELECT 1 FROM visit_day_deputies WHERE visit_day_id = visit_days.id AND staff_id = :reader"
        " AND seen_at IS NULL) ORDER BY actual_on",
        {"reader": by.id},
    )
    return [visit_days.from_row(row) for row in rows]


def to_tell(store: Store, *, by: Actor) -> list[ToTell]:
    """Return the owners who do not know the last change of their booking yet, the soonest day first."""
    return [_to_tell(store, case) for case in booking_changes.untold(store, by=by)]


def _listed(store: Store, day: Day) -> Listed:
    row = store.row(
        "SELECT coalesce(host.name, '') AS host, coalesce(deputy.name, '') AS deputy, (SELECT count(*) FROM"
        " visit_day_bookings WHERE visit_day_id = visit_days.id AND live = 1) AS booked, (SELECT count(*) FROM"
        " visit_day_bookings WHERE visit_day_id = visit_days.id AND live = 1 AND waiting_at IS NOT NULL) AS waiting"
        " FROM visit_days LEFT JOIN staff AS host ON host.id = host_id"
        " LEFT JOIN staff AS deputy ON deputy.id = deputy_id WHERE visit_days.id = ?",
        [day.id],
    )
    assert row is not None
    return Listed(
        day,
        why(store, day.nominal_on),
        _moves(store, day.id),
        row["host"],
        row["deputy"],
        row["booked"],
        row["waiting"],
    )


def _moves(store: Store, day_id: int) -> list[Move]:
    return [
        Move(
            date.fromisoformat(row["was_on"]),
            date.fromisoformat(row["now_on"]),
            visit_day_shifts.CAUSES[row["cause"]],
            row["reason"],
            row["at"],
            row["by_name"],
        )
        for row in store.rows(
            "SELECT moves.*, coalesce(staff.name, '') AS by_name FROM visit_day_moves AS moves"
            " LEFT JOIN staff ON staff.id = by_id WHERE visit_day_id = ? ORDER BY moves.id LIMIT 50",
            [day_id],
        )
    ]


def _to_tell(store: Store, case: Case) -> ToTell:
    booking = booking_facts.details(store, case)
    row = store.row(
        "SELECT * FROM visit_day_changes WHERE case_id = ? AND cause <> 'reworded' ORDER BY edition DESC LIMIT 1",
        [case.id],
    )
    assert row is not None
    # What he knows: how it was before the first change since he was last told anything.
    known = store.row(
        "SELECT was_on, was_starts FROM visit_day_changes WHERE case_id = :case AND at > coalesce((SELECT max(at) FROM"
        " feedback_notices WHERE case_id = :case), '') ORDER BY edition LIMIT 1",
        {"case": case.id},
    )
    assert known is not None
    was = _moment(date.fromisoformat(known["was_on"]), known["was_starts"])
    is_now = _moment(booking.day.actual_on, booking.starts)
    cause = booking_changes.CAUSES[row["cause"]]
    because = f"（{row['reason']}）" if row["reason"] else ""
    if was == is_now and row["cause"] != "confirmed":
        said = Words(f"时间不变，仍为 {is_now.zh}", f"the time stays: {is_now.en}")
    elif row["cause"] == "confirmed" and was == is_now:
        said = Words(f"日期已确定：{is_now.zh}", f"the date is fixed now: {is_now.en}")
    else:
        said = Words(
            f"{cause.zh}{because}，由 {was.zh} 改为 {is_now.zh}",
            f"{cause.en.lower()}: {was.en} becomes {is_now.en}",
        )
    if booking.provisional:
        said = Words(f"{said.zh}（暂定，以通知为准）", f"{said.en} (provisional: you will be told)")
    text = message_texts.said_of(store, case, said)
    return ToTell(case, cause, row["reason"], was, is_now, booking.provisional, text)


def _moment(on: date, starts: str) -> Words:
    zh, en = said_times.day(on)
    return Words(f"{zh} {starts}".strip(), f"{en} {starts}".strip())
