"""The visit day itself for tests: guests who check in, are called, met, and given a decision, by the acts."""

from datetime import UTC, datetime, timedelta
from typing import Any

from db.store import Store
from reception import (
    cases,
    resolutions,
    session_arrivals,
    session_calls,
    session_guests,
    session_talks,
    visit_day_session,
    visit_days,
)
from reception.cases import Case
from reception.permissions import BOX, KIOSK
from reception.tickets import Ticket
from reception.visit_days import Day
from tests.conftest import Clock
from tests.reception.visit_life import VisitLife

# Friday 4 December 2026, the visit day; 10:00 in Shanghai.
OPENS = datetime(2026, 12, 4, 2, 0, tzinfo=UTC)


class SessionLife(VisitLife):
    """The acts of the day, each a second after the one before."""

    def __init__(self, store: Store, clock: Clock, guests: int = 0) -> None:
        super().__init__(store, clock)
        self.guests = [self.admitted() for _ in range(guests)]

    def at(self, time: str) -> datetime:
        """Put the clock to a time of the visit day (`HH:MM`), Shanghai's."""
        hour, minute = (int(part) for part in time.split(":"))
        self.clock.at = OPENS + timedelta(hours=hour - 10, minutes=minute)
        return self.clock.at

    @property
    def day(self) -> Day:
        found = visit_days.on(self.store, OPENS.date())
        assert found is not None
        return found

    def check_in(self, case: Case) -> Ticket:
        return session_arrivals.check_in(self.store, no=case.no, by=self.desk, now=self.now)

    def scan(self, case: Case) -> str | None:
        return session_arrivals.shown(self.store, token=case.token, by=KIOSK, now=self.now)

    @property
    def waiting(self) -> list[str]:
        return [one.ticket_no for one in session_guests.waiting(session_guests.of_day(self.store, self.day))]

    @property
    def holding(self) -> str:
        held = visit_day_session.in_room(self.store)
        return held.no if held else ""

    def call(self, ticket_no: str = "", reason: str = "", **other: Any) -> Ticket | None:
        form = {"holding": self.holding, "ticket_no": ticket_no, "reason": reason} | other
        return session_calls.call(self.store, **form, by=self.desk, now=self.now)

    def begin(self) -> Case:
        return session_talks.begin(self.store, holding=self.holding, by=self.desk, now=self.now)

    def decide(self, case: Case, **other: Any) -> Case:
        self.count += 1
        form = {"opinion": "一周内修好道闸", "department": "maintenance", "due_on": "2026-12-18"}
        form |= {"nonce": f"decide{self.count}"} | other
        resolutions.decide(self.store, no=case.no, **form, by=self.desk, now=self.now)
        return resolutions.read_back(self.store, no=case.no, signed="paper", by=self.desk, now=self.now)

    def end(self) -> Ticket:
        return session_talks.end(self.store, holding=self.holding, by=self.desk, now=self.now)

    def receive(self) -> Case:
        """Receive the next guest from the call to the end of the talk."""
        self.call()
        case = self.begin()
        self.decide(case)
        self.end()
        return self.again(case)

    def tick(self) -> tuple[int, int]:
        return visit_day_session.tick(self.store, by=BOX, now=self.now)

    def again(self, case: Case) -> Case:
        return cases.whole(self.store, case.id)
