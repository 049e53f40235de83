"""How the clocks of many cases stand, for lists: of each case the deadline that comes first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from db.store import Store
from reception import events
from reception.rules import clock
from reception.wording import Words

# Held by a suspension: its deadline had not passed when it began, and was not set since.
HELD = (
    "EXISTS (SELECT 1 FROM case_pauses WHERE case_pauses.case_id = clocks.case_id AND until_at IS NULL"
    " AND clocks.due_at > from_at AND (SELECT max(at) FROM deadlines WHERE deadlines.case_id = clocks.case_id"
    " AND deadlines.clock = clocks.clock AND deadlines.round = clocks.round) <= from_at)"
)
# A condition on `cases`, with the parameter :now.
OVERDUE = (
    "EXISTS (SELECT 1 FROM clocks WHERE clocks.case_id = cases.id AND clocks.stopped_at IS NULL"  # noqa: S608
    f" AND clocks.due_at < :now AND NOT {HELD})"
)
FIRST_DUE = "(SELECT min(due_at) FROM clocks WHERE clocks.case_id = cases.id AND clocks.stopped_at IS NULL)"
CLOCK_NAMES = {
    "on_site_urgent": Words("急修到场", "Urgent: on site"),
    "response": Words("报修响应", "Response"),
    "on_site": Words("按约到场", "On site as agreed"),
    "follow_up": Words("回访", "Follow-up"),
}
STAGES = {
    "running": Words("计时中", "in time"),
    "warn": Words("将到期", "due soon"),
    "overdue": Words("已超时", "overdue"),
    "paused": Words("暂停计时", "paused"),
}
# It warns in the last quarter of its span.
WARN_PERCENT = 25


@dataclass(frozen=True, slots=True)
class Deadline:
    """The running clock of a case that is due first; `stage`: running, warn, overdue, paused."""

    clock: str
    due_at: str
    stage: str

    @property
    def name(self) -> Words:
        """What it waits for."""
        return CLOCK_NAMES.get(self.clock, Words(self.clock, self.clock))

    @property
    def stage_words(self) -> Words:
        """How it stands, as readers say it."""
        return STAGES[self.stage]


def soonest(store: Store, case_ids: Iterable[int], *, now: datetime) -> dict[int, Deadline]:
    """Return the first deadline of each of these cases that has one: what counts before what is paused."""
    ids = list(case_ids)
    if not ids:
        return {}
    at = clock.to_text(events.moment(store, now))
    rows = store.rows(
        f"SELECT case_id, clock, started_at, due_at, {HELD} AS held FROM clocks"  # noqa: S608
        f" WHERE case_id IN ({','.join('?' * len(ids))}) AND stopped_at IS NULL ORDER BY held DESC, due_at DESC",
        ids,
    )
    return {
        row["case_id"]: Deadline(
            row["clock"],
            row["due_at"],
            "paused" if row["held"] else stage(row["started_at"], row["due_at"], at),
        )
        for row in rows
    }


def stage(started_at: str, due_at: str, at: str) -> str:
    """Return how a clock that counts stands at a moment (UTC texts)."""
    if at > due_at:
        return "overdue"
    started, due, now = (clock.from_text(text) for text in (started_at, due_at, at))
    return "warn" if (due - now) * 100 <= (due - started) * WARN_PERCENT else "running"
