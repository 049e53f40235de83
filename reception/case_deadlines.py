"""How the clocks of many cases stand, for lists: of each case the deadline that comes first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from db.store import Store
from reception import events
from reception.case_clocks import HELD, stage_of
from reception.clock_table import CLOCKS
from reception.clocks import timetable
from reception.rules import clock
from reception.site import site
from reception.wording import Words

# A condition on `cases`, with the parameter :now.
OVERDUE = (
    "EXISTS (SELECT 1 FROM clocks WHERE clocks.case_id = cases.id AND clocks.stopped_at IS NULL"  # noqa: S608
    f" AND clocks.due_at < :now AND NOT {HELD})"
)
FIRST_DUE = "(SELECT min(due_at) FROM clocks WHERE clocks.case_id = cases.id AND clocks.stopped_at IS NULL)"
STAGES = {
    "running": Words("计时中", "in time"),
    "warn": Words("将到期", "due soon"),
    "overdue": Words("已超时", "overdue"),
    "paused": Words("暂停计时", "paused"),
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """The running clock of a case that is due first; `stage`: running, warn, overdue, paused."""

    clock: str
    due_at: str
    stage: str

    @property
    def name(self) -> Words:
        """What it waits for."""
        return CLOCKS[self.clock].name

    @property
    def stage_words(self) -> Words:
        """How it stands, as readers say it."""
        return STAGES[self.stage]


def soonest(store: Store, case_ids: Iterable[int], *, now: datetime) -> dict[int, Deadline]:
    """Return the first deadline of each of these cases that has one: what counts before what is paused."""
    ids = list(case_ids)
    if not ids:
        return {}
    at, centre = events.moment(store, now), site(store)
    rows = store.rows(
        f"SELECT case_id, clock, started_at, due_at, {HELD} AS held FROM clocks"  # noqa: S608
        f" WHERE case_id IN ({','.join('?' * len(ids))}) AND stopped_at IS NULL ORDER BY held DESC, due_at DESC",
        ids,
    )
    if not rows:
        return {}
    since = min(at, clock.from_text(min(row["started_at"] for row in rows)))
    table = timetable(store, centre, since=since)
    return {row["case_id"]: Deadline(row["clock"], row["due_at"], stage_of(row, centre, table, at)) for row in rows}
