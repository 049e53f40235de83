"""The visit days (接访日, SYS-08) as they stand in the store: planned from the rules, each with its slots."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from sqlite3 import Row

from db.store import Store
from reception import events, room_holds, visit_slots, working_calendar
from reception.permissions import BOX
from reception.refusal import Refused
from reception.rules import clock, said_times
from reception.rules import visit_days as rules
from reception.rules.working_days import ONE_DAY
from reception.site import Site, site
from reception.wording import Words

# How many months ahead days are planned, this one included.
MONTHS_AHEAD = 4
# Who receives, unless a deputy was named: the manager.
HOST = "SELECT id FROM staff WHERE role = 'manager' AND active = 1 ORDER BY id LIMIT 1"
# Bookings may be made for a day that stands so.
BOOKABLE = frozenset({"planned", "published"})
# Nobody is received on it any more.
OVER = frozenset({"held", "summarised"})

STATES = {
    "planned": Words("计划中，未公布", "Planned, not announced"),
    "published": Words("已公布", "Announced"),
    "open": Words("接访中", "Under way"),
    "held": Words("已接访", "Held"),
    "summarised": Words("已总结", "Summed up"),
}

# 物业服务中心接待室 (RUL-04): the setting says where it is.
STANDING_ROOM = "reception"


@dataclass(frozen=True, slots=True)
class Day:
    """A visit day. Dates are the site's own days, `opens` and `closes` of the site's own clock.

    `host_id` is who receives: the deputy where one was named. `provisional`: never shown as fixed (K3, 12).
    """

    id: int
    rule_id: int
    nominal_on: date
    actual_on: date
    provisional: bool
    state: str
    opens: time
    closes: time
    room: str
    room_name: Words
    host_id: int | None
    deputy_reason: str
    published_at: str | None

    @property
    def public(self) -> bool:
        """Whether it was announced."""
        return self.state != "planned"

    @property
    def over(self) -> bool:
        """Whether its session has ended."""
        return self.state in OVER

    @property
    def moved(self) -> bool:
        """Whether it is held on another day than its rule names."""
        return self.actual_on != self.nominal_on

    @property
    def said(self) -> Words:
        """Its date as one says it; never as if it were fixed while it may still change (K3, 12)."""
        zh, en = said_times.day(self.actual_on)
        return Words(f"{zh}（暂定）", f"{en} (provisional)") if self.provisional else Words(zh, en)

    @property
    def hours(self) -> str:
        """Its hours as papers and screens write them."""
        return f"{self.opens:%H:%M}–{self.closes:%H:%M}"


SELECT = (
    "SELECT visit_days.*, rooms.name AS room_zh, rooms.name_en AS room_en FROM visit_days"
    " JOIN rooms ON rooms.code = visit_days.room"
)


def from_row(row: Row) -> Day:
    """Return the day of a row of `SELECT`."""
    return Day(
        id=row["id"],
        rule_id=row["rule_id"],
        nominal_on=date.fromisoformat(row["nominal_on"]),
        actual_on=date.fromisoformat(row["actual_on"]),
        provisional=bool(row["provisional"]),
        state=row["state"],
        opens=time.fromisoformat(row["opens"]),
        closes=time.fromisoformat(row["closes"]),
        room=row["room"],
        room_name=Words(row["room_zh"], row["room_en"]),
        host_id=row["deputy_id"] or row["host_id"],
        deputy_reason=row["deputy_reason"] or "",
        published_at=row["published_at"],
    )


def by_id(store: Store, day_id: int) -> Day:
    """Return a visit day. Refuses `visit_day_unknown`."""
    row = store.row(f"{SELECT} WHERE visit_days.id = ?", [day_id])
    if row is None:
        raise Refused("visit_day_unknown")
    return from_row(row)


def on(store: Store, day: date) -> Day | None:
    """Return the visit day that is held on a day, or None."""
    row = store.row(f"{SELECT} WHERE actual_on = ?", [day.isoformat()])
    return None if row is None else from_row(row)


def coming(store: Store, *, after: date) -> list[Day]:
    """Return the days after a day that may still be booked, soonest first."""
    marks = ", ".join(f"'{state}'" for state in sorted(BOOKABLE))
    rows = store.rows(
        f"{SELECT} WHERE actual_on > ? AND state IN ({marks}) ORDER BY actual_on",
        [after.isoformat()],
    )
    return [from_row(row) for row in rows]


def plan(store: Store, *, at: datetime) -> int:
    """Write the days of the coming months that the rules name, each with its slots, inside an act; return how many.

    A day that stands already stays as it is; one that falls on a day with another visit day is passed over.
    """
    made = sum(_write(store, rule, found) for rule, found in missing(store, at=at))
    for day in unheld(store, at=at):
        room_holds.hold_for_visit_day(store, day, by=BOX, at=at)
    return made


def missing(store: Store, *, at: datetime) -> list[tuple[Row, rules.VisitDay]]:
    """Return the days of the coming months that the rules name and that nobody planned yet, each with its rule."""
    centre = site(store)
    today = clock.local_day(at, centre.zone)
    calendar = working_calendar.calendar(store, since=today.replace(day=1) - ONE_DAY)
    policy = rules.RollPolicy(centre.visit_day_roll)
    rows = store.rows("SELECT rule_id, nominal_on, actual_on FROM visit_days WHERE actual_on >= ?", [f"{today:%Y-%m}"])
    months = {(row["rule_id"], row["nominal_on"][:7]) for row in rows}
    taken = {row["actual_on"] for row in rows}
    found = []
    for rule in store.rows("SELECT * FROM visit_day_rules WHERE active = 1 ORDER BY id"):
        for year, month in rules.months(today.year, today.month, MONTHS_AHEAD):
            exists = rules.exists(year, month, rule["nth"], rule["weekday"])
            if not exists or (rule["id"], f"{year}-{month:02d}") in months:
                continue
            day = _named(lambda of: rules.visit_day(year, month, calendar, policy, *of), rule)  # noqa: B023
            if day is not None and day.actual_on > today and day.actual_on.isoformat() not in taken:
                taken.add(day.actual_on.isoformat())
                found.append((rule, day))
    return found


def _named(find: Callable[[tuple[int, int]], rules.VisitDay], rule: Row) -> rules.VisitDay | None:
    """Return the day that a rule names; None where the calendar has no open day for it in a whole year."""
    try:
        return find((rule["nth"], rule["weekday"]))
    except ValueError:
        return None


def unheld(store: Store, *, at: datetime) -> list[Day]:
    """Return the days to come whose room is not theirs, soonest first: somebody else has it then."""
    rows = store.rows(
        f"{SELECT} WHERE actual_on >= ? AND state IN ('planned', 'published', 'open') AND NOT EXISTS (SELECT 1"  # noqa: S608
        " FROM room_bookings WHERE visit_day_id = visit_days.id AND room_bookings.state <> 'cancelled')"
        " ORDER BY actual_on",
        [clock.local_day(at, site(store).zone).isoformat()],
    )
    return [from_row(row) for row in rows]


def _write(store: Store, rule: Row, found: rules.VisitDay) -> int:
    done = store.changed(
        "INSERT INTO visit_days (rule_id, nominal_on, actual_on, provisional, opens, closes, room, host_id)"  # noqa: S608
        " SELECT :rule, :nominal, :actual, :provisional, :opens, :closes, :room,"
        f" ({HOST}) WHERE NOT EXISTS (SELECT 1 FROM visit_days WHERE actual_on = :actual"
        " OR (rule_id = :rule AND substr(nominal_on, 1, 7) = substr(:nominal, 1, 7)))",
        {
            "rule": rule["id"],
            "nominal": found.nominal_on.isoformat(),
            "actual": found.actual_on.isoformat(),
            "provisional": found.provisional,
            "opens": rule["opens"],
            "closes": rule["closes"],
            "room": rule["room"],
        },
    )
    if done:
        day = on(store, found.actual_on)
        assert day is not None
        visit_slots.cut(store, day.id, day.opens, day.closes)
    return int(done)


def place(centre: Site, day: Day) -> str:
    """Return where it is held, as papers and screens say it: in the centre's own words for its standing room."""
    return centre.visit_day_place if day.room == STANDING_ROOM else f"{centre.name}{day.room_name.zh}"


