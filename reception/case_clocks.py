"""The clocks of one case as people see them, with the history of each deadline; and a deadline changed by a person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from sqlite3 import Row

from db.store import Store, writing
from reception import cases, clocks, events
from reception.clock_table import CLOCKS, REASONS
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock as times
from reception.rules import deadlines, local_times
from reception.rules.deadlines import Stage, Timetable
from reception.site import Site, site
from reception.wording import Words

# A deadline further away than this is a slip of the pen.
FURTHEST = timedelta(days=400)
# Held by a suspension: its deadline had not passed when it began, and was not set since.
HELD = (
    "EXISTS (SELECT 1 FROM case_pauses WHERE case_pauses.case_id = clocks.case_id AND until_at IS NULL"
    " AND clocks.due_at > from_at AND (SELECT at FROM deadlines WHERE deadlines.case_id = clocks.case_id"
    " AND deadlines.clock = clocks.clock AND deadlines.round = clocks.round ORDER BY id DESC LIMIT 1) <= from_at)"
)


@dataclass(frozen=True, slots=True)
class Change:
    """A deadline that was set: when, by whom (None: by the box or at the kiosk), and why."""

    at: str
    due_at: str
    reason: Words
    by_name: str | None


@dataclass(frozen=True, slots=True)
class CaseClock:
    """A clock of a case. `stage` is None once it stopped; `late` is how long after its deadline it stands or stopped,
    `left` how long before it stands.

    `gross` is the time since it started, on the wall; `net` what counts of it: without pauses, and of a clock in
    opening hours only those; all in minutes. `void`: ended with the case, or no longer applies.
    """

    code: str
    round: int
    started_at: str
    due_at: str
    stopped_at: str | None
    void: bool
    stage: Stage | None
    late: int
    left: int
    gross: int
    net: int
    history: tuple[Change, ...]

    @property
    def name(self) -> Words:
        """What it waits for."""
        return CLOCKS[self.code].name

    @property
    def movable(self) -> bool:
        """Whether a head may set another deadline."""
        return self.stage is not None and not CLOCKS[self.code].promised


def of_case(store: Store, case_id: int, *, now: datetime) -> list[CaseClock]:
    """Return the clocks of a case, those that run first, then by their start, each with the history of its deadline.

    One that was met and counts anew since its order came back stands there twice.
    """
    rows = store.rows(
        "SELECT * FROM (SELECT case_id, clock, round, started_at, due_at, stopped_at, void, 0 AS run,"  # noqa: S608
        f" {HELD} AS held FROM clocks WHERE case_id = :id"
        " UNION ALL SELECT case_id, clock, round, started_at, due_at, stopped_at, 0, id, 0 FROM clock_runs"
        " WHERE case_id = :id) ORDER BY stopped_at IS NOT NULL, started_at, due_at",
        {"id": case_id},
    )
    if not rows:
        return []
    at, centre = events.moment(store, now), site(store)
    table = clocks.timetable(store, centre, since=times.from_text(min(row["started_at"] for row in rows)))
    pauses = [
        (times.from_text(row["from_at"]), times.from_text(row["until_at"]) if row["until_at"] else at)
        for row in store.rows("SELECT from_at, until_at FROM case_pauses WHERE case_id = ?", [case_id])
    ]
    return [_case_clock(store, row, pauses, centre, table, at) for row in rows]


def _case_clock(
    store: Store,
    row: Row,
    pauses: list[tuple[datetime, datetime]],
    centre: Site,
    table: Timetable,
    at: datetime,
) -> CaseClock:
    kind = CLOCKS[row["clock"]].time
    started, due = times.from_text(row["started_at"]), times.from_text(row["due_at"])
    end = times.from_text(row["stopped_at"]) if row["stopped_at"] else at
    paused = sum(
        (deadlines.counted(kind, max(begin, started), min(until, end), table) for begin, until in pauses),
        timedelta(0),
    )
    running = row["stopped_at"] is None
    return CaseClock(
        code=row["clock"],
        round=row["round"],
        started_at=row["started_at"],
        due_at=row["due_at"],
        stopped_at=row["stopped_at"],
        void=bool(row["void"]),
        stage=stage_of(row, centre, table, at) if running else None,
        late=0 if row["held"] and running else minutes_late(due, end),
        left=_minutes(due - at) if running else 0,
        gross=_minutes(end - started),
        net=_minutes(deadlines.counted(kind, started, end, table) - paused),
        history=_history(store, row),
    )


def minutes_late(due: datetime, at: datetime) -> int:
    """Return how long after its deadline a moment lies, in minutes begun: half a minute late is not in time."""
    return max(0, ceil((at - due) / timedelta(minutes=1)))


def _minutes(span: timedelta) -> int:
    return max(0, int(span.total_seconds() // 60))


def stage_of(row: Row, centre: Site, table: Timetable, at: datetime) -> Stage:
    """Return how a running clock stands; `row` is it, with `held` as HELD tells."""
    if row["held"]:
        return Stage.PAUSED
    return deadlines.stage(
        CLOCKS[row["clock"]].time,
        times.from_text(row["started_at"]),
        times.from_text(row["due_at"]),
        at,
        centre.deadline_warn_percent,
        table,
    )


def _history(store: Store, row: Row) -> tuple[Change, ...]:
    found = store.rows(
        "SELECT deadlines.at, due_at, reason, staff.name AS by_name FROM deadlines"
        " LEFT JOIN staff ON staff.id = deadlines.by_id WHERE case_id = ? AND clock = ? AND round = ?"
        " AND (? = 0 OR at <= ?) ORDER BY deadlines.id",
        [row["case_id"], row["clock"], row["round"], row["run"], row["stopped_at"]],
    )
    return tuple(
        Change(
            one["at"], one["due_at"], REASONS.get(one["reason"]) or Words(one["reason"], one["reason"]), one["by_name"]
        )
        for one in found
    )


def change(
    store: Store, *, no: str, clock: str, due_at: str, reason: str, was: str = "", by: Actor, now: datetime
) -> None:
    """Set another deadline, with the reason in the words of whoever sets it; the old one stays in the history.

    `due_at` is the site's time as a form gives it (`2026-11-24T10:00`); `was` the deadline that the form showed.
    Refuses `clock_unknown` (none of this name runs), `deadline_promised` (to the person, who is told of another by the
    act that promises it), `deadline_invalid`, `deadline_not_ahead`, `deadline_too_far`,
    `reason_missing`, `changed_meanwhile`, and what `cases.find` and `cases.text` refuse.
    """
    permit(by, "change_deadline")
    said = cases.text(reason, limit=cases.SHORT_LIMIT, missing="reason_missing")
    with writing(store):
        case, at = cases.find(store, no, by=by), events.moment(store, now)
        row = store.row(
            "SELECT round, due_at FROM clocks WHERE case_id = ? AND clock = ? AND stopped_at IS NULL",
            [case.id, clock],
        )
        if row is None:
            raise Refused("clock_unknown")
        if CLOCKS[clock].promised:
            raise Refused("deadline_promised")
        if was and was != row["due_at"]:
            raise Refused("changed_meanwhile")
        try:
            due = local_times.from_picker(due_at.strip(), zone=site(store).zone)
        except ValueError:
            raise Refused("deadline_invalid") from None
        if due <= at:
            raise Refused("deadline_not_ahead")
        if due - at > FURTHEST:
            raise Refused("deadline_too_far")
        clocks.note_deadline(store, case.id, clock, row["round"], due, said, by=by, at=at)
        store.execute(
            "UPDATE clocks SET due_at = ? WHERE case_id = ? AND clock = ? AND round = ? AND stopped_at IS NULL",
            [times.to_text(due), case.id, clock, row["round"]],
        )
        events.record(store, "change_deadline", "case", case.id, by=by, at=at, clock=clock)
        store.touch("cases")
