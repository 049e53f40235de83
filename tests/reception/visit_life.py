"""Bookings of the visit day for tests: one booked, one led past its signatures by rows as they stand in the store."""

from datetime import datetime
from typing import Any

from db.store import Store, writing
from reception import booking_facts, bookings, cases
from reception.cases import Case
from reception.permissions import Actor, Role
from reception.rules import clock as times
from tests.conftest import Clock, actor

HOMES = tuple(f"{building}-{unit}-{floor}0{door}" for building in (1, 2) for unit in (1, 2) for floor in (1, 2, 3)
              for door in (1, 2))  # fmt: skip


class VisitLife:
    """The acts of the visit day, each a second after the one before; every booking is of another home."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock, self.count = store, clock, 0
        self.desk = actor(store, Role.RECEPTIONIST)
        self.head = actor(store, Role.SERVICE_HEAD)
        self.maintenance = actor(store, Role.DEPARTMENT_HEAD)
        self.manager = actor(store, Role.MANAGER)

    @property
    def now(self) -> datetime:
        """A moment later than before."""
        return self.clock.forward(seconds=1)

    def book(self, **other: Any) -> Case:
        """Book the next visit day."""
        self.count += 1
        form: dict[str, Any] = {"name": "张建国", "phone": "13800005678", "unit": HOMES[(self.count - 1) % len(HOMES)]}
        form |= {"matter": "地下车库车位", "nonce": f"visit{self.count}"} | other
        return bookings.book(self.store, **form, by=self.desk, now=self.now)

    def admitted(self, case: Case | None = None) -> Case:
        """Return a booking with every signature, written as rows: how they are given has tests of its own."""
        booked = case or self.book()
        now = self.now
        with writing(self.store):
            wording = booking_facts.details(self.store, booked).wording
            for row in self.store.rows("SELECT * FROM sign_steps WHERE active = 1 ORDER BY position"):
                signer: Actor = {"departments": self.maintenance, "manager": self.manager}.get(row["step"], self.head)
                self.store.execute(
                    "INSERT INTO endorsements (case_id, wording, round, step, position, department, state, opinion,"
                    " handling_department, deadline_on, signed_for, signed_by, signed_at, asked_at) VALUES"
                    " (?, ?, 1, ?, ?, ?, 'agreed', '同意接待', 'maintenance', '2026-12-18', ?, ?, ?, ?)",
                    [booked.id, wording, row["step"], row["position"],
                     "maintenance" if row["step"] == "departments" else None, signer.id, signer.id,
                     times.to_text(now), times.to_text(now)],
                )  # fmt: skip
            for state in ("under_review", "signing", "admitted"):
                found = cases.whole(self.store, booked.id)
                if found.state != state:
                    cases.move(self.store, found, state, "admit", by=self.manager, at=now)
        return cases.whole(self.store, booked.id)