def next_day(store: Store, *, now: datetime) -> Day | None:
    """Return the visit day after today, or None before any was planned."""
    days = coming(store, after=clock.local_day(events.moment(store, now), site(store).zone))
    return days[0] if days else None


def upcoming(store: Store, *, now: datetime) -> Day | None:
    """Return the visit day after today as every screen shows it: as it stands in the store.

    Before any was planned, the day that the rules name; None where the centre has no rule for one.
    """
    planned = next_day(store, now=now)
    if planned is not None:
        return planned
    centre = site(store)
    today = clock.local_day(events.moment(store, now), centre.zone)
    # The day of the month before may still be to come; a day rolls forward only, so nothing earlier is asked.
    calendar = working_calendar.calendar(store, since=(today.replace(day=1) - ONE_DAY).replace(day=1))
    policy, named = rules.RollPolicy(centre.visit_day_roll), []
    for rule in store.rows(
        "SELECT visit_day_rules.*, rooms.name AS room_zh, rooms.name_en AS room_en FROM visit_day_rules"
        " JOIN rooms ON rooms.code = room WHERE visit_day_rules.active = 1"
    ):
        day = _named(lambda of: rules.next_visit_day(today, calendar, policy, *of), rule)
        if day is not None:
            named.append((day, rule))
    if not named:
        return None
    found, rule = min(named, key=lambda pair: pair[0].actual_on)
    return Day(
        id=0,
        rule_id=rule["id"],
        nominal_on=found.nominal_on,
        actual_on=found.actual_on,
        provisional=found.provisional,
        state="planned",
        opens=time.fromisoformat(rule["opens"]),
        closes=time.fromisoformat(rule["closes"]),
        room=rule["room"],
        room_name=Words(rule["room_zh"], rule["room_en"]),
        host_id=None,
        deputy_reason="",
        published_at=None,
    )
