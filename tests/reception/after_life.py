"""What comes after the talk, for tests: bookings met, decided, supervised, told, opened again."""

from datetime import timedelta
from typing import Any

from db.store import writing
from reception import booking_facts, cases, resolution_facts, resolutions, supervision_steps
from reception.cases import Case
from reception.permissions import Actor
from reception.rules import clock as times
from tests.reception.visit_life import VisitLife


class AfterLife(VisitLife):
    """The acts after the talk, each a second after the one before."""

    presses = 0

    def checked_in(self, case: Case | None = None) -> Case:
        """Return a booking whose owner is here, by rows: the day itself has tests of its own."""
        found, now = self.admitted(case), self.now
        with writing(self.store):
            self.store.execute(
                "UPDATE visit_day_bookings SET arrived_at = ?, arrival = 'on_time' WHERE case_id = ?",
                [times.to_text(now), found.id],
            )
            cases.move(self.store, found, "checked_in", "check_in_visit_day", by=self.desk, at=now)
        return cases.whole(self.store, found.id)

    def met(self, case: Case | None = None, *, minutes: int = 12) -> Case:
        """Return a booking whose owner was received by the manager for so many minutes."""
        found, now = self.checked_in(case), self.now
        day = booking_facts.details(self.store, found).day
        with writing(self.store):
            self.store.execute(
                "INSERT INTO visit_day_meetings (case_id, visit_day_id, host_id, recorder_id, began_at,"
                " planned_end_at, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    found.id,
                    day.id,
                    self.manager.id,
                    self.desk.id,
                    times.to_text(now),
                    times.to_text(now + timedelta(minutes=15)),
                    times.to_text(self.clock.forward(minutes=minutes)),
                ],
            )
            cases.move(self.store, found, "met", "meet", by=self.manager, at=self.now)
        return cases.whole(self.store, found.id)

    def decide(self, case: Case, *, by: Actor | None = None, **other: Any) -> Case:
        """Decide, as the desk records it."""
        self.presses += 1
        form = {"opinion": "一周内修好道闸", "department": "maintenance", "due_on": "2026-12-18"}
        form |= {"nonce": f"decide{self.presses}"} | other
        return resolutions.decide(self.store, no=case.no, **form, by=by or self.desk, now=self.now)

    def add(self, case: Case, *, by: Actor | None = None, **other: Any) -> Case:
        """Add a decision while the others are followed."""
        self.presses += 1
        form = {"opinion": "再加一盏灯", "department": "maintenance", "due_on": "2026-12-21", "reason": "业主又提出"}
        form |= {"nonce": f"add{self.presses}"} | other
        return resolutions.add(self.store, no=case.no, **form, by=by or self.head, now=self.now)

    def read_back(self, case: Case, signed: str = "paper", *, by: Actor | None = None) -> Case:
        """Read the decisions to the owner."""
        return resolutions.read_back(self.store, no=case.no, signed=signed, by=by or self.desk, now=self.now)

    def supervised(self, case: Case | None = None) -> Case:
        """Return a booking with one decision that is followed."""
        found = self.met(case)
        self.decide(found)
        return self.read_back(found)

    def supervisions(self, case: Case) -> list[str]:
        """Return the numbers of the supervisions of its decisions, oldest first."""
        return [one.supervision.no for one in resolution_facts.of_case(self.store, case.id) if one.supervision]

    def finish(self, no: str) -> None:
        """Report a supervision done."""
        supervision_steps.finish(self.store, no=no, result="道闸已修好", by=self.head, now=self.now)

    def tell(self, no: str) -> None:
        """Tell the owner."""
        supervision_steps.tell(
            self.store, no=no, text="道闸已修好，请放心", channel="phone", by=self.desk, now=self.now
        )

    def fed_back(self, case: Case | None = None) -> Case:
        """Return a booking whose owner knows what came of every decision."""
        found = self.supervised(case)
        for no in self.supervisions(found):
            self.finish(no)
            self.tell(no)
        return cases.whole(self.store, found.id)
