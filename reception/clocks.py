"""How the clocks of cases (domain.md K8) follow what happens: started, stopped, moved, paused inside its acts.

What they are stands in `reception.clock_table`; what people see of them, and change, in `reception.case_clocks` and
`reception.due`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from sqlite3 import Row
from typing import Any

from db.store import Store, writing
from reception import fault_records, working_calendar
from reception.clock_table import (
    CLOCKS,
    DAY,
    DESCRIBED,
    HELD_BY_FAULT,
    KINDS,
    MINUTE,
    NO_HOURS,
    PAUSED_IN,
    RESCHEDULED,
    RETURNED,
    STARTED,
    SUSPENDED,
    Clock,
)
from reception.permissions import Actor
from reception.rules import clock as times
from reception.rules import deadlines, hours
from reception.rules.deadlines import Time, Timetable
from reception.site import Site, site


def timetable(store: Store, centre: Site, *, since: datetime) -> Timetable:
    """Return when the centre is open, from a day before `since` on."""
    day = (since - timedelta(days=2)).astimezone(centre.zone).date()
    calendar = working_calendar.calendar(store, since=day)
    return Timetable(calendar, hours.parse(centre.hours_work), hours.parse(centre.hours_rest), centre.zone)


def moved(
    store: Store,
    case_id: int,
    kind: str,
    what: str,
    *,
    by: Actor,
    at: datetime,
    since: datetime | None = None,
    **detail: Any,
) -> None:
    """Let the clocks of a case follow what happened to it, inside the act that did it.

    `what` is the act (`open_repair`, `accept`, `feedback`, ...), or `described` once the details of a new case stand in
    their table. The case must already be in its new state and round. `since`, where it is not now, is when what begins
    its clocks happened: elsewhere, before. `detail` may give `appointed_at` (UTC text; else that of the live order),
    `reason` and `note` of a suspension, `why` in a person's words for the deadlines that begin with it. A repeated call
    changes nothing.
    """
    if kind not in KINDS:
        return
    with writing(store):
        case = store.row("SELECT state, round, closed_at FROM cases WHERE id = ?", [case_id])
        assert case is not None
        keeper = Keeper(store, case_id, case["round"], what, by, at, since or at)
        keeper.end_pause(case)
        facts = facts_of(store, case_id, kind) | detail
        for one in CLOCKS.values():
            if kind in one.kinds:
                keeper.follow(one, case, facts)
        keeper.begin_pause(case, detail)


def facts_of(store: Store, case_id: int, kind: str) -> dict[str, Any]:
    """Return what clocks ask of a case; a fact that is not written yet is missing."""
    if kind == "complaint":
        grave = store.value("SELECT severity FROM complaints WHERE case_id = ?", [case_id])
        return {"severity": grave} if grave else {}
    if kind != "repair":
        return {}
    row = store.row(
        "SELECT urgency, source, (SELECT appointed_at FROM work_orders WHERE case_id = cases.id AND state = 'live')"  # noqa: S608
        f" AS appointed_at, {fault_records.HOLDS.format(case='cases.id')} AS held"
        " FROM repairs JOIN cases ON cases.id = case_id WHERE case_id = ?",
        [case_id],
    )
    return {} if row is None else dict(row)


@dataclass(slots=True)
class Keeper:
    """Keeps the clocks of one case through one act."""

    store: Store
    case_id: int
    round: int
    what: str
    by: Actor
    at: datetime
    since: datetime

    def follow(self, clock: Clock, case: Row, facts: dict[str, Any]) -> None:
        """Stop, void, start or move one clock."""
        applies = applies_to(clock, facts)
        for row in self._running(clock):
            if case["closed_at"] or row["round"] < self.round or not applies:
                # What it waits for may be the very act that ends the case.
                met = self.what in clock.stops and row["round"] == self.round
                self._stop(row, void=not met)
            elif self.what in clock.stops:
                self._stop(row, void=False)
        if case["closed_at"] or not applies:
            return
        if self.what in clock.again:
            self.count_again(clock)
        elif clock.time is Time.AGREED:
            if self.what in clock.starts and facts.get("appointed_at"):
                self.agree(clock, times.from_text(facts["appointed_at"]))
        elif self._begins(clock, case):
            self._begin(clock, facts.get("why", ""))

    def _begins(self, clock: Clock, case: Row) -> bool:
        if self.what in clock.starts:
            return True
        from_the_first = any(act.startswith("open_") for act in clock.starts)
        return from_the_first and self.what in DESCRIBED and case["state"] in clock.awaited_in

    def _begin(self, clock: Clock, why: str) -> None:
        """Begin a clock of this round, or let one go on that for a while did not apply.

        That one counts from where it began: nobody gains time by correcting to and fro. `why`: what a person said.
        What it waits for may have happened meanwhile (a known fault held it, say): then it is not awaited again.
        """
        row = self._row(clock)
        if row is not None and not row["void"]:
            return
        last = self._last_since(row["stopped_at"], clock.stops | clock.again) if row else None
        if last in clock.stops:
            return
        if last in clock.again:
            return self.count_again(clock, why)
        due, reason = self.deadline(clock, times.from_text(row["started_at"]) if row else self.since)
        self.set_due(clock, due, why or reason, fresh=row is None)

    def _last_since(self, begin: str, acts: frozenset[str]) -> str | None:
        """Return which of these acts was done last with the case since then, if any was."""
        last: str | None = self.store.value(
            "SELECT what FROM events WHERE subject = 'case' AND subject_id = ? AND at >= ?"  # noqa: S608
            f" AND what IN ({', '.join('?' * len(acts))}) ORDER BY id DESC",
            [self.case_id, begin, *sorted(acts)],
        )
        return last

    def count_again(self, clock: Clock, why: str = "") -> None:
        """Count anew what was met, and keep how it was; one that runs goes on, for the person has waited since then."""
        row = self._row(clock)
        if row is not None and row["stopped_at"] is None:
            return
        due, reason = self.deadline(clock, self.at)
        reason = why or (RETURNED if reason == STARTED else reason)
        if row is None:
            self.set_due(clock, due, reason, fresh=True)
            return
        self._keep_run(row)
        self.set_due(clock, due, reason, fresh=False)
        self._start_anew(clock)

    def _start_anew(self, clock: Clock) -> None:
        """Count from now on; what was handed up of it before was of the time before."""
        self.store.execute(
            "UPDATE clocks SET started_at = ? WHERE case_id = ? AND clock = ? AND round = ?",
            [times.to_text(self.at), self.case_id, clock.code, self.round],
        )

    def _keep_run(self, row: Row) -> None:
        """Keep what a clock came to, before it counts anew: it was in time or late, whatever comes after."""
        if row["stopped_at"] and not row["void"]:
            self.store.execute(
                "INSERT INTO clock_runs (case_id, clock, round, started_at, due_at, stopped_at)"
                " SELECT case_id, clock, round, started_at, due_at, stopped_at FROM clocks"
                " WHERE case_id = ? AND clock = ? AND round = ?",
                [self.case_id, row["clock"], row["round"]],
            )

    def agree(self, clock: Clock, appointed: datetime) -> None:
        """Await the time that was agreed."""
        due, _ = self.deadline(clock, appointed)
        row = self._row(clock)
        if row is None:
            self.set_due(clock, due, STARTED, fresh=True)
        elif row["due_at"] != times.to_text(due) or row["stopped_at"]:
            if clock.promised and not row["stopped_at"] and row["due_at"] < times.to_text(self.at):
                self._stop(row, void=False)
            # Who came once and must come again is awaited again; a promise that was broken stays so.
            self._keep_run(self._row(clock) or row)
            self.set_due(clock, due, RESCHEDULED, fresh=False)
            self._start_anew(clock)

    def deadline(self, clock: Clock, start: datetime) -> tuple[datetime, str]:
        """Return what the setting gives from a start, and the reason to write with it."""
        centre = site(self.store)
        amount = getattr(centre, clock.setting) * clock.unit
        try:
            return deadlines.deadline(clock.time, start, amount, timetable(self.store, centre, since=start)), STARTED
        except ValueError:
            # A calendar without an open hour must not keep a case from being taken in.
            minutes = amount * (DAY if clock.time is Time.WORKING_DAYS else MINUTE)
            return start + timedelta(minutes=minutes), NO_HOURS

    def _row(self, clock: Clock) -> Row | None:
        return self.store.row(
            "SELECT * FROM clocks WHERE case_id = ? AND clock = ? AND round = ?",
            [self.case_id, clock.code, self.round],
        )

    def _running(self, clock: Clock) -> list[Row]:
        return self.store.rows(
            "SELECT * FROM clocks WHERE case_id = ? AND clock = ? AND stopped_at IS NULL", [self.case_id, clock.code]
        )

    def set_due(self, clock: Clock, due: datetime, reason: str, *, fresh: bool) -> None:
        """Set the deadline of this round with its reason; `fresh` begins the clock with it."""
        note_deadline(self.store, self.case_id, clock.code, self.round, due, reason, by=self.by, at=self.at)
        if fresh:
            self.store.execute(
                "INSERT INTO clocks (case_id, clock, round, started_at, due_at) VALUES (?, ?, ?, ?, ?)",
                [self.case_id, clock.code, self.round, times.to_text(self.since), times.to_text(due)],
            )
        else:
            self.store.execute(
                "UPDATE clocks SET due_at = ?, stopped_at = NULL, void = 0"
                " WHERE case_id = ? AND clock = ? AND round = ?",
                [times.to_text(due), self.case_id, clock.code, self.round],
            )

    def _stop(self, row: Row, *, void: bool) -> None:
        self.store.execute(
            "UPDATE clocks SET stopped_at = ?, void = ?"
            " WHERE case_id = ? AND clock = ? AND round = ? AND stopped_at IS NULL",
            [times.to_text(self.at), void, self.case_id, row["clock"], row["round"]],
        )

    def begin_pause(self, case: Row, detail: dict[str, Any]) -> None:
        """Write down the pause of a case that was suspended just now."""
        if case["state"] in PAUSED_IN and not case["closed_at"]:
            self.store.execute(
                "INSERT INTO case_pauses (case_id, reason, note, from_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (case_id) WHERE until_at IS NULL DO NOTHING",
                [
                    self.case_id,
                    str(detail.get("reason") or "suspended"),
                    str(detail.get("note") or ""),
                    times.to_text(self.at),
                ],
            )

    def end_pause(self, case: Row) -> None:
        """End the pause of a case that is suspended no more, and move its running clocks by it."""
        if case["state"] in PAUSED_IN:
            return
        pause = self.store.row("SELECT * FROM case_pauses WHERE case_id = ? AND until_at IS NULL", [self.case_id])
        if pause is None:
            return
        self.store.execute(
            "UPDATE case_pauses SET until_at = ? WHERE id = ? AND until_at IS NULL",
            [times.to_text(self.at), pause["id"]],
        )
        for one in CLOCKS.values():
            for row in self._running(one):
                self._extend(one, row, times.from_text(pause["from_at"]))

    def _extend(self, clock: Clock, row: Row, begin: datetime) -> None:
        last = self.store.value(
            "SELECT at FROM deadlines WHERE case_id = ? AND clock = ? AND round = ? ORDER BY id DESC LIMIT 1",
            [self.case_id, clock.code, row["round"]],
        )
        # A deadline that was set while the case was suspended already knew of it.
        if times.from_text(last) > begin:
            return
        due = times.from_text(row["due_at"])
        table = timetable(self.store, site(self.store), since=min(begin, due))
        try:
            later = deadlines.extended(clock.time, due, begin, self.at, table)
        except ValueError:
            later = due + (self.at - begin)
        if later > due:
            note_deadline(self.store, self.case_id, clock.code, row["round"], later, SUSPENDED, by=self.by, at=self.at)
            self.store.execute(
                "UPDATE clocks SET due_at = ? WHERE case_id = ? AND clock = ? AND round = ? AND stopped_at IS NULL",
                [times.to_text(later), self.case_id, clock.code, row["round"]],
            )


def applies_to(clock: Clock, facts: dict[str, Any]) -> bool:
    if facts.get("held") and clock.code in HELD_BY_FAULT:
        return False
    if any(facts.get(name) in values for name, values in clock.unless.items()):
        return False
    return all(facts.get(name) in values for name, values in clock.only.items())


def note_deadline(
    store: Store, case_id: int, clock: str, round_: int, due: datetime, reason: str, *, by: Actor, at: datetime
) -> None:
    """Write a deadline with its reason and who set it, inside an act: before its clock may show it (K3, 13)."""
    store.execute(
        "INSERT INTO deadlines (case_id, clock, round, due_at, reason, at, by_role, by_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [case_id, clock, round_, times.to_text(due), reason, times.to_text(at), by.role, by.id],
    )
